// What records are found by: tags for equal keys, sealed blocks for everything else, and the
// readings of all blocks in memory (docs/protocol.md, "Blind index"). Derived from the records
// and from nothing else, so it may be thrown away and made anew at any time: that happens when
// the rules for keys changed, when the key is another one, or when a block does not open.
#pragma once

#include <set>
#include <vector>

#include "node/ledger/index_block.h"
#include "node/ledger/parts.h"

namespace focal::ledger {

class RecordStore;

// Blocks are merged when so many of one size have gathered. A full one is left alone: a group
// writes at most kMergeBlocks * kFullBlock bytes more than its own.
inline constexpr std::size_t kMergeBlocks = 16;
inline constexpr std::size_t kSmallBlock = 4 * 1024;
inline constexpr std::size_t kFullBlock = 64 * 1024;

class SearchIndex {
 public:
  SearchIndex(Parts& parts, RecordStore& records) : p_(parts), records_(records) {}

  // At start, outside a transaction: reads the blocks, or marks everything before `size` as
  // not indexed. rules: record::search_rules().
  Status load(ByteView index_key, std::uint64_t rules, store::LeafIndex size);

  Status put(const store::PutIndex& op, Group& group);
  Status drop(const store::DropIndex& op, Group& group);
  Status set(const store::SetIndexed& op);
  Status finish_group();  // writes what the group brought; the last thing of a transaction
  void committed();       // memory follows the file
  void forget();          // after a rollback

  std::vector<store::IndexPlace> find(std::string_view field, std::string_view key,
                                      std::size_t limit);
  const store::SerialArray& serials() const { return array_; }
  store::IndexProgress progress() const { return progress_; }
  std::size_t block_count() const { return blocks_.size(); }

 private:
  struct Block {
    std::int64_t id = 0;
    store::LeafIndex first = 0;
    store::LeafIndex last = 0;
    std::size_t size = 0;  // of ct
  };
  struct Added {
    store::LeafIndex idx = 0;
    std::vector<store::SerialReading> readings;
  };
  // What a group changes, until it is committed.
  struct Pending {
    std::vector<Added> added;
    std::set<store::LeafIndex> dropped;
    std::set<store::LeafIndex> touched;  // put or dropped in this group
    std::vector<Block> blocks;           // as they will be
    std::optional<store::LeafIndex> done;
  };

  Pending& pending();
  Status take_out(store::LeafIndex idx, bool fresh);
  Status take_out_of_blocks(store::LeafIndex idx);
  Status merge();
  Status insert_block(ByteView plain);
  Status delete_block(std::int64_t id);
  Result<Bytes> read_block(std::int64_t id);
  Result<bool> load_state(std::uint64_t rules);  // false: to be made anew
  Result<bool> load_blocks();                    // the same
  Status start_anew(std::uint64_t rules, store::LeafIndex size);

  Parts& p_;
  RecordStore& records_;
  IndexKeys keys_;
  std::vector<Block> blocks_;  // by id
  store::SerialArray array_;
  store::IndexProgress progress_;
  std::optional<Pending> pending_;
};

}  // namespace focal::ledger
