// The part of verify that reads cases: every event is a record of its case, every
// record of a case kind stands in one case, once.
#include <algorithm>

#include "node/ledger/verify_parts.h"

namespace focal::ledger {
namespace {

using Part = VerifyPart;

// $1 the case the last page ended with, $3 cases of a page.
constexpr char kCases[] =
    "SELECT id,root_ms,root_rid,kind,peer FROM cases WHERE id>$1 AND $2>=0 ORDER BY id LIMIT $3";
constexpr char kEvents[] =
    "SELECT e.idx,e.kind,e.sender,r.dir,r.kind,r.peer,r.status,r.created_ms,l.bytes "
    "FROM case_event e LEFT JOIN rec r ON r.idx=e.idx LEFT JOIN leaf l ON l.idx=e.idx "
    "WHERE e.case_id=$1 ORDER BY e.idx";
constexpr char kEventRows[] =
    "SELECT COALESCE(SUM(idx<$1),0),COALESCE(SUM(idx>(SELECT COALESCE(MAX(idx),-1) FROM leaf)),0) "
    "FROM case_event";
constexpr char kLinks[] =
    "SELECT a,b,verdict,idx,(SELECT COUNT(*) FROM cases c WHERE c.id=a OR c.id=b),"
    "EXISTS(SELECT 1 FROM leaf l WHERE l.idx=case_link.idx) FROM case_link";

class CaseVerifier {
 public:
  explicit CaseVerifier(Scope& scope) : scope_(scope), db_(scope.db), found_(scope.found) {}

  Status run() {
    FOCAL_TRY(each_page(scope_, kCases, [this](const Query& q) { return one_case(q); }));
    Query rows(db_, kEventRows);
    rows.bind(scope_.size);
    FOCAL_TRY(one_row(rows));
    found_.check(Part::kCases,
                 rows.integer(0) == static_cast<std::int64_t>(events_) && rows.integer(1) == 0,
                 {"table case_event"}, "has events of no case");
    std::sort(records_.begin(), records_.end());
    const bool once = std::adjacent_find(records_.begin(), records_.end()) == records_.end();
    found_.check(Part::kCases, once && records_.size() == scope_.case_records, {"table case_event"},
                 "does not name every record of a case once");
    return links();
  }

 private:
  Status one_case(const Query& query) {
    ++found_.report().cases;
    const Subject subject{"case", query.integer(0)};
    const bool root_here = !query.is_null(3);
    bool any = false;
    bool root = false;
    Query event(db_, kEvents);
    event.bind(query.integer(0));
    for (;;) {
      FOCAL_ASSIGN(const bool row, event.next());
      if (!row) break;
      any = true;
      const auto leaf = store::decode_leaf(event.blob(8));
      const bool is_root = leaf && equal(leaf->ref, query.blob(2));
      root |= is_root && event.integer(7) == query.integer(1) && root_here &&
              event.integer(1) == query.integer(3);
      if (event.integer(0) < scope_.size) one_event(event, subject);
    }
    found_.check(Part::kCases, any, subject, "has no event");
    found_.check(Part::kCases, root == root_here, subject, "has another root than its events");
    found_.check(Part::kCases, scope_.parties.contains(query.integer(4)) || !any, subject,
                 "is with a party without a name");
    return {};
  }

  // Columns: idx, kind, sender of the event; dir, kind, peer, status, created_ms of
  // the record; its leaf.
  void one_event(const Query& event, const Subject& subject) {
    ++events_;
    if (event.is_null(3)) {
      found_.check(Part::kCases, false, subject, "has an event that is no record");
      return;
    }
    const bool sent = event.integer(3) == 1;
    const auto sender = scope_.parties.find(event.integer(2));
    const bool from = sent ? sender != scope_.parties.end() && sender->second == scope_.party
                           : event.integer(2) == event.integer(5);
    const auto kind = scope_.kinds.find(event.integer(4));
    const bool counts = kind != scope_.kinds.end() && kind->second &&
                        takes_part_in_a_case(sent, event.number<std::uint32_t>(6));
    found_.check(Part::kCases, counts && event.integer(1) == event.integer(4) && from, subject,
                 "has an event that is not what its record says");
    if (counts) records_.push_back(event.integer(0));
  }

  // The decisions about two cases are those that the log says stand.
  Status links() {
    std::size_t seen = 0;
    Query query(db_, kLinks);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) break;
      const Subject subject{"a link of case", query.integer(0)};
      const auto newest = scope_.links.find({query.integer(0), query.integer(1)});
      if (newest != scope_.links.end()) ++seen;
      found_.check(Part::kCases, query.integer(4) == 2, subject, "is with a case that is not here");
      if (query.integer(3) >= scope_.size && query.integer(5) != 0) continue;  // made meanwhile
      found_.check(Part::kCases,
                   newest != scope_.links.end() &&
                       newest->second == std::pair(query.integer(2), query.integer(3)),
                   subject, "is not what its newest leaf says");
    }
    found_.check(Part::kCases, seen == scope_.links.size(), {"table case_link"},
                 "has lost a decision about two cases");
    return {};
  }

  Scope& scope_;
  Driver& db_;
  Findings& found_;
  std::uint64_t events_ = 0;
  std::vector<std::int64_t> records_;
};

}  // namespace

Status verify_cases(Scope& scope) { return CaseVerifier(scope).run(); }

}  // namespace focal::ledger
