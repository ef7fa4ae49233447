// The append-only log: leaves, tiles, checkpoints. Writes happen inside the
// caller's transaction; after a rollback the caller restores what is in memory.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/store/checkpoint.h"
#include "node/ledger/driver.h"
#include "node/ledger/log_check.h"
#include "node/ledger/tiles.h"
#include "node/store/leaf.h"

namespace focal::ledger {

class Log {
 public:
  Log(Driver& db, std::string origin);

  // Start-up: the tree as check_log finds it, the root of the newest checkpoint computed again. kCorrupt
  // says what and where. Leaves under full tiles are not hashed again (that is verify.h).
  Status load(const OpenBeside& beside = {});

  std::int64_t size() const { return edge_.size(); }
  const std::string& origin() const { return memory_.origin; }
  // Checkpoints carry this name from now on. After a rollback the old one is back.
  void set_origin(std::string origin) { memory_.origin = std::move(origin); }
  Result<store::LeafIndex> append(const store::Leaf& leaf);
  std::optional<store::Leaf> leaf(store::LeafIndex idx);  // nothing if outside the log

  crypto::SubtreeHash at();  // valid while the log lives
  Hash32 root() { return crypto::root_from(static_cast<std::uint64_t>(size()), at()); }

  // PAD leaves to a multiple of kCheckpointStep, consistency with the last
  // checkpoint, signature, row: all inside the caller's transaction. kState when
  // nothing was appended since the last one.
  Result<store::CheckpointRow> make_checkpoint(std::uint64_t now_ms,
                                               const crypto::SigningKey& log_key, crypto::Rng& rng);
  // One a minute while leaves arrive; PAD, receipts and WITNESSED alone start
  // only the daily one.
  bool checkpoint_due(std::uint64_t now_ms) const;
  // Is the last one a day old, so that what else there is to say is due?
  bool quiet_checkpoint_due(std::uint64_t now_ms) const;
  const std::optional<store::CheckpointRow>& last_checkpoint() const { return memory_.last; }
  std::uint64_t last_checkpoint_ms() const { return memory_.last_ms; }  // when it was signed

  void start_group() { saved_edge_ = edge_, saved_ = memory_; }
  void undo_group();

 private:
  struct Memory {
    std::optional<store::CheckpointRow> last;
    std::uint64_t last_ms = 0;
    std::string origin;
    bool news = false;  // a leaf other than PAD, receipts, WITNESSED since the last checkpoint
  };
  Status load_checkpoint();
  const Tile& tile(unsigned level, std::int64_t n);

  Driver& db_;
  Edge edge_;
  Memory memory_;
  Edge saved_edge_;
  Memory saved_;
  Tile read_tile_;  // the tile read last
  unsigned read_level_ = 0;
  std::int64_t read_n_ = -1;
};

}  // namespace focal::ledger
