#include "node/desk/link_words.h"

#include "base/clock.h"

namespace focal::desk {

namespace {

std::string english(const char* key, std::vector<Place> places = {}) {
  return in_words(say(key, std::move(places)), kEnglish);
}

}  // namespace

NoLink no_link(const std::string& party, bool has_endpoint, const node::DialTrouble* trouble,
               const exchange::LinkState& link) {
  if (trouble != nullptr && trouble->why == gate::DialWhy::kRefusedKey)
    return {"REFUSED_BY_PEER", trouble->reason, english("way.refused_by_peer.do")};
  if (trouble != nullptr)
    return {"NOT_REACHED", trouble->reason,
            "Check the address on their card and the network; the node goes on trying. 'focal "
            "doctor " + party + "' looks for the reason."};
  if (!has_endpoint)
    return {"NO_ENDPOINT", english("way.no_endpoint", {{"party", party}}),
            english("way.no_endpoint.do")};
  if (!link.trouble.empty()) return {"LINK_ENDED", link.trouble, {}};
  return {};
}

Phrase span_of(std::uint64_t ms) {
  struct Unit {
    std::uint64_t ms;
    const char* one;
    const char* many;
  };
  static constexpr Unit kUnits[] = {{kDayMs, "span.day", "span.days"},
                                    {kHourMs, "span.hour", "span.hours"},
                                    {kMinuteMs, "span.minute", "span.minutes"},
                                    {kSecondMs, "span.second", "span.seconds"}};
  for (const Unit& unit : kUnits) {
    const std::uint64_t n = ms / unit.ms;
    if (n != 0) return n == 1 ? say(unit.one) : say(unit.many, {{"count", n}});
  }
  return say("span.less");
}

}  // namespace focal::desk
