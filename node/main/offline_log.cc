// The published log of a node that does not run: see node/cli/offline.h.
#include <memory>

#include "node/cli/offline.h"
#include "node/desk/ledger_tiles.h"
#include "node/ledger/ledger.h"
#include "node/ledger/log_file.h"
#include "proto/evidence.pb.h"

namespace focal::cli {

namespace v1 = api::v1;

Status offline_open_log(const std::filesystem::path& folder, LogSource& out) {
  FOCAL_ASSIGN(auto opened, ledger::LogFile::open(folder / ledger::kLedgerFile));
  const std::shared_ptr<ledger::LogFile> file = std::move(opened);
  desk::LogReading log;
  log.published = [file](std::uint64_t size) { return file->first_published(size); };
  log.at = file->at();
  log.leaf = [file](store::LeafIndex idx) { return file->leaf(idx); };
  out.checkpoint = [log](v1::LedgerCheckpointResponse& answer) {
    return desk::show_checkpoint(log, {}, &answer);
  };
  out.tiles = [log](std::uint64_t size, std::uint32_t level, std::uint64_t first,
                    v1::LedgerFilesResponse& answer) {
    v1::LedgerTilesRequest request;
    request.set_size(size);
    request.set_level(level);
    request.set_first(first);
    return desk::show_tiles(log, request, &answer);
  };
  out.entries = [log](std::uint64_t size, std::uint64_t first, v1::LedgerFilesResponse& answer) {
    v1::LedgerEntriesRequest request;
    request.set_size(size);
    request.set_first(first);
    return desk::show_entries(log, request, &answer);
  };
  return {};
}

}  // namespace focal::cli
