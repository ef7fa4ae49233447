// Backups, restoring one, and whether this copy of the node may sign.
#include "node/cli/common_options.h"
#include "node/cli/families.h"
#include "node/cli/passphrase.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/backup.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using Kind = Option::Kind;

std::string megabytes(std::uint64_t bytes) {
  return std::to_string((bytes + 999'999) / 1'000'000) + " MB";
}

std::string start_text(const v1::StartShowResponse& start, const Look& look) {
  const bool fine = start.state() == "RUNNING";
  std::string anchor = start.anchor();
  if (!start.anchor_is_current()) anchor += ", not the newest checkpoint";
  if (start.anchor_beside()) anchor += ", on the disk of the ledger";
  std::string out = labelled({{"state", {start.state(), fine ? Style::kGood : Style::kBad}},
                              {"anchor", {anchor, start.anchor_is_current() ? Style::kPlain
                                                                            : Style::kWarn}}},
                             look);
  out += clean(start.words()) + "\n";
  if (!start.next().empty()) out += clean(start.next()) + "\n";
  return out;
}

std::string backup_text(const v1::BackupShowResponse& b, const Look& look) {
  if (b.folder().empty())
    return "This node makes no backup by itself. Set folder in [backup] of focal.toml, or run "
           "'focal backup --to DIR'.\n";
  const bool checked = !b.rehearsed_at().empty();
  std::string out = labelled(
      {{"folder", b.folder()},
       {"newest", b.newest().empty() ? "none yet" : b.newest()},
       {"made", b.made_at().empty() ? "never" : past_time(b.made_at(), look)},
       {"holds", count(b.leaves(), "leaf", "leaves") + ", " + megabytes(b.bytes())},
       {"kept", std::to_string(b.kept())},
       {"rehearsed", {checked ? past_time(b.rehearsed_at(), look) : "never",
                      checked && b.problems().empty() ? Style::kGood : Style::kWarn}}},
      look);
  if (!b.trouble().empty())
    out += paint("The last backup could not be made: ", Style::kBad, look) + clean(b.trouble()) + "\n";
  for (const std::string& problem : b.problems())
    out += paint("The newest backup cannot be restored: ", Style::kBad, look) + clean(problem) + "\n";
  return out;
}

std::string restore_text(const v1::RestoreResponse& r, bool verify, const Look& look) {
  std::string out = labelled({{"party", r.party()},
                              {"made", r.made_at()},
                              {"holds", count(r.leaves(), "leaf", "leaves")}},
                             look);
  for (const std::string& problem : r.problems())
    out += paint("problem: ", Style::kBad, look) + clean(problem) + "\n";
  for (const std::string& file : r.written()) out += "written: " + clean(file) + "\n";
  if (verify)
    out += r.ok() ? paint(r.opened() ? "This backup can be restored; its records open with that keystore."
                                     : "This backup is whole. Whether its records open shows only "
                                       "with --keystore.",
                          Style::kGood, look) + "\n"
                  : paint("This backup can NOT be restored as it is.", Style::kBad, look) + "\n";
  int n = 0;
  for (const std::string& step : r.next_steps()) out += std::to_string(++n) + ". " + clean(step) + "\n";
  return out;
}

const Option kPassphraseFd{"--passphrase-fd", Kind::kNumber, "N",
                           "Read the node's passphrase from this file descriptor"};

}  // namespace

Result<int> run_start_show(Session& session, const Values&) {
  v1::StartShowResponse answer;
  FOCAL_TRY(session.get("/v1/start", answer));
  if (!session.show_json()) session.print(start_text(answer, session.look()));
  return answer.state() == "RUNNING" ? kExitOk : kExitFailed;
}

Result<int> run_start_override(Session& session, const Values& values) {
  v1::StartOverrideRequest request;
  request.set_reason(values.text("--reason"));
  if (!values.has("--yes")) {
    FOCAL_ASSIGN(const std::string said,
                 session.ask("If this copy of the node is an older one, its next checkpoint proves to "
                             "all that it says two things. Is it the newest? Type yes: ",
                             "use --yes in a script"));
    if (said != "yes") return fail(ErrorCode::kState, "nothing was changed");
  }
  v1::StartOverrideResponse answer;
  FOCAL_TRY(session.post("/v1/start/override", request, answer));
  if (!session.show_json()) session.print(start_text(answer.start(), session.look()));
  return kExitOk;
}

Result<int> run_backup_make(Session& session, const Values& values) {
  v1::BackupMakeRequest request;
  const auto absolute = [](const std::string& folder) {
    return folder.empty() ? folder : std::filesystem::absolute(folder).string();
  };
  request.set_to(absolute(values.text("--to")));
  request.set_keystore_to(absolute(values.text("--keystore-to")));
  v1::BackupMakeResponse answer;
  FOCAL_TRY(session.post("/v1/backup", request, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  std::string out = labelled({{"backup", answer.backup()},
                              {"holds", count(answer.leaves(), "leaf", "leaves") + ", " +
                                            megabytes(answer.bytes())}},
                             look);
  if (answer.keystore().empty())
    out += "The keystore is not in it, and without it nothing of it can be read: copy it to a "
           "medium of its own with --keystore-to.\n";
  else
    out += labelled({{"keystore", answer.keystore()}}, look);
  for (const std::string& warning : answer.warnings())
    out += paint("warning: ", Style::kWarn, look) + clean(warning) + "\n";
  session.print(out);
  return kExitOk;
}

Result<int> run_backup_show(Session& session, const Values&) {
  v1::BackupShowResponse answer;
  FOCAL_TRY(session.get("/v1/backup", answer));
  if (!session.show_json()) session.print(backup_text(answer, session.look()));
  return answer.problems().empty() && answer.trouble().empty() ? kExitOk : kExitFailed;
}

Result<int> run_restore(Session& session, const Values& values) {
  RestoreOrder order;
  order.backup = values.text("BACKUP");
  order.keystore = values.text("--keystore");
  order.into = session.folder();
  order.verify = values.has("--verify");
  if (order.keystore.empty() && !order.verify)
    return fail(ErrorCode::kUsage, "a node is restored with the keystore that opens its ledger",
                "Name it with --keystore FILE; --verify alone looks at a backup without it.");
  if (!order.keystore.empty()) {
    PassphraseSource source;
    source.prompt = "Passphrase of the node's keystore";
    if (values.has("--passphrase-fd"))
      source.fd = static_cast<int>(values.number("--passphrase-fd", 0));
    FOCAL_ASSIGN(order.passphrase, read_passphrase(source));
  }
  v1::RestoreResponse answer;
  FOCAL_TRY(session.offline().restore(order, answer));
  if (!session.show_json(answer))
    session.print(restore_text(answer, order.verify, session.look()));
  return answer.ok() ? kExitOk : kExitFailed;
}

std::vector<Command> backup_table() {
  return {
      {"backup", "Make a copy of ledger, card and configuration now",
       "Makes a folder with a whole copy of the ledger, the card, the configuration and the officers' key "
       "files, with a list of sizes and hashes. It may run at any time. The keystore is never in it: "
       "--keystore-to copies that to a medium of its own, which belongs in another safe.",
       "focal backup --to /mnt/backup/focal --keystore-to /media/stick/keys",
       {{"--to", Kind::kText, "DIR", "Into this folder instead of that of focal.toml"},
        {"--keystore-to", Kind::kText, "DIR", "Also copy the keystore, into this folder"}},
       run_backup_make},
      {"backup show", "The newest backup, and the last rehearsal",
       "Shows when the last backup was made, what it holds, and what the weekly rehearsal, which reads "
       "every byte of it, found. Ends with exit code 1 if either went wrong.",
       "focal backup show", {}, run_backup_show},
      {"restore", "Bring a node back from a backup, or check one",
       "Writes the node of a backup into the folder (-C), which must hold no ledger. Nothing is ever "
       "replaced. A restored node is an older copy of itself: it starts in STARTING, signs nothing "
       "and takes nothing, until its witnesses have said what they hold or a new card begins its "
       "log anew; 'focal start show' says which. With --verify nothing is written: every byte is checked, the "
       "ledger is verified, and with --keystore it is opened. Works without a running node.",
       "focal restore /mnt/backup/focal/focal-XA-20261123T020000Z --verify\n"
       "focal -C /var/lib/focal restore /mnt/backup/focal/focal-XA-20261123T020000Z \\\n"
       "    --keystore /media/stick/keys/focal-XA-20261123T020000Z.focalkey",
       {{"BACKUP", Kind::kPositional, "", "Folder of the backup", true},
        {"--keystore", Kind::kText, "FILE", "The keystore that was copied with it, or later"},
        {"--verify", Kind::kFlag, "", "Check it, and write nothing"},
        kPassphraseFd},
       run_restore},
      {"start show", "Whether this copy of the node may sign, and what it waits for",
       "Says whether the node is sure to be the newest copy of itself: by its anchor, a file outside the "
       "ledger, and by what its witnesses hold. Ends with exit code 1 unless it is RUNNING.",
       "focal start show", {}, run_start_show},
      {"start override", "Let checkpoints go on without the witnesses' reports",
       "Only where the anchor is there and agrees with the ledger, and 24 hours after the start. "
       "Who and why is kept in the ledger.",
       "focal start override --reason 'XB and XC are rebuilt until May'",
       {{"--reason", Kind::kText, "TEXT", "Why; kept in the ledger", true}, kYes}, run_start_override},
  };
}

}  // namespace focal::cli
