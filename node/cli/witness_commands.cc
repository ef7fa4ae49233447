#include <algorithm>

#include "node/cli/common_options.h"
#include "node/cli/families.h"
#include "node/cli/print.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/witness.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

std::string witness_text(const v1::WitnessShowResponse& answer, const Look& look) {
  const bool covered = answer.coverage().witnessed_size() != 0;
  std::string out = paint(clean(answer.coverage().text()), covered ? Style::kGood : Style::kWarn, look) + "\n";
  if (answer.witnesses_size() > 0) {
    Table table({"WITNESS", "LINK", "<COSIGNED", "~REMARK"});
    for (const v1::WitnessOfOurs& each : answer.witnesses())
      table.add({each.party(), each.up() ? "up" : "down",
                 each.cosigned_size() == 0 ? "-" : std::to_string(each.cosigned_size()),
                 each.speaks() ? "" : "its program has not said that it knows witnessing"});
    out.append("\n").append(table.text(look));
    out.append("Quorum: ").append(std::to_string(answer.quorum())).append(" of ");
    out.append(std::to_string(answer.witnesses_size()));
    out.append(answer.in_force() ? ".\n"
                                 : ". This list counts after the next published checkpoint.\n");
  }
  if (answer.logs_size() > 0) {
    Table table({"WE WITNESS", "LOG", "<LEAVES", "COSIGNED (UTC)"});
    for (const v1::LogOfOthers& each : answer.logs())
      table.add({each.party(), each.log(), std::to_string(each.size()), short_time(each.at())});
    out.append("\n").append(table.text(look));
  }
  return out;
}

Status ask_yes(Session& session, const Values& values, const std::string& question) {
  if (values.has("--yes")) return {};
  FOCAL_ASSIGN(const std::string said, session.ask(question + " Type yes: ", "use --yes in a script"));
  if (said != "yes") return fail(ErrorCode::kState, "nothing was changed");
  return {};
}

Result<int> change(Session& session, const v1::WitnessSetRequest& request) {
  v1::WitnessSetResponse answer;
  FOCAL_TRY(session.post("/v1/witness", request, answer));
  if (!session.show_json()) session.print(witness_text(answer.witness(), session.look()));
  return kExitOk;
}

const Option kReason{"--reason", Option::Kind::kText, "TEXT", "Why; kept in the ledger"};
const Option kParties{"PARTIES", Option::Kind::kPositional, "",
                      "Party codes with commas between, e.g. XB,XC,XD; none: nobody", true};
const Option kQuorum{"--quorum", Option::Kind::kNumber, "N",
                     "So many of them have to cosign; more than half if not given"};

}  // namespace

Result<int> run_witness_show(Session& session, const Values&) {
  v1::WitnessShowResponse answer;
  FOCAL_TRY(session.get("/v1/witness", answer));
  if (!session.show_json()) session.print(witness_text(answer, session.look()));
  return kExitOk;
}

Result<int> run_witness_set(Session& session, const Values& values) {
  v1::WitnessSetRequest request;
  request.set_reason(values.text("--reason"));
  const std::string parties = values.text("PARTIES");
  std::string_view rest = parties == "none" ? std::string_view() : parties;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    request.add_witnesses(std::string(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  request.set_quorum(values.number("--quorum", 0));
  FOCAL_TRY(ask_yes(session, values,
                    request.witnesses_size() == 0
                        ? "Nobody will vouch for this log any more."
                        : "These parties see how the log grows, never what it holds."));
  return change(session, request);
}

Result<int> run_witness_auto(Session& session, const Values& values) {
  v1::WitnessSetRequest request;
  request.set_automatic(true);
  request.set_reason(values.text("--reason"));
  FOCAL_TRY(ask_yes(session, values,
                    "Up to five verified parties are asked to vouch for this log. They see how it "
                    "grows, never what it holds."));
  return change(session, request);
}

std::vector<Command> witness_table() {
  return {
      {"witness show", "Who vouches for our log, and how far",
       "Shows which part of the ledger other parties have cosigned, who they are, and whose logs "
       "this node cosigns. A part that is cosigned can no longer be changed unnoticed, not even by "
       "who has all our keys.",
       "focal witness show", {}, run_witness_show},
      {"witness set", "Name the witnesses of our log",
       "Each must be verified here. A checkpoint is published when more than half of them, or as "
       "many as --quorum says, have cosigned it. The list counts after the next published "
       "checkpoint, which still needs the list before. Kept in the ledger.",
       "focal witness set XB,XC,XD --quorum 2", {kParties, kQuorum, kReason, kYes},
       run_witness_set},
      {"witness auto", "Let the node choose the witnesses",
       "Takes up to five verified parties whose programs know witnessing, those that are linked now "
       "first; more than half of them make a quorum.",
       "focal witness auto", {kReason, kYes}, run_witness_auto},
  };
}

}  // namespace focal::cli
