// Goal: the plaintext of an envelope is cut into exactly the bytes that travelled, and
// our encoders write what protobuf writes for proto/envelope.proto.
// Method: round trips against the library, views compared by address, limits, forgeries.
#include "node/exchange/inner.h"

#include <gtest/gtest.h>

#include "node/store/leaf.h"
#include "proto/envelope.pb.h"
#include "proto/lint.h"
#include "tests/unit/exchange/samples.h"

namespace focal::exchange {
namespace {

using test::full_manifest;
using test::hash_of;

struct InnerTest : ::testing::Test {
  Bytes manifest = full_manifest().bytes;
  Hash32 salt = hash_of(0x5a);
  Bytes body = to_bytes("the body of the record");
  Bytes stmt = Bytes(140, 's');
  Bytes sig = Bytes(64, 'g');

  v1::Item item_message() const {
    v1::Item item;
    item.set_manifest(to_string(manifest));
    item.set_salt(to_string(salt));
    item.set_body(to_string(body));
    return item;
  }
  ReceiptItem receipt(std::uint32_t status = 1) const {
    return receipt_for({hash_of(0x77), test::kIssuedMs}, status, test::kIssuedMs + 5);
  }
};

TEST_F(InnerTest, EncodersWriteWhatProtobufWrites) {
  const Bytes item = encode_item(manifest, salt, body);
  EXPECT_EQ(as_text(item), item_message().SerializeAsString());
  v1::Item leaf;
  leaf.set_leaf(to_string(hash_of(8)));
  EXPECT_EQ(as_text(encode_leaf_item(hash_of(8))), leaf.SerializeAsString());

  v1::Inner batch;
  batch.set_stmt(to_string(stmt));
  batch.set_sig(to_string(sig));
  *batch.add_item() = item_message();
  *batch.add_item() = leaf;
  const std::vector<Bytes> items{item, encode_leaf_item(hash_of(8))};
  EXPECT_EQ(as_text(encode_batch_inner(stmt, sig, items)), batch.SerializeAsString());

  v1::Inner answer;
  auto* receipts = answer.mutable_receipts();
  receipts->set_stmt(to_string(stmt));
  receipts->set_sig(to_string(sig));
  const std::vector<Bytes> raw{encode_receipt_item(receipt(1)), encode_receipt_item(receipt(19))};
  for (const Bytes& r : raw) receipts->add_item(to_string(r));
  EXPECT_EQ(as_text(encode_receipts_inner(stmt, sig, raw, {})), answer.SerializeAsString());
  receipts->set_checkpoint("a checkpoint");
  EXPECT_EQ(as_text(encode_receipts_inner(stmt, sig, raw, as_bytes("a checkpoint"))),
            answer.SerializeAsString());
}

TEST_F(InnerTest, EmptyBodyIsAbsent) {
  const Bytes item = encode_item(manifest, salt, {});
  EXPECT_TRUE(proto::lint(proto::Msg::kItem, item).has_value());
  EXPECT_TRUE(parse_item(item).body.empty());
}

TEST_F(InnerTest, ItemsAreSlicedExactly) {
  const std::vector<Bytes> items{encode_item(manifest, salt, body), encode_leaf_item(hash_of(8)),
                                 encode_item(manifest, salt, Bytes(5000, 'x'))};
  const Bytes inner = encode_batch_inner(stmt, sig, items);
  const auto parsed = parse_inner(inner);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  const auto& batch = std::get<BatchView>(*parsed);
  EXPECT_TRUE(equal(batch.stmt, stmt));
  EXPECT_TRUE(equal(batch.sig, sig));
  ASSERT_EQ(batch.items.size(), 3u);
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_TRUE(equal(batch.items[i].raw, items[i])) << i;
    EXPECT_GE(batch.items[i].raw.data(), inner.data());
    EXPECT_LE(batch.items[i].raw.data() + batch.items[i].raw.size(), inner.data() + inner.size());
  }
  EXPECT_TRUE(equal(batch.items[0].manifest, manifest));
  EXPECT_TRUE(equal(batch.items[0].salt, salt));
  EXPECT_TRUE(equal(batch.items[0].body, body));
  EXPECT_TRUE(batch.items[0].leaf.empty());
  EXPECT_TRUE(equal(batch.items[1].leaf, hash_of(8)));
  EXPECT_TRUE(batch.items[1].manifest.empty());
  EXPECT_EQ(batch.items[2].body.size(), 5000u);
}

TEST_F(InnerTest, ApprovalsAndAttachmentPartsAreSeen) {
  v1::Item item = item_message();
  item.add_att_key(std::string(32, 'k'));
  item.add_att_name("photo.jpg");
  for (const char c : {'1', '2'}) {
    auto* approval = item.add_approvals();
    approval->set_certificate(std::string("certificate ") + c);
    approval->set_signature(std::string(64, c));
  }
  const std::string raw = item.SerializeAsString();
  const ItemView view = parse_item(as_bytes(raw));
  EXPECT_EQ(view.attachment_keys, 1u);
  EXPECT_EQ(view.attachment_names, 1u);
  ASSERT_EQ(view.approvals.size(), 2u);
  EXPECT_EQ(as_text(view.approvals[1].certificate), "certificate 2");
  EXPECT_EQ(as_text(view.approvals[1].signature), std::string(64, '2'));
}

TEST_F(InnerTest, ReceiptsAreSlicedExactly) {
  const std::vector<Bytes> raw{encode_receipt_item(receipt(1)), encode_receipt_item(receipt(2))};
  const Bytes inner = encode_receipts_inner(stmt, sig, raw, as_bytes("a checkpoint"));
  const auto parsed = parse_inner(inner);
  ASSERT_TRUE(parsed.has_value());
  const auto& view = std::get<ReceiptsView>(*parsed);
  EXPECT_TRUE(equal(view.stmt, stmt));
  EXPECT_TRUE(equal(view.sig, sig));
  EXPECT_EQ(as_text(view.checkpoint), "a checkpoint");
  ASSERT_EQ(view.items.size(), 2u);
  EXPECT_TRUE(equal(view.items[0], raw[0]));
  EXPECT_TRUE(equal(view.items[1], raw[1]));
}

TEST_F(InnerTest, RecordsAndReceiptsTogetherAreRefused) {
  v1::Inner both;
  both.set_stmt(to_string(stmt));
  both.set_sig(to_string(sig));
  *both.add_item() = item_message();
  both.mutable_receipts()->set_stmt(to_string(stmt));
  both.mutable_receipts()->set_sig(to_string(sig));
  both.mutable_receipts()->add_item(to_string(encode_receipt_item(receipt())));
  EXPECT_FALSE(parse_inner(as_bytes(both.SerializeAsString())).has_value());
  EXPECT_FALSE(parse_inner({}).has_value());
}

TEST_F(InnerTest, CountsAndSizesAreBounded) {
  const std::vector<Bytes> most(256, encode_leaf_item(hash_of(1)));
  EXPECT_TRUE(parse_inner(encode_batch_inner(stmt, sig, most)).has_value());
  std::vector<Bytes> more = most;
  more.push_back(more.back());
  const auto too_many = parse_inner(encode_batch_inner(stmt, sig, more));
  ASSERT_FALSE(too_many.has_value());
  EXPECT_EQ(too_many.error().code, ErrorCode::kLimit);

  const std::vector<Bytes> receipts(2048, encode_receipt_item(receipt()));
  EXPECT_TRUE(parse_inner(encode_receipts_inner(stmt, sig, receipts, {})).has_value());
  std::vector<Bytes> receipts_more = receipts;
  receipts_more.push_back(receipts.back());
  EXPECT_FALSE(parse_inner(encode_receipts_inner(stmt, sig, receipts_more, {})).has_value());

  const std::vector<Bytes> big{encode_item(manifest, salt, Bytes(proto::kMaxBody, 'b'))};
  EXPECT_TRUE(parse_inner(encode_batch_inner(stmt, sig, big)).has_value());
  const std::vector<Bytes> bigger{encode_item(manifest, salt, Bytes(proto::kMaxBody + 1, 'b'))};
  EXPECT_FALSE(parse_inner(encode_batch_inner(stmt, sig, bigger)).has_value());
  EXPECT_EQ(parse_inner(Bytes(proto::kMaxInner + 1, 0)).error().code, ErrorCode::kLimit);
}

TEST_F(InnerTest, EstimateIsNeverTooSmallAndHardlyTooLarge) {
  for (const std::size_t n : {1u, 2u, 17u, 256u})
    for (const std::size_t size : {0u, 1u, 100u, 900u}) {
      const std::vector<Bytes> items(n, encode_item(manifest, salt, Bytes(size, 'b')));
      const std::size_t real = encode_batch_inner(stmt, sig, items).size();
      const std::size_t estimate = batch_inner_size(stmt.size(), n * items[0].size(), n);
      EXPECT_GE(estimate, real);
      EXPECT_LE(estimate, real + 4 * n + 8);
    }
}

TEST_F(InnerTest, ReceiptItemIsReadAsItWasWritten) {
  for (const std::uint32_t status : {1u, 2u, 16u, 27u, 1000u}) {
    const ReceiptItem item = receipt(status);
    const auto parsed = parse_receipt_item(encode_receipt_item(item));
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->ref, item.ref);
    EXPECT_EQ(parsed->status, status);
    EXPECT_EQ(parsed->leaf, item.leaf);
    EXPECT_EQ(parsed->at_ms, item.at_ms);
  }
  Bytes cut = encode_receipt_item(receipt());
  cut.pop_back();
  EXPECT_EQ(parse_receipt_item(cut).error().code, ErrorCode::kLint);
  EXPECT_FALSE(parse_receipt_item({}).has_value());
}

TEST_F(InnerTest, ReceiptNamesTheLeafOfTheReceiversLog) {
  store::Leaf leaf{store::LeafType::kReceived, test::kIssuedMs + 5, hash_of(0x77), {}};
  EXPECT_EQ(receipt(1).leaf, store::leaf_hash(leaf));
  EXPECT_EQ(receipt(2).leaf, store::leaf_hash(leaf)) << "accepted, kind unknown";
  leaf.type = store::LeafType::kRejected;
  EXPECT_EQ(receipt(16).leaf, store::leaf_hash(leaf));
  EXPECT_NE(receipt(1).leaf, receipt(16).leaf) << "an acceptance cannot become a rejection";
}

}  // namespace
}  // namespace focal::exchange
