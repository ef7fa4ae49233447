// The follow-up of a request: the same case put to the next State. Made ready here, sent as any
// request is. Called on the node's loop thread, inside Node::perform().
#pragma once

#include "node/desk/views.h"

namespace focal::desk {

// kNotFound, kUsage: no such case. kCase: not a request of ours, or it has not arrived. kInvalid,
// with the path: no State can be told from the answer, or more than one ("to"); it is ourselves
// or the party of this case ("to"); no weapon of that number, or none for which the answer points
// there ("items"). What only stands against sending it now is said in the answer (why_not).
Status prepare_follow_up(node::Node& node, const v1::TraceFollowRequest& request, const Now& now,
                         v1::TraceFollowResponse* out);

// The States that can be asked next, as commands ready to type.
void fill_follow_ups(node::Node& node, const node::OpenedCase& opened, v1::TraceShowResponse* out);

}  // namespace focal::desk
