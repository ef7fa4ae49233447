// The log as public tools walk it (docs/protocol.md, "Exported log"): the published checkpoint, its
// tiles and its entries, a page at a time. Of published checkpoints only: what its witnesses have
// not cosigned is given to nobody. Used by the node's routes, inside Node::perform(), and by the
// command line without a node.
#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "crypto/merkle.h"
#include "node/store/leaf.h"
#include "node/store/rows.h"

namespace focal::api::v1 {
class LedgerCheckpointRequest;
class LedgerCheckpointResponse;
class LedgerEntriesRequest;
class LedgerFilesResponse;
class LedgerTilesRequest;
class LedgerWitness;
}  // namespace focal::api::v1

namespace focal::ledger {
class Ledger;
}

namespace focal::desk {

inline constexpr std::uint32_t kMostTiles = 64;    // an answer: half a megabyte
inline constexpr std::uint32_t kMostBundles = 16;  // of 256 entries

// How a log is read, of a running node or of a file.
struct LogReading {
  // The smallest published checkpoint of at least that size; 0: the newest one.
  std::function<Result<std::optional<store::PublishedRow>>(std::uint64_t least_size)> published;
  crypto::SubtreeHash at;
  std::function<Result<store::Leaf>(store::LeafIndex)> leaf;
};
LogReading reading_of(ledger::Ledger& ledger);  // valid until the next commit

// The note with the witnesses' lines behind its own.
std::string published_note(const store::PublishedRow& row);
void fill_witness(const store::CosigRow& row, api::v1::LedgerWitness* out);

// kNotFound: nothing is published yet, or no checkpoint of that size. kInvalid: a level that no
// log has.
Status show_checkpoint(const LogReading& log, const api::v1::LedgerCheckpointRequest& request,
                       api::v1::LedgerCheckpointResponse* out);
Status show_tiles(const LogReading& log, const api::v1::LedgerTilesRequest& request,
                  api::v1::LedgerFilesResponse* out);
// Every leaf is compared with its hash in the tree: kCorrupt.
Status show_entries(const LogReading& log, const api::v1::LedgerEntriesRequest& request,
                    api::v1::LedgerFilesResponse* out);

}  // namespace focal::desk
