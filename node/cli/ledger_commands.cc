#include <algorithm>

#include "node/cli/families.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/api.pb.h"
#include "proto/trust.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr std::size_t kRefShown = 16;  // hex digits of a reference in the table

// The act, who released it, and why.
std::string what_text(const v1::LedgerView& leaf) {
  std::string out = leaf.act();
  if (!leaf.released_by().empty()) out.append(", released by ").append(leaf.released_by());
  if (!leaf.reason().empty()) out.append(out.empty() ? "" : ": ").append(leaf.reason());
  return out;
}

std::string verify_text(const v1::LedgerVerifyResponse& answer, const Look& look) {
  Table table({"CHECK", "RESULT", "~DETAIL"});
  for (const v1::LedgerCheck& check : answer.checks())
    table.add({check.name(),
               {check.ok() ? "ok" : "FAILED", check.ok() ? Style::kGood : Style::kBad},
               check.detail()});
  std::string out = table.empty() ? "" : table.text(look) + "\n";
  out += answer.ok() ? paint("The ledger verifies.", Style::kGood, look)
                     : paint("The ledger does NOT verify: " +
                                 count(answer.problem_count(), "problem", "problems") + ".",
                             Style::kBad, look);
  out += "\n" + labelled({{"leaves", std::to_string(answer.size())},
                          {"root", answer.root()},
                          {"checkpoint", answer.checkpoint_size() == 0 ? "none yet"
                               : "of " + count(answer.checkpoint_size(), "leaf", "leaves")},
                          {"witness", answer.witness_text().empty() ? answer.witness() : answer.witness_text()}}, look);
  return out;
}

}  // namespace

Result<int> run_ledger_verify(Session& session, const Values&) {
  v1::LedgerVerifyResponse answer;
  const Status asked = session.get("/v1/ledger/verify", answer);
  const bool offline = session.not_running();
  if (!asked.has_value() && !offline) return asked.error();
  if (offline) FOCAL_TRY(session.offline().ledger_verify(session.folder(), answer));
  const int code = answer.ok() ? kExitOk : kExitFailed;
  if (offline ? session.show_json(answer) : session.show_json()) return code;
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
  const auto& leaves = answer.leaves();
  const bool remarks = std::any_of(leaves.begin(), leaves.end(), [](const v1::LedgerView& leaf) {
    return !leaf.remark().empty();
  });
  std::vector<std::string> titles{"<LEAF", "TIME (UTC)", "TYPE",      "PARTY",
                                  "KIND",  "REFERENCE",  "WHO", "~WHAT"};
  if (remarks) titles.emplace_back("~REMARK");
  Table table(std::move(titles));
  for (int i = 0; i < answer.leaves_size(); ++i) {
    const v1::LedgerView& leaf = answer.leaves(i);
    int last = i;  // a run of padding is one line
    while (leaf.type() == "PAD" && last + 1 < answer.leaves_size() &&
           answer.leaves(last + 1).type() == "PAD")
      ++last;
    std::string index = std::to_string(leaf.index());
    if (last > i) index += "-" + std::to_string(answer.leaves(last).index());
    std::vector<Cell> row{index,         short_time(leaf.at()), leaf.type(), leaf.party(),
                          leaf.kind(),   last > i ? "" : leaf.ref().substr(0, kRefShown),
                          leaf.who(),    what_text(leaf)};
    if (remarks)
      row.emplace_back(leaf.remark(),
                       leaf.remark().starts_with("DISPUTED") ||
                               leaf.remark().find("release not proven") != std::string::npos
                           ? Style::kBad
                           : Style::kPlain);
    table.add(std::move(row));
    i = last;
  }
  session.print(table.empty() ? "The ledger is empty.\n" : table.text(session.look()));
  return kExitOk;
}

}  // namespace focal::cli
