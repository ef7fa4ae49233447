// The sealing schedule: a party's weekly HPKE keys and where it can be reached
// (docs/protocol.md, "Sealing schedule"). A signed note by the sign key of its card,
// made by the node itself, nine weeks of keys at a time. Pure: the caller makes
// keys, stores them durably, then signs, then publishes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/sign.h"
#include "crypto/suite.h"
#include "node/exchange/card.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxScheduleSize = 64 * 1024;  // the whole note, bytes
inline constexpr std::size_t kMinSealKeys = 2;              // of each suite
inline constexpr std::size_t kMaxSealKeys = 16;             // of each suite
inline constexpr std::size_t kMaxScheduleSuites = 2;
inline constexpr std::size_t kMinSealKeySize = 32;          // of suites this program does not know
inline constexpr std::size_t kMaxSealKeySize = 1280;
inline constexpr std::size_t kMaxEndpoints = 4;
inline constexpr std::size_t kPublishedWeeks = 9;  // the running week and eight more
inline constexpr std::uint64_t kWeekMs = 7 * kDayMs;
inline constexpr std::uint64_t kSealToleranceMs = kDayMs;  // for clocks that differ
// How far ahead of now a key may begin, by path: what travels longer is opened later.
enum class Path : std::uint8_t { kDirect, kRelay, kCourier };
inline constexpr std::uint64_t kDirectLeadMs = kDayMs;
inline constexpr std::uint64_t kRelayLeadMs = 14 * kDayMs;
inline constexpr std::uint32_t kCourierDays = 35;  // a bag to a peer, where nothing else is set
// courier_days: of the peer, for kCourier.
std::uint64_t lead_ms(Path path, std::uint32_t courier_days = kCourierDays);
inline constexpr std::uint8_t kSuite1 = crypto::kSuiteX25519;

struct SealKey {
  Id16 kid{};                       // kid16(suite, pk)
  std::uint8_t suite = kSuite1;     // may be one that this program does not have
  Bytes pk;                         // its size is the suite's
  std::uint64_t not_before_ms = 0;  // a Monday 00:00:00Z, inclusive
  std::uint64_t not_after_ms = 0;   // a week later, exclusive
};
// H("focal/kid/v1\0" || u8 suite || pk)[0..16)
Id16 kid16(std::uint8_t suite, ByteView pk);
SealKey make_seal_key(ByteView pk, std::uint64_t monday_ms, std::uint8_t suite = kSuite1);

enum class Reach { kDirect, kDialout, kRelay };

struct ScheduleFields {
  std::string party;
  crypto::PublicKey sign{};
  std::uint64_t serial = 1;
  Reach reach = Reach::kDirect;
  std::string relay;                   // with kRelay: another party; else empty
  std::vector<std::string> endpoints;  // 0..4, base/endpoint.h
  std::vector<SealKey> keys;           // by suite, ascending; of each 2..16, consecutive weeks
};

// A schedule whose form and signature under its own sign line were checked.
struct Schedule : ScheduleFields {
  Hash32 schedule_id{};  // H(text without signatures)
  std::string note;      // the bytes as they came
};

// kLimit, kNote, kCard (a line; named in message and path), kCardKey, kSignature.
Result<Schedule> parse_schedule(std::string_view note);
// Is it the schedule of this card: party, sign key, and no suite that the root did not
// sign for. kCardKey.
Status check_schedule_of(const Schedule& schedule, const Card& card);
// The note. fields.sign is taken from the key. Errors as parse_schedule.
Result<std::string> make_schedule(ScheduleFields fields, const crypto::SigningKey& sign);

enum class ScheduleOrder {
  kSame,
  kNewer,     // higher serial: replaces the held one
  kOlder,     // lower serial: a replay
  kFork,      // same serial, another text: proof of equivocation
  kOtherKey,  // under another sign key: not comparable, the card decides
};
ScheduleOrder compare_schedules(const Schedule& held, const Schedule& incoming);

// max(previous + 1, unix seconds); previous is 0 for the first under a sign key.
std::uint64_t next_schedule_serial(std::uint64_t previous, std::uint64_t wall_ms);

// The newest key of the suite that begins at or before now + lead and has not ended more
// than the tolerance ago. nullptr: every key is over, wait for a new schedule. The
// result lives as long as keys.
const SealKey* select_key(std::span<const SealKey> keys, std::uint64_t now_ms,
                          std::uint64_t lead_ms = kDirectLeadMs, std::uint8_t suite = kSuite1);

// What the next schedule holds of one suite: keys of `existing` (all of that suite) that
// are not over, in order, and the Mondays for which the caller makes new keys so that
// the running week and the eight after it are covered. Nothing missing: no new schedule
// is due.
struct SchedulePlan {
  std::vector<SealKey> keep;
  std::vector<std::uint64_t> missing_mondays_ms;
};
SchedulePlan plan_schedule(std::span<const SealKey> existing, std::uint64_t now_ms);

// The text alone, for parse_schedule, fuzzing and round-trip tests.
Result<ScheduleFields> parse_schedule_text_unverified(std::string_view text);
std::string schedule_text(const ScheduleFields& fields);

}  // namespace focal::exchange
