// The next card of this node, for its custodian.
#include "node/desk/custody.h"
#include "node/desk/desk.h"
#include "node/desk/operators.h"
#include "node/desk/views.h"

namespace focal::desk {

Result<v1::CardCustodyResponse> Desk::card_custody(const v1::CardCustodyRequest&) {
  v1::CardCustodyResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    FOCAL_ASSIGN(const auto pending, node_.next_card());
    fill_custody(node_.core().self().card, pending, now, &out);
    const auto cards = node_.ledger().own_cards();
    for (auto row = cards.rbegin(); row != cards.rend(); ++row) {
      FOCAL_ASSIGN(const auto card, exchange::parse_card(row->note));
      if (card.card_id != node_.core().self().card.card_id)
        fill_card(card, std::nullopt, out.add_earlier());
    }
    out.set_revocations(static_cast<std::uint32_t>(node_.ledger().own_revocations().size()));
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::CardPrepareResponse> Desk::card_prepare(const v1::CardPrepareRequest& request) {
  FOCAL_ASSIGN(const node::CardWish wish, read_wish(request));
  v1::CardPrepareResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    FOCAL_ASSIGN(const auto pending, node_.prepare_next_card(wish, now));
    fill_pending(pending, out.mutable_pending());
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::CardCancelResponse> Desk::card_cancel(const v1::CardCancelRequest&) {
  v1::CardCancelResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    FOCAL_ASSIGN(const auto pending, node_.next_card());
    FOCAL_TRY(node_.cancel_next_card());
    if (pending) out.set_serial(static_cast<std::uint32_t>(pending->request.next.serial));
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::CardApplyResponse> Desk::card_apply(const v1::CardApplyRequest& request,
                                               const Caller& caller) {
  v1::CardApplyResponse out;
  if (auto done = node_.perform(
          [&](const Now& now) -> Status {
            FOCAL_ASSIGN(const auto pending, node_.next_card());
            FOCAL_ASSIGN(const auto card,
                         node_.apply_next_card(request.card(),
                                               "card applied by " + operator_name(caller), now));
            fill_applied(card, *pending, true, &out);
            return {};
          },
          [&](const Now&) { node_.restart_soon(); });
      !done)
    return done.error();
  return out;
}

Result<v1::CardRevokeResponse> Desk::card_revoke(const v1::CardRevokeRequest& request,
                                                 const Caller& caller) {
  FOCAL_ASSIGN(const auto revocation, exchange::parse_revocation(request.note()));
  v1::CardRevokeResponse out;
  if (auto done = node_.perform(
          [&](const Now&) -> Status {
            const exchange::Card& card = node_.core().self().card;
            FOCAL_TRY(exchange::check_revocation_of(revocation, card));
            if (revocation.card_id == card.card_id && !request.in_force())
              return fail(ErrorCode::kState, "this revokes the card in force",
                          "Put a new card in force first ('focal card replace-keys'); or give "
                          "--in-force, and nobody exchanges anything with this node until then.");
            FOCAL_ASSIGN(const std::uint64_t serial,
                         node_.publish_revocation(revocation, "revocation published by " +
                                                                  operator_name(caller)));
            out.set_serial(static_cast<std::uint32_t>(serial));
            out.set_scope(std::string(exchange::scope_name(revocation.scope)));
            return {};
          },
          [&](const Now&) { node_.revocation_published(revocation.note); });
      !done)
    return done.error();
  return out;
}

}  // namespace focal::desk
