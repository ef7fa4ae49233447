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

}  // namespace
}  // namespace focal::test
