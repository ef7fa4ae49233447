// What people ask and decide about time and sealing keys, on the node's loop thread.
#pragma once

#include <optional>

#include "base/caller.h"
#include "node/node/node.h"

namespace focal::api::v1 {
class ClockShowResponse;
class ClockConfirmRequest;
class KeysShowResponse;
class KeysReplaceRequest;
}  // namespace focal::api::v1

namespace focal::desk {

namespace v1 = focal::api::v1;

void show_clock(node::Node& node, const Now& now, v1::ClockShowResponse* out);
// For `focal status`: a sentence if somebody has to do something about the clock.
std::optional<std::string> clock_warning(node::Node& node, const Now& now);

// The first half of a confirmation: checks, and writes the leaf. kInvalid: no reason.
// kState: there is nothing to confirm, or the peers know better. The second half, after the
// commit, is Machine::confirm_clock.
Status confirm_clock(node::Node& node, const v1::ClockConfirmRequest& request,
                     const Caller& caller, const Now& now);

void show_keys(node::Node& node, v1::KeysShowResponse* out);
// Node::replace_seal_keys, for that reason.
Status replace_keys(node::Node& node, const v1::KeysReplaceRequest& request, const Caller& caller,
                    const Now& now);

}  // namespace focal::desk
