// The running node: the one loop that reads clock and sockets. It owns the core,
// the ledger, the keys and the gate client; everything else asks it to do work
// on its thread. Group commit is natural: all that came while the last group was
// committed forms the next one.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "config/config.h"
#include "crypto/keystore.h"
#include "node/gate/gate_client.h"
#include "node/ledger/keystore_kek.h"
#include "node/ledger/ledger.h"
#include "node/exchange/revocation.h"
#include "node/node/anchor.h"
#include "node/node/checkpointing.h"
#include "node/node/core.h"
#include "node/node/erasure.h"
#include "node/node/gate_report.h"
#include "node/node/key_life.h"
#include "node/node/keys.h"
#include "node/node/own_card.h"
#include "node/node/person_keys.h"

namespace focal::node {

// What a node tells as it happens, on the loop's thread; what it calls must not block.
struct Watch {
  // Of what no group says: links, and what the gate says of them; the state of node, gate and
  // disk; own checkpoints.
  enum class Moved : std::uint8_t { kLinks, kState, kLog };
  std::function<void(const store::Txn&)> committed;  // a group, after its commit
  std::function<void(Moved)> moved;
};

class Node {
 public:
  // Opens keystore, ledger and card of the folder and checks that they belong
  // together; extends the sealing schedule. Nothing listens yet.
  static Result<std::unique_ptr<Node>> open(config::NodeConfig config,
                                            const crypto::Secret& passphrase, const Now& now,
                                            exchange::MachineSettings settings = {});
  // The same node anew, after run() ended with wants_restart(): as if the process had been
  // started again, without the passphrase.
  static Result<std::unique_ptr<Node>> reopen(std::unique_ptr<Node> ended, const Now& now);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // Starts the gate and serves until stop(). Returns what ended it.
  Status run();
  void stop();                                       // any thread, also a signal handler

  // Runs act on the loop's thread, commits its group, then runs after (if act
  // and commit were fine), then returns. The caller's thread waits. kBusy when
  // the queue is full, kUnavailable when the node is stopping.
  Status perform(std::function<Status(const Now&)> act,
                 std::function<void(const Now&)> after = {});

  // Only inside perform().
  Core& core() { return *core_; }
  ledger::Ledger& ledger() { return *ledger_; }
  const config::NodeConfig& config() const { return config_; }
  const GateReport& gate_report() const { return gate_report_; }
  bool disk_is_low() const { return disk_is_low_; }
  std::uint64_t started_ms() const { return started_ms_; }
  std::uint64_t card_expires_ms() const { return self_.card.expires_ms; }
  void links_changed();                              // peers changed: allow-list and dial plan
  // KeyLife::replace; detail says who and why.
  Status replace_seal_keys(const Now& now, const std::string& detail) {
    return key_life_.replace(now, detail, *core_);
  }

  // What the desk has to do by the clock: called in every turn, on the loop's thread, before the
  // group is committed. Set while the loop does not run; empty: nothing.
  void set_chore(std::function<void(const Now&)> chore) { chore_ = std::move(chore); }

  // Set while the loop does not run; empty: nobody is told.
  void set_watch(Watch watch);
  // Called at the end of every turn, and of nothing else: while it is called the loop really turns.
  void set_pulse(std::function<void(const Now&)> pulse) { pulse_ = std::move(pulse); }

  // What the loop does in every turn, for whoever drives a node without it (tests): what is
  // due by the clock, and a group with what follows from its commit.
  void tend(const Now& now) {
    key_life_.tend(now, *core_);
    end_old_transport(now);
    tend_anchor(now);
    if (chore_) chore_(now);
    erasure_->tend(now, *core_, !disk_is_low_ && core_->machine().guard().may_sign());
  }
  Core::GroupResult commit_group(const Now& now);
  void checkpoint(const Now& now);         // after the group: an own checkpoint, if one is due

  // Only inside perform(): erasures, and what is due by its time.
  Erasure& erasure() { return *erasure_; }

  // node_card.cc; only inside perform(). The next card of this node (own_card.h).
  Result<PendingCard> prepare_next_card(const CardWish& wish, const Now& now);
  Result<std::optional<PendingCard>> next_card() const { return pending_card(keystore_); }
  Status cancel_next_card() { return cancel_card(keystore_, rng_); }
  // Puts the card into the group under way; when that is committed the node ends in order
  // and wants to be opened again. Errors of check_applied(); kNotFound.
  Result<exchange::Card> apply_next_card(std::string_view note, const std::string& detail,
                                         const Now& now);
  // Joins the group under way; then revocation_published() gives it to every link. Returns the
  // serial of the revoked card. kNotFound: no card of this node.
  Result<std::uint64_t> publish_revocation(const exchange::Revocation& revocation,
                                           const std::string& detail);
  void revocation_published(const std::string& note);
  void restart_soon();                               // in perform()'s `after`
  // While peers that only dial are told of a new transport key, callers are answered with
  // the old one (docs/protocol.md, "A new transport key"); then the node opens itself again.
  bool is_handing_over() const { return hand_over_until_ms_ != 0; }
  bool wants_restart() const { return wants_restart_; }

  // node_start.cc. Whether this copy of the node may sign, for anybody who asks, on any thread.
  struct RunView {
    exchange::RunState state = exchange::RunState::kRunning;
    std::string words, next;               // as RollbackGuard
  };
  RunView run_view() const;
  // Only inside perform(): what is durable outside the database.
  const Anchor& anchor() const { return anchor_; }
  bool anchor_is_current() const { return anchor_.holds(anchor_due_); }
  std::vector<std::string> key_names() const { return keystore_.names(); }

  // Only inside perform(), or while the loop does not run: person_keys.h.
  Result<crypto::Secret> make_person_key(std::int64_t person) {
    return node::make_person_key(keystore_, person, rng_);
  }
  Result<std::optional<crypto::Secret>> find_person_key(std::int64_t person) const {
    return node::find_person_key(keystore_, person);
  }
  Status keep_person_keys(std::span<const std::int64_t> persons) {
    return node::keep_person_keys(keystore_, persons, rng_);
  }

 private:
  struct Task {
    std::function<Status(const Now&)> act;
    std::function<void(const Now&)> after;
    std::promise<Status> done;
  };

  struct Backlog {                         // frames the gate could not take yet
    std::deque<Bytes> frames;
    std::size_t bytes = 0;
  };

  Node(config::NodeConfig config, crypto::Keystore keystore);
  Status open_rest(const Now& now, exchange::MachineSettings settings);
  Status serve();
  void turn(const Now& now);
  void wait_for_work(const Now& now);
  void take_gate_events(const Now& now);
  void on_gate_event(const Now& now, const gate::GateEvent& event);
  void take_tasks(const Now& now);
  Status finish_group(const Now& now);
  void send_out(std::vector<exchange::Output> outputs);
  void flush_link(exchange::LinkId link);
  void end_link(exchange::LinkId link);
  void end_links_that_do_not_read();
  void watch_disk(const Now& now);
  Status anchor_older_ledger();
  exchange::StartFacts compare_anchor();
  void begin_anchor(const Now& now);
  void tend_anchor(const Now& now);
  void tell_run_state();
  void moved(Watch::Moved what) const {
    if (watch_.moved) watch_.moved(what);
  }
  bool is_checkpoint_due(std::uint64_t wall_ms) const;
  Result<store::CheckpointRow> make_checkpoint(std::uint64_t wall_ms);
  std::uint64_t transport_since() const;
  void begin_hand_over(const Now& now);
  void end_old_transport(const Now& now);
  void hand_over_to(const std::string& party, bool up);
  Status load_own_notes();
  void remember_own(const std::string& note);
  std::unique_ptr<gate::GateClient> make_gate() const;
  bool can_send(exchange::LinkId link) const;
  void fail_tasks();

  config::NodeConfig config_;
  crypto::Keystore keystore_;
  crypto::SystemRng rng_;
  OnlineKeys keys_;
  exchange::Identity self_;
  KeyLife key_life_{self_, keystore_, config_, rng_};
  exchange::Peers peers_;
  std::unique_ptr<ledger::KeystoreKek> keks_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<Erasure> erasure_;
  std::unique_ptr<gate::GateClient> gate_;
  GateReport gate_report_;
  std::uint64_t started_ms_ = 0;
  std::uint64_t next_disk_ms_ = 0;
  bool disk_is_low_ = false;
  exchange::MachineSettings settings_;
  std::uint64_t next_transport_ms_ = 0;                    // monotonic
  std::uint64_t hand_over_until_ms_ = 0;                   // monotonic; 0 = not
  std::map<std::string, bool> to_tell_;                    // parties that only dial: linked since
  bool has_handed_over_ = false;                           // all of them were told in this process
  bool log_ends_ = false;                                  // no checkpoint under the old log key
  bool wants_restart_ = false;
  Anchor anchor_;
  std::string anchor_due_;                                 // what the anchor is to hold
  std::uint64_t next_anchor_ms_ = 0;                       // monotonic
  bool is_closed_noted_ = false;
  bool begins_log_ = false;                                // its first checkpoint is due at once
  Checkpointing checkpointing_{[this](std::uint64_t ms) { return is_checkpoint_due(ms); },
                               [this](std::uint64_t ms) { return make_checkpoint(ms); },
                               [this](const std::string& note) { return anchor_.write(note); }};
  std::deque<gate::GateEvent> events_;                     // for the next group
  std::map<exchange::LinkId, Backlog> backlog_;
  Status failure_;                                         // what ended the loop
  std::function<void(const Now&)> chore_;
  std::function<void(const Now&)> pulse_;
  Watch watch_;

  mutable std::mutex run_mutex_;
  RunView run_view_;                                       // guarded by run_mutex_

  int wake_fd_ = -1;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::deque<std::unique_ptr<Task>> tasks_;                // guarded by mutex_
  bool closed_ = false;                                    // guarded by mutex_
  std::vector<std::unique_ptr<Task>> in_group_;
};

}  // namespace focal::node
