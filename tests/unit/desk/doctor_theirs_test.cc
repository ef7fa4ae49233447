// Goal: what the other end tells is named at its end, what follows from another fault is not named,
// and every code is explained. Method: as doctor_test.cc.
#include "tests/unit/desk/doctor_faults.h"

#include <fstream>
#include <regex>
#include <sstream>

#include "tests/support/paths.h"

namespace focal::desk {
namespace {

TEST(Doctor, FaultsThatTheOtherEndTells) { expect_alone(faults_told_there()); }

// An older program, or one that was not asked, has said it of our records.
TEST(Doctor, FaultsThatBouncesTell) {
  expect_alone(faults_of_bounces());
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
  for (const NodeFault& row : faults_of_the_node()) {
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
  EXPECT_TRUE(in_words(line.text, kEnglish).starts_with("TRUST: "));
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
