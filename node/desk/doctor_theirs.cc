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
  const std::string& p = f.party;
  switch (f.asked) {
    case Asked::kNo:
      return not_asked(Walk::kPeer, {{}, p + " was not asked.",
                                     "'focal doctor " + p + " --ask' asks what it sees of us."});
    case Asked::kNoLink:
      return not_reached(Walk::kPeer, "There is no connection to ask over.", kThere);
    case Asked::kTooOld:
      return not_asked(Walk::kPeer, {"TOO_OLD", p + "'s program does not know such questions.",
                                     "Ask by telephone what 'focal peer show " + f.node.party +
                                         "' says there."});
    case Asked::kTooOften:
      return not_asked(Walk::kPeer, {"TOO_OFTEN", p + " was asked too often in this minute.",
                                     "Ask again in a minute."});
    case Asked::kSilent:
      return warned(Walk::kPeer, {"NO_ANSWER", "The connection stands, and no answer came in time.",
                                  "Ask again; if it stays so, call " + p + " with the id " +
                                      f.asked_id + ": its node may be too busy."},
                    kThere);
    case Asked::kAnswered: break;
  }
  if (f.reply->answer == DoctorAnswer::kNone)
    return not_asked(Walk::kPeer, {"DECLINED", p + "'s node is set to answer no such questions.",
                                   "Ask by telephone what 'focal doctor " + f.node.party +
                                       "' says there."});
  if (f.reply->answer == DoctorAnswer::kLevel)
    return fine(Walk::kPeer, p + " tells only how far it trusts us.", kThere);
  return fine(Walk::kPeer, p + " answered.", kThere);
}

// Over the link that stands we are reached; what is told here is whether they can call us.
Step their_address(const LinkFacts& f, const DoctorReplyFrame& r) {
  const std::string& p = f.party;
  const std::string at = r.address.empty() ? "our address" : r.address;
  const std::string seen =
      r.called_from.empty() ? "" : " It saw our last call come from " + r.called_from + ".";
  const auto says = [&](const char* code, const std::string& text, const std::string& cure) {
    return warned(Walk::kAddress, {code, text + " The connection stands because we called.", cure},
                  kThere);
  };
  const std::string ours = "Look at 'endpoints' in focal.toml, and at the firewall before this node.";
  switch (r.reach) {
    case DoctorReach::kReached:
      return fine(Walk::kAddress, p + " reaches us at " + at + "." + seen, kThere);
    case DoctorReach::kNoName:
      return says("NAME_NOT_FOUND", p + " finds no address for the name in " + at + ".", ours);
    case DoctorReach::kNoConnection:
      return says("NO_CONNECTION", p + " gets no connection to " + at + ".", ours);
    case DoctorReach::kNoHandshake:
      return says("NO_HANDSHAKE",
                  p + " gets a connection to " + at + ", and nothing there understands it.", ours);
    case DoctorReach::kKeyRefused:
      return says("KEY_REFUSED", "Our node did not let the key of " + p + " in at " + at + ".",
                  "'focal status' lists who was turned away, and why.");
    case DoctorReach::kWaitsForCalls:
      return fine(Walk::kAddress, p + " knows no address of ours and waits for our calls." + seen,
                  kThere);
    case DoctorReach::kNotSaid: break;
  }
  return fine(Walk::kAddress, p + " calls " + at + " and has not got through yet, or another "
                              "connection stands already." + seen, kThere);
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
  const std::string& p = f.party;
  if (r.card_tag != f.node.card_tag)
    return failed(Walk::kKey,
                  {"OLD_CARD",
                   p + " has our card " + std::to_string(r.card_serial) + " in force; ours is card " +
                       std::to_string(f.node.card_serial) + ": what we sign waits there.",
                   "Call " + p + ": our card is on hold there until an officer confirms it, or has not "
                   "come ('focal card export' here, 'focal notes add FILE' there)."},
                  kThere);
  // With clocks that differ by days every key is over, or not begun, at one of them: their_clock().
  const bool by_the_clock = r.sealing == DoctorSealing::kKeysOver && apart_ms(f, r) > kClockFailsMs;
  if (r.sealing == DoctorSealing::kNoSchedule || r.sealing == DoctorSealing::kKeysOver)
    return (by_the_clock ? warned : failed)(Walk::kKey,
                  {"NO_SEALING_KEYS",
                   p + (r.seal_serial == 0 ? " has no sealing keys of ours."
                                           : " finds all our sealing keys over.") +
                       " What it has for us waits there.",
                   "They come over the connection by themselves; if it stays so, compare the clocks."},
                  kThere);
  if (r.seal_serial != 0 && r.seal_serial < f.node.seal_serial)
    return warned(Walk::kKey, {"OLD_SCHEDULE", p + " has not taken our newest sealing keys yet.",
                               "They come over the connection by themselves."},
                  kThere);
  return fine(Walk::kKey, p + " has our card " + std::to_string(r.card_serial) +
                              " and our newest sealing keys.", kThere);
}

Step their_clock(const LinkFacts& f, const DoctorReplyFrame& r) {
  const std::string& p = f.party;
  const std::int64_t offset = offset_ms(f, r);
  const std::uint64_t size = apart_ms(f, r);
  const std::string says = "It is " + offset_words(offset) + " ours.";
  if (r.clock == DoctorClock::kAhead || r.clock == DoctorClock::kBehind)
    return failed(Walk::kClock,
                  {"CLOCK_WRONG", p + "'s node finds its own clock wrong, by what others say. " + says,
                   "Call " + p + ": its administrator has to set the clock right."},
                  kThere);
  if (size > kClockFailsMs)
    return failed(Walk::kClock,
                  {"CLOCK_SKEW", p + "'s node believes its clock. " + says,
                   "Compare both with a third clock, and set the wrong one right."},
                  kThere);
  if (r.clock == DoctorClock::kUnconfirmed)
    return warned(Walk::kClock, {"CLOCK_UNCONFIRMED",
                                 p + "'s node does not know yet whether to believe its clock. " + says,
                                 "Call " + p + ": 'focal clock confirm' there, if it is right."},
                  kThere);
  return fine(Walk::kClock, p + "'s node believes its clock" +
                                (size < 2 * kSecondMs ? std::string(", which agrees with ours.")
                                                      : ". " + says),
              kThere);
}

Step their_trust(const LinkFacts& f, DoctorLevel level) {
  const std::string& p = f.party;
  switch (level) {
    case DoctorLevel::kVerified:
      return fine(Walk::kTrust, p + " has verified us: every kind of record passes there.", kThere);
    case DoctorLevel::kIntroduced:
      return failed(Walk::kTrust,
                    {"ONLY_INTRODUCED_THERE",
                     p + " knows us by introducers alone: our tracing requests wait there.",
                     "Call " + p + " and compare the safety number; an officer there types 'focal peer "
                     "verify " + f.node.party + "'."},
                    kThere);
    case DoctorLevel::kNone:
      return failed(Walk::kTrust,
                    {"NOT_VERIFIED_THERE",
                     "Our records wait at " + p + " until an officer there trusts us: the safety number "
                     "was not compared there, or we are suspended.",
                     "Call " + p + " and compare the safety number; an officer there types 'focal peer "
                     "verify " + f.node.party + "'."},
                    kThere);
    case DoctorLevel::kNotSaid: break;
  }
  return not_asked(Walk::kTrust, {{}, p + " did not tell how far it trusts us.", {}});
}

Step their_policy(const LinkFacts& f, const DoctorReplyFrame& r) {
  if (r.sealing == DoctorSealing::kNoSuite)
    return failed(Walk::kPolicy,
                  {"SUITE_THERE",
                   f.party + "'s node asks for a newer way of sealing than our card names: nothing it has "
                   "for us leaves.",
                   "Bring this program up to date and let the custodian renew the card, or ask " +
                       f.party + " to lower 'min_suite' in its focal.toml."},
                  kThere);
  if (r.approved.empty()) return fine(Walk::kPolicy, "Every kind is taken by its own rules.", kThere);
  return fine(Walk::kPolicy, "Taken there only if a second officer of ours released it: " +
                                 and_list(r.approved) + ".",
              kThere);
}

Step their_store(const LinkFacts& f, const DoctorReplyFrame& r) {
  const std::string& p = f.party;
  if (r.state == DoctorState::kStarting)
    return failed(Walk::kStore,
                  {"STARTING_THERE",
                   p + "'s node signs nothing yet: it waits until it is sure to be the newest copy of "
                   "itself.",
                   "Call " + p + ": 'focal start show' there says what it waits for."},
                  kThere);
  if (r.full)
    return failed(Walk::kStore,
                  {"DISK_LOW_THERE", "The disk at " + p + " is nearly full: it takes no records.",
                   "Call " + p + ": its administrator has to make room."},
                  kThere);
  if (r.waiting != 0)
    return warned(Walk::kStore,
                  {"WAITS_THERE", std::to_string(r.waiting) + " of our sendings wait at " + p + ".",
                   "Ask " + p + " what 'focal peer show " + f.node.party + "' says there."},
                  kThere);
  return fine(Walk::kStore, p + " takes records, and nothing of ours waits there.", kThere);
}

// Without a whole answer: what bounces told.
Step by_bounce(const LinkFacts& f, std::uint32_t why, std::size_t n) {
  const std::string& p = f.party;
  const std::string told = p + " said of " + std::to_string(n) + (n == 1 ? " sending" : " sendings") +
                           " that it waits there: ";
  switch (why) {
    case 1:
      return failed(Walk::kKey, {"NEED_CARD", told + "our card has not reached it.",
                                 "Give " + p + " the file of 'focal card export'."},
                    kThere);
    case 2: return their_trust(f, DoctorLevel::kNone);
    case 3:
      return failed(Walk::kClock, {"NEED_CLOCK", told + "it is dated more than a day in its future.",
                                   "Compare both clocks with a third one."},
                    kThere);
    case 4:
      return failed(Walk::kPolicy, {"OLDER_PROGRAM", told + "its program is older than ours.",
                                    "Ask " + p + " to bring its program up to date."},
                    kThere);
    default:
      return failed(Walk::kStore, {"NOT_STORED", told + "it could not be stored.",
                                   "Ask " + p + " to look at its log."},
                    kThere);
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
