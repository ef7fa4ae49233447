// The one form of a receipt item (docs/protocol.md, "Receipts"): what this node issued is not stored,
// it follows from the record's leaf and row.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "node/store/leaf.h"

namespace focal::ledger {

Bytes receipt_item(const store::Leaf& leaf, std::uint32_t status, std::uint64_t created_ms);
// Record ids of a stored receipt_in.items column, in order. Nothing if it does not parse.
std::optional<std::vector<Hash32>> receipt_rids(ByteView items);

}  // namespace focal::ledger
