// Leaves with a detail (who, why): the leaf commits to salt and text, both lie
// sealed in a table of their own, so that they can be destroyed and the tree
// still verifies.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/ledger/parts.h"

namespace focal::ledger {

class DetailStore {
 public:
  explicit DetailStore(Parts& parts) : p_(parts) {}

  // A leaf about a party (store::is_peer_act) is found again by it.
  Result<store::LeafIndex> append(Group& group, store::LeafType type, const Hash32& ref,
                                  std::string_view detail, std::optional<std::int64_t> peer);
  // The text, checked against the leaf. kNotFound (none, or destroyed), kCorrupt.
  Result<std::string> read(store::LeafIndex idx);
  // Newest first.
  std::vector<store::PeerActRow> acts(const std::string& party, std::size_t limit);

 private:
  Parts& p_;
};

}  // namespace focal::ledger
