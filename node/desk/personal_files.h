// What a person keeps at the node and nobody else reads: drafts and preferences. It is no part of
// the ledger: no leaf tells of it, and it is in no backup. Files of the folder drafts/:
//   drafts/3-17.draft        draft D-17 of person 3; empty: the number is spent
//   drafts/3.preferences
// Each is "focal/personal/v1\n", then a wrapped key and a ciphertext (crypto/at_rest.h) under the
// key of that person (node/node/person_keys.h), so that none passes for another. They are replaced
// whole or not at all.
//
// A draft that is not changed for 90 days is dropped; by the file's time, so that no key is needed.
// What a person who is none any more kept is dropped too, and the key with it.
//
// Any thread. Disk work is done by the caller's thread: never call this on the loop's, but for
// admit() and drop_old().
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace focal::api::v1 {
class Draft;
}
namespace google::protobuf {
class Struct;
}

namespace focal::desk {

namespace v1 = focal::api::v1;

inline constexpr char kDraftsFolder[] = "drafts";
inline constexpr std::size_t kMaxDrafts = 200;            // of a person
inline constexpr std::size_t kMaxDraftBytes = 1u << 20;   // of its content, as JSON
inline constexpr std::size_t kMaxDraftTitle = 200;        // bytes
inline constexpr std::size_t kMaxPreferences = 16u << 10;  // as JSON
inline constexpr std::uint64_t kDraftDays = 90;

class PersonalFiles {
 public:
  // Looks at the names that are there; what a writer that was killed left is removed.
  explicit PersonalFiles(const std::filesystem::path& node_folder);

  // Who is a person, from now on: others are refused (kPermission), and theirs goes with sweep().
  void admit(const std::vector<std::int64_t>& persons);
  void sweep();
  // Drafts whose time is over, at most so many at once. safe_ms: the safe time.
  void drop_old(std::uint64_t safe_ms, std::size_t most);
  std::vector<std::int64_t> persons_with_drafts() const;

  struct Owner {
    std::int64_t person = 0;
    const crypto::Secret* key = nullptr;  // none: nothing was ever kept
  };
  // Newest first, without content. One that does not open has its number and no kind.
  Result<std::vector<v1::Draft>> list(const Owner& owner);
  // kNotFound, kUsage (no such number); kCorrupt: it does not open.
  Result<v1::Draft> show(const Owner& owner, std::string_view id);
  // Without an id: a new one, with the next number. Gives back what list() shows of it. kInvalid
  // (kind, case_number, title, content), kLimit, kNotFound, kNoSpace, kIo; the old one stays then.
  Result<v1::Draft> save(const Owner& owner, const v1::Draft& draft, std::uint64_t now_ms);
  Status drop(const Owner& owner, std::string_view id);
  // Those of this person that are about the case.
  Status drop_case(const Owner& owner, const std::string& case_number);

  // Empty: none were kept.
  Status read_preferences(const Owner& owner, google::protobuf::Struct* out);
  Status write_preferences(const Owner& owner, const google::protobuf::Struct& preferences);

 private:
  using Number = std::uint32_t;
  struct Head {                     // what a list shows
    std::string kind, case_number, title;
    std::uint64_t saved_ms = 0;
  };
  struct Kept {
    bool spent = false;
    std::uint64_t changed_ms = 0;   // of the file
    std::optional<Head> head;       // read, and it opened
    bool looked = false;
  };
  using Drafts = std::map<Number, Kept>;

  void look_around();
  Status may_keep(const Owner& owner) const;
  std::filesystem::path draft_file(std::int64_t person, Number number) const;
  std::filesystem::path preferences_file(std::int64_t person) const;
  Result<Drafts::iterator> find(const Owner& owner, std::string_view id);
  Result<Number> number_for(const Owner& owner, const v1::Draft& draft);
  Result<Bytes> open(const Owner& owner, const std::filesystem::path& file, const Hash32& ref) const;
  Status seal(const Owner& owner, const std::filesystem::path& file, const Hash32& ref,
              std::string_view plain);
  void look_at(const Owner& owner, Number number, Kept& kept) const;
  Status remove(std::int64_t person, Number number);

  const std::filesystem::path folder_;
  mutable std::mutex mutex_;
  crypto::SystemRng rng_;                       // all guarded by mutex_
  std::set<std::int64_t> persons_;
  std::map<std::int64_t, Drafts> drafts_;
  std::set<std::int64_t> with_preferences_;
};

}  // namespace focal::desk
