// Goal: whatever dies, and however often, every record released is stored at the other
// end exactly once and receipted exactly once. Method: SIGKILL to the real processes
// while records are under way; the ledger files of the stopped nodes are compared.
#include <signal.h>

#include <chrono>
#include <functional>
#include <thread>

#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

using std::chrono::microseconds;

TEST_F(Friends, FiveKillsOfTheReceiverLoseAndRepeatNothing) {
  constexpr int kKillsWanted = 5, kRoundsAtMost = 15, kPings = 9;
  // How far the receiver gets before it dies: nothing read, in a commit, after some. How much
  // that is depends on the machine; where all was done before the kill, the next one comes first.
  const microseconds let_run[] = {microseconds(0), microseconds(2000), microseconds(300),
                                  microseconds(5000), microseconds(1000), microseconds(12'000)};
  bool was_too_late = false;
  start_both();
  std::set<std::string> released;
  int killed_under_way = 0, rounds = 0;
  std::string counts;
  for (; rounds < kRoundsAtMost && killed_under_way < kKillsWanted; ++rounds) {
    ASSERT_TRUE(eventually([&] { return xa_.is_linked_to("XB"); }));
    xb_.signal(SIGSTOP);  // the brake: XB's network process takes frames, focald reads none
    released.merge(ping_burst(xa_, "XB", kPings));
    released.insert(xa_.ask({"trace", "open", "--from", example("01"), "--to", "XB", "--again"})["rid"]);
    ASSERT_TRUE(eventually([&] { return !xa_.ask({"status"}).is("queues.inflight", "0"); }));
    const auto run = let_run[static_cast<std::size_t>(rounds) % std::size(let_run)];
    if (run.count() > 0 && !was_too_late) {
      xb_.signal(SIGCONT);
      std::this_thread::sleep_for(run);
    }
    xb_.crash();
    // Nobody is there to send a receipt any more: what is open now was open at the kill.
    const std::size_t open = xa_.waits_to_be_sent();
    counts += std::to_string(open) + " ";
    killed_under_way += open > 0 ? 1 : 0;
    was_too_late = open == 0;
    if (rounds % 2 == 1) released.merge(ping_burst(xa_, "XB", 3));  // while nobody is there
    xb_.start();
  }
  std::printf("open at each kill of XB: %s\n", counts.c_str());
  EXPECT_GE(killed_under_way, kKillsWanted);
  ASSERT_TRUE(xa_.settles());
  const Json outbox = xa_.ask({"outbox", "--all", "--limit", "1000"});
  for (std::size_t i = 0; i < outbox.size("entries"); ++i)
    EXPECT_EQ(outbox["entries[" + std::to_string(i) + "].state"], "ACCEPTED");
  EXPECT_EQ(xb_.ask({"trace", "list"})["total"], std::to_string(rounds));
  EXPECT_EQ(xa_.stop(), 0);
  EXPECT_EQ(xb_.stop(), 0);
  expect_each_once(xa_, xb_, released);
}

TEST_F(Friends, TheSenderMayDieToo) {
  start_both();
  std::set<std::string> released;
  for (int i = 0; i < 3; ++i) {
    xb_.signal(SIGSTOP);
    released.merge(ping_burst(xa_, "XB", 6));
    xa_.crash();  // what it answered for is committed
    xb_.signal(SIGCONT);
    xa_.start();
    EXPECT_TRUE(eventually([&] { return xa_.is_linked_to("XB"); }));
  }
  ASSERT_TRUE(xa_.settles());
  EXPECT_EQ(xa_.stop(), 0);
  EXPECT_EQ(xb_.stop(), 0);
  expect_each_once(xa_, xb_, released);
}

TEST_F(Friends, TheNetworkProcessesMayDieAgainAndAgain) {
  constexpr int kKillsEach = 3;
  start_both();
  std::set<std::string> from_a, from_b;
  {
    const auto work = [](const std::stop_token& over, Party& from, const std::string& to,
                         std::set<std::string>& ids) {
      while (!over.stop_requested()) ids.merge(ping_burst(from, to, 3));
    };
    const std::jthread officers_a(work, std::ref(xa_), "XB", std::ref(from_a));
    const std::jthread officers_b(work, std::ref(xb_), "XA", std::ref(from_b));
    for (int i = 0; i < kKillsEach; ++i) {
      for (Party* party : {&xa_, &xb_}) {
        const pid_t gate = party->gate_pid();
        ASSERT_GT(gate, 1);  // never a signal to all
        ::kill(gate, SIGKILL);
        EXPECT_TRUE(eventually([&] { return party->gate_pid() != gate; }));
      }
    }
  }
  EXPECT_TRUE(xa_.settles() && xb_.settles());
  for (Party* party : {&xa_, &xb_}) {
    const Json status = party->ask({"status"});
    EXPECT_EQ(status["gate.restarts"], std::to_string(kKillsEach));
    EXPECT_EQ(status["gate.state"], "RUNNING");
    EXPECT_NE(status["gate.last_error"].find("signal 9"), std::string::npos);
    EXPECT_EQ(status.size("refused"), 0u);
  }
  EXPECT_EQ(xa_.stop(), 0);
  EXPECT_EQ(xb_.stop(), 0);
  expect_each_once(xa_, xb_, from_a);
  expect_each_once(xb_, xa_, from_b);
}

TEST_F(Friends, ASecondFocaldOnTheFolderIsSentAway) {
  start_both();
  const Ran second = xa_.try_start();
  EXPECT_EQ(second.code, 1);
  EXPECT_NE(second.err.find("another focald runs on this folder, pid " +
                            std::to_string(xa_.pid())), std::string::npos) << second.err;
  EXPECT_NE(second.err.find("\n  "), std::string::npos) << "no hint: " << second.err;
  EXPECT_TRUE(xa_.runs());
  EXPECT_EQ(xa_.ask({"peer", "ping", "XB", "--wait", "60"})["state"], "ACCEPTED");
}

TEST_F(Friends, SigtermEndsInOrderAndAStaleSocketDoesNotMatter) {
  const fs::path socket = xa_.folder() / "api.sock";
  for (const int number : {SIGTERM, SIGINT}) {
    xa_.start();
    const pid_t gate = xa_.gate_pid();
    EXPECT_EQ(xa_.end(number), 0);
    EXPECT_FALSE(fs::exists(socket));
    EXPECT_TRUE(eventually([gate] { return proc_text(gate, "stat").empty(); }));
    EXPECT_NE(read_text(xa_.log()).find("ended in order"), std::string::npos);
    EXPECT_EQ(xa_.focal({"status"}).code, 3);
  }
  xa_.start();
  const pid_t gate = xa_.gate_pid();
  xa_.crash();
  EXPECT_TRUE(fs::is_socket(socket)) << "left behind by SIGKILL";
  EXPECT_TRUE(eventually([gate] { return proc_text(gate, "stat").empty(); }))
      << "focal-gate outlives focald";
  EXPECT_EQ(xa_.focal({"status"}).code, 3);
  xa_.start();
  EXPECT_EQ(xa_.ask({"status"})["state"], "RUNNING");
  EXPECT_EQ(xa_.stop(), 0);
}

}  // namespace
}  // namespace focal::e2e
