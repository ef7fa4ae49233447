// Goal: an envelope of mode psk opens for who holds the pair secret of its week and for
// nobody else, and cannot be taken for one of mode base. Method: tests/vectors/envelope.txt,
// which an independent program made; seal and open with real keys; header bytes rewritten as
// an attacker between would.
#include <gtest/gtest.h>

#include "crypto/aead.h"
#include "node/exchange/envelope.h"
#include "tests/support/party_fixture.h"
#include "tests/vectors/vector_file.h"

namespace focal::exchange {
namespace {

constexpr std::size_t kHintAt = 54;
constexpr std::size_t kPskHeader = 70;

struct PskEnvelope : ::testing::Test {
  crypto::SeededRng rng{72};
  crypto::KemKey key = test::dh_key(16);
  Id16 kid = kid16(kSuite1, key.pk);
  PairKey pair = make_pair_key(crypto::Secret::copy_of(Bytes(32, 0x51)));
  PairKey other = make_pair_key(crypto::Secret::copy_of(Bytes(32, 0x52)));
  OpenContexts contexts;
  std::uint64_t now = 1'000'000;

  SealContext sender(const PairKey* with) {
    return std::move(*SealContext::open(rng, "XB", kid, key.pk, now, {kSuite1, with}));
  }
  Result<Bytes> open(ByteView envelope, const PairKey* with) {
    FOCAL_ASSIGN(const auto header, parse_envelope(envelope));
    return contexts.open(header, key, "XB", now, with);
  }
  ErrorCode code_of(ByteView envelope, const PairKey* with) {
    const auto opened = open(envelope, with);
    return opened ? ErrorCode::kUsage : opened.error().code;
  }
};

// Gives one byte for ever, so that the ephemeral key is the vector's.
class OneByteRng final : public crypto::Rng {
 public:
  explicit OneByteRng(std::uint8_t byte) : byte_(byte) {}
  void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), byte_); }

 private:
  std::uint8_t byte_;
};

TEST(EnvelopeVectors, BothModesAsAnIndependentProgramMakesThem) {
  const auto cases = test::read_vectors("envelope.txt");
  ASSERT_EQ(cases.size(), 2u);
  for (const test::Vector& v : cases) {
    OneByteRng rng(v.bytes("sk_ephemeral")[0]);
    const crypto::KemKey key =
        crypto::dh_key_from_secret(crypto::Secret::copy_of(v.bytes("sk_recipient")));
    const Id16 kid = kid16(kSuite1, key.pk);
    EXPECT_EQ(hex(kid), v.text("kid"));
    std::optional<PairKey> pair;
    if (v.text("psk") != "-") pair = make_pair_key(crypto::Secret::copy_of(v.bytes("psk")));
    const PairKey* with = pair ? &*pair : nullptr;
    SealContext sender = std::move(
        *SealContext::open(rng, v.text("to"), kid, key.pk, 0, {kSuite1, with}));
    Bytes envelope;
    for (int idx = 0; idx <= std::stoi(v.text("idx")); ++idx) envelope = sender.seal(v.bytes("inner"));
    EXPECT_EQ(hex(envelope), v.text("envelope")) << "mode " << v.text("mode");
    EXPECT_EQ(hex(envelope_id(envelope)), v.text("env_id"));
    const Bytes theirs = v.bytes("envelope");
    const auto header = parse_envelope(theirs);
    ASSERT_TRUE(header);
    EXPECT_EQ(hex(header->enc), v.text("enc"));
    EXPECT_EQ(header->hint.empty() ? "-" : hex(header->hint), v.text("hint"));
    OpenContexts contexts;
    const auto opened = contexts.open(*header, key, v.text("to"), 0, with);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(*opened, v.bytes("inner"));
  }
}

TEST_F(PskEnvelope, OpensWithThePairKey) {
  SealContext context = sender(&pair);
  EXPECT_EQ(context.mode(), kModePsk);
  const Bytes e = context.seal(to_bytes("secret"));
  const auto header = parse_envelope(e);
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->mode, kModePsk);
  EXPECT_EQ(header->aad.size(), kPskHeader);
  EXPECT_EQ(e[kHintAt - 1], kHintSize);
  EXPECT_TRUE(equal(header->hint, pair.hint(header->enc)));
  EXPECT_TRUE(equal(header->hint, ByteView(e).subspan(kHintAt, kHintSize)));
  EXPECT_EQ(e.size(), kPskHeader + 1024 + crypto::kTagSize);
  EXPECT_EQ(e.size(), envelope_size(*crypto::find_suite(kSuite1), kModePsk, 6));
  EXPECT_EQ(as_text(*open(e, &pair)), "secret");
  EXPECT_TRUE(contexts.knows(*header, now));
  EXPECT_EQ(as_text(*open(context.seal(to_bytes("again")), nullptr)), "again")
      << "the context is at hand";
}

TEST_F(PskEnvelope, N057_TheKeyOfAnotherPairDoesNotOpen) {
  const Bytes e = sender(&pair).seal(to_bytes("secret"));
  EXPECT_EQ(code_of(e, &other), ErrorCode::kDecrypt);
  contexts = OpenContexts();
  EXPECT_EQ(code_of(e, nullptr), ErrorCode::kDecrypt);
  EXPECT_EQ(contexts.made(), 0u) << "without a key nothing is derived";
  EXPECT_EQ(code_of(e, &pair), ErrorCode::kUsage);
}

TEST_F(PskEnvelope, N047_ModeFlipped) {
  const Bytes psk = sender(&pair).seal(to_bytes("secret"));
  Bytes as_base(psk.begin(), psk.begin() + kHintAt);
  as_base[2] = kModeBase;
  as_base[kHintAt - 1] = 0;
  append(as_base, ByteView(psk).subspan(kHintAt + kHintSize));
  ASSERT_TRUE(parse_envelope(as_base)) << "well formed";
  EXPECT_EQ(code_of(as_base, nullptr), ErrorCode::kDecrypt);

  const Bytes base = sender(nullptr).seal(to_bytes("secret"));
  Bytes as_psk(base.begin(), base.begin() + kHintAt);
  as_psk[2] = kModePsk;
  as_psk[kHintAt - 1] = kHintSize;
  append(as_psk, ByteView(pair.hint(ByteView(base).subspan(21, 32))));
  append(as_psk, ByteView(base).subspan(kHintAt));
  ASSERT_TRUE(parse_envelope(as_psk)) << "well formed";
  EXPECT_EQ(code_of(as_psk, &pair), ErrorCode::kDecrypt);

  EXPECT_EQ(code_of(psk, &pair), ErrorCode::kUsage) << "the flipped ones spoiled no memory";
  EXPECT_EQ(code_of(base, nullptr), ErrorCode::kUsage);
}

TEST_F(PskEnvelope, AForeignHintSpoilsNoMemory) {
  // Somebody who has a pair secret with the receiver puts his own hint over this enc.
  const Bytes e = sender(&pair).seal(to_bytes("secret"));
  Bytes changed = e;
  const PairHint hint = other.hint(ByteView(e).subspan(21, 32));
  std::copy(hint.begin(), hint.end(), changed.begin() + kHintAt);
  EXPECT_EQ(code_of(changed, &other), ErrorCode::kDecrypt);
  EXPECT_EQ(code_of(e, &pair), ErrorCode::kUsage);
}

TEST_F(PskEnvelope, N054_AnyChangedBitIsRefused) {
  const Bytes e = sender(&pair).seal(to_bytes("secret"));
  for (std::size_t bit = 0; bit < e.size() * 8; bit += bit < kPskHeader * 8 ? 1 : 37) {
    Bytes changed = e;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_FALSE(open(changed, &pair).has_value()) << "bit " << bit;
  }
  EXPECT_TRUE(open(e, &pair).has_value());
}

TEST_F(PskEnvelope, N052_AnotherIndexDoesNotOpen) {
  SealContext context = sender(&pair);
  context.seal(to_bytes("first"));
  Bytes e = context.seal(to_bytes("second"));
  e[kPskHeader - 1] = 0;
  EXPECT_EQ(code_of(e, &pair), ErrorCode::kDecrypt);
}

TEST_F(PskEnvelope, N047_N050_HeaderFieldsOutOfRange) {
  const Bytes e = sender(&pair).seal(to_bytes("secret"));
  for (const std::uint8_t length : {0, 7, 9, 255}) {
    Bytes changed = e;
    changed[kHintAt - 1] = length;
    EXPECT_EQ(parse_envelope(changed).error().code, ErrorCode::kEnvelope) << int{length};
  }
  for (std::size_t n = 0; n < kPskHeader; ++n)
    EXPECT_FALSE(parse_envelope(ByteView(e).first(n))) << n;
}

}  // namespace
}  // namespace focal::exchange
