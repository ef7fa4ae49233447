// Goal: a party whose keys do not open what is sent to it is not sent the same record
// over and over: the row waits for its next schedule, visibly, and then goes, however long
// that takes and whatever the party publishes. Number 121. Method: XA holds schedules that
// XB did sign, for keys that XB has not; every sending is counted.
#include <gtest/gtest.h>

#include "node/exchange/frame.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

using exchange::DataFrame;

struct ScheduleGone : ::testing::Test {
  World w;
  int records_sent = 0;
  int most = 10;  // a loop without end is cut off
  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
    w.on_frame = [this](const auto& from, const auto&, const Bytes& frame) {
      const auto parsed = exchange::parse_frame(frame);
      const auto* data = parsed ? std::get_if<DataFrame>(&*parsed) : nullptr;
      records_sent += from == "XA" && data != nullptr ? 1 : 0;
      return records_sent < most;
    };
  }
  // XB's schedule, that many serials later; with keys of nobody if asked.
  std::string schedule(std::uint64_t later, bool strange) {
    exchange::ScheduleFields fields = *exchange::parse_schedule(w.core("XB").self().schedule_note);
    fields.serial += later;
    crypto::SystemRng rng;
    for (exchange::SealKey& key : fields.keys) {
      if (!strange) continue;
      const auto pair = crypto::make_dh_key(rng);
      key.pk = to_bytes(ByteView(pair.pk));
      key.kid = exchange::kid16(key.suite, key.pk);
    }
    return *exchange::make_schedule(fields, w.keys("XB").sign);
  }
};

TEST_F(ScheduleGone, N121_TheRowWaitsForAScheduleInsteadOfBeingSealedAgainAndAgain) {
  const auto link = w.connect("XA", "XB");
  w.inject(link, "XB", exchange::encode_frame(exchange::NotesFrame{{schedule(1, true)}}));
  w.run();
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  const auto batch = w.view("XA").find(ref)->batch;
  const auto state = [&] { return w.view("XA").outbox(batch, "XB")->state; };
  EXPECT_EQ(records_sent, 1);
  EXPECT_EQ(state(), store::OutboxState::kWaitSchedule);
  for (int hour = 0; hour < 23; ++hour) w.advance(kHourMs);
  w.crash("XA");  // nor does a start forget that it waits
  w.connect("XA", "XB");
  EXPECT_EQ(records_sent, 1) << "not sealed again under the same keys";
  EXPECT_EQ(state(), store::OutboxState::kWaitSchedule);
  EXPECT_FALSE(w.has("XB", ref));

  const auto next = w.connect("XA", "XB");
  w.inject(next, "XB", exchange::encode_frame(exchange::NotesFrame{{schedule(2, false)}}));
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

// XB bounces for ever. Once a day its row is tried again, and with each of its new
// schedules: no more, over 60 days, with the link up all the time.
TEST_F(ScheduleGone, N121_OverSixtyDaysItIsTriedOnceADayAndWithEveryNewSchedule) {
  most = 1000;
  const auto link = w.connect("XA", "XB");
  std::uint64_t serial = 1'000;
  int published = 0;
  const auto publish = [&] {
    w.inject(link, "XB", exchange::encode_frame(exchange::NotesFrame{{schedule(++serial, true)}}));
    w.run();
    ++published;
  };
  publish();
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  for (int day = 1; day <= 60; ++day) {
    for (int hour = 0; hour < 24; ++hour) w.advance(kHourMs);
    if (day % 7 == 0) publish();
  }
  const auto row = w.view("XA").outbox(w.view("XA").find(ref)->batch, "XB");
  EXPECT_EQ(row->state, store::OutboxState::kWaitSchedule);
  EXPECT_NE(row->reason, "") << "and the officer can see why";
  EXPECT_EQ(published, 9);
  EXPECT_LE(records_sent, 1 + 60 + published);
  EXPECT_GE(records_sent, 55) << "nor is it forgotten";
}

// The same from a party that publishes keys it has not as fast as it may.
TEST_F(ScheduleGone, N121_APartyThatPublishesWithoutEndIsTriedFourTimesADay) {
  most = 1000;
  const auto link = w.connect("XA", "XB");
  std::uint64_t serial = 1'000;
  w.inject(link, "XB", exchange::encode_frame(exchange::NotesFrame{{schedule(++serial, true)}}));
  w.run();
  w.send("XA", "XB", "peer.ping", ping_body());
  for (int day = 0; day < 3; ++day)
    for (int minute = 0; minute < 24 * 60; minute += 15) {
      w.inject(link, "XB",
               exchange::encode_frame(exchange::NotesFrame{{schedule(++serial, true)}}));
      w.advance(15 * kMinuteMs);
    }
  EXPECT_LE(records_sent, 4 * 4);
  EXPECT_GE(records_sent, 3 * 4);
}

}  // namespace
}  // namespace focal::test
