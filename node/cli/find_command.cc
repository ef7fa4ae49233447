// focal find: weapons that can be the one asked for, with the reasons.
#include <istream>

#include "node/cli/case_text.h"
#include "node/cli/families.h"
#include "node/cli/match_text.h"
#include "node/cli/session.h"
#include "node/cli/width.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string out;
  for (const std::string& part : parts)
    if (!part.empty()) out += (out.empty() ? "" : between) + part;
  return out;
}

std::string weapon_words(const v1::WeaponMatch& m) {
  return joined({m.make(), m.model(), m.calibre(), m.type_text()}, ", ");
}

std::string place_words(const v1::WeaponMatch& m) {
  if (m.case_number().empty()) return "-";
  return m.case_number() + " item " + std::to_string(m.item_no());
}

std::string result_words(const v1::WeaponMatch& m) {
  if (!m.outcome().empty()) return m.outcome();
  return m.state().empty() ? "-" : "none yet (" + m.state() + ")";
}

Style style_of(const v1::WeaponMatch& m) {
  constexpr int kLikely = 80;
  return m.score() >= kLikely ? Style::kBold : Style::kPlain;
}

std::string list(const google::protobuf::RepeatedPtrField<std::string>& entries) {
  return joined({entries.begin(), entries.end()}, "; ");
}

std::string matches_text(const v1::FindResponse& answer, const Look& look) {
  Table table({"<SCORE", "SERIAL", "CASE", "PARTY", "DATE", "~WEAPON", "RESULT"});
  std::vector<std::pair<std::string, Cell>> reasons;
  for (const v1::WeaponMatch& m : answer.matches()) {
    table.add({{std::to_string(m.score()), style_of(m)},
               m.serial(),
               place_words(m),
               (m.by_us() ? "to " : "from ") + m.party(),
               m.date(),
               weapon_words(m),
               result_words(m)});
    reasons.emplace_back(clean(std::to_string(m.score()) + "  " + place_words(m)), why_words(m, true));
  }
  return table.text(look) + "\n" + paint("Why", Style::kBold, look) + "\n" +
         labelled(reasons, look);
}

// What the list leaves out, however it looks.
std::string limits_text(const v1::FindResponse& answer, const Look& look) {
  std::string out;
  if (answer.total() > static_cast<std::uint32_t>(answer.matches_size()))
    out += std::to_string(answer.matches_size()) + " of " + std::to_string(answer.total()) +
           "; see more with --limit and --skip\n";
  if (answer.cut_off())
    out += paint("Too many numbers fit: not all were compared. ", Style::kWarn, look) +
           "Give more characters, or the maker.\n";
  if (answer.not_indexed() > 0)
    out += paint(count(answer.not_indexed(), "entry", "entries") +
                     " of the ledger cannot be searched yet; ",
                 Style::kWarn, look) +
           "they are being indexed: ask again in a minute.\n";
  if (answer.not_held() > 0)
    out += paint(count(answer.not_held(), "number", "numbers") +
                     " had no room in the memory of the index: ",
                 Style::kWarn, look) +
           "they are found only by an equal number.\n";
  return out;
}

Result<std::string> serial_of(Session& session, const Values& values) {
  if (values.text("SERIAL") != "-") return values.text("SERIAL");
  std::string line;
  std::getline(session.io().in, line);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace

Result<int> run_find(Session& session, const Values& values) {
  v1::FindRequest request;
  FOCAL_ASSIGN(*request.mutable_serial(), serial_of(session, values));
  for (const std::string& each : values.list("--or")) request.add_alternatives(each);
  request.set_make(values.text("--make"));
  request.set_model(values.text("--model"));
  request.set_calibre(values.text("--calibre"));
  request.set_type(as_code(values.text("--type")));
  request.set_limit(values.number("--limit", 0));
  request.set_skip(values.number("--skip", 0));
  v1::FindResponse answer;
  FOCAL_TRY(session.post("/v1/find", request, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  std::string out;
  if (answer.matches_size() == 0)
    out = "No weapon of this node fits. Looked through " +
          count(answer.readings(), "number", "numbers") + ".\n";
  else
    out = matches_text(answer, look);
  const std::string limits = limits_text(answer, look);
  if (!limits.empty()) out += "\n" + limits;
  out += "\n" + labelled({{"tried", list(answer.tried())},
                          {"not found", list(answer.not_found())},
                          {"note", answer.caution()}},
                         look);
  session.print(out);
  return kExitOk;
}

}  // namespace focal::cli
