// Makes an evidence bundle of what this node's ledger holds (docs/protocol.md, "Evidence bundle").
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "node/exchange/identity.h"
#include "node/exchange/peers.h"
#include "node/store/view.h"

namespace focal::evidence {

struct Wish {
  std::vector<store::LeafIndex> records;  // leaves SENT, RECEIVED or REJECTED of this ledger
  std::set<Hash32> withheld;              // rids whose body stays out
  std::optional<Hash32> root;             // first record of the case that was asked for
};

struct Made {
  Bytes archive;
  // Their manifests are not here: the content was destroyed, or only a receipt came back.
  std::vector<store::RecordRef> left_out;
};

// With every receipt and proof that is here, the cards of everybody who signed any of it, and of
// this ledger for each record a published checkpoint that contains it (store::best_published); a
// record that none contains yet is shown without a place in this ledger. What is made is not
// BROKEN by the verifier of this program.
// kInvalid (no record was asked for), kNotFound (no such record), kErased (all are left out),
// kLimit (larger than a bundle may be), kCorrupt (what the ledger holds does not fit together).
Result<Made> make_bundle(store::View& view, const exchange::Identity& self,
                         const exchange::Peers& peers, const Wish& wish, const Now& now);

}  // namespace focal::evidence
