// `focal doctor`: why a link does not work, or the node.
#include <algorithm>

#include "node/cli/common_options.h"
#include "node/cli/families.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/console.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using Kind = Option::Kind;

constexpr std::size_t kStepColumns = 10;    // CONNECTION
constexpr std::size_t kPlaceColumns = 5;    // here, there, or a party
constexpr std::size_t kResultColumns = 11;  // not reached
constexpr std::size_t kLeastColumns = 40;   // of text beside the columns …
constexpr std::size_t kNarrowColumns = 20;  // … and below them
constexpr std::size_t kNarrowIndent = 2;

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

std::string padded(const std::string& text, std::size_t columns) {
  const std::size_t width = display_width(text);
  return text + std::string(width < columns ? columns - width : 0, ' ') + "  ";
}

// One step: its columns, and beside them what was found and, below it, what to do. Wrapped, never
// cut; on a narrow terminal below the columns instead of beside them.
std::string step_text(const v1::DoctorStep& step, std::size_t place_columns, const Look& look) {
  const Shown result = result_of(step.state());
  std::string head = padded(clean(step.step()), kStepColumns) +
                     padded(clean(place_of(step)), place_columns);
  std::size_t indent = display_width(head) + kResultColumns + 2;
  head += paint(padded(result.words, kResultColumns), result.style, look);
  std::string text = clean(step.text());
  if (!step.code().empty()) text += " [" + clean(step.code()) + "]";
  const bool narrow = look.width != 0 && look.width < indent + kLeastColumns;
  if (narrow) indent = kNarrowIndent;
  const std::string margin(indent, ' ');
  const std::size_t columns =
      look.width == 0 ? 0 : std::max(look.width, indent + kNarrowColumns) - indent;
  const auto flowed = [&](const std::string& words) {
    return columns == 0 ? words : wrap(words, columns, margin);
  };
  std::string out = head + (narrow ? "\n" + margin : "") + flowed(text) + "\n";
  if (!step.cure().empty())
    out += margin + paint("do: ", Style::kBold, look) + flowed(clean(step.cure())) + "\n";
  return out;
}

std::string doctor_text(const v1::DoctorResponse& answer, const Look& look) {
  std::size_t place_columns = kPlaceColumns;
  for (const v1::DoctorStep& step : answer.steps())
    place_columns = std::max(place_columns, display_width(clean(place_of(step))));
  std::string out;
  for (const v1::DoctorStep& step : answer.steps()) out += step_text(step, place_columns, look);
  if (!answer.id().empty())
    out += "\nThis question has the id " + clean(answer.id()) + " in the logs of both ends.\n";
  return out;
}

}  // namespace

Result<int> run_doctor(Session& session, const Values& values) {
  std::string target = target_of({"v1", "doctor"});
  add_query(target, "party", values.text("PARTY"));
  add_query(target, "ask_peer", values.has("--ask") ? "true" : "");
  add_query(target, "lang", values.text("--lang"));
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
       "focal doctor XB --ask --lang fr",
       {{"PARTY", Kind::kPositional, "", "Party code; left out: the node itself"},
        {"--ask", Kind::kFlag, "", "Ask the other end too (officers, supervisors, custodian, "
                                   "administrator)"},
        {"--lang",
         Kind::kText,
         "LANG",
         "Language of what was found and what to do (default en)",
         false,
         {"en", "fr", "es", "ru", "zh", "ar"}}},
       run_doctor},
  };
}

}  // namespace focal::cli
