// Goal: a rise starts the program once, also across restarts and kills; not sooner than every_s
// after the last time; a program that cannot be started is tried again; what is wrong is said; and
// neither log nor status ever holds what the program printed.
// Method: the hook with counts made up by the test and a script that notes each start; time is the
// test's, but for the program's own.
#include "node/desk/notify_hook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temp_folder.h"
#include "tests/unit/telling/script.h"

namespace focal::desk {
namespace {

using ::testing::HasSubstr;

class Hook : public ::testing::Test {
 protected:
  Hook() {
    script("echo \"$FOCAL_URGENCY $FOCAL_NEEDS_ACTION\" >> " + noted_.string());
    open();
  }
  void script(const std::string& body) { test::write_script(program_, body); }
  void open(std::uint32_t every_s = 60) {
    NotifyHook::Options options;
    options.settings.program = program_;
    options.settings.every_s = every_s;
    options.party = "XA";
    options.folder = folder_.path();
    options.count = [this]() -> Result<Attention> {
      ++counted_;
      if (!loop_runs_) return fail(ErrorCode::kUnavailable, "the node is stopping");
      return waits_;
    };
    options.newest_event = [this] { return event_; };
    hook_ = std::make_unique<NotifyHook>(std::move(options));
  }
  void needs_action(std::uint32_t n) {
    waits_.needs_action = n;
    ++event_;
  }
  // What the program was told until now, one line a start.
  std::string look(std::uint64_t after_ms = kNotifyLookMs) {
    now_.mono_ms += after_ms;
    hook_->look(now_);
    return test::text_of(noted_);
  }
  std::filesystem::path told_file() const { return folder_ / kToldFile; }

  test::TempFolder folder_;
  std::filesystem::path program_ = folder_ / "program";
  std::filesystem::path noted_ = folder_ / "noted";
  Attention waits_;
  bool loop_runs_ = true;
  std::uint64_t event_ = 1;
  int counted_ = 0;
  Now now_{kHourMs, 1'795'428'000'000};
  std::unique_ptr<NotifyHook> hook_;
};

TEST_F(Hook, TellsARiseOnce) {
  EXPECT_EQ(look(), "");
  needs_action(2);
  EXPECT_EQ(look(), "ACTION 2\n");
  EXPECT_EQ(look(kHourMs), "ACTION 2\n");
  EXPECT_EQ(hook_->trouble(), "");
}

TEST_F(Hook, KeepsItsTimeBetweenTwoStarts) {
  open(600);
  needs_action(1);
  EXPECT_EQ(look(), "ACTION 1\n");
  needs_action(2);
  EXPECT_EQ(look(), "ACTION 1\n");
  needs_action(3);
  EXPECT_EQ(look(590 * kSecondMs), "ACTION 1\n");
  EXPECT_EQ(look(10 * kSecondMs), "ACTION 1\nACTION 3\n") << "both rises at once";
}

TEST_F(Hook, TellsNothingTwiceAcrossARestart) {
  needs_action(2);
  EXPECT_EQ(look(), "ACTION 2\n");
  EXPECT_EQ(test::text_of(told_file()), "focal-notify/v1 RUNNING 2 0 0 0\n");
  struct stat st {};
  ASSERT_EQ(::stat(told_file().c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0600u);
  open();
  EXPECT_EQ(look(kHourMs), "ACTION 2\n");
  needs_action(1);
  EXPECT_EQ(look(), "ACTION 2\n");
  open();
  needs_action(2);
  EXPECT_EQ(look(), "ACTION 2\nACTION 2\n") << "it fell in the process before, and rises in this one";
}

// The file is written before the program is started: killed in between, the rise is not told twice.
TEST_F(Hook, RemembersBeforeItTells) {
  script("cat " + told_file().string() + " >> " + noted_.string());
  needs_action(4);
  EXPECT_EQ(look(), "focal-notify/v1 RUNNING 4 0 0 0\n");
}

TEST_F(Hook, WithoutAFileThatCanBeWrittenNobodyIsTold) {
  std::filesystem::create_directory(told_file());  // neither root nor anybody writes over it
  open();
  needs_action(1);
  EXPECT_EQ(look(), "");
  EXPECT_THAT(hook_->trouble(), HasSubstr("cannot be kept"));
  std::filesystem::remove(told_file());
  EXPECT_EQ(look(), "") << "not at every look";
  EXPECT_EQ(look(kMinuteMs), "ACTION 1\n");
  EXPECT_EQ(hook_->trouble(), "");
}

TEST_F(Hook, AFileThatIsBrokenTellsAgain) {
  needs_action(2);
  look();
  std::ofstream(told_file(), std::ios::trunc) << "focal-notify/v1 RUNNING 2 0\n";
  open();
  EXPECT_EQ(look(), "ACTION 2\nACTION 2\n");
}

TEST_F(Hook, AProgramThatIsNotThereIsTriedAgain) {
  std::filesystem::remove(program_);
  needs_action(1);
  EXPECT_EQ(look(), "");
  EXPECT_THAT(hook_->trouble(), HasSubstr("cannot be started"));
  EXPECT_EQ(look(30 * kSecondMs), "");
  script("echo again >> " + noted_.string());
  EXPECT_EQ(look(29 * kSecondMs), "") << "not before its time";
  EXPECT_EQ(look(kSecondMs), "again\n");
  EXPECT_EQ(hook_->trouble(), "");
}

TEST_F(Hook, AProgramThatFailsIsNotStartedTwice) {
  script("echo x >> " + noted_.string() + "; echo the text of a record; exit 3");
  needs_action(1);
  EXPECT_EQ(look(), "x\n");
  EXPECT_THAT(hook_->trouble(), HasSubstr("ended with code 3"));
  EXPECT_THAT(hook_->trouble(), ::testing::Not(HasSubstr("the text of a record")));
  EXPECT_EQ(look(kHourMs), "x\n");
}

TEST_F(Hook, CountsOnlyWhenSomethingChangedOrAMinuteHasPassed) {
  look();
  const int before = counted_;
  for (int i = 0; i < 10; ++i) look(kSecondMs);
  EXPECT_EQ(counted_, before);
  look(kMinuteMs);
  EXPECT_EQ(counted_, before + 1) << "a target passes without anything being written";
  ++event_;
  look(kSecondMs);
  EXPECT_EQ(counted_, before + 2);
}

TEST_F(Hook, ALoopThatIsBusyIsAskedAgain) {
  needs_action(1);
  loop_runs_ = false;
  EXPECT_EQ(look(), "");
  loop_runs_ = true;
  EXPECT_EQ(look(), "ACTION 1\n");
}

TEST_F(Hook, WithoutAProgramThereIsNoThreadAndNoFile) {
  NotifyHook::Options options;
  options.folder = folder_.path();
  NotifyHook none(std::move(options));
  none.start();
  EXPECT_EQ(none.trouble(), "");
  EXPECT_FALSE(std::filesystem::exists(told_file()));
}

TEST_F(Hook, ItsThreadLooksByItself) {
  needs_action(1);
  hook_->start();
  for (int i = 0; i < 500 && test::text_of(noted_).empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(test::text_of(noted_), "ACTION 1\n");
  hook_.reset();
}

}  // namespace
}  // namespace focal::desk
