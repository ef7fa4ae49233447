// A thief of a party's keys. With the online keys and a copy of the disk he runs a second
// node in its name; with the root he makes it cards with keys of his own. What he says he
// also gives to an accomplice, a party of its own, who brings it over its own links.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "crypto/random.h"
#include "tests/sim/node.h"
#include "tests/sim/root.h"
#include "tests/sim/watch.h"

namespace focal::sim {

class Thief final : public Watcher {
 public:
  // number: of the endpoint of his node.
  Thief(Surroundings& around, Watch& watch, std::size_t number, std::size_t victim);

  // All online keys and the disk, as they are now.
  void steal_node(Node& victim);
  // The root key that signs now, or any one other than that.
  void steal_root(const Root& root) { root_ = root; }
  // A card with his keys after that one. With the stolen node he says it over the victim's
  // own links; without it he waits behind his own transport key.
  void make_card(const exchange::Card& after, bool other_next);
  // No theft at all: a card that says it is the victim's, by another root.
  void say_to_be(const exchange::Card& card, const KeySet& keys);

  bool has_root() const { return root_.has_value(); }
  Node* node() { return node_.get(); }
  const std::optional<exchange::Card>& card() const { return card_; }
  // Inner bytes, opened by nobody yet, that he made; and whom they are for.
  struct Loot {
    Bytes inner;
    std::vector<std::string> to;
    bool is_receipts = false;
  };
  const std::vector<Loot>& loot() const { return loot_; }

  // Watcher: of his node.
  void committed(Node& node, const store::Txn& txn, const store::Committed& done) override;

 private:
  void run(std::unique_ptr<Store> disk, const exchange::Card& card, const KeySet& keys);
  void run_alone(const KeySet& keys);

  Surroundings& around_;
  Watch& watch_;
  std::size_t number_;
  const Party& victim_;
  crypto::SeededRng rng_;
  std::optional<Root> root_;
  std::optional<exchange::Card> card_;
  std::unique_ptr<Node> node_;
  std::vector<Loot> loot_;
};

}  // namespace focal::sim
