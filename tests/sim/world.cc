#include "tests/sim/world.h"

#include <algorithm>

#include "base/clock.h"
#include "tests/sim/both_store.h"
#include "tests/sim/text.h"
#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

constexpr std::uint64_t kLateMs = 20 * kMinuteMs;  // of a timer, seen between two ticks
constexpr std::uint64_t kQuietTickMs = 5 * kMinuteMs;
constexpr std::uint64_t kQuietMs = 4 * kDayMs;     // longer than any timer of the settings
constexpr std::uint64_t kRefillMs = kDayMs;
constexpr std::size_t kShownLeaves = 100;

exchange::MachineSettings settings_of(const Plan& plan) {
  exchange::MachineSettings settings;
  settings.resend_ms = 3 * kMinuteMs;
  settings.resend_cap_ms = 2 * kHourMs;
  settings.receipts_kept = plan.receipts_kept;
  if (plan.world->keys == KeyStory::kTwoYears) return {};  // as nodes are installed
  if (plan.world->keys == KeyStory::kRogueIntroducer)
    settings.introducers = Introducers::policy();
  return settings;
}

}  // namespace

World::World(const Plan& plan, StoreKind stores)
    : plan_(plan), wires_(queue_, counts_, plan.seed + 1), watch_(queue_, counts_),
      around_{queue_, wires_, counts_, plan.seed, settings_of(plan)} {
  const bool keys = plan.world->keys != KeyStory::kNone;
  const std::size_t honest = plan.nodes - (plan.world->hostile ? 1 : 0);
  wires_.on_delivered = [this](exchange::LinkId link, std::size_t to, const Bytes& frame) {
    watch_.delivered(link, to, frame);
  };
  watch_.other_end = [this](const Node& at, exchange::LinkId link) {
    const std::size_t other = wires_.other_end(at.number(), link);
    return other < plan_.nodes ? sim::party(other).name : std::string();  // a thief
  };
  watch_.link_party = [this](const Node& at, exchange::LinkId link) {
    return wires_.party_at(at.number(), link);
  };
  if (keys) wires_.set_patience(30 * kMinuteMs);
  watch_.set_slack(std::max(kLateMs, 3 * plan.tick_ms));
  make_nodes(stores, honest);
  const bool lies = plan.world->keys == KeyStory::kEquivocatingLog ||
                    plan.world->keys == KeyStory::kBrokenPromise;
  if (lies) make_liar(stores);
  if (plan.world->hostile && !lies) {
    hostile_ = std::make_unique<Hostile>(queue_, wires_, counts_, honest, plan.seed + 2);
    hostile_->target_keys = [this](std::size_t n) -> const KeySet& { return nodes_[n]->keys(); };
    if (!keys) hostile_->be_hasty();
    watch_.add_hostile(hostile_->name());
    wires_.add(hostile_.get());
  }
  if (plan.world->keys == KeyStory::kRogueIntroducer) {
    introducers_.emplace(honest, plan.coerced);
    watch_.strangers_stay();
  }
  pin_all(honest);
  if (keys) custody_ = std::make_unique<Custody>(queue_, counts_, watch_, nodes_, plan.nodes);
  if (plan.world->story != nullptr)
    telling_ = std::make_unique<Telling>(*plan.world->story, nodes_, wires_, counts_);
  for (auto& node : nodes_) node->start();
  if (liar_) liar_->node().start();
  wires_.start();
  for (const Action& action : plan_.actions)
    queue_.at(action.at_ms, [this, &action] { act(action); });
}

void World::make_nodes(StoreKind stores, std::size_t honest) {
  for (std::size_t n = 0; n < honest; ++n) {
    const Party& party = sim::party(n);
    const std::uint64_t seed = plan_.seed * 64 + n;
    store_rngs_.push_back(std::make_unique<crypto::SeededRng>(seed));
    std::unique_ptr<Store> store;
    if (plan_.world->on_disk) stores = StoreKind::kSqlite;
    if (stores == StoreKind::kBoth)
      store = std::make_unique<BothStore>(party.name, party.origin(), seed);
    else if (stores == StoreKind::kSqlite)
      store = std::make_unique<SqliteStore>(party.name, party.origin(), *store_rngs_.back());
    else
      store = std::make_unique<MemoryStore>(party.name, party.origin(), *store_rngs_.back());
    nodes_.push_back(std::make_unique<Node>(around_, watch_, n, party, std::move(store)));
    watch_.add(nodes_.back().get());
    wires_.add(nodes_.back().get());
  }
}

void World::pin_all(std::size_t honest) {
  const bool custody = plan_.world->keys != KeyStory::kNone;
  const auto level = [&](std::size_t a, std::size_t b) {
    for (const auto& [x, y] : plan_.strangers)
      if (x == a && y == b && (b < honest || custody)) return store::PeerLevel::kNone;
    return store::PeerLevel::kVerified;
  };
  for (std::size_t a = 0; a < honest; ++a) {
    if (plan_.world->keys == KeyStory::kTwoYears) nodes_[a]->live_weekly();
    nodes_[a]->found();
    for (std::size_t b = 0; b < plan_.nodes; ++b) {
      const bool unknown = introducers_ && b == introducers_->stranger();
      if (a != b && !unknown) nodes_[a]->pin(sim::party(b), level(a, b));
    }
    for (std::size_t i = 0; introducers_ && i < kIntroducers; ++i)
      nodes_[a]->pin(Introducers::party(i), store::PeerLevel::kVerified);
  }
  for (std::size_t a = 0; plan_.pairs && a < honest; ++a)
    for (std::size_t b = 0; b < honest; ++b)
      if (a != b) nodes_[a]->pair(sim::party(b));
}

void World::tick_every(std::uint64_t ms) {
  const bool begin = tick_ms_ == 0;
  tick_ms_ = ms;
  if (!begin) return;
  struct Ticker {
    static void go(World& world) {
      world.queue_.after(world.tick_ms_, [&world] {
        for (auto& node : world.nodes_) node->tick();
        if (world.custody_) world.mend_logs();
        if (world.liar_) world.liar_->tick();
        if (world.thief_ && world.thief_->node() != nullptr) world.thief_->node()->tick();
        go(world);
      });
    }
  };
  Ticker::go(*this);
}

void World::run() {
  tick_every(plan_.tick_ms);
  queue_.run_until(plan_.length_ms);
  quiet();
  counts_.seeds = 1;
  counts_.steps = queue_.steps();
}

// Nothing fails any more. What is owed must end within kQuietMs.
void World::quiet() {
  quiet_ = true;
  wires_.heal();
  if (hostile_) hostile_->stop();
  if (liar_) liar_->heal();
  for (auto& node : nodes_) {
    node->heal();
    node->set_clock(0);
  }
  queue_.run_until(queue_.now_ms() + 3 * kMinuteMs);  // every process runs again
  if (custody_) settle_keys();
  for (auto& node : nodes_) publish(node->number(), week_of(node->now().wall_ms));
  for (const auto& [a, b] : plan_.strangers)
    if (b < nodes_.size()) verify(a, b);
  queue_.run_until(queue_.now_ms() + kMinuteMs);
  tick_every(kQuietTickMs);
  const std::uint64_t from = queue_.now_ms(), until = from + kQuietMs;
  // Who is set back asks everybody what it signed; a hostile party never answers.
  const auto is_given_back = [&] {
    if (plan_.world->hostile && queue_.now_ms() > from + kRefillMs) return true;
    return std::all_of(nodes_.begin(), nodes_.end(), [](const auto& node) {
      return node->store().mark(store::Mark::kRefill).empty();
    });
  };
  while (queue_.now_ms() < until && !(has_ended() && is_given_back())) {
    if (telling_)
      for (std::size_t n = 0; n < plan_.world->story->parties; ++n)
        telling_->look(n, plan_.seed + queue_.steps());
    if (custody_)
      for (std::size_t n = 0; n < nodes_.size(); ++n) custody_->look(n);
    queue_.run_until(queue_.now_ms() + kQuietTickMs);
  }
  if (custody_ && !custody_->names_are_back())
    throw Violation("names", "nothing fails any more, but " + custody_->missing_name(), {});
  for (auto& node : nodes_)
    if (plan_.world->on_disk) static_cast<void>(node->store().replace_keys(node->now()));
  watch_.at_end();
  if (telling_) telling_->at_end();
}

bool World::has_ended() {
  return watch_.all_settled() && (!telling_ || telling_->is_over()) &&
         (!custody_ || (custody_->names_are_back() && stopped_since_.empty()));
}

std::string World::ledger_of(const std::string& party) {
  std::string out;
  for (auto& node : nodes_)
    if (node->name() == party)
      for (const auto& row : node->store().tail(kShownLeaves))
        if (row.type != "PAD") out += "    " + text_of(row) + "\n";
  return out;
}

}  // namespace focal::sim
