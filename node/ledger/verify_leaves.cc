// The part of verify that walks over the log and looks at the rows that stand beside a leaf.
#include <algorithm>
#include <utility>

#include "node/ledger/verify_parts.h"
#include "node/ledger/verify_walk.h"

namespace focal::ledger {
namespace {

using Part = VerifyPart;

constexpr char kLeaves[] =
    "SELECT l.idx,l.bytes,r.dir,r.status,r.created_ms,d.idx,s.idx,r.kind,r.peer,b.id,b.first_idx,"
    "r.batch,r.shred,r.wrapped IS NULL,r.ct IS NULL,d.wrapped IS NULL OR d.ct IS NULL FROM leaf l "
    "LEFT JOIN rec r ON r.idx=l.idx LEFT JOIN detail d ON d.idx=l.idx "
    "LEFT JOIN seen s ON s.created_ms=r.created_ms AND s.rid=substr(l.bytes,11,32) "
    "LEFT JOIN batch b ON b.id=r.batch AND b.first_idx<=l.idx AND l.idx-b.first_idx<b.n "
    "WHERE l.idx>$1 AND l.idx<$2 ORDER BY l.idx LIMIT $3";
constexpr char kLeafRef[] = "SELECT substr(bytes,11,32) FROM leaf WHERE idx=$1";
// Rows about the leaves looked at, and rows about leaves that no log has.
#define FOCAL_COUNT_ROWS            \
  "SELECT COALESCE(SUM(idx<$1),0)," \
  "COALESCE(SUM(idx>(SELECT COALESCE(MAX(idx),-1) FROM leaf)),0) FROM "
constexpr char kRecRows[] = FOCAL_COUNT_ROWS "rec";
constexpr char kSeenRows[] = FOCAL_COUNT_ROWS "seen";
constexpr char kDetailRows[] = FOCAL_COUNT_ROWS "detail";
#undef FOCAL_COUNT_ROWS

class LeafVerifier {
 public:
  explicit LeafVerifier(Scope& scope)
      : scope_(scope), db_(scope.db), found_(scope.found), report_(scope.found.report()) {}

  Status run() {
    FOCAL_TRY(LogWalk(scope_, kLeaves,
                      [this](const store::Leaf& leaf, const Query& row, const Subject& subject) {
                        ++scope_.leaves_of[static_cast<std::size_t>(leaf.type)];
                        check_rows(leaf, row, subject);
                      })
                  .run());
    FOCAL_TRY(check_counts());
    return find_repeated_records();
  }

 private:
  // Columns 2…15: rec.dir, .status, .created_ms, detail.idx, seen.idx, rec.kind, .peer, batch.id,
  // .first_idx, rec.batch, .shred; is rec.wrapped, .ct, the sealed detail gone?
  void check_rows(const store::Leaf& leaf, const Query& query, const Subject& subject) {
    const bool sent = leaf.type == store::LeafType::kSent;
    const bool received =
        leaf.type == store::LeafType::kReceived || leaf.type == store::LeafType::kRejected;
    const bool has_row = !query.is_null(2);
    found_.check(Part::kRecords, has_row == (sent || received), subject,
                 has_row ? "has a record but is no record's leaf" : "has no record");
    if (has_row) check_record(leaf, query, subject);
    if (received) rids_.push_back({get_u64be(leaf.ref), query.integer(0)});
    if (leaf.type == store::LeafType::kAdmin) read_subject(leaf.ref, query.integer(0));
    check_detail(leaf, query, subject);
  }

  // What the log says stands of the decisions and rows that have a leaf for every change.
  void read_subject(const Hash32& ref, std::int64_t idx) {
    if (const auto link = store::read_case_link_ref(ref))
      scope_.links[{link->a, link->b}] = {link->verdict, idx};
    if (const auto row = store::read_desk_ref(ref))
      scope_.desk[{row->table, row->id}] = {row->open ? 1 : 0, idx};
  }

  // The leaves of a batch that was sent have one detail, which stands beside the first.
  void check_detail(const store::Leaf& leaf, const Query& query, const Subject& subject) {
    const bool has_detail = !query.is_null(5);
    if (has_detail) ++details_;
    if (has_detail && query.integer(15) != 0) scope_.bare_details.push_back(query.integer(0));
    const bool follows = leaf.type == store::LeafType::kSent && !query.is_null(9) &&
                         query.integer(10) != query.integer(0);
    if (!follows) {
      batch_first_ = query.integer(0);
      batch_detail_ = leaf.detail;
      const bool committed = leaf.detail != Hash32{};
      found_.check(Part::kRecords, committed == has_detail, subject,
                   has_detail ? "has a detail it does not commit to" : "has lost its detail");
      return;
    }
    found_.check(Part::kRecords,
                 !has_detail && query.integer(10) == batch_first_ && leaf.detail == batch_detail_,
                 subject, "commits to another detail than its batch");
  }

  void check_record(const store::Leaf& leaf, const Query& query, const Subject& subject) {
    ++report_.records;
    const bool sent = leaf.type == store::LeafType::kSent;
    const bool rejected = leaf.type == store::LeafType::kRejected;
    const auto status = query.number<std::uint32_t>(3);
    found_.check(Part::kRecords, query.integer(2) == (sent ? 1 : 2), subject,
                 "has a record of the other direction");
    found_.check(Part::kRecords,
                 sent       ? status == 0
                 : rejected ? store::is_rejected(status)
                            : store::is_accepted(status),
                 subject, "has a record of another status");
    found_.check(Part::kRecords, !query.is_null(6) && query.integer(6) == query.integer(0), subject,
                 "is not the one its record id leads to");
    found_.check(Part::kRecords, scope_.parties.contains(query.integer(8)), subject,
                 "has a record of a party without a name");
    if (check_body(query, subject)) return;
    found_.check(Part::kBatches, !query.is_null(9), subject, "has a record in no batch");
    const auto kind = scope_.kinds.find(query.integer(7));
    found_.check(Part::kRecords, kind != scope_.kinds.end(), subject,
                 "has a record of a kind without a name");
    if (kind != scope_.kinds.end() && kind->second && takes_part_in_a_case(sent, status))
      ++scope_.case_records;
  }

  // Content is there, or was erased (verify_shred looks at the leaf), or never came back: then
  // nothing else is known of the record, which is what this returns.
  bool check_body(const Query& query, const Subject& subject) {
    const bool bare = query.integer(13) != 0, no_text = query.integer(14) != 0;
    found_.check(Part::kErasures, bare == no_text, subject, "has half of its record's content");
    const bool recovered = query.integer(11) == 0 && query.integer(7) == 0 && query.integer(2) == 2;
    if (!query.is_null(12)) {
      if (query.integer(12) < scope_.size)
        scope_.shreds.push_back({query.integer(0), query.integer(12)});
      found_.check(Part::kErasures, bare, subject, "has content that was erased");
      return recovered;
    }
    if (bare && recovered) ++report_.recovered;
    found_.check(Part::kErasures, !bare || recovered, subject, "has lost its record's content");
    return bare && recovered;
  }

  Status check_counts() {
    const auto records = static_cast<std::int64_t>(report_.records);
    FOCAL_TRY(compare_rows(kRecRows, records, "table rec", "has records without a leaf"));
    FOCAL_TRY(compare_rows(kSeenRows, records, "table seen", "does not name every record once"));
    return compare_rows(kDetailRows, details_, "table detail", "has details without a leaf");
  }

  Status compare_rows(const char* sql, std::int64_t expected, const char* table,
                      const char* problem) {
    Query query(db_, sql);
    query.bind(scope_.size);
    FOCAL_TRY(one_row(query));
    found_.check(Part::kRecords, query.integer(0) == expected && query.integer(1) == 0, {table},
                 problem);
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
        found_.add(Part::kRecords, "record " + one + " has two leaves, " +
                                       std::to_string(rids_[i - 1].second) + " and " +
                                       std::to_string(rids_[i].second));
    }
    return {};
  }

  Result<std::string> ref_of(std::int64_t idx) {
    Query query(db_, kLeafRef);
    FOCAL_TRY(query.bind(idx).next());
    return hex(query.blob(0));
  }

  Scope& scope_;
  Driver& db_;
  Findings& found_;
  VerifyReport& report_;
  std::int64_t details_ = 0;
  std::int64_t batch_first_ = -1;  // leaf whose detail is that of those that follow it
  Hash32 batch_detail_{};
  std::vector<std::pair<std::uint64_t, std::int64_t>> rids_;
};

}  // namespace

Status verify_leaves(Scope& scope) { return LeafVerifier(scope).run(); }

}  // namespace focal::ledger
