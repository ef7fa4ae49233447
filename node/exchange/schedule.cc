#include "node/exchange/schedule.h"

#include <algorithm>

#include "base/check.h"
#include "base/endpoint.h"
#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/exchange/lines.h"
#include "node/exchange/party.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kFirstLine = "focal-seal/v1";
constexpr std::string_view kKidLabel{"focal/kid/v1\0", 13};
constexpr std::string_view kRelayWord = "relay ";
constexpr std::uint64_t kMaxSuite = 255;

// Cuts the text up to the next space off rest.
std::string_view next_word(std::string_view& rest) {
  const std::size_t space = rest.find(' ');
  const std::string_view word = rest.substr(0, space);
  rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
  return word;
}

Status take_reach(Lines& in, ScheduleFields& s) {
  FOCAL_ASSIGN(const std::string_view value, in.take("reach"));
  if (value == "direct") {
    s.reach = Reach::kDirect;
  } else if (value == "dialout") {
    s.reach = Reach::kDialout;
  } else if (value.substr(0, kRelayWord.size()) == kRelayWord) {
    s.reach = Reach::kRelay;
    s.relay = value.substr(kRelayWord.size());
    if (!is_party(s.relay) || s.relay == s.party) return in.wrong("the relay is not another party");
  } else {
    return in.wrong("this is none of: direct, dialout, relay <party>");
  }
  return {};
}

Status take_endpoints(Lines& in, ScheduleFields& s) {
  while (in.next_is("endpoint")) {
    FOCAL_ASSIGN(const std::string_view value, in.take("endpoint"));
    if (s.endpoints.size() == kMaxEndpoints) return in.wrong("more than 4 lines of this kind");
    if (!is_endpoint(value)) return in.wrong("this is not tcp://host:port");
    if (std::find(s.endpoints.begin(), s.endpoints.end(), value) != s.endpoints.end())
      return in.wrong("the endpoint stands there twice");
    s.endpoints.emplace_back(value);
  }
  return {};
}

// The key of a suite we have has its size; of another one any that a key may have.
bool is_key_size(std::uint8_t suite, std::size_t size) {
  if (const crypto::Suite* known = crypto::find_suite(suite)) return size == known->pk_size;
  return size >= kMinSealKeySize && size <= kMaxSealKeySize;
}

// "key <base64 kid> 1 <base64 pk> 2026-11-23 2026-11-30"
Result<SealKey> take_key(Lines& in) {
  FOCAL_ASSIGN(std::string_view value, in.take("key"));
  const std::optional<Bytes> kid = unbase64(next_word(value));
  const std::optional<std::uint64_t> suite = read_number(next_word(value));
  const std::optional<Bytes> pk = unbase64(next_word(value));
  const std::optional<std::uint64_t> from = parse_date(next_word(value));
  const std::optional<std::uint64_t> until = parse_date(next_word(value));
  if (!kid || !suite || !pk || !from || !until || !value.empty())
    return in.wrong("this is not a key id, suite, key and two dates");
  if (*suite < 1 || *suite > kMaxSuite) return in.wrong("the suite is not a number of 1 to 255");
  const auto number = static_cast<std::uint8_t>(*suite);
  if (!is_key_size(number, pk->size()))
    return in.wrong("the key is not as long as one of its suite");
  const SealKey key = make_seal_key(*pk, *from, number);
  if (!equal(key.kid, *kid)) return in.wrong("the key id is not that of the key");
  if (monday_of(*from) != *from) return in.wrong("the first date is not a Monday");
  if (*until != key.not_after_ms) return in.wrong("the dates are not one week apart");
  return key;
}

// Suites ascending, the weeks of each in a row.
Status take_keys(Lines& in, ScheduleFields& s) {
  std::size_t suites = 0, of_suite = 0;
  while (in.next_is("key")) {
    FOCAL_ASSIGN(SealKey key, take_key(in));
    const bool begins = s.keys.empty() || s.keys.back().suite != key.suite;
    if (begins) {
      if (!s.keys.empty() && s.keys.back().suite > key.suite)
        return in.wrong("the suites are not ascending");
      if (suites != 0 && of_suite < kMinSealKeys)
        return in.wrong("the suite before has one key line only");
      if (++suites > kMaxScheduleSuites) return in.wrong("more than 2 suites");
      of_suite = 0;
    } else if (s.keys.back().not_after_ms != key.not_before_ms) {
      return in.wrong("the week does not follow the one before");
    }
    if (++of_suite > kMaxSealKeys) return in.wrong("more than 16 lines of this kind");
    for (const SealKey& other : s.keys)
      if (other.pk == key.pk) return in.wrong("the key stands there twice", ErrorCode::kCardKey);
    s.keys.push_back(std::move(key));
  }
  // In place of a further key line the error names what is missing.
  if (of_suite < kMinSealKeys) FOCAL_TRY(in.take("key"));
  return {};
}

// A point of small order would seal to everybody.
Status check_usable(const ScheduleFields& s) {
  for (const SealKey& key : s.keys) {
    const crypto::Suite* suite = crypto::find_suite(key.suite);
    if (suite != nullptr && !suite->is_usable(key.pk))
      return fail(ErrorCode::kCardKey,
                  "schedule: the key of " + format_date(key.not_before_ms) + " is not usable",
                  "the party has to publish a new schedule", "schedule.key");
  }
  return {};
}

}  // namespace

Id16 kid16(std::uint8_t suite, ByteView pk) {
  const Hash32 hash = crypto::sha256({as_bytes(kKidLabel), ByteView(&suite, 1), pk});
  Id16 out{};
  std::copy_n(hash.begin(), out.size(), out.begin());
  return out;
}

SealKey make_seal_key(ByteView pk, std::uint64_t monday_ms, std::uint8_t suite) {
  return {kid16(suite, pk), suite, to_bytes(pk), monday_ms, monday_ms + kWeekMs};
}

Result<ScheduleFields> parse_schedule_text_unverified(std::string_view text) {
  Lines in(text, "schedule");
  ScheduleFields s;
  FOCAL_TRY(in.take_first(kFirstLine));
  FOCAL_ASSIGN(s.party, in.take_party("party"));
  FOCAL_ASSIGN(s.sign, in.take_hash("sign"));
  FOCAL_ASSIGN(s.serial, in.take_number("serial", 1, kMaxSerial));
  FOCAL_TRY(take_reach(in, s));
  FOCAL_TRY(take_endpoints(in, s));
  FOCAL_TRY(take_keys(in, s));
  FOCAL_TRY(in.done());
  return s;
}

std::string schedule_text(const ScheduleFields& s) {
  std::string out(kFirstLine);
  out.append("\nparty ").append(s.party);
  out.append("\nsign ").append(base64(s.sign));
  out.append("\nserial ").append(std::to_string(s.serial));
  out.append("\nreach ");
  switch (s.reach) {
    case Reach::kDirect: out.append("direct"); break;
    case Reach::kDialout: out.append("dialout"); break;
    case Reach::kRelay: out.append(kRelayWord).append(s.relay); break;
  }
  for (const std::string& endpoint : s.endpoints) out.append("\nendpoint ").append(endpoint);
  for (const SealKey& key : s.keys) {
    out.append("\nkey ").append(base64(key.kid)).append(" ").append(std::to_string(key.suite));
    out.append(" ").append(base64(key.pk)).append(" ").append(format_date(key.not_before_ms));
    out.append(" ").append(format_date(key.not_after_ms));
  }
  out.append("\n");
  return out;
}

Result<Schedule> parse_schedule(std::string_view bytes) {
  if (bytes.size() > kMaxScheduleSize)
    return fail(ErrorCode::kLimit, "the schedule is larger than 64 KiB", {}, "schedule");
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(bytes));
  FOCAL_ASSIGN(ScheduleFields fields, parse_schedule_text_unverified(note.text));
  FOCAL_TRY(crypto::check_note(note, {{sign_name(fields.party), fields.sign}}));
  FOCAL_TRY(check_usable(fields));
  return Schedule{std::move(fields), crypto::sha256(note.text), std::string(bytes)};
}

Status check_schedule_of(const Schedule& schedule, const Card& card) {
  if (schedule.party != card.party)
    return fail(ErrorCode::kCardKey, "the schedule is that of another party", {}, "schedule.party");
  if (schedule.sign != card.sign)
    return fail(ErrorCode::kCardKey, "the schedule is signed by a key that is not the card's",
                "ask the party for its newest card and schedule", "schedule.sign");
  for (const SealKey& key : schedule.keys)
    if (std::find(card.suites.begin(), card.suites.end(), key.suite) == card.suites.end())
      return fail(ErrorCode::kCardKey,
                  "the schedule has keys of suite " + std::to_string(key.suite) +
                      ", which the card does not list",
                  "ask the party for its newest card", "schedule.key");
  return {};
}

Result<std::string> make_schedule(ScheduleFields fields, const crypto::SigningKey& sign) {
  fields.sign = sign.pk;
  crypto::Note note{schedule_text(fields), {}};
  FOCAL_TRY(parse_schedule_text_unverified(note.text));  // before anything is signed
  crypto::sign_note(note, sign_name(fields.party), sign);
  FOCAL_ASSIGN(Schedule schedule, parse_schedule(crypto::format_note(note)));
  return std::move(schedule.note);
}

ScheduleOrder compare_schedules(const Schedule& held, const Schedule& incoming) {
  if (held.party != incoming.party || held.sign != incoming.sign) return ScheduleOrder::kOtherKey;
  if (incoming.serial > held.serial) return ScheduleOrder::kNewer;
  if (incoming.serial < held.serial) return ScheduleOrder::kOlder;
  return incoming.schedule_id == held.schedule_id ? ScheduleOrder::kSame : ScheduleOrder::kFork;
}

std::uint64_t next_schedule_serial(std::uint64_t previous, std::uint64_t wall_ms) {
  return std::max(previous + 1, wall_ms / kSecondMs);
}

std::uint64_t lead_ms(Path path, std::uint32_t courier_days) {
  switch (path) {
    case Path::kDirect: return kDirectLeadMs;
    case Path::kRelay: return kRelayLeadMs;
    case Path::kCourier: return courier_days * kDayMs;
  }
  FOCAL_CHECK(false);
}

const SealKey* select_key(std::span<const SealKey> keys, std::uint64_t now_ms,
                          std::uint64_t lead_ms, std::uint8_t suite) {
  const SealKey* best = nullptr;
  for (const SealKey& key : keys) {
    if (key.suite != suite) continue;
    if (key.not_before_ms > now_ms + lead_ms) continue;
    if (now_ms >= key.not_after_ms + kSealToleranceMs) continue;
    if (best == nullptr || key.not_before_ms > best->not_before_ms) best = &key;
  }
  return best;
}

SchedulePlan plan_schedule(std::span<const SealKey> existing, std::uint64_t now_ms) {
  SchedulePlan plan;
  const std::uint64_t first = monday_of(now_ms);
  const std::uint64_t end = first + kPublishedWeeks * kWeekMs;
  for (std::uint64_t week = first; week < first + kMaxSealKeys * kWeekMs; week += kWeekMs) {
    const auto held = std::find_if(existing.begin(), existing.end(), [week](const SealKey& key) {
      return key.not_before_ms == week;
    });
    if (held != existing.end()) {
      plan.keep.push_back(*held);
    } else if (week < end) {
      plan.missing_mondays_ms.push_back(week);
    } else {
      break;  // keys beyond a gap are left out: the weeks of a schedule are consecutive
    }
  }
  return plan;
}

}  // namespace focal::exchange
