// Persons: who they are, what they may do, and the key they release with.
#include <algorithm>

#include "crypto/hash.h"
#include "node/desk/desk.h"
#include "node/desk/officer_keys.h"
#include "node/desk/views.h"
#include "proto/people.pb.h"

namespace focal::desk {
namespace {

constexpr std::size_t kMaxReason = 1000;

void fill_person(const exchange::Identity& self, const Person& person, std::uint64_t now_ms,
                 v1::Person* out) {
  out->set_name(person.name);
  out->set_uid(person.uid);
  out->set_unix_user(person.unix_user);
  for (const Role role : kAllRoles)
    if (has(person.roles, role)) out->add_roles(std::string(role_name(role)));
  out->set_personal_data(person.personal_data);
  out->set_added_at(time_text(person.added_ms));
  out->set_removed_at(time_text(person.removed_ms));
  const KeyInfo key = key_info(self, person, now_ms);
  out->set_key(std::string(key_state_name(key.state)));
  out->set_key_until_at(time_text(key.until_ms));
}

template <typename Names>
Result<Roles> read_roles(const Names& names) {
  Roles out = 0;
  for (const std::string& name : names) {
    const auto role = parse_role(name);
    if (!role)
      return fail(ErrorCode::kInvalid, "'" + name.substr(0, 40) + "' is no role",
                  roles_text(kEveryRole) + ".", "roles");
    out = out | *role;
  }
  if (out == 0)
    return fail(ErrorCode::kInvalid, "a person has at least one role",
                roles_text(kEveryRole) + ".", "roles");
  return out;
}

Status check_reason(const std::string& reason, const char* example) {
  if (!reason.empty() && reason.size() <= kMaxReason) return {};
  return fail(ErrorCode::kInvalid, "this needs a reason of at most 1000 bytes",
              std::string("Say why with --reason '") + example + "'; it is kept in the ledger.",
              "reason");
}

// One change of persons in a group: the checks of a second one could not see the first.
Status not_changing(node::Node& node) {
  const auto& ops = node.core().written();
  const bool changes = std::any_of(ops.begin(), ops.end(), [](const store::Op& op) {
    const auto* put = std::get_if<store::PutDesk>(&op);
    return put != nullptr && put->table == store::DeskTable::kPerson;
  });
  if (!changes) return {};
  return fail(ErrorCode::kBusy, "another change of persons is just being stored",
              "Try again in a moment.");
}

Result<Person> present(const Roster& roster, const std::string& name) {
  const Person* person = roster.find(name);
  if (person == nullptr || person->id == 0)
    return fail(ErrorCode::kNotFound, "no person of this node is called " + name.substr(0, 40),
                "'focal people list' shows them.", "name");
  if (!person->present())
    return fail(ErrorCode::kState, name + " was removed on " + format_date(person->removed_ms),
                "'focal people add' names a person anew.", "name");
  return *person;
}

// Somebody has to be able to name persons.
Status keeps_an_administrator(const Roster& roster, const Person& person, Roles roles) {
  const bool loses = has(person.roles, Role::kAdministrator) && !has(roles, Role::kAdministrator);
  if (!loses || roster.administrators() > 1) return {};
  return fail(ErrorCode::kState, person.name + " is the last administrator of this node",
              "Give somebody else the role ADMINISTRATOR first.", "name");
}

void put(node::Node& node, const Person& person, const By& by, std::string_view reason) {
  node.core().write(store::PutDesk{store::DeskTable::kPerson, person.id, person.present(),
                                   encode_person(person), by.detail(reason)});
}

std::string change_text(const Person& person) {
  return person.name + " (uid " + std::to_string(person.uid) + "): " + roles_text(person.roles) +
         (person.personal_data ? ", personal data" : "");
}

// May somebody with that name and user be named?
Status is_free(const Roster& roster, const std::string& name, uid_t uid) {
  if (roster.nobody_named()) return {};
  for (const Person& p : roster.people()) {
    if (p.uid == uid && p.present())
      return fail(ErrorCode::kExists, "uid " + std::to_string(uid) + " is " + p.name + " already",
                  "'focal people role' changes what a person may do.", "unix_user");
    if (p.name == name && (p.present() || p.uid != uid))
      return fail(ErrorCode::kExists,
                  name + (p.present() ? " is the name of a person already"
                                      : " was the name of another user"),
                  "Choose another name: the ledger speaks of persons by it.", "name");
  }
  return {};
}

// The owner's own row, when the first person is somebody else: whoever runs the node goes on
// naming persons, and nothing more.
Person owner_row(const Roster& roster, const std::string& taken, std::int64_t id,
                 std::uint64_t now_ms) {
  Person out = roster.people().front();
  if (out.name == taken) out.name = "owner";
  if (out.name == taken) out.name = "the-owner";
  out.id = id;
  out.roles = static_cast<Roles>(Role::kAdministrator);
  out.personal_data = false;
  out.added_ms = now_ms;
  return out;
}

}  // namespace

Result<v1::PeopleListResponse> Desk::people_list(const v1::PeopleListRequest& request) {
  v1::PeopleListResponse out;
  FOCAL_ASSIGN(const auto roster, people_.now());
  if (auto done = node_.perform([&](const Now& now) -> Status {
    for (const Person& person : roster->people())
      if (request.all() || person.present())
        fill_person(node_.core().self(), person, now.wall_ms, out.add_people());
    return {};
  }); !done)
    return done.error();
  out.set_nobody_named(roster->nobody_named());
  if (roster->nobody_named()) out.set_note(owner_note(*roster));
  return out;
}

Result<v1::PeopleShowResponse> Desk::people_show(const v1::PeopleShowRequest& request) {
  v1::PeopleShowResponse out;
  FOCAL_ASSIGN(const auto roster, people_.now());
  const Person* person = roster->find(request.name());
  if (person == nullptr)
    return fail(ErrorCode::kNotFound,
                "no person of this node is called " + request.name().substr(0, 40),
                "'focal people list' shows them.", "name");
  if (auto done = node_.perform([&](const Now& now) -> Status {
    fill_person(node_.core().self(), *person, now.wall_ms, out.mutable_person());
    return {};
  }); !done)
    return done.error();
  out.set_certificate_text(person->certificate);
  for (const Permission& permission : permissions())
    if (person->present() && may(person->roles, permission.operation))
      out.add_acts(act_word(permission.operation));
  return out;
}

Result<v1::PeopleAddResponse> Desk::people_add(const v1::PeopleAddRequest& request,
                                               const Caller& caller) {
  v1::PeopleAddResponse out;
  if (!is_person_name(request.name()))
    return fail(ErrorCode::kInvalid, "this is not a name for a person",
                "2 to 32 of a-z, 0-9, '.', '_' and '-', a letter first, such as j.ferrer.", "name");
  FOCAL_ASSIGN(const Roles roles, read_roles(request.roles()));
  const auto uid = unix_uid(request.unix_user());
  if (!uid)
    return fail(ErrorCode::kNotFound,
                "this system has no user " + request.unix_user().substr(0, 40),
                "Make it first ('adduser'), or give its number.", "unix_user");
  const By by = acting(caller, "people_add");
  Person person;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        FOCAL_TRY(not_changing(node_));
        FOCAL_ASSIGN(const auto roster, people_.now());
        FOCAL_TRY(is_free(*roster, request.name(), *uid));
        std::int64_t id = node_.ledger().next_desk_id(store::DeskTable::kPerson);
        if (id > static_cast<std::int64_t>(kMaxPersons))
          return fail(ErrorCode::kLimit, "no more than 256 persons can be named, removed ones "
                                         "included");
        person.id = id;
        person.name = request.name();
        person.uid = *uid;
        person.unix_user = unix_name(*uid);
        person.roles = roles;
        person.personal_data = request.personal_data();
        person.added_ms = now.wall_ms;
        if (roster->nobody_named() && *uid == roster->owner()) {
          person.roles = person.roles | Role::kAdministrator;
          if (!has(roles, Role::kAdministrator))
            out.add_notes(person.name + " owns the node's folder and is its administrator.");
        } else if (roster->nobody_named()) {
          const Person owner = owner_row(*roster, person.name, ++id, now.wall_ms);
          put(node_, owner, by, change_text(owner));
          out.add_notes("From now on " + owner.name + " (uid " + std::to_string(owner.uid) +
                        "), who owns the node's folder, is ADMINISTRATOR and nothing else.");
        }
        put(node_, person, by, change_text(person));
        return {};
      },
      [&](const Now& now) {
        persons_changed();
        fill_person(node_.core().self(), person, now.wall_ms, out.mutable_person());
      }); !done)
    return done.error();
  personal_.sweep();
  if (has(person.roles, Role::kSupervisor))
    out.add_notes(person.name + " can release once the own key is made: 'focal people key'.");
  if (person.uid != people_.owner() && !node_.config().api_group)
    out.add_notes("The socket is for the node's own user alone: set api_group and api_socket, so "
                  "that " + person.name + " reaches it.");
  return out;
}

Result<v1::PeopleChangeResponse> Desk::change_person(
    const std::string& name, const By& by, const std::string& reason,
    const std::function<Status(const Roster&, Person&, const Now&)>& change) {
  v1::PeopleChangeResponse out;
  Person person;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        FOCAL_TRY(not_changing(node_));
        FOCAL_ASSIGN(const auto roster, people_.now());
        FOCAL_ASSIGN(person, present(*roster, name));
        FOCAL_TRY(change(*roster, person, now));
        put(node_, person, by, change_text(person) + (reason.empty() ? "" : "; " + reason));
        return {};
      },
      [&](const Now& now) {
        persons_changed();
        fill_person(node_.core().self(), person, now.wall_ms, out.mutable_person());
      }); !done)
    return done.error();
  personal_.sweep();
  return out;
}

Result<v1::PeopleChangeResponse> Desk::people_role(const v1::PeopleRoleRequest& request,
                                                   const Caller& caller) {
  FOCAL_ASSIGN(const Roles roles, read_roles(request.roles()));
  FOCAL_TRY(check_reason(request.reason(), "moved to the desk"));
  const std::string& personal = request.personal_data();
  if (!personal.empty() && personal != "YES" && personal != "NO")
    return fail(ErrorCode::kInvalid, "personal_data is YES, NO or left out", {}, "personal_data");
  return change_person(request.name(), acting(caller, "people_role"), request.reason(),
                       [&](const Roster& roster, Person& person, const Now&) -> Status {
                         FOCAL_TRY(keeps_an_administrator(roster, person, roles));
                         person.roles = roles;
                         if (!personal.empty()) person.personal_data = personal == "YES";
                         return {};
                       });
}

Result<v1::PeopleChangeResponse> Desk::people_remove(const v1::PeopleRemoveRequest& request,
                                                     const Caller& caller) {
  FOCAL_TRY(check_reason(request.reason(), "left the office"));
  auto out = change_person(request.name(), acting(caller, "people_remove"), request.reason(),
                           [&](const Roster& roster, Person& person, const Now& now) -> Status {
                             FOCAL_TRY(keeps_an_administrator(roster, person, 0));
                             person.removed_ms = now.wall_ms;
                             person.key_revoked = true;
                             return {};
                           });
  if (out) remove_officer_key(node_.config().folder, request.name());
  return out;
}

Result<v1::PeopleChangeResponse> Desk::people_revoke_key(
    const v1::PeopleRevokeKeyRequest& request, const Caller& caller) {
  FOCAL_TRY(check_reason(request.reason(), "passphrase forgotten"));
  auto out = change_person(request.name(), acting(caller, "people_revoke_key"), request.reason(),
                           [](const Roster&, Person& person, const Now&) -> Status {
                             if (person.certificate.empty())
                               return fail(ErrorCode::kState, person.name + " has no key");
                             person.key_revoked = true;
                             return {};
                           });
  if (out) remove_officer_key(node_.config().folder, request.name());
  return out;
}

Result<v1::PeopleKeyResponse> Desk::people_key(const v1::PeopleKeyRequest& request,
                                               const Caller& caller,
                                               const crypto::Secret& passphrase) {
  const std::unique_lock alone(key_files_, std::try_to_lock);
  if (!alone)
    return fail(ErrorCode::kBusy, "another officer's key is being made", "Try again in a moment.");
  FOCAL_ASSIGN(const auto roster, people_.now());
  const Person* person = roster->of(caller.uid);
  if (person == nullptr || person->id == 0)
    return fail(ErrorCode::kState, "a key belongs to a person, and nobody is named yet",
                "Name persons first: 'focal people add'.");
  const bool has_key = !person->certificate.empty() && !person->key_revoked;
  const std::filesystem::path& folder = node_.config().folder;
  if (request.renew() != has_key)
    return has_key ? fail(ErrorCode::kExists, person->name + " has a key already",
                          "'focal people key --renew' certifies it for another year. If its "
                          "passphrase is lost: 'focal people revoke-key' by a key custodian.")
                   : fail(ErrorCode::kState, person->name + " has no key to renew",
                          "Make one: 'focal people key'.");
  crypto::SystemRng rng;
  FOCAL_ASSIGN(const crypto::SigningKey key,
               has_key ? open_officer_key(folder, person->name, passphrase)
                       : make_officer_key(folder, person->name, passphrase, officer_kdf_, rng));
  if (has_key) {
    const auto old = exchange::read_certificate(person->certificate);
    if (!old || old->key != key.pk)
      return fail(ErrorCode::kKeystore, "the keystore holds another key than the certificate names",
                  "Have the key revoked ('focal people revoke-key') and make a new one.");
  }
  v1::PeopleKeyResponse out;
  std::string words = request.renew() ? "renewed, " : "";  // whole once the certificate is made
  const auto changed = change_person(
      person->name, acting(caller, "people_key"), words,
      [&](const Roster&, Person& now_is, const Now& now) -> Status {
        if (now_is.id != person->id || now_is.key_revoked != person->key_revoked)
          return fail(ErrorCode::kState, "the person was changed meanwhile", "Try again.");
        now_is.certificate = certify_officer(node_.core().self(), key.pk, now.wall_ms);
        now_is.key_revoked = false;
        out.set_certificate_text(now_is.certificate);
        words += "certificate " + hex(crypto::sha256(std::string_view(now_is.certificate)));
        return {};
      });
  if (!changed) {
    if (!has_key) remove_officer_key(folder, person->name);
    return changed.error();
  }
  *out.mutable_person() = changed->person();
  return out;
}

Result<v1::PeopleChangeResponse> Desk::people_passphrase(const v1::PeoplePassphraseRequest&,
                                                         const Caller& caller,
                                                         const crypto::Secret& old,
                                                         const crypto::Secret& fresh) {
  const std::unique_lock alone(key_files_, std::try_to_lock);
  if (!alone)
    return fail(ErrorCode::kBusy, "another officer's key is being opened", "Try again in a moment.");
  FOCAL_ASSIGN(const auto roster, people_.now());
  const Person* person = roster->of(caller.uid);
  if (person == nullptr || person->certificate.empty() || person->key_revoked)
    return fail(ErrorCode::kState, "you have no key", "Make one: 'focal people key'.");
  crypto::SystemRng rng;
  FOCAL_TRY(change_officer_passphrase(node_.config().folder, person->name, old, fresh, officer_kdf_,
                                      rng));
  return change_person(person->name, acting(caller, "people_passphrase"), "another passphrase",
                       [](const Roster&, Person&, const Now&) -> Status { return {}; });
}

std::string owner_note(const Roster& roster) {
  const Person& owner = roster.people().front();
  return "Nobody is named yet: " + owner.name + " (uid " + std::to_string(owner.uid) +
         "), who owns the node's folder, may do everything alone. 'focal people add' names the "
         "first person.";
}

}  // namespace focal::desk
