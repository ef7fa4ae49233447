// `focal doctor`: why a link does not work, or the node.
#include "node/cli/common_options.h"
#include "node/cli/families.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/console.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using Kind = Option::Kind;

struct Shown {
  const char* words;
  Style style;
};

Shown result_of(const std::string& state) {
  if (state == "OK") return {"ok", Style::kGood};
  if (state == "WARNING") return {"warning", Style::kWarn};
  if (state == "FAILED") return {"FAILED", Style::kBad};
  if (state == "NOT_REACHED") return {"not reached", Style::kDim};
  if (state == "NOT_ASKED") return {"not asked", Style::kDim};
  return {"?", Style::kWarn};
}

std::string place_of(const v1::DoctorStep& step) {
  if (!step.party().empty()) return step.party();
  return step.where() == "THEIRS" ? "there" : "here";
}

// Nothing is cut: what was found and what to do stand below in full, where there is a cure.
std::string doctor_text(const v1::DoctorResponse& answer, const Look& look) {
  Table table({"STEP", "AT", "RESULT", "~FOUND"});
  std::string details;
  for (const v1::DoctorStep& step : answer.steps()) {
    const Shown result = result_of(step.state());
    table.add({step.step(), place_of(step), {result.words, result.style}, step.text()});
    if (step.state() != "FAILED" && step.state() != "WARNING" && step.cure().empty()) continue;
    details += "\n" + paint(clean(step.step()) + " " + clean(place_of(step)), result.style, look) +
               (step.code().empty() ? "" : "  " + clean(step.code())) + "\n" +
               labelled({{"found", step.text()}, {"do", step.cure()}}, look);
  }
  std::string out = table.text(look) + details;
  if (!answer.id().empty())
    out += "\nThis question has the id " + clean(answer.id()) + " in the logs of both ends.\n";
  return out;
}

}  // namespace

Result<int> run_doctor(Session& session, const Values& values) {
  std::string target = target_of({"v1", "doctor"});
  add_query(target, "party", values.text("PARTY"));
  add_query(target, "ask_peer", values.has("--ask") ? "true" : "");
  v1::DoctorResponse answer;
  FOCAL_TRY(session.get(target, answer));
  if (!session.show_json()) session.print(doctor_text(answer, session.look()));
  return answer.ok() ? kExitOk : kExitFailed;
}

std::vector<Command> doctor_table() {
  return {
      {"doctor", "Why a link does not work, and what to do about it",
       "Walks the way to a party step by step: its address, the connection, keys, clocks, trust, "
       "policy, and whether records can be stored. For each step it says what was found, and what to "
       "do where something is wrong. With --ask the other end is asked too, over the connection, what "
       "it sees of us; it tells nothing but that, and only to parties it has verified. Without a party: "
       "the node itself, and a line for each party. The exit code is 1 if a step fails.",
       "focal doctor\n"
       "focal doctor XB\n"
       "focal doctor XB --ask",
       {{"PARTY", Kind::kPositional, "", "Party code; left out: the node itself"},
        {"--ask", Kind::kFlag, "", "Ask the other end too (officers, supervisors, custodian, "
                                   "administrator)"}},
       run_doctor},
  };
}

}  // namespace focal::cli
