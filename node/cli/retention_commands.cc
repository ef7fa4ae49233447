// Erasing records, and what goes by its time.
#include "node/cli/common_options.h"
#include "node/cli/families.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/retention.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using Kind = Option::Kind;

std::string due_words(std::uint32_t due, std::uint32_t held, bool more) {
  std::string out = count(due, "record", "records");
  if (held != 0) out.append(", and ").append(std::to_string(held)).append(" whose cases have not ended");
  return more ? out.append(", and others") : out;
}

std::string retention_text(const v1::RetentionShowResponse& r, const Look& look) {
  std::string out;
  for (const auto& each : r.classes())
    out += labelled({{each.name(), each.kept() == "never" ? "kept for ever" : each.kept()}}, look);
  const bool pending = !r.pending_since().empty();
  out += labelled(
      {{"due now", due_words(r.due(), r.held(), r.more())},
       {"next run", r.running() ? "runs now" + (r.step().empty() ? "" : ": " + r.step()) : r.next_run()},
       {"safe time", r.safe_time()},
       {"keys to replace", std::to_string(r.keys_due())},
       {"write-ahead log", {pending ? "may hold erased records" : "holds nothing that was erased",
                            pending ? Style::kWarn : Style::kGood}}},
      look);
  if (!r.last_run().empty())
    out += labelled({{"last run", r.last_run() + ", " + count(r.destroyed(), "record", "records")}}, look);
  if (r.undated() != 0)
    out += "Records of an older program are still being dated: " +
           count(r.undated(), "leaf", "leaves") + " to look at.\n";
  if (!r.trouble().empty())
    out += paint("Keys could not be replaced yet: ", Style::kBad, look) + clean(r.trouble()) + "\n";
  return out;
}

std::string run_text(const v1::RetentionRunResponse& r) {
  std::string out;
  for (const auto& each : r.records()) {
    out.append(each.held() ? "stays  " : "goes   ").append(each.keep_until()).append("  ");
    out.append(clean(each.kind())).append(each.sent() ? " to " : " from ").append(clean(each.party()));
    out.append("  ").append(each.rid()).append("\n");
  }
  out.append(due_words(r.due(), r.held(), r.more()));
  return out.append(r.started() ? ". It runs; 'focal retention show' tells how far.\n"
                                : ". Nothing was changed.\n");
}

}  // namespace

Result<int> run_retention_show(Session& session, const Values&) {
  v1::RetentionShowResponse answer;
  FOCAL_TRY(session.get("/v1/retention", answer));
  if (!session.show_json()) session.print(retention_text(answer, session.look()));
  return answer.trouble().empty() ? kExitOk : kExitFailed;
}

Result<int> run_retention_run(Session& session, const Values& values) {
  v1::RetentionRunRequest request;
  request.set_dry_run(values.has("--dry-run"));
  if (!request.dry_run() && !values.has("--yes")) {
    FOCAL_ASSIGN(const std::string said,
                 session.ask("What is due is destroyed for ever; 'focal retention run --dry-run' lists "
                             "it. Type yes: ", "use --yes in a script"));
    if (said != "yes") return fail(ErrorCode::kState, "nothing was changed");
  }
  v1::RetentionRunResponse answer;
  FOCAL_TRY(session.post("/v1/retention/run", request, answer));
  if (!session.show_json()) session.print(run_text(answer));
  return kExitOk;
}

Result<int> run_erase(Session& session, const Values& values) {
  v1::RecordEraseRequest request;
  const std::string target = values.text("CASE|RID");
  (target.starts_with("T-") ? request.mutable_case_number() : request.mutable_rid())->assign(target);
  request.set_authority(values.text("--authority"));
  request.set_reason(values.text("--reason"));
  if (!values.has("--yes")) {
    FOCAL_ASSIGN(const std::string said,
                 session.ask("The content of " + clean(target) + " is destroyed for ever. That it was "
                             "here stays in the log. Type yes: ", "use --yes in a script"));
    if (said != "yes") return fail(ErrorCode::kState, "nothing was changed");
  }
  v1::RecordEraseResponse answer;
  FOCAL_TRY(session.post("/v1/records/erase", request, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  std::string out = labelled({{"erased", count(answer.records(), "record", "records")},
                              {"state", {answer.state(), answer.state() == "DONE" ? Style::kGood
                                                                                  : Style::kWarn}}},
                             look);
  if (answer.cancelled() != 0)
    out += count(answer.cancelled(), "sending", "sendings") + " that had not ended is cancelled.\n";
  session.print(out + clean(answer.words()) + "\n");
  return kExitOk;
}

std::vector<Command> retention_table() {
  return {
      {"retention show", "How long content is kept, what is due, and how far the last run came",
       "Shows the periods of [retention] in focal.toml, how many records are due by the safe time, and "
       "whether the write-ahead log and the keys still hold anything that was erased.",
       "focal retention show", {}, run_retention_show},
      {"retention run", "Destroy what is due now instead of tonight",
       "Records whose time is over are destroyed, but for those whose cases have not ended; then keys of "
       "erased records are replaced, so that no older copy of the ledger opens them. With --dry-run "
       "it lists what would go and changes nothing.",
       "focal retention run --dry-run",
       {{"--dry-run", Kind::kFlag, "", "List what would go, change nothing"}, kYes}, run_retention_run},
      {"erase", "Destroy the content of a record or a case for ever",
       "On somebody's authority, and released by a second officer. The content goes from the ledger, its "
       "index and its write-ahead log, sendings of it that have not ended are cancelled, and in the night the "
       "key goes that older copies need. Leaves, receipts and signatures stay: they show that a record was "
       "here and was lawfully destroyed. Nothing can be done in a case any more of which a record was "
       "erased. Other parties keep what they received.",
       "focal erase T-12 --authority 'Data protection act, decision 4/2027' --reason 'kept in error'",
       {{"CASE|RID", Kind::kPositional, "", "A case, or a record: its name or the index of its leaf", true},
        {"--authority", Kind::kText, "TEXT", "Who decided it; kept in the ledger", true},
        {"--reason", Kind::kText, "TEXT", "Why; kept in the ledger", true}, kYes},
       run_erase},
  };
}

}  // namespace focal::cli
