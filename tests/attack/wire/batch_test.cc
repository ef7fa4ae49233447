// Goal: nothing but an honest batch, written to this party and signed by its
// pinned sender, gets past steps 4 to 11; what does not leaves no trace but a
// counter and a bounce. Method: a party with a valid card forges each part in
// turn (tests/attack/wire/forge.h); the same forgery with the part put right
// is accepted, so that each test can fail both ways.
#include <gtest/gtest.h>

#include "crypto/merkle.h"
#include "proto/envelope.pb.h"
#include "proto/lint.h"
#include "tests/attack/wire/forge.h"

namespace focal::test {
namespace {

struct Batch : ::testing::Test {
  World w;
  std::unique_ptr<Forger> forger;
  void SetUp() override {
    for (const char* p : {"XA", "XB", "XC"}) w.add(p);
    w.verify_both("XA", "XB");
    w.verify_both("XC", "XB");
    forger = std::make_unique<Forger>(w, "XA", "XB");
  }
  void expect_accepted(const Forged& f) {
    forger->deliver_inner(f.inner);
    EXPECT_GE(forger->effect.leaves, f.items.size()) << "RECEIVED and RECEIPT_OUT";
    EXPECT_TRUE(forger->effect.silent.empty());
    EXPECT_TRUE(forger->effect.bounces.empty());
  }
  void expect_silent(const Forged& f, int step, exchange::BounceCode bounce =
                                                    exchange::BounceCode::kUnopenable) {
    forger->deliver_inner(f.inner);
    EXPECT_EQ(forger->effect.leaves, 0u) << "no leaf";
    EXPECT_EQ(forger->effect.silent.count(step), 1u)
        << "step " << (forger->effect.silent.empty() ? 0 : forger->effect.silent.begin()->first);
    ASSERT_EQ(forger->effect.bounces.size(), 1u);
    EXPECT_EQ(forger->effect.bounces[0].code, static_cast<std::uint32_t>(bounce));
    EXPECT_EQ(forger->effect.waiting, 0u);
    for (const auto& m : f.manifests)
      EXPECT_FALSE(w.has("XB", {m.rid, m.created_ms})) << "rid not recorded";
    // The genuine article is still accepted afterwards.
    expect_accepted(forger->honest(2));
  }
};

TEST_F(Batch, HonestOnesAreAccepted) {
  expect_accepted(forger->honest(1));
  expect_accepted(forger->honest(7));
  expect_accepted(forger->honest(256));
}

TEST_F(Batch, N025_UnknownFieldInManifest) {
  Forged f = forger->honest();
  f.manifests[0].bytes.push_back(0x98);  // field 19, varint
  f.manifests[0].bytes.push_back(0x01);
  f.manifests[0].bytes.push_back(0x01);
  f.leaves = {crypto::merkle_leaf(f.manifests[0].bytes)};
  f.items = {exchange::encode_item(f.manifests[0].bytes, f.salts[0], f.bodies[0])};
  forger->sign(f);
  forger->make_inner(f);
  expect_silent(f, 4);
}

TEST_F(Batch, N032_AudienceUnsortedTwiceOrTooLarge) {
  for (const auto& to : std::vector<std::vector<std::string>>{
           {"XC", "XB"}, {"XB", "XB"}, std::vector<std::string>(257, "XB")}) {
    Forged f = forger->honest();
    f.manifests[0].to = to;
    forger->make_items(f);
    forger->sign(f);
    forger->make_inner(f);
    expect_silent(f, 4);
  }
}

TEST_F(Batch, N033_OwnPartyNotInAudience) {
  Forged f = forger->honest();
  f.manifests[0].to = {"XC"};
  forger->make_items(f);
  forger->sign(f);
  forger->make_inner(f);
  expect_silent(f, 7);
}

TEST_F(Batch, N125_SenderInItsOwnAudience) {
  Forged f = forger->honest();
  f.manifests[0].to = {"XA", "XB"};
  forger->make_items(f);
  forger->sign(f);
  forger->make_inner(f);
  expect_silent(f, 7);
}

TEST_F(Batch, N034_StatementNamesAnotherSender) {
  Forged f = forger->honest();
  forger->sign_as(f, "XC", forger->card().card_id, 1, 1, crypto::merkle_root(f.leaves),
                  w.now().wall_ms);
  forger->make_inner(f);
  expect_silent(f, 6);
}

TEST_F(Batch, N035_StatementNamesAnotherPartysCard) {
  Forged f = forger->honest();
  forger->sign_as(f, "XA", w.core("XC").self().card.card_id, 1, 1, crypto::merkle_root(f.leaves),
                  w.now().wall_ms);
  forger->make_inner(f);
  expect_silent(f, 6);
}

TEST_F(Batch, N035b_ManifestNamesAnotherPartysCard) {
  Forged f = forger->honest();
  f.manifests[0].from_card = w.core("XC").self().card.card_id;
  forger->make_items(f);
  forger->sign(f);
  forger->make_inner(f);
  forger->deliver_inner(f.inner);
  EXPECT_EQ(forger->effect.leaves, 0u);
  EXPECT_EQ(forger->effect.waiting, 1u) << "a card of XA that is not here: it waits, unsigned for";
}

TEST_F(Batch, ImpersonationOfAnotherPartyDoesNotVerify) {
  Forged f = forger->honest();
  f.manifests[0].from = "XC";
  f.manifests[0].from_card = w.core("XC").self().card.card_id;
  forger->make_items(f);
  forger->sign_as(f, "XC", w.core("XC").self().card.card_id, 1, 1, crypto::merkle_root(f.leaves),
                  w.now().wall_ms);  // by XA's key
  forger->make_inner(f);
  expect_silent(f, 6);
}

TEST_F(Batch, N036_ReceiptStatementForRecords) {
  Forged f = forger->honest();
  forger->sign(f, 2);
  forger->make_inner(f);
  expect_silent(f, 6);
}

TEST_F(Batch, N037_InnerNodePresentedAsLeaf) {
  Forged f = forger->honest(4);
  // Two leaves replaced by their node: the fold would be the same, the count is not.
  const Hash32 left = crypto::merkle_node(f.leaves[0], f.leaves[1]);
  Forged cut = f;
  cut.items = {exchange::encode_leaf_item(left), f.items[2], f.items[3]};
  forger->make_inner(cut);
  expect_silent(cut, 4);
  // A manifest of 64 bytes that is two hashes.
  Forged fake = forger->honest(1);
  Bytes node = to_bytes(ByteView(f.leaves[0]));
  append(node, f.leaves[1]);
  fake.items = {exchange::encode_item(node, fake.salts[0], fake.bodies[0])};
  forger->make_inner(fake);
  expect_silent(fake, 4);
}

TEST_F(Batch, N038_LeavesDoNotFoldToTheRoot) {
  const auto broken = [&](auto&& change) {
    Forged f = forger->honest(3);
    change(f);
    forger->make_inner(f);
    expect_silent(f, 4);
  };
  broken([](Forged& f) { f.items.pop_back(); });                        // missing
  broken([](Forged& f) { f.items.push_back(f.items[0]); });             // repeated
  broken([](Forged& f) { std::swap(f.items[0], f.items[1]); });         // swapped
  broken([&](Forged& f) { f.items.push_back(forger->honest().items[0]); });  // added
  broken([&](Forged& f) { f.items[1] = forger->honest().items[0]; });   // replaced
}

TEST_F(Batch, N039_SizesAndShapes) {
  const auto with_size = [&](std::uint32_t size) {
    Forged f = forger->honest(2);
    forger->sign_as(f, "XA", forger->card().card_id, 1, size, crypto::merkle_root(f.leaves),
                    w.now().wall_ms);
    forger->make_inner(f);
    expect_silent(f, 4);
  };
  with_size(0);
  with_size(1);
  with_size(3);
  with_size(257);
  with_size(2049);
  Forged leaves_only = forger->honest(2);
  leaves_only.items = {exchange::encode_leaf_item(leaves_only.leaves[0]),
                       exchange::encode_leaf_item(leaves_only.leaves[1])};
  forger->make_inner(leaves_only);
  expect_silent(leaves_only, 4);
  Forged mixed = forger->honest(2);
  mixed.manifests[1].to = {"XB", "XC"};
  forger->make_items(mixed);
  forger->sign(mixed);
  forger->make_inner(mixed);
  expect_silent(mixed, 4);
}

TEST_F(Batch, ItemThatIsOnlyItsLeafHasNoEffectAndTheRestIsTaken) {
  Forged f = forger->honest(3);
  f.items[1] = exchange::encode_leaf_item(f.leaves[1]);
  forger->make_inner(f);
  forger->deliver_inner(f.inner);
  EXPECT_TRUE(forger->effect.silent.empty());
  EXPECT_TRUE(w.has("XB", {f.manifests[0].rid, f.manifests[0].created_ms}));
  EXPECT_FALSE(w.has("XB", {f.manifests[1].rid, f.manifests[1].created_ms}));
  EXPECT_TRUE(w.has("XB", {f.manifests[2].rid, f.manifests[2].created_ms}));
}

TEST_F(Batch, N040_SignatureChangedAnywhere) {
  for (std::size_t i = 0; i < 64; i += 7) {
    Forged f = forger->honest();
    f.sig[i] ^= 0x10;
    forger->make_inner(f);
    expect_silent(f, 6);
  }
}

TEST_F(Batch, N043_BodySaltOrLengthWrong) {
  Forged body = forger->honest();
  body.items = {exchange::encode_item(body.manifests[0].bytes, body.salts[0], to_bytes("bodY 0"))};
  forger->make_inner(body);
  expect_silent(body, 8);
  Forged salt = forger->honest();
  salt.salts[0][0] ^= 1;
  salt.items = {exchange::encode_item(salt.manifests[0].bytes, salt.salts[0], salt.bodies[0])};
  forger->make_inner(salt);
  expect_silent(salt, 8);
  Forged length = forger->honest();
  length.manifests[0].body_len += 1;
  forger->make_items(length);
  forger->sign(length);
  forger->make_inner(length);
  expect_silent(length, 8);
}

TEST_F(Batch, N117_RidIsNotPoisonedByAnotherBody) {
  Forged genuine = forger->honest();
  Forged poison = genuine;
  poison.items = {exchange::encode_item(genuine.manifests[0].bytes, genuine.salts[0],
                                        to_bytes("evil 0"))};
  forger->make_inner(poison);
  forger->deliver_inner(poison.inner);
  EXPECT_EQ(forger->effect.leaves, 0u);
  expect_accepted(genuine);
}

TEST_F(Batch, ApprovalsMissingOrInventedAreSilent) {
  Forged missing = forger->honest();
  missing.manifests[0].approver = {Hash32{1}};
  forger->make_items(missing);
  forger->sign(missing);
  forger->make_inner(missing);
  expect_silent(missing, 8);
}

TEST_F(Batch, SignedMoreThanSevenDaysFromWritingIsRejectedAtOnce) {
  Forged f = forger->honest();
  forger->sign_as(f, "XA", forger->card().card_id, 1, 1, crypto::merkle_root(f.leaves),
                  w.now().wall_ms + 8 * kDayMs);
  forger->make_inner(f);
  forger->deliver_inner(f.inner);
  const auto info = w.view("XB").find({f.manifests[0].rid, f.manifests[0].created_ms});
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->status, 27u) << "CLOCK";
}

// What waits is judged again every minute; what stood beside it was answered when it
// came and is not answered again.
TEST_F(Batch, AnItemThatWaitsMakesNoReceiptsForTheOthersEveryMinute) {
  Forged f = forger->honest(20);
  f.manifests[7].created_ms = w.now().wall_ms + 6 * kDayMs;
  forger->make_items(f);
  forger->sign_as(f, "XA", forger->card().card_id, 1, 20, crypto::merkle_root(f.leaves),
                  w.now().wall_ms + 3 * kDayMs);
  forger->make_inner(f);
  forger->deliver_inner(f.inner);
  EXPECT_EQ(forger->effect.leaves, 20u) << "19 RECEIVED and a RECEIPT_OUT";
  EXPECT_EQ(forger->effect.waiting, 1u);
  const auto before = w.view("XB").log_size();
  const auto counters = w.core("XB").machine().counters();
  for (int minute = 0; minute < 5; ++minute) w.advance(kMinuteMs);
  EXPECT_EQ(w.view("XB").log_size(), before);
  EXPECT_EQ(w.core("XB").machine().counters().repeats, counters.repeats);
}

TEST_F(Batch, NewerVersionWaits) {
  Forged f = forger->honest();
  f.manifests[0].v = 2;
  forger->make_items(f);
  forger->sign(f);
  forger->make_inner(f);
  forger->deliver_inner(f.inner);
  EXPECT_EQ(forger->effect.leaves, 0u);
  EXPECT_EQ(forger->effect.waiting, 1u);
  ASSERT_EQ(forger->effect.bounces.size(), 1u);
  EXPECT_EQ(forger->effect.bounces[0].code, 6u);
  EXPECT_EQ(forger->effect.bounces[0].why, 4u) << "VERSION";
}

TEST_F(Batch, N139_AttachmentsAreRejectedVisibly) {
  // A manifest with one attachment, key and name in place: well-formed, not built yet.
  Forged f = forger->honest();
  v1::Manifest m;
  ASSERT_TRUE(m.ParseFromArray(f.manifests[0].bytes.data(),
                               static_cast<int>(f.manifests[0].bytes.size())));
  auto* att = m.add_att();
  att->set_root(std::string(32, 'r'));
  att->set_size(10);
  att->set_media("image/jpeg");
  att->set_name_commit(std::string(32, 'n'));
  att->set_key_commit(std::string(32, 'k'));
  const Bytes bytes = to_bytes(m.SerializeAsString());
  v1::Item item;
  item.set_manifest(to_string(ByteView(bytes)));
  item.set_salt(to_string(ByteView(f.salts[0])));
  item.set_body(to_string(ByteView(f.bodies[0])));
  item.add_att_key(std::string(32, 'k'));
  item.add_att_name("photo.jpg");
  f.items = {to_bytes(item.SerializeAsString())};
  f.leaves = {crypto::merkle_leaf(bytes)};
  forger->sign(f);
  forger->make_inner(f);
  forger->deliver_inner(f.inner);
  const auto info = w.view("XB").find({f.leaves[0], f.manifests[0].created_ms});
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->status, 26u) << "ATTACHMENTS_NOT_YET";
}

}  // namespace
}  // namespace focal::test
