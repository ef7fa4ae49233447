#include "node/node/gate_report.h"

#include <algorithm>

namespace focal::node {
namespace {

using exchange::DoctorReach;
using gate::DialWhy;

DoctorReach reach_of(DialWhy why) {
  switch (why) {
    case DialWhy::kNoName:
    case DialWhy::kNameServer: return DoctorReach::kNoName;
    case DialWhy::kNoConnection: return DoctorReach::kNoConnection;
    case DialWhy::kHandshake: return DoctorReach::kNoHandshake;
    case DialWhy::kRefusedKey: return DoctorReach::kKeyRefused;
    case DialWhy::kPutOff:
    case DialWhy::kEnded:
    case DialWhy::kOther: break;
  }
  return DoctorReach::kNotSaid;
}

}  // namespace

void GateReport::dial_failed(const gate::DialFailed& failed, std::uint64_t wall_ms) {
  auto& troubles = dial_trouble[failed.party];
  std::erase_if(troubles, [&](const DialTrouble& old) { return old.endpoint == failed.endpoint; });
  // Of endpoints that its schedule no longer names.
  if (troubles.size() >= gate::kMaxEndpoints) troubles.erase(troubles.begin());
  troubles.push_back({failed.endpoint, failed.why, failed.reason, wall_ms + failed.retry_ms});
}

void GateReport::link_up(const gate::LinkUp& up) {
  dial_trouble.erase(up.party);
  (up.direction == gate::Direction::kDialed ? reached_at : called_from)[up.party] = up.detail;
}

const DialTrouble* GateReport::furthest(const std::string& party) const {
  const auto known = dial_trouble.find(party);
  if (known == dial_trouble.end() || known->second.empty()) return nullptr;
  // Of two that came equally far the newer one.
  return &*std::max_element(
      known->second.rbegin(), known->second.rend(),
      [](const DialTrouble& a, const DialTrouble& b) { return a.why < b.why; });
}

exchange::LinkOutside outside_of(const GateReport& report, const std::string& party) {
  exchange::LinkOutside out;
  if (const DialTrouble* trouble = report.furthest(party)) {
    out.reach = reach_of(trouble->why);
    out.address = trouble->endpoint;
  }
  const auto called = report.called_from.find(party);
  if (called != report.called_from.end()) out.called_from = called->second;
  return out;
}

}  // namespace focal::node
