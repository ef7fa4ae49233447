// Receipts. The input is cut into items (u8 length each), which XA signs and seals
// honestly: a node takes all of them or none, and only an item about a record that was
// sent to XA, with the leaf that belongs to it, ends anything.
#include <algorithm>

#include "base/check.h"
#include "tests/fuzz/fuzz_world.h"

namespace {

using namespace focal;

constexpr std::size_t kMostItems = 300;

std::vector<Bytes> cut(ByteView bytes) {
  std::vector<Bytes> items;
  while (!bytes.empty() && items.size() < kMostItems) {
    const std::size_t size = std::min<std::size_t>(bytes[0], bytes.size() - 1);
    items.push_back(to_bytes(bytes.subspan(1, size)));
    bytes = bytes.subspan(1 + size);
  }
  return items;
}

bool answers(const Bytes& item, const store::RecordRef& ref, std::uint32_t status) {
  const auto parsed = exchange::parse_receipt_item(item);
  return parsed && parsed->ref == ref && parsed->status == status &&
         exchange::receipt_for(ref, status, parsed->at_ms).leaf == parsed->leaf;
}

bool is_sent_status(std::uint32_t s) {
  return s == 1 || s == 2 || (s >= 16 && s != 17 && s != 20);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<Bytes> items = cut({data, size});
  if (items.empty()) return 0;
  test::FuzzNode node;
  exchange::Draft draft;
  draft.to = {"XA"};
  draft.kind = "future.kind";
  draft.body = to_bytes("body");
  const store::RecordRef ref = node.machine.submit(node.now, std::move(draft));
  node.finish();
  // An item of two bytes 0xff S stands for a right one: that record, status S.
  for (Bytes& item : items)
    if (item.size() == 2 && item[0] == 0xff)
      item = exchange::encode_receipt_item(
          exchange::receipt_for(ref, item[1], test::kFuzzNow.wall_ms));
  node.greet(1);
  node.deliver(1, test::envelope_of(test::receipts_inner(items)), 0);
  const std::uint32_t status = node.ledger.outbox(1, "XA")->item_status.at(0);
  const bool all_parse = std::all_of(items.begin(), items.end(), [](const Bytes& item) {
    const auto parsed = exchange::parse_receipt_item(item);
    return parsed && is_sent_status(parsed->status);
  });
  const bool any_answers = std::any_of(items.begin(), items.end(), [&](const Bytes& item) {
    const auto parsed = exchange::parse_receipt_item(item);
    return parsed && answers(item, ref, parsed->status);
  });
  FOCAL_CHECK((status != 0) == (all_parse && any_answers));
  if (status != 0)
    FOCAL_CHECK(std::any_of(items.begin(), items.end(),
                            [&](const Bytes& item) { return answers(item, ref, status); }));
  return 0;
}
