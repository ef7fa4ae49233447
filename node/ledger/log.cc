#include "node/ledger/log.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/defect.h"
#include "node/ledger/own_cards.h"

namespace focal::ledger {
namespace {

constexpr char kInsertLeaf[] = "INSERT INTO leaf(idx,bytes) VALUES($1,$2)";
constexpr char kInsertTile[] = "INSERT INTO tile(level,n,hashes) VALUES($1,$2,$3)";
constexpr char kSelectTile[] = "SELECT hashes FROM tile WHERE level=$1 AND n=$2";
constexpr char kSelectLeaf[] = "SELECT bytes FROM leaf WHERE idx=$1";
constexpr char kLeavesFrom[] = "SELECT idx,bytes FROM leaf WHERE idx>=$1 ORDER BY idx";
constexpr char kCountLeaves[] =
    "SELECT COUNT(*), COALESCE(MIN(idx),0), COALESCE(MAX(idx),-1) FROM leaf";
constexpr char kCountTiles[] = "SELECT COUNT(*) FROM tile";
constexpr char kInsertCheckpoint[] =
    "INSERT INTO checkpoint(size,root,time_ms,note) VALUES($1,$2,$3,$4)";
constexpr char kLastCheckpoint[] =
    "SELECT size,root,time_ms,note FROM checkpoint ORDER BY size DESC LIMIT 1";

std::string place(unsigned level, std::int64_t n) {
  return "tile (" + std::to_string(level) + "," + std::to_string(n) + ")";
}

Error corrupt(std::string what) {
  return fail(ErrorCode::kCorrupt, std::move(what),
              "run focal ledger verify, then restore the ledger from a backup");
}

// Leaves that alone do not start a checkpoint before the daily one.
bool is_news(store::LeafType type) {
  return type != store::LeafType::kPad && type != store::LeafType::kReceiptOut &&
         type != store::LeafType::kReceiptIn && type != store::LeafType::kWitnessed;
}

}  // namespace

Log::Log(Driver& db, std::string origin) : db_(db) { memory_.origin = std::move(origin); }

Status Log::load() {
  FOCAL_TRY(load_edge());
  return load_checkpoint();
}

Status Log::load_edge() {
  std::int64_t size = 0;
  {
    Query query(db_, kCountLeaves);
    FOCAL_ASSIGN(const bool row, query.next());
    FOCAL_CHECK(row);
    size = query.integer(0);
    const std::int64_t end = query.integer(2) + 1;
    if (size != end || query.integer(1) != 0)
      return corrupt("the log has a gap: " + std::to_string(size) + " leaves up to number " +
                     std::to_string(end));
  }
  constexpr auto width = static_cast<std::int64_t>(kTileWidth);
  std::vector<Edge::Level> levels(1);
  levels[0].full = size / width;
  FOCAL_ASSIGN(levels[0].open, load_tail(levels[0].full * width, size));
  FOCAL_ASSIGN(std::vector<Hash32> hashes, load_leaf_tiles(levels[0].full));
  std::int64_t tiles = levels[0].full;
  while (!hashes.empty()) {
    FOCAL_TRY(check_upper_tiles(static_cast<unsigned>(levels.size()), hashes));
    const std::size_t full = hashes.size() / kTileWidth;
    levels.push_back(
        {Tile(hashes.begin() + static_cast<std::ptrdiff_t>(full * kTileWidth), hashes.end()),
         static_cast<std::int64_t>(full)});
    tiles += levels.back().full;
    std::vector<Hash32> above;
    for (std::size_t i = 0; i < full; ++i)
      above.push_back(
          crypto::merkle_root(std::span<const Hash32>(hashes).subspan(i * kTileWidth, kTileWidth)));
    hashes = std::move(above);
  }
  FOCAL_TRY(check_tile_count(tiles));
  edge_ = Edge(size, std::move(levels));
  return {};
}

// Roots of the stored tiles of level 0.
Result<std::vector<Hash32>> Log::load_leaf_tiles(std::int64_t count) {
  std::vector<Hash32> roots;
  roots.reserve(static_cast<std::size_t>(count));
  for (std::int64_t n = 0; n < count; ++n) {
    Query query(db_, kSelectTile);
    FOCAL_ASSIGN(const bool row, query.bind(0, n).next());
    if (!row) return corrupt(place(0, n) + " is missing");
    FOCAL_ASSIGN(const Tile read, decode_tile(query.blob(0)));
    roots.push_back(crypto::merkle_root(read));
  }
  return roots;
}

// Stored tiles of `level` are what the tiles below say.
Status Log::check_upper_tiles(unsigned level, const std::vector<Hash32>& hashes) {
  for (std::size_t n = 0; n < hashes.size() / kTileWidth; ++n) {
    const auto number = static_cast<std::int64_t>(n);
    Query query(db_, kSelectTile);
    FOCAL_ASSIGN(const bool row, query.bind(level, number).next());
    if (!row) return corrupt(place(level, number) + " is missing");
    FOCAL_ASSIGN(const Tile read, decode_tile(query.blob(0)));
    const auto begin = hashes.begin() + static_cast<std::ptrdiff_t>(n * kTileWidth);
    for (std::size_t i = 0; i < kTileWidth; ++i) {
      if (read[i] != begin[static_cast<std::ptrdiff_t>(i)])
        return corrupt(place(level, number) + " does not follow from " +
                       place(level - 1, static_cast<std::int64_t>(n * kTileWidth + i)));
    }
  }
  return {};
}

Status Log::check_tile_count(std::int64_t expected) {
  Query query(db_, kCountTiles);
  FOCAL_ASSIGN(const bool row, query.next());
  FOCAL_CHECK(row);
  if (query.integer(0) == expected) return {};
  return corrupt("the log has " + std::to_string(query.integer(0)) + " tiles, its leaves make " +
                 std::to_string(expected));
}

Result<Tile> Log::load_tail(std::int64_t first, std::int64_t size) {
  Tile open;
  Query query(db_, kLeavesFrom);
  query.bind(first);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) break;
    const auto leaf = store::decode_leaf(query.blob(1));
    if (!leaf) return corrupt("leaf " + std::to_string(query.integer(0)) + " has no valid form");
    open.push_back(store::leaf_hash(*leaf));
  }
  if (static_cast<std::int64_t>(open.size()) != size - first)
    return corrupt("the log has a gap after leaf " + std::to_string(first));
  return open;
}

Status Log::load_checkpoint() {
  {
    Query query(db_, kLastCheckpoint);
    FOCAL_ASSIGN(const bool row, query.next());
    if (row) {
      memory_.last =
          store::CheckpointRow{query.number<std::uint64_t>(0), query.hash(1), query.text(3)};
      memory_.last_ms = query.number<std::uint64_t>(2);
    }
  }
  if (memory_.last) {
    const auto& last = *memory_.last;
    FOCAL_ASSIGN(const std::string origin, origin_at(db_, last.size, memory_.origin));
    FOCAL_TRY(store::check_checkpoint(last, origin, std::nullopt));
    if (last.size > static_cast<std::uint64_t>(size()))
      return corrupt("the log has " + std::to_string(size()) + " leaves, its newest checkpoint " +
                     std::to_string(last.size));
    if (crypto::root_from(last.size, at()) != last.root)
      return corrupt("the root of the first " + std::to_string(last.size) +
                     " leaves is not the one of their checkpoint");
  }
  Query query(db_, kLeavesFrom);
  query.bind(memory_.last ? memory_.last->size : 0);
  while (!memory_.news) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) break;
    const auto leaf = store::decode_leaf(query.blob(1));
    memory_.news = leaf && is_news(leaf->type);
  }
  return {};
}

Result<store::LeafIndex> Log::append(const store::Leaf& leaf) {
  const store::LeafIndex idx = size();
  const store::LeafBytes bytes = store::encode_leaf(leaf);
  FOCAL_TRY(Query(db_, kInsertLeaf).bind(idx, bytes).run());
  const Edge::Full store_tile = [this](unsigned level, std::int64_t n, const Tile& full) -> Status {
    const Bytes hashes = encode_tile(full);
    FOCAL_TRY(Query(db_, kInsertTile).bind(level, n, hashes).run());
    return {};
  };
  FOCAL_TRY(edge_.append(crypto::merkle_leaf(bytes), store_tile));
  if (is_news(leaf.type)) memory_.news = true;
  return idx;
}

std::optional<store::Leaf> Log::leaf(store::LeafIndex idx) {
  Query query(db_, kSelectLeaf);
  if (!query.bind(idx).row()) return std::nullopt;
  const auto found = store::decode_leaf(query.blob(0));
  if (!found) disk_failed(corrupt("leaf " + std::to_string(idx) + " has no valid form"));
  return found;
}

const Tile& Log::tile(unsigned level, std::int64_t n) {
  if (read_n_ == n && read_level_ == level) return read_tile_;
  Query query(db_, kSelectTile);
  if (!query.bind(level, n).row()) disk_failed(corrupt(place(level, n) + " is missing"));
  auto read = decode_tile(query.blob(0));
  if (!read) disk_failed(read.error());
  read_tile_ = std::move(*read);
  read_level_ = level;
  read_n_ = n;
  return read_tile_;
}

crypto::SubtreeHash Log::at() {
  return subtrees(edge_,
                  [this](unsigned level, std::int64_t n) -> const Tile& { return tile(level, n); });
}

Result<store::CheckpointRow> Log::make_checkpoint(std::uint64_t now_ms,
                                                  const crypto::SigningKey& log_key,
                                                  crypto::Rng& rng) {
  const auto nothing_new = [this] {
    return memory_.last && static_cast<std::uint64_t>(size()) <= memory_.last->size;
  };
  while (!nothing_new() && size() % static_cast<std::int64_t>(store::kCheckpointStep) != 0) {
    FOCAL_TRY(append({store::LeafType::kPad, now_ms, rng.array<32>(), Hash32{}}));
  }
  FOCAL_ASSIGN(
      const store::CheckpointRow row,
      store::sign_checkpoint(memory_.origin, static_cast<std::uint64_t>(size()), at(), memory_.last, log_key));
  FOCAL_TRY(Query(db_, kInsertCheckpoint).bind(row.size, row.root, now_ms, row.note).run());
  memory_.last = row;
  memory_.last_ms = now_ms;
  memory_.news = false;
  return row;
}

bool Log::quiet_checkpoint_due(std::uint64_t now_ms) const {
  return now_ms < memory_.last_ms || now_ms - memory_.last_ms >= store::kQuietCheckpointEveryMs;
}

bool Log::checkpoint_due(std::uint64_t now_ms) const {
  const std::uint64_t before = memory_.last ? memory_.last->size : 0;
  if (static_cast<std::uint64_t>(size()) <= before) return false;
  if (now_ms < memory_.last_ms) return true;  // the clock was set back: do not wait for it
  return now_ms - memory_.last_ms >= (memory_.news ? store::kCheckpointEveryMs : store::kQuietCheckpointEveryMs);
}

void Log::undo_group() {
  if (planted(Defect::kCheckpointFromMemory)) return;
  edge_ = std::move(saved_edge_);
  memory_ = std::move(saved_);
  read_n_ = -1;  // the tile read last may have been one of the group
}

}  // namespace focal::ledger
