// The part of verify that reads the search index: every tag and every block is of records,
// and what is indexed ends where the log does. Whether tags and blocks are those of their
// records cannot be told without the index key; they can be made anew from the records.
#include "node/ledger/verify_parts.h"

namespace focal::ledger {
namespace {

using Part = VerifyPart;

// Two numbers in one statement; rows about leaves that came meanwhile do not count.
constexpr char kTags[] =
    "SELECT (SELECT COUNT(*) FROM index_tag),"
    "(SELECT COUNT(*) FROM index_tag t WHERE t.idx<$1 AND NOT EXISTS"
    "(SELECT 1 FROM rec r WHERE r.idx=t.idx)),"
    "(SELECT COUNT(*) FROM index_tag t WHERE t.idx>(SELECT COALESCE(MAX(idx),-1) FROM leaf))";
constexpr char kBlocks[] =
    "SELECT COUNT(*) FROM index_block WHERE first_idx<0 OR last_idx<first_idx "
    "OR last_idx>(SELECT COALESCE(MAX(idx),-1) FROM leaf)";
constexpr char kState[] =
    "SELECT COUNT(*),COALESCE(SUM(done>=0 AND done<=target AND "
    "target<=(SELECT COALESCE(MAX(idx),-1)+1 FROM leaf)),0) FROM index_state";

}  // namespace

Status verify_index(Scope& scope) {
  Query tags(scope.db, kTags);
  tags.bind(scope.size);
  FOCAL_TRY(one_row(tags));
  scope.found.report().index_tags = tags.number<std::uint64_t>(0);
  scope.found.check(Part::kIndex, tags.integer(1) == 0 && tags.integer(2) == 0,
                    {"table index_tag"}, "has tags of no record");
  Query blocks(scope.db, kBlocks);
  FOCAL_TRY(one_row(blocks));
  scope.found.check(Part::kIndex, blocks.integer(0) == 0, {"table index_block"},
                    "has blocks of no leaves");
  Query state(scope.db, kState);
  FOCAL_TRY(one_row(state));
  scope.found.check(Part::kIndex, state.integer(0) == 1 && state.integer(1) == 1,
                    {"table index_state"}, "does not say what is indexed");
  return {};
}

}  // namespace focal::ledger
