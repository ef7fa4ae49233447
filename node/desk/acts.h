// The acts of a tracing case as they happen on the node's loop thread: each checks
// everything that can be checked here and hands one record to the machine. Desk puts
// them inside Node::perform(). They see what the group under way has already released
// or taken in, so two acts of one group cannot contradict each other.
#pragma once

#include <string>

#include "node/desk/acting.h"
#include "node/desk/clocks.h"
#include "node/desk/views.h"

namespace focal::desk {

// A record that was released; it is stored when the group is committed.
struct Released {
  store::RecordRef ref;
  store::RecordRef root;  // names the case
  std::string party;
  std::string kind;
  DueBasis due;  // of a request
};

// kNotFound: party or case. kTrust: the party may not be written to. kRecord: a rule of the
// schema, path of the field. kUsage: a record of another kind, or a whole record beside its
// fields. kExists: the reference is that of another thread of the case. kInvalid: it does not
// fit the case (act_guards.h). kCase: the case does not allow it now, the hint says what it
// allows; or it would have no effect. kAwaitsRelease: everything is right, but a second officer
// has to release it (node/desk/release.h); nothing is released.
Result<Released> release_request(node::Node& node, const v1::TraceOpenRequest& request,
                                 const Now& now, By& by);
// The same up to the sending: what would happen. Nothing is released.
Status preview_request(node::Node& node, const v1::TraceOpenRequest& request, const Now& now,
                       v1::TraceOpenResponse* out);
// request: any of the acts' messages of proto/api.proto, from TraceAckRequest to
// TraceReopenRequest.
Result<Released> release_act(node::Node& node, const google::protobuf::Message& request,
                             const Now& now, By& by);
// By nobody in particular, without a second officer.
inline Result<Released> release_request(node::Node& node, const v1::TraceOpenRequest& request,
                                        const Now& now) {
  By nobody;
  return release_request(node, request, now, nobody);
}
inline Result<Released> release_act(node::Node& node, const google::protobuf::Message& request,
                                    const Now& now) {
  By nobody;
  return release_act(node, request, now, nobody);
}

// The case and the sending of a released record, after its commit.
void show_released(node::Node& node, const Released& released, const Now& now, v1::TraceCase* trace,
                   std::string* outbox_id);

}  // namespace focal::desk
