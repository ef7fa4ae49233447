// The whole path of the receiver, with real keys. First byte, modulo 3:
//   0  the rest is an envelope
//   1  the rest is an Inner: sealed honestly, so that it gets past steps 1 to 3
//   2  the rest is an Inner whose sender, audience, commitment, root and signature are
//      made right, so that it gets past steps 4 to 8
#include <set>

#include "base/check.h"
#include "crypto/merkle.h"
#include "proto/envelope.pb.h"
#include "proto/lint.h"
#include "tests/fuzz/fuzz_world.h"

namespace {

using namespace focal;
using exchange::JudgedBatch;
using exchange::JudgedItem;

void check_final(const JudgedItem& item, const JudgedBatch& batch) {
  static const std::set<std::uint32_t> kStatuses{1, 2, 16, 19, 21, 22, 24, 25, 26, 27};
  FOCAL_CHECK(kStatuses.contains(item.status));
  FOCAL_CHECK(item.manifest.from == batch.from && batch.from != "XB");
  FOCAL_CHECK(item.manifest.rid == crypto::merkle_leaf(item.manifest.bytes));
  const auto view = exchange::parse_item(item.raw);
  FOCAL_CHECK(equal(view.manifest, item.manifest.bytes));
  FOCAL_CHECK(exchange::body_commitment(*fixed<32>(view.salt), view.body) ==
              item.manifest.body_commit);
  FOCAL_CHECK((item.status == 1) == item.record.has_value());
}

void judge(ByteView inner) {
  const auto& cast = test::cast();
  test::MemoryLedger ledger;
  exchange::SafeClock clock;
  clock.start(test::kFuzzNow, 0);
  exchange::Inbound inbound(cast.self, cast.peers, ledger, clock);
  for (const bool wait_over : {false, true}) {
    const auto judgement = inbound.judge(inner, test::kFuzzNow, wait_over);
    if (const auto* refused = std::get_if<exchange::Refused>(&judgement))
      FOCAL_CHECK(refused->step >= 4 && refused->step <= 8 && !refused->why.empty());
    if (const auto* batch = std::get_if<JudgedBatch>(&judgement)) {
      FOCAL_CHECK(batch->rids.size() == batch->statement.size);
      FOCAL_CHECK(crypto::merkle_root(batch->rids) == batch->statement.root);
      FOCAL_CHECK(exchange::verify_statement(cast.peers.find(batch->from)->card.sign,
                                             batch->statement.bytes, batch->signature));
      for (const JudgedItem& item : batch->items)
        if (item.verdict == JudgedItem::Verdict::kFinal) check_final(item, *batch);
    }
  }
}

// The same through the machine, which writes: the ledger's own checks hold.
void receive(Bytes envelope) {
  test::FuzzNode node;
  node.greet(1);
  node.deliver(1, envelope, 1);
  node.greet(2);
  node.deliver(2, std::move(envelope), 1);  // again: no second leaf for a rid
  for (const auto& leaf : node.ledger.leaves())
    FOCAL_CHECK(leaf.type == store::LeafType::kReceived || leaf.type == store::LeafType::kRejected ||
                leaf.type == store::LeafType::kReceiptOut);
}

void make_right(v1::Item& item) {
  v1::Manifest m;
  if (!m.ParseFromString(item.manifest())) m.Clear();
  m.set_v(1);
  if (m.msg_id().size() != 16) m.set_msg_id(std::string(16, 'm'));
  m.set_from("XA");
  m.set_from_card(to_string(ByteView(test::cast().xa_card.card_id)));
  m.clear_to();
  m.add_to("XB");
  if (m.kind().empty()) m.set_kind("peer.ping");
  if (m.created_ms() == 0) m.set_created_ms(test::kFuzzNow.wall_ms);
  if (item.salt().size() != 32) item.set_salt(std::string(32, 's'));
  const auto salt = *fixed<32>(as_bytes(item.salt()));
  m.set_body_len(item.body().size());
  m.set_body_commit(to_string(exchange::body_commitment(salt, as_bytes(item.body()))));
  item.clear_leaf();
  item.set_manifest(m.SerializeAsString());
}

Bytes made_right(ByteView bytes) {
  v1::Inner inner;
  static_cast<void>(inner.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  std::vector<Bytes> items;
  std::vector<Hash32> leaves;
  for (v1::Item& item : *inner.mutable_item()) {
    if (items.size() == 256) break;
    if (item.leaf().size() == 32 && item.manifest().empty()) {
      leaves.push_back(*fixed<32>(as_bytes(item.leaf())));
      items.push_back(exchange::encode_leaf_item(leaves.back()));
      continue;
    }
    make_right(item);
    items.push_back(to_bytes(item.SerializeAsString()));
    leaves.push_back(crypto::merkle_leaf(as_bytes(item.manifest())));
  }
  return items.empty() ? Bytes() : test::batch_inner(items, leaves);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto& cast = test::cast();
  const ByteView rest(data + 1, size - 1);
  const unsigned mode = data[0] % 3;
  test::MemoryLedger ledger;
  exchange::SafeClock clock;
  clock.start(test::kFuzzNow, 0);
  exchange::Inbound inbound(cast.self, cast.peers, ledger, clock);
  if (mode == 0) {
    const auto inner = inbound.open(rest, test::kFuzzNow);
    if (inner.has_value()) return judge(*inner), 0;
    FOCAL_CHECK(inner.error().step >= 1 && inner.error().step <= 3);
    return receive(to_bytes(rest)), 0;
  }
  const Bytes inner = mode == 1 ? to_bytes(rest) : made_right(rest);
  if (inner.empty() || inner.size() > proto::kMaxInner) return 0;
  Bytes envelope = test::envelope_of(inner);
  const auto opened = inbound.open(envelope, test::kFuzzNow);
  FOCAL_CHECK(opened.has_value() && *opened == inner);
  judge(inner);
  receive(std::move(envelope));
  return 0;
}
