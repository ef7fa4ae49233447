// A whole node without I/O: the exchange machine, casework and the ledger joined
// into groups. The loop (node.h) and the simulator drive it the same way:
//   inputs… ; auto out = core.finish_group(now); … send out …
#pragma once

#include <functional>
#include <vector>

#include "config/retention.h"
#include "node/exchange/machine.h"
#include "node/node/culprit.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::node {

class Core {
 public:
  using Commit = std::function<Result<store::Committed>(const store::Txn&)>;
  using KeepPairs = std::function<Status(const exchange::PairBook&)>;

  // keep_pairs makes pair secrets durable; without it they last as long as self.
  Core(exchange::Identity& self, exchange::Peers& peers, store::View& view, Commit commit,
       crypto::Rng& rng, exchange::MachineSettings settings, exchange::Machine::CanSend can_send,
       Probe probe = {}, KeepPairs keep_pairs = {});

  exchange::Machine& machine() { return machine_; }
  const exchange::Machine& machine() const { return machine_; }
  exchange::Identity& self() { return self_; }
  exchange::Peers& peers() { return peers_; }
  store::View& view() { return view_; }

  // By which new records get their date; before the first group.
  void set_retention(const config::Retention& retention) { retention_ = retention; }

  // A write of the desk that joins the group (peers, trust, notes on the log).
  void write(store::Op op) { extra_.push_back(std::move(op)); }
  const std::vector<store::Op>& written() const { return extra_; }  // of the group under way

  struct GroupResult {
    Status status;                            // of the commit
    std::vector<exchange::Output> outputs;    // to send now
    bool erased = false;                      // records were destroyed
  };
  // Commits what the inputs since the last call ask for, and tells what may
  // leave. Without anything to write nothing is committed.
  GroupResult finish_group(const Now& now);
  // Called with every group that was committed, when the machine knows of it too: what changed
  // follows from its operations. Empty: nobody. Set while no group is under way.
  void set_told(std::function<void(const store::Txn&)> told) { told_ = std::move(told); }
  // Are older records being indexed, or dated? Then another group has something to write at once. After
  // a group that could not be stored not for a while.
  bool is_indexing(const Now& now) {
    return now.mono_ms >= index_after_ms_ &&
           (!view_.index_progress().complete() || !view_.dating_progress().complete());
  }

 private:
  Status settle_pairs(const Now& now);          // before the commit, and after one with drops

  exchange::Identity& self_;
  exchange::Peers& peers_;
  store::View& view_;
  Commit commit_;
  Probe probe_;                               // may be empty: then a bad row is not looked for
  KeepPairs keep_pairs_;
  exchange::Machine machine_;
  std::vector<store::Op> extra_;
  config::Retention retention_;
  std::function<void(const store::Txn&)> told_;  // may be empty
  std::uint64_t index_after_ms_ = 0;          // monotonic
  std::uint64_t pairs_after_ms_ = 0;          // monotonic
};

}  // namespace focal::node
