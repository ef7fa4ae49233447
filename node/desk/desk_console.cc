// Who is in by the console, and with which password.
#include "crypto/password.h"
#include "node/desk/desk.h"
#include "node/desk/views.h"
#include "node/record/parties.h"
#include "proto/console.pb.h"
#include "proto/people.pb.h"

namespace focal::desk {
Result<uid_t> Desk::console_user(const std::string& name, std::optional<uid_t> of,
                                 const crypto::Secret& password) const {
  FOCAL_ASSIGN(const auto roster, people_.now());
  const Person* person = of ? roster->of(*of) : roster->find(name);
  const bool known = person != nullptr && person->present();
  // Also for somebody who is not there, so that the answer takes as long.
  const bool right = crypto::is_password(known ? person->console_password : "", password);
  if (known && right) return person->uid;
  return fail(ErrorCode::kPassphrase, "name or password is wrong",
              "'focal console' prints a link that needs neither; 'focal console password' sets "
              "one.",
              "password");
}

Result<v1::SessionResponse> Desk::session_show(const v1::SessionShowRequest&,
                                               const Caller& caller) {
  FOCAL_ASSIGN(const auto roster, people_.now());
  const Person* person = roster->of(caller.uid);
  if (person == nullptr)
    return fail(ErrorCode::kPermission, "this user is no person of this node");
  v1::SessionResponse out;
  out.set_person(person->name);
  for (const Role role : kAllRoles)
    if (has(person->roles, role)) out.add_roles(std::string(role_name(role)));
  for (const Permission& permission : permissions())
    if (may(person->roles, permission.operation))
      out.add_operations(std::string(permission.operation));
  out.set_has_password(!person->console_password.empty());
  FOCAL_TRY(node_.perform([&](const Now& now) -> Status {
    const std::string& party = node_.config().party;
    out.set_party(party);
    out.set_party_name(std::string(record::party_name(party, "en").value_or("")));
    out.set_now_at(time_text(now.wall_ms));
    if (caller.came != Came::kSession) return {};
    out.set_expires_at(time_text(now.wall_ms + caller.left_ms));
    out.set_idle_s(static_cast<std::uint32_t>(caller.idle_ms / 1000));
    if (caller.confirmed())
      out.set_confirmed_until_at(time_text(now.wall_ms + caller.confirmed_left_ms));
    return {};
  }));
  return out;
}

Result<v1::SessionPasswordResponse> Desk::session_password(const v1::SessionPasswordRequest&,
                                                           const Caller& caller,
                                                           const crypto::Secret& password) {
  FOCAL_ASSIGN(const auto roster, people_.now());
  const Person* person = roster->of(caller.uid);
  if (person == nullptr || person->id == 0)
    return fail(ErrorCode::kState, "a password belongs to a person, and nobody is named yet",
                "Name persons first: 'focal people add'. 'focal console' needs none.");
  FOCAL_ASSIGN(const std::string hash, crypto::hash_password(password));
  FOCAL_TRY(change_person(person->name, acting(caller, "session_password"), "console password set",
                          [&](const Roster&, Person& now_is, const Now&) -> Status {
                            now_is.console_password = hash;
                            return {};
                          }));
  return v1::SessionPasswordResponse();
}

}  // namespace focal::desk
