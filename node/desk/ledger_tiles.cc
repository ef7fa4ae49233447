#include "node/desk/ledger_tiles.h"

#include <algorithm>

#include "node/desk/views.h"
#include "node/ledger/ledger.h"
#include "node/store/checkpoint.h"
#include "node/store/tile_form.h"
#include "proto/evidence.pb.h"

namespace focal::desk {
namespace {

Error not_published() {
  return fail(ErrorCode::kNotFound, "no checkpoint of this log is published yet",
              "A checkpoint is made within a minute of something new, and published once enough "
              "witnesses have cosigned it; 'focal status' says how far that is.");
}

// The published checkpoint of exactly that size; 0: the newest.
Result<store::PublishedRow> published_of(const LogReading& log, std::uint64_t size) {
  FOCAL_ASSIGN(auto row, log.published(size));
  if (!row && size == 0) return not_published();
  if (!row || (size != 0 && row->checkpoint.size != size))
    return fail(ErrorCode::kNotFound,
                "there is no published checkpoint of " + std::to_string(size) + " leaves",
                "GET /v1/ledger/checkpoint names the newest one.", "size");
  return std::move(*row);
}

// How many of `there` from `first` on are given now.
std::uint64_t page(std::uint64_t there, std::uint64_t first, std::uint32_t asked,
                   std::uint32_t most) {
  if (first >= there) return 0;
  return std::min<std::uint64_t>(asked == 0 ? most : std::min(asked, most), there - first);
}

void end_page(std::uint64_t there, std::uint64_t end, v1::LedgerFilesResponse* out) {
  if (end < there) out->set_next(end);
}

void add_file(std::string name, ByteView data, v1::LedgerFilesResponse* out) {
  auto* file = out->add_files();
  file->set_name(std::move(name));
  file->set_data(std::string(as_text(data)));
}

}  // namespace

LogReading reading_of(ledger::Ledger& ledger) {
  LogReading out;
  out.published = [&ledger](std::uint64_t size) -> Result<std::optional<store::PublishedRow>> {
    return size == 0 ? ledger.newest_published() : ledger.first_published(size);
  };
  out.at = ledger.tree();
  out.leaf = [&ledger](store::LeafIndex idx) -> Result<store::Leaf> {
    const auto leaf = ledger.leaf(idx);
    if (leaf) return *leaf;
    return fail(ErrorCode::kNotFound, "the log has no leaf " + std::to_string(idx));
  };
  return out;
}

std::string published_note(const store::PublishedRow& row) {
  std::string out = row.checkpoint.note;
  for (const store::CosigRow& line : row.cosigs) out.append(line.line);
  return out;
}

void fill_witness(const store::CosigRow& row, v1::LedgerWitness* out) {
  out->set_party(row.witness);
  out->set_at(time_text(row.at_s * 1000));
}

Status show_checkpoint(const LogReading& log, const v1::LedgerCheckpointRequest& request,
                       v1::LedgerCheckpointResponse* out) {
  FOCAL_ASSIGN(const store::PublishedRow row, published_of(log, request.size()));
  FOCAL_ASSIGN(const store::Checkpoint read, store::parse_checkpoint(row.checkpoint.note));
  out->set_note(published_note(row));
  out->set_origin(read.origin);
  out->set_size(row.checkpoint.size);
  out->set_root(base64(row.checkpoint.root));
  out->set_published_at(time_text(row.at_ms));
  for (const store::CosigRow& line : row.cosigs) fill_witness(line, out->add_witnesses());
  return {};
}

Status show_tiles(const LogReading& log, const v1::LedgerTilesRequest& request,
                  v1::LedgerFilesResponse* out) {
  if (request.level() >= store::kExportLevels)
    return fail(ErrorCode::kInvalid, "there is no level " + std::to_string(request.level()),
                "Levels are 0 to 7.", "level");
  FOCAL_ASSIGN(const store::PublishedRow row, published_of(log, request.size()));
  const std::uint64_t size = row.checkpoint.size;
  const unsigned level = request.level();
  const std::uint64_t there = store::tiles_in(size, level);
  const std::uint64_t end =
      request.first() + page(there, request.first(), request.count(), kMostTiles);
  out->set_size(size);
  for (std::uint64_t n = request.first(); n < end; ++n)
    add_file(store::tile_path(level, n, store::tile_width(size, level, n)),
             store::tile_bytes(size, level, n, log.at), out);
  end_page(there, end, out);
  return {};
}

Status show_entries(const LogReading& log, const v1::LedgerEntriesRequest& request,
                    v1::LedgerFilesResponse* out) {
  FOCAL_ASSIGN(const store::PublishedRow row, published_of(log, request.size()));
  const std::uint64_t size = row.checkpoint.size;
  const std::uint64_t there = store::tiles_in(size, 0);
  const std::uint64_t end =
      request.first() + page(there, request.first(), request.count(), kMostBundles);
  out->set_size(size);
  for (std::uint64_t n = request.first(); n < end; ++n) {
    const std::uint64_t width = store::tile_width(size, 0, n);
    Bytes bundle;
    bundle.reserve(width * (store::kLeafSize + 2));
    for (std::uint64_t i = n * store::kExportWidth; i < n * store::kExportWidth + width; ++i) {
      FOCAL_ASSIGN(const store::Leaf leaf, log.leaf(static_cast<store::LeafIndex>(i)));
      if (store::leaf_hash(leaf) != log.at(0, i))
        return fail(ErrorCode::kCorrupt, "leaf " + std::to_string(i) + " is not what its tile says",
                    "Run focal ledger verify, and restore the ledger from a backup.");
      store::add_entry(bundle, store::encode_leaf(leaf));
    }
    add_file(store::entries_path(n, width), bundle, out);
  }
  end_page(there, end, out);
  return {};
}

}  // namespace focal::desk
