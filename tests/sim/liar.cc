#include "tests/sim/liar.h"

#include <algorithm>
#include <utility>

namespace focal::sim {

Liar::Liar(Surroundings& around, std::size_t number, std::unique_ptr<Store> store)
    : around_(around), number_(number), rng_(around.seed * 64 + number) {
  nodes_.push_back(
      std::make_unique<Node>(around, *this, number, sim::party(number), std::move(store)));
  nodes_.front()->be_careless();
}

Node* Liar::split(std::size_t number) {
  Node& first = *nodes_.front();
  if (nodes_.size() > 1 || !first.is_running()) return nullptr;
  auto second =
      std::make_unique<Node>(around_, *this, number, sim::party(number_), first.store().copy(rng_));
  second->be_careless();
  second->take_keys(first.card(), first.keys());
  nodes_.push_back(std::move(second));
  return nodes_.back().get();
}

void Liar::tick() {
  for (auto& node : nodes_) node->tick();
}

void Liar::heal() {
  for (auto& node : nodes_) node->heal();
}

bool Liar::fits(std::uint64_t size, const Hash32& root, std::uint64_t other_size,
                const Hash32& other_root) {
  return std::any_of(nodes_.begin(), nodes_.end(), [&](auto& node) {
    const auto leaves = static_cast<std::uint64_t>(node->store().log_size());
    return std::max(size, other_size) <= leaves && node->store().root(size) == root &&
           node->store().root(other_size) == other_root;
  });
}

void Liar::checkpoint(Node& node, const store::CheckpointRow& row) {
  signed_ = row.size;
  if (!then_) return;
  auto then = std::exchange(then_, {});
  // Not in the middle of its turn.
  around_.queue.after(1, [this, &node, then = std::move(then)] {
    if (!node.is_running()) return;
    copied_ = node.store().log_size();
    node.put_copy_aside(AnchorCopy::kKept);
    then();
  });
}

bool Liar::forget() {
  Node& at = node();
  if (!at.is_running() || copied_ == 0 || signed_ > static_cast<std::uint64_t>(copied_))
    return false;
  bool any = false;
  for (store::LeafIndex i = copied_; i < at.store().log_size(); ++i)
    if (const auto leaf = at.store().leaf(i)) any = any || leaf->type == store::LeafType::kReceived;
  return any && at.restore_older_copy();
}

}  // namespace focal::sim
