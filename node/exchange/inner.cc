#include "node/exchange/inner.h"

#include "node/exchange/wire.h"
#include "node/store/leaf.h"
#include "proto/envelope.pb.h"
#include "proto/lint.h"

namespace focal::exchange {
namespace {

// Field numbers of proto/envelope.proto.
enum InnerField { kInnerStmt = 1, kInnerSig = 2, kInnerItem = 3, kInnerReceipts = 7 };
enum ItemField {
  kItemManifest = 1, kItemLeaf = 2, kItemSalt = 3, kItemBody = 4, kItemAttKey = 5,
  kItemAttName = 6, kItemApproval = 8,
};
enum ApprovalField { kApprovalCertificate = 1, kApprovalSignature = 2 };
enum ReceiptsField { kReceiptsStmt = 1, kReceiptsSig = 2, kReceiptsItem = 3, kReceiptsCheckpoint = 4,
                     kReceiptsCosigs = 5 };

constexpr std::size_t kApprovalSize = 512;  // an estimate

ReceiptsView parse_receipts(ByteView bytes) {
  ReceiptsView out;
  FieldReader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case kReceiptsStmt: out.stmt = field->value; break;
      case kReceiptsSig: out.sig = field->value; break;
      case kReceiptsItem: out.items.push_back(field->value); break;
      case kReceiptsCheckpoint: out.checkpoint = field->value; break;
      case kReceiptsCosigs: out.cosigs = field->value; break;
      default: break;
    }
  }
  return out;
}

std::size_t varint_size(std::size_t v) {
  std::size_t n = 1;
  for (; v >= 0x80; v >>= 7) ++n;
  return n;
}

}  // namespace

ItemView parse_item(ByteView raw) {
  ItemView out;
  out.raw = raw;
  FieldReader reader(raw);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case kItemManifest: out.manifest = field->value; break;
      case kItemLeaf: out.leaf = field->value; break;
      case kItemSalt: out.salt = field->value; break;
      case kItemBody: out.body = field->value; break;
      case kItemAttKey: ++out.attachment_keys; break;
      case kItemAttName: ++out.attachment_names; break;
      case kItemApproval: {
        ApprovalView approval;
        FieldReader inside(field->value);
        while (const auto part = inside.next())
          (part->number == kApprovalCertificate ? approval.certificate : approval.signature) = part->value;
        out.approvals.push_back(approval);
        break;
      }
      default: break;
    }
  }
  return out;
}

Result<InnerView> parse_inner(ByteView inner) {
  FOCAL_TRY(proto::lint(proto::Msg::kInner, inner));
  BatchView batch;
  FieldReader reader(inner);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case kInnerStmt: batch.stmt = field->value; break;
      case kInnerSig: batch.sig = field->value; break;
      case kInnerItem: batch.items.push_back(parse_item(field->value)); break;
      case kInnerReceipts: return InnerView{parse_receipts(field->value)};
      default: break;
    }
  }
  return InnerView{std::move(batch)};
}

Bytes encode_item(ByteView manifest, const Hash32& salt, ByteView body,
                  std::span<const ApprovalView> approvals) {
  Bytes out;
  out.reserve(manifest.size() + body.size() + 64 + approvals.size() * kApprovalSize);
  put_field(out, kItemManifest, manifest);
  put_field(out, kItemSalt, salt);
  put_field(out, kItemBody, body);
  for (const ApprovalView& each : approvals) {
    Bytes approval;
    put_field(approval, kApprovalCertificate, each.certificate);
    put_field(approval, kApprovalSignature, each.signature);
    put_field(out, kItemApproval, approval);
  }
  return out;
}

Bytes encode_leaf_item(const Hash32& rid) {
  Bytes out;
  put_field(out, kItemLeaf, rid);
  return out;
}

Bytes encode_batch_inner(ByteView stmt, ByteView sig, std::span<const Bytes> items) {
  Bytes out;
  std::size_t total = stmt.size() + sig.size() + 16;
  for (const Bytes& item : items) total += item.size() + 8;
  out.reserve(total);
  put_field(out, kInnerStmt, stmt);
  put_field(out, kInnerSig, sig);
  for (const Bytes& item : items) put_field(out, kInnerItem, item);
  return out;
}

Bytes encode_receipts_inner(ByteView stmt, ByteView sig, std::span<const Bytes> items,
                            ByteView checkpoint, ByteView cosigs) {
  Bytes receipts;
  put_field(receipts, kReceiptsStmt, stmt);
  put_field(receipts, kReceiptsSig, sig);
  for (const Bytes& item : items) put_field(receipts, kReceiptsItem, item);
  put_field(receipts, kReceiptsCheckpoint, checkpoint);
  put_field(receipts, kReceiptsCosigs, cosigs);
  Bytes out;
  out.reserve(receipts.size() + 8);
  put_field(out, kInnerReceipts, receipts);
  return out;
}

std::size_t batch_inner_size(std::size_t stmt, std::size_t sum_of_items, std::size_t items) {
  constexpr std::size_t kSignature = 64;
  // Upper bound: each item costs a tag and at most three length bytes.
  return 1 + varint_size(stmt) + stmt + 2 + kSignature + sum_of_items + items * 4;
}

Bytes encode_receipt_item(const ReceiptItem& item) {
  v1::ReceiptItem out;
  out.set_rid(to_string(item.ref.rid));
  out.set_status(item.status);
  out.set_leaf(to_string(item.leaf));
  out.set_at_ms(item.at_ms);
  out.set_created_ms(item.ref.created_ms);
  return to_bytes(out.SerializeAsString());
}

Result<ReceiptItem> parse_receipt_item(ByteView bytes) {
  FOCAL_TRY(proto::lint(proto::Msg::kReceiptItem, bytes));
  v1::ReceiptItem in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(ErrorCode::kLint, "the receipt does not parse", {}, "ReceiptItem");
  ReceiptItem out;
  out.ref = {*fixed<32>(as_bytes(in.rid())), in.created_ms()};
  out.status = in.status();
  out.leaf = *fixed<32>(as_bytes(in.leaf()));
  out.at_ms = in.at_ms();
  return out;
}

bool is_receipt_status(std::uint32_t status) {
  return status == 1 || status == 2 || status == 16 || status == 18 || status == 19 || status >= 21;
}

ReceiptItem receipt_for(const store::RecordRef& ref, std::uint32_t status, std::uint64_t at_ms) {
  store::Leaf leaf;
  leaf.type = store::is_rejected(status) ? store::LeafType::kRejected : store::LeafType::kReceived;
  leaf.time_ms = at_ms;
  leaf.ref = ref.rid;
  return {ref, status, store::leaf_hash(leaf), at_ms};
}

}  // namespace focal::exchange
