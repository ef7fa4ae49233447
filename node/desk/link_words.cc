#include "node/desk/link_words.h"

#include "base/clock.h"

namespace focal::desk {

std::string no_endpoint_text(const std::string& party) {
  return "no address of " + party + " is known: it has to dial us";
}

NoLink no_link(const std::string& party, bool has_endpoint, const node::DialTrouble* trouble,
               const exchange::LinkState& link) {
  if (trouble != nullptr && trouble->why == gate::DialWhy::kRefusedKey)
    return {"REFUSED_BY_PEER", trouble->reason, std::string(kRefusedHint)};
  if (trouble != nullptr)
    return {"NOT_REACHED", trouble->reason,
            "Check the address on their card and the network; the node goes on trying. 'focal "
            "doctor " + party + "' looks for the reason."};
  if (!has_endpoint)
    return {"NO_ENDPOINT", no_endpoint_text(party), std::string(kNoEndpointHint)};
  if (!link.trouble.empty()) return {"LINK_ENDED", link.trouble, {}};
  return {};
}

std::string span_words(std::uint64_t ms) {
  struct Unit {
    std::uint64_t ms;
    const char* one;
    const char* many;
  };
  static constexpr Unit kUnits[] = {{kDayMs, " day", " days"},
                                    {kHourMs, " hour", " hours"},
                                    {kMinuteMs, " minute", " minutes"},
                                    {kSecondMs, " second", " seconds"}};
  for (const Unit& unit : kUnits) {
    const std::uint64_t n = ms / unit.ms;
    if (n != 0) return std::to_string(n) + (n == 1 ? unit.one : unit.many);
  }
  return "less than a second";
}

}  // namespace focal::desk
