// This node as a witness of others' logs (docs/protocol.md, "Witnesses"): of each log it holds the
// newest checkpoint it cosigned, and cosigns only what continues that. Pure; what it decides is
// written with the group under way, and its line may leave when that is committed, not before.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/exchange/ckpt.h"
#include "node/exchange/identity.h"
#include "node/exchange/seen_checkpoint.h"
#include "node/exchange/trust_book.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::exchange {

class Witness {
 public:
  Witness(const Identity& self, store::View& view) : self_(self), view_(view) {}

  void load();  // what is committed; also after a group that was not

  struct Said {
    std::optional<CosigFrame> answer{};  // leaves after the commit
    std::string refused{};               // why there is none
    bool is_alarm = false;               // the log contradicts itself
  };
  // Steps 3 to 6. `seen` is the frame's note, of the log in force of the party that sent it.
  Said take(const CkptFrame& frame, const SeenCheckpoint& seen, const BookTime& time);

  // As the group under way leaves it; nullptr: nothing was cosigned of that log.
  const store::WitnessStateRow* held(const std::string& origin) const;
  std::vector<store::Op> take_ops() { return std::exchange(ops_, {}); }

 private:
  const Identity& self_;
  store::View& view_;
  std::map<std::string, store::WitnessStateRow> held_;  // by origin
  std::vector<store::Op> ops_;
};

}  // namespace focal::exchange
