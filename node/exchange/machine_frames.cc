// What a peer says on a link: HELLO, DATA, ACK, BOUNCE, BYE. Of notes: machine_notes.cc.
#include <algorithm>

#include "base/defect.h"
#include "base/log.h"
#include "node/exchange/bounce_rules.h"
#include "node/exchange/machine.h"

namespace focal::exchange {
namespace {

std::string waiting_words(const std::string& party, std::uint32_t why) {
  switch (why) {
    case 1: return "waiting at " + party + ": our card has not reached them";
    case 2: return "waiting at " + party + ": they have not verified us yet";
    case 3: return "waiting at " + party + ": their clock and ours differ by more than a day";
    case 4: return "waiting at " + party + ": their program is older than ours";
    case 5: return "waiting at " + party + ": it could not be stored there; ask them to look at their log";
    default: return "waiting at " + party;
  }
}

// A bounce that names items acts on those items; a row is stuck only when every
// item that is still open was bounced.
bool concerns_all_open(const store::OutboxRow& row, const std::vector<std::uint32_t>& items) {
  if (items.empty()) return true;
  for (std::uint32_t i = 0; i < row.item_status.size(); ++i)
    if (row.item_status[i] == 0 && std::find(items.begin(), items.end(), i) == items.end())
      return false;
  return true;
}

}  // namespace

void Machine::frame(const Now& now, LinkId link, ByteView bytes) {
  const auto it = sessions_.find(link);
  if (it == sessions_.end()) return;  // ended by us; what was under way does not count
  Session& session = it->second;
  Contact& contact = contacts_[session.party()];
  contact.state.last_heard_wall_ms = now.wall_ms;
  contact.heard_ms = now.mono_ms;
  auto parsed = parse_frame(bytes);
  if (!parsed) return bye(session, ByeCode::kBadFrame, parsed.error().message);
  if (!session.is_up() && !std::holds_alternative<HelloFrame>(*parsed) &&
      !std::holds_alternative<ByeFrame>(*parsed))
    return bye(session, ByeCode::kBadFrame, "HELLO comes first");
  if (const auto* hello = std::get_if<HelloFrame>(&*parsed)) return on_hello(now, session, *hello);
  // What the peer grants while this node may not sign counts afterwards.
  if (const auto* ack = std::get_if<AckFrame>(&*parsed)) return on_ack(now, session, *ack);
  if (const auto* asked = std::get_if<DoctorFrame>(&*parsed)) return on_doctor(now, session, *asked);
  if (const auto* told = std::get_if<DoctorReplyFrame>(&*parsed))
    return on_doctor_reply(now, session, *told);
  if (!guard_.may_sign() && !std::holds_alternative<ByeFrame>(*parsed))
    return frame_while_stopped(session, *parsed);
  if (const auto* data = std::get_if<DataFrame>(&*parsed))
    return on_data(now, session, *data, bytes.size());
  if (const auto* notes = std::get_if<NotesFrame>(&*parsed)) return on_notes(now, session, *notes);
  if (const auto* bounces = std::get_if<BounceFrame>(&*parsed))
    return on_bounces(now, session, *bounces);
  if (const auto* want = std::get_if<NotesWantFrame>(&*parsed))
    return on_notes_want(now, session, *want);
  if (const auto* gossip = std::get_if<GossipFrame>(&*parsed))
    return on_gossip(now, session, *gossip);
  if (const auto* ckpt = std::get_if<CkptFrame>(&*parsed)) return on_ckpt(now, session, *ckpt);
  if (const auto* cosig = std::get_if<CosigFrame>(&*parsed)) return on_cosig(now, session, *cosig);
  const auto& end = std::get<ByeFrame>(*parsed);
  const std::string reason = session.party() + " ended the link: " + std::string(bye_name(end.code));
  contacts_[session.party()].state.trouble = reason;
  contacts_[session.party()].state.bye_in = end.code;
  log::info("exchange", "peer said BYE",
            {{"party", session.party()}, {"code", bye_name(end.code)}, {"text", end.text}});
  outputs_.emplace_back(CloseLink{link, reason});
  drop_session(link);
}

void Machine::send_hello(const Now& now, Session& session, bool is_reply) {
  HelloFrame hello;
  hello.is_reply = is_reply;
  hello.party = self_.party();
  hello.card_id = to_bytes(ByteView(self_.card.card_id));
  hello.stream_id = session.own_stream();
  hello.incarnation = incarnation_;
  hello.now_ms = now.wall_ms;
  hello.seal_serial = self_.schedule_serial;
  put_heads(session.party(), hello);
  hello.caps = settings_.caps;
  if ((settings_.caps & kCapWitness) != 0) witness_.put_claims(session.party(), hello);
  emit(session.link(), hello);
  session.hello_sent();
}

void Machine::bye(Session& session, ByeCode code, const std::string& text) {
  const LinkId link = session.link();
  const std::string& party = session.party();
  const std::string reason = "we ended the link to " + party + ": " +
                             std::string(bye_name(static_cast<std::uint32_t>(code))) + ", " + text;
  ++counters_.byes;
  contacts_[party].state.trouble = reason;
  contacts_[party].state.bye_out = static_cast<std::uint32_t>(code);
  log::warn("exchange", "ended a link", {{"party", party}, {"reason", reason}});
  emit(link, ByeFrame{static_cast<std::uint32_t>(code), text});
  outputs_.emplace_back(CloseLink{link, reason});
  drop_session(link);
}

void Machine::on_hello(const Now& now, Session& session, const HelloFrame& hello) {
  if (const auto code = session.on_hello(hello, now.mono_ms))
    return bye(session, *code, "HELLO refused");
  auto& state = contacts_[session.party()].state;
  state.clock_skew_ms =
      static_cast<std::int64_t>(hello.now_ms) - static_cast<std::int64_t>(now.wall_ms);
  state.hello_wall_ms = now.wall_ms;
  state.hello_mono_ms = now.mono_ms;
  state.trouble.clear();
  state.bye_in = state.bye_out = 0;
  if (tells_time(session.party())) safe_clock_.heard(session.party(), hello.now_ms, now);
  // A peer that was started anew has forgotten the receipts it had not sent yet.
  auto& incarnation = contacts_[session.party()].incarnation;
  if (incarnation && *incarnation != hello.incarnation)
    for (OutboxEntry* entry : outbox_.of_party(session.party()))
      if (entry->flight == Flight::kLinkAcked) outbox_.requeue(*entry);
  incarnation = hello.incarnation;
  const Peer* peer = peers_.find(session.party());
  state.other_card = peer != nullptr && !equal(hello.card_id, peer->card.card_id);
  if (state.other_card)
    state.trouble = session.party() + " uses a card that is not the one pinned here";
  if (!hello.is_reply) send_hello(now, session, true);
  hear_hello(session.party(), hello);
  if (!guard_.may_sign()) return answer_while_stopped(session);
  // The first credit.
  emit(session.link(), session.acknowledge(room_for(now, session, outstanding_credit())));
  on_claims(now, session, hello);
  send_notes(session);
  send_proofs(session);
  on_heads(now, session, hello);
}

// May its words move the safe time? VERIFIED, and neither suspended nor revoked.
bool Machine::tells_time(const std::string& party) const {
  const Peer* peer = peers_.find(party);
  return peer != nullptr && peer->standing.level == TrustLevel::kVerified &&
         !peer->standing.suspended && !peer->standing.revoked;
}

void Machine::on_data(const Now& now, Session& session, const DataFrame& data, std::size_t size) {
  if (const auto code = session.on_data(data, size))
    return bye(session, *code, "DATA out of sequence or beyond its credit");
  const LinkId link = session.link();
  for (const Bytes& envelope : data.envelopes) {
    receive(now, session, envelope, data.lane);
    if (!sessions_.contains(link)) return;  // the content ended the link
  }
}

void Machine::on_ack(const Now&, Session& session, const AckFrame& ack) {
  std::vector<InFlight> settled;
  if (const auto code = session.on_ack(ack, settled))
    return bye(session, *code, "ACK for what was not sent");
  for (const InFlight& done : settled) {
    if (done.batch == 0) continue;
    OutboxEntry* entry = outbox_.find(done.batch, session.party());
    if (entry != nullptr && entry->flight == Flight::kInFlight && entry->link == session.link() &&
        entry->seq == done.seq)
      outbox_.link_acked(*entry);
  }
}

void Machine::on_bounces(const Now& now, Session& session, const BounceFrame& bounces) {
  for (const BounceEntry& bounce : bounces.bounces) on_bounce(now, session.party(), bounce);
}

// A bounce is an unsigned hint: it never ends a row.
void Machine::on_bounce(const Now& now, const std::string& party, const BounceEntry& bounce) {
  ++counters_.bounces_in;
  const auto code = static_cast<BounceCode>(bounce.code);
  if (code == BounceCode::kPskUnknown && on_unread_receipts(now, party, bounce.env_id)) return;
  OutboxEntry* entry = outbox_.by_envelope(party, bounce.env_id);
  if (entry == nullptr || entry->row.state != store::OutboxState::kReady) return;
  if (code == BounceCode::kKidGone || code == BounceCode::kKidUnknown) ++entry->key_bounces;
  if (code == BounceCode::kUnopenable || code == BounceCode::kTooBig) {
    if (!concerns_all_open(entry->row, bounce.items)) return;  // the rest gets its receipts
    ++entry->unopened;
  }
  const Peer* peer = peers_.find(party);
  const bool other = peer != nullptr && peer->schedule &&
                     peer->schedule->schedule_id != entry->schedule_id;
  switch (effect_of(code, Path::kDirect, {other, entry->key_bounces, entry->unopened, entry->pair_made_ms == 0,
                                           self_.pairs.made_ms(party) != entry->pair_made_ms})) {
    case BounceEffect::kNothing: return;
    case BounceEffect::kSendAgain: return outbox_.requeue(*entry);
    case BounceEffect::kWaitSchedule:
      return set_waiting(now, *entry, store::OutboxState::kWaitSchedule, kBounceRetryMs,
                         party + " no longer has the key this was sealed to; waiting for its new keys");
    case BounceEffect::kWaitPsk:
      contacts_[party].state.psk_unknown_ms = now.wall_ms;
      return set_waiting(now, *entry, store::OutboxState::kWaitPsk, kBounceRetryMs,
                         party + " does not know the pair secret; it is tried again once a day");
    case BounceEffect::kHold:
      return set_state(*entry, store::OutboxState::kHeld,
                       party + " could not open or accept it twice; ask them to look at their log");
    case BounceEffect::kSayWaiting:
      if (planted(Defect::kBounceEndsRow)) set_state(*entry, store::OutboxState::kCancelled, "bounced");
      entry->note = waiting_words(party, bounce.why);
      entry->wait_why = bounce.why;
      return;
    case BounceEffect::kSayFull: entry->note = party + " has no room for waiting records"; return;
  }
}

}  // namespace focal::exchange
