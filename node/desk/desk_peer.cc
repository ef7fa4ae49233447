// First contact, trust and links.
#include "node/desk/desk.h"
#include "node/desk/peer_decisions.h"
#include "node/desk/peer_trust.h"
#include "node/desk/release.h"
#include "node/desk/views.h"
#include "node/desk/writing.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/safety_number.h"
#include "proto/record.pb.h"
#include "proto/trust.pb.h"

namespace focal::desk {
namespace {

constexpr std::string_view kPingKind = "peer.ping";

}  // namespace

Result<v1::PeersResponse> Desk::peer_list(const v1::PeerListRequest&) {
  v1::PeersResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    for (const auto& [party, peer] : node_.core().peers().all()) {
      fill_peer(node_, peer, now, out.add_peers());
      fill_trust(node_, peer, now, out.add_trust());
    }
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::PeerAddResponse> Desk::peer_add(const v1::PeerAddRequest& request,
                                           const Caller& caller) {
  By by = acting(caller, "peer_add");
  return add_peer(request, by);
}

Result<v1::PeerAddResponse> Desk::add_peer(const v1::PeerAddRequest& request, By& by) {
  v1::PeerAddResponse out;
  auto intro = exchange::parse_intro(request.bundle());
  if (!intro) return intro.error();
  const std::string party = intro->card.party;
  if (!request.party().empty() && request.party() != party)
    return fail(ErrorCode::kInvalid, "the file is the card of " + party + ", not of " +
                request.party().substr(0, 40), "Ask for the right file.", "bundle");
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        out.set_already_known(book_of(node_).find(party) != nullptr);
        const auto change = change_by_hand(book_of(node_), intro->card);
        Status added = by.may_change(kKeyChangeRule,
                                    change ? std::vector{*change} : std::vector<By::Change>{}, now);
        if (added && by.second) {  // all of what was looked at, or nothing
          const auto tried = book_of(node_).trial().add(*intro, actor_text(by.actor),
                                                        book_time(node_, now));
          if (!tried) added = tried.error();
        }
        if (added) {
          const exchange::TrustBook::Writing writing(book_of(node_), leaf_text_of(by));
          const auto taken =
              book_of(node_).add(*intro, actor_text(by.actor), book_time(node_, now));
          if (!taken) added = taken.error();
        }
        return conclude(node_, by, request, added, {}, now);
      },
      [&](const Now& now) {
        if (by.held != 0) return;
        const exchange::Peer& peer = *node_.core().peers().find(party);
        fill_peer(node_, peer, now, out.mutable_peer());
        out.set_safety_number(exchange::format_safety_number(safety_number_of(node_, peer)));
      }); !done)
    return done.error();
  FOCAL_TRY(told_if_held(by));
  return out;
}

Result<v1::PeerDetailsResponse> Desk::peer_show(const v1::PeerDetailsRequest& request) {
  v1::PeerDetailsResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    FOCAL_ASSIGN(const auto* peer, find_peer(node_, request.party()));
    fill_peer(node_, *peer, now, out.mutable_peer());
    out.set_safety_number(exchange::format_safety_number(safety_number_of(node_, *peer)));
    out.set_card_text(peer->row.card_note);
    out.set_schedule_text(peer->row.schedule_note);
    out.set_our_party(node_.core().self().party());
    const auto& own = node_.core().self().card;
    out.set_fingerprint_code(exchange::fingerprint_code(own.party, own.root));
    fill_trust(node_, *peer, now, out.mutable_trust());
    if (request.proof()) fill_proof(node_, *peer, &out);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::PeerVerifyResponse> Desk::peer_verify(const v1::PeerVerifyRequest& request,
                                                 const Caller& caller) {
  v1::PeerVerifyResponse out;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        return verify_peer(node_, request, acting(caller, "peer_verify"), now);
      },
      [&](const Now& now) {
        fill_peer(node_, *node_.core().peers().find(request.party()), now, out.mutable_peer());
      }); !done)
    return done.error();
  return out;
}

Result<v1::PeerPingResponse> Desk::peer_ping(const v1::PeerPingRequest& request,
                                             const Caller& caller) {
  v1::PeerPingResponse out;
  const By by = acting(caller, "peer_ping");
  store::RecordRef ref;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        FOCAL_TRY(may_pass(node_, kPingKind, request.party(), now));
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
        draft.detail = by.detail();
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
