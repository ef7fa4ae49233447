#include "node/desk/pair.h"

#include "base/check.h"
#include "node/desk/operators.h"
#include "node/desk/peer_decisions.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/safety_number.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

constexpr std::size_t kMaxReason = 400;

exchange::PairBook& pairs_of(node::Node& node) { return node.core().self().pairs; }

// Who may hold a pair secret with us: whoever is pinned and not revoked.
Result<const exchange::Peer*> partner(node::Node& node, const std::string& party) {
  FOCAL_ASSIGN(const auto* peer, find_peer(node, party));
  if (peer->standing.revoked)
    return fail(ErrorCode::kTrust, party + " is revoked",
                "Wait for its new card; then meet again.", "party");
  return peer;
}

// What their code says besides its secret, compared once more where trust is decided.
v1::PeerVerifyRequest trust_request(const exchange::CeremonyCode& code) {
  v1::PeerVerifyRequest out;
  out.set_party(code.party);
  out.set_how("IN_PERSON");
  out.set_number(exchange::fingerprint_code(code.party, code.root));
  return out;
}

const char* state_text(const std::string& state, bool renewed) {
  if (state == "NONE")
    return "no pair secret: what is recorded today could be read by whoever has a large quantum "
           "computer one day. To close that, meet in person ('focal peer meet').";
  if (state == "UNCONFIRMED")
    return "made at the meeting, not confirmed by them yet: used as soon as their confirm arrives.";
  return renewed ? "everything to them is sealed with the pair secret; a newer one waits for "
                   "their confirm."
                 : "everything to them is sealed with the pair secret: what is recorded today "
                   "stays closed even to a quantum computer.";
}

std::string utc_of_mono(std::uint64_t mono_ms, const Now& now) {
  return mono_ms == 0 ? "" : time_text(now.wall_ms + (mono_ms - now.mono_ms));
}

focal::v1::Record confirm_record(const crypto::Secret& tag) {
  focal::v1::Record record;
  auto* header = record.mutable_header();
  header->set_from_desk("NPC");
  header->set_subject("Pair secret");
  header->set_language("en");
  header->set_priority("ROUTINE");
  record.mutable_peer_psk_confirm()->set_tag(std::string(as_text(tag.view())));
  return record;
}

}  // namespace

Status show_pair(node::Node& node, const std::string& party, const Now& now, v1::PairInfo* out) {
  FOCAL_ASSIGN(const auto* peer, find_peer(node, party));
  const exchange::PairStanding standing = pairs_of(node).standing(peer->row.party);
  out->set_party(party);
  const bool confirmed = standing.made_ms != 0;
  out->set_state(confirmed ? "CONFIRMED" : standing.unconfirmed_ms != 0 ? "UNCONFIRMED" : "NONE");
  out->set_state_text(state_text(out->state(), standing.unconfirmed_ms != 0));
  out->set_made_at(time_text(confirmed ? standing.made_ms : standing.unconfirmed_ms));
  out->set_confirmed_at(time_text(standing.confirmed_ms));
  if (confirmed) out->set_unconfirmed_at(time_text(standing.unconfirmed_ms));
  out->set_meeting_until(utc_of_mono(pairs_of(node).ceremony_ends_mono_ms(party), now));
  const exchange::LinkState link = node.core().machine().link_state(party);
  out->set_sent_with(link.psk_sent);
  out->set_sent_without(link.base_sent);
  out->set_opened_with(link.psk_opened);
  out->set_opened_without(link.base_opened);
  std::uint32_t waiting = 0;
  node.core().machine().outbox().for_each([&](const exchange::OutboxEntry& entry) {
    if (entry.row.peer == party && entry.row.state == store::OutboxState::kWaitPsk) ++waiting;
  });
  out->set_waiting(waiting);
  return {};
}

Status begin_meeting(node::Node& node, const v1::PairBeginRequest& request, const Now& now,
                     v1::PairBeginResponse* out) {
  FOCAL_TRY(partner(node, request.party()));
  crypto::SystemRng rng;
  FOCAL_ASSIGN(const crypto::Secret* c,
               pairs_of(node).begin_ceremony(request.party(), rng, now.mono_ms));
  const auto& card = node.core().self().card;
  out->set_party(request.party());
  out->set_our_party(card.party);
  out->set_code(std::string(
      as_text(exchange::ceremony_code(card.party, card.root, *c).view())));
  out->set_until(utc_of_mono(pairs_of(node).ceremony_ends_mono_ms(request.party()), now));
  return {};
}

Status stop_meeting(node::Node& node, const v1::PairStopRequest& request,
                    v1::PairStopResponse* out) {
  FOCAL_TRY(find_peer(node, request.party()));
  out->set_stopped(pairs_of(node).ceremony(request.party()) != nullptr);
  pairs_of(node).end_ceremony(request.party());
  return {};
}

Status finish_meeting(node::Node& node, const v1::PairFinishRequest& request,
                      const Caller& caller, const Now& now, store::RecordRef* sent) {
  const std::string& party = request.party();
  FOCAL_ASSIGN(const auto* peer, partner(node, party));
  FOCAL_ASSIGN(const auto code, exchange::parse_ceremony_code(request.code()));
  FOCAL_TRY(exchange::check_code_names(code, party, peer->card.root));
  if (code.c.empty())
    return fail(ErrorCode::kInvalid, "the code is a fingerprint only: it makes no pair secret",
                "Let them run 'focal peer meet', and take the code it shows; or verify with "
                "'focal peer verify " + party + " --code'.", "code");
  pairs_of(node).end_old_ceremonies(now.mono_ms);
  const crypto::Secret* own = pairs_of(node).ceremony(party);
  if (own == nullptr)
    return fail(ErrorCode::kState, "no meeting with " + party + " is under way at this node",
                "Show them your own code first: 'focal peer meet " + party +
                    "'. After 30 minutes it is wiped; then both begin anew.", "party");
  if (own->equals(code.c.view()))
    return fail(ErrorCode::kInvalid, "the code carries the secret of our own code",
                "Take the code from their screen, not from ours.", "code");
  FOCAL_TRY(verify_peer(node, trust_request(code), caller, now));
  const auto& card = node.core().self().card;
  const Hash32 n = exchange::pair_hash(exchange::root_fingerprint(card.party, card.root),
                                       exchange::root_fingerprint(party, peer->card.root));
  const crypto::Secret psk = exchange::pair_secret(*own, code.c, n);
  exchange::Draft draft;
  draft.to = {party};
  draft.kind = std::string(exchange::kConfirmKind);
  draft.body = to_bytes(
      confirm_record(node.core().machine().pair_made(now, party, psk)).SerializeAsString());
  draft.lane = 0;
  FOCAL_CHECK(record::parse_checked(draft.body, draft.kind, card.party, draft.to).has_value());
  *sent = node.core().machine().submit(now, std::move(draft));
  return {};
}

void meeting_finished(node::Node& node, const v1::PairFinishRequest& request,
                      const store::RecordRef& sent, const Now& now, v1::PairFinishResponse* out) {
  const std::string& party = request.party();
  pairs_of(node).end_ceremony(party);
  if (const auto info = node.core().view().find(sent)) out->set_outbox_id(outbox_id(info->batch, party));
  out->set_level(std::string(exchange::standing_name(node.core().peers().find(party)->standing)));
  static_cast<void>(show_pair(node, party, now, out->mutable_pair()));
}

Status drop_pair(node::Node& node, const v1::PairDropRequest& request, const Caller& caller) {
  FOCAL_ASSIGN(const auto* peer, find_peer(node, request.party()));
  if (request.reason().empty() || request.reason().size() > kMaxReason)
    return fail(ErrorCode::kInvalid, "say why, in at most 400 bytes", "Use --reason TEXT.",
                "reason");
  if (!pairs_of(node).drop(request.party()))
    return fail(ErrorCode::kState, "there is no pair secret with " + request.party(), {}, "party");
  node.core().write(store::PutAdmin{peer->card.card_id,
                                    "PAIR SECRET with " + request.party() + " dropped by " +
                                        operator_name(caller) + ": " + request.reason()});
  return {};
}

v1::CardCodeResponse card_code(node::Node& node) {
  const auto& card = node.core().self().card;
  v1::CardCodeResponse out;
  out.set_party(card.party);
  out.set_code(exchange::fingerprint_code(card.party, card.root));
  return out;
}

}  // namespace focal::desk
