// A ledger as the simulator needs it: the reads of the core, typed transactions,
// checkpoints, and what a disk can do to it.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "crypto/random.h"
#include "crypto/sign.h"
#include "node/store/leaf.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::sim {

class Store : public store::View {
 public:
  // As ledger::Ledger: all of it or nothing; kState, kLimit.
  virtual Result<store::Committed> commit(const store::Txn& txn) = 0;
  // Told by the ledger in files alone, and only with the planted defect: before the COMMIT.
  using EarlyCheckpoint = std::function<void(const store::CheckpointRow&)>;
  virtual Result<store::CheckpointRow> make_checkpoint(std::uint64_t now_ms,
                                                       const crypto::SigningKey& log_key,
                                                       const EarlyCheckpoint& early) = 0;
  Result<store::CheckpointRow> make_checkpoint(std::uint64_t now_ms,
                                               const crypto::SigningKey& log_key) {
    return make_checkpoint(now_ms, log_key, {});
  }
  virtual bool checkpoint_due(std::uint64_t now_ms) = 0;
  virtual Hash32 root(std::uint64_t size) = 0;  // of the first `size` leaves

  // The process ended; a new one opens what the disk holds.
  virtual void reopen() = 0;
  // A copy of the disk is put aside; later the disk is that copy again. One copy is kept.
  virtual void put_copy_aside() = 0;
  virtual bool restore_copy() = 0;  // false: there is none
  // What a thief of the disk and the keys that open it has: a store of its own.
  virtual std::unique_ptr<Store> copy(crypto::Rng& rng) = 0;  // rng outlives it
  // The night after an erasure (node/node/key_rotation.h), to its end. False: keys are not kept here.
  virtual bool replace_keys(const Now&) { return false; }
  // Does the copy put aside give the content of that record, with the keys there are now?
  virtual bool copy_opens(const store::RecordRef&) { return false; }
  // Do these bytes stand in a file of it, in the clear? Of a ledger in memory: no.
  virtual bool files_contain(ByteView) { return false; }
};

}  // namespace focal::sim
