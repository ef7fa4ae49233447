// The directory of an introducer: which root keys it vouches for (docs/protocol.md,
// "Directories"). A signed note by the introducer's root key. It can make a stranger
// INTRODUCED and nothing else: never a pinned root, never VERIFIED, never a revocation.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sign.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxDirectorySize = 64 * 1024;  // the whole note, bytes
inline constexpr std::size_t kMaxDirectoryEntries = 768;     // all that 64 KiB can hold

struct DirectoryEntry {
  std::string party;
  crypto::PublicKey root{};
  std::uint64_t card_serial = 1;  // of the newest card the introducer has seen
};

struct DirectoryFields {
  std::string introducer;
  std::uint64_t serial = 1;
  std::optional<Hash32> prev;           // directory_id of the one before; absent iff serial is 1
  std::vector<DirectoryEntry> entries;  // by party, ascending; none twice
};

// A directory whose form and signature were checked.
struct Directory : DirectoryFields {
  Hash32 directory_id{};     // H(text without signatures)
  std::string note;          // the bytes as they came
  crypto::PublicKey root{};  // of the introducer, whose line was checked

  const DirectoryEntry* find(std::string_view party) const;
};

// root: the introducer's. kLimit (over 64 KiB), kNote, kCard (a line; named in message and
// path), kSignature.
Result<Directory> parse_directory(std::string_view note, const crypto::PublicKey& root);
// The note. Errors as parse_directory.
Result<std::string> make_directory(const DirectoryFields& fields, const crypto::SigningKey& root);

enum class DirectoryOrder {
  kSame,
  kNewer,  // higher serial: replaces the held one
  kOlder,
  kFork,   // same serial, another text: proof of equivocation
};
DirectoryOrder compare_directories(const Directory& held, const Directory& incoming);

// Who may introduce strangers: at least `k` of these introducers have to list the same root.
// k = 0: nobody is introduced.
struct IntroducerPolicy {
  std::size_t k = 0;
  std::vector<std::string> introducers;
};

// Directories that count: of introducers that are VERIFIED here, neither suspended nor revoked.
using Directories = std::map<std::string, const Directory*>;

// The introducers of the policy that list this root for this party, in the policy's order,
// each once; nothing if fewer than k do, or if k of them list another root as well.
struct Introduced {
  std::vector<std::string> by;
  std::uint64_t card_serial = 0;  // at least k of them have seen a card of this serial or later
};
std::optional<Introduced> introduced(const IntroducerPolicy& policy,
                                     const Directories& directories,
                                     std::string_view party, const crypto::PublicKey& root);
// The root that at least k introducers list for the party, if there is one.
std::optional<crypto::PublicKey> introduced_root(
    const IntroducerPolicy& policy, const Directories& directories,
    std::string_view party);

// The text alone, for parse_directory, fuzzing and round-trip tests.
Result<DirectoryFields> parse_directory_text_unverified(std::string_view text);
std::string directory_text(const DirectoryFields& fields);

}  // namespace focal::exchange
