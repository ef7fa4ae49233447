// Goal: nothing takes the sizes of suite 1 for granted, and nobody but a party's root
// brings its suite down. Method: suite 250 of tests/support/test_suite.h (keys of 1216,
// enc of 1120 bytes) through schedule, envelope and whole machines; each way to a lower
// suite once. Built a second time with base/defect.h's hooks, to show that the tests of
// downgrade see one.
#include <gtest/gtest.h>

#include "base/defect.h"
#include "crypto/note.h"
#include "node/exchange/suite_choice.h"
#include "tests/support/test_suite.h"
#include "tests/support/two_machines.h"

#ifdef FOCAL_DEFECTS
namespace focal {
Defect planted_defect = Defect::kNone;
}
#endif

namespace focal::exchange {
namespace {

using crypto::test::kTestSuite;
using crypto::test::test_suite_key;
using test::TestParty;

constexpr std::uint8_t kFirstSecret = 40;  // of suite 250's weekly keys

SealKey long_key(std::size_t week) {
  return make_seal_key(test_suite_key(static_cast<std::uint8_t>(kFirstSecret + week)).pk,
                       monday_of(test::kIssuedMs) + week * kWeekMs, kTestSuite);
}
ScheduleFields both_suites(const TestParty& party, std::size_t weeks = 9) {
  ScheduleFields s = party.schedule_fields(weeks);
  for (std::size_t week = 0; week < weeks; ++week) s.keys.push_back(long_key(week));
  return s;
}
CardFields card_with(const TestParty& party, std::vector<unsigned> suites) {
  CardFields card = party.fields();
  card.suites = std::move(suites);
  return card;
}
Card card_of(const TestParty& party, std::vector<unsigned> suites) {
  return TestParty::must(parse_card(
      TestParty::must(make_card(card_with(party, std::move(suites)), party.keys()))));
}

struct SuiteTest : ::testing::Test {
  TestParty xa{"XA", 1}, xb{"XB", 51};
};

TEST_F(SuiteTest, TheTableHasBoth) {
  ASSERT_NE(crypto::find_suite(kTestSuite), nullptr);
  EXPECT_EQ(crypto::find_suite(kTestSuite)->pk_size, 1216u);
  EXPECT_EQ(crypto::find_suite(kTestSuite)->enc_size, 1120u);
  EXPECT_EQ(crypto::find_suite(2), nullptr);
  EXPECT_EQ(crypto::find_suite(0), nullptr);
  EXPECT_EQ(crypto::suites().size(), 2u);
}

TEST_F(SuiteTest, AScheduleCarriesKeysOfAnyLength) {
  const auto note = make_schedule(both_suites(xa, 16), xa.sign);
  ASSERT_TRUE(note) << note.error().message;
  EXPECT_GT(note->size(), 16u * 1624);
  const auto s = parse_schedule(*note);
  ASSERT_TRUE(s) << s.error().message;
  EXPECT_EQ(s->keys.size(), 32u);
  const SealKey* of_1 = select_key(s->keys, test::kIssuedMs, kDirectLeadMs, kSuite1);
  const SealKey* of_250 = select_key(s->keys, test::kIssuedMs, kDirectLeadMs, kTestSuite);
  ASSERT_TRUE(of_1 != nullptr && of_250 != nullptr);
  EXPECT_EQ(of_1->pk.size(), 32u);
  EXPECT_EQ(of_250->pk.size(), 1216u);
  EXPECT_EQ(of_250->kid, kid16(kTestSuite, of_250->pk));
  EXPECT_NE(kid16(kSuite1, of_1->pk), kid16(kTestSuite, of_1->pk)) << "the suite is in the id";
  EXPECT_EQ(select_key(s->keys, test::kIssuedMs, kDirectLeadMs, 2), nullptr);
  EXPECT_TRUE(check_schedule_of(*s, card_of(xa, {1, 250})));
}

TEST_F(SuiteTest, KeysOfASuiteWeDoNotHaveAreCarriedAndNeverUsed) {
  ScheduleFields f = xa.schedule_fields(3);
  for (std::size_t week = 0; week < 3; ++week)
    f.keys.push_back(make_seal_key(Bytes(100 + week, 9), f.keys[week].not_before_ms, 2));
  const auto note = make_schedule(f, xa.sign);
  ASSERT_TRUE(note) << note.error().message;
  EXPECT_TRUE(check_schedule_of(*parse_schedule(*note), card_of(xa, {1, 2})));
  for (const std::size_t size : {31u, 1281u}) {
    f.keys[3].pk = Bytes(size, 9);
    f.keys[3].kid = kid16(2, f.keys[3].pk);
    EXPECT_EQ(make_schedule(f, xa.sign).error().path, "schedule.key") << size;
  }
}

TEST_F(SuiteTest, SuitesStandInOrderAndWhole) {
  const auto refused = [&](const ScheduleFields& f) { return !make_schedule(f, xa.sign); };
  ScheduleFields f = both_suites(xa, 2);
  EXPECT_FALSE(refused(f));
  std::rotate(f.keys.begin(), f.keys.begin() + 2, f.keys.end());
  EXPECT_TRUE(refused(f)) << "250 before 1";
  f = both_suites(xa, 2);
  std::swap(f.keys[1], f.keys[2]);
  EXPECT_TRUE(refused(f)) << "mixed";
  f = both_suites(xa, 2);
  f.keys.pop_back();
  EXPECT_TRUE(refused(f)) << "one key of 250 only";
  f = both_suites(xa, 2);
  f.keys.erase(f.keys.begin());
  EXPECT_TRUE(refused(f)) << "one key of 1 only";
  f = both_suites(xa, 2);
  for (std::size_t week = 0; week < 2; ++week)
    f.keys.push_back(make_seal_key(Bytes(64 + week, 9), f.keys[week].not_before_ms, 251));
  EXPECT_TRUE(refused(f)) << "three suites";
  f = both_suites(xa, 17);
  EXPECT_TRUE(refused(f)) << "17 weeks";
}

TEST_F(SuiteTest, AKeyHasTheLengthAndTheFormOfItsSuite) {
  ScheduleFields f = both_suites(xa, 2);
  const auto with = [&](Bytes pk, std::uint8_t suite) {
    f.keys[3] = make_seal_key(pk, f.keys[1].not_before_ms, suite);
    const auto note = make_schedule(f, xa.sign);
    return note ? ErrorCode::kUsage : note.error().code;
  };
  Bytes pk = long_key(1).pk;
  EXPECT_EQ(with(pk, kTestSuite), ErrorCode::kUsage);
  pk.pop_back();
  EXPECT_EQ(with(pk, kTestSuite), ErrorCode::kCard);
  pk = long_key(1).pk;
  pk.back() ^= 1;
  EXPECT_EQ(with(pk, kTestSuite), ErrorCode::kCardKey) << "the padding counts";
  EXPECT_EQ(with(to_bytes(ByteView(long_key(1).pk).first(32)), kTestSuite), ErrorCode::kCard);
  f = both_suites(xa, 2);
  f.keys[1] = make_seal_key(long_key(1).pk, f.keys[1].not_before_ms, kSuite1);
  EXPECT_EQ(make_schedule(f, xa.sign).error().code, ErrorCode::kCard) << "1216 bytes in suite 1";
}

TEST_F(SuiteTest, AScheduleHasNoSuiteThatTheRootDidNotSign) {
  const auto s = parse_schedule(TestParty::must(make_schedule(both_suites(xa), xa.sign)));
  ASSERT_TRUE(s);
  EXPECT_TRUE(check_schedule_of(*s, card_of(xa, {1, 250})));
  EXPECT_EQ(check_schedule_of(*s, card_of(xa, {1})).error().code, ErrorCode::kCardKey);
  EXPECT_EQ(check_schedule_of(*s, card_of(xa, {250})).error().code, ErrorCode::kCardKey);
}

TEST_F(SuiteTest, TheHighestCommonSuiteIsChosenAndNoLower) {
  const auto chosen = [&](std::vector<unsigned> suites, unsigned min_suite = 1) {
    const auto suite = choose_suite(card_of(xa, std::move(suites)), min_suite);
    return suite ? int{(*suite)->id} : -1;
  };
  EXPECT_EQ(chosen({1}), 1);
  EXPECT_EQ(chosen({1, 250}), 250);
  EXPECT_EQ(chosen({250}), 250);
  EXPECT_EQ(chosen({1, 2, 250, 251}), 250) << "of those this program has";
  EXPECT_EQ(chosen({1, 2}), 1);
  EXPECT_EQ(chosen({2, 251}), -1);
  EXPECT_EQ(chosen({1, 250}, 250), 250);
  EXPECT_EQ(chosen({1, 250}, 251), -1);
  EXPECT_EQ(chosen({1}, 250), -1);
  EXPECT_EQ(chosen({1, 251}, 250), -1);
  const auto refused = choose_suite(card_of(xa, {1}), 250);
  EXPECT_NE(refused.error().message.find("min_suite 250"), std::string::npos);
  EXPECT_FALSE(refused.error().hint.empty());
}

// ---------------------------------------------------------------- envelopes

struct LongEnvelope : SuiteTest {
  crypto::SeededRng rng{74};
  crypto::KemKey key = test_suite_key(kFirstSecret);
  Id16 kid = kid16(kTestSuite, key.pk);
  PairKey pair = make_pair_key(crypto::Secret::copy_of(Bytes(32, 0x51)));
  OpenContexts contexts;

  Bytes seal(const PairKey* with = nullptr) {
    return SealContext::open(rng, "XB", kid, key.pk, 0, {kTestSuite, with})->seal(to_bytes("long"));
  }
  Result<Bytes> open(ByteView e, const PairKey* with = nullptr) {
    FOCAL_ASSIGN(const auto header, parse_envelope(e));
    return contexts.open(header, key, "XB", 0, with);
  }
};

TEST_F(LongEnvelope, TravelsInBothModes) {
  for (const PairKey* with : {static_cast<const PairKey*>(nullptr),
                              static_cast<const PairKey*>(&pair)}) {
    const Bytes e = seal(with);
    const auto header = parse_envelope(e);
    ASSERT_TRUE(header) << header.error().message;
    EXPECT_EQ(header->suite, kTestSuite);
    EXPECT_EQ(header->enc.size(), 1120u);
    EXPECT_EQ(header->aad.size(), 62u + 1088 + (with == nullptr ? 0 : kHintSize));
    EXPECT_EQ(e.size(), envelope_size(*crypto::find_suite(kTestSuite), header->mode, 4));
    EXPECT_EQ(as_text(*open(e, with)), "long");
  }
  EXPECT_EQ(contexts.size(), 2u);
}

TEST_F(LongEnvelope, N054_AnyChangedBitOfAHeaderOf1150BytesIsRefused) {
  const Bytes e = seal();
  const std::size_t header = parse_envelope(e)->aad.size();
  for (std::size_t bit = 0; bit < header * 8; bit += 3) {
    Bytes changed = e;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_FALSE(open(changed).has_value()) << "bit " << bit;
  }
  EXPECT_TRUE(open(e).has_value());
}

TEST_F(LongEnvelope, N050_EncOfAnotherSuitesLength) {
  Bytes e = seal();
  e[1] = kSuite1;
  EXPECT_EQ(parse_envelope(e).error().code, ErrorCode::kEnvelope) << "1120 bytes in suite 1";
  crypto::KemKey short_key = test::dh_key(16);
  Bytes one = SealContext::open(rng, "XB", kid16(kSuite1, short_key.pk), short_key.pk, 0)
                  ->seal(to_bytes("short"));
  one[1] = kTestSuite;
  EXPECT_EQ(parse_envelope(one).error().code, ErrorCode::kEnvelope);
}

TEST_F(LongEnvelope, N049_UnusableKeysAndEncs) {
  const auto opens_to = [&](Bytes pk) {
    return SealContext::open(rng, "XB", kid, pk, 0, {kTestSuite, nullptr}).has_value();
  };
  EXPECT_TRUE(opens_to(key.pk));
  EXPECT_FALSE(opens_to(Bytes(1216, 0)));
  EXPECT_FALSE(opens_to(to_bytes(ByteView(key.pk).first(1215))));
  EXPECT_FALSE(SealContext::open(rng, "XB", kid, key.pk, 0, {2, nullptr})) << "no such suite";
  Bytes e = seal();
  std::fill_n(e.begin() + 21, 1120, std::uint8_t{0});
  EXPECT_EQ(open(e).error().code, ErrorCode::kDecrypt);
}

// ---------------------------------------------------------------- machines

struct LongMachines : SuiteTest {
  // XA sends to XB.
  std::unique_ptr<test::MachineEnd> a, b;
  std::unique_ptr<test::TwoMachines> w;

  void build(std::vector<unsigned> suites_of_b, const ScheduleFields& of_b, unsigned min_suite = 1) {
    MachineSettings settings;
    settings.min_suite = min_suite;
    a = std::make_unique<test::MachineEnd>(xa, card_with(xa, {1, 250}), both_suites(xa), settings, 1);
    b = std::make_unique<test::MachineEnd>(xb, card_with(xb, std::move(suites_of_b)), of_b,
                                           MachineSettings{}, 2);
    for (auto* end : {a.get(), b.get()}) {
      const auto schedule = parse_schedule(end->self.schedule_note);
      for (std::size_t i = 0; i < 9; ++i) {
        const auto short_key = make_seal_key(test::dh_key(static_cast<std::uint8_t>(16 + i)).pk,
                                             schedule->keys[i].not_before_ms);
        end->self.sealing.push_back({short_key.kid, short_key.not_after_ms,
                                     test::dh_key(static_cast<std::uint8_t>(16 + i))});
        const auto key = long_key(i);
        end->self.sealing.push_back({key.kid, key.not_after_ms,
                                     test_suite_key(static_cast<std::uint8_t>(kFirstSecret + i)),
                                     kTestSuite});
      }
    }
    a->know(*b, b->self.schedule_note);
    b->know(*a, a->self.schedule_note);
    w = std::make_unique<test::TwoMachines>(*a, *b);
    w->connect();
  }
  bool from_a_in(std::uint8_t suite) const {
    bool any = false;
    for (const auto& e : w->seen) {
      if (e.from != "XA") continue;
      if (e.suite != suite) return false;
      any = true;
    }
    return any;
  }
};

TEST_F(LongMachines, ARecordAndItsReceiptTravelInTheHigherSuite) {
  build({1, 250}, both_suites(xb));
  const auto ref = w->send(*a);
  EXPECT_EQ(w->status(*a, ref), 2u) << "receipted";
  ASSERT_EQ(w->seen.size(), 2u);
  for (const auto& e : w->seen) {
    EXPECT_EQ(e.suite, kTestSuite);
    EXPECT_EQ(e.enc, 1120u);
  }
}

TEST_F(LongMachines, AManyTimesLargerRecordKeepsToItsCredit) {
  build({1, 250}, both_suites(xb));
  for (int i = 0; i < 6; ++i) w->send(*a, "future.kind", 1, Bytes(200 << 10, 1));
  EXPECT_EQ(a->machine->outbox().size(), 0u) << "all receipted";
  EXPECT_EQ(a->machine->counters().byes + b->machine->counters().byes, 0u);
}

TEST_F(LongMachines, ToAPartyOfSuite1InSuite1) {
  build({1}, xb.schedule_fields());
  const auto ref = w->send(*a);
  EXPECT_EQ(w->status(*a, ref), 2u);
  EXPECT_TRUE(from_a_in(kSuite1));
}

TEST_F(LongMachines, N046_AKidOfAnotherSuiteIsUnknown) {
  // Well formed in suite 250, for a key that is XB's in suite 1.
  build({1, 250}, both_suites(xb));
  const SafeClock clock;
  const std::set<std::string> approved_kinds;
  Inbound inbound(b->self, b->peers, b->ledger, clock, approved_kinds);
  const crypto::KemKey long_one = test_suite_key(kFirstSecret);
  const Bytes e = SealContext::open(a->rng, "XB", b->self.sealing[0].kid, long_one.pk, 0,
                                    {kTestSuite, nullptr})->seal(to_bytes("x"));
  ASSERT_TRUE(parse_envelope(e));
  const auto opened = inbound.open(e, w->now);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().step, 1);
  EXPECT_EQ(opened.error().bounce, BounceCode::kKidUnknown);
}

// A stolen online node publishes keys of suite 1 only; the root promised 250.
TEST_F(LongMachines, AScheduleOfALowerSuiteThanTheCardsIsNotUsed) {
  for (const unsigned min_suite : {1u, 250u}) {
    build({1, 250}, xb.schedule_fields(), min_suite);
    const auto ref = w->send(*a);
    EXPECT_EQ(w->status(*a, ref), 0u);
    EXPECT_FALSE(from_a_in(kSuite1)) << "nothing left";
    const auto row = w->row(*a, ref);
    EXPECT_EQ(row.state, store::OutboxState::kWaitSchedule);
    EXPECT_NE(row.reason.find("suite 250"), std::string::npos) << row.reason;
    // The true node publishes both again.
    ScheduleFields again = both_suites(xb);
    again.serial += 1;
    b->self.schedule_note = TestParty::must(make_schedule(again, xb.sign));
    b->self.schedule_serial = again.serial;
    b->machine->own_schedule_changed();
    w->run();
    EXPECT_EQ(w->status(*a, ref), 2u);
    EXPECT_TRUE(from_a_in(kTestSuite));
  }
}

TEST_F(LongMachines, BelowMinSuiteNothingIsSentAndTheReasonIsSaid) {
  build({1}, xb.schedule_fields(), 250);
  const auto ref = w->send(*a);
  EXPECT_EQ(w->status(*a, ref), 0u);
  for (const auto& e : w->seen) EXPECT_NE(e.from, "XA");
  const auto row = w->row(*a, ref);
  EXPECT_EQ(row.state, store::OutboxState::kWaitSchedule);
  EXPECT_NE(row.reason.find("min_suite 250"), std::string::npos) << row.reason;
}

#ifdef FOCAL_DEFECTS
struct Planted {
  explicit Planted(Defect defect) { planted_defect = defect; }
  ~Planted() { planted_defect = Defect::kNone; }
};

TEST_F(LongMachines, ThePlantedDowngradeIsSeen) {
  const Planted defect(Defect::kDowngradeAccepted);
  build({1, 250}, xb.schedule_fields());
  w->send(*a);
  EXPECT_TRUE(from_a_in(kSuite1)) << "what the tests above would refuse";
  build({1}, xb.schedule_fields(), 250);
  w->send(*a);
  EXPECT_TRUE(from_a_in(kSuite1));
}
#endif

}  // namespace
}  // namespace focal::exchange
