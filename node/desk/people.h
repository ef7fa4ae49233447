// The persons of a node: unix users with a name and roles. Until the first one is named the user
// who owns the node's folder is its only person and has every role. Rows stand sealed in the
// ledger (store::DeskTable::kPerson); the list in memory is replaced whole after each change, so
// that any thread may ask it.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/result.h"
#include "node/desk/act_detail.h"
#include "node/desk/permissions.h"
#include "node/ledger/ledger.h"

namespace focal::desk {

inline constexpr std::size_t kMaxPersons = 256;  // ever named
inline constexpr std::size_t kMaxPersonName = 32;
inline constexpr std::string_view kOwnerRole = "OWNER";  // of the owner while nobody is named
inline constexpr std::string_view kOfflineRole = "OFFLINE";  // of who works on a stopped node's files

struct Person {
  std::int64_t id = 0;             // 0: the owner while nobody is named
  std::string name;                // [a-z][a-z0-9._-]{1,31}
  uid_t uid = 0;
  std::string unix_user;           // may be empty
  Roles roles = 0;
  bool personal_data = false;
  std::uint64_t added_ms = 0;
  std::uint64_t removed_ms = 0;    // 0: is one
  std::string certificate;         // newest note; empty: no key was made
  bool key_revoked = false;
  std::string console_password;    // an Argon2id string (crypto/password.h); empty: none
  bool present() const { return removed_ms == 0; }
};

bool is_person_name(std::string_view text);
Bytes encode_person(const Person& person);
std::optional<Person> decode_person(std::int64_t id, ByteView content);

// The persons at one moment.
class Roster {
 public:
  // Without any person the owner is the only one.
  Roster(uid_t owner, std::string owner_name, std::vector<Person> people);

  bool nobody_named() const { return nobody_named_; }
  uid_t owner() const { return owner_; }
  const std::vector<Person>& people() const { return people_; }
  const Person* of(uid_t uid) const;                // present ones only
  const Person* find(std::string_view name) const;  // a present one, else a removed one
  // kPermission: the user is no person here, or has no role for it.
  Result<Role> may(uid_t uid, std::string_view operation) const;
  // Who the caller is while doing that; without a name if it is no person.
  Actor actor(const Caller& caller, std::string_view operation) const;
  std::size_t administrators() const;
  std::string who_can(Roles roles) const;  // "Ask mia or sam."

 private:
  uid_t owner_;
  bool nobody_named_ = false;
  std::vector<Person> people_;
};

// Name of a unix user, or nothing; and the other way round. Numbers pass as they are.
std::string unix_name(uid_t uid);
std::optional<uid_t> unix_uid(const std::string& user);

class People {
 public:
  // folder: its owner is the node's owner.
  explicit People(const std::filesystem::path& folder);

  uid_t owner() const { return owner_; }
  // On the loop's thread, or before it runs. kCorrupt: then nobody may do anything.
  Status load(ledger::Ledger& ledger);
  // Any thread; never null. kCorrupt, kState: not loaded.
  Result<std::shared_ptr<const Roster>> now() const;

 private:
  uid_t owner_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Roster> roster_;             // guarded by mutex_
  Status loaded_;                                    // guarded by mutex_
};

}  // namespace focal::desk
