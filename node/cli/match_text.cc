#include "node/cli/match_text.h"

#include "node/cli/case_text.h"
#include "node/cli/width.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

std::string direction_of(const v1::WeaponMatch& match) {
  return (match.by_us() ? "by us to " : "by ") + match.party();
}

std::string outcome_of(const v1::WeaponMatch& match) {
  if (match.outcome().empty()) return "-";
  return match.outcome() + (match.outcome_text().empty() ? "" : " (" + match.outcome_text() + ")");
}

// In the cell of a table: what is unknown has no room there.
std::string score_and_why(const v1::WeaponMatch& match) {
  return std::to_string(match.score()) + " " + why_words(match, false);
}

}  // namespace

std::string why_words(const v1::WeaponMatch& match, bool unknown) {
  std::string out = match.tier_text().empty() ? match.tier() : match.tier_text();
  if (!match.serial_text().empty()) out += "; " + match.serial_text();
  for (const v1::MatchReason& reason : match.reasons()) {
    if (reason.text().empty() || (!unknown && reason.agreement() == "UNKNOWN")) continue;
    out += "; " + reason.text();
    if (reason.agreement() == "CONFLICT" || reason.agreement() == "RELATED")
      out += " (" + reason.asked() + " and " + reason.found() + ")";
  }
  return out;
}

std::string asked_before_text(const v1::TraceOpenResponse& ahead, const Look& look) {
  std::string note;
  if (!ahead.asked_note().empty()) note = "  (" + clean(ahead.asked_note()) + ")\n";
  if (ahead.asked_before().empty())
    return "asked before: none of these weapons is in this node\n" + note;
  Table table({"<WEAPON", "CASE", "ASKED", "DATE", "STATE", "RESULT", "~SCORE AND WHY"});
  std::string more;
  for (const v1::AskedBefore& asked : ahead.asked_before()) {
    for (const v1::WeaponMatch& match : asked.matches())
      table.add({std::to_string(asked.item_no()), match.case_number(), direction_of(match),
                 match.date(), match.state(), outcome_of(match), score_and_why(match)});
    const auto shown = static_cast<std::uint32_t>(asked.matches_size());
    if (asked.total() > shown)
      more += "  weapon " + std::to_string(asked.item_no()) + ": " +
              std::to_string(asked.total() - shown) + " more; 'focal find' shows them\n";
  }
  return paint("asked before, as far as this node knows (compare all the data):", Style::kWarn,
               look) +
         "\n" + table.text(look, 2) + more + note;
}

std::string links_text(const v1::TraceShowResponse& shown, const Look& look) {
  std::string out;
  if (!shown.links().empty()) {
    Table table(
        {"<WEAPON", "CASE", "ASKED", "DATE", "STATE", "RESULT", "VERDICT", "~SCORE AND WHY"});
    std::string decisions;
    for (const v1::WeaponLink& link : shown.links()) {
      const v1::WeaponMatch& match = link.match();
      const bool found = link.item_no() != 0;
      table.add({found ? std::to_string(link.item_no()) : "-", match.case_number(),
                 found ? direction_of(match) : "", match.date(), match.state(),
                 found ? outcome_of(match) : "", link.verdict().empty() ? "open" : link.verdict(),
                 found ? score_and_why(match) : "decided; the search does not find it any more"});
      if (!link.decision().empty())
        decisions += "  " + clean(match.case_number()) + " " + clean(link.verdict()) + ", " +
                     clean(short_time(link.decided_at())) + " UTC, " + clean(link.decision()) +
                     "\n";
    }
    out = "\n" +
          paint("Links: the same weapon in other cases? A person decides", Style::kBold, look) +
          "\n" + table.text(look, 2) + decisions;
    out += "  decide with: focal trace link " + clean(shown.trace().case_number()) +
           " OTHER-CASE --same|--different --reason 'TEXT'\n";
  }
  if (shown.links_dismissed() > 0)
    out += (out.empty() ? "\n  " : "  ") +
           count(shown.links_dismissed(), "case was found", "cases were found") +
           " to be about another weapon; --all lists them\n";
  return out;
}

}  // namespace focal::cli
