#include <algorithm>

#include "node/cli/families.h"
#include "node/cli/ledger_text.h"
#include "node/cli/progress.h"
#include "node/cli/session.h"
#include "proto/api.pb.h"
#include "proto/evidence.pb.h"
#include "proto/trust.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr std::uint64_t kFirstWaitMs = 100;  // most ledgers are checked by then
constexpr std::uint64_t kLaterWaitMs = 1000;

std::string verify_text(const v1::LedgerVerifyResponse& answer, const Look& look) {
  Table table({"CHECK", "RESULT", "~DETAIL"});
  for (const v1::LedgerCheck& check : answer.checks())
    table.add({check.name(),
               {check.ok() ? "ok" : "FAILED", check.ok() ? Style::kGood : Style::kBad},
               check.detail()});
  std::string out = table.empty() ? "" : table.text(look) + "\n";
  out += answer.ok() ? paint(answer.log_only() ? "The log verifies; nothing else was looked at."
                                             : "The ledger verifies.",
                           Style::kGood, look)
                     : paint("The ledger does NOT verify: " +
                                 count(answer.problem_count(), "problem", "problems") + ".",
                             Style::kBad, look);
  out += "\n" +
         labelled({{"leaves", std::to_string(answer.size())},
                   {"root", answer.root()},
                   {"checkpoint", answer.checkpoint_size() == 0
                                      ? "none yet"
                                      : "of " + count(answer.checkpoint_size(), "leaf", "leaves")},
                   {"witness", answer.witness_text().empty() ? answer.witness()
                                                                  : answer.witness_text()}},
                  look);
  return out;
}

// The node checks in a thread of its own; how far it is, is asked for until it is done. Nothing at
// all if no node runs.
Status checked_by_node(Session& session, bool log_only, v1::LedgerVerifyResponse& answer) {
  v1::LedgerJobResponse job;
  std::string begin = "/v1/ledger/job?start=true";
  if (log_only) add_query(begin, "log_only", "true");
  if (const Status asked = session.get(begin, job); !asked)
    return session.not_running() ? Status() : asked;
  Progress progress(session.io());
  for (std::uint64_t wait_ms = kFirstWaitMs; job.running(); wait_ms = kLaterWaitMs) {
    progress.show(job.leaves_done(), job.leaves(), job.leaves_per_s());
    if (session.io().pause) session.io().pause(wait_ms);
    std::string target = "/v1/ledger/job";
    add_query(target, "job", std::to_string(job.job()));
    job.Clear();
    FOCAL_TRY(session.get(target, job));
  }
  answer = job.report();
  return {};
}

Status checked_here(Session& session, bool log_only, v1::LedgerVerifyResponse& answer) {
  Progress progress(session.io());
  const std::uint64_t begin = session.io().clock().mono_ms;
  return session.offline().ledger_verify(
      session.folder(), log_only, answer, [&](std::uint64_t done, std::uint64_t leaves) {
        const std::uint64_t took = std::max<std::uint64_t>(session.io().clock().mono_ms - begin, 1);
        progress.show(done, leaves, done * 1000 / took);
      });
}

}  // namespace

Result<int> run_ledger_verify(Session& session, const Values& values) {
  v1::LedgerVerifyResponse answer;
  const bool log_only = values.has("--log");
  FOCAL_TRY(checked_by_node(session, log_only, answer));
  const bool offline = session.not_running();
  if (offline) FOCAL_TRY(checked_here(session, log_only, answer));
  const int code = answer.ok() ? kExitOk : kExitFailed;
  if (session.show_json(answer)) return code;
  session.print(verify_text(answer, session.look()));
  return code;
}

Result<int> run_ledger_tail(Session& session, const Values& values) {
  std::string target = "/v1/ledger/leaves";
  add_query(target, "limit", values.text("--limit"));
  add_query(target, "before", values.text("--before"));
  v1::LedgerViewResponse answer;
  FOCAL_TRY(session.get(target, answer));
  if (session.show_json()) return kExitOk;
  const std::string table = leaves_of(answer, session.look());
  session.print(table.empty() ? "The ledger is empty.\n" : table);
  return kExitOk;
}

}  // namespace focal::cli
