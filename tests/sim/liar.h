// A party that lies in its log, with the exchange's own code: its node signs whatever it is set
// back to. Once it runs on two disks, each of which some parties see; or it forgets what it gave
// receipts for, before a checkpoint has it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "tests/sim/node.h"

namespace focal::sim {

class Liar final : public Watcher {
 public:
  // number: of its endpoint, and of its party.
  Liar(Surroundings& around, std::size_t number, std::unique_ptr<Store> store);

  Node& node() { return *nodes_.front(); }
  std::size_t number() const { return number_; }
  // A second node on a copy of the disk, as an endpoint of that number. Nullptr: there is one, or
  // the first does not run.
  Node* split(std::size_t number);
  void tick();
  void heal();
  // Do both checkpoints stand on one of its disks?
  bool fits(std::uint64_t size, const Hash32& root, std::uint64_t other_size,
            const Hash32& other_root);
  // Behind its next checkpoint a copy of the disk is put aside, and `then` is called.
  void after_checkpoint(std::function<void()> then) { then_ = std::move(then); }
  // The disk is that copy again, if records came since and no checkpoint has them.
  bool forget();

  void checkpoint(Node& node, const store::CheckpointRow& row) override;

 private:
  Surroundings& around_;
  std::size_t number_;
  crypto::SeededRng rng_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::function<void()> then_;
  store::LeafIndex copied_ = 0;  // leaves of the copy
  std::uint64_t signed_ = 0;     // size of the newest checkpoint
};

}  // namespace focal::sim
