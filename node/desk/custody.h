// The card of this node as its custodian sees it: how long it lasts, what is under way,
// what to do next. Used by the node's routes and by the command line without a node.
#pragma once

#include "node/node/own_card.h"
#include "proto/custody.pb.h"

namespace focal::desk {

namespace v1 = focal::api::v1;

inline constexpr std::int64_t kWarnDays[] = {90, 30, 7};

// Days, urgency, warning and steps; pending may be empty.
void fill_custody(const exchange::Card& card, const std::optional<node::PendingCard>& pending,
                  const Now& now, v1::CardCustodyResponse* out);
void fill_pending(const node::PendingCard& pending, v1::CardPending* out);
void fill_applied(const exchange::Card& card, const node::PendingCard& pending, bool restarts,
                  v1::CardApplyResponse* out);

// kUsage (act), kInvalid (date), and the errors of the two parsers.
Result<node::CardWish> read_wish(const v1::CardPrepareRequest& request);

}  // namespace focal::desk
