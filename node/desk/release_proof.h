// Does what stands in the ledger prove that a second officer released it? Of a change here the
// detail of its leaf carries certificate, statement and signature, of a record its approvals
// (docs/protocol.md, "Approvals"); the names beside them prove nothing. Used on the node's loop
// thread, inside Node::perform().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/desk/act_detail.h"
#include "node/node/node.h"

namespace focal::desk {

class ReleaseProof {
 public:
  explicit ReleaseProof(node::Node& node) : node_(node) {}

  // For a leaf whose detail names a release. kSignature, kCard, kState, …: why it proves none.
  Status check(store::LeafIndex idx, const ActDetail& detail);
  // H of the certificate that was found good by the last check(), in hex; empty: none.
  const std::string& certificate() const { return certificate_; }

 private:
  // The card of this node by which certificates counted when the leaf was written. kNotFound.
  Result<const exchange::Card*> card_at(store::LeafIndex idx);
  Status check_change(store::LeafIndex idx, const store::Leaf& leaf, const ActDetail& detail);
  Status check_record(store::LeafIndex idx, const ActDetail& detail);
  Status names_the_party(const store::Leaf& leaf, const std::string& statement) const;

  struct OwnCard {
    store::LeafIndex from = 0;
    exchange::Card card;
  };
  node::Node& node_;
  std::optional<std::vector<OwnCard>> own_;  // oldest first; read when first needed
  std::string certificate_;
};

}  // namespace focal::desk
