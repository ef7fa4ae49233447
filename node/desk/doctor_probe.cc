#include "node/desk/doctor_probe.h"

#include <system_error>
#include <thread>

namespace focal::desk {
namespace {

// One of a few at a time.
class Turn {
 public:
  explicit Turn(std::atomic<int>& under_way) : under_way_(under_way), count_(++under_way) {}
  ~Turn() { --under_way_; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool has_come() const { return count_ <= Prober::kMostAtOnce; }

 private:
  std::atomic<int>& under_way_;
  int count_;
};

}  // namespace

Result<std::vector<gate::Probe>> Prober::look_at(const std::vector<std::string>& endpoints) {
  const Turn turn(under_way_);
  if (!turn.has_come())
    return fail(ErrorCode::kBusy, "the addresses of other parties are being looked at",
                "Try again in some seconds.");
  std::vector<gate::Probe> out(endpoints.size());
  std::vector<std::thread> threads;
  threads.reserve(endpoints.size());
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    out[i].endpoint = endpoints[i];
    try {
      threads.emplace_back([&, i] { out[i] = gate::probe(endpoints[i], resolver_); });
    } catch (const std::system_error&) {  // no thread to be had: it stays ProbeOutcome::kFailed
    }
  }
  for (std::thread& thread : threads) thread.join();
  return out;
}

}  // namespace focal::desk
