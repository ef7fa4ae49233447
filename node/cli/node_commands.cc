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

Status check_root_options(const Values& values) {
  const int given = (values.has("--root-folder") ? 1 : 0) + (values.has("--root-plan") ? 1 : 0) +
                    (values.has("--after") ? 1 : 0);
  if (given == 1 && values.has("--root-folder") == !values.has("--request")) return {};
  return fail(ErrorCode::kUsage, given == 1 ? "--request goes with --root-plan and --after, and only there"
                                            : "give one of --root-folder, --root-plan and --after",
              "--root-folder makes the roots here; the others take them from elsewhere and write a "
              "--request for the root machine.");
}

// A node for a root that is elsewhere.
Result<int> prepare_node(Session& session, const Values& values, InitOptions options) {
  for (const auto& [option, text] : {std::pair{"--root-plan", &options.root_plan},
                                     std::pair{"--after", &options.after}})
    if (values.has(option)) {
      FOCAL_ASSIGN(*text, session.read_file(values.text(option)));
    }
  FOCAL_TRY(check_new_file(values.text("--request")));
  v1::CardPending pending;
  FOCAL_TRY(session.offline().prepare(options, pending));
  FOCAL_TRY(write_new_file(values.text("--request"), pending.request()));
  if (session.show_json(pending)) return kExitOk;
  session.print("The keys of the node are made; it waits for its card.\nwrote " +
                clean(values.text("--request")) + "\n\n" + pending_text(pending, session.look()));
  return kExitOk;
}

}  // namespace

Result<int> run_init(Session& session, const Values& values) {
  FOCAL_TRY(check_root_options(values));
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
  if (values.has("--request")) return prepare_node(session, values, std::move(options));
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

}  // namespace focal::cli
