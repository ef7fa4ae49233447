// Goal: HPKE contexts are used within their bounds, and wiped when those are reached.
// Method: each bound at its edge and one over; secrets held by the process are counted.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "node/exchange/envelope.h"
#include "tests/support/party_fixture.h"

namespace focal::exchange {
namespace {

struct Bounds : ::testing::Test {
  crypto::SeededRng rng{73};
  crypto::KemKey key = test::dh_key(16);
  Id16 kid = kid16(kSuite1, key.pk);
  PairKey pair = make_pair_key(crypto::Secret::copy_of(Bytes(32, 0x51)));
  OpenContexts contexts;
  std::uint64_t now = 1'000'000;

  SealContext sender(const PairKey* with = nullptr) {
    return std::move(*SealContext::open(rng, "XB", kid, key.pk, now, {kSuite1, with}));
  }
  Bytes burst() { return sender().seal(Bytes(4, 1)); }
  bool opens(ByteView envelope) {
    return contexts.open(*parse_envelope(envelope), key, "XB", now).has_value();
  }
  bool knows(ByteView envelope) { return contexts.knows(*parse_envelope(envelope), now); }
};

TEST_F(Bounds, NumbersAreThoseOfTheProtocol) {
  EXPECT_EQ(kContextLifeMs, 60'000u);
  EXPECT_EQ(kContextEnvelopes, 65'536u);
  EXPECT_EQ(kContextBytes, 256u << 20);
  EXPECT_EQ(kOpenContexts, 4096u);
  EXPECT_EQ(kOpenContextLifeMs, 300'000u);
  EXPECT_LE(kContextEnvelopes, kMaxContextIdx);
}

TEST_F(Bounds, ASendersContextNeverPassesItsBytes) {
  SealContext context = sender(&pair);
  const Bytes inner(288 * 1024 - 4, 1);
  std::uint64_t bytes = 0;
  while (!context.is_spent(now)) bytes += context.seal(inner).size();
  EXPECT_LE(bytes, kContextBytes);
  EXPECT_GT(bytes + 2 * 289 * 1024, kContextBytes) << "and is used to its end";
}

TEST_F(Bounds, ASpentContextLeavesNoSecret) {
  const std::uint64_t before = crypto::Secret::alive();
  {
    auto context = std::make_unique<SealContext>(sender(&pair));
    EXPECT_GT(crypto::Secret::alive(), before);
    context->seal(Bytes(10, 1));
    context.reset();  // what the machine does in the second after it was spent
  }
  EXPECT_EQ(crypto::Secret::alive(), before);
}

TEST_F(Bounds, AnIndexNeverRepeatsUnderOneEnc) {
  std::set<std::pair<std::string, std::uint64_t>> seen;
  for (int i = 0; i < 20; ++i) {
    SealContext context = sender(i % 2 == 0 ? nullptr : &pair);
    for (int n = 0; n < 20; ++n) {
      const Bytes e = context.seal(Bytes(1, 1));
      const auto header = parse_envelope(e);
      EXPECT_TRUE(seen.emplace(to_string(header->enc), header->idx).second);
    }
  }
}

TEST_F(Bounds, AReceiverKeepsAContextForFiveMinutes) {
  const Bytes e = burst();
  ASSERT_TRUE(opens(e));
  const std::uint64_t opened = now;
  now = opened + kOpenContextLifeMs - 1;
  EXPECT_TRUE(knows(e));
  now = opened + kOpenContextLifeMs;
  EXPECT_FALSE(knows(e));
  EXPECT_EQ(contexts.made(), 1u);
  EXPECT_TRUE(opens(e)) << "derived again";
  EXPECT_EQ(contexts.made(), 2u);
  EXPECT_EQ(contexts.size(), 1u);
  now -= 1;
  EXPECT_FALSE(knows(e)) << "a clock that went back is no reason to keep it";
}

TEST_F(Bounds, UseDoesNotProlongAContext) {
  SealContext context = sender();
  ASSERT_TRUE(opens(context.seal(Bytes(1, 1))));
  for (int i = 0; i < 5; ++i) {
    now += kMinuteMs - 1;
    EXPECT_TRUE(opens(context.seal(Bytes(1, 1)))) << i;
  }
  now += 5;
  EXPECT_FALSE(knows(context.seal(Bytes(1, 1))));
}

TEST_F(Bounds, TheLeastRecentlyUsedGoesFirst) {
  const Bytes first = burst(), second = burst();
  ASSERT_TRUE(opens(first));
  ASSERT_TRUE(opens(second));
  while (contexts.size() < kOpenContexts) ASSERT_TRUE(opens(burst()));
  EXPECT_TRUE(knows(first));
  EXPECT_TRUE(opens(first)) << "used again: second is now the oldest";
  const Bytes one_over = burst();
  ASSERT_TRUE(opens(one_over));
  EXPECT_EQ(contexts.size(), kOpenContexts);
  EXPECT_TRUE(knows(one_over));
  EXPECT_TRUE(knows(first));
  EXPECT_FALSE(knows(second));
}

TEST_F(Bounds, WhatIsOverAndWhatIsOfAKeyThatIsGoneIsWiped) {
  const std::uint64_t before = crypto::Secret::alive();
  const Bytes old = burst();
  ASSERT_TRUE(opens(old));
  now += 1000;
  const Bytes young = burst();
  ASSERT_TRUE(opens(young));
  contexts.sweep(now);
  EXPECT_EQ(contexts.size(), 2u);
  now += kOpenContextLifeMs - 1000;
  contexts.sweep(now);
  EXPECT_EQ(contexts.size(), 1u);
  EXPECT_TRUE(knows(young));
  contexts.forget(Id16{1});
  EXPECT_EQ(contexts.size(), 1u) << "another key's";
  contexts.forget(kid);
  EXPECT_EQ(contexts.size(), 0u);
  EXPECT_EQ(crypto::Secret::alive(), before);
  EXPECT_TRUE(opens(young)) << "the memory still works";
}

}  // namespace
}  // namespace focal::exchange
