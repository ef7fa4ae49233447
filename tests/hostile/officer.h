// An honest officer who releases test records to the other honest party, a few at a time,
// and waits for their receipts. What "late" means is counted in restarts of the gate that
// is attacked, never in time.
#pragma once

#include <atomic>
#include <cstdint>
#include <set>
#include <string>
#include <thread>

#include "node/cli/client.h"
#include "tests/e2e/harness.h"

namespace focal::hostile {

// How often the gate of a node was started again, and why the last time.
struct GateState {
  std::uint32_t restarts = 0;
  std::string last_error;
};
GateState gate_of(cli::Client& node);

// The id of the record, or nothing if the node did not take it.
struct Released {
  std::string rid, outbox_id;
};
std::optional<Released> release_ping(cli::Client& node, const std::string& to);

class Officer {
 public:
  // at releases to `to`; attacked: the node whose gate is attacked.
  Officer(const e2e::Party& at, std::string to, const e2e::Party& attacked);

  std::set<std::string> stop();  // when the round under way has ended
  // Restarts of the attacked gate before the round that is under way.
  std::uint32_t round_began_after() const { return round_began_after_; }
  std::uint64_t rounds() const { return rounds_; }
  std::uint32_t most_restarts() const { return most_restarts_; }  // within any one round

 private:
  void work(const std::stop_token& over);
  void wait_for_receipt(const std::string& outbox_id);

  cli::Client node_, attacked_;
  std::string to_;
  std::set<std::string> ids_;
  std::atomic<std::uint32_t> round_began_after_ = 0, most_restarts_ = 0;
  std::atomic<std::uint64_t> rounds_ = 0;
  std::jthread work_;
};

}  // namespace focal::hostile
