#include "node/ledger/receipt_items.h"

#include "node/ledger/blobs.h"
#include "proto/envelope.pb.h"

namespace focal::ledger {

Bytes receipt_item(const store::Leaf& leaf, std::uint32_t status, std::uint64_t created_ms) {
  v1::ReceiptItem item;
  item.set_rid(to_string(leaf.ref));
  item.set_status(status);
  item.set_leaf(to_string(store::leaf_hash(leaf)));
  item.set_at_ms(leaf.time_ms);
  item.set_created_ms(created_ms);
  return to_bytes(item.SerializeAsString());
}

std::optional<std::vector<Hash32>> receipt_rids(ByteView items) {
  const auto list = decode_list(items);
  if (!list) return std::nullopt;
  std::vector<Hash32> out;
  for (const Bytes& bytes : *list) {
    v1::ReceiptItem item;
    if (!item.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
    const auto rid = fixed<32>(as_bytes(item.rid()));
    if (!rid) return std::nullopt;
    out.push_back(*rid);
  }
  return out;
}

}  // namespace focal::ledger
