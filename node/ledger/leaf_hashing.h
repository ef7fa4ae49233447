// The tree over leaves that are read page by page, hashed in a second thread behind the reader:
// every leaf and every node once. Its tiles are the nodes of every eighth level; its roots are put
// together from the right edge, by another way than that of the log that wrote them.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "crypto/merkle.h"
#include "node/ledger/behind.h"
#include "node/ledger/tiles.h"

namespace focal::ledger {

// What was found out about the leaves of a page.
struct HashedPage {
  struct FullTile {
    unsigned level = 0;
    std::int64_t n = 0;
    Bytes hashes;
  };
  std::vector<FullTile> tiles;                         // that became full
  std::vector<std::pair<std::int64_t, Hash32>> roots;  // that were asked for, each with its name
};

class LeafHashing {
 public:
  // A leaf, and the name under which the root behind it is wanted.
  void add(ByteView leaf, std::optional<std::int64_t> root_wanted);
  // What was found about the page before this one, of which hashing begins. Once more after the
  // last.
  HashedPage turn_page();
  Hash32 root();  // of all pages that were turned

 private:
  struct Page {
    Bytes leaves;
    std::vector<std::size_t> ends;
    std::vector<std::pair<std::size_t, std::int64_t>> wanted;  // after so many leaves of the page
  };
  void hash();
  void append(Hash32 hash);
  Hash32 edge_root() const;

  Page reading_, hashing_;
  HashedPage out_;
  // Of the second thread, until it is waited for: hashes of the complete subtrees on the right
  // edge, one for each level, and the open tile of every eighth.
  std::vector<std::optional<Hash32>> nodes_;
  std::vector<Edge::Level> tiles_;
  Behind behind_;  // last: it ends before what it works on
};

}  // namespace focal::ledger
