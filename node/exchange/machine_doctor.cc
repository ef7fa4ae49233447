// Questions about a link and what this node answers (docs/protocol.md, "Questions about a link"):
// of this link alone, nothing of third parties, cases or persons.
#include <algorithm>

#include "base/log.h"
#include "node/exchange/machine.h"
#include "node/exchange/suite_choice.h"

namespace focal::exchange {
namespace {

// No more than a BOUNCE tells: whether a suspension or a missing comparison is the reason is
// nobody else's to know.
DoctorLevel level_of(const Standing& standing) {
  if (standing.suspended || standing.revoked) return DoctorLevel::kNone;
  switch (standing.level) {
    case TrustLevel::kVerified: return DoctorLevel::kVerified;
    case TrustLevel::kIntroduced: return DoctorLevel::kIntroduced;
    default: return DoctorLevel::kNone;
  }
}

DoctorClock clock_of(ClockState state) {
  switch (state) {
    case ClockState::kAgreed: return DoctorClock::kAgreed;
    case ClockState::kAlone: return DoctorClock::kAlone;
    case ClockState::kAhead: return DoctorClock::kAhead;
    case ClockState::kBehind: return DoctorClock::kBehind;
    case ClockState::kUnconfirmed: return DoctorClock::kUnconfirmed;
  }
  return DoctorClock::kNotSaid;
}

DoctorSealing sealing_to(const Peer& peer, unsigned min_suite, const Now& now) {
  if (!peer.schedule) return DoctorSealing::kNoSchedule;
  const auto suite = choose_suite(peer.card, min_suite);
  if (!suite) return DoctorSealing::kNoSuite;
  return peer.key_for(now.wall_ms, lead_ms(Path::kDirect), (*suite)->id) == nullptr
             ? DoctorSealing::kKeysOver
             : DoctorSealing::kPossible;
}

std::string_view words_of(DoctorAnswer answer) {
  switch (answer) {
    case DoctorAnswer::kWhole: return "whole";
    case DoctorAnswer::kLevel: return "level alone";
    case DoctorAnswer::kNone: return "none";
  }
  return "none";
}

}  // namespace

bool Machine::answers_questions(const std::string& party) {
  const Session* session = session_of(party);
  return session != nullptr && (settings_.caps & session->peer_caps() & kCapDoctor) != 0;
}

Result<std::string> Machine::ask_link(const Now& now, const std::string& party) {
  Session* session = session_of(party);
  if (session == nullptr)
    return fail(ErrorCode::kUnavailable, "there is no connection to " + party + " to ask over");
  if (!answers_questions(party))
    return fail(ErrorCode::kState, "the program of " + party + " knows no questions about links",
                "Ask them by telephone what 'focal peer show' says there.");
  FOCAL_ASSIGN(const std::string id, doctor_.ask(party, now, rng_));
  log::info("exchange", "asked a party about our link", {{"party", party}, {"id", id}});
  emit(session->link(), DoctorFrame{id});
  return id;
}

void Machine::on_doctor(const Now& now, Session& session, const DoctorFrame& asked) {
  if ((settings_.caps & session.peer_caps() & kCapDoctor) == 0)
    return bye(session, ByeCode::kBadFrame, "unknown frame type");
  if (guard_.state() == RunState::kRolledBack)
    return bye(session, ByeCode::kStopped, "this node signs nothing at present");
  const std::string& party = session.party();
  if (!doctor_.may_answer(party, now)) return;
  const DoctorReplyFrame reply = answer_about(now, party, asked.id);
  log::info("exchange", "a party asked about our link",
            {{"party", party}, {"id", asked.id}, {"answer", words_of(reply.answer)}});
  emit(session.link(), reply);
}

void Machine::on_doctor_reply(const Now& now, Session& session, const DoctorReplyFrame& reply) {
  if ((settings_.caps & session.peer_caps() & kCapDoctor) == 0)
    return bye(session, ByeCode::kBadFrame, "unknown frame type");
  // What nobody asked for is as if it never came.
  static_cast<void>(doctor_.take(session.party(), reply, now));
}

DoctorReplyFrame Machine::answer_about(const Now& now, const std::string& party,
                                       const std::string& id) {
  DoctorReplyFrame out;
  out.id = id;
  const Peer* peer = peers_.find(party);
  if (!settings_.answer_doctor || peer == nullptr) return out;
  out.level = level_of(peer->standing);
  out.answer = DoctorAnswer::kLevel;
  if (out.level != DoctorLevel::kVerified) return out;
  out.answer = DoctorAnswer::kWhole;
  const LinkOutside outside = outside_ ? outside_(party) : LinkOutside{};
  const bool reached = std::any_of(sessions_.begin(), sessions_.end(), [&](const auto& entry) {
    return entry.second.party() == party && entry.second.is_up() && entry.second.dialed();
  });
  const bool dials = peer->schedule && peer->schedule->reach == Reach::kDirect &&
                     !peer->schedule->endpoints.empty();
  out.reach = reached  ? DoctorReach::kReached
              : !dials ? DoctorReach::kWaitsForCalls
                       : outside.reach;
  if (dials)
    out.address =
        outside.address.empty() ? peer->schedule->endpoints.front() : outside.address;
  out.called_from = outside.called_from.substr(0, kMaxCalledFrom);
  out.card_serial = peer->card.serial;
  out.card_tag = card_tag(peer->card.card_id);
  out.seal_serial = peer->schedule ? peer->schedule->serial : 0;
  out.sealing = sealing_to(*peer, settings_.min_suite, now);
  out.now_ms = now.wall_ms;
  out.clock = clock_of(safe_clock_.read(now).state);
  out.state = guard_.may_sign() ? DoctorState::kRunning : DoctorState::kStarting;
  out.full = !accepts_records_;
  out.waiting = static_cast<std::uint32_t>(waiting_.count_of(party));
  for (const std::string& kind : settings_.approved_kinds)
    if (out.approved.size() < kMaxDoctorKinds) out.approved.push_back(kind);
  return out;
}

}  // namespace focal::exchange
