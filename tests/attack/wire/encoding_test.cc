// Goal: a second encoding of a signed object does not get past step 4 of a whole node,
// whoever signed it. Method: XA writes its objects by hand, field by field, and signs
// them itself; unchanged they are accepted, with one rule of the lint broken they leave
// no trace but a counter and a bounce.
#include <gtest/gtest.h>

#include "crypto/merkle.h"
#include "tests/attack/wire/forge.h"
#include "tests/unit/proto/wire.h"

namespace focal::test {
namespace {

using Fields = std::vector<Bytes>;

Bytes join(const Fields& fields) {
  Bytes out;
  for (const Bytes& field : fields) append(out, field);
  return out;
}

struct Encoding : ::testing::Test {
  World w;
  std::unique_ptr<Forger> forger;
  Forged honest;  // one record, whose parts the fields below repeat

  enum { kV, kMsgId, kFrom, kCard, kTo, kKind, kCreated, kCommit, kLen };  // of a manifest
  enum { kSv, kSfrom, kScard, kPurpose, kSize, kRoot, kSigned };           // of a statement

  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
    forger = std::make_unique<Forger>(w, "XA", "XB");
  }
  Fields manifest() {
    honest = forger->honest();
    const exchange::Manifest& m = honest.manifests[0];
    return {Wire().number(1, 1).out(),          Wire().bytes(2, m.msg_id).out(),
            Wire().text(3, "XA").out(),         Wire().bytes(4, m.from_card).out(),
            Wire().text(5, "XB").out(),         Wire().text(6, m.kind).out(),
            Wire().fixed64(9, m.created_ms).out(), Wire().bytes(11, m.body_commit).out(),
            Wire().number(12, m.body_len).out()};
  }
  Fields statement(const Hash32& root) {
    return {Wire().number(1, 1).out(),    Wire().text(2, "XA").out(),
            Wire().bytes(3, forger->card().card_id).out(),
            Wire().number(4, 1).out(),    Wire().number(5, 1).out(),
            Wire().bytes(6, root).out(),  Wire().fixed64(7, w.now().wall_ms).out()};
  }
  Fields item(ByteView manifest_bytes) {
    return {Wire().bytes(1, manifest_bytes).out(), Wire().bytes(3, honest.salts[0]).out(),
            Wire().bytes(4, honest.bodies[0]).out()};
  }
  Fields inner(ByteView stmt, ByteView item_bytes) {
    const auto sig = crypto::sign(forger->sign_key(), crypto::pae(crypto::kBatchType, stmt));
    return {Wire().bytes(1, stmt).out(), Wire().bytes(2, sig).out(),
            Wire().bytes(3, item_bytes).out()};
  }

  void deliver(const Bytes& inner_bytes) { forger->deliver_inner(inner_bytes); }
  void deliver_item(const Bytes& item_bytes, const Hash32& leaf) {
    deliver(join(inner(join(statement(crypto::merkle_root(std::vector<Hash32>{leaf}))), item_bytes)));
  }
  void deliver_manifest(const Fields& fields) {
    const Bytes bytes = join(fields);
    deliver_item(join(item(bytes)), crypto::merkle_leaf(bytes));
  }
  void deliver_statement(const Fields& fields) {
    deliver(join(inner(join(fields), honest.items[0])));
  }
  Fields honest_statement() {
    honest = forger->honest();
    return statement(crypto::merkle_root(honest.leaves));
  }
  void expect_accepted() const {
    EXPECT_EQ(forger->effect.leaves, 2u) << "RECEIVED and RECEIPT_OUT";
    EXPECT_TRUE(forger->effect.silent.empty());
  }
  void expect_silent(const char* what) const {
    EXPECT_EQ(forger->effect.leaves, 0u) << what;
    EXPECT_EQ(forger->effect.silent.count(4), 1u) << what;
    ASSERT_EQ(forger->effect.bounces.size(), 1u) << what;
    EXPECT_EQ(forger->effect.bounces[0].code, 4u) << what;
    EXPECT_EQ(forger->effect.waiting, 0u) << what;
  }
  void TearDown() override {
    deliver(forger->honest().inner);
    expect_accepted();
  }
};

TEST_F(Encoding, WrittenByHandItIsAccepted) {
  deliver_manifest(manifest());
  expect_accepted();
  deliver_statement(honest_statement());
  expect_accepted();
}

TEST_F(Encoding, N025_UnknownFieldAnywhere) {
  const Bytes unknown = Wire().number(19, 1).out();
  Fields m = manifest();
  m.push_back(unknown);
  deliver_manifest(m);
  expect_silent("manifest");
  Fields s = honest_statement();
  s.push_back(unknown);
  deliver_statement(s);
  expect_silent("statement");
  const Bytes good = join(manifest());
  Fields i = item(good);
  i.push_back(unknown);
  deliver_item(join(i), crypto::merkle_leaf(good));
  expect_silent("item");
  Fields whole = inner(join(honest_statement()), honest.items[0]);
  whole.push_back(unknown);
  deliver(join(whole));
  expect_silent("Inner");
}

TEST_F(Encoding, N026_SingularFieldTwice) {
  for (const int field : {kMsgId, kFrom, kCard, kKind, kCreated, kCommit, kLen}) {
    Fields m = manifest();
    m.insert(m.begin() + field, m[static_cast<std::size_t>(field)]);
    deliver_manifest(m);
    expect_silent("manifest");
  }
  for (const int field : {kSfrom, kScard, kPurpose, kSize, kRoot, kSigned}) {
    Fields s = honest_statement();
    s.insert(s.begin() + field, s[static_cast<std::size_t>(field)]);
    deliver_statement(s);
    expect_silent("statement");
  }
  Fields whole = inner(join(honest_statement()), honest.items[0]);
  whole.insert(whole.begin(), whole[0]);
  deliver(join(whole));
  expect_silent("Inner");
}

TEST_F(Encoding, N027_VarintLongerThanNeeded) {
  Fields m = manifest();
  m[kLen] = Bytes{0x60, static_cast<std::uint8_t>(0x80 | honest.bodies[0].size()), 0x00};
  deliver_manifest(m);
  expect_silent("value");
  m = manifest();
  m[kFrom] = Bytes{0x1a, 0x82, 0x00, 'X', 'A'};
  deliver_manifest(m);
  expect_silent("length");
  m = manifest();
  m[kLen] = Bytes{0xe0, 0x00, static_cast<std::uint8_t>(honest.bodies[0].size())};
  deliver_manifest(m);
  expect_silent("tag");
  Fields s = honest_statement();
  s[kSv] = Bytes{0x08, 0x81, 0x00};
  deliver_statement(s);
  expect_silent("version");
}

TEST_F(Encoding, N028_FieldNumbersDecrease) {
  Fields m = manifest();
  std::swap(m[kMsgId], m[kFrom]);
  deliver_manifest(m);
  expect_silent("manifest");
  Fields s = honest_statement();
  std::swap(s[kPurpose], s[kSize]);
  deliver_statement(s);
  expect_silent("statement");
  Fields whole = inner(join(honest_statement()), honest.items[0]);
  std::swap(whole[1], whole[2]);
  deliver(join(whole));
  expect_silent("Inner");
}

TEST_F(Encoding, N029_GroupAndOtherWireTypes) {
  Fields m = manifest();
  m[kLen] = Bytes{0x63, 0x64};  // a group of field 12
  deliver_manifest(m);
  expect_silent("group");
  m = manifest();
  m[kLen] = Bytes{0x65, 6, 0, 0, 0};  // 32 bits
  deliver_manifest(m);
  expect_silent("32 bits");
  m = manifest();
  m[kCreated] = Wire().number(9, w.now().wall_ms).out();  // a time as a varint
  deliver_manifest(m);
  expect_silent("varint for fixed64");
  Fields s = honest_statement();
  s[kSize] = Wire().fixed64(5, 1).out();
  deliver_statement(s);
  expect_silent("fixed64 for varint");
}

TEST_F(Encoding, N030_EncodedDefaults) {
  Fields m = manifest();
  m.insert(m.begin() + kCommit, Wire().fixed64(10, 0).out());  // expires_ms = 0
  deliver_manifest(m);
  expect_silent("a number");
  const Bytes good = join(manifest());
  Fields i = item(good);
  i.insert(i.begin() + 1, Wire().text(2, "").out());  // an empty leaf
  deliver_item(join(i), crypto::merkle_leaf(good));
  expect_silent("empty bytes");
  m = manifest();
  m.insert(m.begin() + kCreated, Wire().bytes(8, {}).out());  // an empty reply_to
  deliver_manifest(m);
  expect_silent("an empty message");
}

TEST_F(Encoding, N031_DepthAndLengthBombs) {
  Fields m = manifest();
  m.insert(m.begin() + kCreated, Wire().tag(7, 2).varint(std::uint64_t{1} << 31).out());
  deliver_manifest(m);
  expect_silent("length of 2^31");
  Bytes nested;  // thread in thread in thread …
  for (int depth = 0; depth < 200; ++depth) nested = Wire().bytes(7, nested).out();
  m = manifest();
  m.insert(m.begin() + kCreated, nested);
  deliver_manifest(m);
  expect_silent("depth");
  Bytes inners;
  for (int depth = 0; depth < 5000; ++depth) inners = Wire().bytes(3, inners).out();
  deliver(inners);
  expect_silent("items in items");
}

TEST_F(Encoding, N040_MalleatedAndOddSignatures) {
  // S + L: the same equation, another signature (RFC 8032 section 5.1.7 refuses it).
  static constexpr std::uint8_t kL[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                          0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                          0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  Forged f = forger->honest();
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned sum = f.sig[32 + i] + kL[i] + carry;
    f.sig[32 + i] = static_cast<std::uint8_t>(sum);
    carry = sum >> 8;
  }
  ASSERT_EQ(carry, 0u);
  forger->make_inner(f);
  deliver(f.inner);
  EXPECT_EQ(forger->effect.silent.count(6), 1u) << "S + L";
  EXPECT_EQ(forger->effect.leaves, 0u);
  for (const std::uint8_t filler : {0x00, 0xff}) {
    f = forger->honest();
    std::fill_n(f.sig.begin(), 32, filler);  // R: small order, or no canonical encoding
    forger->make_inner(f);
    deliver(f.inner);
    EXPECT_EQ(forger->effect.silent.count(6), 1u) << "R";
    EXPECT_EQ(forger->effect.leaves, 0u);
  }
}

}  // namespace
}  // namespace focal::test
