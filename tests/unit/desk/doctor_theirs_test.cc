// Goal: what the other end tells is named at its end, what follows from another fault is not named,
// and every code is explained. Method: as doctor_test.cc.
#include "tests/unit/desk/doctor_facts_fixture.h"

#include <fstream>
#include <regex>
#include <sstream>

#include "tests/support/paths.h"

namespace focal::desk {
namespace {

TEST(Doctor, FaultsThatTheOtherEndTells) {
  expect_alone({
      {"old card", replied([](DoctorReplyFrame& r) { r.card_tag = {1}; }), "KEY THEIRS OLD_CARD"},
      {"no keys of ours",
       replied([](DoctorReplyFrame& r) {
         r.sealing = DoctorSealing::kNoSchedule;
         r.seal_serial = 0;
       }),
       "KEY THEIRS NO_SEALING_KEYS"},
      {"ours are over there", replied([](DoctorReplyFrame& r) { r.sealing = DoctorSealing::kKeysOver; }),
       "KEY THEIRS NO_SEALING_KEYS"},
      {"older schedule", replied([](DoctorReplyFrame& r) { r.seal_serial = 16; }),
       "KEY THEIRS OLD_SCHEDULE", Found::kWarning},
      {"their clock is wrong", replied([](DoctorReplyFrame& r) { r.clock = DoctorClock::kAhead; }),
       "CLOCK THEIRS CLOCK_WRONG"},
      {"their clock is off",
       replied([](DoctorReplyFrame& r) { r.now_ms = kNowMs - 2 * kDayMs; }),
       "CLOCK THEIRS CLOCK_SKEW"},
      {"theirs unconfirmed", replied([](DoctorReplyFrame& r) { r.clock = DoctorClock::kUnconfirmed; }),
       "CLOCK THEIRS CLOCK_UNCONFIRMED", Found::kWarning},
      {"not verified there",
       with(answered(),
            [](LinkFacts& f) {
              f.reply = DoctorReplyFrame{};
              f.reply->answer = DoctorAnswer::kLevel;
              f.reply->level = DoctorLevel::kNone;
            }),
       "TRUST THEIRS NOT_VERIFIED_THERE"},
      {"introduced there",
       with(answered(),
            [](LinkFacts& f) {
              f.reply = DoctorReplyFrame{};
              f.reply->answer = DoctorAnswer::kLevel;
              f.reply->level = DoctorLevel::kIntroduced;
            }),
       "TRUST THEIRS ONLY_INTRODUCED_THERE"},
      {"suite there", replied([](DoctorReplyFrame& r) { r.sealing = DoctorSealing::kNoSuite; }),
       "POLICY THEIRS SUITE_THERE"},
      {"starting there", replied([](DoctorReplyFrame& r) { r.state = DoctorState::kStarting; }),
       "STORE THEIRS STARTING_THERE"},
      {"disk there", replied([](DoctorReplyFrame& r) { r.full = true; }),
       "STORE THEIRS DISK_LOW_THERE"},
      {"waits there", replied([](DoctorReplyFrame& r) { r.waiting = 3; }), "STORE THEIRS WAITS_THERE",
       Found::kWarning},
      {"they cannot call: name", replied([](DoctorReplyFrame& r) { r.reach = DoctorReach::kNoName; }),
       "ADDRESS THEIRS NAME_NOT_FOUND", Found::kWarning},
      {"they cannot call: firewall",
       replied([](DoctorReplyFrame& r) { r.reach = DoctorReach::kNoConnection; }),
       "ADDRESS THEIRS NO_CONNECTION", Found::kWarning},
      {"they cannot call: other program",
       replied([](DoctorReplyFrame& r) { r.reach = DoctorReach::kNoHandshake; }),
       "ADDRESS THEIRS NO_HANDSHAKE", Found::kWarning},
      {"they cannot call: key", replied([](DoctorReplyFrame& r) { r.reach = DoctorReach::kKeyRefused; }),
       "ADDRESS THEIRS KEY_REFUSED", Found::kWarning},
      {"says nothing", with(answered(), [](LinkFacts& f) { f.asked = Asked::kSilent; f.reply.reset(); }),
       "PEER THEIRS NO_ANSWER", Found::kWarning},
  });
}

// An older program, or one that was not asked, has said it of our records.
TEST(Doctor, FaultsThatBouncesTell) {
  const auto said = [](std::uint32_t why) {
    return with(well(), [&](LinkFacts& f) { f.they_say = {{why, 2}}; });
  };
  expect_alone({
      {"1", said(1), "KEY THEIRS NEED_CARD"},
      {"2", said(2), "TRUST THEIRS NOT_VERIFIED_THERE"},
      {"3", said(3), "CLOCK THEIRS NEED_CLOCK"},
      {"4", said(4), "POLICY THEIRS OLDER_PROGRAM"},
      {"5", said(5), "STORE THEIRS NOT_STORED"},
  });
  LinkFacts asked = answered();
  asked.they_say = {{2, 2}};
  EXPECT_TRUE(is_well(walk_link(asked))) << "what it answers now is newer";
}

TEST(Doctor, WhatFollowsFromAFaultIsNotNamed) {
  LinkFacts f = down(DialWhy::kNoConnection, ProbeOutcome::kRefused);
  f.rows_late = f.rows_held = f.trust.sendings = 5;
  const auto steps = walk_link(f);
  EXPECT_EQ(all_of(steps, Found::kFailed), (Names{"CONNECTION OURS REFUSED"}));
  EXPECT_EQ(all_of(steps, Found::kWarning), Names{});
  const auto is = [&](Walk step) {
    for (const Step& each : steps)
      if (each.step == step) return each.found;
    return Found::kFailed;
  };
  EXPECT_EQ(is(Walk::kAddress), Found::kOk);
  EXPECT_EQ(is(Walk::kKey), Found::kNotReached);
  EXPECT_EQ(is(Walk::kClock), Found::kNotReached);
  EXPECT_EQ(is(Walk::kTrust), Found::kOk) << "what is known here is said";
}

TEST(Doctor, OfSeveralFaultsTheFirstIsTheOneToBeginWith) {
  LinkFacts f = down(DialWhy::kNoName, ProbeOutcome::kNoName);
  f.trust.suspended = store::Suspension::kOperator;
  f.node.disk_low = true;
  const auto steps = walk_link(f);
  ASSERT_NE(first_failing(steps), nullptr);
  EXPECT_EQ(named(*first_failing(steps)), "ADDRESS OURS NAME_NOT_FOUND");
  EXPECT_EQ(all_of(steps, Found::kFailed),
            (Names{"ADDRESS OURS NAME_NOT_FOUND", "TRUST OURS SUSPENDED", "STORE OURS DISK_LOW"}));
}

TEST(Doctor, WhereNoLinkIsAllowedNothingIsSaidOfTheWay) {
  LinkFacts f = down(DialWhy::kNoName, ProbeOutcome::kNoName);
  f.probes.clear();
  f.may_link = false;
  f.trust.revoked = revoked("all");
  EXPECT_EQ(all_of(walk_link(f), Found::kFailed), (Names{"KEY OURS CARD_REVOKED"}));
}

TEST(Doctor, OfSeveralEndpointsTheBestCounts) {
  LinkFacts f = down(DialWhy::kRefusedKey, ProbeOutcome::kFocal);
  f.endpoints.push_back("tcp://old.example:1");
  f.probes.insert(f.probes.begin(), {"tcp://old.example:1", "", ProbeOutcome::kNoName});
  EXPECT_EQ(all_of(walk_link(f), Found::kFailed), (Names{"KEY OURS REFUSED_BY_PEER"}));
}

TEST(Doctor, WithoutALookTheNetworkProcessIsBelieved) {
  const std::vector<std::pair<DialWhy, const char*>> table{
      {DialWhy::kNoName, "ADDRESS OURS NAME_NOT_FOUND"},
      {DialWhy::kNameServer, "ADDRESS OURS NAME_SERVER"},
      {DialWhy::kNoConnection, "CONNECTION OURS NOT_REACHED"},
      {DialWhy::kHandshake, "CONNECTION OURS NO_HANDSHAKE"},
      {DialWhy::kPutOff, "CONNECTION OURS PUT_OFF"},
      {DialWhy::kRefusedKey, "KEY OURS REFUSED_BY_PEER"},
      {DialWhy::kEnded, "CONNECTION OURS NEXT_ATTEMPT"},
      {DialWhy::kOther, "CONNECTION OURS NOT_REACHED"},
  };
  for (const auto& [why, expected] : table) {
    LinkFacts f = down(why, ProbeOutcome::kFailed);
    f.probes.clear();
    EXPECT_EQ(all_of(walk_link(f), Found::kFailed), Names{expected}) << static_cast<int>(why);
  }
}

TEST(Doctor, WhetherAndWhatTheOtherEndWasAsked) {
  const auto peer_of = [](LinkFacts f, Asked asked) {
    f.asked = asked;
    for (const Step& step : walk_link(f))
      if (step.step == Walk::kPeer) return std::string(found_name(step.found)) + " " + step.code;
    return std::string("no step");
  };
  EXPECT_EQ(peer_of(well(), Asked::kNo), "NOT_ASKED ");
  EXPECT_EQ(peer_of(well(), Asked::kNoLink), "NOT_REACHED ");
  EXPECT_EQ(peer_of(well(), Asked::kTooOld), "NOT_ASKED TOO_OLD");
  EXPECT_EQ(peer_of(well(), Asked::kTooOften), "NOT_ASKED TOO_OFTEN");
  LinkFacts declined = answered();
  declined.reply = DoctorReplyFrame{};
  EXPECT_EQ(peer_of(declined, Asked::kAnswered), "NOT_ASKED DECLINED");
  EXPECT_TRUE(is_well(walk_link(declined))) << "who does not answer has not failed";
}

TEST(Doctor, TheNodeAlone) {
  EXPECT_TRUE(all_of(walk_node(own()), Found::kFailed).empty());
  EXPECT_TRUE(all_of(walk_node(own()), Found::kWarning).empty());
  struct Row {
    std::function<void(NodeFacts&)> change;
    const char* named;
    Found found;
  };
  const std::vector<Row> rows{
      {[](NodeFacts& n) { n.gate_state = "DOWN"; }, "NODE OURS GATE_DOWN", Found::kFailed},
      {[](NodeFacts& n) { n.run_state = exchange::RunState::kRolledBack; n.run_words = "w"; n.run_next = "n"; },
       "NODE OURS ROLLED_BACK", Found::kFailed},
      {[](NodeFacts& n) { n.card_expires_ms = kNowMs - 1; }, "KEY OURS OWN_CARD_EXPIRED", Found::kFailed},
      {[](NodeFacts& n) { n.card_expires_ms = kNowMs + 89 * kDayMs; }, "KEY OURS OWN_CARD_EXPIRES",
       Found::kWarning},
      {[](NodeFacts& n) { n.seal_until_ms = kNowMs + 20 * kDayMs; }, "KEY OURS OWN_SEALING_KEYS_END",
       Found::kWarning},
      {[](NodeFacts& n) { n.clock = ClockState::kAhead; n.clock_words = "w"; }, "CLOCK OURS OWN_CLOCK",
       Found::kFailed},
      {[](NodeFacts& n) { n.clock = ClockState::kUnconfirmed; n.clock_words = "w"; },
       "CLOCK OURS OWN_CLOCK_UNCONFIRMED", Found::kWarning},
      {[](NodeFacts& n) { n.verified = 0; }, "TRUST OURS NOBODY_VERIFIED", Found::kWarning},
      {[](NodeFacts& n) { n.disk_low = true; }, "STORE OURS DISK_LOW", Found::kFailed},
      {[](NodeFacts& n) { n.copies = {{"BACKUP_LATE", "There is no backup yet.", "Look."}}; },
       "STORE OURS BACKUP_LATE", Found::kWarning},
      {[](NodeFacts& n) { n.makes_backups = false; }, "STORE OURS NO_BACKUPS", Found::kWarning},
  };
  for (const Row& row : rows) {
    NodeFacts n = own();
    row.change(n);
    const auto steps = walk_node(n);
    const bool failed = row.found == Found::kFailed;
    EXPECT_EQ(all_of(steps, Found::kFailed), failed ? Names{row.named} : Names{}) << row.named;
    EXPECT_EQ(all_of(steps, Found::kWarning), failed ? Names{} : Names{row.named}) << row.named;
    for (const Step& step : steps)
      if (step.found == row.found) {
        EXPECT_FALSE(step.cure.empty()) << row.named;
      }
  }
}

TEST(Doctor, APartyIsOneLine) {
  Step line = party_line(well());
  EXPECT_EQ(line.step, Walk::kPeer);
  EXPECT_EQ(line.party, "XB");
  EXPECT_EQ(line.found, Found::kOk);
  LinkFacts f = well();
  f.trust.suspended = store::Suspension::kOperator;
  f.card_expires_ms = kNowMs + kDayMs;
  line = party_line(f);
  EXPECT_EQ(line.found, Found::kFailed) << "what fails goes before what warns";
  EXPECT_EQ(line.code, "SUSPENDED");
  EXPECT_TRUE(line.text.starts_with("TRUST: "));
  LinkFacts ours = well();
  ours.node.card_revoked = true;
  EXPECT_EQ(party_line(ours).found, Found::kOk) << "it stands in the walk of the node";
}

std::string text_of(const std::string& path) {
  std::ifstream in(test::in_tree(path));
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}
std::set<std::string> codes_in(const std::string& text, const std::string& pattern) {
  std::set<std::string> out;
  const std::regex code(pattern);
  for (std::sregex_iterator it(text.begin(), text.end(), code), end; it != end; ++it)
    out.insert((*it)[1].str());
  return out;
}

// Both ways: the codes in the sources, and those that people read about.
TEST(Doctor, EveryCodeIsExplainedInTheDocument) {
  std::string sources;
  for (const char* part : {"way", "ends", "theirs", "node"})
    sources += text_of("node/desk/doctor_" + std::string(part) + ".cc");
  std::set<std::string> codes = codes_in(sources, R"re("([A-Z][A-Z_]+)")re");
  for (const char* state : {"DOWN", "RUNNING"}) codes.erase(state);
  const std::string copies = text_of("node/desk/run_state.cc");
  for (const std::string& code : codes_in(copies, R"re(push_back\(\{"([A-Z_]+)")re")) codes.insert(code);
  const std::string document = text_of("docs/operations.md");
  const auto from = document.find("## When a link does not work");
  ASSERT_NE(from, std::string::npos);
  const std::string chapter = document.substr(from, document.find("\n## ", from + 1) - from);
  const std::set<std::string> explained = codes_in(chapter, R"re(`([A-Z]+_[A-Z_]+|[A-Z]{4,})`)re");
  ASSERT_GE(codes.size(), 50u);
  EXPECT_EQ(codes, explained);
}

TEST(Doctor, OneOfOurOwnFaultsHidesNoneOfTheWay) {
  LinkFacts f = down(DialWhy::kHandshake, ProbeOutcome::kSilent);
  f.node.card_expires_ms = kNowMs - 1;
  EXPECT_EQ(all_of(walk_link(f), Found::kFailed),
            (Names{"CONNECTION OURS SILENT", "KEY OURS OWN_CARD_EXPIRED"}));
}

}  // namespace
}  // namespace focal::desk
