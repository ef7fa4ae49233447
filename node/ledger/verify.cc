#include "node/ledger/verify.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/clock.h"
#include "node/ledger/checkpoint.h"
#include "node/ledger/schema.h"
#include "node/ledger/sqlite_driver.h"
#include "node/ledger/tiles.h"
#include "node/ledger/verify_parts.h"

namespace focal::ledger {
namespace {

// One read transaction each: a long one would hold up a running node's log.
constexpr std::int64_t kChunk = 20'000;

constexpr char kLeafEnd[] = "SELECT COALESCE(MAX(idx),-1)+1 FROM leaf";
constexpr char kChunkOfLeaves[] =
    "SELECT l.idx,l.bytes,r.dir,r.status,r.created_ms,d.idx,s.idx FROM leaf l "
    "LEFT JOIN rec r ON r.idx=l.idx LEFT JOIN detail d ON d.idx=l.idx "
    "LEFT JOIN seen s ON s.created_ms=r.created_ms AND s.rid=substr(l.bytes,11,32) "
    "WHERE l.idx>=$1 AND l.idx<$2 ORDER BY l.idx";
constexpr char kTile[] = "SELECT hashes FROM tile WHERE level=$1 AND n=$2";
constexpr char kTileCount[] = "SELECT COUNT(*) FROM tile";
constexpr char kRecCount[] = "SELECT COUNT(*) FROM rec WHERE idx<$1";
constexpr char kSeenCount[] = "SELECT COUNT(*) FROM seen WHERE idx<$1";
constexpr char kDetailCount[] = "SELECT COUNT(*) FROM detail WHERE idx<$1";
constexpr char kCheckpoints[] =
    "SELECT size,root,note FROM checkpoint WHERE size<=$1 ORDER BY size";
constexpr char kTooLarge[] = "SELECT COUNT(*) FROM checkpoint WHERE size>$1";
constexpr char kLeafRef[] = "SELECT substr(bytes,11,32) FROM leaf WHERE idx=$1";
constexpr char kLeafRefs[] = "SELECT bytes FROM leaf ORDER BY idx";
constexpr char kReceiptItems[] = "SELECT items FROM receipt_in ORDER BY id";

Result<std::int64_t> one_number(Driver& db, const char* sql,
                                std::optional<std::int64_t> argument = std::nullopt) {
  Query query(db, sql);
  if (argument) query.bind(*argument);
  FOCAL_ASSIGN(const bool row, query.next());
  FOCAL_CHECK(row);
  return query.integer(0);
}

// The root by another way than tiles: hashes of the complete subtrees on the
// right edge, one per level.
class Frontier {
 public:
  void append(Hash32 hash) {
    std::size_t level = 0;
    for (; level < nodes_.size() && nodes_[level]; ++level) {
      hash = crypto::merkle_node(*nodes_[level], hash);
      nodes_[level].reset();
    }
    if (level == nodes_.size()) nodes_.emplace_back();
    nodes_[level] = hash;
  }
  Hash32 root() const {
    std::optional<Hash32> out;
    for (const auto& node : nodes_) {
      if (node) out = out ? crypto::merkle_node(*node, *out) : *node;
    }
    return out.value_or(crypto::merkle_root({}));
  }

 private:
  std::vector<std::optional<Hash32>> nodes_;
};

class Verifier {
 public:
  Verifier(Driver& db, const VerifyOptions& options, VerifyReport& report)
      : db_(db), options_(options), report_(report), found_(report) {}

  Status run() {
    FOCAL_TRY(db_.quick_check());
    FOCAL_ASSIGN(size_, one_number(db_, kLeafEnd));
    FOCAL_TRY(load_checkpoints());
    FOCAL_TRY(walk_leaves());
    report_.root = frontier_.root();
    FOCAL_TRY(check_counts());
    FOCAL_TRY(find_repeated_records());
    return verify_batches(db_, size_, found_);
  }

 private:
  Status load_checkpoints() {
    FOCAL_ASSIGN(const std::int64_t beyond, one_number(db_, kTooLarge, size_));
    if (beyond != 0) found_.add("a checkpoint is larger than the log");
    Query query(db_, kCheckpoints);
    query.bind(size_);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) return {};
      const store::CheckpointRow read{query.number<std::uint64_t>(0), query.hash(1), query.text(2)};
      if (auto fine = check_checkpoint(read, report_.origin, options_.log_key); !fine)
        found_.add("checkpoint of " + std::to_string(read.size) +
                   " leaves: " + fine.error().message);
      roots_[query.integer(0)] = read.root;
      ++report_.checkpoints;
    }
  }

  Status walk_leaves() {
    for (std::int64_t first = 0; first < size_; first += kChunk) {
      Query query(db_, kChunkOfLeaves);
      query.bind(first, std::min(first + kChunk, size_));
      for (;;) {
        FOCAL_ASSIGN(const bool row, query.next());
        if (!row) break;
        FOCAL_TRY(one_leaf(query));
      }
      if (options_.progress)
        options_.progress(static_cast<std::uint64_t>(std::min(first + kChunk, size_)),
                          static_cast<std::uint64_t>(size_));
    }
    found_.check(next_ == size_, "the log", "ends in a gap");
    return {};
  }

  Status one_leaf(const Query& query) {
    const std::int64_t idx = query.integer(0);
    const std::string subject = "leaf " + std::to_string(idx);
    found_.check(idx == next_, subject, "does not follow the one before it (gap)");
    next_ = idx + 1;
    ++report_.leaves;
    const Hash32 hash = crypto::merkle_leaf(query.blob(1));
    frontier_.append(hash);
    FOCAL_TRY(edge_.append(hash, [this](unsigned level, std::int64_t n, const Tile& tile) {
      return compare_tile(level, n, tile);
    }));
    if (const auto root = roots_.find(next_); root != roots_.end())
      found_.check(root->second == frontier_.root(),
                   "checkpoint of " + std::to_string(next_) + " leaves:",
                   "its root is not the root of the leaves");
    const auto leaf = store::decode_leaf(query.blob(1));
    if (!leaf) {
      found_.add(subject + " has no valid form");
    } else {
      check_rows(*leaf, query, subject);
    }
    return {};
  }

  Status compare_tile(unsigned level, std::int64_t n, const Tile& tile) {
    ++report_.tiles;
    Query query(db_, kTile);
    FOCAL_ASSIGN(const bool row, query.bind(level, n).next());
    const std::string subject = "tile (" + std::to_string(level) + "," + std::to_string(n) + ")";
    found_.check(row, subject, "is missing");
    if (row)
      found_.check(equal(query.blob(0), encode_tile(tile)), subject, "is not what the leaves say");
    return {};
  }

  // Columns 2…6: rec.dir, rec.status, rec.created_ms, detail.idx, seen.idx.
  void check_rows(const store::Leaf& leaf, const Query& query, const std::string& subject) {
    const bool sent = leaf.type == store::LeafType::kSent;
    const bool rejected = leaf.type == store::LeafType::kRejected;
    const bool received = leaf.type == store::LeafType::kReceived || rejected;
    const bool has_row = !query.is_null(2);
    found_.check(has_row == (sent || received), subject,
                 has_row ? "has a record but is no record's leaf" : "has no record");
    if (has_row) {
      ++report_.records;
      found_.check(query.integer(2) == (sent ? 1 : 2), subject,
                   "has a record of the other direction");
      found_.check(!received || store::is_rejected(query.number<std::uint32_t>(3)) == rejected,
                   subject, "has a record of another status");
      found_.check(!query.is_null(6) && query.integer(6) == query.integer(0), subject,
                   "is not the one its record id leads to");
    }
    if (received) rids_.push_back({get_u64be(leaf.ref), query.integer(0)});
    const bool committed = leaf.detail != Hash32{};
    const bool has_detail = !query.is_null(5);
    if (has_detail) ++details_;
    found_.check(committed == has_detail, subject,
                 has_detail ? "has a detail it does not commit to" : "has lost its detail");
  }

  Status check_counts() {
    FOCAL_ASSIGN(const std::int64_t recs, one_number(db_, kRecCount, size_));
    FOCAL_ASSIGN(const std::int64_t seen, one_number(db_, kSeenCount, size_));
    FOCAL_ASSIGN(const std::int64_t details, one_number(db_, kDetailCount, size_));
    FOCAL_ASSIGN(const std::int64_t tiles, one_number(db_, kTileCount));
    const auto records = static_cast<std::int64_t>(report_.records);
    found_.check(recs == records, "table rec", "has records without a leaf");
    found_.check(seen == records, "table seen", "does not name every record once");
    found_.check(details == details_, "table detail", "has details without a leaf");
    found_.check(tiles >= static_cast<std::int64_t>(report_.tiles), "table tile", "lacks tiles");
    FOCAL_ASSIGN(const std::int64_t end, one_number(db_, kLeafEnd));
    // A node at work may have added tiles since; only then more are right.
    found_.check(end != size_ || tiles == static_cast<std::int64_t>(report_.tiles), "table tile",
                 "has tiles the leaves do not make");
    return {};
  }

  // At most one RECEIVED or REJECTED leaf per record id. Eight bytes of each id
  // are kept in memory; where they are equal, the ids are compared whole.
  Status find_repeated_records() {
    std::sort(rids_.begin(), rids_.end());
    for (std::size_t i = 1; i < rids_.size(); ++i) {
      if (rids_[i].first != rids_[i - 1].first) continue;
      FOCAL_ASSIGN(const std::string one, ref_of(rids_[i - 1].second));
      FOCAL_ASSIGN(const std::string two, ref_of(rids_[i].second));
      if (one == two)
        found_.add("record " + one + " has two leaves, " + std::to_string(rids_[i - 1].second) +
                   " and " + std::to_string(rids_[i].second));
    }
    return {};
  }

  Result<std::string> ref_of(std::int64_t idx) {
    Query query(db_, kLeafRef);
    FOCAL_TRY(query.bind(idx).next());
    return hex(query.blob(0));
  }

  Driver& db_;
  const VerifyOptions& options_;
  VerifyReport& report_;
  Findings found_;
  std::int64_t size_ = 0;
  std::int64_t next_ = 0;
  std::int64_t details_ = 0;
  Edge edge_;
  Frontier frontier_;
  std::map<std::int64_t, Hash32> roots_;
  std::vector<std::pair<std::uint64_t, std::int64_t>> rids_;
};

}  // namespace

Result<VerifyReport> verify(const std::filesystem::path& ledger_file,
                            const VerifyOptions& options) {
  FOCAL_ASSIGN(auto db, open_sqlite(ledger_file, SqliteMode::kReadOnly));
  FOCAL_ASSIGN(const Meta meta, read_meta(*db));
  VerifyReport report;
  report.party = meta.party;
  report.origin = meta.origin;
  const std::uint64_t begin = options.mono_ms ? options.mono_ms() : 0;
  Verifier verifier(*db, options, report);
  if (auto done = verifier.run(); !done) Findings(report).add(done.error().message);
  if (options.mono_ms) {
    const std::uint64_t took = std::max<std::uint64_t>(options.mono_ms() - begin, 1);
    report.leaves_per_s = 1000.0 * static_cast<double>(report.leaves) / static_cast<double>(took);
  }
  return report;
}

Result<std::vector<Hash32>> record_ids(const std::filesystem::path& ledger_file,
                                       store::LeafType type) {
  FOCAL_ASSIGN(auto db, open_sqlite(ledger_file, SqliteMode::kReadOnly));
  FOCAL_ASSIGN(const Meta meta, read_meta(*db));
  static_cast<void>(meta);
  const bool receipts = type == store::LeafType::kReceiptIn;
  std::vector<Hash32> out;
  Query query(*db, receipts ? kReceiptItems : kLeafRefs);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) return out;
    if (receipts) {
      const auto rids = receipt_rids(query.blob(0));
      if (!rids) return fail(ErrorCode::kCorrupt, "a receipt batch does not parse");
      out.insert(out.end(), rids->begin(), rids->end());
    } else if (const auto leaf = store::decode_leaf(query.blob(0)); leaf && leaf->type == type) {
      out.push_back(leaf->ref);
    }
  }
}

}  // namespace focal::ledger
