#include "node/exchange/bounce_rules.h"

namespace focal::exchange {

BounceEffect effect_of(BounceCode code, Path path, const BouncedRow& row) {
  const bool own_link = path == Path::kDirect;
  switch (code) {
    case BounceCode::kKidGone:
    case BounceCode::kKidUnknown:
      return row.other_schedule && row.key_bounces <= kMaxReseals ? BounceEffect::kSendAgain
                                                                  : BounceEffect::kWaitSchedule;
    case BounceCode::kPskUnknown:
      if (!own_link || row.base_mode) return BounceEffect::kNothing;
      return row.other_pair ? BounceEffect::kSendAgain : BounceEffect::kWaitPsk;
    case BounceCode::kUnopenable:
    case BounceCode::kTooBig:
      if (!own_link) return BounceEffect::kNothing;
      return row.unopened < kMaxUnopened ? BounceEffect::kSendAgain : BounceEffect::kHold;
    case BounceCode::kWaiting: return BounceEffect::kSayWaiting;
    case BounceCode::kQuota: return BounceEffect::kSayFull;
    case BounceCode::kNone:
    case BounceCode::kNotCollected: return BounceEffect::kNothing;
  }
  return BounceEffect::kNothing;  // a code of a later version
}

}  // namespace focal::exchange
