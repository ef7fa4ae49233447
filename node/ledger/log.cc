#include "node/ledger/log.h"

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
constexpr char kInsertCheckpoint[] =
    "INSERT INTO checkpoint(size,root,time_ms,note) VALUES($1,$2,$3,$4)";
constexpr char kLastCheckpoint[] =
    "SELECT size,root,time_ms,note FROM checkpoint ORDER BY size DESC LIMIT 1";

// Leaves that alone do not start a checkpoint before the daily one.
bool is_news(store::LeafType type) {
  return type != store::LeafType::kPad && type != store::LeafType::kReceiptOut &&
         type != store::LeafType::kReceiptIn && type != store::LeafType::kWitnessed;
}

}  // namespace

Log::Log(Driver& db, std::string origin) : db_(db) { memory_.origin = std::move(origin); }

Status Log::load(const OpenBeside& beside) {
  FOCAL_ASSIGN(edge_, check_log(db_, beside));
  return load_checkpoint();
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
      return log_corrupt("the log has " + std::to_string(size()) + " leaves, its newest checkpoint " +
                     std::to_string(last.size));
    if (crypto::root_from(last.size, at()) != last.root)
      return log_corrupt("the root of the first " + std::to_string(last.size) +
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
  if (!found) disk_failed(log_corrupt("leaf " + std::to_string(idx) + " has no valid form"));
  return found;
}

const Tile& Log::tile(unsigned level, std::int64_t n) {
  if (read_n_ == n && read_level_ == level) return read_tile_;
  Query query(db_, kSelectTile);
  if (!query.bind(level, n).row()) disk_failed(log_corrupt(tile_place(level, n) + " is missing"));
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
