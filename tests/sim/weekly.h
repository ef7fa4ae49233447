// The weekly life of a node's sealing keys: the production code on a keystore in a temporary
// folder (node/node/key_life.h). The file outlives the process, the rest does not.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "node/node/key_life.h"
#include "tests/sim/parties.h"
#include "tests/support/temp_folder.h"

namespace focal::sim {

class Weekly {
 public:
  explicit Weekly(const std::string& party);

  // A process starts: what the file holds. The schedule may be empty.
  exchange::Identity load(const exchange::Card& card, const KeySet& keys,
                          const std::string& schedule_note);
  void start(exchange::Identity& self, crypto::Rng& rng);
  void tend(const Now& now, node::Core& core) { life_->tend(now, core); }
  void settle(const Now& now, const Status& committed, node::Core& core) {
    life_->settle(now, committed, core);
  }

 private:
  test::TempFolder folder_;
  std::optional<crypto::Keystore> keystore_;
  config::NodeConfig config_;
  std::unique_ptr<node::KeyLife> life_;
};

}  // namespace focal::sim
