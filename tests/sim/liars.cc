// What a party does in a world that lies in its log, and how it is found out.
#include "node/exchange/inner.h"
#include "tests/sim/both_store.h"
#include "tests/sim/world.h"

namespace focal::sim {
namespace {

constexpr std::uint64_t kForgetsAfterMs = 45 * kSecondMs;  // sooner than its next checkpoint
constexpr std::uint64_t kDueMs = 26 * kHourMs;             // a receipt's leaf can be asked for
constexpr std::size_t kReceipts = 256;

}  // namespace

void World::make_liar(StoreKind) {
  const std::size_t number = nodes_.size();
  const Party& party = sim::party(number);
  store_rngs_.push_back(std::make_unique<crypto::SeededRng>(plan_.seed * 64 + number));
  liar_ = std::make_unique<Liar>(
      around_, number,
      std::make_unique<MemoryStore>(party.name, party.origin(), *store_rngs_.back()));
  watch_.add_hostile(party.name);
  wires_.add(&liar_->node());
  liar_->node().found();
  for (std::size_t n = 0; n < number; ++n)
    liar_->node().pin(sim::party(n), store::PeerLevel::kVerified);
  if (plan_.pairs)
    for (std::size_t n = 0; n < number; ++n) liar_->node().pair(sim::party(n));
  if (plan_.world->keys != KeyStory::kEquivocatingLog) return;
  watch_.fits = [this](const std::string&, std::uint64_t size, const Hash32& root,
                       std::uint64_t other_size, const Hash32& other_root) {
    return liar_->fits(size, root, other_size, other_root);
  };
}

// From now on half of the parties see one log and half the other. They see each other.
bool World::second_log(const Action&) {
  if (!liar_) return false;
  const std::size_t number = plan_.nodes;
  Node* second = liar_->split(number);
  if (second == nullptr) return false;
  wires_.add(second);
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    wires_.keep_apart(n, n % 2 == 0 ? number : liar_->number());
  second->start();
  wires_.start_dialing(number);
  return true;
}

// An officer everywhere asks it to show what it gave receipts for. Chance would ask for few of them.
void World::demand_proofs() {
  const std::string liar = liar_->node().name();
  for (auto& node : nodes_)
    node->perform([liar](Node& at, const Now& now) {
      for (const store::ReceiptRow& row : at.store().receipts_of(liar, -1, kReceipts))
        for (const Bytes& raw : row.items) {
          const auto item = exchange::parse_receipt_item(raw);
          const auto record = item ? at.store().find(item->ref) : std::nullopt;
          if (record && record->sent && !record->kind.starts_with("peer."))
            static_cast<void>(at.core().machine().demand_proof(now, liar, *record));
        }
    });
}

// Everybody writes to it; it answers with receipts, and has never heard of anything.
bool World::forget(const Action& action) {
  if (!liar_) return false;
  const auto write = [this, action] {
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      Action trace = action;
      trace.what = What::kTrace;
      trace.b = liar_->number();
      trace.seed += n;
      release(*nodes_[n], trace);
    }
  };
  liar_->after_checkpoint([this, write] {
    write();
    queue_.after(kForgetsAfterMs, [this] {
      if (!liar_->forget()) return;
      counts_.did(What::kForgets);
      queue_.after(kDueMs, [this] { demand_proofs(); });
    });
  });
  write();  // so that a checkpoint is due
  return false;
}

}  // namespace focal::sim
