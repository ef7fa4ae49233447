// What people decided about pairs of cases: whether they are about the same weapon. The newest
// verdict of a pair stands; all of them are leaves of the log.
#pragma once

#include <vector>

#include "node/ledger/details.h"
#include "node/ledger/parts.h"

namespace focal::ledger {

class CaseLinkStore {
 public:
  CaseLinkStore(Parts& parts, DetailStore& details) : p_(parts), details_(details) {}

  // kState: no such case, or one case twice.
  Status put(const store::PutCaseLink& op, Group& group);
  // Of that case, by the other's number; at most `limit`.
  std::vector<store::CaseLinkRow> of(store::CaseId id, std::size_t limit);

 private:
  Parts& p_;
  DetailStore& details_;
};

}  // namespace focal::ledger
