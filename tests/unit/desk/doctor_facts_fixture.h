// Test help: the facts of a link that works, and faults that are put into it one at a time.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/clock.h"
#include "node/desk/doctor.h"

namespace focal::desk {

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

inline constexpr std::uint64_t kNowMs = 1'795'428'000'000;  // 2026-11-23T10:00:00Z
inline constexpr char kAt[] = "tcp://xb.example:7117";

inline NodeFacts own() {
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

inline LinkFacts well() {
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

inline DoctorReplyFrame good_reply() {
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

inline LinkFacts answered() {
  LinkFacts f = well();
  f.asked = Asked::kAnswered;
  f.asked_id = "ABCD2345";
  f.reply = good_reply();
  f.answered_ms = kNowMs;
  return f;
}

// The link is down, and this is what the network process and a look just now said.
inline LinkFacts down(DialWhy why, ProbeOutcome outcome) {
  LinkFacts f = well();
  f.link = {};
  f.reached_at.clear();
  f.trouble = node::DialTrouble{kAt, why, "why", kNowMs + kMinuteMs};
  f.probes = {{kAt, outcome <= ProbeOutcome::kNoName ? "" : "198.51.100.7:7117", outcome}};
  return f;
}

// "KEY OURS CARD_EXPIRED"
inline std::string named(const Step& step) {
  return std::string(walk_name(step.step)) + " " + std::string(end_name(step.where)) + " " + step.code;
}
inline std::vector<std::string> all_of(const std::vector<Step>& steps, Found found) {
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
inline LinkFacts with(LinkFacts facts, Change change) {
  change(facts);
  return facts;
}
template <typename Change>
inline LinkFacts replied(Change change) {
  LinkFacts f = answered();
  change(*f.reply);
  return f;
}
inline RevokedFacts revoked(std::string_view scope) {
  RevokedFacts out;
  out.serial = 1;
  out.since_ms = kNowMs - kDayMs;
  out.scope = scope;
  return out;
}
inline LinkFacts said_bye(ByeCode code, bool by_us = false) {
  LinkFacts f = down(DialWhy::kEnded, ProbeOutcome::kFocal);
  f.link.hello_wall_ms = kNowMs - kMinuteMs;
  (by_us ? f.link.bye_out : f.link.bye_in) = static_cast<std::uint32_t>(code);
  f.link.trouble = "we ended the link to XB: CREDIT, DATA beyond its credit";
  return f;
}

inline void expect_alone(const std::vector<Fault>& faults) {
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

}  // namespace focal::desk
