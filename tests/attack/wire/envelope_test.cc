// Goal: an envelope that was changed anywhere, on purpose or not, is refused with
// one generic code and has no effect. Method: honest envelopes with one part
// changed, before or after sealing; each test also delivers the honest one.
#include <gtest/gtest.h>

#include "tests/attack/wire/forge.h"

namespace focal::test {
namespace {

struct Envelope : ::testing::Test {
  World w;
  std::unique_ptr<Forger> forger;
  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
    forger = std::make_unique<Forger>(w, "XA", "XB");
  }
  void TearDown() override {
    forger->deliver_inner(forger->honest().inner);
    EXPECT_GE(forger->effect.leaves, 2u) << "the next honest envelope passes";
  }
  void expect_refused(const Bytes& envelope, int step, std::uint32_t bounce) {
    forger->deliver(envelope);
    EXPECT_EQ(forger->effect.leaves, 0u);
    EXPECT_EQ(forger->effect.silent.count(step), 1u)
        << "step " << (forger->effect.silent.empty() ? 0 : forger->effect.silent.begin()->first);
    ASSERT_EQ(forger->effect.bounces.size(), 1u);
    EXPECT_EQ(forger->effect.bounces[0].code, bounce);
  }
};

TEST_F(Envelope, N045_UnknownSuite) {
  auto p = forger->parts(forger->honest().inner);
  p.suite = 2;
  expect_refused(forger->seal_parts(p), 1, 5);
}

TEST_F(Envelope, N046_SuiteFlippedAfterSealing) {
  Bytes e = forger->seal(forger->honest().inner);
  e[1] = 2;
  expect_refused(e, 1, 5);
}

TEST_F(Envelope, N047_ModeFlipped) {
  Bytes e = forger->seal(forger->honest().inner);
  e[2] = 1;  // psk without a hint
  expect_refused(e, 1, 5);
  auto p = forger->parts(forger->honest().inner);
  p.mode = 1;
  p.hint = Bytes(8, 7);
  expect_refused(forger->seal_parts(p), 1, 3);
}

TEST_F(Envelope, N048_WrongKeyId) {
  auto p = forger->parts(forger->honest().inner);
  p.kid[3] ^= 1;
  expect_refused(forger->seal_parts(p), 1, 2);
}

TEST_F(Envelope, N049_SmallOrderEnc) {
  auto p = forger->parts(forger->honest().inner);
  p.enc = Bytes(32, 0);
  expect_refused(forger->seal_parts(p), 2, 4);
  p.enc[0] = 1;
  expect_refused(forger->seal_parts(p), 2, 4);
}

TEST_F(Envelope, N050_EncOfWrongLength) {
  for (const std::size_t size : {31u, 33u, 0x1000u}) {
    auto p = forger->parts(forger->honest().inner);
    p.enc = Bytes(size, 9);
    expect_refused(forger->seal_parts(p), 1, 5);
  }
}

TEST_F(Envelope, N051_IdxOutOfRange) {
  auto p = forger->parts(forger->honest().inner);
  p.idx = 1u << 20;
  expect_refused(forger->seal_parts(p), 1, 5);
}

TEST_F(Envelope, N051b_LargestIdxIsAccepted) {
  auto p = forger->parts(forger->honest().inner);
  p.idx = (1u << 20) - 1;
  forger->deliver(forger->seal_parts(p));
  EXPECT_TRUE(forger->effect.silent.empty());
}

TEST_F(Envelope, N052_IdxChanged) {
  Bytes e = forger->seal(forger->honest().inner);
  const std::size_t idx_at = 3 + 16 + 2 + 32 + 1;
  e[idx_at + 7] ^= 1;
  expect_refused(e, 2, 4);
}

TEST_F(Envelope, N053_TruncatedAtEveryLength) {
  const Bytes e = forger->seal(forger->honest().inner);
  for (std::size_t n = 0; n < e.size(); n += n < 80 ? 1 : 97)
    expect_refused(Bytes(e.begin(), e.begin() + static_cast<std::ptrdiff_t>(n)), 1, 5);
  Bytes longer = e;
  longer.push_back(0);
  expect_refused(longer, 1, 5);
}

TEST_F(Envelope, N054_AnyBitFlipped) {
  const Bytes e = forger->seal(forger->honest().inner);
  for (std::size_t bit = 0; bit < e.size() * 8; bit += bit < 700 ? 5 : 331) {
    Bytes changed = e;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    forger->deliver(changed);
    EXPECT_EQ(forger->effect.leaves, 0u) << "bit " << bit;
    EXPECT_EQ(forger->effect.bounces.size(), 1u) << "bit " << bit;
  }
}

TEST_F(Envelope, N055_PaddingNotZero) {
  auto p = forger->parts(forger->honest().inner);
  p.plain.back() = 1;
  expect_refused(forger->seal_parts(p), 3, 4);
}

TEST_F(Envelope, N056_InnerLengthBeyondThePlaintext) {
  auto p = forger->parts(forger->honest().inner);
  p.plain[1] = 0x7f;
  expect_refused(forger->seal_parts(p), 3, 4);
  auto zero = forger->parts(forger->honest().inner);
  std::fill_n(zero.plain.begin(), 4, std::uint8_t{0});
  expect_refused(forger->seal_parts(zero), 3, 4);
}

TEST_F(Envelope, N143_SealedForAnotherPartysNameDoesNotOpen) {
  for (const char* name : {"XA", "XBX", "X"}) {  // by the right key, for another name
    auto p = forger->parts(forger->honest().inner);
    p.to_name = name;
    expect_refused(forger->seal_parts(p), 2, 4);
  }
}

TEST_F(Envelope, UnknownVersion) {
  auto p = forger->parts(forger->honest().inner);
  p.version = 2;
  expect_refused(forger->seal_parts(p), 1, 5);
}

TEST_F(Envelope, N120_UnopenableOneDoesNotBlockTheNext) {
  Bytes bad = forger->seal(forger->honest().inner);
  bad.back() ^= 1;
  expect_refused(bad, 2, 4);
  forger->deliver_inner(forger->honest(3).inner);
  EXPECT_EQ(forger->effect.leaves, 4u);
}

// The same between parties that share a pair secret; XC shares another one with XB.
struct PairEnvelope : Envelope {
  exchange::PairKey key, of_xc;
  void SetUp() override {
    for (const char* party : {"XA", "XB", "XC"}) w.add(party);
    for (const char* party : {"XA", "XC"}) {
      w.verify_both(party, "XB");
      const auto link = w.connect(party, "XB");
      w.meet(party, "XB");
      ASSERT_TRUE(w.core("XB").self().pairs.is_confirmed(party));
      w.cut(link);
    }
    key = std::move(*w.core("XA").self().pairs.sealing_key("XB", week()));
    of_xc = std::move(*w.core("XC").self().pairs.sealing_key("XB", week()));
    forger = std::make_unique<Forger>(w, "XA", "XB");
  }
  std::uint64_t week() { return exchange::pair_week(monday_of(w.now().wall_ms)); }
  Forger::Parts psk_parts(const exchange::PairKey& with) {
    auto p = forger->parts(forger->honest().inner);
    p.mode = exchange::kModePsk;
    p.pair = &with;
    return p;
  }
};

TEST_F(PairEnvelope, BothModesAreAccepted) {
  forger->deliver(forger->seal_parts(psk_parts(key)));
  EXPECT_GE(forger->effect.leaves, 2u) << "mode psk; TearDown delivers mode base";
}

TEST_F(PairEnvelope, N057_HintOfAnotherPair) {
  const auto stranger = exchange::make_pair_key(crypto::Secret::copy_of(Bytes(32, 3)));
  expect_refused(forger->seal_parts(psk_parts(stranger)), 1, 3);
  expect_refused(forger->seal_parts(psk_parts(*w.core("XB").self().pairs.sealing_key("XA", week()))),
                 1, 3);  // the other direction
  auto p = psk_parts(key);
  p.hint = Bytes(8, 7);  // the right secret under a wrong hint
  expect_refused(forger->seal_parts(p), 1, 3);
  // A hint that names XC's secret over a seal with XA's, and the other way round.
  const Bytes sealed = forger->seal_parts(psk_parts(key));
  Bytes changed = sealed;
  const auto hint = of_xc.hint(ByteView(sealed).subspan(21, 32));
  std::copy(hint.begin(), hint.end(), changed.begin() + 54);
  expect_refused(changed, 2, 4);
  forger->deliver(sealed);
  EXPECT_GE(forger->effect.leaves, 2u) << "and the true one is not spoiled by it";
}

TEST_F(PairEnvelope, N057_HintOfAnotherWeek) {
  const auto next = w.core("XA").self().pairs.sealing_key("XB", week() + 1);
  expect_refused(forger->seal_parts(psk_parts(*next)), 1, 3);
}

TEST_F(PairEnvelope, N047_ModeFlippedBothWays) {
  const Bytes sealed = forger->seal_parts(psk_parts(key));
  Bytes base(sealed.begin(), sealed.begin() + 54);
  base[2] = exchange::kModeBase;
  base[53] = 0;
  append(base, ByteView(sealed).subspan(62));
  expect_refused(base, 2, 4);
  const Bytes plain = forger->seal(forger->honest().inner);
  Bytes psk(plain.begin(), plain.begin() + 54);
  psk[2] = exchange::kModePsk;
  psk[53] = exchange::kHintSize;
  append(psk, ByteView(key.hint(ByteView(plain).subspan(21, 32))));
  append(psk, ByteView(plain).subspan(54));
  expect_refused(psk, 2, 4);
}

}  // namespace
}  // namespace focal::test
