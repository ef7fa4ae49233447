#include "tests/sim/node.h"

#include <utility>

#include "crypto/hash.h"
#include "node/node/anchor.h"
#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

constexpr std::uint64_t kMonoStartMs = 1'000'000;

}  // namespace

Node::Node(Surroundings& around, Watcher& watcher, std::size_t number, const Party& party,
           std::unique_ptr<Store> store)
    : around_(around), watcher_(watcher), number_(number), party_(party), card_(party.card),
      keys_(party.keys), store_(std::move(store)) {
  keystore_[card_.card_id] = keys_;
}

Now Node::now() const {
  const std::uint64_t t = around_.queue.now_ms();
  return {kMonoStartMs + t,
          static_cast<std::uint64_t>(static_cast<std::int64_t>(kStartMs + t) + clock_offset_ms_)};
}

void Node::live_weekly() { weekly_ = std::make_unique<Weekly>(name()); }

void Node::found() {
  store::Txn txn{kStartMs, {store::PutOwnCard{card_.note, card_.card_id, card_.log_name,
                                              "first card"}}};
  if (!weekly_)  // else the first schedule is made in the first group
    txn.ops.push_back(store::PutSchedule{
        party_.name, keys_->schedule(exchange::next_schedule_serial(0, kStartMs), 0)});
  if (!store_->commit(txn)) throw Violation("store", "the first group does not commit");
  anchor_.note = node::empty_checkpoint(card_.log_name, keys_->log);
}

void Node::pin(const Party& other, store::PeerLevel level) {
  store::PeerRow row;
  row.party = other.name;
  row.level = level;
  row.card_note = other.card.note;
  if (!weekly_)
    row.schedule_note = other.keys->schedule(exchange::next_schedule_serial(0, kStartMs), 0);
  row.added_ms = kStartMs;
  store::Txn txn{kStartMs, {store::PutPeer{row, other.card.card_id},
                            store::SetTrust{other.name, other.card.card_id, level,
                                            store::Suspension::kNone, "PHONE", "simulated call"}}};
  if (!store_->commit(txn)) throw Violation("store", "a peer cannot be pinned");
}

void Node::pair(const Party& other) {
  const auto [low, high] = std::minmax(name(), other.name);
  const Hash32 psk = crypto::sha256({as_bytes("simulated pair secret"), as_bytes(low), as_bytes(high)});
  auto made = exchange::PairSecret::make(crypto::Secret::copy_of(psk), name(), other.name, {},
                                         kStartMs);
  made.confirmed_ms = kStartMs;
  made.told = true;
  pair_file_[std::string(exchange::kPairPrefix) + other.name] = made.encode();
}

void Node::start() {
  store_->reopen();
  read_own_cards();
  self_ = own_identity();
  exchange::MachineSettings settings = around_.settings;
  settings.start = compare_anchor();
  for (const auto& [file_name, value] : pair_file_)
    if (!self_.pairs.load(file_name, value.view())) throw Violation("store", "a stored pair secret does not load");
  if (!peers_.load(store_->peers())) throw Violation("store", "stored peers do not parse");
  ++life_;
  started_ms_ = around_.queue.now_ms();
  rng_ = std::make_unique<crypto::SeededRng>(around_.seed ^ (number_ * 1'000'003 + life_));
  core_ = std::make_unique<node::Core>(
      self_, peers_, *store_, [this](const store::Txn& txn) { return commit(txn); }, *rng_,
      std::move(settings),
      [this](exchange::LinkId link) { return around_.wires.can_send(number_, link); },
      node::Probe{}, [this](const exchange::PairBook& pairs) -> Status {
        pair_file_ = pairs.entries();
        return {};
      });
  if (!core_->machine().load(now())) throw Violation("store", "stored notes do not verify");
  process_ends_ = false;
  tend_anchor();
  // The process ended between the new card and its first schedule.
  if (weekly_) {
    weekly_->start(self_, *rng_);
  } else if (const auto published = exchange::parse_schedule(self_.schedule_note);
             published && published->sign != card_.sign) {
    publish(now(), week_of(now().wall_ms));
  }
  list_allowed();
  watcher_.started(*this);
  wake();
}

std::string Node::known_by(const Hash32& transport) const {
  const auto it = allowed_.find(transport);
  return it == allowed_.end() ? std::string() : it->second;
}

// What the gate is handed whenever the peers changed.
void Node::list_allowed() {
  std::map<Hash32, std::string> now;
  for (const auto& [party, peer] : peers_.all())
    if (peers_.may_link(peer)) now.emplace(peer.card.transport, party);
  if (now == allowed_) return;
  allowed_ = std::move(now);
  around_.wires.allow_list_changed(number_);
}

void Node::input(Input input) {
  if (!is_running()) return;
  inbox_.push_back(std::move(input));
  wake();
}

void Node::perform(Act act) { input(std::move(act)); }
void Node::link_up(exchange::LinkId link, std::size_t, const std::string& party, bool dialed) {
  input(LinkIsUp{link, party, dialed});
}
void Node::link_down(exchange::LinkId link) { input(LinkIsDown{link}); }
void Node::frame(exchange::LinkId link, Bytes bytes) { input(FrameIn{link, std::move(bytes)}); }

void Node::wake() {
  if (!is_running() || turn_due_) return;
  turn_due_ = true;
  around_.queue.at(std::max(around_.queue.now_ms(), busy_until_ms_), [this, life = life_] {
    if (life != life_ || !is_running()) return;
    turn_due_ = false;
    turn();
  });
}

// What the other shows of us in its HELLO taken out: a careless node does not want to know.
Bytes Node::without_claims(Bytes bytes) {
  auto parsed = exchange::parse_frame(bytes);
  auto* hello = parsed ? std::get_if<exchange::HelloFrame>(&*parsed) : nullptr;
  if (hello == nullptr) return bytes;
  hello->your_note.clear();
  hello->your_stmt.clear();
  hello->your_stmt_sig.clear();
  hello->your_cosig = {};
  return exchange::encode_frame(*hello);
}

void Node::take(const Now& now, Input& input) {
  exchange::Machine& machine = core_->machine();
  if (is_careless_) machine.guard().start({}, now);
  if (auto* frame = std::get_if<FrameIn>(&input)) {
    if (is_careless_) frame->bytes = without_claims(std::move(frame->bytes));
    watcher_.frame_in(*this, frame->link, frame->bytes);
    machine.frame(now, frame->link, frame->bytes);
  } else if (const auto* up = std::get_if<LinkIsUp>(&input)) {
    machine.link_up(now, up->link, up->party, up->dialed);
  } else if (const auto* down = std::get_if<LinkIsDown>(&input)) {
    machine.link_down(now, down->link, "the connection is lost");
  } else if (machine.guard().may_sign()) {  // else people can read, and bring a card
    std::get<Act>(input)(*this, now);
  }
}

void Node::turn() {
  ++group_;
  const Now now = this->now();
  if (is_careless_) core_->machine().guard().start({}, now);
  put_card(now);
  if (process_ends_) return end_process();
  put_revocations();
  core_->machine().accept_records(disk_low_until_ms_ <= around_.queue.now_ms());
  while (!inbox_.empty() && !core_->machine().group_is_full()) {
    Input next = std::move(inbox_.front());
    inbox_.pop_front();
    take(now, next);
  }
  core_->machine().tick(now);
  if (weekly_) weekly_->tend(now, *core_);
  if (is_careless_) core_->machine().guard().start({}, now);
  auto result = core_->finish_group(now);
  if (process_ends_) return end_process();
  const bool new_card = std::exchange(card_in_group_, false) && result.status.has_value();
  if (weekly_) weekly_->settle(now, result.status, *core_);
  watcher_.group_done(*this, result.status.has_value(), result.outputs);
  list_allowed();
  if (new_card) return end_process();
  tend_anchor();
  checkpoint(now);
  if (process_ends_) return end_process();
  watcher_.step(*this);
  busy_until_ms_ = around_.queue.now_ms() + 1 + rng_->below(12);
  around_.queue.at(busy_until_ms_,
                   [this, life = life_, outputs = std::move(result.outputs)]() mutable {
                     if (life == life_ && is_running()) leave(std::move(outputs));
                   });
  if (!inbox_.empty()) wake();
}

void Node::take_keys(const exchange::Card& card, const KeySet& keys) {
  card_ = card;
  keys_ = &keys;
  keystore_ = {{card.card_id, &keys}};
}

// The ledger decides which card the node has.
void Node::read_own_cards() {
  const auto rows = store_->own_cards();
  if (rows.empty()) return;
  old_cards_.clear();
  for (const store::OwnCardRow& row : rows) {
    auto card = exchange::parse_card(row.note);
    if (!card) throw Violation("ledger", "an own card does not parse", {name()});
    old_cards_.insert(old_cards_.begin(), std::move(*card));
  }
  card_ = old_cards_.front();
  old_cards_.erase(old_cards_.begin());
  keys_ = keystore_.at(card_.card_id);
  if (next_card_ && next_card_->card_id == card_.card_id) next_card_.reset();
}

std::vector<Hash32> Node::transports() const {
  std::vector<Hash32> out{keys_->transport.pk};
  for (const exchange::Card& old : old_cards_)
    if (old.transport != out.back() && out.size() < 2) out.push_back(old.transport);
  return out;
}

// With the keys that a node still has: the program ends them by the safe time (KeyLife), so a
// process that starts while its wall clock runs ahead has those of today all the same.
exchange::Identity Node::own_identity() {
  const auto week = std::max<std::size_t>(week_of(kStartMs + around_.queue.now_ms()), 3) - 3;
  exchange::Identity self = weekly_ ? weekly_->load(card_, *keys_, store_->own_schedule())
                                    : identity_of(card_, *keys_, store_->own_schedule(), week);
  // What was sealed to the keys before still has to be opened.
  for (const exchange::Card& old : old_cards_) {
    const auto held = keystore_.find(old.card_id);
    if (weekly_ || held == keystore_.end() || held->second == keys_) continue;
    for (std::size_t i = 0; i < kWeeks; ++i)
      self.sealing.push_back(held->second->sealing_key(week + i));
  }
  self.old_cards = old_cards_;
  self.notes = store_->own_revocations();
  return self;
}

void Node::publish(const Now& now, std::size_t first_week) {
  if (weekly_ || !core_->machine().guard().may_sign()) return;
  const auto serial = exchange::next_schedule_serial(self_.schedule_serial, now.wall_ms);
  self_.schedule_note = keys_->schedule(serial, first_week);
  self_.schedule_serial = serial;
  core_->write(store::PutSchedule{self_.party(), self_.schedule_note});
  core_->machine().own_schedule_changed();
}

void Node::leave(std::vector<exchange::Output> outputs) {
  for (auto& output : outputs) {
    if (auto* frame = std::get_if<exchange::SendFrame>(&output))
      around_.wires.send(number_, frame->link, std::move(frame->bytes));
    else
      around_.wires.close(number_, std::get<exchange::CloseLink>(output).link);
  }
}

Result<store::Committed> Node::commit(const store::Txn& txn) {
  if (disk_full_until_ms_ > around_.queue.now_ms()) {
    around_.counts.did(What::kNoSpace);
    // The store rolls the whole group back: its last operation cannot be done.
    store::Txn too_much = txn;
    too_much.ops.push_back(store::PutSchedule{"nobody", {}});
    if (store_->commit(too_much))
      throw Violation("store", name() + " committed what cannot be", {name()});
    watcher_.rolled_back(*this);
    return fail(ErrorCode::kNoSpace, "the simulated disk is full");
  }
  const DiskFault fault = std::exchange(disk_fault_, DiskFault::kNone);
  if (fault == DiskFault::kCrashBefore || fault == DiskFault::kIoBefore) {
    around_.counts.did(fault == DiskFault::kIoBefore ? What::kIoError : What::kCrashBeforeCommit);
    process_ends_ = true;
    return fail(ErrorCode::kIo, "the simulated process ended");
  }
  auto done = store_->commit(txn);
  if (!done)
    throw Violation("store", name() + " cannot commit a group: " + done.error().message, {name()});
  watcher_.committed(*this, txn, *done);
  if (fault != DiskFault::kNone) {
    around_.counts.did(fault == DiskFault::kIoAfter ? What::kIoError : What::kCrashAfterCommit);
    process_ends_ = true;
    return fail(ErrorCode::kIo, "the simulated process ended");
  }
  return done;
}

void Node::end_process(std::uint64_t off_ms) {
  core_.reset();
  inbox_.clear();
  turn_due_ = false;
  around_.wires.process_ended(number_);
  around_.queue.after(off_ms + 1000 + rng_->below(20'000), [this, life = life_] {
    if (life == life_ && !is_running()) start();
  });
}

void Node::fill_disk(std::uint64_t for_ms) {
  disk_full_until_ms_ = around_.queue.now_ms() + for_ms;
}

void Node::stay_off(std::uint64_t for_ms) {
  if (is_running()) end_process(for_ms);
}

void Node::lower_disk(std::uint64_t for_ms) {
  disk_low_until_ms_ = around_.queue.now_ms() + for_ms;
}

void Node::heal() {
  if (!is_running()) start();
  disk_low_until_ms_ = 0;
  disk_fault_ = DiskFault::kNone;
  disk_full_until_ms_ = 0;
}

}  // namespace focal::sim
