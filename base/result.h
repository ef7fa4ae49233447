// Outcomes. A function that can fail on outside input returns Result<T>;
// the error says what happened, where, and what to do next.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace focal {

// The closed list. Every code is documented in docs/operations.md ("Errors")
// and produced by at least one test. Names in JSON are error_name(code).
enum class ErrorCode {
  // general
  kUsage,         // the call's words are off
  kInvalid,       // a value breaks a rule; Error::path names the field
  kNotFound,      // no such thing
  kExists,        // already there
  kPermission,    // not allowed, or the file's permissions are wrong
  kLimit,         // a size or count limit
  kIo,            // the operating system refused
  kNoSpace,       // the disk is full
  kCorrupt,       // stored data does not verify
  kBusy,          // somebody else holds it
  kUnavailable,   // the other end is not there
  kState,         // not possible in this state
  // config
  kConfig,        // file, line and column stand in the message
  // keystore
  kPassphrase,    // wrong passphrase
  kKeystore,      // damaged or truncated keystore
  // notes and cards (docs/protocol.md sections 2 and 3)
  kNote,          // not a well-formed signed note
  kSignature,     // a signature does not verify
  kCard,          // card or schedule breaks a rule of its format
  kCardKey,       // a key is not usable (small order, reused, other party's)
  kCardChain,     // the card does not replace the pinned one
  // envelopes and records
  kLint,          // structural lint of signed bytes
  kEnvelope,      // envelope header, padding, suite
  kDecrypt,       // does not open
  kBatch,         // batch statement and items disagree
  kTrust,         // the peer's trust level does not allow it
  kRecord,        // a record breaks its schema
  kCase,          // the case does not allow this act now
  kFrame,         // a frame is malformed or not allowed now
  // the ledger as evidence
  kStarting,      // nothing is signed before witnesses have said what they hold
  kRolledBack,    // the node is an older copy of itself: nothing is signed any more
  kErased,        // the content was destroyed; that it existed is in the log
  kBundle,        // a file of evidence is not in its form
  kWitness,       // a checkpoint or proof that a witness does not accept
  // people
  kAwaitsRelease, // stored; a second officer has to release it
  kSession,       // nobody is in by the console, or the session has ended
  kConfirm,       // who one is has to be shown again before this
};

std::string_view error_name(ErrorCode code);  // "INVALID", "NOT_FOUND", ...

struct Error {
  ErrorCode code;
  std::string message;   // one sentence: what happened
  std::string hint{};    // one sentence: what to do next; may be empty
  std::string path{};    // field path or file, where one applies
};

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result(Error error) : tl::expected<T, Error>(tl::unexpect, std::move(error)) {}  // NOLINT
};

using Status = Result<void>;

inline Error fail(ErrorCode code, std::string message, std::string hint = {},
                  std::string path = {}) {
  return Error{code, std::move(message), std::move(hint), std::move(path)};
}

}  // namespace focal

#define FOCAL_JOIN_INNER(a, b) a##b
#define FOCAL_JOIN(a, b) FOCAL_JOIN_INNER(a, b)

// FOCAL_TRY(expr): returns the error of a Status out of this function.
#define FOCAL_TRY(expression)                                                       \
  do {                                                                              \
    if (auto focal_try_status = (expression); !focal_try_status.has_value())        \
      return std::move(focal_try_status).error();                                   \
  } while (false)

// FOCAL_ASSIGN(auto x, expr): declares x from the value, or returns the error.
#define FOCAL_ASSIGN(declaration, expression) \
  FOCAL_ASSIGN_INNER(FOCAL_JOIN(focal_result_, __LINE__), declaration, expression)
#define FOCAL_ASSIGN_INNER(name, declaration, expression) \
  auto name = (expression);                               \
  if (!name.has_value()) return std::move(name).error();  \
  declaration = std::move(name).value()
