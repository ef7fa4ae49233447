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
  // For several leaves that commit to one detail: seal() first, then the leaves with its
  // commitment, then keep() with the index of the first of them, whose ref is `ref`.
  struct Sealed {
    Hash32 commitment{};
    SealedRow row;
  };
  Result<Sealed> seal(const Hash32& ref, std::string_view detail);
  Status keep(const Sealed& sealed, store::LeafIndex first, std::optional<std::int64_t> peer);

  // The words beside a leaf are gone; what commits to them stays. Nothing if there are none.
  Status destroy(store::LeafIndex idx);

  // The text, checked against the leaf. kNotFound (none, or destroyed), kCorrupt.
  Result<std::string> read(store::LeafIndex idx);
  // Newest first.
  std::vector<store::PeerActRow> acts(const std::string& party, std::size_t limit);

 private:
  Parts& p_;
};

}  // namespace focal::ledger
