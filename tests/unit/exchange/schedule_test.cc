// Goal: a sealing schedule has one accepted form under the card's sign key; keys are
// chosen and extended by the rules of time.
// Method: a schedule compared with one made by an independent program, damaged texts
// signed again, and times one millisecond either side of each limit.
#include "node/exchange/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "tests/support/party_fixture.h"

namespace focal::exchange {
namespace {

using test::TestParty;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

class ScheduleTest : public ::testing::Test {
 protected:
  std::string sign_text(const std::string& text) const {
    crypto::Note note{text, {}};
    crypto::sign_note(note, "focal/XA/sign", party_.sign);
    return crypto::format_note(note);
  }
  void refuses_text(const std::string& text, std::string_view path,
                    ErrorCode code = ErrorCode::kCard) {
    const auto s = parse_schedule(sign_text(text));
    ASSERT_FALSE(s.has_value()) << text;
    EXPECT_EQ(s.error().code, code) << s.error().message << "\n" << text;
    EXPECT_EQ(s.error().path, path) << s.error().message << "\n" << text;
  }
  void refuses_change(std::string_view from, std::string_view to, std::string_view path,
                      ErrorCode code = ErrorCode::kCard) {
    refuses_text(replaced(text_, from, to), path, code);
  }
  std::string key_line(std::size_t i) const {
    const std::string text = schedule_text(party_.schedule_fields());
    std::size_t at = text.find("key ");
    for (; i > 0; --i) at = text.find("key ", at + 1);
    return text.substr(at, text.find('\n', at) + 1 - at);
  }

  TestParty party_;
  std::string text_ = schedule_text(party_.schedule_fields(3));
};

TEST_F(ScheduleTest, IsTheScheduleAnIndependentProgramMakes) {
  // Made by Python: hashlib and cryptography's Ed25519 and X25519, from the seeds of
  // TestParty and the format in docs/protocol.md; SHA-256 of the note.
  const std::string note = make_schedule(party_.schedule_fields(2), party_.sign).value();
  EXPECT_EQ(hex(crypto::sha256(note)),
            "344a68ecd4d6a1a15eaa7dfcd88468882af3843102c8297617eebdb3654619fa");
  const Hash32 pk =
      *fixed<32>(*unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
  // sha256(b"focal/kid/v1\0\x01" + bytes(range(32)))[:16]
  EXPECT_EQ(hex(kid16(1, pk)), "94d2197c375d19de87fdf6014838b4fe");
}

TEST_F(ScheduleTest, FieldsComeBack) {
  ScheduleFields f = party_.schedule_fields();
  f.reach = Reach::kRelay;
  f.relay = "XC";
  f.endpoints = {"tcp://a.example:1", "tcp://[2001:db8::7]:65535", "tcp://10.0.0.1:22",
                 "tcp://b:2"};
  const Schedule s = parse_schedule(make_schedule(f, party_.sign).value()).value();
  EXPECT_EQ(s.party, "XA");
  EXPECT_EQ(s.sign, party_.sign.pk);
  EXPECT_EQ(s.serial, 1795428000u);
  EXPECT_EQ(s.reach, Reach::kRelay);
  EXPECT_EQ(s.relay, "XC");
  EXPECT_EQ(s.endpoints, f.endpoints);
  ASSERT_EQ(s.keys.size(), 9u);
  EXPECT_EQ(s.keys[8].pk, f.keys[8].pk);
  EXPECT_EQ(s.keys[8].kid, kid16(1, f.keys[8].pk));
  EXPECT_EQ(format_date(s.keys[8].not_before_ms), "2027-01-18");
  EXPECT_EQ(schedule_text(s), schedule_text(f));
  EXPECT_TRUE(check_schedule_of(s, party_.card()).has_value());
}

TEST_F(ScheduleTest, SignedAgainItPasses) {
  EXPECT_TRUE(parse_schedule(sign_text(text_)).has_value());
}

TEST_F(ScheduleTest, LinesRemovedRepeatedOrSwappedAreRefused) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text_.size(); at = text_.find('\n', at) + 1)
    lines.push_back(text_.substr(at, text_.find('\n', at) + 1 - at));
  ASSERT_EQ(lines.size(), 9u);
  const auto joined = [](const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& p : parts) out += p;
    return out;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto changed = lines;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    // The endpoint is optional; of three keys the first or last may go.
    const bool optional = i == 5 || i == 6 || i == 8;
    EXPECT_EQ(parse_schedule(sign_text(joined(changed))).has_value(), optional) << lines[i];
    changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    EXPECT_FALSE(parse_schedule(sign_text(joined(changed))).has_value()) << lines[i];
    changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), "colour blue\n");
    EXPECT_FALSE(parse_schedule(sign_text(joined(changed))).has_value()) << lines[i];
    if (i == 0) continue;
    changed = lines;
    std::swap(changed[i], changed[i - 1]);
    EXPECT_FALSE(parse_schedule(sign_text(joined(changed))).has_value()) << lines[i];
  }
}

TEST_F(ScheduleTest, AlteredLinesAreRefused) {
  refuses_change("focal-seal/v1", "focal-seal/v2", "schedule.focal-seal/v1");
  refuses_change("party XA", "party A", "schedule.party");
  refuses_change("sign ", "sign =", "schedule.sign");
  refuses_change("serial 1795428000", "serial 0", "schedule.serial");
  refuses_change("serial 1795428000", "serial 01795428000", "schedule.serial");
  for (const char* bad : {"reach everywhere", "reach relay", "reach relay xb", "reach relay XA",
                          "reach direct now", "reach Direct"})
    refuses_change("reach direct", bad, "schedule.reach");
  refuses_change("tcp://198.51.100.7:7117", "udp://198.51.100.7:7117", "schedule.endpoint");
  refuses_change("tcp://198.51.100.7:7117", "tcp://Focal.example:7117", "schedule.endpoint");
  const std::string endpoint = "endpoint tcp://198.51.100.7:7117\n";
  refuses_change(endpoint, endpoint + endpoint, "schedule.endpoint");
  std::string five;
  for (int i = 0; i < 5; ++i) five += "endpoint tcp://h:" + std::to_string(i + 1) + "\n";
  refuses_change(endpoint, five, "schedule.endpoint");
}

TEST_F(ScheduleTest, KeyLinesAreChecked) {
  const std::string line = key_line(0);
  refuses_change("2026-11-23 2026-11-30", "2026-11-24 2026-12-01", "schedule.key");  // a Tuesday
  refuses_change("2026-11-23 2026-11-30", "2026-11-23 2026-12-07", "schedule.key");  // two weeks
  refuses_change("2026-11-23 2026-11-30", "2026-11-16 2026-11-23", "schedule.key");  // a gap
  refuses_change("2026-11-23 2026-11-30", "2026-11-23", "schedule.key");
  refuses_change("2026-11-23 2026-11-30", "2026-11-23 2026-11-30 x", "schedule.key");
  refuses_change("2026-11-23 2026-11-30", "2026-11-23  2026-11-30", "schedule.key");
  refuses_change("== 1 ", "== 2 ", "schedule.key");  // no such suite
  refuses_change("== 1 ", "== 01 ", "schedule.key");
  const ScheduleFields f = party_.schedule_fields(3);
  refuses_change(base64(f.keys[0].kid), base64(f.keys[1].kid), "schedule.key");  // another's id
  refuses_change(base64(f.keys[0].pk), base64(f.keys[1].pk), "schedule.key");
}

TEST_F(ScheduleTest, WeeksBeginOnMondays) {
  ScheduleFields f = party_.schedule_fields(3);
  for (SealKey& key : f.keys) key = make_seal_key(key.pk, key.not_before_ms + kDayMs);
  const auto made = make_schedule(f, party_.sign);  // consecutive weeks from Tuesdays
  ASSERT_FALSE(made.has_value());
  EXPECT_NE(made.error().message.find("Monday"), std::string::npos) << made.error().message;
}

TEST_F(ScheduleTest, KeyCounts) {
  ScheduleFields f = party_.schedule_fields(1);
  EXPECT_EQ(make_schedule(f, party_.sign).error().path, "schedule.key");
  EXPECT_TRUE(make_schedule(party_.schedule_fields(2), party_.sign).has_value());
  EXPECT_TRUE(make_schedule(party_.schedule_fields(16), party_.sign).has_value());
  EXPECT_EQ(make_schedule(party_.schedule_fields(17), party_.sign).error().path, "schedule.key");
}

TEST_F(ScheduleTest, UnusableAndRepeatedKeysAreRefused) {
  ScheduleFields f = party_.schedule_fields(3);
  f.keys[1] = make_seal_key(Hash32{}, f.keys[1].not_before_ms);
  EXPECT_EQ(make_schedule(f, party_.sign).error().code, ErrorCode::kCardKey);
  f = party_.schedule_fields(3);
  f.keys[2] = make_seal_key(f.keys[0].pk, f.keys[2].not_before_ms);
  EXPECT_EQ(make_schedule(f, party_.sign).error().code, ErrorCode::kCardKey);
}

TEST_F(ScheduleTest, SignatureIsChecked) {
  const std::string note = party_.schedule_note();
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(parse_schedule(changed).has_value()) << i;
  }
  crypto::Note by_root{text_, {}};
  crypto::sign_note(by_root, "focal/XA/sign", party_.root);
  EXPECT_EQ(parse_schedule(crypto::format_note(by_root)).error().code, ErrorCode::kSignature);
  EXPECT_EQ(parse_schedule(std::string(kMaxScheduleSize + 1, 'a')).error().code, ErrorCode::kLimit);
}

TEST_F(ScheduleTest, N021_BelongsToTheCardsSignKey) {
  const Schedule own = parse_schedule(party_.schedule_note()).value();
  EXPECT_TRUE(check_schedule_of(own, party_.card()).has_value());
  const TestParty renewed("XA", 51);  // a later card with another sign key
  EXPECT_EQ(check_schedule_of(own, renewed.card()).error().path, "schedule.sign");
  EXPECT_EQ(check_schedule_of(own, TestParty("XB", 1).card()).error().path, "schedule.party");
}

TEST_F(ScheduleTest, OrderOfSchedules) {
  const auto make = [](const TestParty& p, std::uint64_t serial, const char* endpoint) {
    ScheduleFields f = p.schedule_fields();
    f.serial = serial;
    f.endpoints = {endpoint};
    return parse_schedule(make_schedule(f, p.sign).value()).value();
  };
  const Schedule held = make(party_, 5, "tcp://a:1");
  EXPECT_EQ(compare_schedules(held, held), ScheduleOrder::kSame);
  EXPECT_EQ(compare_schedules(held, make(party_, 6, "tcp://a:1")), ScheduleOrder::kNewer);
  EXPECT_EQ(compare_schedules(held, make(party_, 4, "tcp://a:1")), ScheduleOrder::kOlder);
  EXPECT_EQ(compare_schedules(held, make(party_, 5, "tcp://b:1")), ScheduleOrder::kFork);
  EXPECT_EQ(compare_schedules(held, make(TestParty("XA", 51), 4, "tcp://a:1")),
            ScheduleOrder::kOtherKey);
}

TEST_F(ScheduleTest, SerialsGrowEvenWhenTheClockDoesNot) {
  EXPECT_EQ(next_schedule_serial(0, 1795428000999), 1795428000u);
  EXPECT_EQ(next_schedule_serial(1795428000, 1795428000999), 1795428001u);
  EXPECT_EQ(next_schedule_serial(2000000000, 1795428000999), 2000000001u);
}

TEST_F(ScheduleTest, SelectsTheNewestKeyThatBeginsInTime) {
  const std::vector<SealKey> keys = party_.schedule_fields(9).keys;
  const std::uint64_t week0 = keys[0].not_before_ms;
  const auto at = [&](std::uint64_t now, std::uint64_t lead) {
    const SealKey* key = select_key(keys, now, lead);
    return key == nullptr ? -1 : static_cast<int>(key - keys.data());
  };
  EXPECT_EQ(at(week0 - kDayMs - 1, kDirectLeadMs), -1);
  EXPECT_EQ(at(week0 - kDayMs, kDirectLeadMs), 0);
  EXPECT_EQ(at(week0 + kWeekMs - kDayMs - 1, kDirectLeadMs), 0);
  EXPECT_EQ(at(week0 + kWeekMs - kDayMs, kDirectLeadMs), 1);
  EXPECT_EQ(at(week0, kRelayLeadMs), 2);
  EXPECT_EQ(at(week0, lead_ms(Path::kDirect)), 0);
  EXPECT_EQ(at(week0, lead_ms(Path::kRelay)), 2);
  EXPECT_EQ(at(week0, lead_ms(Path::kCourier)), 5);
  EXPECT_EQ(at(week0, lead_ms(Path::kCourier, 49)), 7) << "a peer to whom bags take longer";
  // After the last week: a day of tolerance, then none is left.
  const std::uint64_t end = keys[8].not_after_ms;
  EXPECT_EQ(at(end + kDayMs - 1, kDirectLeadMs), 8);
  EXPECT_EQ(at(end + kDayMs, kDirectLeadMs), -1);
  EXPECT_EQ(select_key({}, week0), nullptr);
}

TEST_F(ScheduleTest, PlanCoversNineWeeks) {
  const std::uint64_t week0 = monday_of(test::kIssuedMs);
  SchedulePlan plan = plan_schedule({}, test::kIssuedMs);
  EXPECT_TRUE(plan.keep.empty());
  ASSERT_EQ(plan.missing_mondays_ms.size(), kPublishedWeeks);
  EXPECT_EQ(plan.missing_mondays_ms.front(), week0);
  EXPECT_EQ(plan.missing_mondays_ms.back(), week0 + 8 * kWeekMs);

  const std::vector<SealKey> keys = party_.schedule_fields(9).keys;
  plan = plan_schedule(keys, week0 + kWeekMs - 1);
  EXPECT_EQ(plan.keep.size(), 9u);
  EXPECT_TRUE(plan.missing_mondays_ms.empty());
  plan = plan_schedule(keys, week0 + kWeekMs);  // the next Monday: one over, one missing
  ASSERT_EQ(plan.keep.size(), 8u);
  EXPECT_EQ(plan.keep.front().pk, keys[1].pk);
  EXPECT_EQ(plan.missing_mondays_ms, std::vector<std::uint64_t>{week0 + 9 * kWeekMs});
  plan = plan_schedule(keys, week0 + 20 * kWeekMs);  // asleep for long: all new
  EXPECT_TRUE(plan.keep.empty());
  EXPECT_EQ(plan.missing_mondays_ms.size(), 9u);
}

TEST_F(ScheduleTest, PlanIsAlwaysAPublishableSchedule) {
  // Whatever was held and whatever the clock says now.
  const std::vector<SealKey> all = party_.schedule_fields(16).keys;
  for (unsigned held = 0; held < 1u << 12; held += 37) {
    std::vector<SealKey> existing;
    for (unsigned i = 0; i < 12; ++i)
      if ((held >> i & 1) != 0) existing.push_back(all[i]);
    for (int week = -3; week < 14; ++week) {
      const std::uint64_t now =
          test::kIssuedMs + static_cast<std::uint64_t>(week) * kWeekMs;  // wraps for past weeks
      const SchedulePlan plan = plan_schedule(existing, now);
      ScheduleFields f = party_.schedule_fields(0);
      f.keys = plan.keep;
      std::uint8_t fresh = 100;
      for (std::uint64_t monday : plan.missing_mondays_ms)
        f.keys.push_back(make_seal_key(Hash32{fresh++}, monday));
      std::sort(f.keys.begin(), f.keys.end(), [](const SealKey& a, const SealKey& b) {
        return a.not_before_ms < b.not_before_ms;
      });
      ASSERT_TRUE(parse_schedule_text_unverified(schedule_text(f)).has_value())
          << held << " " << week;
      ASSERT_GE(f.keys.size(), kPublishedWeeks);
      ASSERT_EQ(f.keys.front().not_before_ms, monday_of(now));
    }
  }
}

}  // namespace
}  // namespace focal::exchange
