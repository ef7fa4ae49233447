// Inside verify: the walk over the log itself, from leaf to leaf: every leaf hashed again, and from
// the hashes every full tile and the root under every checkpoint. What stands in other tables beside
// a leaf is for the visitor.
#pragma once

#include <functional>
#include <map>

#include "node/ledger/leaf_hashing.h"
#include "node/ledger/verify_parts.h"
#include "node/store/leaf.h"

namespace focal::ledger {

class LogWalk {
 public:
  // Of a leaf with a valid form; the row is that of the statement.
  using Visit = std::function<void(const store::Leaf&, const Query& row, const Subject&)>;

  // `sql` selects idx and bytes of the leaves first; its $1 is the number of the last leaf read, $2
  // the scope's size, $3 the rows of a page.
  LogWalk(Scope& scope, const char* sql, Visit visit)
      : scope_(scope), found_(scope.found), report_(scope.found.report()), sql_(sql),
        visit_(std::move(visit)) {}

  // Problems go to the parts kLeaves, kTiles and kCheckpoints; fills the report's counts of them,
  // its root and its newest checkpoint.
  Status run();

 private:
  Status load_checkpoints();
  Status walk();
  Status turn_page();
  void one_leaf(const Query& row);
  void check_padding(bool pad, const Subject& subject, bool checkpoint_here);
  Status compare_tile(const HashedPage::FullTile& tile);
  Status check_tile_count();

  Scope& scope_;
  Findings& found_;
  VerifyReport& report_;
  const char* sql_;
  Visit visit_;
  std::int64_t next_ = 0;
  bool open_padding_ = false;
  LeafHashing hashing_;
  std::map<std::int64_t, Hash32> roots_;
};

}  // namespace focal::ledger
