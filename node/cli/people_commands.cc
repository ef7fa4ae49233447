// Persons of the node.
#include "node/cli/case_text.h"
#include "node/cli/families.h"
#include "node/cli/passphrase.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/people.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

template <typename Names>
std::string joined(const Names& names) {
  std::string out;
  for (const std::string& name : names) out.append(out.empty() ? "" : ", ").append(clean(name));
  return out;
}

std::string key_text(const v1::Person& person, const Look& look) {
  if (person.key() == "VALID" || person.key() == "EXPIRED")
    return clean(person.key()) + ", until " + due_time(person.key_until_at(), look);
  return clean(person.key());
}

std::string user_text(const v1::Person& person) {
  const std::string uid = std::to_string(person.uid());
  return person.unix_user().empty() ? uid : clean(person.unix_user()) + " (" + uid + ")";
}

std::string person_text(const v1::Person& person, const Look& look) {
  return paint(clean(person.name()), Style::kBold, look) + "\n" +
         labelled({{"unix user", user_text(person)},
                   {"roles", joined(person.roles())},
                   {"personal data", person.personal_data() ? "may see it" : "no"},
                   {"key", key_text(person, look)},
                   {"named", past_time(person.added_at(), look)},
                   {"removed", past_time(person.removed_at(), look)}},
                  look);
}

Status confirm(Session& session, const Values& values, const std::string& question) {
  if (values.has("--yes")) return {};
  FOCAL_ASSIGN(const std::string said,
               session.ask(question + " Type yes: ", "use --yes in a script"));
  if (said == "yes") return {};
  return fail(ErrorCode::kState, "nothing was changed", "type yes to go on");
}

Result<int> changed(Session& session, const std::string& word,
                    const google::protobuf::Message& request, const std::string& name) {
  v1::PeopleChangeResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "people", name, word}), request, answer));
  if (!session.show_json()) session.print(person_text(answer.person(), session.look()));
  return kExitOk;
}

}  // namespace

Result<int> run_people_list(Session& session, const Values& values) {
  std::string target = "/v1/people";
  add_query(target, "all", values.has("--all") ? "true" : "");
  v1::PeopleListResponse answer;
  FOCAL_TRY(session.get(target, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  Table table({"NAME", "UNIX USER", "~ROLES", "PERSONAL DATA", "KEY", "NAMED"});
  for (const v1::Person& person : answer.people())
    table.add({person.name(), user_text(person),
               person.removed_at().empty() ? joined(person.roles())
                                           : "removed " + short_time(person.removed_at()),
               person.personal_data() ? "yes" : "no", person.key(), short_time(person.added_at())});
  session.print(table.text(look));
  if (!answer.note().empty()) session.print("\n" + clean(answer.note()) + "\n");
  return kExitOk;
}

Result<int> run_people_show(Session& session, const Values& values) {
  v1::PeopleShowResponse answer;
  FOCAL_TRY(session.get(target_of({"v1", "people", values.text("NAME")}), answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  std::string out = person_text(answer.person(), look);
  out += labelled({{"may", joined(answer.acts())}}, look);
  if (!answer.certificate_text().empty()) out += "\n" + clean_lines(answer.certificate_text());
  session.print(out);
  return kExitOk;
}

Result<int> run_people_add(Session& session, const Values& values) {
  v1::PeopleAddRequest request;
  request.set_name(values.text("NAME"));
  request.set_unix_user(values.text("--unix"));
  for (const std::string& role : values.list("--role")) request.add_roles(as_code(role));
  request.set_personal_data(values.has("--personal-data"));
  v1::PeopleAddResponse answer;
  FOCAL_TRY(session.post("/v1/people", request, answer));
  if (session.show_json()) return kExitOk;
  session.print(person_text(answer.person(), session.look()));
  for (const std::string& note : answer.notes()) session.print("note: " + clean(note) + "\n");
  return kExitOk;
}

Result<int> run_people_role(Session& session, const Values& values) {
  v1::PeopleRoleRequest request;
  for (const std::string& role : values.list("--role")) request.add_roles(as_code(role));
  request.set_personal_data(as_code(values.text("--personal-data")));
  request.set_reason(values.text("--reason"));
  return changed(session, "role", request, values.text("NAME"));
}

Result<int> run_people_remove(Session& session, const Values& values) {
  v1::PeopleRemoveRequest request;
  request.set_reason(values.text("--reason"));
  const std::string name = values.text("NAME");
  FOCAL_TRY(confirm(session, values, "Remove " + clean(name) + "? The key goes with the person."));
  return changed(session, "remove", request, name);
}

Result<int> run_people_revoke_key(Session& session, const Values& values) {
  v1::PeopleRevokeKeyRequest request;
  request.set_reason(values.text("--reason"));
  const std::string name = values.text("NAME");
  FOCAL_TRY(confirm(session, values, "Revoke the key of " + clean(name) + "?"));
  return changed(session, "revoke-key", request, name);
}

PassphraseSource officer_passphrase(const Values& values, bool fresh) {
  PassphraseSource out;
  if (values.has("--officer-passphrase-fd"))
    out.fd = static_cast<int>(values.number("--officer-passphrase-fd", 0));
  out.credential = "focal-officer-passphrase";
  out.prompt = fresh ? "New passphrase for your own key" : "Passphrase of your own key";
  out.option = "--officer-passphrase-fd";
  out.fresh = fresh;
  return out;
}

Result<int> run_people_key(Session& session, const Values& values) {
  v1::PeopleKeyRequest request;
  request.set_renew(values.has("--renew"));
  FOCAL_ASSIGN(const crypto::Secret passphrase,
               read_passphrase(officer_passphrase(values, !request.renew())));
  v1::PeopleKeyResponse answer;
  FOCAL_TRY(session.post_secret("/v1/officer-key", request, passphrase, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  session.print(person_text(answer.person(), look) + "\n" +
                clean_lines(answer.certificate_text()));
  return kExitOk;
}

Result<int> run_people_passphrase(Session& session, const Values& values) {
  FOCAL_ASSIGN(const crypto::Secret old, read_passphrase(officer_passphrase(values, false)));
  PassphraseSource source = officer_passphrase(values, true);
  source.fd = static_cast<int>(values.number("--new-passphrase-fd", 0));
  if (!values.has("--new-passphrase-fd")) source.fd = PassphraseSource{}.fd;
  source.credential = "focal-officer-new-passphrase";
  source.option = "--new-passphrase-fd";
  FOCAL_ASSIGN(const crypto::Secret fresh, read_passphrase(source));
  v1::PeopleChangeResponse answer;
  FOCAL_TRY(session.post_secret("/v1/officer-key/passphrase", v1::PeoplePassphraseRequest(), old,
                                answer, &fresh));
  if (!session.show_json()) session.print("The passphrase of your key is another one now.\n");
  return kExitOk;
}

}  // namespace focal::cli
