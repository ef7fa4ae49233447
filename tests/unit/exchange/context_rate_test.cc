// Goal: a link that makes a node open more than 50 new contexts in a second, or look for
// more hints that fit nothing, gets no credit in that second; neither a burst under one
// enc nor the next second is touched. Method: a whole machine; its peer is the test.
#include <gtest/gtest.h>

#include "tests/support/two_machines.h"

namespace focal::exchange {
namespace {

using test::TestParty;

struct RateTest : ::testing::Test {
  TestParty xa{"XA", 1}, xb{"XB", 51};
  test::MachineEnd b{xb, xb.fields(), xb.schedule_fields(), MachineSettings{}, 3};
  Now now{1'000'000, test::kIssuedMs + kHourMs};
  crypto::SeededRng rng{4};
  std::uint64_t seq = 0;
  std::uint64_t credit = 0;

  void SetUp() override {
    for (std::size_t i = 0; i < 9; ++i) {
      const auto key = make_seal_key(test::dh_key(static_cast<std::uint8_t>(16 + i)).pk,
                                     monday_of(test::kIssuedMs) + i * kWeekMs);
      b.self.sealing.push_back(
          {key.kid, key.not_after_ms, test::dh_key(static_cast<std::uint8_t>(16 + i))});
    }
    store::PeerRow row;
    row.party = "XA";
    row.level = store::PeerLevel::kVerified;
    row.card_note = xa.card_note();
    ASSERT_TRUE(b.peers.put(row));
    ASSERT_TRUE(b.machine->load(now));
    b.machine->link_up(now, 1, "XA", false);
    HelloFrame hello;
    hello.party = "XA";
    hello.card_id = Bytes(32, 1);
    hello.stream_id = Id16{7};
    b.machine->frame(now, 1, encode_frame(hello));
    finish();
    ASSERT_GT(credit, 0u);
  }
  SealContext context(const PairKey* pair = nullptr) {
    const SealingKey& key = b.self.sealing.front();
    return std::move(*SealContext::open(rng, "XB", key.kid, key.key.pk, now.mono_ms, {kSuite1, pair}));
  }
  void say(Bytes envelope) {
    DataFrame data;
    data.stream_id = Id16{7};
    data.first_seq = ++seq;
    data.lane = 1;
    data.envelopes.push_back(std::move(envelope));
    b.machine->frame(now, 1, encode_frame(data));
  }
  void finish() {
    b.machine->tick(now);
    for (const auto& output : b.finish(now)) {
      const auto* sent = std::get_if<SendFrame>(&output);
      ASSERT_NE(sent, nullptr) << "the link ends";
      const auto frame = parse_frame(sent->bytes);
      if (const auto* ack = std::get_if<AckFrame>(&*frame)) credit = ack->credit;
    }
  }
  // Does the peer get credit for what it used?
  bool gets_credit() {
    const std::uint64_t before = credit;
    finish();
    return credit > before;
  }
};

TEST_F(RateTest, FiftyNewContextsASecondAndOneOver) {
  ASSERT_EQ(kContextsPerSecond, 50u);
  for (int i = 0; i < 50; ++i) say(context().seal(Bytes(10, 1)));
  EXPECT_TRUE(gets_credit());
  now.mono_ms += kSecondMs;
  for (int i = 0; i < 51; ++i) say(context().seal(Bytes(10, 1)));
  EXPECT_FALSE(gets_credit());
  now.mono_ms += kSecondMs;
  EXPECT_TRUE(gets_credit()) << "in the next second";
}

TEST_F(RateTest, OneEncForABurstCostsOne) {
  SealContext one = context();
  for (int i = 0; i < 200; ++i) say(one.seal(Bytes(10, 1)));
  EXPECT_TRUE(gets_credit());
}

TEST_F(RateTest, HintsThatFitNothingCostTheSame) {
  const PairKey stranger = make_pair_key(crypto::Secret::copy_of(Bytes(32, 3)));
  SealContext one = context(&stranger);  // even under one enc: each is looked for
  for (int i = 0; i < 50; ++i) say(one.seal(Bytes(10, 1)));
  EXPECT_TRUE(gets_credit());
  now.mono_ms += kSecondMs;
  for (int i = 0; i < 51; ++i) say(one.seal(Bytes(10, 1)));
  EXPECT_FALSE(gets_credit());
  EXPECT_EQ(b.machine->counters().silent.at(1), 101u);
}

}  // namespace
}  // namespace focal::exchange
