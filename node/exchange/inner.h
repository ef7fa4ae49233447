// The plaintext of an envelope: a batch of records, or a batch of receipts
// (docs/protocol.md, "Inner"). Parsed into views; the argument must outlive them.
#pragma once

#include <span>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "node/store/rows.h"

namespace focal::exchange {

struct ApprovalView {
  ByteView certificate;
  ByteView signature;
};

struct ItemView {
  ByteView raw;                   // the exact Item bytes: what is kept at rest
  ByteView manifest;              // empty for an item that is only its leaf
  ByteView leaf;                  // 32 bytes, or empty
  ByteView salt;
  ByteView body;
  std::vector<ApprovalView> approvals;
  std::size_t attachment_keys = 0;
  std::size_t attachment_names = 0;
};

struct BatchView {
  ByteView stmt;
  ByteView sig;
  std::vector<ItemView> items;
};

struct ReceiptsView {
  ByteView stmt;
  ByteView sig;
  std::vector<ByteView> items;    // exact ReceiptItem bytes
  ByteView checkpoint;            // both may be empty
  ByteView cosigs;
};

using InnerView = std::variant<BatchView, ReceiptsView>;

Result<InnerView> parse_inner(ByteView inner);          // lints; kLint, kLimit
ItemView parse_item(ByteView raw);                      // raw passed the lint (stored items have)

Bytes encode_item(ByteView manifest, const Hash32& salt, ByteView body,
                  std::span<const ApprovalView> approvals = {});
Bytes encode_leaf_item(const Hash32& rid);              // shredded, cancelled, already receipted
Bytes encode_batch_inner(ByteView stmt, ByteView sig, std::span<const Bytes> items);
Bytes encode_receipts_inner(ByteView stmt, ByteView sig, std::span<const Bytes> items,
                            ByteView checkpoint, ByteView cosigs = {});
// Size of encode_batch_inner for items of these sizes, without building it.
std::size_t batch_inner_size(std::size_t stmt, std::size_t sum_of_items, std::size_t items);

// One line of a receipt, and its exact bytes.
struct ReceiptItem {
  store::RecordRef ref;
  std::uint32_t status = 0;
  Hash32 leaf{};                  // leaf hash RECEIVED or REJECTED in the receiver's log
  std::uint64_t at_ms = 0;
};
Bytes encode_receipt_item(const ReceiptItem& item);
Result<ReceiptItem> parse_receipt_item(ByteView bytes); // lints; kLint
// Some numbers are never sent; those of a later version are.
bool is_receipt_status(std::uint32_t status);
// The item a party issues for a record it holds: follows from the leaf alone.
ReceiptItem receipt_for(const store::RecordRef& ref, std::uint32_t status, std::uint64_t at_ms);

}  // namespace focal::exchange
