// Goal: a rise is told once and no fall is; what rises again after a fall is told again; what rises
// too soon after the last time is told when its time has come; and the program is told numbers.
// Method: stories by hand, and random ones against the definition of a rise.
#include "node/desk/notify.h"

#include <gtest/gtest.h>

#include <random>

namespace focal::desk {
namespace {

using exchange::RunState;

Attention waits(std::uint32_t action, std::uint32_t overdue = 0, std::uint32_t releases = 0,
                std::uint32_t failed = 0, RunState state = RunState::kRunning) {
  Attention out;
  out.state = state;
  out.open_cases = 10;
  out.needs_action = action;
  out.overdue = overdue;
  out.releases = releases;
  out.failed = failed;
  return out;
}

struct Story {
  Told told;
  int told_times = 0;
  // How often the program was started by now.
  int now(const Attention& attention, bool may_start = true) {
    const NotifyStep step = next_step(told, attention, may_start);
    EXPECT_FALSE(step.start && !may_start);
    told = step.told;
    return told_times += step.start ? 1 : 0;
  }
};

TEST(Notify, ARiseIsToldOnceAndNoFall) {
  Story story;
  EXPECT_EQ(story.now(waits(0)), 0) << "nothing waits: nobody is told";
  EXPECT_EQ(story.now(waits(3)), 1);
  EXPECT_EQ(story.now(waits(3)), 1) << "not twice";
  EXPECT_EQ(story.now(waits(2)), 1) << "a fall";
  EXPECT_EQ(story.now(waits(0)), 1);
  EXPECT_EQ(story.now(waits(1)), 2) << "it rises again";
  EXPECT_EQ(story.now(waits(1, 1)), 3) << "overdue";
  EXPECT_EQ(story.now(waits(0, 1, 1)), 4) << "one falls, another rises";
  EXPECT_EQ(story.now(waits(0, 0, 1)), 4);
  EXPECT_EQ(story.now(waits(0, 0, 1, 1)), 5);
  EXPECT_EQ(story.now(waits(0, 0, 0, 0, RunState::kRolledBack)), 6) << "the node itself";
  EXPECT_EQ(story.now(waits(0, 0, 0, 0, RunState::kStarting)), 6);
  EXPECT_EQ(story.now(waits(0, 0, 0, 0, RunState::kRolledBack)), 7);
  Attention more = waits(0);
  more.open_cases = 99;
  EXPECT_EQ(story.now(more), 7) << "cases of which nobody has to do anything";
}

TEST(Notify, WhatRisesTooSoonIsToldLaterIfItStillStands) {
  Story story;
  EXPECT_EQ(story.now(waits(1)), 1);
  EXPECT_EQ(story.now(waits(3), false), 1);
  EXPECT_EQ(story.now(waits(2), false), 1);
  EXPECT_EQ(story.now(waits(2)), 2) << "2 is more than the 1 that was told";
  EXPECT_EQ(story.now(waits(5), false), 2);
  EXPECT_EQ(story.now(waits(2), false), 2);
  EXPECT_EQ(story.now(waits(2)), 2) << "it came and went";
  EXPECT_EQ(story.now(waits(0), false), 2);
  EXPECT_EQ(story.now(waits(1)), 3) << "the fall of that time was not forgotten";
}

// However the numbers go: the program is started if and only if one of them is above what it was
// the last time it was told, or has been since.
TEST(Notify, AsDefinedWhateverHappens) {
  std::mt19937 random(7);
  for (int story = 0; story < 300; ++story) {
    Told told;
    std::array<std::uint32_t, 4> lowest{};
    for (int step = 0; step < 40; ++step) {
      std::array<std::uint32_t, 4> n{};
      for (auto& each : n) each = random() % 4;
      const bool may = random() % 2 == 0;
      const Attention now = waits(n[0], n[1], n[2], n[3]);
      bool is_rise = false;
      for (std::size_t i = 0; i < n.size(); ++i) is_rise = is_rise || n[i] > lowest[i];
      const NotifyStep done = next_step(told, now, may);
      ASSERT_EQ(done.start, is_rise && may);
      for (std::size_t i = 0; i < n.size(); ++i)
        lowest[i] = done.start ? n[i] : std::min(lowest[i], n[i]);
      told = *parse_told(format_told(done.told));  // as after a restart
      ASSERT_EQ(told, done.told);
    }
  }
}

TEST(Notify, TheProgramIsToldNumbersAndNothingElse) {
  EXPECT_EQ(notify_line("XA", waits(3, 1)),
            "{\"party\":\"XA\",\"state\":\"RUNNING\",\"needs_action\":3,\"overdue\":1,\"releases\":0,"
            "\"failed\":0,\"urgency\":\"OVERDUE\"}\n");
  EXPECT_EQ(notify_line("XB-ITI", waits(0, 0, 2, 0, RunState::kStarting)),
            "{\"party\":\"XB-ITI\",\"state\":\"STARTING\",\"needs_action\":0,\"overdue\":0,"
            "\"releases\":2,\"failed\":0,\"urgency\":\"ACTION\"}\n");
  EXPECT_EQ(notify_environment("XA", waits(3, 1, 4, 5)),
            (std::vector<std::string>{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8",
                                      "FOCAL_PARTY=XA", "FOCAL_STATE=RUNNING",
                                      "FOCAL_NEEDS_ACTION=3", "FOCAL_OVERDUE=1", "FOCAL_RELEASES=4",
                                      "FOCAL_FAILED=5", "FOCAL_URGENCY=OVERDUE"}));
}

TEST(Notify, UrgencyIsTheWorstOfWhatWaits) {
  EXPECT_EQ(urgency_of(waits(0)), Urgency::kNone);
  for (const Attention& each : {waits(1), waits(0, 0, 1), waits(0, 0, 0, 1),
                                waits(0, 0, 0, 0, RunState::kRolledBack)})
    EXPECT_EQ(urgency_of(each), Urgency::kAction);
  EXPECT_EQ(urgency_of(waits(5, 1, 5, 5)), Urgency::kOverdue);
}

TEST(Notify, TheFileHasOneForm) {
  const Told told{RunState::kRolledBack, 1, 2, 3, 4294967295};
  EXPECT_EQ(format_told(told), "focal-notify/v1 ROLLED_BACK 1 2 3 4294967295\n");
  EXPECT_EQ(parse_told(format_told(told)), told);
  for (const char* wrong :
       {"", "\n", "focal-notify/v1 RUNNING 1 2 3 4", "focal-notify/v1 RUNNING 1 2 3\n",
        "focal-notify/v1 RUNNING 1 2 3 4 5\n", "focal-notify/v2 RUNNING 1 2 3 4\n",
        "focal-notify/v1 WALKING 1 2 3 4\n", "focal-notify/v1 RUNNING 1 2 3 -4\n",
        "focal-notify/v1 RUNNING 1 2 3 4294967296\n", "focal-notify/v1 RUNNING 1 2 3 4x\n",
        "focal-notify/v1 RUNNING 1 2  3 4\n", "focal-notify/v1 RUNNING 1 2 3 4\n\n"})
    EXPECT_FALSE(parse_told(wrong).has_value()) << wrong;
}

}  // namespace
}  // namespace focal::desk
