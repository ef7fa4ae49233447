#include <fstream>

#include "node/cli/families.h"
#include "node/cli/passphrase.h"
#include "node/cli/peer_text.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/api.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr char kDefaultListen[] = "tcp://127.0.0.1:7117";

Result<crypto::Secret> new_passphrase(const Values& values, const std::string& option,
                                      const std::string& credential, const std::string& prompt) {
  PassphraseSource source;
  if (values.has(option)) source.fd = static_cast<int>(values.number(option, 0));
  source.option = option;
  source.credential = credential;
  source.prompt = prompt;
  source.fresh = true;
  return read_passphrase(source);
}

}  // namespace

Result<int> run_init(Session& session, const Values& values) {
  InitOptions options;
  options.folder = session.folder();
  options.root_folder = values.text("--root-folder");
  options.party = values.text("PARTY");
  options.listen = values.has("--listen") ? values.text("--listen") : kDefaultListen;
  options.endpoints = values.list("--endpoint");
  options.authority = values.list("--authority");
  options.card_expires = values.text("--expires");
  FOCAL_ASSIGN(options.passphrase, new_passphrase(values, "--passphrase-fd", "focal-passphrase",
                                                  "Passphrase of the node's keystore"));
  FOCAL_ASSIGN(options.root_passphrase,
               new_passphrase(values, "--root-passphrase-fd", "focal-root-passphrase",
                              "Passphrase of the root keys"));
  v1::InitResponse answer;
  FOCAL_TRY(session.offline().init(options, answer));
  if (session.show_json(answer)) return kExitOk;
  const Look look = session.look();
  std::string out = "The node " + paint(clean(answer.card().party()), Style::kBold, look) +
                    " is made.\n" + card_text(answer.card(), look);
  for (const std::string& file : answer.written()) out += "  wrote " + clean(file) + "\n";
  if (answer.next_steps_size() > 0) out += "\nNext\n";
  for (const std::string& step : answer.next_steps()) out += "  " + clean(step) + "\n";
  session.print(out);
  return kExitOk;
}

Result<int> run_card_show(Session& session, const Values&) {
  v1::CardShowResponse answer;
  const Status asked = session.get("/v1/card", answer);
  const bool offline = session.not_running();
  if (!asked.has_value() && !offline) return asked.error();
  if (offline) FOCAL_TRY(session.offline().card_show(session.folder(), answer));
  if (offline ? session.show_json(answer) : session.show_json()) return kExitOk;
  std::string out = card_text(answer.card(), session.look());
  for (const std::string* note : {&answer.card_text(), &answer.schedule_text()})
    if (!note->empty()) out += "\n" + clean_lines(*note);
  session.print(out);
  return kExitOk;
}

Result<int> run_card_export(Session& session, const Values& values) {
  v1::CardExportResponse answer;
  FOCAL_TRY(session.get("/v1/card/export", answer));
  const std::string file = values.text("--to");
  if (!file.empty()) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << answer.bundle();
    out.close();
    if (!out) return fail(ErrorCode::kIo, "the file cannot be written", {}, file);
  }
  if (session.show_json()) return kExitOk;
  session.print(file.empty() ? answer.bundle()
                             : "wrote " + clean(file) + "; give it to the other side, and let it "
                               "check the number by `focal peer verify`\n");
  return kExitOk;
}

}  // namespace focal::cli
