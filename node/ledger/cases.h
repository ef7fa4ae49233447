// Cases and the records they consist of: codes, times and ids only.
#pragma once

#include <optional>
#include <vector>

#include "node/ledger/records.h"
#include "node/store/view.h"

namespace focal::ledger {

class CaseStore {
 public:
  CaseStore(Parts& parts, RecordStore& records) : p_(parts), records_(records) {}

  // kState: the number belongs to a case with another root, or the root to
  // another case.
  Status put(const store::PutCase& op);
  Status put(const store::PutCaseEvent& op, const Group& group);  // kState: record not stored

  store::CaseId next_id();
  std::optional<store::CaseRow> by_id(store::CaseId id);
  std::optional<store::CaseRow> by_root(const store::RecordRef& root);
  std::vector<store::CaseRow> list(const store::CaseFilter& filter);
  // Open cases whose nearer due time is at most `until_ms`, nearest first.
  std::vector<store::CaseRow> due(std::uint64_t until_ms, std::size_t limit);
  std::vector<store::CaseEventRow> events(store::CaseId id);
  std::optional<store::CaseId> case_of(store::LeafIndex idx);

 private:
  store::CaseRow read(const Query& query);
  std::vector<store::CaseRow> read_all(Query& query);
  std::vector<store::CaseRow> list_half(bool closed, std::optional<std::int64_t> peer,
                                        std::size_t limit);

  Parts& p_;
  RecordStore& records_;
};

}  // namespace focal::ledger
