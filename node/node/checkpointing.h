// The one way an own checkpoint is made: when it is due, in a transaction of its own, then kept
// where a restored copy of the ledger cannot forget it, and only then shown to anybody
// (docs/protocol.md, "Checkpoints", "Witnesses").
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "node/exchange/machine.h"
#include "node/store/rows.h"

namespace focal::node {

class Checkpointing {
 public:
  using Due = std::function<bool(std::uint64_t wall_ms)>;
  // Signs and commits. kState: there is nothing new. kCorrupt: the log contradicts itself.
  using Make = std::function<Result<store::CheckpointRow>(std::uint64_t wall_ms)>;
  // Makes the note durable outside the ledger. Nothing: no such place is set.
  using Keep = std::function<Status(const std::string& note)>;

  Checkpointing(Due due, Make make, Keep keep = {})
      : due_(std::move(due)), make_(std::move(make)), keep_(std::move(keep)) {}

  // After every group. One that could not be kept is given to nobody and tried again every ten
  // seconds; nothing newer is made meanwhile. kCorrupt alone is returned: nothing may be signed
  // any more. Other failures are logged, and tried again after a minute.
  Status tend(const Now& now, exchange::Machine& machine);

  const std::string& trouble() const { return trouble_; }  // of keeping it; empty: none

 private:
  bool keep_pending(const Now& now, exchange::Machine& machine);

  Due due_;
  Make make_;
  Keep keep_;
  std::optional<store::CheckpointRow> pending_;  // committed, not kept yet
  std::uint64_t next_make_ms_ = 0;               // monotonic
  std::uint64_t next_keep_ms_ = 0;               // monotonic
  std::string trouble_;
};

}  // namespace focal::node
