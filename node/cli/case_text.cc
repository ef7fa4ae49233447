#include "node/cli/case_text.h"

#include "node/cli/width.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

std::string state_words(const v1::TraceCase& c) {
  return c.state() + (c.state_text().empty() ? "" : " (" + c.state_text() + ")") + flag_words(c);
}

}  // namespace

Style style_of(const v1::TraceCase& c) {
  if (c.overdue()) return Style::kBad;
  return c.needs_action() ? Style::kWarn : Style::kPlain;
}

std::string direction(const v1::TraceCase& c) {
  return (c.role() == "RESPONDER" ? "from " : "to ") + c.party();
}

std::string flag_words(const v1::TraceCase& c) {
  std::string out;
  for (const std::string& flag : c.flags()) out += " " + flag;
  return out;
}

std::string case_head(const v1::TraceCase& c, const Look& look) {
  return paint(clean(c.case_number()), Style::kBold, look) + "  request " + clean(direction(c)) +
         "  " + paint(clean(state_words(c)), style_of(c), look) + "\n";
}

std::string turn_words(const std::string& turn, const std::string& party) {
  if (turn == "OURS") return "ours";
  return turn == "THEIRS" ? party : std::string();
}

std::string as_code(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '-') c = '_';
  }
  return text;
}

}  // namespace focal::cli
