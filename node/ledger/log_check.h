// The check of the log when a ledger is opened: every leaf there without a gap, every tile
// following from the tiles below. Tiles are read in one ordered scan and hashed in a second thread;
// the leaves of a large log are counted on a connection of its own meanwhile (docs/performance.md,
// "Start-up").
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "node/ledger/driver.h"
#include "node/ledger/tiles.h"

namespace focal::ledger {

// Opens another connection to the same file, for reading. May be called in another thread.
using OpenBeside = std::function<Result<std::unique_ptr<Driver>>()>;

// Of that many leaves on, counting them is worth another connection.
inline constexpr std::int64_t kCountBeside = std::int64_t{1} << 16;

// The right edge. kCorrupt says what is wrong and where. Leaves under full tiles are not hashed
// again. Nothing may be appended meanwhile. Without `beside` one connection does it all.
Result<Edge> check_log(Driver& db, const OpenBeside& beside);

std::string tile_place(unsigned level, std::int64_t n);  // "tile (0,17)"
Error log_corrupt(std::string what);                     // kCorrupt, with what to do

}  // namespace focal::ledger
