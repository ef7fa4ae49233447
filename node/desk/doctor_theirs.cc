// The doctor's steps at the other end: what its node answered, or what it said of single sendings.
#include "base/clock.h"
#include "node/desk/doctor_steps.h"
#include "node/desk/link_words.h"

namespace focal::desk {
namespace {

using exchange::DoctorAnswer;
using exchange::DoctorClock;
using exchange::DoctorLevel;
using exchange::DoctorReach;
using exchange::DoctorReplyFrame;
using exchange::DoctorSealing;
using exchange::DoctorState;

constexpr End kThere = End::kTheirs;

Step peer_step(const LinkFacts& f) {
  const Place party{"party", f.party};
  const Place us{"us", f.node.party};
  switch (f.asked) {
    case Asked::kNo: return not_asked(Walk::kPeer, told({}, "peer.not_asked", {party}));
    case Asked::kNoLink: return not_reached(Walk::kPeer, say("peer.no_link"), kThere);
    case Asked::kTooOld:
      return not_asked(Walk::kPeer, told("TOO_OLD", "peer.too_old", {party, us}));
    case Asked::kTooOften:
      return not_asked(Walk::kPeer, told("TOO_OFTEN", "peer.too_often", {party}));
    case Asked::kSilent:
      return warned(Walk::kPeer,
                    told("NO_ANSWER", "peer.no_answer", {party, {"id", f.asked_id}}), kThere);
    case Asked::kAnswered: break;
  }
  if (f.reply->answer == DoctorAnswer::kNone)
    return not_asked(Walk::kPeer, told("DECLINED", "peer.declined", {party, us}));
  if (f.reply->answer == DoctorAnswer::kLevel)
    return fine(Walk::kPeer, {say("peer.tells_level", {party})}, kThere);
  return fine(Walk::kPeer, {say("peer.answered", {party})}, kThere);
}

// Over the link that stands we are reached; what is told here is whether they can call us.
Step their_address(const LinkFacts& f, const DoctorReplyFrame& r) {
  const std::vector<Place> places{
      {"party", f.party},
      r.address.empty() ? Place("at", say("there.our_address")) : Place("at", r.address)};
  const auto says = [&](const char* code, const char* key) {
    Said said{code, {say(key, places), say("there.we_called")}, {say("there.look_at_ours")}};
    if (r.reach == DoctorReach::kKeyRefused) said.cure = {say("there.key_refused.do")};
    return warned(Walk::kAddress, std::move(said), kThere);
  };
  const auto well = [&](const char* key) {
    Phrases text{say(key, places)};
    if (!r.called_from.empty())
      text.push_back(say("there.called_from", {{"address", r.called_from}}));
    return fine(Walk::kAddress, std::move(text), kThere);
  };
  switch (r.reach) {
    case DoctorReach::kReached: return well("there.reached");
    case DoctorReach::kNoName: return says("NAME_NOT_FOUND", "there.name_not_found");
    case DoctorReach::kNoConnection: return says("NO_CONNECTION", "there.no_connection");
    case DoctorReach::kNoHandshake: return says("NO_HANDSHAKE", "there.no_handshake");
    case DoctorReach::kKeyRefused: return says("KEY_REFUSED", "there.key_refused");
    case DoctorReach::kWaitsForCalls: return well("there.waits_for_calls");
    case DoctorReach::kNotSaid: break;
  }
  return well("there.not_through");
}

// Their clock before ours, when they answered.
std::int64_t offset_ms(const LinkFacts& f, const DoctorReplyFrame& r) {
  return static_cast<std::int64_t>(r.now_ms) - static_cast<std::int64_t>(f.answered_ms);
}
std::uint64_t apart_ms(const LinkFacts& f, const DoctorReplyFrame& r) {
  const std::int64_t offset = offset_ms(f, r);
  return static_cast<std::uint64_t>(offset < 0 ? -offset : offset);
}

Step their_key(const LinkFacts& f, const DoctorReplyFrame& r) {
  const Place party{"party", f.party};
  if (r.card_tag != f.node.card_tag)
    return failed(Walk::kKey, told("OLD_CARD", "there.old_card",
                                   {party, {"serial", std::uint64_t{r.card_serial}},
                                    {"ours", f.node.card_serial}}),
                  kThere);
  // With clocks that differ by days every key is over, or not begun, at one of them: their_clock().
  const bool by_the_clock = r.sealing == DoctorSealing::kKeysOver && apart_ms(f, r) > kClockFailsMs;
  if (r.sealing == DoctorSealing::kNoSchedule || r.sealing == DoctorSealing::kKeysOver)
    return (by_the_clock ? warned : failed)(
        Walk::kKey,
        {"NO_SEALING_KEYS",
         {say(r.seal_serial == 0 ? "there.no_sealing_keys" : "there.sealing_keys_over", {party}),
          say("there.waits")},
         {say("there.keys_come_or_clocks")}},
        kThere);
  if (r.seal_serial != 0 && r.seal_serial < f.node.seal_serial)
    return warned(Walk::kKey, told("OLD_SCHEDULE", "there.old_schedule", {party}), kThere);
  return fine(Walk::kKey,
              {say("there.has_keys", {party, {"serial", std::uint64_t{r.card_serial}}})}, kThere);
}

Step their_clock(const LinkFacts& f, const DoctorReplyFrame& r) {
  const Place party{"party", f.party};
  const std::uint64_t size = apart_ms(f, r);
  const Phrase offset = offset_of(f.party, offset_ms(f, r));
  const Phrase believed = say("there.clock_believed", {party});
  if (r.clock == DoctorClock::kAhead || r.clock == DoctorClock::kBehind)
    return failed(Walk::kClock, {"CLOCK_WRONG",
                                 {say("there.clock_wrong", {party}), offset},
                                 {say("there.clock_wrong.do", {party})}},
                  kThere);
  if (size > kClockFailsMs)
    return failed(Walk::kClock, {"CLOCK_SKEW", {believed, offset}, {say("clock.compare")}}, kThere);
  if (r.clock == DoctorClock::kUnconfirmed)
    return warned(Walk::kClock, {"CLOCK_UNCONFIRMED",
                                 {say("there.clock_unconfirmed", {party}), offset},
                                 {say("there.clock_unconfirmed.do", {party})}},
                  kThere);
  if (size < 2 * kSecondMs) return fine(Walk::kClock, {say("there.clock_agrees", {party})}, kThere);
  return fine(Walk::kClock, {believed, offset}, kThere);
}

Step their_trust(const LinkFacts& f, DoctorLevel level) {
  const Place party{"party", f.party};
  const auto unverified = [&](const char* code, const char* key) {
    return failed(Walk::kTrust, {code,
                                 {say(key, {party})},
                                 {say("there.compare_number", {party, {"us", f.node.party}})}},
                  kThere);
  };
  switch (level) {
    case DoctorLevel::kVerified:
      return fine(Walk::kTrust, {say("there.verified", {party})}, kThere);
    case DoctorLevel::kIntroduced:
      return unverified("ONLY_INTRODUCED_THERE", "there.only_introduced");
    case DoctorLevel::kNone: return unverified("NOT_VERIFIED_THERE", "there.not_verified");
    case DoctorLevel::kNotSaid: break;
  }
  return not_asked(Walk::kTrust, {{}, {say("there.level_not_told", {party})}, {}});
}

Step their_policy(const LinkFacts& f, const DoctorReplyFrame& r) {
  if (r.sealing == DoctorSealing::kNoSuite)
    return failed(Walk::kPolicy, told("SUITE_THERE", "there.suite", {{"party", f.party}}), kThere);
  if (r.approved.empty()) return fine(Walk::kPolicy, {say("there.own_rules")}, kThere);
  return fine(Walk::kPolicy, {say("there.approved", {{"kinds", list_of(r.approved)}})}, kThere);
}

Step their_store(const LinkFacts& f, const DoctorReplyFrame& r) {
  const Place party{"party", f.party};
  if (r.state == DoctorState::kStarting)
    return failed(Walk::kStore, told("STARTING_THERE", "there.starting", {party}), kThere);
  if (r.full) return failed(Walk::kStore, told("DISK_LOW_THERE", "there.disk_low", {party}), kThere);
  if (r.waiting != 0)
    return warned(Walk::kStore,
                  told("WAITS_THERE", "there.waiting",
                       {party, {"count", std::uint64_t{r.waiting}}, {"us", f.node.party}}),
                  kThere);
  return fine(Walk::kStore, {say("there.takes_records", {party})}, kThere);
}

// Without a whole answer: what bounces told.
Step by_bounce(const LinkFacts& f, std::uint32_t why, std::size_t n) {
  const Place party{"party", f.party};
  const auto said = [&](const char* code, const std::string& key) {
    return Said{code,
                {say("bounce.said", {party, {"count", n}, {"text", say(key)}})},
                {say(key + ".do", {party})}};
  };
  switch (why) {
    case 1: return failed(Walk::kKey, said("NEED_CARD", "bounce.need_card"), kThere);
    case 2: return their_trust(f, DoctorLevel::kNone);
    case 3: return failed(Walk::kClock, said("NEED_CLOCK", "bounce.need_clock"), kThere);
    case 4: return failed(Walk::kPolicy, said("OLDER_PROGRAM", "bounce.older_program"), kThere);
    default: return failed(Walk::kStore, said("NOT_STORED", "bounce.not_stored"), kThere);
  }
}

}  // namespace

std::vector<Step> their_steps(const LinkFacts& f) {
  std::vector<Step> out{peer_step(f)};
  const bool answered = f.asked == Asked::kAnswered && f.reply;
  if (answered && f.reply->answer == DoctorAnswer::kWhole) {
    const DoctorReplyFrame& r = *f.reply;
    for (Step& step : std::vector<Step>{their_address(f, r), their_key(f, r), their_clock(f, r),
                                        their_trust(f, r.level), their_policy(f, r),
                                        their_store(f, r)})
      out.push_back(std::move(step));
    return out;
  }
  const bool level_told = answered && f.reply->answer == DoctorAnswer::kLevel;
  if (level_told) out.push_back(their_trust(f, f.reply->level));
  for (const auto& [why, n] : f.they_say)
    if (why != 2 || !level_told) out.push_back(by_bounce(f, why, n));
  return out;
}

}  // namespace focal::desk
