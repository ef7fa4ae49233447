// Goal: every fault of a link is named at its step, at its end, with what to do about it, and nothing
// is named when all is well or because something before it failed. Method: the facts of a link that
// works, one fault put in at a time; the tables below were written by hand.
#include "node/desk/doctor.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <regex>
#include <set>
#include <sstream>

#include "base/clock.h"
#include "tests/support/paths.h"

namespace focal::desk {
namespace {

using exchange::ByeCode;
using exchange::ClockState;
using exchange::DoctorAnswer;
using exchange::DoctorClock;
using exchange::DoctorLevel;
using exchange::DoctorReach;
using exchange::DoctorReplyFrame;
using exchange::DoctorSealing;
using exchange::DoctorState;
using gate::DialWhy;
using gate::ProbeOutcome;

constexpr std::uint64_t kNowMs = 1'795'428'000'000;  // 2026-11-23T10:00:00Z
constexpr char kAt[] = "tcp://xb.example:7117";

NodeFacts own() {
  NodeFacts n;
  n.now_ms = kNowMs;
  n.party = "XA";
  n.gate_state = "RUNNING";
  n.listen = "tcp://0.0.0.0:7117";
  n.card_serial = 2;
  n.card_tag = {2, 2};
  n.card_expires_ms = kNowMs + 400 * kDayMs;
  n.seal_serial = 17;
  n.seal_until_ms = kNowMs + 60 * kDayMs;
  n.clock = ClockState::kAgreed;
  n.makes_backups = true;
  n.verified = 3;
  return n;
}

LinkFacts well() {
  LinkFacts f;
  f.node = own();
  f.party = "XB";
  f.has_schedule = true;
  f.endpoints = {kAt};
  f.probes = {{kAt, "198.51.100.7:7117", ProbeOutcome::kFocal}};
  f.reached_at = kAt;
  f.link.up = f.link.dialed = true;
  f.link.hello_wall_ms = f.link.last_heard_wall_ms = kNowMs - kMinuteMs;
  f.trust.party = "XB";
  f.trust.level = store::PeerLevel::kVerified;
  f.trust.verified_ms = kNowMs - 30 * kDayMs;
  f.trust.verified_how = "PHONE";
  f.card_serial = 1;
  f.card_expires_ms = kNowMs + 200 * kDayMs;
  f.last_receipt_ms = kNowMs - kHourMs;
  return f;
}

DoctorReplyFrame good_reply() {
  DoctorReplyFrame r;
  r.answer = DoctorAnswer::kWhole;
  r.level = DoctorLevel::kVerified;
  r.reach = DoctorReach::kReached;
  r.address = "tcp://xa.example:7117";
  r.card_serial = 2;
  r.card_tag = {2, 2};
  r.seal_serial = 17;
  r.sealing = DoctorSealing::kPossible;
  r.now_ms = kNowMs;
  r.clock = DoctorClock::kAgreed;
  r.state = DoctorState::kRunning;
  return r;
}

LinkFacts answered() {
  LinkFacts f = well();
  f.asked = Asked::kAnswered;
  f.asked_id = "ABCD2345";
  f.reply = good_reply();
  f.answered_ms = kNowMs;
  return f;
}

// The link is down, and this is what the network process and a look just now said.
LinkFacts down(DialWhy why, ProbeOutcome outcome) {
  LinkFacts f = well();
  f.link = {};
  f.reached_at.clear();
  f.trouble = node::DialTrouble{kAt, why, "why", kNowMs + kMinuteMs};
  f.probes = {{kAt, outcome <= ProbeOutcome::kNoName ? "" : "198.51.100.7:7117", outcome}};
  return f;
}

// "KEY OURS CARD_EXPIRED"
std::string named(const Step& step) {
  return std::string(walk_name(step.step)) + " " + std::string(end_name(step.where)) + " " + step.code;
}
std::vector<std::string> all_of(const std::vector<Step>& steps, Found found) {
  std::vector<std::string> out;
  for (const Step& step : steps)
    if (step.found == found) out.push_back(named(step));
  return out;
}
using Names = std::vector<std::string>;

struct Fault {
  const char* what;
  LinkFacts facts;
  const char* named;              // alone
  Found found = Found::kFailed;
};
template <typename Change>
LinkFacts with(LinkFacts facts, Change change) {
  change(facts);
  return facts;
}
template <typename Change>
LinkFacts replied(Change change) {
  LinkFacts f = answered();
  change(*f.reply);
  return f;
}
RevokedFacts revoked(std::string_view scope) {
  RevokedFacts out;
  out.serial = 1;
  out.since_ms = kNowMs - kDayMs;
  out.scope = scope;
  return out;
}
LinkFacts said_bye(ByeCode code, bool by_us = false) {
  LinkFacts f = down(DialWhy::kEnded, ProbeOutcome::kFocal);
  f.link.hello_wall_ms = kNowMs - kMinuteMs;
  (by_us ? f.link.bye_out : f.link.bye_in) = static_cast<std::uint32_t>(code);
  f.link.trouble = "we ended the link to XB: CREDIT, DATA beyond its credit";
  return f;
}

void expect_alone(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    const auto steps = walk_link(fault.facts);
    const bool failed = fault.found == Found::kFailed;
    EXPECT_EQ(all_of(steps, Found::kFailed), failed ? Names{fault.named} : Names{}) << fault.what;
    EXPECT_EQ(all_of(steps, Found::kWarning), failed ? Names{} : Names{fault.named}) << fault.what;
    EXPECT_EQ(is_well(steps), !failed) << fault.what;
    for (const Step& step : steps) {
      EXPECT_FALSE(step.text.empty()) << fault.what << ": " << named(step);
      if (step.found == fault.found) {
        EXPECT_FALSE(step.cure.empty()) << fault.what << ": no cure";
      }
      if (step.found == Found::kOk) {
        EXPECT_EQ(step.code, "") << fault.what;
      }
    }
  }
}

TEST(Doctor, NothingIsNamedWhenAllIsWell) {
  for (const LinkFacts& facts : {well(), answered()}) {
    const auto steps = walk_link(facts);
    EXPECT_TRUE(is_well(steps));
    EXPECT_EQ(first_failing(steps), nullptr);
    for (const Step& step : steps)
      EXPECT_TRUE(step.found == Found::kOk || step.found == Found::kNotAsked) << named(step);
  }
}

TEST(Doctor, TheWalkHasItsOrderAtBothEnds) {
  Names ours, theirs;
  for (const Step& step : walk_link(answered()))
    (step.where == End::kOurs ? ours : theirs).push_back(std::string(walk_name(step.step)));
  EXPECT_EQ(ours, (Names{"NODE", "ADDRESS", "CONNECTION", "KEY", "CLOCK", "TRUST", "POLICY", "STORE"}));
  EXPECT_EQ(theirs, (Names{"PEER", "ADDRESS", "KEY", "CLOCK", "TRUST", "POLICY", "STORE"}));
}

TEST(Doctor, FaultsOfTheWay) {
  expect_alone({
      {"name unknown", down(DialWhy::kNoName, ProbeOutcome::kNoName), "ADDRESS OURS NAME_NOT_FOUND"},
      {"name server", down(DialWhy::kNameServer, ProbeOutcome::kNameServer), "ADDRESS OURS NAME_SERVER"},
      {"no route", down(DialWhy::kNoConnection, ProbeOutcome::kNoRoute), "CONNECTION OURS NO_ROUTE"},
      {"dropped", down(DialWhy::kNoConnection, ProbeOutcome::kNoAnswer), "CONNECTION OURS NO_ANSWER"},
      {"wrong port", down(DialWhy::kNoConnection, ProbeOutcome::kRefused), "CONNECTION OURS REFUSED"},
      {"process stopped",
       with(down(DialWhy::kNoConnection, ProbeOutcome::kRefused),
            [](LinkFacts& f) { f.reached_at = kAt; }),
       "CONNECTION OURS PEER_GONE"},
      {"wrong port, though another one was right",
       with(down(DialWhy::kNoConnection, ProbeOutcome::kRefused),
            [](LinkFacts& f) { f.reached_at = "tcp://xb.example:7118"; }),
       "CONNECTION OURS REFUSED"},
      {"shut down",
       with(down(DialWhy::kNoConnection, ProbeOutcome::kRefused),
            [](LinkFacts& f) { f.link.bye_in = 7; }),
       "CONNECTION OURS PEER_SHUT_DOWN"},
      {"firewall", down(DialWhy::kHandshake, ProbeOutcome::kSilent), "CONNECTION OURS SILENT"},
      {"other program", down(DialWhy::kHandshake, ProbeOutcome::kOther), "CONNECTION OURS OTHER_PROGRAM"},
      {"put off", down(DialWhy::kPutOff, ProbeOutcome::kFocal), "CONNECTION OURS PUT_OFF"},
      {"works again", down(DialWhy::kNoConnection, ProbeOutcome::kFocal), "CONNECTION OURS NEXT_ATTEMPT"},
      {"stopped", said_bye(ByeCode::kStopped), "CONNECTION OURS PEER_STOPPED"},
      {"version", said_bye(ByeCode::kVersion), "CONNECTION OURS VERSION"},
      {"version, by us", said_bye(ByeCode::kVersion, true), "CONNECTION OURS VERSION"},
      {"protocol", said_bye(ByeCode::kSeq), "CONNECTION OURS PROTOCOL"},
      {"protocol, by us", said_bye(ByeCode::kCredit, true), "CONNECTION OURS PROTOCOL"},
      {"other party", said_bye(ByeCode::kParty, true), "KEY OURS OTHER_PARTY"},
      {"other key", down(DialWhy::kHandshake, ProbeOutcome::kFocal), "KEY OURS OTHER_KEY"},
      {"not pinned there", down(DialWhy::kRefusedKey, ProbeOutcome::kFocal), "KEY OURS REFUSED_BY_PEER"},
      {"no address",
       with(down(DialWhy::kOther, ProbeOutcome::kFailed),
            [](LinkFacts& f) {
              f.endpoints.clear();
              f.probes.clear();
              f.trouble.reset();
            }),
       "ADDRESS OURS NO_ENDPOINT"},
      {"does not call",
       with(down(DialWhy::kOther, ProbeOutcome::kFailed),
            [](LinkFacts& f) {
              f.only_calls = true;
              f.endpoints.clear();
              f.probes.clear();
              f.trouble.reset();
            }),
       "CONNECTION OURS NO_CALL"},
      {"one way only",
       with(well(), [](LinkFacts& f) { f.probes.front().outcome = ProbeOutcome::kNoAnswer; }),
       "CONNECTION OURS NO_ANSWER", Found::kWarning},
      {"their name, while they call",
       with(well(), [](LinkFacts& f) { f.probes.front().outcome = ProbeOutcome::kNoName; }),
       "ADDRESS OURS NAME_NOT_FOUND", Found::kWarning},
  });
}

TEST(Doctor, FaultsOfTheKeys) {
  expect_alone({
      {"card expired",
       with(well(), [](LinkFacts& f) { f.trust.card_expired_ms = f.card_expires_ms = kNowMs - 1; }),
       "KEY OURS CARD_EXPIRED"},
      {"card revoked",
       with(well(),
            [](LinkFacts& f) {
              f.trust.revoked = revoked("all");
              f.may_link = false;
              f.link = {};
              f.probes.clear();
            }),
       "KEY OURS CARD_REVOKED"},
      {"transport key revoked",
       with(well(),
            [](LinkFacts& f) {
              f.trust.keys_revoked = {revoked("transport")};
              f.may_link = false;
              f.link = {};
              f.probes.clear();
            }),
       "KEY OURS KEY_REVOKED"},
      {"sign key revoked",
       with(well(), [](LinkFacts& f) { f.trust.keys_revoked = {revoked("sign")}; }),
       "KEY OURS KEY_REVOKED"},
      {"copied key",
       with(well(),
            [](LinkFacts& f) {
              f.may_link = false;
              f.shares_key_with = "XC";
              f.link = {};
              f.probes.clear();
            }),
       "KEY OURS SHARED_KEY"},
      {"no schedule", with(well(), [](LinkFacts& f) { f.has_schedule = false; }),
       "KEY OURS NO_SEALING_KEYS"},
      {"schedule of no use", with(well(), [](LinkFacts& f) { f.schedule_trouble = "other sign key"; }),
       "KEY OURS SCHEDULE_UNUSABLE"},
      {"keys over", with(well(), [](LinkFacts& f) { f.keys_over = true; }),
       "KEY OURS SEALING_KEYS_OVER"},
      {"pair secret lost", with(well(), [](LinkFacts& f) { f.link.psk_unknown_ms = kNowMs; }),
       "KEY OURS PAIR_SECRET_UNKNOWN"},
      {"own card expired", with(well(), [](LinkFacts& f) { f.node.card_expires_ms = kNowMs; }),
       "KEY OURS OWN_CARD_EXPIRED"},
      {"own card revoked", with(well(), [](LinkFacts& f) { f.node.card_revoked = true; }),
       "KEY OURS OWN_CARD_REVOKED"},
      {"own keys over", with(well(), [](LinkFacts& f) { f.node.seal_until_ms = kNowMs; }),
       "KEY OURS OWN_SEALING_KEYS_OVER"},
      {"another card", with(well(), [](LinkFacts& f) { f.link.other_card = true; }),
       "KEY OURS OTHER_CARD", Found::kWarning},
      {"expires soon", with(well(), [](LinkFacts& f) { f.card_expires_ms = kNowMs + kDayMs; }),
       "KEY OURS CARD_EXPIRES", Found::kWarning},
  });
}

TEST(Doctor, FaultsOfClockTrustPolicyAndStore) {
  expect_alone({
      {"two days ahead", with(well(), [](LinkFacts& f) { f.link.clock_skew_ms = 2 * kDayMs; }),
       "CLOCK OURS CLOCK_SKEW"},
      {"two days behind",
       with(well(),
            [](LinkFacts& f) {
              f.link.clock_skew_ms = -2 * static_cast<std::int64_t>(kDayMs);
              f.node.clock = ClockState::kAlone;
            }),
       "CLOCK OURS CLOCK_SKEW"},
      {"ours is wrong",
       with(well(),
            [](LinkFacts& f) {
              f.link.clock_skew_ms = 2 * kDayMs;
              f.node.clock = ClockState::kBehind;
              f.node.clock_words = "This machine's clock is behind.";
            }),
       "CLOCK OURS OWN_CLOCK"},
      {"an hour off", with(well(), [](LinkFacts& f) { f.link.clock_skew_ms = kHourMs; }),
       "CLOCK OURS CLOCK_OFF", Found::kWarning},
      {"ours unconfirmed",
       with(well(),
            [](LinkFacts& f) {
              f.node.clock = ClockState::kUnconfirmed;
              f.node.clock_words = "It jumped.";
            }),
       "CLOCK OURS OWN_CLOCK_UNCONFIRMED", Found::kWarning},
      {"suspended here",
       with(well(), [](LinkFacts& f) { f.trust.suspended = store::Suspension::kOperator; }),
       "TRUST OURS SUSPENDED"},
      {"not verified here", with(well(), [](LinkFacts& f) { f.trust.level = store::PeerLevel::kNone; }),
       "TRUST OURS NOT_VERIFIED"},
      {"introduced", with(well(), [](LinkFacts& f) { f.trust.level = store::PeerLevel::kIntroduced; }),
       "TRUST OURS ONLY_INTRODUCED"},
      {"card on hold", with(well(), [](LinkFacts& f) { f.trust.held = {HoldFacts{}}; }),
       "TRUST OURS CARD_ON_HOLD", Found::kWarning},
      {"new card", with(well(), [](LinkFacts& f) { f.trust.new_cards = {NewCardFacts{}}; }),
       "TRUST OURS NEW_CARD", Found::kWarning},
      {"new root",
       with(well(),
            [](LinkFacts& f) {
              f.trust.root_changed_ms = kNowMs;
              f.trust.new_cards = {NewCardFacts{}};
            }),
       "TRUST OURS ROOT_CHANGED", Found::kWarning},
      {"suite",
       with(well(),
            [](LinkFacts& f) {
              f.suite_trouble = "XB has no suite that this node takes";
              f.suite_cure = "Ask XB to bring its program up to date.";
            }),
       "POLICY OURS SUITE"},
      {"newer program",
       with(well(), [](LinkFacts& f) { f.waiting = {{store::WaitReason::kVersion, 1}}; }),
       "POLICY OURS NEWER_PROGRAM", Found::kWarning},
      {"disk", with(well(), [](LinkFacts& f) { f.node.disk_low = true; }), "STORE OURS DISK_LOW"},
      {"set aside",
       with(well(), [](LinkFacts& f) { f.waiting = {{store::WaitReason::kInternal, 1}}; }),
       "STORE OURS SET_ASIDE"},
      {"held",
       with(well(),
            [](LinkFacts& f) {
              f.rows_held = 1;
              f.held_reason = "XB could not open it twice";
            }),
       "STORE OURS HELD", Found::kWarning},
      {"late", with(well(), [](LinkFacts& f) { f.rows_late = 2; }), "STORE OURS NO_RECEIPT",
       Found::kWarning},
      {"refused", with(well(), [](LinkFacts& f) { f.refused_there = {{"LABEL", 2}}; }),
       "STORE OURS REFUSED_THERE", Found::kWarning},
      {"gate down", with(well(), [](LinkFacts& f) { f.node.gate_state = "DOWN"; }),
       "NODE OURS GATE_DOWN"},
      {"not listening", with(well(), [](LinkFacts& f) { f.node.gate_state = "STARTING"; }),
       "NODE OURS NOT_LISTENING"},
      {"starting",
       with(well(),
            [](LinkFacts& f) {
              f.node.run_state = exchange::RunState::kStarting;
              f.node.run_words = "It waits for its witnesses.";
              f.node.run_next = "Wait.";
            }),
       "NODE OURS STARTING"},
  });
}

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
