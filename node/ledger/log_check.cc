#include "node/ledger/log_check.h"

#include <span>
#include <utility>
#include <vector>

#include "node/ledger/behind.h"
#include "node/store/leaf.h"

namespace focal::ledger {
namespace {

constexpr auto kWidth = static_cast<std::int64_t>(kTileWidth);

// Not MIN and MAX beside the count: these two are found without reading the table.
constexpr char kBounds[] =
    "SELECT COALESCE((SELECT idx FROM leaf ORDER BY idx LIMIT 1),0),"
    "COALESCE((SELECT idx FROM leaf ORDER BY idx DESC LIMIT 1),-1)";
constexpr char kCountLeaves[] = "SELECT COUNT(*) FROM leaf";
constexpr char kTiles[] = "SELECT level,n,hashes FROM tile ORDER BY level,n";
constexpr char kLeavesFrom[] = "SELECT idx,bytes FROM leaf WHERE idx>=$1 ORDER BY idx";

Result<std::int64_t> count_leaves(Driver& db) {
  Query query(db, kCountLeaves);
  FOCAL_ASSIGN(const bool row, query.next());
  FOCAL_CHECK(row);
  return query.integer(0);
}

Status check_count(std::int64_t first, const Result<std::int64_t>& count, std::int64_t size) {
  if (!count) return count.error();
  if (first == 0 && *count == size) return {};
  return log_corrupt("the log has a gap: " + std::to_string(*count) + " leaves up to number " +
                     std::to_string(size));
}

// The stored tiles in order, each asked for by its place.
class TileScan {
 public:
  explicit TileScan(Driver& db) : query_(db, kTiles) {}

  // Tiles before it are passed over and counted. kCorrupt: it is not there.
  Result<Tile> at(unsigned level, std::int64_t n) {
    const std::pair<std::int64_t, std::int64_t> wanted{level, n};
    for (;;) {
      FOCAL_TRY(step());
      if (ended_ || here() > wanted) return log_corrupt(tile_place(level, n) + " is missing");
      waits_ = false;
      if (here() == wanted) return decode_tile(query_.blob(2));
      ++strangers_;
    }
  }

  // How many tiles there are beside those asked for.
  Result<std::int64_t> strangers() {
    for (;;) {
      FOCAL_TRY(step());
      if (ended_) return strangers_;
      waits_ = false;
      ++strangers_;
    }
  }

 private:
  std::pair<std::int64_t, std::int64_t> here() const {
    return {query_.integer(0), query_.integer(1)};
  }
  // The row that waits, or the next one.
  Status step() {
    if (waits_ || ended_) return {};
    FOCAL_ASSIGN(waits_, query_.next());
    ended_ = !waits_;
    return {};
  }

  Query query_;
  bool waits_ = false, ended_ = false;
  std::int64_t strangers_ = 0;
};

// Roots of tiles, a page of them at a time in a second thread.
class TileRoots {
 public:
  void add(Tile tile) {
    page_.push_back(std::move(tile));
    if (page_.size() < kPage) return;
    behind_.wait();
    under_way_ = std::exchange(page_, {});
    behind_.start([this] { hash(under_way_); });
  }
  std::vector<Hash32> finish() {
    behind_.wait();
    hash(page_);
    return std::move(roots_);
  }

 private:
  static constexpr std::size_t kPage = 128;  // a megabyte

  void hash(const std::vector<Tile>& tiles) {
    for (const Tile& tile : tiles) roots_.push_back(crypto::merkle_root(tile));
  }

  std::vector<Tile> page_, under_way_;
  std::vector<Hash32> roots_;
  Behind behind_;  // last: it ends before what it works on
};

Result<std::vector<Hash32>> leaf_tiles(TileScan& scan, std::int64_t count) {
  TileRoots roots;
  for (std::int64_t n = 0; n < count; ++n) {
    FOCAL_ASSIGN(Tile tile, scan.at(0, n));
    roots.add(std::move(tile));
  }
  return roots.finish();
}

// Stored tiles of `level` are what the tiles below say; the roots of those that are full.
Result<std::vector<Hash32>> upper_tiles(TileScan& scan, unsigned level,
                                        const std::vector<Hash32>& below) {
  std::vector<Hash32> roots;
  for (std::size_t n = 0; n < below.size() / kTileWidth; ++n) {
    const auto number = static_cast<std::int64_t>(n);
    FOCAL_ASSIGN(const Tile read, scan.at(level, number));
    const auto follows = std::span(below).subspan(n * kTileWidth, kTileWidth);
    for (std::size_t i = 0; i < kTileWidth; ++i) {
      if (read[i] != follows[i])
        return log_corrupt(tile_place(level, number) + " does not follow from " +
                           tile_place(level - 1, static_cast<std::int64_t>(n * kTileWidth + i)));
    }
    roots.push_back(crypto::merkle_root(follows));
  }
  return roots;
}

Result<std::vector<Edge::Level>> read_tiles(Driver& db, std::int64_t full) {
  std::vector<Edge::Level> levels(1);
  levels[0].full = full;
  TileScan scan(db);
  std::int64_t tiles = full;
  FOCAL_ASSIGN(std::vector<Hash32> hashes, leaf_tiles(scan, full));
  while (!hashes.empty()) {
    FOCAL_ASSIGN(std::vector<Hash32> above,
                 upper_tiles(scan, static_cast<unsigned>(levels.size()), hashes));
    const auto open = hashes.begin() + static_cast<std::ptrdiff_t>(above.size() * kTileWidth);
    levels.push_back({Tile(open, hashes.end()), static_cast<std::int64_t>(above.size())});
    tiles += levels.back().full;
    hashes = std::move(above);
  }
  FOCAL_ASSIGN(const std::int64_t strangers, scan.strangers());
  if (strangers == 0) return levels;
  return log_corrupt("the log has " + std::to_string(tiles + strangers) +
                     " tiles, its leaves make " + std::to_string(tiles));
}

Result<Tile> read_tail(Driver& db, std::int64_t first, std::int64_t size) {
  Tile open;
  Query query(db, kLeavesFrom);
  query.bind(first);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) break;
    const auto leaf = store::decode_leaf(query.blob(1));
    if (!leaf)
      return log_corrupt("leaf " + std::to_string(query.integer(0)) + " has no valid form");
    open.push_back(store::leaf_hash(*leaf));
  }
  if (static_cast<std::int64_t>(open.size()) != size - first)
    return log_corrupt("the log has a gap after leaf " + std::to_string(first));
  return open;
}

}  // namespace

std::string tile_place(unsigned level, std::int64_t n) {
  return "tile (" + std::to_string(level) + "," + std::to_string(n) + ")";
}

Error log_corrupt(std::string what) {
  return fail(ErrorCode::kCorrupt, std::move(what),
              "run focal ledger verify, then restore the ledger from a backup");
}

Result<Edge> check_log(Driver& db, const OpenBeside& beside) {
  std::int64_t first = 0, size = 0;
  {
    Query query(db, kBounds);
    FOCAL_ASSIGN(const bool row, query.next());
    FOCAL_CHECK(row);
    first = query.integer(0);
    size = query.integer(1) + 1;
  }
  std::unique_ptr<Driver> other;
  if (beside && size >= kCountBeside) {
    if (auto opened = beside()) other = std::move(*opened);
  }
  Result<std::int64_t> count = 0;
  Behind counting;
  if (other) {
    counting.start([&] { count = count_leaves(*other); });
  } else {
    count = count_leaves(db);
    FOCAL_TRY(check_count(first, count, size));
  }
  const std::int64_t full = size / kWidth;
  FOCAL_ASSIGN(Tile tail, read_tail(db, full * kWidth, size));
  FOCAL_ASSIGN(std::vector<Edge::Level> levels, read_tiles(db, full));
  levels[0].open = std::move(tail);
  counting.wait();
  FOCAL_TRY(check_count(first, count, size));
  return Edge(size, std::move(levels));
}

}  // namespace focal::ledger
