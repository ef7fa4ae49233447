// The plaintext of an envelope and every object in it. What passes is cut into views that
// put together again give the same bytes; a manifest or receipt has one encoding.
#include "base/check.h"
#include "crypto/merkle.h"
#include "node/exchange/inner.h"
#include "node/exchange/manifest.h"
#include "node/exchange/statement.h"
#include "proto/lint.h"

namespace {

using namespace focal;
using namespace focal::exchange;

void check_manifest(ByteView bytes) {
  const auto m = parse_manifest(bytes);
  if (!m.has_value()) return;
  FOCAL_CHECK(equal(m->bytes, bytes) && m->rid == crypto::merkle_leaf(bytes));
  if (m->attachments != 0) return;  // this release does not write them
  Manifest again = *m;
  encode_manifest(again);
  FOCAL_CHECK(again.bytes == m->bytes);
}

void check_receipt(ByteView bytes) {
  const auto item = parse_receipt_item(bytes);
  if (item.has_value()) FOCAL_CHECK(equal(encode_receipt_item(*item), bytes));
}

void check_statement(ByteView bytes) {
  const auto s = parse_statement(bytes);
  if (!s.has_value()) return;
  FOCAL_CHECK(equal(s->bytes, bytes) && s->size >= 1 && s->size <= proto::kMaxReceiptItems);
  FOCAL_CHECK(!verify_statement(crypto::PublicKey{}, bytes, Bytes(64, 0)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  check_manifest(bytes);
  check_receipt(bytes);
  check_statement(bytes);
  const auto inner = parse_inner(bytes);
  if (!inner.has_value()) return 0;
  Bytes again;
  if (const auto* batch = std::get_if<BatchView>(&*inner)) {
    std::vector<Bytes> items;
    for (const ItemView& item : batch->items) {
      items.push_back(to_bytes(item.raw));
      FOCAL_CHECK(item.manifest.empty() != item.leaf.empty());
      check_manifest(item.manifest);
    }
    check_statement(batch->stmt);
    again = encode_batch_inner(batch->stmt, batch->sig, items);
  } else {
    const auto& receipts = std::get<ReceiptsView>(*inner);
    std::vector<Bytes> items;
    for (const ByteView item : receipts.items) items.push_back(to_bytes(item));
    for (const Bytes& item : items) check_receipt(item);
    again = encode_receipts_inner(receipts.stmt, receipts.sig, items, receipts.checkpoint,
                                  receipts.cosigs);
  }
  FOCAL_CHECK(equal(again, bytes));
  return 0;
}
