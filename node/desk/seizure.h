// A seizure list becomes tracing requests (docs/seizure_lists.md). PREVIEW says what would happen
// to every row and names the plan; SEND does exactly the plan that was shown, all of it in one
// group or nothing.
//
// The list is read and the records are built on the caller's thread; the loop is asked in short
// turns: who can be written to, what was asked before (a few weapons a turn), and at last the
// release.
#pragma once

#include <functional>

#include "base/clock.h"
#include "base/result.h"
#include "node/desk/acting.h"
#include "node/node/node.h"

namespace focal::api::v1 {
class TraceImportRequest;
class TraceImportResponse;
}  // namespace focal::api::v1

namespace focal::desk {

namespace v1 = focal::api::v1;

inline constexpr std::size_t kListWeapons = 5000;    // rows of one list
inline constexpr std::size_t kListBytes = 2u << 20;  // of its text
inline constexpr std::size_t kWeaponsOfARequest = 200;
inline constexpr std::size_t kRequestBytes = 200u
                                             << 10;  // of one request: the record's limit is 240
inline constexpr std::size_t kPlanBytes = 8u << 20;  // of all requests: one group of the node

// Node::perform(), or in a test something that runs both functions at once.
using OnLoop = std::function<Status(std::function<Status(const Now&)> act,
                                    std::function<void(const Now&)> after)>;

// kInvalid, kLimit: the text (path: row or line), a column (columns[i]), a route; SEND with bad
// rows and without accept_valid. kRecord: the part around the weapons, path of the field. kUsage:
// SEND without columns or plan. kState: SEND of a plan that would be another one now. kTrust,
// kNotFound, kNoSpace: a party can no longer be written to; nothing was released.
// kAwaitsRelease: a second officer has to release it; nothing was released, and it is stored.
Result<v1::TraceImportResponse> import_list(node::Node& node, const OnLoop& on_loop,
                                            const v1::TraceImportRequest& request, By& by);

}  // namespace focal::desk
