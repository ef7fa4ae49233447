// A ledger in memory: what the exchange core reads and writes, without SQL, tree or
// sealing. Follows node/store/txn.h as far as the core can see. For fuzzing only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/store/leaf.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::test {

class MemoryLedger : public store::View {
 public:
  store::Committed commit(const store::Txn& txn);
  const std::vector<store::Leaf>& leaves() const { return leaves_; }

  std::optional<store::RecordInfo> find(const store::RecordRef& ref) override;
  std::optional<store::RecordInfo> record(store::LeafIndex idx) override;
  Result<Bytes> item(store::LeafIndex idx) override;
  std::optional<store::StoredBatch> batch(store::BatchId id) override;
  std::vector<store::OutboxRow> open_outbox() override;
  std::vector<store::OutboxRow> recent_outbox(std::size_t) override { return {}; }
  std::optional<store::OutboxRow> outbox(store::BatchId batch, const std::string& peer) override;
  std::vector<store::WaitingHead> waiting() override;
  Result<Bytes> waiting_inner(const Hash32& inner_hash) override;
  std::vector<store::PeerRow> peers() override { return {}; }
  std::string own_schedule() override { return {}; }
  std::vector<store::DirectoryRow> directories() override { return {}; }
  std::optional<store::DirectoryRow> directory(const std::string&, std::uint64_t) override {
    return {};
  }
  std::vector<store::ForkProofRow> fork_proofs(std::size_t) override { return {}; }
  std::uint64_t safe_time_ms() override { return 0; }
  std::vector<store::OwnCardRow> own_cards() override { return {}; }
  std::vector<std::string> own_revocations() override { return {}; }
  std::vector<store::PeerActRow> peer_acts(const std::string&, std::size_t) override { return {}; }
  bool signed_by_us(const Hash32&) override { return false; }
  store::CaseId next_case_id() override { return 1; }
  std::optional<store::CaseRow> case_by_id(store::CaseId) override { return {}; }
  std::optional<store::CaseRow> case_by_root(const store::RecordRef&) override { return {}; }
  std::vector<store::CaseRow> cases(const store::CaseFilter&) override { return {}; }
  std::vector<store::CaseEventRow> case_events(store::CaseId) override { return {}; }
  std::optional<store::CaseId> case_of(store::LeafIndex) override { return {}; }
  std::vector<store::CaseLinkRow> case_links(store::CaseId, std::size_t) override { return {}; }
  std::vector<store::IndexPlace> index_find(std::string_view, std::string_view,
                                            std::size_t) override {
    return {};
  }
  const store::SerialArray& serials() override { return serials_; }
  store::IndexProgress index_progress() override { return {}; }
  store::LeafIndex log_size() override { return static_cast<store::LeafIndex>(leaves_.size()); }
  std::optional<store::CheckpointRow> last_checkpoint() override { return {}; }
  std::vector<store::LeafRow> tail(std::size_t) override { return {}; }

 private:
  store::LeafIndex add_leaf(store::LeafType type, std::uint64_t time_ms, const Hash32& ref);
  void put(const store::PutSentBatch& op, store::Committed& out);
  void put(const store::PutReceivedBatch& op);
  void put(const store::PutReceiptsOut& op);
  void put(const store::PutReceiptsIn& op);
  void put(const store::SetOutbox& op);
  static void end_if_all_ended(store::OutboxRow& row);

  std::uint64_t now_ms_ = 0;
  store::SerialArray serials_;
  std::vector<store::Leaf> leaves_;
  std::map<store::LeafIndex, store::RecordInfo> records_;
  std::map<store::LeafIndex, Bytes> items_;
  std::map<Hash32, store::LeafIndex> by_rid_;
  std::map<store::BatchId, store::StoredBatch> batches_;
  std::map<std::pair<store::BatchId, std::string>, store::OutboxRow> outbox_;
  std::map<std::pair<std::string, Hash32>, bool> receipts_;
  std::map<Hash32, store::PutWaiting> waiting_;
};

}  // namespace focal::test
