// The half of verify that reads signed statements and receipt items.
#include <map>

#include "crypto/merkle.h"
#include "node/ledger/blobs.h"
#include "node/ledger/verify_parts.h"
#include "proto/envelope.pb.h"

namespace focal::ledger {
namespace {

constexpr char kBatches[] =
    "SELECT id,dir,first_idx,n,stmt,leaves FROM batch WHERE first_idx+n<=$1 ORDER BY id";
constexpr char kRange[] =
    "SELECT l.idx,l.bytes,r.dir,r.status,r.created_ms,r.batch,r.pos FROM leaf l "
    "LEFT JOIN rec r ON r.idx=l.idx WHERE l.idx>=$1 AND l.idx<$2 ORDER BY l.idx";
constexpr char kSigned[] = "SELECT 1 FROM signed WHERE root=$1";
constexpr char kReceiptsOut[] =
    "SELECT o.id,o.first_idx,o.n,o.idxs,o.stmt,l.bytes FROM receipt_batch o "
    "LEFT JOIN leaf l ON l.idx=o.id WHERE o.id<$1 ORDER BY o.id";
constexpr char kReceiptsIn[] =
    "SELECT i.id,i.items,i.stmt,l.bytes,s.idx FROM receipt_in i LEFT JOIN leaf l ON l.idx=i.id "
    "LEFT JOIN receipt_seen s ON s.root=substr(l.bytes,11,32) AND s.peer=i.peer WHERE i.id<$1 "
    "ORDER BY i.id";
constexpr char kLeafTypes[] =
    "SELECT COALESCE(SUM(substr(bytes,2,1)=x'03'),0), COALESCE(SUM(substr(bytes,2,1)=x'04'),0) "
    "FROM leaf WHERE idx<$1";

struct RangeRow {
  store::Leaf leaf;
  std::int64_t dir = 0;
  std::uint32_t status = 0;
  std::uint64_t created_ms = 0;
  std::int64_t batch = 0;
  std::size_t position = 0;
};

class BatchVerifier {
 public:
  BatchVerifier(Driver& db, std::int64_t size, Findings& found)
      : db_(db), size_(size), found_(found) {}

  Status run() {
    FOCAL_TRY(each(kBatches, [this](const Query& q) { return batch(q); }));
    FOCAL_TRY(each(kReceiptsOut, [this](const Query& q) { return receipts_out(q); }));
    FOCAL_TRY(each(kReceiptsIn, [this](const Query& q) { return receipts_in(q); }));
    return count_receipt_leaves();
  }

 private:
  template <typename Visit>
  Status each(const char* sql, Visit visit) {
    Query query(db_, sql);
    query.bind(size_);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) return {};
      FOCAL_TRY(visit(query));
    }
  }

  Result<std::vector<RangeRow>> range(std::int64_t first, std::int64_t n) {
    std::vector<RangeRow> out;
    Query query(db_, kRange);
    query.bind(first, first + n);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) return out;
      const auto leaf = store::decode_leaf(query.blob(1));
      if (!leaf || query.is_null(2)) continue;  // reported with the leaves
      out.push_back({*leaf, query.integer(2), query.number<std::uint32_t>(3),
                     query.number<std::uint64_t>(4), query.integer(5),
                     query.number<std::size_t>(6)});
    }
  }

  // The statement is about these leaves: purpose, number, root.
  bool stmt_says(ByteView stmt, std::uint32_t purpose, std::span<const Hash32> leaves) {
    v1::BatchStmt parsed;
    return parsed.ParseFromArray(stmt.data(), static_cast<int>(stmt.size())) &&
           parsed.purpose() == purpose && parsed.size() == leaves.size() &&
           equal(as_bytes(parsed.root()), crypto::merkle_root(leaves));
  }

  Status batch(const Query& query) {
    const std::int64_t id = query.integer(0);
    const std::string subject = "batch " + std::to_string(id);
    const bool sent = query.integer(1) == 1;
    const std::int64_t n = query.integer(3);
    FOCAL_ASSIGN(const std::vector<RangeRow> rows, range(query.integer(2), n));
    found_.check(static_cast<std::int64_t>(rows.size()) == n, subject, "lacks records");
    std::vector<Hash32> rids;
    if (sent) {
      for (const RangeRow& row : rows) rids.push_back(row.leaf.ref);
    } else {
      rids = decode_hashes(query.blob(5)).value_or(std::vector<Hash32>{});
    }
    for (const RangeRow& row : rows)
      found_.check(row.batch == id && row.dir == query.integer(1) && row.position < rids.size() &&
                       rids[row.position] == row.leaf.ref,
                   subject, "has a record that is not at its place in it");
    found_.check(stmt_says(query.blob(4), 1, rids), subject,
                 "has a statement about something else");
    if (sent) {
      const Hash32 root = crypto::merkle_root(rids);
      FOCAL_ASSIGN(const bool known, Query(db_, kSigned).bind(root).next());
      found_.check(known, subject, "is missing among the signed statements");
    }
    return {};
  }

  // The items of an issued receipt batch, rebuilt from leaves and rows.
  Status receipts_out(const Query& query) {
    ++found_.report().receipt_batches;
    const std::string subject = "receipt batch at leaf " + std::to_string(query.integer(0));
    std::vector<RangeRow> rows;
    if (query.is_null(3)) {
      FOCAL_ASSIGN(rows, range(query.integer(1), query.integer(2)));
    } else {
      for (const store::LeafIndex idx :
           decode_indexes(query.blob(3)).value_or(std::vector<store::LeafIndex>{})) {
        FOCAL_ASSIGN(const std::vector<RangeRow> one, range(idx, 1));
        rows.insert(rows.end(), one.begin(), one.end());
      }
    }
    std::vector<Hash32> leaves;
    for (const RangeRow& row : rows) {
      if (row.dir == 2) leaves.push_back(crypto::merkle_leaf(as_bytes(item_of(row))));
    }
    found_.check(!leaves.empty() && leaves.size() == query.number<std::size_t>(2), subject,
                 "names leaves that are no received records");
    const auto leaf = store::decode_leaf(query.blob(5));
    found_.check(leaf && leaf->type == store::LeafType::kReceiptOut, subject, "has no leaf");
    found_.check(leaf && leaf->ref == crypto::merkle_root(leaves), subject,
                 "does not follow from the records it names");
    found_.check(stmt_says(query.blob(4), 2, leaves), subject,
                 "has a statement about something else");
    return {};
  }

  static std::string item_of(const RangeRow& row) {
    v1::ReceiptItem item;
    item.set_rid(to_string(row.leaf.ref));
    item.set_status(row.status);
    item.set_leaf(to_string(store::leaf_hash(row.leaf)));
    item.set_at_ms(row.leaf.time_ms);
    item.set_created_ms(row.created_ms);
    return item.SerializeAsString();
  }

  Status receipts_in(const Query& query) {
    ++found_.report().receipt_batches;
    const std::string subject = "receipts at leaf " + std::to_string(query.integer(0));
    const auto items = decode_list(query.blob(1));
    std::vector<Hash32> leaves;
    if (items) {
      for (const Bytes& item : *items) leaves.push_back(crypto::merkle_leaf(item));
    }
    const auto leaf = store::decode_leaf(query.blob(3));
    found_.check(leaf && leaf->type == store::LeafType::kReceiptIn, subject, "have no leaf");
    found_.check(leaf && leaf->ref == crypto::merkle_root(leaves), subject,
                 "are not the ones of their leaf");
    found_.check(stmt_says(query.blob(2), 2, leaves), subject,
                 "have a statement about something else");
    found_.check(receipt_rids(query.blob(1)).has_value(), subject, "do not parse");
    found_.check(!query.is_null(4) && query.integer(4) == query.integer(0), subject,
                 "are not the ones their root leads to");
    return {};
  }

  Status count_receipt_leaves() {
    Query query(db_, kLeafTypes);
    FOCAL_ASSIGN(const bool row, query.bind(size_).next());
    FOCAL_CHECK(row);
    found_.check(query.number<std::uint64_t>(0) + query.number<std::uint64_t>(1) ==
                     found_.report().receipt_batches,
                 "the log", "has receipt leaves without a receipt batch");
    return {};
  }

  Driver& db_;
  std::int64_t size_;
  Findings& found_;
};

}  // namespace

Status verify_batches(Driver& db, std::int64_t size, Findings& findings) {
  return BatchVerifier(db, size, findings).run();
}

std::optional<std::vector<Hash32>> receipt_rids(ByteView items) {
  const auto list = decode_list(items);
  if (!list) return std::nullopt;
  std::vector<Hash32> out;
  for (const Bytes& bytes : *list) {
    v1::ReceiptItem item;
    if (!item.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
    const auto rid = fixed<32>(as_bytes(item.rid()));
    if (!rid) return std::nullopt;
    out.push_back(*rid);
  }
  return out;
}

}  // namespace focal::ledger
