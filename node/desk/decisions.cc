#include "node/desk/decisions.h"

#include <array>

namespace focal::desk {
namespace {

constexpr std::array<std::string_view, 5> kActs = {"VERIFIED", "SUSPENDED", "RESUMED", "CONFIRMED",
                                                   "REJECTED"};
constexpr std::string_view kBy = " by ";

}  // namespace

std::string decision_text(const Decision& d) {
  std::string out = d.act;
  if (!d.how.empty()) out += " " + d.how;
  out.append(kBy).append(d.who);
  if (!d.reason.empty()) out += ": " + d.reason;
  return out;
}

std::optional<Decision> read_decision(std::string_view text) {
  const std::size_t by = text.find(kBy);
  if (by == std::string_view::npos) return std::nullopt;
  const std::string_view head = text.substr(0, by);
  const std::size_t blank = head.find(' ');
  Decision out;
  out.act = head.substr(0, blank);
  if (blank != std::string_view::npos) out.how = head.substr(blank + 1);
  bool known = false;
  for (const std::string_view act : kActs) known = known || out.act == act;
  if (!known) return std::nullopt;
  const std::string_view rest = text.substr(by + kBy.size());
  const std::size_t colon = rest.find(": ");
  out.who = rest.substr(0, colon);
  if (colon != std::string_view::npos) out.reason = rest.substr(colon + 2);
  return out;
}

}  // namespace focal::desk
