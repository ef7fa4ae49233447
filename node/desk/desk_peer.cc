// First contact, trust and links.
#include "base/check.h"
#include "node/desk/desk.h"
#include "node/desk/views.h"
#include "node/exchange/intro.h"
#include "node/exchange/safety_number.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

constexpr std::size_t kMaxPeers = 256;
constexpr std::string_view kPingKind = "peer.ping";

bool is_how(const std::string& how) {
  return how == "PHONE" || how == "IN_PERSON" || how == "NOTE_VERBALE";
}

std::string number_of(node::Node& node, const exchange::Peer& peer) {
  const auto& own = node.core().self().card;
  return exchange::safety_number(own.party, own.root, peer.card.party, peer.card.root);
}

// May this card be pinned: a stranger's, or a valid successor of the pinned one.
Status may_pin(node::Node& node, const exchange::Card& card, const exchange::Peer* known) {
  if (card.party == node.core().self().party())
    return fail(ErrorCode::kInvalid, "this is the card of this node itself",
                "Add the file that the other focal point exported.", "bundle");
  if (known == nullptr && node.core().peers().all().size() >= kMaxPeers)
    return fail(ErrorCode::kLimit, "this node knows 256 parties already");
  FOCAL_TRY(exchange::check_keys_unpinned(card, node.core().peers().pinned_keys()));
  if (const auto owner = exchange::transport_key_owner(card, node.core().peers().pinned_keys());
      owner && *owner != card.party)
    return fail(ErrorCode::kCardKey, "its transport key is the one of " + *owner,
                "Call both focal points: one of the two cards is a copy.", "bundle");
  if (known == nullptr) return {};
  const auto verdict = exchange::check_successor(known->card, card);
  if (verdict == exchange::Succession::kSame || verdict == exchange::Succession::kUpdate) return {};
  return fail(ErrorCode::kCardChain,
              "a card of " + card.party + " is pinned and this one does not replace it: " +
                  std::string(exchange::describe(verdict)),
              "Call them before anything else; a pinned root is never replaced by a file.",
              "bundle");
}

store::PeerRow row_for(const exchange::Introduction& intro, const exchange::Peer* known,
                       const Now& now) {
  store::PeerRow row;
  if (known != nullptr) row = known->row;
  if (known != nullptr && known->card.card_id != intro.card.card_id)
    row.old_cards.insert(row.old_cards.begin(), known->row.card_note);
  row.party = intro.card.party;
  row.card_note = intro.card.note;
  if (known == nullptr) row.added_ms = now.wall_ms;
  // Schedules are compared under one sign key; a card with another one starts anew.
  const bool same_key =
      known != nullptr && known->schedule && known->schedule->sign == intro.card.sign;
  if (!same_key) row.schedule_note.clear();
  if (intro.schedule && (!same_key || known->schedule->serial < intro.schedule->serial))
    row.schedule_note = intro.schedule->note;
  return row;
}

}  // namespace

Result<v1::PeerListResponse> Desk::peer_list(const v1::PeerListRequest&) {
  v1::PeerListResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    for (const auto& [party, peer] : node_.core().peers().all())
      fill_peer(node_, peer, out.add_peers());
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::PeerAddResponse> Desk::peer_add(const v1::PeerAddRequest& request) {
  v1::PeerAddResponse out;
  auto intro = exchange::parse_intro(request.bundle());
  if (!intro) return intro.error();
  const std::string party = intro->card.party;
  if (!request.party().empty() && request.party() != party)
    return fail(ErrorCode::kInvalid, "the file is the card of " + party + ", not of " +
                request.party().substr(0, 40), "Ask for the right file.", "bundle");
  store::PeerRow row;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        const exchange::Peer* known = node_.core().peers().find(party);
        FOCAL_TRY(may_pin(node_, intro->card, known));
        out.set_already_known(known != nullptr);
        row = row_for(*intro, known, now);
        node_.core().write(store::PutPeer{row, intro->card.card_id});
        return {};
      },
      [&](const Now& now) {
        FOCAL_CHECK(node_.core().peers().put(row).has_value());  // its notes were checked
        node_.core().machine().peer_changed(now, party);
        node_.links_changed();
        const exchange::Peer& peer = *node_.core().peers().find(party);
        fill_peer(node_, peer, out.mutable_peer());
        out.set_safety_number(exchange::format_safety_number(number_of(node_, peer)));
      }); !done)
    return done.error();
  return out;
}

Result<v1::PeerShowResponse> Desk::peer_show(const v1::PeerShowRequest& request) {
  v1::PeerShowResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    FOCAL_ASSIGN(const auto* peer, find_peer(node_, request.party()));
    fill_peer(node_, *peer, out.mutable_peer());
    out.set_safety_number(exchange::format_safety_number(number_of(node_, *peer)));
    out.set_card_text(peer->row.card_note);
    out.set_schedule_text(peer->row.schedule_note);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::PeerVerifyResponse> Desk::peer_verify(const v1::PeerVerifyRequest& request) {
  v1::PeerVerifyResponse out;
  if (!is_how(request.how()))
    return fail(ErrorCode::kInvalid, "say how the number was compared",
                "Use --how phone, --how in-person or --how note-verbale.", "how");
  store::PeerRow row;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        FOCAL_ASSIGN(const auto* peer, find_peer(node_, request.party()));
        FOCAL_TRY(exchange::check_safety_number(number_of(node_, *peer), request.number()));
        row = peer->row;
        row.level = store::PeerLevel::kVerified;
        row.verified_ms = now.wall_ms;
        row.verified_how = request.how();
        node_.core().write(store::SetTrust{row.party, peer->card.card_id, row.level, row.suspended,
                                           request.how(), "verified " + request.how()});
        return {};
      },
      [&](const Now& now) {
        FOCAL_CHECK(node_.core().peers().put(row).has_value());  // its notes were checked
        node_.core().machine().peer_changed(now, row.party);
        fill_peer(node_, *node_.core().peers().find(row.party), out.mutable_peer());
      }); !done)
    return done.error();
  return out;
}

Result<v1::PeerPingResponse> Desk::peer_ping(const v1::PeerPingRequest& request) {
  v1::PeerPingResponse out;
  store::RecordRef ref;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        FOCAL_ASSIGN(const auto* peer, find_peer(node_, request.party()));
        if (!exchange::allows(kPingKind, peer->standing))
          return fail(ErrorCode::kTrust, request.party() + " is not verified yet",
                      "Compare the safety number: 'focal peer verify " + request.party() + "'.",
                      "party");
        focal::v1::Record record;
        auto* header = record.mutable_header();
        header->set_from_desk("NPC");
        header->set_subject("Test record");
        header->set_language("en");
        header->set_priority("ROUTINE");
        record.mutable_peer_ping()->set_text("ping of " + format_utc(now.wall_ms));
        exchange::Draft draft;
        draft.to = {request.party()};
        draft.kind = kPingKind;
        draft.body = to_bytes(record.SerializeAsString());
        draft.lane = 0;
        const auto checked = record::parse_checked(draft.body, draft.kind,
                                                   node_.core().self().party(), draft.to);
        if (!checked) return checked.error().as_error();
        ref = node_.core().machine().submit(now, std::move(draft));
        out.set_sent_at(time_text(now.wall_ms));
        return {};
      },
      [&](const Now&) {
        const auto info = node_.core().view().find(ref);
        if (info) out.set_outbox_id(outbox_id(info->batch, request.party()));
      }); !done)
    return done.error();
  out.set_party(request.party());
  out.set_rid(hex(ref.rid));
  out.set_state("READY");
  out.set_state_text("stored here, waiting to be sent");
  return out;
}

}  // namespace focal::desk
