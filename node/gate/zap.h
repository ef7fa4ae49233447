// Who may connect: the allow-list and the answer to a ZAP request (RFC 27 of
// ZeroMQ). Pure: no socket; the room of the sockets (server.h) asks.
//
// ZAP authenticates nobody by itself when no handler is there (libzmq lets
// everybody in), so the same list is asked again for every single message.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "node/gate/frames.h"

namespace focal::gate {

inline constexpr std::string_view kZapDomain = "focal";
inline constexpr std::size_t kMaxZapFrames = 16;  // a request has 7

// Property that goes with every message of an admitted connection, beside
// User-Id: the key it proved. So a replaced key loses its connections too.
inline constexpr const char* kKeyProperty = "X-Focal-Key";

enum class Verdict { kAdmit, kUnknown, kThrottled, kMalformed };

struct ZapAnswer {
  Verdict verdict = Verdict::kMalformed;
  std::string request_id;
  std::string party;    // of the key, if it is on the list
  Hash32 key{};         // the caller's, proven by the CURVE handshake
  std::string address;  // the caller's
  // Frames of the reply: version, request id, status, text, User-Id, metadata.
  std::vector<std::string> frames() const;
};

class Gatekeeper {
 public:
  explicit Gatekeeper(std::uint32_t handshakes_per_minute) : per_minute_(handshakes_per_minute) {}

  // True if a key that was admitted before has left: its connections are to
  // be cut off.
  bool set_list(const AllowList& list);
  void set_handshakes_per_minute(std::uint32_t count) { per_minute_ = count; }
  // Is this party on the list with this key, now?
  bool is_allowed(std::string_view party, const Hash32& key) const;
  // The same for the properties of a message; either may be null.
  bool is_allowed(const char* user_id, const char* key_hex) const;

  // One ZAP request, frame by frame. Unknown or revoked key: 400, which ends
  // the caller's attempts for good. Known key with more than the allowed
  // handshakes in the last minute: 300, which libzmq turns into a silent
  // disconnect, so that an honest peer comes back later.
  ZapAnswer judge(const std::vector<std::string>& request, const Now& now);

 private:
  struct Entry {
    std::string party;
    std::deque<std::uint64_t> admitted_ms;  // within the last minute, at most per_minute_
    bool ever_admitted = false;
  };
  std::uint32_t per_minute_;
  std::map<Hash32, Entry> by_key_;
};

// Limits what strangers can make us say: one report a minute for one key,
// 60 a minute in all, 1024 keys remembered.
class ReportLimiter {
 public:
  bool may_report(const Hash32& key, const Now& now);

 private:
  std::map<Hash32, std::uint64_t> last_ms_;
  std::uint64_t minute_ = 0;
  unsigned count_ = 0;
};

}  // namespace focal::gate
