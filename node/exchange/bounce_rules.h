// What a BOUNCE does to the outbox row it is about (docs/protocol.md, "Outbox"): one table,
// by its code and the path it came by. A BOUNCE is an unsigned hint. From the recipient's
// own link it may make a row wait or hold it; what a relay or a bag brings can be forged by
// whoever carried it, so it only sends the row another way when its timer is over. Nothing
// here ends a row, and nothing lets one be sealed again and again. Pure.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "node/exchange/envelope.h"
#include "node/exchange/schedule.h"

namespace focal::exchange {

inline constexpr std::uint64_t kBounceRetryMs = 24 * kHourMs;  // of WAIT_SCHEDULE and WAIT_PSK
// So often may a row be sealed anew for a newer schedule before it waits out its day.
inline constexpr std::uint32_t kMaxReseals = 3;
inline constexpr std::uint32_t kMaxUnopened = 2;  // BOUNCE 4 or 5, then HELD

enum class BounceEffect : std::uint8_t {
  kNothing,       // not for us, or only its timer decides
  kSendAgain,     // READY at once
  kWaitSchedule,  // until another schedule is here, or for kBounceRetryMs
  kWaitPsk,       // until another pair secret is in use, or for kBounceRetryMs
  kHold,          // until an operator acts
  kSayWaiting,    // the reason is shown, the row stays as it is
  kSayFull,
};

struct BouncedRow {
  bool other_schedule = false;     // another one is here than the one it was sealed by
  std::uint32_t key_bounces = 0;   // codes 1 and 2 since it last waited out its day, this one too
  std::uint32_t unopened = 0;      // codes 4 and 5, this one too
  bool base_mode = false;          // it was sealed without a pair secret
  bool other_pair = false;         // another pair secret is in use than the one it was sealed with
};

BounceEffect effect_of(BounceCode code, Path path, const BouncedRow& row);

// May a schedule that just came make the row READY?
inline bool frees_waiting_row(const BouncedRow& row) { return row.key_bounces <= kMaxReseals; }

}  // namespace focal::exchange
