#include "node/desk/seizure_roads.h"

#include "node/desk/writing.h"
#include "node/record/codes.h"
#include "node/record/parties.h"

namespace focal::desk::seizure {
namespace {

std::string named(std::string_view code) { return record::party_with_name(code, "en"); }

// Other focal points of the same State that could be asked: "XB-ITI".
std::string others_of(node::Node& node, std::string_view country) {
  std::string out;
  for (const auto& [party, peer] : node.core().peers().all())
    if (party.starts_with(std::string(country) + "-")) out += (out.empty() ? "" : ", ") + party;
  return out;
}

Road nowhere(std::string text, std::string hint) { return {"", std::move(text), std::move(hint)}; }

Road former(std::string_view country) {
  std::string states;
  for (const std::string_view state : record::successors(country))
    states += (states.empty() ? "" : ", ") + named(state);
  return nowhere(std::string(record::country_name(country, "en").value_or(country)) +
                     " exists no more; who is asked instead is your decision",
                 (states.empty() ? "Name a State" : "Name one of " + states) + " with --route " +
                     std::string(country) + "=PARTY.");
}

}  // namespace

std::string_view country_of(const focal::v1::WeaponItem& item) {
  if (!item.country_of_import().code().empty()) return item.country_of_import().code();
  return item.country_of_manufacture().code();
}

Road road_to(node::Node& node, std::string_view country, const Routes& routes, const Now& now) {
  if (country.empty())
    return nowhere("neither a country of manufacture nor an import mark is known",
                   "Look for the marks again, or ask a State that may know the model by a request "
                   "of its own.");
  const auto route = routes.find(country);
  std::string party = route == routes.end() ? std::string(country) : route->second;
  const std::string& own = node.core().self().party();
  if (party == own || party == own.substr(0, own.find('-')))
    return nowhere("it is our own State", "Search our own registers.");
  if (!record::is_state_party(party))
    return record::is_country(country) && route == routes.end()
               ? former(country)
               : nowhere(party + " does not act for a State", "Tracing is between States.");
  if (node.core().peers().find(party) == nullptr) {
    const std::string others = others_of(node, country);
    return nowhere(named(party) + " is not met: no card of it is here",
                   others.empty()
                       ? "Exchange cards ('focal peer add FILE'), compare the safety number "
                         "('focal peer verify " +
                             party + "'), then import again."
                       : "That State is met as " + others + ": --route " + std::string(country) +
                             "=" + others.substr(0, others.find(',')) + ".");
  }
  if (const Status allowed = may_write_to(node, party, now); !allowed)
    return nowhere(allowed.error().message, allowed.error().hint);
  return {std::move(party), "", ""};
}

}  // namespace focal::desk::seizure
