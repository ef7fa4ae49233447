// The part of verify that reads the rows of the desk: persons and acts that wait for a second
// officer. Each is the one of its newest leaf, and none is missing.
#include "node/ledger/verify_parts.h"

namespace focal::ledger {
namespace {

constexpr char kRows[] =
    "SELECT tab,id,open,idx,EXISTS(SELECT 1 FROM leaf l WHERE l.idx=desk_row.idx) FROM desk_row";

}  // namespace

Status verify_desk(Scope& scope) {
  std::size_t seen = 0;
  Query query(scope.db, kRows);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) break;
    ++scope.found.report().desk_rows;
    const Subject subject{query.integer(0) == 1 ? "person" : "act for release", query.integer(1)};
    const auto newest = scope.desk.find({query.integer(0), query.integer(1)});
    if (newest != scope.desk.end()) ++seen;
    if (query.integer(3) >= scope.size && query.integer(4) != 0) continue;  // made meanwhile
    scope.found.check(VerifyPart::kDesk,
                      newest != scope.desk.end() &&
                          newest->second == std::pair(query.integer(2), query.integer(3)),
                      subject, "is not what its newest leaf says");
  }
  scope.found.check(VerifyPart::kDesk, seen == scope.desk.size(), {"table desk_row"},
                    "has lost a person or an act for release");
  return {};
}

}  // namespace focal::ledger
