// Goal: the dialer tries every address, waits as long as it says, and comes
// back for ever.
// Method: drive the pure state machine with an invented clock and a seeded
// generator; check the bounds of every wait over many seeds.
#include "node/gate/dialer.h"

#include <gtest/gtest.h>

namespace focal::gate {
namespace {

Now at(std::uint64_t ms) { return Now{ms, 0}; }

TEST(Dialer, StartsAtOnceAndReportsItsState) {
  Dialer dialer(DialerLimits{}, 1);
  EXPECT_EQ(dialer.state(), DialState::kIdle);
  EXPECT_EQ(dialer.next_ms(), 0u);
  EXPECT_EQ(dialer.tick(at(5)), DialAction::kConnect);
  EXPECT_EQ(dialer.state(), DialState::kConnecting);
  EXPECT_EQ(dialer.tick(at(6)), DialAction::kNone);
  dialer.up(at(7));
  EXPECT_EQ(dialer.state(), DialState::kUp);
  EXPECT_FALSE(dialer.next_ms().has_value());
  EXPECT_EQ(dialer.tick(at(1'000'000)), DialAction::kNone);
}

TEST(Dialer, WaitsDoubleUpToTheCapWithJitter) {
  std::uint64_t least = UINT64_MAX;
  std::uint64_t most = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    crypto::SeededRng rng(seed);
    Dialer dialer(DialerLimits{}, 1);
    std::uint64_t now = 0;
    for (unsigned k = 0; k < 14; ++k) {
      ASSERT_EQ(dialer.tick(at(now)), DialAction::kConnect);
      const std::uint64_t wait = dialer.failed(at(now), rng);
      const std::uint64_t mean = std::min<std::uint64_t>(1000ull << k, 600'000);
      EXPECT_GE(wait, mean / 2) << k;
      EXPECT_LE(wait, mean + mean / 2) << k;
      if (k == 3) {
        least = std::min(least, wait);
        most = std::max(most, wait);
      }
      EXPECT_EQ(dialer.state(), DialState::kBackoff);
      EXPECT_EQ(dialer.next_ms(), now + wait);
      if (wait > 0) {
        EXPECT_EQ(dialer.tick(at(now + wait - 1)), DialAction::kNone);
      }
      now += wait;
    }
  }
  EXPECT_LT(least, 5000u);  // 8 s on average: the jitter uses its range
  EXPECT_GT(most, 11'000u);
}

TEST(Dialer, ResetsAfterAMinuteUpAndNotBefore) {
  crypto::SeededRng rng(1);
  const auto wait_after_up = [&rng](std::uint64_t up_ms) {
    Dialer dialer(DialerLimits{}, 1);
    std::uint64_t now = 0;
    for (int i = 0; i < 8; ++i) {
      EXPECT_EQ(dialer.tick(at(now)), DialAction::kConnect);
      now += dialer.failed(at(now), rng);
    }
    EXPECT_EQ(dialer.tick(at(now)), DialAction::kConnect);
    dialer.up(at(now));
    return dialer.failed(at(now + up_ms), rng);
  };
  EXPECT_LE(wait_after_up(60'000), 1500u);
  EXPECT_GE(wait_after_up(59'999), 128'000u);
}

TEST(Dialer, TriesAllAddressesBeforeItWaits) {
  crypto::SeededRng rng(2);
  Dialer dialer(DialerLimits{}, 3);
  std::uint64_t now = 10;
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(dialer.tick(at(now)), DialAction::kConnect);
    EXPECT_EQ(dialer.endpoint(), i);
    const std::uint64_t wait = dialer.failed(at(now), rng);
    EXPECT_EQ(wait == 0, i < 2) << i;
    now += wait;
  }
  // A connection that was up and ended: first address again, after a wait.
  ASSERT_EQ(dialer.tick(at(now)), DialAction::kConnect);
  EXPECT_EQ(dialer.endpoint(), 0u);
  EXPECT_EQ(dialer.failed(at(now), rng), 0u);
  ASSERT_EQ(dialer.tick(at(now)), DialAction::kConnect);
  dialer.up(at(now));
  EXPECT_GT(dialer.failed(at(now), rng), 0u);
  EXPECT_EQ(dialer.endpoint(), 0u);
}

TEST(Dialer, GivesUpAnAttemptThatHangs) {
  crypto::SeededRng rng(3);
  Dialer dialer(DialerLimits{}, 1);
  ASSERT_EQ(dialer.tick(at(100)), DialAction::kConnect);
  EXPECT_EQ(dialer.next_ms(), 35'100u);
  EXPECT_EQ(dialer.tick(at(35'099)), DialAction::kNone);
  EXPECT_EQ(dialer.tick(at(35'100)), DialAction::kGiveUp);
  dialer.failed(at(35'100), rng);
  EXPECT_EQ(dialer.state(), DialState::kBackoff);
}

TEST(Dialer, ALateSuccessAfterTheEndChangesNothing) {
  crypto::SeededRng rng(4);
  Dialer dialer(DialerLimits{}, 1);
  ASSERT_EQ(dialer.tick(at(0)), DialAction::kConnect);
  dialer.failed(at(0), rng);
  dialer.up(at(1));
  EXPECT_EQ(dialer.state(), DialState::kBackoff);
}

}  // namespace
}  // namespace focal::gate
