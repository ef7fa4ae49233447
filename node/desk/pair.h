// Meetings in person and the pair secrets that come of them, on the node's loop thread. What a meeting is: docs/operations.md, "Meeting in person".
#pragma once

#include <string>

#include "base/caller.h"
#include "node/desk/views.h"
#include "proto/pair.pb.h"

namespace focal::desk {

// kNotFound.
Status show_pair(node::Node& node, const std::string& party, const Now& now, v1::PairInfo* out);

// Our code for the meeting with that party; the same until it is over. kNotFound, kTrust
// (revoked), kLimit.
Status begin_meeting(node::Node& node, const v1::PairBeginRequest& request, const Now& now,
                     v1::PairBeginResponse* out);
Status stop_meeting(node::Node& node, const v1::PairStopRequest& request,
                    v1::PairStopResponse* out);

// Their code: party and root must be those pinned (kInvalid, kCardKey), with a secret that
// is not ours (kInvalid), while the meeting is under way (kState). Stages the pair secret,
// releases the confirm (sent) and raises trust; the second half follows the commit.
Status finish_meeting(node::Node& node, const v1::PairFinishRequest& request,
                      const Caller& caller, const Now& now, store::RecordRef* sent);
void meeting_finished(node::Node& node, const v1::PairFinishRequest& request,
                      const store::RecordRef& sent, const Now& now, v1::PairFinishResponse* out);

// kNotFound, kState (there is none), kInvalid (no reason).
Status drop_pair(node::Node& node, const v1::PairDropRequest& request, const Caller& caller);

v1::CardCodeResponse card_code(node::Node& node);  // a fingerprint, no secret

}  // namespace focal::desk
