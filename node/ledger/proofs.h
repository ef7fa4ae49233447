// Proofs that others' logs have a leaf about a record here, how requests for them ended, and when an
// officer first opened a record.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/ledger/records.h"

namespace focal::ledger {

class ProofStore {
 public:
  ProofStore(Parts& parts, RecordStore& records) : p_(parts), records_(records) {}

  // As node/store/txn.h says.
  Status put(const store::PutProof& op, Group& group);
  Status put(const store::PutPromise& op, Group& group);
  Status put(const store::PutOpened& op, Group& group);

  // As node/store/view.h says.
  std::optional<store::ProofRow> proof(store::LeafIndex idx, const std::string& party);
  std::optional<store::PromiseRow> newest_promise(const std::string& party);
  std::vector<store::PromiseRow> promises(store::PromiseVerdict verdict, std::size_t limit);
  std::uint64_t opened_ms(store::LeafIndex idx);

 private:
  Status must_be_record(store::LeafIndex idx);
  store::PromiseRow read_promise(const Query& query);

  Parts& p_;
  RecordStore& records_;
};

}  // namespace focal::ledger
