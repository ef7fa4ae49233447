// Sendings: the list, and giving one up. Called on the node's loop thread, inside Node::perform().
#pragma once

#include "node/desk/acting.h"
#include "node/desk/views.h"

namespace focal::desk {

inline constexpr std::size_t kSendingsSearched = 10'000;  // of the newest, for --all

// kInvalid: no such state.
Status list_outbox(node::Node& node, const v1::OutboxListRequest& request, const Now& now,
                   v1::OutboxListResponse* out);

// Ends an open sending; who and why stand in its reason and in a leaf ADMIN. kNotFound, kState.
Status cancel_sending(node::Node& node, const v1::OutboxCancelRequest& request,
                      const By& by);

}  // namespace focal::desk
