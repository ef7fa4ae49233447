// Goal: nobody sees a checkpoint that a restored copy of the ledger could forget, and none is made
// behind one that is not kept yet. Method: a machine, and a ledger and an outside place that work or
// fail as the test says; what is published shows in the machine's next group.
#include "node/node/checkpointing.h"

#include <gtest/gtest.h>

#include "tests/support/test_log.h"
#include "tests/support/two_machines.h"

namespace focal::node {
namespace {

class CheckpointingTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(end_.machine->load(now_).has_value()); }
  Checkpointing checkpointing() {
    return Checkpointing(
        [this](std::uint64_t) { return due_; },
        [this](std::uint64_t) -> Result<store::CheckpointRow> {
          ++made_;
          if (error_) return fail(*error_, "the test says so");
          size_ += 64;
          return store::CheckpointRow{size_, log_.root(size_), log_.note(size_)};
        },
        [this](const std::string& note) -> Status {
          if (!keeps_) return fail(ErrorCode::kIo, "no place");
          kept_ = note;
          return {};
        });
  }
  // Size that the next group publishes; 0: none.
  std::uint64_t published() {
    std::uint64_t out = 0;
    for (const store::Op& op : end_.machine->prepare(now_).ops)
      if (const auto* put = std::get_if<store::PutPublished>(&op)) out = put->size;
    return out;
  }
  void pass(std::uint64_t ms) {
    now_.mono_ms += ms;
    now_.wall_ms += ms;
  }

  test::TestParty xa_{"XA", 1};
  test::TestLog log_{xa_};
  test::MachineEnd end_{xa_, xa_.fields(), xa_.schedule_fields(), {}, 3};
  Now now_{1'000'000, test::kIssuedMs + kHourMs};
  bool due_ = true, keeps_ = true;
  std::optional<ErrorCode> error_;
  int made_ = 0;
  std::uint64_t size_ = 0;
  std::string kept_;
};

TEST_F(CheckpointingTest, IsMadeWhenDueKeptAndThenShown) {
  auto at = checkpointing();
  due_ = false;
  ASSERT_TRUE(at.tend(now_, *end_.machine).has_value());
  EXPECT_EQ(made_, 0);
  due_ = true;
  ASSERT_TRUE(at.tend(now_, *end_.machine).has_value());
  EXPECT_EQ(kept_, log_.note(64));
  EXPECT_EQ(published(), 64u);
}

TEST_F(CheckpointingTest, WhatIsNotKeptIsShownToNobodyAndTriedAgain) {
  auto at = checkpointing();
  keeps_ = false;
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(at.tend(now_, *end_.machine).has_value());
    EXPECT_EQ(published(), 0u);
    pass(kSecondMs);
  }
  EXPECT_EQ(made_, 1) << "nothing newer is made";
  EXPECT_EQ(at.trouble(), "no place");
  keeps_ = true;
  due_ = false;
  pass(10 * kSecondMs);
  ASSERT_TRUE(at.tend(now_, *end_.machine).has_value());
  EXPECT_EQ(published(), 64u);
  EXPECT_EQ(at.trouble(), "");
}

TEST_F(CheckpointingTest, ALogThatContradictsItselfEndsIt) {
  auto at = checkpointing();
  error_ = ErrorCode::kState;
  EXPECT_TRUE(at.tend(now_, *end_.machine).has_value()) << "nothing new";
  error_ = ErrorCode::kNoSpace;
  EXPECT_TRUE(at.tend(now_, *end_.machine).has_value());
  EXPECT_TRUE(at.tend(now_, *end_.machine).has_value());
  EXPECT_EQ(made_, 2) << "not before a minute";
  pass(kMinuteMs);
  error_ = ErrorCode::kCorrupt;
  const Status done = at.tend(now_, *end_.machine);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace focal::node
