#include "node/desk/people.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "proto/people.pb.h"

namespace focal::desk {
namespace {

constexpr std::size_t kMaxEntry = 16u << 10;  // of the user database, with all its texts

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

}  // namespace

bool is_person_name(std::string_view text) {
  return text.size() >= 2 && text.size() <= kMaxPersonName && text.front() >= 'a' &&
         text.front() <= 'z' && std::all_of(text.begin(), text.end(), is_name_char);
}

Bytes encode_person(const Person& p) {
  api::v1::StoredPerson out;
  out.set_name(p.name);
  out.set_uid(p.uid);
  out.set_unix_user(p.unix_user);
  for (const Role role : kAllRoles)
    if (has(p.roles, role)) out.add_roles(std::string(role_name(role)));
  out.set_personal_data(p.personal_data);
  out.set_added_ms(p.added_ms);
  out.set_removed_ms(p.removed_ms);
  out.set_certificate(p.certificate);
  out.set_key_revoked(p.key_revoked);
  out.set_console_password(p.console_password);
  return to_bytes(out.SerializeAsString());
}

std::optional<Person> decode_person(std::int64_t id, ByteView content) {
  api::v1::StoredPerson in;
  if (!in.ParseFromArray(content.data(), static_cast<int>(content.size()))) return std::nullopt;
  Person p;
  p.id = id;
  p.name = in.name();
  p.uid = in.uid();
  p.unix_user = in.unix_user();
  for (const std::string& name : in.roles()) {
    const auto role = parse_role(name);
    if (!role) return std::nullopt;  // a role of another program gives nothing here
    p.roles = p.roles | *role;
  }
  p.personal_data = in.personal_data();
  p.added_ms = in.added_ms();
  p.removed_ms = in.removed_ms();
  p.certificate = in.certificate();
  p.key_revoked = in.key_revoked();
  p.console_password = in.console_password();
  if (!is_person_name(p.name)) return std::nullopt;
  return p;
}

Roster::Roster(uid_t owner, std::string owner_name, std::vector<Person> people)
    : owner_(owner), people_(std::move(people)) {
  if (!people_.empty()) return;
  nobody_named_ = true;
  Person only;
  only.name = owner_name.empty() ? "owner" : std::move(owner_name);
  only.uid = owner;
  only.unix_user = only.name;
  only.roles = kEveryRole;
  only.personal_data = true;
  people_.push_back(std::move(only));
}

const Person* Roster::of(uid_t uid) const {
  const auto found = std::find_if(people_.begin(), people_.end(), [&](const Person& p) {
    return p.uid == uid && p.present();
  });
  return found == people_.end() ? nullptr : &*found;
}

const Person* Roster::find(std::string_view name) const {
  const Person* removed = nullptr;
  for (const Person& p : people_) {
    if (p.name != name) continue;
    if (p.present()) return &p;
    removed = &p;
  }
  return removed;
}

Result<Role> Roster::may(uid_t uid, std::string_view operation) const {
  const Person* person = of(uid);
  if (person == nullptr)
    return fail(ErrorCode::kPermission,
                "the user with uid " + std::to_string(uid) + " is no person of this node",
                nobody_named_ ? "Only uid " + std::to_string(owner_) +
                                    ", who owns its folder, is: others are named with 'focal "
                                    "people add'."
                              : "An administrator names persons with 'focal people add'.");
  auto role = desk::may(person->roles, operation);
  if (role || roles_for(operation) == 0) return role;
  return fail(ErrorCode::kPermission,
              "you are " + person->name + " (" + roles_text(person->roles) + "); " +
                  role.error().message,
              who_can(roles_for(operation)));
}

// Names, for a hint.
std::string Roster::who_can(Roles roles) const {
  std::string names;
  for (const Person& p : people_)
    if (p.present() && (p.roles & roles) != 0)
      names.append(names.empty() ? "" : " or ").append(p.name);
  if (!names.empty()) return "Ask " + names + ".";
  return "Nobody has that role here; an administrator gives it with 'focal people role'.";
}

Actor Roster::actor(const Caller& caller, std::string_view operation) const {
  Actor out{{}, caller.uid, {}};
  const Person* person = of(caller.uid);
  if (person == nullptr) return out;
  out.person = person->name;
  const auto role = desk::may(person->roles, operation);
  if (person->id == 0)
    out.role = std::string(kOwnerRole);
  else if (role)
    out.role = std::string(role_name(*role));
  return out;
}

std::size_t Roster::administrators() const {
  return static_cast<std::size_t>(
      std::count_if(people_.begin(), people_.end(), [](const Person& p) {
        return p.present() && has(p.roles, Role::kAdministrator);
      }));
}

std::string unix_name(uid_t uid) {
  std::vector<char> texts(kMaxEntry);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, texts.data(), texts.size(), &found) != 0 || found == nullptr)
    return {};
  return found->pw_name;
}

std::optional<uid_t> unix_uid(const std::string& user) {
  std::vector<char> texts(kMaxEntry);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(user.c_str(), &entry, texts.data(), texts.size(), &found) == 0 &&
      found != nullptr)
    return found->pw_uid;
  uid_t uid = 0;
  const char* end = user.data() + user.size();
  const auto [at, error] = std::from_chars(user.data(), end, uid);
  if (error != std::errc{} || at != end || uid == static_cast<uid_t>(-1)) return std::nullopt;
  return uid;
}

People::People(const std::filesystem::path& folder)
    : owner_(::geteuid()), loaded_(fail(ErrorCode::kState, "the persons are not loaded yet")) {
  struct stat st {};
  if (::stat(folder.c_str(), &st) == 0) owner_ = st.st_uid;
}

Status People::load(ledger::Ledger& ledger) {
  std::vector<Person> people;
  const auto read = [&]() -> Status {
    FOCAL_ASSIGN(const auto rows, ledger.desk_rows(store::DeskTable::kPerson, false));
    people.reserve(rows.size());
    for (const store::DeskRow& row : rows) {
      auto person = decode_person(row.id, row.content);
      if (!person || person->present() != row.open)
        return fail(ErrorCode::kCorrupt, "a person of this node cannot be read",
                    "run focal ledger verify");
      people.push_back(std::move(*person));
    }
    return {};
  };
  Status done = read();
  std::string name = unix_name(owner_);
  if (!is_person_name(name)) name.clear();
  const std::lock_guard lock(mutex_);
  roster_ = done ? std::make_shared<const Roster>(owner_, std::move(name), std::move(people))
                 : nullptr;
  loaded_ = done;
  return done;
}

Result<std::shared_ptr<const Roster>> People::now() const {
  const std::lock_guard lock(mutex_);
  if (!loaded_) return loaded_.error();
  return roster_;
}

}  // namespace focal::desk
