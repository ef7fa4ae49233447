// The part of verify that reads batches of records: every record at its place in
// one that is signed as a whole, and what was sent has rows in the outbox.
#include "crypto/merkle.h"
#include "node/ledger/blobs.h"
#include "node/ledger/verify_parts.h"
#include "proto/lint.h"

namespace focal::ledger {
namespace {

using Part = VerifyPart;

constexpr int kSent = 1;
constexpr int kReceived = 2;

constexpr char kBatches[] =
    "SELECT id,dir,first_idx,n,stmt,sig,leaves FROM batch WHERE id>$1 AND first_idx<$2 "
    "ORDER BY id LIMIT $3";
constexpr char kBatchesBeyond[] =
    "SELECT COUNT(*) FROM batch WHERE first_idx>(SELECT COALESCE(MAX(idx),-1) FROM leaf)";
constexpr char kOutbox[] = "SELECT peer,state,done,receipts FROM outbox WHERE batch=$1";
constexpr char kReceiptOf[] = "SELECT 1 FROM receipt_in WHERE id=$1 AND peer=$2";
constexpr char kOutboxRows[] =
    "SELECT (SELECT COUNT(*) FROM outbox WHERE batch<=$1),(SELECT COUNT(*) FROM outbox WHERE "
    "batch>(SELECT COALESCE(MAX(id),0) FROM batch))";

class BatchVerifier {
 public:
  explicit BatchVerifier(Scope& scope) : scope_(scope), db_(scope.db), found_(scope.found) {}

  Status run() {
    FOCAL_TRY(each_page(scope_, kBatches, [this](const Query& q) { return batch(q); }));
    Query beyond(db_, kBatchesBeyond);
    FOCAL_TRY(one_row(beyond));
    found_.check(Part::kBatches, beyond.integer(0) == 0, {"table batch"},
                 "has batches behind the end of the log");
    Query rows(db_, kOutboxRows);
    rows.bind(last_);
    FOCAL_TRY(one_row(rows));
    found_.check(
        Part::kOutbox,
        rows.number<std::uint64_t>(0) == found_.report().outbox_rows && rows.integer(1) == 0,
        {"table outbox"}, "has rows of batches that were not sent");
    return {};
  }

 private:
  Status batch(const Query& query) {
    ++found_.report().batches;
    last_ = query.integer(0);
    const Subject subject{"batch", last_};
    const bool sent = query.integer(1) == kSent;
    const std::int64_t first = query.integer(2);
    const std::int64_t n = query.integer(3);
    const bool possible = first >= 0 && n > 0 && n <= static_cast<std::int64_t>(proto::kMaxItems) &&
                          first + n <= scope_.size && (sent || query.integer(1) == kReceived);
    found_.check(Part::kBatches, possible, subject, "covers leaves that no batch can cover");
    if (!possible) return {};
    FOCAL_ASSIGN(const std::vector<RecordLeaf> records, record_leaves(db_, first, n));
    found_.check(Part::kBatches, static_cast<std::int64_t>(records.size()) == n, subject,
                 "lacks records");
    std::vector<Hash32> rids;
    if (sent) {
      for (const RecordLeaf& record : records) rids.push_back(record.leaf.ref);
    } else {
      rids = decode_hashes(query.blob(6)).value_or(std::vector<Hash32>{});
    }
    for (const RecordLeaf& record : records)
      found_.check(Part::kBatches,
                   record.batch == last_ && record.dir == query.integer(1) &&
                       record.position < rids.size() && rids[record.position] == record.leaf.ref,
                   subject, "has a record that is not at its place in it");
    return sent ? sent_batch(query, subject, records, rids)
                : received_batch(query, subject, records, rids);
  }

  Status received_batch(const Query& query, const Subject& subject,
                        const std::vector<RecordLeaf>& records, const std::vector<Hash32>& rids) {
    for (const RecordLeaf& record : records)
      found_.check(Part::kBatches, record.peer == records.front().peer, subject,
                   "has records of two parties");
    const auto from =
        records.empty() ? scope_.parties.end() : scope_.parties.find(records.front().peer);
    check_statement(scope_, Part::kBatches, subject, 1,
                    from == scope_.parties.end() ? std::string("nobody") : from->second, rids,
                    query.blob(4), query.blob(5));
    return {};
  }

  Status sent_batch(const Query& query, const Subject& subject,
                    const std::vector<RecordLeaf>& records, const std::vector<Hash32>& rids) {
    check_statement(scope_, Part::kBatches, subject, 1, scope_.party, rids, query.blob(4),
                    query.blob(5));
    FOCAL_TRY(check_signed(scope_, Part::kBatches, subject, crypto::merkle_root(rids)));
    bool to_its_peer = false;
    Query row(db_, kOutbox);
    row.bind(last_);
    for (;;) {
      FOCAL_ASSIGN(const bool more, row.next());
      if (!more) break;
      ++found_.report().outbox_rows;
      to_its_peer |= !records.empty() && row.integer(0) == records.front().peer;
      check_outbox_row(row, subject, rids.size());
      FOCAL_TRY(check_receipts_of_row(row, subject));
    }
    found_.check(Part::kOutbox, to_its_peer, subject, "was sent and its outbox row is missing");
    for (const RecordLeaf& record : records)
      found_.check(Part::kBatches, record.peer == records.front().peer, subject,
                   "has records to two first recipients");
    return {};
  }

  void check_outbox_row(const Query& row, const Subject& subject, std::size_t n) {
    found_.check(Part::kOutbox, scope_.parties.contains(row.integer(0)), subject,
                 "has an outbox row of a party without a name");
    const auto statuses = decode_statuses(row.blob(2), n);
    found_.check(Part::kOutbox, statuses.has_value(), subject,
                 "has an outbox row for another number of items");
    bool open = false;
    if (statuses) {
      for (const std::uint32_t status : *statuses) open |= status == 0;
    }
    found_.check(Part::kOutbox, !open || !store::is_ended(row.number<store::OutboxState>(1)),
                 subject, "has an outbox row that ended with open items");
  }

  // The receipts that ended its items are receipts of that party.
  Status check_receipts_of_row(const Query& row, const Subject& subject) {
    if (row.is_null(3)) return {};
    const auto receipts = decode_indexes(row.blob(3));
    bool fine = receipts && !receipts->empty();
    for (const store::LeafIndex id : receipts.value_or(std::vector<store::LeafIndex>{})) {
      FOCAL_ASSIGN(const bool there, Query(db_, kReceiptOf).bind(id, row.integer(0)).next());
      fine = fine && there;
    }
    found_.check(Part::kOutbox, fine, subject, "has an outbox row that names receipts that are none");
    return {};
  }

  Scope& scope_;
  Driver& db_;
  Findings& found_;
  std::int64_t last_ = 0;
};

}  // namespace

Status verify_batches(Scope& scope) { return BatchVerifier(scope).run(); }

}  // namespace focal::ledger
