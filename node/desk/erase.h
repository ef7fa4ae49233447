// Destroying the content of records for ever (docs/operations.md, "Retention and erasure"): of one
// record or of a whole case, on somebody's authority, released by a second officer. And how a record
// and a case are shown of which something was erased. Called on the node's loop thread, inside
// Node::perform().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/desk/acting.h"
#include "node/node/cases.h"
#include "node/node/node.h"
#include "proto/retention.pb.h"

namespace focal::desk {

namespace v1 = focal::api::v1;

inline constexpr std::string_view kEraseRule = "record.erase";  // config::kReleaseRules
inline constexpr std::string_view kErasedEffect = "ERASED";
inline constexpr std::size_t kMaxAuthority = 300;   // bytes
inline constexpr std::size_t kMaxEraseReason = 1000;
inline constexpr std::size_t kMaxErased = 1024;     // records of one act

// The act up to the group under way: every check, the release, the operations. Fills records, rids
// and cancelled of `out`, but only what is done, not what waits. kInvalid (authority, reason, what is
// named), kNotFound, kErased (nothing is left to erase), kLimit; errors of By::may_change.
Status erase_records(node::Node& node, const v1::RecordEraseRequest& request, By& by,
                     const Now& now, v1::RecordEraseResponse* out);
// After the commit: DONE or PENDING, in words.
void fill_erased_state(node::Node& node, const Now& now, v1::RecordEraseResponse* out);

// kErased where records of the case were erased: it is folded no more, so nobody acts in it.
Status nothing_erased(node::Node& node, const node::OpenedCase& opened);
// "erased on 2026-11-23 by jo (uid 1000, OFFICER), …: on the authority of …"; empty: it was not.
std::string erased_words(node::Node& node, store::LeafIndex record);
// "2 records were erased: on 2026-11-23 by …"; empty: none was.
std::string erased_words(node::Node& node, const node::OpenedCase& opened);

}  // namespace focal::desk
