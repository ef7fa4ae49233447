// Goal: targets come from the configuration and the calendar of the party that has to act, are
// marked as a node's own where a request names none, stop while information is awaited, and
// lead to reminders at the right time. Method: chosen configurations; two whole nodes.
#include "node/desk/clocks.h"

#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

constexpr char kRequest[] = "01_trace_request_XA_XB.json";

config::NodeConfig configured(const std::string& text) {
  const auto config = config::parse_config("party = \"XA\"\n" + text, "/focal.toml");
  EXPECT_TRUE(config.has_value()) << (config ? "" : config.error().message);
  return config ? *config : config::NodeConfig{};
}

std::uint64_t at(const char* text) { return parse_utc(text).value_or(0); }

TEST(ClocksCalendar, ConfigurationBeforeData) {
  const auto config = configured(
      "[calendar.FR]\nholidays = [\"07-14\"]\n[calendar.EG]\nweek = \"mon-fri\"\n"
      "[calendar.XB]\nutc_offset = \"+03:00\"\n[calendar.XB-ITI]\nweek = \"sat-wed\"\n");
  EXPECT_EQ(format_week(calendar_of(config, "LY").week), "sun-thu");
  EXPECT_EQ(format_week(calendar_of(config, "EG").week), "mon-fri");
  EXPECT_EQ(format_week(calendar_of(config, "XC").week), "mon-fri");
  EXPECT_EQ(calendar_of(config, "FR-2").holidays.size(), 1u) << "its State's";
  EXPECT_EQ(calendar_of(config, "XB").utc_offset_min, 180);
  EXPECT_EQ(format_week(calendar_of(config, "XB-ITI").week), "sat-wed");
  EXPECT_EQ(calendar_of(config, "XB-ITI").utc_offset_min, 0) << "a section of its own counts alone";
}

TEST(ClocksFill, PriorityAndCalendarOfTheResponder) {
  const auto config = configured(
      "[clocks.urgent]\nacknowledge = \"1 working day\"\n"
      "[calendar.XB]\nweek = \"sun-thu\"\nholidays = [\"2026-11-29\"]\nutc_offset = \"+03:00\"\n");
  const auto filled = [&](const char* priority, const char* to) {
    focal::v1::Record record;
    record.mutable_header()->set_priority(priority);
    const DueBasis basis = fill_due_times(record, config, to, at("2026-11-26T10:00:00Z"));
    return format_utc(record.header().ack_by_ms()) + " " +
           format_utc(record.header().answer_by_ms()) + " " + basis.acknowledge + "; " +
           basis.answer;
  };
  EXPECT_EQ(filled("ROUTINE", "XB"),
            "2026-12-01T21:00:00Z 2026-12-26T21:00:00Z 2 working days of XB (sun-thu, 1 holiday "
            "known, UTC+03:00); 30 days, to the end of the day (UTC+03:00)");
  EXPECT_EQ(filled("ROUTINE", "XC").substr(0, 20), "2026-12-01T00:00:00Z");
  EXPECT_EQ(filled("URGENT", "XB").substr(0, 41), "2026-11-29T21:00:00Z 2026-11-29T21:00:00Z");
  EXPECT_EQ(filled("FLASH", "XB"),
            "2026-11-26T11:00:00Z 2026-11-26T18:00:00Z 1 hour, around the clock; 8 hours, around "
            "the clock");
}

TEST(ClocksStanding, RemindersAtHalfAtTheEndThenWeeklyEscalationAtOneAndAHalf) {
  const config::Clocks settings = config::default_clocks();
  const std::uint64_t since = at("2026-11-01T00:00:00Z");
  const Target target{since + 30 * kDayMs, since, false};
  const auto standing = [&](std::uint64_t after_ms) {
    const Standing s = standing_of(target, settings, since + after_ms);
    return std::string(reminder_name(s.level)) + " " + std::to_string(s.reminders);
  };
  EXPECT_EQ(standing(0), " 0");
  EXPECT_EQ(standing(15 * kDayMs - 1), " 0");
  EXPECT_EQ(standing(15 * kDayMs), "REMINDER 1");
  EXPECT_EQ(standing(30 * kDayMs), "REMINDER 1");
  EXPECT_EQ(standing(30 * kDayMs + 1), "OVERDUE 2");
  EXPECT_EQ(standing(37 * kDayMs), "OVERDUE 3");
  EXPECT_EQ(standing(45 * kDayMs - 1), "OVERDUE 4");
  EXPECT_EQ(standing(45 * kDayMs), "ESCALATE 4");
  EXPECT_EQ(standing(51 * kDayMs), "ESCALATE 5");
  EXPECT_EQ(standing_of({}, settings, since).reminders, 0u);
  // A target that lay in the past from the start.
  const Target past{since, since + kDayMs, false};
  EXPECT_EQ(standing_of(past, settings, since + 300 * kDayMs).level, Reminder::kOverdue);
  EXPECT_EQ(standing_of(past, settings, since - 1).level, Reminder::kNone);
}

class ClocksOfCases : public DeskWorld {
 protected:
  // From the next start of the node.
  void configure(const std::string& party, const std::string& more) {
    std::ofstream(w.folder(party) / node::kConfigFile, std::ios::app) << "\n" << more;
    w.crash(party);
  }
  // A request as another implementation may send it: without due times.
  store::RecordRef without_times() {
    auto record = example(kRequest);
    record.mutable_header()->clear_ack_by_ms();
    record.mutable_header()->clear_answer_by_ms();
    const auto ref = w.send("XA", "XB", "trace.request", body_of(record));
    w.run();
    return ref;
  }
  store::RecordRef from_xb(const char* kind, const char* file, const store::RecordRef& root,
                           const store::RecordRef& parent) {
    const auto ref = w.send("XB", "XA", kind, body_of(example(file)), root, parent);
    w.run();
    return ref;
  }
};

TEST_F(ClocksOfCases, RequestWithoutTimesHasTargetsOfTheRespondersOwn) {
  configure("XB",
            "[clocks.routine]\nanswer = \"10 days\"\n[calendar.XB]\nweek = \"sun-thu\"\n"
            "holidays = [\"11-24\"]\nutc_offset = \"+02:00\"\n");
  w.connect("XA", "XB");
  const auto root = without_times();  // Monday; Tuesday is a holiday of XB
  auto at_xb = show("XB").trace();
  EXPECT_EQ(at_xb.ack_due_at(), "2026-11-26T22:00:00Z");
  EXPECT_TRUE(at_xb.ack_own());
  EXPECT_EQ(at_xb.answer_due_at(), "2026-12-03T22:00:00Z");
  EXPECT_TRUE(at_xb.answer_own());
  EXPECT_EQ(at_xb.due_act(), "ACKNOWLEDGE");
  EXPECT_EQ(show("XA").trace().due_at(), "") << "what XB sets itself is not XA's to see";
  EXPECT_EQ(inbox("XB").entries(0).due_at(), at_xb.ack_due_at());
  EXPECT_TRUE(inbox("XB").entries(0).own_target());
  w.advance(4 * kDayMs);
  EXPECT_EQ(inbox("XB").counts().overdue(), 1u);
  EXPECT_EQ(inbox("XA").counts().overdue(), 0u);
  from_xb("trace.ack", "02_trace_ack_XB_XA.json", root, root);
  at_xb = show("XB").trace();
  EXPECT_EQ(at_xb.ack_due_at(), "");
  EXPECT_EQ(at_xb.due_at(), "2026-12-03T22:00:00Z");
  EXPECT_EQ(inbox("XB").counts().overdue(), 0u);
}

TEST_F(ClocksOfCases, OwnTargetsStandStillWhileInformationIsAwaited) {
  w.connect("XA", "XB");
  const auto root = without_times();
  const auto acked = from_xb("trace.ack", "02_trace_ack_XB_XA.json", root, root);
  w.advance(kDayMs);
  const auto asked = from_xb("trace.info_request", "03_trace_info_request_XB_XA.json", root, acked);
  w.advance(60 * kDayMs);
  auto at_xb = show("XB").trace();
  EXPECT_EQ(at_xb.due_at(), "");
  EXPECT_FALSE(at_xb.overdue());
  EXPECT_EQ(at_xb.reminder(), "");
  EXPECT_EQ(at_xb.paused_since_at(), "2026-11-24T10:00:00Z");
  EXPECT_EQ(at_xb.answer_due_at(), "2027-02-22T00:00:00Z") << "30 and 60 days";
  w.send("XA", "XB", "trace.info_supply", body_of(example("04_trace_info_supply_XA_XB.json")), root,
         asked);
  w.run();
  at_xb = show("XB").trace();
  EXPECT_EQ(at_xb.due_at(), "2027-02-22T00:00:00Z");
  EXPECT_TRUE(at_xb.answer_own());
  EXPECT_EQ(at_xb.paused_since_at(), "");
}

TEST_F(ClocksOfCases, AnsweredCaseHasNoTarget) {
  w.connect("XA", "XB");
  const auto root = without_times();
  from_xb("trace.response", "05_trace_response_XB_XA.json", root, root);
  w.advance(100 * kDayMs);
  for (const char* party : {"XA", "XB"}) {
    EXPECT_EQ(show(party).trace().due_at(), "") << party;
    EXPECT_EQ(show(party).trace().answer_due_at(), "") << party;
    EXPECT_EQ(inbox(party).counts().overdue(), 0u) << party;
  }
}

TEST_F(ClocksOfCases, OverdueFirstThenSoonestPausedLast) {
  w.connect("XA", "XB");
  const auto open_for = [&](std::uint64_t hours) {
    auto record = example(kRequest);
    record.mutable_header()->set_ack_by_ms(w.now().wall_ms + hours * kHourMs);
    record.mutable_header()->set_answer_by_ms(w.now().wall_ms + hours * kHourMs);
    const auto ref = w.send("XA", "XB", "trace.request", body_of(record));
    w.run();
    return ref;
  };
  const auto paused = open_for(2);  // T-1
  open_for(40);                     // T-2
  open_for(3);                      // T-3
  without_times();                  // T-4: 62 h at XB
  open_for(7);                      // T-5
  const auto acked = from_xb("trace.ack", "02_trace_ack_XB_XA.json", paused, paused);
  from_xb("trace.info_request", "03_trace_info_request_XB_XA.json", paused, acked);
  w.advance(4 * kHourMs);
  std::string order;
  const auto seen = inbox("XB");
  for (const auto& entry : seen.entries())
    order += entry.case_number() + " " + entry.reminder() + ",";
  EXPECT_EQ(order, "T-3 OVERDUE,T-5 REMINDER,T-2 ,T-4 ,T-1 ,");
  EXPECT_NE(seen.entries(4).paused_since_at(), "");
}

}  // namespace
}  // namespace focal::desk
