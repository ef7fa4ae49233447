#include "tests/sim/thief.h"

#include "base/check.h"
#include "node/exchange/inner.h"
#include "node/exchange/statement.h"
#include "tests/sim/memory_store.h"

namespace focal::sim {
namespace {

constexpr std::size_t kLoot = 256;

}  // namespace

Thief::Thief(Surroundings& around, Watch& watch, std::size_t number, std::size_t victim)
    : around_(around), watch_(watch), number_(number), victim_(sim::party(victim)),
      rng_(around.seed * 64 + number) {}

void Thief::run(std::unique_ptr<Store> disk, const exchange::Card& card, const KeySet& keys) {
  node_ = std::make_unique<Node>(around_, *this, number_, victim_, std::move(disk));
  node_->be_careless();
  node_->take_keys(card, keys);  // those before are gone with their cards
  around_.wires.add(node_.get());
}

void Thief::steal_node(Node& victim) {
  run(victim.store().copy(rng_), victim.card(), victim.keys());
  node_->start();
  around_.wires.start_dialing(number_);
}

void Thief::make_card(const exchange::Card& after, bool other_next) {
  FOCAL_CHECK(root_.has_value());
  const KeySet& keys = key_set(victim_.name, "a thief", after.log_generation + 1);
  auto card = exchange::parse_card(
      root_->update(after, keys, kStartMs + around_.queue.now_ms(), other_next));
  FOCAL_CHECK(card.has_value());
  card_ = std::move(*card);
  if (node_) {  // his, or the victim's
    node_->apply_card(*card_, keys);
    return;
  }
  run_alone(keys);
}

void Thief::say_to_be(const exchange::Card& card, const KeySet& keys) {
  card_ = card;
  run_alone(keys);
}

void Thief::run_alone(const KeySet& keys) {
  run(std::make_unique<MemoryStore>(victim_.name, keys.origin(), rng_), *card_, keys);
  node_->found();
  // He knows everybody's public cards, and believes in himself.
  for (std::size_t n = 0; n < kMaxNodes; ++n)
    if (&sim::party(n) != &victim_ && watch_.is_honest(sim::party(n).name))
      node_->pin(sim::party(n), store::PeerLevel::kVerified);
  node_->start();
  around_.wires.start_dialing(number_);
}

void Thief::committed(Node& node, const store::Txn& txn, const store::Committed&) {
  for (const store::Op& op : txn.ops) {
    if (const auto* sent = std::get_if<store::PutSentBatch>(&op)) {
      std::vector<Bytes> items;
      for (const store::NewRecord& record : sent->records) {
        items.push_back(record.item);
        watch_.forged(record.ref.rid);
      }
      if (loot_.size() < kLoot)
        loot_.push_back({exchange::encode_batch_inner(sent->stmt, sent->sig, items), sent->to});
    } else if (const auto* received = std::get_if<store::PutReceivedBatch>(&op)) {
      for (const store::ReceivedRecord& record : received->records)
        watch_.taken(node.name(), record.record.ref.rid, record.status);
    } else if (const auto* out = std::get_if<store::PutReceiptsOut>(&op)) {
      std::vector<Bytes> items;
      for (const store::RecordRef& ref : out->records) {
        const auto info = node.store().find(ref);
        FOCAL_CHECK(info.has_value());
        items.push_back(
            exchange::encode_receipt_item(exchange::receipt_for(ref, info->status, info->at_ms)));
      }
      if (loot_.size() < kLoot)
        loot_.push_back(
            {exchange::encode_receipts_inner(out->stmt, out->sig, items, {}), {out->to}, true});
    }
  }
}

}  // namespace focal::sim
