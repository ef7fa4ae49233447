#include "node/ledger/verify_walk.h"

#include "node/ledger/log_check.h"
#include "node/store/checkpoint.h"

namespace focal::ledger {
namespace {

using Part = VerifyPart;

constexpr std::int64_t kLeavesAtOnce = 20'000;

constexpr char kTile[] = "SELECT hashes FROM tile WHERE level=$1 AND n=$2";
constexpr char kTileCount[] =
    "SELECT COUNT(*),(SELECT COALESCE(MAX(idx),-1)+1 FROM leaf) FROM tile";
constexpr char kCheckpoints[] =
    "SELECT size,root,note FROM checkpoint WHERE size<=$1 ORDER BY size";
constexpr char kLeavesAlone[] =
    "SELECT idx,bytes FROM leaf WHERE idx>$1 AND idx<$2 ORDER BY idx LIMIT $3";

}  // namespace

Status LogWalk::run() {
  FOCAL_TRY(load_checkpoints());
  FOCAL_TRY(walk());
  report_.root = hashing_.root();
  return check_tile_count();
}

Status LogWalk::load_checkpoints() {
  Query query(scope_.db, kCheckpoints);
  query.bind(scope_.size);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) return {};
    const store::CheckpointRow read{query.number<std::uint64_t>(0), query.hash(1), query.text(2)};
    const LogAt log = log_at(scope_, query.integer(0));
    if (auto fine = store::check_checkpoint(read, log.origin, log.key); !fine)
      found_.add(Part::kCheckpoints, "checkpoint of " + std::to_string(read.size) +
                                         " leaves: " + fine.error().message);
    roots_[query.integer(0)] = read.root;
    ++report_.checkpoints;
    report_.checkpoint = read;
  }
}

// By what is there, not by counting up: one planted leaf with a huge number
// costs one step.
Status LogWalk::walk() {
  std::int64_t last = -1;
  for (std::int64_t rows = kLeavesAtOnce; rows == kLeavesAtOnce;) {
    Query query(scope_.db, sql_);
    query.bind(last, scope_.size, kLeavesAtOnce);
    for (rows = 0;; ++rows) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) break;
      last = query.integer(0);
      one_leaf(query);
    }
    FOCAL_TRY(turn_page());
    if (scope_.options.progress)
      scope_.options.progress(report_.leaves, static_cast<std::uint64_t>(scope_.size));
    FOCAL_TRY(go_on(scope_));
  }
  FOCAL_TRY(turn_page());
  found_.check(Part::kCheckpoints, !open_padding_, {"the log"},
               "ends in padding without its checkpoint");
  return {};
}

// What the second thread found of the page before.
Status LogWalk::turn_page() {
  const HashedPage page = hashing_.turn_page();
  for (const auto& [size, root] : page.roots)
    if (roots_.at(size) != root)
      found_.add(Part::kCheckpoints, "checkpoint of " + std::to_string(size) +
                                         " leaves: its root is not the root of the leaves");
  for (const auto& tile : page.tiles) FOCAL_TRY(compare_tile(tile));
  return {};
}

void LogWalk::one_leaf(const Query& row) {
  const std::int64_t idx = row.integer(0);
  const Subject subject{"leaf", idx};
  found_.check(Part::kLeaves, idx == next_, subject, "does not follow the one before it (gap)");
  next_ = idx + 1;
  ++report_.leaves;
  const bool checkpoint = roots_.contains(next_);
  hashing_.add(row.blob(1), checkpoint ? std::optional(next_) : std::nullopt);
  const auto leaf = store::decode_leaf(row.blob(1));
  if (!leaf) {
    found_.check(Part::kLeaves, false, subject, "has no valid form");
    return;
  }
  check_padding(leaf->type == store::LeafType::kPad, subject, checkpoint);
  if (visit_) visit_(*leaf, row, subject);
}

// Padding only rounds the log up to the checkpoint made in the same transaction,
// so it shows where a checkpoint has to stand.
void LogWalk::check_padding(bool pad, const Subject& subject, bool checkpoint_here) {
  found_.check(Part::kCheckpoints, pad || !open_padding_, subject,
               "follows padding that has lost its checkpoint");
  open_padding_ = pad && !checkpoint_here;
}

Status LogWalk::compare_tile(const HashedPage::FullTile& tile) {
  ++report_.tiles;
  Query query(scope_.db, kTile);
  FOCAL_ASSIGN(const bool row, query.bind(tile.level, tile.n).next());
  if (!row || !equal(query.blob(0), tile.hashes))
    found_.add(Part::kTiles, tile_place(tile.level, tile.n) +
                                 (row ? " is not what the leaves say" : " is missing"));
  return {};
}

Status LogWalk::check_tile_count() {
  Query query(scope_.db, kTileCount);
  FOCAL_TRY(one_row(query));
  const auto tiles = static_cast<std::int64_t>(report_.tiles);
  // A node at work may have added tiles since; only then more are right.
  found_.check(Part::kTiles, query.integer(1) != scope_.size || query.integer(0) <= tiles,
               {"table tile"}, "has tiles the leaves do not make");
  return {};
}

Status verify_log(Scope& scope) { return LogWalk(scope, kLeavesAlone, {}).run(); }

}  // namespace focal::ledger
