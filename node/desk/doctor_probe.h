// Looks at the addresses of a party for the doctor: all at once, each in a thread of its own that
// ends with it, off the node's loop (node/gate/probe.h).
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/result.h"
#include "node/gate/probe.h"

namespace focal::desk {

class Prober {
 public:
  static constexpr int kMostAtOnce = 4;  // parties that are looked at at one time

  // ask: as Resolver; for tests.
  explicit Prober(gate::Resolver::Ask ask = gate::look_up) : resolver_(std::move(ask)) {}
  // In the order given; takes about gate::kProbeMs at most. kBusy: kMostAtOnce are under way.
  Result<std::vector<gate::Probe>> look_at(const std::vector<std::string>& endpoints);

 private:
  gate::Resolver resolver_;
  std::atomic<int> under_way_{0};
};

}  // namespace focal::desk
