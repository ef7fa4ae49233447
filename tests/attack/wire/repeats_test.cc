// Goal: what comes twice has one effect, whoever sends it and by whatever way, and is
// answered with the original receipt; a false copy neither spoils the true one nor gets
// an answer. Method: genuine envelopes played again, sealed anew by another recipient,
// or with one part changed (tests/attack/wire/forge.h).
#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/merkle.h"
#include "node/ledger/verify.h"
#include "proto/envelope.pb.h"
#include "tests/attack/wire/forge.h"

namespace focal::test {
namespace {

using store::LeafType;

struct Repeats : ::testing::Test {
  World w;
  std::unique_ptr<Forger> from_a, from_c;
  void SetUp() override {
    for (const char* p : {"XA", "XB", "XC"}) w.add(p);
    for (const char* p : {"XA", "XC"}) w.verify_both(p, "XB");
    from_a = std::make_unique<Forger>(w, "XA", "XB");
    from_c = std::make_unique<Forger>(w, "XC", "XB");
  }
  // The newest receipt batch of XB. Its root is over the item bytes, so equal roots of
  // one item each mean equal items.
  Hash32 last_receipt() {
    const auto leaf = w.view("XB").tail(1).front();
    EXPECT_EQ(leaf.type, "RECEIPT_OUT");
    return leaf.ref;
  }
  void expect_original_receipt_and_nothing_else(const Forger& by, const Hash32& original) {
    EXPECT_EQ(by.effect.leaves, 1u) << "RECEIPT_OUT";
    EXPECT_EQ(last_receipt(), original);
    EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 1u);
    EXPECT_TRUE(by.effect.bounces.empty());
  }
  void expect_silent(const Forger& by, const char* what) {
    EXPECT_EQ(by.effect.leaves, 0u) << what;
    EXPECT_EQ(by.effect.silent.count(8), 1u) << what;
    EXPECT_EQ(by.effect.bounces.size(), 1u) << what;
  }
  void TearDown() override {
    const auto report = ledger::verify(w.folder("XB") / ledger::kLedgerFile);
    ASSERT_TRUE(report && report->ok());
  }
};

TEST_F(Repeats, N059_TheSameEnvelopeAgainOnItsLinkOnANewOneAndFromSomebodyElse) {
  const Bytes envelope = from_a->seal(from_a->honest().inner);
  from_a->deliver(envelope);
  ASSERT_EQ(from_a->effect.leaves, 2u);
  const Hash32 original = last_receipt();
  w.advance(kMinuteMs);  // a receipt made anew would have another time
  from_a->deliver(envelope);
  expect_original_receipt_and_nothing_else(*from_a, original);
  Forger another_link(w, "XA", "XB");
  another_link.deliver(envelope);
  expect_original_receipt_and_nothing_else(another_link, original);
  from_c->deliver(envelope);  // recorded on the network, played by another peer
  expect_original_receipt_and_nothing_else(*from_c, original);
  w.crash("XB");
  Forger after_a_start(w, "XA", "XB");
  after_a_start.deliver(envelope);
  expect_original_receipt_and_nothing_else(after_a_start, original);
}

// Each is looked at item by item, as an item may be open again.
TEST_F(Repeats, AFloodOfOneReceiptWritesNothingAndEndsNoLink) {
  Bytes receipts;
  w.on_frame = [&](const std::string& from, const auto&, const Bytes& frame) {
    const auto parsed = exchange::parse_frame(frame);
    const auto* data = parsed ? std::get_if<exchange::DataFrame>(&*parsed) : nullptr;
    if (from == "XB" && data != nullptr) receipts = data->envelopes.front();
    return true;
  };
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  w.on_frame = nullptr;
  ASSERT_EQ(w.status_of("XA", ref, "XB"), 1u);
  ASSERT_FALSE(receipts.empty());
  Forger back(w, "XB", "XA");
  for (int i = 0; i < 200; ++i) {
    back.deliver(receipts);
    ASSERT_EQ(back.effect.leaves, 0u);
    ASSERT_FALSE(back.effect.bye);
  }
  EXPECT_TRUE(w.is_up(back.link()));
  EXPECT_EQ(w.leaves("XA", LeafType::kReceiptIn), 1u);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

TEST_F(Repeats, N060_SealedAnewByAThirdPartyItIsTheSameRecord) {
  const Forged genuine = from_a->honest();
  from_a->deliver_inner(genuine.inner);
  const Hash32 original = last_receipt();
  w.advance(kMinuteMs);
  from_c->deliver_inner(genuine.inner);
  expect_original_receipt_and_nothing_else(*from_c, original);
  const auto info = w.view("XB").find({genuine.manifests[0].rid, genuine.manifests[0].created_ms});
  ASSERT_TRUE(info);
  EXPECT_EQ(info->peer, "XA") << "who wrote it, not who brought it";
}

TEST_F(Repeats, N060_BroughtFirstByAThirdPartyTheAuthorsCopyIsTheRepeat) {
  const Forged genuine = from_a->honest();
  from_c->deliver_inner(genuine.inner);
  EXPECT_EQ(from_c->effect.leaves, 2u);
  const Hash32 original = last_receipt();
  from_a->deliver_inner(genuine.inner);
  expect_original_receipt_and_nothing_else(*from_a, original);
}

// One way to give a genuine manifest other contents.
struct Change {
  const char* what;
  std::function<void(v1::Item&)> apply;
};
const Change kChanges[] = {
    {"another body", [](v1::Item& item) { item.set_body("evil"); }},
    {"another body of that length", [](v1::Item& item) { item.mutable_body()->back() ^= 1; }},
    {"no body", [](v1::Item& item) { item.clear_body(); }},
    {"another salt", [](v1::Item& item) { item.set_salt(std::string(32, 'e')); }},
    {"the key of an attachment", [](v1::Item& item) { item.add_att_key(std::string(32, 'k')); }},
    {"an approval",
     [](v1::Item& item) {
       item.add_approvals()->set_certificate("focal-officer/v1\n");
       item.mutable_approvals(0)->set_signature(std::string(64, 's'));
     }},
};

TEST_F(Repeats, N061_TheSameRecordIdWithOtherContentsSpoilsNothingBeforeAndAfter) {
  for (const Change& change : kChanges) {
    const Forged genuine = from_a->honest();
    v1::Item item;
    ASSERT_TRUE(
        item.ParseFromArray(genuine.items[0].data(), static_cast<int>(genuine.items[0].size())));
    change.apply(item);
    Forged poison = genuine;
    poison.items = {to_bytes(item.SerializeAsString())};
    from_c->make_inner(poison);
    from_c->deliver_inner(poison.inner);
    expect_silent(*from_c, change.what);
    from_a->deliver_inner(genuine.inner);
    EXPECT_EQ(from_a->effect.leaves, 2u) << change.what << ": the true one is taken";
    from_c->deliver_inner(poison.inner);
    expect_silent(*from_c, change.what);
  }
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), std::size(kChanges));
}

TEST_F(Repeats, N124_TheSameRecordOnTwoLinksInOneGroupIsOneRecord) {
  const Forged genuine = from_a->honest();
  from_a->hand_over(from_a->seal(genuine.inner));  // read, not yet committed
  from_c->deliver_inner(genuine.inner);            // in the same group
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 1u);
  EXPECT_TRUE(from_c->effect.bounces.empty());
  from_a->deliver_inner(genuine.inner);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 1u);
  EXPECT_EQ(from_a->effect.leaves, 1u) << "the original receipt again";
}

// Two honest nodes, and a way between them that loses the receipt.
TEST(LostReceipt, N122_TheRecordSentAgainIsAnsweredWithTheSameItem) {
  World w;
  w.add("XA");
  w.add("XB");
  w.verify_both("XA", "XB");
  w.connect("XA", "XB");
  w.on_frame = [](const auto& from, const auto&, const Bytes& frame) {
    return from != "XB" || frame[0] != 0x03;  // DATA
  };
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  w.on_frame = nullptr;
  ASSERT_TRUE(w.has("XB", ref));
  ASSERT_EQ(w.status_of("XA", ref, "XB"), 0u);
  w.advance(2 * kHourMs);
  w.crash("XB");  // the receipt is in its ledger only
  w.connect("XA", "XB");
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  std::vector<Hash32> receipts;
  for (const auto& leaf : w.view("XB").tail(100))
    if (leaf.type == "RECEIPT_OUT") receipts.push_back(leaf.ref);
  ASSERT_EQ(receipts.size(), 2u);
  EXPECT_EQ(receipts[0], receipts[1]) << "one item each: equal roots, equal bytes";
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 1u);
}

// An alarm once a receipt, as many as there are in one batch: the operator sees it, and
// whoever sends them without end does not fill the disk with our log.
TEST_F(Repeats, ReceiptsThatContradictTheFirstChangeNothingAndDoNotFillTheLog) {
  w.connect("XA", "XB");
  const auto ref = w.send("XB", "XA", "peer.ping", ping_body());
  w.run();
  ASSERT_EQ(w.status_of("XB", ref, "XA"), 1u);
  Forger liar(w, "XA", "XB");
  Forged forged;
  for (std::uint32_t i = 0; i < 500; ++i) {
    const auto item = exchange::receipt_for(ref, 16 + i % 2 * 3, w.now().wall_ms + i);
    forged.items.push_back(exchange::encode_receipt_item(item));
    forged.leaves.push_back(crypto::merkle_leaf(forged.items.back()));
  }
  liar.sign(forged, 2);
  const Bytes inner = exchange::encode_receipts_inner(forged.stmt, forged.sig, forged.items, {});
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) liar.deliver_inner(inner, 0);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_FALSE(liar.effect.bye);
  EXPECT_EQ(w.status_of("XB", ref, "XA"), 1u);
  EXPECT_NE(log.find("different receipt"), std::string::npos);
  EXPECT_LE(std::count(log.begin(), log.end(), '\n'), exchange::kLoggedPerMinute);
}

}  // namespace
}  // namespace focal::test
