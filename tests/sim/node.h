// A node: the production core on a store, with a disk and a clock that can fail. What
// arrives while a group is committed forms the next group, as in the node's loop
// (node/node/node.cc). A thief's node is one too, on stolen keys and a stolen copy.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <variant>

#include "node/node/core.h"
#include "tests/sim/anchor_disk.h"
#include "tests/sim/counts.h"
#include "tests/sim/endpoint.h"
#include "tests/sim/parties.h"
#include "tests/sim/queue.h"
#include "tests/sim/store.h"
#include "tests/sim/watcher.h"
#include "tests/sim/weekly.h"
#include "tests/sim/wires.h"

namespace focal::sim {

enum class DiskFault : std::uint8_t { kNone, kCrashBefore, kCrashAfter, kIoBefore, kIoAfter };
// With an older copy of the ledger the anchor stays as it is, or is set back too.
enum class AnchorCopy : std::uint8_t { kKept, kSetBack };

// What all nodes of a world share. Outlives them.
struct Surroundings {
  Queue& queue;
  Wires& wires;
  Counts& counts;
  std::uint64_t seed = 0;
  exchange::MachineSettings settings{};
};

class Node final : public Endpoint {
 public:
  using Act = std::function<void(Node&, const Now&)>;

  // number: of the endpoint.
  Node(Surroundings& around, Watcher& watcher, std::size_t number, const Party& party,
       std::unique_ptr<Store> store);

  const std::string& name() const override { return party_.name; }
  std::size_t number() const { return number_; }
  const Party& party() const { return party_; }
  const exchange::Card& card() const { return card_; }  // its own, as it uses it
  const KeySet& keys() const { return *keys_; }
  Store& store() { return *store_; }
  node::Core& core() { return *core_; }
  Now now() const;

  // Signs whatever its owner likes: no guard, no anchor. A thief's node, and one that lies.
  std::uint64_t started_ms() const { return started_ms_; }  // of this process
  void be_careless() { is_careless_ = true; }
  void live_weekly();                     // before found(): its sealing keys come and go
  bool lives_weekly() const { return weekly_ != nullptr; }
  void found();                           // first start: own schedule into the ledger
  void pin(const Party& other, store::PeerLevel level);  // before start()
  void pair(const Party& other);          // a pair secret both have confirmed; before start()
  void start();                           // opens what the disk holds
  bool is_running() const override { return core_ != nullptr; }
  void perform(Act act);                  // joins the next group
  void tick() { wake(); }
  // Before start(): not the party's first card, but this one.
  void take_keys(const exchange::Card& card, const KeySet& keys);
  // Revocations of its own: into the ledger, and to every link.
  void announce(std::vector<std::string> revocations);
  // The next card of its own, as the custodian brings it: into the ledger; then the process
  // starts anew with it.
  void apply_card(exchange::Card card, const KeySet& keys);
  // A newer schedule, from that week on; joins the group under way.
  void publish(const Now& now, std::size_t first_week);

  std::vector<Hash32> transports() const override;
  std::string known_by(const Hash32& transport) const override;
  void link_up(exchange::LinkId link, std::size_t other, const std::string& party,
               bool dialed) override;
  void link_down(exchange::LinkId link) override;
  void frame(exchange::LinkId link, Bytes bytes) override;

  // Faults.
  void fail_next_commit(DiskFault fault) { disk_fault_ = fault; }
  void fill_disk(std::uint64_t for_ms);
  void lower_disk(std::uint64_t for_ms);  // no more credit for records, receipts still flow
  // The process ends between a checkpoint and its anchor; or, where it is shown too early, before
  // its COMMIT.
  void fail_next_checkpoint() { checkpoint_fails_ = true; }
  // A copy of the disk, now; with kSetBack of the anchor too, which only witnesses can make good.
  void put_copy_aside(AnchorCopy anchor);
  bool restore_older_copy();              // ends the process; it starts with the copy
  bool lose_anchor();                     // ends the process; false: none was there
  void forget_anchor() { anchor_ = {}; }
  bool is_witnessed();                    // others cosigned this log, by the list in force
  void set_clock(std::int64_t offset_ms) { clock_offset_ms_ = offset_ms; }
  std::int64_t clock() const { return clock_offset_ms_; }
  void heal();
  void stay_off(std::uint64_t for_ms);    // its process ends, and starts again so much later
  bool was_restored() const { return restored_; }

  std::uint64_t group() const { return group_; }  // counts turns; for the watch

 private:
  struct LinkIsUp { exchange::LinkId link; std::string party; bool dialed; };
  struct LinkIsDown { exchange::LinkId link; };
  struct FrameIn { exchange::LinkId link; Bytes bytes; };
  using Input = std::variant<LinkIsUp, LinkIsDown, FrameIn, Act>;

  Result<store::Committed> commit(const store::Txn& txn);
  void input(Input input);
  void wake();
  void turn();
  static Bytes without_claims(Bytes frame);
  void take(const Now& now, Input& input);
  void leave(std::vector<exchange::Output> outputs);
  exchange::StartFacts compare_anchor();  // node_log.cc
  void tend_anchor();
  void checkpoint(const Now& now);
  void sign_checkpoint(const Now& now);
  void end_process(std::uint64_t off_ms = 0);
  void put_card(const Now& now);
  void put_revocations();
  void read_own_cards();
  exchange::Identity own_identity();
  void list_allowed();

  Surroundings& around_;
  Watcher& watcher_;
  std::size_t number_;
  const Party& party_;
  exchange::Card card_;                   // as the ledger says, or the first one
  const KeySet* keys_;
  std::vector<exchange::Card> old_cards_;   // newest first
  std::map<Hash32, const KeySet*> keystore_;  // by card_id; outlives the process
  std::optional<exchange::Card> next_card_;
  std::map<std::uint64_t, exchange::Card> brought_;  // by a custodian; by serial
  std::vector<std::string> announced_;    // for the next group
  AnchorDisk anchor_;
  std::optional<AnchorDisk> anchor_copy_;
  std::string anchor_due_;                // what the anchor is to hold
  bool begins_log_ = false;               // its first checkpoint is due at once
  bool is_careless_ = false;
  bool checkpoint_fails_ = false;
  std::unique_ptr<Weekly> weekly_;
  std::map<Hash32, std::string> allowed_;  // transport key -> party
  std::unique_ptr<Store> store_;
  std::map<std::string, crypto::Secret> pair_file_;  // what its keystore holds of pairs
  exchange::Identity self_;
  exchange::Peers peers_;
  std::unique_ptr<crypto::SeededRng> rng_;
  std::unique_ptr<node::Core> core_;
  std::uint64_t started_ms_ = 0;          // when the newest of them began
  std::uint64_t life_ = 0;                // processes so far
  std::uint64_t group_ = 0;
  std::uint64_t busy_until_ms_ = 0;
  bool turn_due_ = false;
  bool process_ends_ = false;             // found out while committing
  bool card_in_group_ = false;
  bool restored_ = false;
  std::deque<Input> inbox_;
  DiskFault disk_fault_ = DiskFault::kNone;
  std::uint64_t disk_full_until_ms_ = 0;
  std::uint64_t disk_low_until_ms_ = 0;
  std::int64_t clock_offset_ms_ = 0;
};

}  // namespace focal::sim
