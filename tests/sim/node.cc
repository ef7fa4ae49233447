#include "tests/sim/node.h"

#include "crypto/hash.h"
#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

constexpr std::uint64_t kMonoStartMs = 1'000'000;

}  // namespace

Node::Node(Surroundings& around, Watcher& watcher, std::size_t number, const Party& party,
           std::unique_ptr<Store> store)
    : around_(around), watcher_(watcher), number_(number), party_(party), card_(party.card),
      keys_(party.keys), transport_(party.keys->transport.pk), store_(std::move(store)) {}

Now Node::now() const {
  const std::uint64_t t = around_.queue.now_ms();
  return {kMonoStartMs + t,
          static_cast<std::uint64_t>(static_cast<std::int64_t>(kStartMs + t) + clock_offset_ms_)};
}

void Node::found() {
  const std::string note = keys_->schedule(exchange::next_schedule_serial(0, kStartMs), 0);
  store::Txn txn{kStartMs, {store::PutSchedule{party_.name, note}}};
  if (!store_->commit(txn)) throw Violation("store", "the first group does not commit");
}

void Node::pin(const Party& other, store::PeerLevel level) {
  store::PeerRow row;
  row.party = other.name;
  row.level = level;
  row.card_note = other.card.note;
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
  pair_file_[std::string(exchange::kPairPrefix) + other.name] = made.encode();
}

void Node::start() {
  store_->reopen();
  self_ = own_identity(now());
  for (const auto& [file_name, value] : pair_file_)
    if (!self_.pairs.load(file_name, value.view())) throw Violation("store", "a stored pair secret does not load");
  if (!peers_.load(store_->peers())) throw Violation("store", "stored peers do not parse");
  ++life_;
  rng_ = std::make_unique<crypto::SeededRng>(around_.seed ^ (number_ * 1'000'003 + life_));
  core_ = std::make_unique<node::Core>(
      self_, peers_, *store_, [this](const store::Txn& txn) { return commit(txn); }, *rng_,
      around_.settings,
      [this](exchange::LinkId link) { return around_.wires.can_send(number_, link); },
      node::Probe{}, [this](const exchange::PairBook& pairs) -> Status {
        pair_file_ = pairs.entries();
        return {};
      });
  if (!core_->machine().load(now())) throw Violation("store", "stored notes do not verify");
  process_ends_ = false;
  // The process ended between the new card and its first schedule.
  const auto published = exchange::parse_schedule(self_.schedule_note);
  if (published && published->sign != card_.sign) publish(now(), week_of(now().wall_ms));
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

void Node::take(const Now& now, Input& input) {
  exchange::Machine& machine = core_->machine();
  if (auto* frame = std::get_if<FrameIn>(&input)) {
    watcher_.frame_in(*this, frame->link, frame->bytes);
    machine.frame(now, frame->link, frame->bytes);
  } else if (const auto* up = std::get_if<LinkIsUp>(&input)) {
    machine.link_up(now, up->link, up->party, up->dialed);
  } else if (const auto* down = std::get_if<LinkIsDown>(&input)) {
    machine.link_down(now, down->link, "the connection is lost");
  } else {
    std::get<Act>(input)(*this, now);
  }
}

void Node::turn() {
  ++group_;
  const Now now = this->now();
  take_card(now);
  core_->machine().accept_records(disk_low_until_ms_ <= around_.queue.now_ms());
  while (!inbox_.empty() && !core_->machine().group_is_full()) {
    Input next = std::move(inbox_.front());
    inbox_.pop_front();
    take(now, next);
  }
  core_->machine().tick(now);
  auto result = core_->finish_group(now);
  if (process_ends_) return end_process();
  watcher_.group_done(*this, result.status.has_value(), result.outputs);
  list_allowed();
  checkpoint(now);
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
  transport_ = keys.transport.pk;
}

void Node::announce(std::vector<std::string> notes) {
  notes_ = std::move(notes);
  perform([](Node& at, const Now&) {
    at.self_.notes = at.notes_;
    at.core_->machine().own_notes_changed();
  });
}

void Node::apply_card(exchange::Card card, const KeySet& keys) {
  next_card_.emplace(std::move(card), &keys);
  wake();
}

// Between two groups: nothing is signed half with the old keys and half with the new ones.
void Node::take_card(const Now& now) {
  if (!next_card_) return;
  const bool other_sign = next_card_->first.sign != card_.sign;
  old_cards_.insert(old_cards_.begin(), std::exchange(card_, std::move(next_card_->first)));
  if (next_card_->second != keys_) old_keys_.push_back(std::exchange(keys_, next_card_->second));
  next_card_.reset();
  self_ = own_identity(now);
  if (other_sign) publish(now, week_of(now.wall_ms));
  core_->machine().own_schedule_changed();
  if (transport_ == keys_->transport.pk) return;
  transport_ = keys_->transport.pk;
  around_.wires.transport_changed(number_);
}

exchange::Identity Node::own_identity(const Now& now) const {
  const auto week = std::max<std::size_t>(week_of(now.wall_ms), 3) - 3;
  exchange::Identity self = identity_of(card_, *keys_, store_->own_schedule(), week);
  // What was sealed to the keys before still has to be opened.
  for (const KeySet* old : old_keys_)
    for (std::size_t i = 0; i < kWeeks; ++i) self.sealing.push_back(old->sealing_key(week + i));
  self.old_cards = old_cards_;
  self.notes = notes_;
  return self;
}

void Node::publish(const Now& now, std::size_t first_week) {
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

void Node::checkpoint(const Now& now) {
  if (disk_full_until_ms_ > around_.queue.now_ms() || !store_->checkpoint_due(now.wall_ms)) return;
  const auto row = store_->make_checkpoint(now.wall_ms, party_.keys->log);
  if (!row) throw Violation("I3", name() + " cannot sign a checkpoint: " + row.error().message, {name()});
  watcher_.checkpoint(*this, *row);
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

bool Node::restore_older_copy() {
  if (!is_running()) return false;
  if (!store_->restore_copy()) return false;
  restored_ = true;
  watcher_.restored(*this);
  end_process();
  return true;
}

void Node::lower_disk(std::uint64_t for_ms) {
  disk_low_until_ms_ = around_.queue.now_ms() + for_ms;
}

void Node::heal() {
  disk_low_until_ms_ = 0;
  disk_fault_ = DiskFault::kNone;
  disk_full_until_ms_ = 0;
}

}  // namespace focal::sim
