// `focal card`: our card at the node, for its custodian.
#include "node/cli/card_text.h"
#include "node/cli/families.h"
#include "node/cli/new_file.h"
#include "node/cli/passphrase.h"
#include "node/cli/peer_text.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/api.pb.h"
#include "proto/custody.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

Result<int> prepare(Session& session, const Values& values, const std::string& act) {
  v1::CardPrepareRequest request;
  request.set_act(act);
  request.set_expires(values.text("--expires"));
  for (const std::string& line : values.list("--authority")) request.add_authority(line);
  for (const auto& [option, text] : {std::pair{"--plan", request.mutable_plan()},
                                     std::pair{"--after", request.mutable_after()}})
    if (values.has(option)) {
      FOCAL_ASSIGN(*text, session.read_file(values.text(option)));
    }
  v1::CardPrepareResponse answer;
  FOCAL_TRY(session.post("/v1/card/prepare", request, answer));
  FOCAL_TRY(write_new_file(values.text("--to"), answer.pending().request()));
  if (session.show_json()) return kExitOk;
  session.print("wrote " + clean(values.text("--to")) + "\n\n" +
                pending_text(answer.pending(), session.look()));
  return kExitOk;
}

Result<crypto::Secret> node_passphrase(const Values& values) {
  PassphraseSource source;
  if (values.has("--passphrase-fd"))
    source.fd = static_cast<int>(values.number("--passphrase-fd", 0));
  source.prompt = "Passphrase of the node's keystore";
  return read_passphrase(source);
}

}  // namespace

Result<int> run_card_show(Session& session, const Values&) {
  v1::CardShowResponse answer;
  const Status asked = session.get("/v1/card", answer);
  const bool offline = session.not_running();
  if (!asked.has_value() && !offline) return asked.error();
  if (offline) FOCAL_TRY(session.offline().card_show(session.folder(), answer));
  if (offline ? session.show_json(answer) : session.show_json()) return kExitOk;
  v1::CardCustodyResponse custody;
  FOCAL_TRY(offline ? session.offline().custody(session.folder(), custody)
                    : session.get("/v1/card/custody", custody));
  std::string out = card_text(answer.card(), session.look()) + custody_text(custody, session.look());
  for (const std::string* note : {&answer.card_text(), &answer.schedule_text()})
    if (!note->empty()) out += "\n" + clean_lines(*note);
  session.print(out);
  return kExitOk;
}

Result<int> run_card_custody(Session& session, const Values&) {
  v1::CardCustodyResponse custody;
  const Status asked = session.get("/v1/card/custody", custody);
  const bool offline = session.not_running();
  if (!asked.has_value() && !offline) return asked.error();
  if (offline) FOCAL_TRY(session.offline().custody(session.folder(), custody));
  if (offline ? session.show_json(custody) : session.show_json()) return kExitOk;
  session.print(card_text(custody.card(), session.look()) + custody_text(custody, session.look()));
  return kExitOk;
}

Result<int> run_card_export(Session& session, const Values& values) {
  v1::CardExportResponse answer;
  FOCAL_TRY(session.get("/v1/card/export", answer));
  const std::string file = values.text("--to");
  if (!file.empty()) {
    FOCAL_TRY(write_new_file(file, answer.bundle()));
  }
  if (session.show_json()) return kExitOk;
  session.print(file.empty() ? answer.bundle()
                             : "wrote " + clean(file) + "; give it to the other side, and let it "
                               "check the number by `focal peer verify`\n");
  return kExitOk;
}

Result<int> run_card_renew(Session& session, const Values& values) {
  return prepare(session, values, "RENEW");
}
Result<int> run_card_rotate(Session& session, const Values& values) {
  return prepare(session, values, "ROTATE");
}
Result<int> run_card_recover(Session& session, const Values& values) {
  return prepare(session, values, "RECOVER");
}
Result<int> run_card_replace_keys(Session& session, const Values& values) {
  return prepare(session, values, "REPLACE_KEYS");
}

Result<int> run_card_cancel(Session& session, const Values& values) {
  if (!values.has("--yes")) {
    v1::CardCustodyResponse custody;
    FOCAL_TRY(session.get("/v1/card/custody", custody));
    session.io().err << custody_text(custody, session.look())
                     << "\nIf the root has signed the card under way already, it will sign no other with "
                        "its serial, and new keys made for it are lost.\n";
    FOCAL_ASSIGN(const std::string said,
                 session.ask("Give the card up? Type yes: ", "Use --yes in a script."));
    if (said != "yes") return fail(ErrorCode::kState, "nothing was given up", "Type yes to do it.");
  }
  v1::CardCancelResponse answer;
  FOCAL_TRY(session.post("/v1/card/cancel", v1::CardCancelRequest(), answer));
  if (session.show_json()) return kExitOk;
  session.print("Card " + std::to_string(answer.serial()) + " is no longer under way.\n");
  return kExitOk;
}

Result<int> run_card_apply(Session& session, const Values& values) {
  v1::CardApplyRequest request;
  FOCAL_ASSIGN(*request.mutable_card(), session.read_file(values.text("FILE")));
  v1::CardApplyResponse answer;
  const Status asked = session.post("/v1/card/apply", request, answer);
  const bool offline = session.not_running();
  if (!asked.has_value() && !offline) return asked.error();
  if (offline) {
    FOCAL_ASSIGN(const auto passphrase, node_passphrase(values));
    FOCAL_TRY(session.offline().card_apply(session.folder(), request.card(), passphrase, answer));
  }
  if (offline ? session.show_json(answer) : session.show_json()) return kExitOk;
  session.print(applied_text(answer, session.look()));
  return kExitOk;
}

Result<int> run_card_revoke(Session& session, const Values& values) {
  v1::CardRevokeRequest request;
  FOCAL_ASSIGN(*request.mutable_note(), session.read_file(values.text("FILE")));
  request.set_in_force(values.has("--in-force"));
  if (!values.has("--yes")) {
    session.io().err << clean_lines(request.note())
                     << "\nA revocation cannot be taken back: every party gets it, and keeps it.\n";
    FOCAL_ASSIGN(const std::string said,
                 session.ask("Publish it? Type yes: ", "Use --yes in a script."));
    if (said != "yes") return fail(ErrorCode::kState, "nothing was published", "Type yes to do it.");
  }
  v1::CardRevokeResponse answer;
  FOCAL_TRY(session.post("/v1/card/revoke", request, answer));
  if (session.show_json()) return kExitOk;
  session.print("The revocation of card " + std::to_string(answer.serial()) + " (" +
                clean(answer.scope()) + ") is published.\n");
  return kExitOk;
}

}  // namespace focal::cli
