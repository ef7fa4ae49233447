// The ledger's log for an auditor: page by page, one entry with all that stands beside it, and
// entries by what they are about. Reads only. Called on the node's loop thread, inside
// Node::perform(), but what says otherwise.
#pragma once

#include <vector>

#include "node/ledger/leaf_search.h"
#include "node/node/node.h"

namespace focal::api::v1 {
class LedgerEntry;
class LedgerFindRequest;
class LedgerFindResponse;
class LedgerLogRequest;
class LedgerLogResponse;
}  // namespace focal::api::v1

namespace focal::desk {

inline constexpr std::uint32_t kMostLeavesShown = 1000;
inline constexpr std::size_t kMostEntries = 16;      // of one record id
inline constexpr std::size_t kDetailsAtOnce = 2000;  // opened in one turn of the loop

void show_log(node::Node& node, const api::v1::LedgerLogRequest& request,
              api::v1::LedgerLogResponse* out);

// kNotFound: the log has no such leaf.
Status show_entry(node::Node& node, store::LeafIndex idx, api::v1::LedgerEntry* out);

// What `ledger find` asks, without the officer; any thread. kInvalid (the path names the field): no
// case number, no date, no type of leaf.
Result<ledger::LeafFilter> parse_filter(const api::v1::LedgerFindRequest& request);
// Did that person act, or release it? Of leaves in [begin, end) of `leaves` at most kDetailsAtOnce.
std::vector<store::LeafIndex> acted(ledger::Ledger& ledger,
                                    const std::vector<store::LeafIndex>& leaves, std::size_t begin,
                                    const std::string& officer);

}  // namespace focal::desk
