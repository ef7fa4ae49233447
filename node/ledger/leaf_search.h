// Which leaves of a ledger file an auditor asks about, by what stands in the clear. On a read-only
// connection of its own, on the caller's thread: the node goes on meanwhile. What stands only in
// sealed details (which person acted) the caller looks at afterwards.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "node/store/leaf.h"

namespace focal::ledger {

inline constexpr std::uint64_t kLeavesAtOneLook = 100'000;  // of one search_leaves()

struct LeafFilter {
  // Of a record, a party's card, note or decision, or a receipt; of a record that was sent every
  // recipient. Empty: any.
  std::string party;
  std::string kind;
  std::optional<store::CaseId> case_id;
  std::optional<store::LeafType> type;
  std::uint64_t from_ms = 0;                                           // of the leaf's time
  std::uint64_t until_ms = std::numeric_limits<std::uint64_t>::max();  // excluded
  bool with_detail = false;  // leaves without sealed words are left out
};

struct LeafPage {
  std::vector<store::LeafIndex> found;  // newest first
  std::uint64_t next = 0;               // where to go on: `before` of the next page; 0 = nowhere
  std::uint64_t looked_at = 0;
};

// Leaves with an index below `before` (0: all), newest first, until `most` are found or
// kLeavesAtOneLook were looked at. Errors of opening a ledger.
Result<LeafPage> search_leaves(const std::filesystem::path& ledger_file, const LeafFilter& filter,
                               std::uint64_t before, std::size_t most);

// Leaves with this ref (a record id, say), oldest first, at most so many. Looks at every leaf.
Result<std::vector<store::LeafIndex>> leaves_about(const std::filesystem::path& ledger_file,
                                                   const Hash32& ref, std::size_t most);

}  // namespace focal::ledger
