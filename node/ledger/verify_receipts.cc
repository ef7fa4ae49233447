// The part of verify that reads receipts: those issued follow from the records
// they name, those received from their exact items.
#include "crypto/merkle.h"
#include "node/ledger/blobs.h"
#include "node/ledger/receipt_items.h"
#include "node/ledger/verify_parts.h"

namespace focal::ledger {
namespace {

using Part = VerifyPart;

constexpr char kReceiptsOut[] =
    "SELECT o.id,o.first_idx,o.n,o.idxs,o.stmt,o.sig,l.bytes,o.peer FROM receipt_batch o "
    "LEFT JOIN leaf l ON l.idx=o.id WHERE o.id>$1 AND o.id<$2 ORDER BY o.id LIMIT $3";
constexpr char kReceiptsIn[] =
    "SELECT i.id,i.items,i.stmt,i.sig,l.bytes,s.idx,i.peer FROM receipt_in i "
    "LEFT JOIN leaf l ON l.idx=i.id "
    "LEFT JOIN receipt_seen s ON s.root=substr(l.bytes,11,32) AND s.peer=i.peer "
    "WHERE i.id>$1 AND i.id<$2 ORDER BY i.id LIMIT $3";
// Rows about leaves below the end of what is looked at, and about none at all.
#define FOCAL_COUNT_ROWS(column)                               \
  "SELECT COALESCE(SUM(" column "<$1),0),COALESCE(SUM(" column \
  ">(SELECT COALESCE(MAX(idx),-1) FROM leaf)),0) FROM "
constexpr char kOutRows[] = FOCAL_COUNT_ROWS("id") "receipt_batch";
constexpr char kInRows[] = FOCAL_COUNT_ROWS("id") "receipt_in";
constexpr char kSeenRows[] = FOCAL_COUNT_ROWS("idx") "receipt_seen";
#undef FOCAL_COUNT_ROWS

class ReceiptVerifier {
 public:
  explicit ReceiptVerifier(Scope& scope) : scope_(scope), db_(scope.db), found_(scope.found) {}

  Status run() {
    FOCAL_TRY(each_page(scope_, kReceiptsOut, [this](const Query& q) { return issued(q); }));
    FOCAL_TRY(each_page(scope_, kReceiptsIn, [this](const Query& q) { return received(q); }));
    const std::uint64_t out = leaves(store::LeafType::kReceiptOut);
    const std::uint64_t in = leaves(store::LeafType::kReceiptIn);
    FOCAL_TRY(compare_rows(kOutRows, "table receipt_batch", out));
    FOCAL_TRY(compare_rows(kInRows, "table receipt_in", in));
    return compare_rows(kSeenRows, "table receipt_seen", in);
  }

 private:
  std::uint64_t leaves(store::LeafType type) const {
    return scope_.leaves_of[static_cast<std::size_t>(type)];
  }

  Status compare_rows(const char* sql, const char* table, std::uint64_t expected) {
    Query query(db_, sql);
    query.bind(scope_.size);
    FOCAL_TRY(one_row(query));
    const auto rows = query.number<std::uint64_t>(0);
    found_.check(Part::kReceipts, rows >= expected, {"the log"},
                 "has receipt leaves without a receipt batch");
    found_.check(Part::kReceipts, rows <= expected && query.integer(1) == 0, {table},
                 "has rows without a leaf");
    return {};
  }

  std::string name(std::int64_t party) const {
    const auto found = scope_.parties.find(party);
    return found == scope_.parties.end() ? std::string("nobody") : found->second;
  }

  // The items of an issued receipt batch, rebuilt from leaves and rows.
  Status issued(const Query& query) {
    ++found_.report().receipt_batches;
    const Subject subject{"receipt batch at leaf", query.integer(0)};
    FOCAL_ASSIGN(const std::vector<RecordLeaf> records, records_of(query));
    std::vector<Hash32> leaves;
    bool to_its_sender = true;
    for (const RecordLeaf& record : records) {
      if (record.dir == 2) leaves.push_back(crypto::merkle_leaf(
          receipt_item(record.leaf, record.status, record.created_ms)));
      to_its_sender &= record.peer == query.integer(7);
    }
    found_.check(Part::kReceipts, !leaves.empty() && leaves.size() == query.number<std::size_t>(2),
                 subject, "names leaves that are no received records");
    found_.check(Part::kReceipts, to_its_sender, subject, "names records of another party");
    const auto leaf = store::decode_leaf(query.blob(6));
    found_.check(Part::kReceipts, leaf && leaf->type == store::LeafType::kReceiptOut, subject,
                 "has no leaf");
    found_.check(Part::kReceipts, leaf && leaf->ref == crypto::merkle_root(leaves), subject,
                 "does not follow from the records it names");
    check_statement(scope_, Part::kReceipts, subject, 2, scope_.party, leaves, query.blob(4),
                    query.blob(5));
    return check_signed(scope_, Part::kReceipts, subject, crypto::merkle_root(leaves));
  }

  Result<std::vector<RecordLeaf>> records_of(const Query& query) {
    const std::int64_t first = query.integer(1);
    const std::int64_t n = query.integer(2);
    if (query.is_null(3)) {
      if (first < 0 || n < 0 || n > scope_.size - first) return std::vector<RecordLeaf>{};
      return record_leaves(db_, first, n);
    }
    std::vector<RecordLeaf> out;
    const auto list = decode_indexes(query.blob(3));
    for (const store::LeafIndex idx : list.value_or(std::vector<store::LeafIndex>{})) {
      if (idx < 0 || idx >= scope_.size) continue;
      FOCAL_ASSIGN(const std::vector<RecordLeaf> one, record_leaves(db_, idx, 1));
      out.insert(out.end(), one.begin(), one.end());
    }
    return out;
  }

  Status received(const Query& query) {
    ++found_.report().receipt_batches;
    const Subject subject{"receipts at leaf", query.integer(0)};
    const auto items = decode_list(query.blob(1));
    std::vector<Hash32> leaves;
    if (items) {
      for (const Bytes& item : *items) leaves.push_back(crypto::merkle_leaf(item));
    }
    const auto leaf = store::decode_leaf(query.blob(4));
    found_.check(Part::kReceipts, leaf && leaf->type == store::LeafType::kReceiptIn, subject,
                 "have no leaf");
    found_.check(Part::kReceipts, leaf && leaf->ref == crypto::merkle_root(leaves), subject,
                 "are not the ones of their leaf");
    found_.check(Part::kReceipts, receipt_rids(query.blob(1)).has_value(), subject, "do not parse");
    found_.check(Part::kReceipts, !query.is_null(5) && query.integer(5) == query.integer(0),
                 subject, "are not the ones their root leads to");
    check_statement(scope_, Part::kReceipts, {"receipt batch received at leaf", query.integer(0)},
                    2, name(query.integer(6)), leaves, query.blob(2), query.blob(3));
    return {};
  }

  Scope& scope_;
  Driver& db_;
  Findings& found_;
};

}  // namespace

Status verify_receipts(Scope& scope) { return ReceiptVerifier(scope).run(); }

}  // namespace focal::ledger
