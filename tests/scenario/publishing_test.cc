// Goal: whatever clocks say, our own or those of parties that lie, others can seal to this
// node today, and its keystore opens at the next start. Method: two verified peers whose
// HELLO is years ahead; starts with a clock that is wrong, alone.
#include <gtest/gtest.h>

#include "node/exchange/frame.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

constexpr std::uint64_t kYearMs = 365 * kDayMs;

struct Publishing : ::testing::Test {
  World w;
  exchange::LinkId next_link = 1'000'000;
  void SetUp() override {
    for (const char* party : {"XA", "XB", "XC"}) w.add(party);
    for (const auto& [a, b] : {std::pair{"XA", "XB"}, {"XA", "XC"}, {"XB", "XC"}})
      w.verify_both(a, b);
    w.run();
  }
  // A link to XA that says no more than what time it is.
  void say(const std::string& party, std::uint64_t now_ms) {
    exchange::Machine& xa = w.core("XA").machine();
    const exchange::LinkId link = next_link++;
    exchange::HelloFrame hello;
    hello.party = party;
    hello.card_id = to_bytes(ByteView(w.core(party).self().card.card_id));
    hello.stream_id.fill(static_cast<std::uint8_t>(link));
    hello.now_ms = now_ms;
    xa.link_up(w.now("XA"), link, party, false);
    xa.frame(w.now("XA"), link, exchange::encode_frame(hello));
    xa.link_down(w.now("XA"), link, "that was all");
    w.run();
  }
  exchange::ClockState state(const std::string& party) {
    return w.core(party).machine().safe_clock().read(w.now(party)).state;
  }
  bool covers_today(const std::string& party) {
    const auto schedule = exchange::parse_schedule(w.core(party).self().schedule_note);
    return exchange::select_key(schedule->keys, w.now().wall_ms) != nullptr &&
           schedule->keys.front().not_before_ms == monday_of(w.now().wall_ms);
  }
  void hours(int number) {
    for (int hour = 0; hour < number; ++hour) w.advance(kHourMs);
  }
};

TEST_F(Publishing, TwoPeersThatLieYearsAheadMoveNoScheduleAndNoKeystore) {
  for (const std::uint64_t years : {2u, 8000u}) {
    SCOPED_TRACE(years);
    for (const char* party : {"XB", "XC"}) say(party, w.now().wall_ms + years * kYearMs);
    EXPECT_EQ(state("XA"), exchange::ClockState::kBehind);
    hours(2);
    EXPECT_TRUE(covers_today("XA"));
    w.advance(exchange::kWeekMs);
    for (const char* party : {"XB", "XC"}) say(party, w.now().wall_ms + years * kYearMs);
    hours(2);
    EXPECT_TRUE(covers_today("XA")) << "a week is added all the same";
    const node::CardWish renew;
    ASSERT_TRUE(w.node("XA").prepare_next_card(renew, w.now())) << "it saves the keystore";
    w.crash("XA");
    hours(1);
    EXPECT_TRUE(covers_today("XA"));
  }
  w.connect("XB", "XA");
  const auto ref = w.send("XB", "XA", "peer.ping", ping_body());
  w.run();
  EXPECT_EQ(w.status_of("XB", ref, "XA"), 1u);
}

TEST_F(Publishing, PeersPullItBackWhereTheClockIsAhead) {
  for (const char* party : {"XB", "XC"}) say(party, w.now().wall_ms);
  w.set_clock("XA", static_cast<std::int64_t>(kYearMs));
  hours(2);
  EXPECT_EQ(state("XA"), exchange::ClockState::kAhead);
  EXPECT_TRUE(covers_today("XA"));
}

// Behind and alone: what the node knows is later than what its clock says.
TEST_F(Publishing, AStartWithAClockFarBehindPublishesNoDeadWeeks) {
  hours(2);
  const std::string before = w.core("XB").self().schedule_note;
  w.set_clock("XB", -26 * static_cast<std::int64_t>(kYearMs));
  w.crash("XB");
  w.run();
  EXPECT_EQ(state("XB"), exchange::ClockState::kBehind);
  EXPECT_EQ(w.core("XB").self().schedule_note, before);
  w.set_clock("XB", 0);
  w.advance(kMinuteMs);
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u) << "nothing has to wait";
}

// Ahead and alone it may have been off for so long. What it publishes then is put right as
// soon as the clock is.
TEST_F(Publishing, AClockThatIsPutRightIsNoticedAtOnce) {
  hours(2);
  w.set_clock("XB", 2 * static_cast<std::int64_t>(kYearMs));
  w.crash("XB");
  w.run();
  EXPECT_EQ(state("XB"), exchange::ClockState::kUnconfirmed);
  w.set_clock("XB", 0);
  w.advance(kMinuteMs);
  EXPECT_TRUE(covers_today("XB"));
}

}  // namespace
}  // namespace focal::test
