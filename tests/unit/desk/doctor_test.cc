// Goal: every fault of a link is named at its step, at its end, with what to do about it, and nothing
// is named when all is well or because something before it failed. Method: the facts of a link that
// works, one fault put in at a time; the tables below were written by hand.
#include "tests/unit/desk/doctor_facts_fixture.h"


namespace focal::desk {
namespace {

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

}  // namespace
}  // namespace focal::desk
