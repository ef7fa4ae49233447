// Goal: a BOUNCE never ends a row, a forged one holds none, and none lets a row be sealed
// again without end. Method: every code by every path, against the table of
// docs/protocol.md; then a peer that bounces for ever and publishes for ever.
#include "node/exchange/bounce_rules.h"

#include <gtest/gtest.h>

namespace focal::exchange {
namespace {

using E = BounceEffect;

struct Row {
  BounceCode code;
  BouncedRow row;
  E own_link, elsewhere;
};

TEST(BounceRules, EveryCodeByEveryPath) {
  const BouncedRow fresh{false, 1, 1}, other{true, 1, 1};
  const BouncedRow often{true, kMaxReseals + 1, 1}, twice{false, 0, kMaxUnopened};
  const Row table[] = {
      {BounceCode::kNone, fresh, E::kNothing, E::kNothing},
      {BounceCode::kKidGone, fresh, E::kWaitSchedule, E::kWaitSchedule},
      {BounceCode::kKidGone, other, E::kSendAgain, E::kSendAgain},
      {BounceCode::kKidGone, often, E::kWaitSchedule, E::kWaitSchedule},
      {BounceCode::kKidUnknown, fresh, E::kWaitSchedule, E::kWaitSchedule},
      {BounceCode::kKidUnknown, other, E::kSendAgain, E::kSendAgain},
      {BounceCode::kKidUnknown, often, E::kWaitSchedule, E::kWaitSchedule},
      {BounceCode::kPskUnknown, fresh, E::kWaitPsk, E::kNothing},
      {BounceCode::kUnopenable, fresh, E::kSendAgain, E::kNothing},
      {BounceCode::kUnopenable, twice, E::kHold, E::kNothing},
      {BounceCode::kTooBig, fresh, E::kSendAgain, E::kNothing},
      {BounceCode::kTooBig, twice, E::kHold, E::kNothing},
      {BounceCode::kWaiting, fresh, E::kSayWaiting, E::kSayWaiting},
      {BounceCode::kNotCollected, fresh, E::kNothing, E::kNothing},
      {static_cast<BounceCode>(8), fresh, E::kNothing, E::kNothing},
      {BounceCode::kQuota, fresh, E::kSayFull, E::kSayFull},
      {static_cast<BounceCode>(200), fresh, E::kNothing, E::kNothing},
  };
  for (const Row& t : table) {
    EXPECT_EQ(effect_of(t.code, Path::kDirect, t.row), t.own_link) << static_cast<int>(t.code);
    EXPECT_EQ(effect_of(t.code, Path::kRelay, t.row), t.elsewhere) << static_cast<int>(t.code);
    EXPECT_EQ(effect_of(t.code, Path::kCourier, t.row), t.elsewhere) << static_cast<int>(t.code);
  }
}

TEST(BounceRules, N121_ASchedulePublishedForEveryBounceDoesNotMakeALoop) {
  std::uint32_t bounces = 0;
  int sealed = 1;
  while (effect_of(BounceCode::kKidGone, Path::kDirect, {true, ++bounces, 0}) == E::kSendAgain)
    ASSERT_LT(++sealed, 10);
  EXPECT_EQ(sealed, 1 + static_cast<int>(kMaxReseals));
  EXPECT_FALSE(frees_waiting_row({true, bounces, 0})) << "nor does the next schedule free it";
  EXPECT_TRUE(frees_waiting_row({true, kMaxReseals, 0}));
}

}  // namespace
}  // namespace focal::exchange
