// Stored rows as one line of text each: to compare two stores, and to show a
// ledger when an invariant breaks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "node/store/leaf.h"
#include "node/store/rows.h"
#include "node/store/txn.h"

namespace focal::sim {

std::string short_hex(ByteView bytes);  // the first four bytes
std::string text_of(const store::RecordRef& ref);
std::string text_of(const store::RecordInfo& row);
std::string text_of(const store::StoredBatch& row);
std::string text_of(const store::OutboxRow& row);
std::string text_of(const store::WaitingHead& row);
std::string text_of(const store::PeerRow& row);
std::string text_of(const store::DirectoryRow& row);
std::string text_of(const store::ForkProofRow& row);
std::string text_of(const store::PeerActRow& row);
std::string text_of(const store::OwnCardRow& row);
std::string text_of(const store::CaseRow& row);
std::string text_of(const store::CaseEventRow& row);
std::string text_of(const store::CaseLinkRow& row);
std::string text_of(const store::LeafRow& row);
std::string text_of(const store::Leaf& leaf);
std::string text_of(const store::CheckpointRow& row);
std::string text_of(const store::CosigRow& row);
std::string text_of(const store::PublishedRow& row);
std::string text_of(const store::WitnessStateRow& row);
std::string text_of(const store::PeerCheckpointRow& row);
std::string text_of(const store::WitnessPolicyRow& row);
std::string text_of(const store::SignedStmtRow& row);
std::string text_of(const store::BatchStmtRow& row);
std::string text_of(const store::ReceiptRow& row);
std::string text_of(const store::ProofRow& row);
std::string text_of(const store::PromiseRow& row);
std::string text_of(const Hash32& hash);
std::string text_of(const store::Committed& done);
std::string text_of(const store::IndexPlace& place);
std::string text_of(const store::IndexProgress& progress);
std::string text_of(const Bytes& bytes);
std::string text_of(std::size_t number);
std::string text_of(std::int64_t number);
std::string text_of(bool truth);
std::string text_of(const std::string& text);

template <typename T>
std::string text_of(const std::optional<T>& value) {
  return value ? text_of(*value) : "nothing";
}
template <typename T>
std::string text_of(const std::vector<T>& rows) {
  std::string out = std::to_string(rows.size()) + " rows";
  for (const T& row : rows) out += "\n    " + text_of(row);
  return out;
}
template <typename T>
std::string text_of(const Result<T>& result) {
  return result ? text_of(*result) : "error " + std::string(error_name(result.error().code));
}

}  // namespace focal::sim
