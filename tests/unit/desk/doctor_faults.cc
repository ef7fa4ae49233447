// The faults that tests put into a link, one at a time, and the step that names each. Written by
// hand; doctor_test.cc looks at what is named, doctor_words_test.cc at the words.
#include "tests/unit/desk/doctor_faults.h"

namespace focal::desk {

std::vector<Fault> faults_of_the_way() {
  return {
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
  };
}

std::vector<Fault> faults_of_the_keys() {
  return {
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
  };
}

std::vector<Fault> faults_of_clock_and_trust() {
  return {
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
  };
}

std::vector<Fault> faults_of_policy_and_store() {
  return {
      {"suite",
       with(well(),
            [](LinkFacts& f) {
              f.suite_trouble = "XB has no suite that this node takes";
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
  };
}

std::vector<Fault> faults_told_there() {
  return {
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
  };
}

std::vector<Fault> faults_of_bounces() {
  const auto said = [](std::uint32_t why) {
    return with(well(), [&](LinkFacts& f) { f.they_say = {{why, 2}}; });
  };
  return {
      {"1", said(1), "KEY THEIRS NEED_CARD"},
      {"2", said(2), "TRUST THEIRS NOT_VERIFIED_THERE"},
      {"3", said(3), "CLOCK THEIRS NEED_CLOCK"},
      {"4", said(4), "POLICY THEIRS OLDER_PROGRAM"},
      {"5", said(5), "STORE THEIRS NOT_STORED"},
  };
}

std::vector<NodeFault> faults_of_the_node() {
  return {
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
      {[](NodeFacts& n) {
         n.copies = {{"ANCHOR_BESIDE",
                      {say("copy.anchor_beside")},
                      {say("copy.anchor_beside.do")}}};
       },
       "STORE OURS ANCHOR_BESIDE", Found::kWarning},
      {[](NodeFacts& n) { n.makes_backups = false; }, "STORE OURS NO_BACKUPS", Found::kWarning},
  };
}

}  // namespace focal::desk
