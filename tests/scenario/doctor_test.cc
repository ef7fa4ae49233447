// Goal: what is wrong with clock, card, trust, disk or ledger at either end of a live link is named at
// its step, at its end, by both ends alike, and nothing is named before and after. Method: whole nodes
// in one process (tests/support/world.h); the facts are gathered as `focal doctor` gathers them, the
// question goes over the link. Faults of the way: tests/e2e/doctor_test.cc.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "node/desk/doctor_facts.h"
#include "tests/support/world.h"

namespace focal::desk {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

class DoctorScenario : public ::testing::Test {
 protected:
  void meet(const std::string& a, const std::string& b) {
    w.verify_both(a, b);
    w.connect(a, b);
  }
  std::vector<Step> walk(const std::string& at, const std::string& of) {
    auto& machine = w.core(at).machine();
    const auto asked = machine.ask_link(w.now(at), of);
    w.run();
    const exchange::Peer* peer = w.core(at).peers().find(of);
    LinkFacts facts =
        link_facts(w.node(at), *peer, node_facts(w.node(at), {}, w.now(at)), true, w.now(at));
    facts.node.gate_state = "RUNNING";  // there is none in these worlds
    facts.asked = asked ? Asked::kSilent : Asked::kNoLink;
    const auto answer = asked ? machine.link_doctor().answer(of, *asked) : std::nullopt;
    if (answer) {
      facts.asked = Asked::kAnswered;
      facts.reply = answer->reply;
      facts.answered_ms = answer->at_ms;
    }
    return walk_link(facts);
  }
  static Names found(const std::vector<Step>& steps, Found which) {
    Names out;
    for (const Step& step : steps) {
      if (step.found != which) continue;
      EXPECT_FALSE(step.cure.empty()) << step.code;
      out.insert(std::string(walk_name(step.step)) + " " + std::string(end_name(step.where)) + " " +
                 step.code);
    }
    return out;
  }
  Names failed(const std::string& at, const std::string& of) {
    return found(walk(at, of), Found::kFailed);
  }
  void expect_well(const std::string& at, const std::string& of) {
    const auto steps = walk(at, of);
    EXPECT_EQ(found(steps, Found::kFailed), Names{}) << at << " of " << of;
    EXPECT_EQ(found(steps, Found::kWarning), Names{}) << at << " of " << of;
    EXPECT_EQ(steps.back().where, End::kTheirs) << "it answered";
  }

  test::World w;
};

TEST_F(DoctorScenario, NothingIsNamedWhereAllIsWell) {
  w.add("XA");
  w.add("XB");
  meet("XA", "XB");
  const auto ping = w.send("XA", "XB", "peer.ping", test::ping_body());
  w.run();
  ASSERT_EQ(w.status_of("XA", ping, "XB"), 1u);
  expect_well("XA", "XB");
  expect_well("XB", "XA");
}

TEST_F(DoctorScenario, AClockThreeDaysAhead) {
  for (const char* party : {"XA", "XB", "XC"}) w.add(party);
  w.set_clock("XB", 3 * static_cast<std::int64_t>(kDayMs));
  meet("XA", "XB");
  meet("XA", "XC");
  meet("XB", "XC");
  EXPECT_EQ(failed("XA", "XB"), (Names{"CLOCK OURS CLOCK_SKEW", "CLOCK THEIRS CLOCK_WRONG"}));
  EXPECT_TRUE(failed("XB", "XA").contains("CLOCK OURS OWN_CLOCK"));
  expect_well("XA", "XC");
  w.set_clock("XB", 0);
  w.connect("XA", "XB");  // the next HELLO
  expect_well("XA", "XB");
}

// Two alone: nobody can say which of the two is wrong, and both ends name the same step.
TEST_F(DoctorScenario, AClockTwoDaysBehind) {
  w.add("XA");
  w.add("XB");
  w.set_clock("XB", -2 * static_cast<std::int64_t>(kDayMs));
  meet("XA", "XB");
  EXPECT_EQ(failed("XA", "XB"), (Names{"CLOCK OURS CLOCK_SKEW", "CLOCK THEIRS CLOCK_SKEW"}));
  const Names there = failed("XB", "XA");
  EXPECT_EQ(there, (Names{"CLOCK OURS CLOCK_SKEW", "CLOCK THEIRS CLOCK_SKEW"}));
}

TEST_F(DoctorScenario, ACardThatExpired) {
  w.add("XA");
  w.add("XB", test::kStartMs + 60 * kDayMs);
  meet("XA", "XB");
  expect_well("XA", "XB");
  for (int day = 0; day < 61; ++day) w.advance(kDayMs);
  EXPECT_EQ(failed("XA", "XB"), (Names{"KEY OURS CARD_EXPIRED"}));
  EXPECT_EQ(failed("XB", "XA"), (Names{"KEY OURS OWN_CARD_EXPIRED"}));
}

TEST_F(DoctorScenario, ADiskThatIsFullThere) {
  w.add("XA");
  w.add("XB");
  meet("XA", "XB");
  w.core("XB").machine().accept_records(false);
  EXPECT_EQ(failed("XA", "XB"), (Names{"STORE THEIRS DISK_LOW_THERE"}));
  w.core("XB").machine().accept_records(true);
  expect_well("XA", "XB");
}

TEST_F(DoctorScenario, NotVerifiedThere) {
  w.add("XA");
  w.add("XB");
  w.pin("XA", "XB", store::PeerLevel::kVerified);
  w.pin("XB", "XA", store::PeerLevel::kIntroduced);
  w.connect("XA", "XB");
  EXPECT_EQ(failed("XA", "XB"), (Names{"TRUST THEIRS ONLY_INTRODUCED_THERE"}));
  EXPECT_EQ(failed("XB", "XA"), (Names{"TRUST OURS ONLY_INTRODUCED"}));
  w.pin("XB", "XA", store::PeerLevel::kVerified);
  expect_well("XA", "XB");
}

TEST_F(DoctorScenario, ANodeThatWasSetBackThere) {
  w.add("XA");
  w.add("XB");
  meet("XA", "XB");
  w.stop("XB");
  const fs::path kept = w.folder("XB").parent_path() / "kept-XB";
  fs::copy(w.folder("XB"), kept, fs::copy_options::recursive);
  w.start("XB");
  w.connect("XA", "XB");
  w.send("XA", "XB", "peer.ping", test::ping_body());
  w.run();
  w.stop("XB");
  fs::remove_all(w.folder("XB"));
  fs::copy(kept, w.folder("XB"), fs::copy_options::recursive);
  w.start("XB");
  w.connect("XA", "XB");  // XA shows it what it signed
  EXPECT_EQ(failed("XA", "XB"), (Names{"CONNECTION OURS PEER_STOPPED"}));
  EXPECT_TRUE(failed("XB", "XA").contains("NODE OURS ROLLED_BACK"));
}

// What cannot be asked is told by the bounces of what was sent.
TEST_F(DoctorScenario, WhatWaitsThereIsToldByItsBounce) {
  w.add("XA");
  w.add("XB");
  w.pin("XA", "XB", store::PeerLevel::kVerified);
  w.pin("XB", "XA", store::PeerLevel::kNone);
  w.connect("XA", "XB");
  w.send("XA", "XB", "peer.ping", test::ping_body());
  w.run();
  const LinkFacts facts =
      link_facts(w.node("XA"), *w.core("XA").peers().find("XB"),
                 node_facts(w.node("XA"), {}, w.now()), true, w.now());
  EXPECT_EQ(facts.they_say, (std::map<std::uint32_t, std::size_t>{{2, 1}}));
  const Names there = found(walk_link(facts), Found::kFailed);
  EXPECT_TRUE(there.contains("TRUST THEIRS NOT_VERIFIED_THERE"));
}

}  // namespace
}  // namespace focal::desk
