// Goal: HPKE is RFC 9180's for suite 0x0020/0x0001/0x0003 in modes base and psk,
// and nobody but the recipient, with the same info and psk, gets the same keys.
// Method: RFC 9180 A.2.1 and A.2.2 in full; each input changed once; N049, N050.
#include "crypto/hpke.h"

#include <gtest/gtest.h>

#include "crypto/dhkem.h"
#include "tests/unit/crypto/bytes_of.h"
#include "tests/vectors/vector_file.h"

namespace focal::crypto::hpke {
namespace {

using test::from_hex;
using test::hash_from_hex;

using dhkem::derive_key_pair;

constexpr const char* kVectors = "hpke_rfc9180_a2.txt";

const Suite& suite1() { return *find_suite(kSuiteX25519); }
KemKey copy_of(const DhKey& key) { return KemKey(key.pk, key.sk.clone()); }

std::optional<Sender> setup_base_s(Rng& rng, ByteView pk, ByteView info) {
  return setup_s(suite1(), rng, pk, info);
}
std::optional<Sender> setup_psk_s(Rng& rng, ByteView pk, ByteView info, ByteView psk, ByteView id) {
  return setup_s(suite1(), rng, pk, info, {psk, id});
}
std::optional<Context> setup_base_r(ByteView enc, const DhKey& key, ByteView info) {
  return setup_r(suite1(), enc, copy_of(key), info);
}
std::optional<Context> setup_psk_r(ByteView enc, const DhKey& key, ByteView info, ByteView psk,
                                   ByteView id) {
  return setup_r(suite1(), enc, copy_of(key), info, {psk, id});
}

// Both ends of a case of the RFC.
struct Ends {
  Sender sender;
  Context receiver;
};

Ends set_up(const test::Vector& v) {
  const Bytes info = v.bytes("info");
  const Bytes psk = v.bytes("psk");
  const Bytes psk_id = v.bytes("psk_id");
  const Hash32 pk_r = *fixed<32>(v.bytes("pkRm"));
  auto encapsulated = dhkem::encap_with(derive_key_pair(v.bytes("ikmE")), pk_r);
  FOCAL_CHECK(encapsulated.has_value());
  Sender sender = setup_with(suite1(), std::move(*encapsulated), info, {psk, psk_id});
  const DhKey key_r = derive_key_pair(v.bytes("ikmR"));
  auto receiver = psk.empty() ? setup_base_r(sender.enc, key_r, info)
                              : setup_psk_r(sender.enc, key_r, info, psk, psk_id);
  FOCAL_CHECK(receiver.has_value());
  return {std::move(sender), std::move(*receiver)};
}

TEST(Hpke, Rfc9180KeyPairs) {
  for (const test::Vector& v : test::read_vectors(kVectors)) {
    for (const char* who : {"E", "R"}) {
      const DhKey key = derive_key_pair(v.bytes(std::string("ikm") + who));
      EXPECT_EQ(hex(key.sk.view()), v.text(std::string("sk") + who + "m"));
      EXPECT_EQ(hex(key.pk), v.text(std::string("pk") + who + "m"));
    }
  }
}

TEST(Hpke, Rfc9180SealedMessages) {
  for (const test::Vector& v : test::read_vectors(kVectors)) {
    const Ends ends = set_up(v);
    EXPECT_EQ(hex(ends.sender.enc), v.text("pkEm"));
    const Bytes plain = v.bytes("pt");
    for (const std::uint64_t seq : {0u, 1u, 2u, 4u, 255u, 256u}) {
      const std::string aad = "Count-" + std::to_string(seq);
      const Bytes expected = v.bytes("ct." + std::to_string(seq));
      EXPECT_EQ(hex(ends.sender.context.seal(seq, as_bytes(aad), plain)), hex(expected)) << seq;
      EXPECT_EQ(ends.receiver.open(seq, as_bytes(aad), expected), plain);
      EXPECT_FALSE(ends.receiver.open(seq + 1, as_bytes(aad), expected).has_value());
      EXPECT_FALSE(ends.receiver.open(seq, as_bytes("Count-"), expected).has_value());
    }
  }
}

TEST(Hpke, Rfc9180Exports) {
  for (const test::Vector& v : test::read_vectors(kVectors)) {
    const Ends ends = set_up(v);
    for (const char* context : {"", "00", "54657374436f6e74657874"}) {
      const std::string& expected = v.text(std::string("export.") + context);
      EXPECT_EQ(hex(ends.sender.context.export_secret(from_hex(context), 32).view()), expected);
      EXPECT_EQ(hex(ends.receiver.export_secret(from_hex(context), 32).view()), expected);
    }
  }
}

TEST(Hpke, TheVectorFileHasBothModes) {
  const auto vectors = test::read_vectors(kVectors);
  ASSERT_EQ(vectors.size(), 2u);
  EXPECT_EQ(vectors[0].text("mode"), "base");
  EXPECT_EQ(vectors[1].text("mode"), "psk");
}

class HpkeKeys : public ::testing::Test {
 protected:
  static std::string exported(const Context& context) {
    return hex(context.export_secret(as_bytes("x"), 32).view());
  }
  SeededRng rng{21};
  DhKey receiver = make_dh_key(rng);
  DhKey stranger = make_dh_key(rng);
  Bytes info = to_bytes("info");
  Bytes psk = Bytes(32, 0x5a);
  Bytes id = to_bytes("pair");
};

TEST_F(HpkeKeys, BaseModeBindsRecipientInfoAndEnc) {
  const auto sender = setup_base_s(rng, receiver.pk, info);
  ASSERT_TRUE(sender.has_value());
  const std::string right = exported(sender->context);
  EXPECT_EQ(exported(*setup_base_r(sender->enc, receiver, info)), right);
  EXPECT_NE(exported(*setup_base_r(sender->enc, stranger, info)), right);
  EXPECT_NE(exported(*setup_base_r(sender->enc, receiver, as_bytes("inf0"))), right);
  Bytes enc = sender->enc;
  enc[3] ^= 1;
  EXPECT_NE(exported(*setup_base_r(enc, receiver, info)), right);
  EXPECT_NE(exported(setup_base_s(rng, receiver.pk, info)->context), right);
}

TEST_F(HpkeKeys, PskModeBindsPskAndIdAndMode) {
  const auto sender = setup_psk_s(rng, receiver.pk, info, psk, id);
  ASSERT_TRUE(sender.has_value());
  const std::string right = exported(sender->context);
  EXPECT_EQ(exported(*setup_psk_r(sender->enc, receiver, info, psk, id)), right);
  EXPECT_NE(exported(*setup_psk_r(sender->enc, receiver, info, Bytes(32, 0x5b), id)), right);
  EXPECT_NE(exported(*setup_psk_r(sender->enc, receiver, info, psk, as_bytes("pais"))), right);
  EXPECT_NE(exported(*setup_base_r(sender->enc, receiver, info)), right);
}

TEST_F(HpkeKeys, ExportsOfOtherContextsOrLengthsAreUnrelated) {
  const auto sender = setup_base_s(rng, receiver.pk, info);
  const Secret a = sender->context.export_secret(as_bytes("a"), 32);
  const Secret b = sender->context.export_secret(as_bytes("b"), 32);
  const Secret longer = sender->context.export_secret(as_bytes("a"), 64);
  EXPECT_FALSE(a.equals(b.view()));
  EXPECT_FALSE(a.equals(longer.view().first(32)));  // the length is part of the label
}

TEST_F(HpkeKeys, N049_SmallOrderEncOrRecipientGivesNothing) {
  for (const char* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                            "0100000000000000000000000000000000000000000000000000000000000000",
                            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    const Hash32 small = hash_from_hex(point);
    EXPECT_FALSE(setup_base_r(small, receiver, info).has_value()) << point;
    EXPECT_FALSE(setup_psk_r(small, receiver, info, psk, id).has_value()) << point;
    EXPECT_FALSE(setup_base_s(rng, small, info).has_value()) << point;
    EXPECT_FALSE(setup_psk_s(rng, small, info, psk, id).has_value()) << point;
  }
}

TEST_F(HpkeKeys, N050_EncOfAnotherSizeGivesNothing) {
  const auto sender = setup_base_s(rng, receiver.pk, info);
  Bytes enc = sender->enc;
  EXPECT_TRUE(setup_base_r(enc, receiver, info).has_value());
  EXPECT_FALSE(setup_base_r(ByteView(enc).first(31), receiver, info).has_value());
  EXPECT_FALSE(setup_base_r({}, receiver, info).has_value());
  enc.push_back(0);
  EXPECT_FALSE(setup_base_r(enc, receiver, info).has_value());
}

TEST_F(HpkeKeys, AShortOrHalfGivenPskIsABug) {
  EXPECT_DEATH(static_cast<void>(setup_psk_s(rng, receiver.pk, info, Bytes(31, 1), id)), "check");
  EXPECT_DEATH(static_cast<void>(setup_psk_s(rng, receiver.pk, info, psk, {})), "check");
}

}  // namespace
}  // namespace focal::crypto::hpke
