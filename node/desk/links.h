// The same weapon in two cases: found live through the search index, offered with score and
// reason, and confirmed or dismissed by a person. Called on the node's loop thread, inside
// Node::perform().
#pragma once

#include "base/caller.h"
#include "node/desk/threads.h"
#include "node/desk/views.h"

namespace focal::desk {

// Up to so many weapons of a case, and readings of their numbers, all tiers are looked for whenever
// it is shown, beyond either equal numbers only: each reading is compared with all the node holds.
inline constexpr std::size_t kMaxThoroughLinks = 5;
inline constexpr std::size_t kMaxThoroughReadings = 20;
inline constexpr std::size_t kMaxLinks = 50;         // shown of one case
inline constexpr std::size_t kMaxLinkReason = 1000;  // bytes

// Other cases with a weapon of this one, without the threads of the same case. Those that
// somebody found to be different are counted only, unless `all`.
void fill_links(node::Node& node, const node::OpenedCase& opened, const Threads& threads, bool all,
                v1::TraceShowResponse* out);

// Keeps a person's decision: leaf ADMIN, the newest of a pair stands. kNotFound, kUsage: no such
// case. kInvalid: the verdict, one case twice, or no reason.
Status decide_link(node::Node& node, const v1::TraceLinkRequest& request, const Caller& caller);
// The decision as it stands, after its commit.
void show_decision(node::Node& node, const v1::TraceLinkRequest& request, const Now& now,
                   v1::TraceLinkResponse* out);

}  // namespace focal::desk
