// Reads of the core and of the desk. Called on the node's loop thread only.
// A read that the disk fails aborts the process (docs/operations.md, "When the
// disk fails"), so these return values; only what may be undecipherable is a
// Result.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/merkle.h"
#include "node/store/leaf.h"
#include "node/store/rows.h"
#include "node/store/serial_array.h"

namespace focal::store {

struct CaseFilter {
  bool only_open = false;
  std::string peer;           // empty = any
  std::size_t limit = 1000;
};

class View {
 public:
  virtual ~View() = default;

  // By (created_ms, rid): exact, because created_ms is inside rid.
  virtual std::optional<RecordInfo> find(const RecordRef& ref) = 0;
  virtual std::optional<RecordInfo> record(LeafIndex idx) = 0;
  // Exact Item bytes, decrypted. kNotFound (no record, or only its receipt came back), kErased,
  // kCorrupt.
  virtual Result<Bytes> item(LeafIndex idx) = 0;
  virtual std::optional<StoredBatch> batch(BatchId id) = 0;

  virtual std::vector<OutboxRow> open_outbox() = 0;                 // not ended, oldest first
  virtual std::vector<OutboxRow> recent_outbox(std::size_t limit) = 0;  // newest first, any state
  virtual std::optional<OutboxRow> outbox(BatchId batch, const std::string& peer) = 0;

  virtual std::vector<WaitingHead> waiting() = 0;                   // oldest first
  // kNotFound (nothing of that name is committed), kCorrupt (its key is gone).
  virtual Result<Bytes> waiting_inner(const Hash32& inner_hash) = 0;
  virtual std::vector<PeerRow> peers() = 0;                         // <= 256
  virtual std::string own_schedule() = 0;                           // newest note; may be empty
  virtual std::vector<DirectoryRow> directories() = 0;  // of each introducer the one that came last
  virtual std::optional<DirectoryRow> directory(const std::string& introducer,
                                                std::uint64_t serial) = 0;
  virtual std::vector<ForkProofRow> fork_proofs(std::size_t limit) = 0;  // newest first

  virtual std::uint64_t safe_time_ms() = 0;                         // of PutSafeTime; 0 = never put
  virtual std::vector<OwnCardRow> own_cards() = 0;                  // oldest first
  virtual std::vector<std::string> own_revocations() = 0;           // notes, oldest first
  // Newest first; those that were written with a detail.
  virtual std::vector<PeerActRow> peer_acts(const std::string& party, std::size_t limit) = 0;

  virtual bool signed_by_us(const Hash32& stmt_root) = 0;

  virtual CaseId next_case_id() = 0;                                // not reserved until committed
  virtual std::optional<CaseRow> case_by_id(CaseId id) = 0;
  virtual std::optional<CaseRow> case_by_root(const RecordRef& root) = 0;
  virtual std::vector<CaseRow> cases(const CaseFilter& filter) = 0; // newest activity first
  virtual std::vector<CaseEventRow> case_events(CaseId id) = 0;     // by idx
  virtual std::optional<CaseId> case_of(LeafIndex idx) = 0;
  virtual std::vector<CaseLinkRow> case_links(CaseId id, std::size_t limit) = 0;

  // Where a record says this key in a field of this index, newest record first, then by
  // item_no; each place once.
  virtual std::vector<IndexPlace> index_find(std::string_view field, std::string_view key,
                                             std::size_t limit) = 0;
  // Every reading of every serial number. Valid until the next commit.
  virtual const SerialArray& serials() = 0;
  virtual IndexProgress index_progress() = 0;

  virtual LeafIndex log_size() = 0;
  virtual std::optional<CheckpointRow> last_checkpoint() = 0;
  virtual std::vector<LeafRow> tail(std::size_t limit) = 0;         // newest last

  // The log as evidence. A ledger that keeps none of it (fuzzing) has nothing there.
  virtual std::optional<Leaf> leaf(LeafIndex) { return {}; }        // nothing outside the log
  // Proofs (RFC 6962 2.1.1, 2.1.2); sizes at most log_size(), idx below size.
  virtual crypto::MerklePath inclusion(LeafIndex, std::uint64_t /*size*/) { return {}; }
  virtual crypto::MerklePath consistency(std::uint64_t /*old_size*/, std::uint64_t /*size*/) {
    return {};
  }
  virtual std::optional<CheckpointRow> checkpoint(std::uint64_t /*size*/) { return {}; }  // own
  virtual std::vector<CosigRow> cosigs(std::uint64_t /*size*/) { return {}; }  // as PublishedRow
  virtual std::optional<PublishedRow> newest_published() { return {}; }
  // The smallest published one of at least that size.
  virtual std::optional<PublishedRow> first_published(std::uint64_t /*least_size*/) { return {}; }
  virtual std::vector<WitnessStateRow> witness_states() { return {}; }         // by origin, bytewise
  virtual std::vector<PeerCheckpointRow> peer_checkpoints(const std::string& /*origin*/,
                                                          std::size_t /*limit*/) {  // largest first
    return {};
  }
  // Of all statements of the party that were committed with their time the latest; of several of
  // one time the first.
  virtual std::optional<SignedStmtRow> newest_statement(const std::string& /*party*/) { return {}; }
  virtual std::vector<WitnessPolicyRow> witness_policies() { return {}; }      // oldest first
  virtual std::string peer_policy(const std::string& /*party*/) { return {}; } // newest; may be empty

  virtual std::optional<ProofRow> proof(LeafIndex, const std::string& /*party*/) { return {}; }
  virtual std::optional<PromiseRow> newest_promise(const std::string& /*party*/) { return {}; }
  virtual std::vector<PromiseRow> promises(PromiseVerdict, std::size_t /*limit*/) {  // oldest first
    return {};
  }
  virtual std::uint64_t opened_ms(LeafIndex) { return 0; }          // of PutOpened; 0 = not opened
  // The party's receipt for a record that was sent to it: the first that ended its item.
  virtual std::optional<ReceiptRow> receipt_for(LeafIndex, const std::string& /*party*/) { return {}; }
  // This node's first receipt for a record that it received.
  virtual std::optional<ReceiptRow> issued_receipt(LeafIndex) { return {}; }
  // What another party signed and this ledger holds, behind `after`, oldest first: receipts that came
  // from it, and the statements of its batches. For its recovery.
  virtual std::vector<ReceiptRow> receipts_of(const std::string& /*signer*/, LeafIndex /*after*/,
                                              std::size_t /*limit*/) {
    return {};
  }
  virtual std::vector<BatchStmtRow> statements_of(const std::string& /*signer*/, BatchId /*after*/,
                                                  std::size_t /*limit*/) {
    return {};
  }
  // Records to be destroyed by that safe time, oldest date first.
  virtual std::vector<LeafIndex> due(std::uint64_t /*safe_ms*/, std::size_t /*limit*/) { return {}; }
  // Records below done have a date; those up to the target wait for one.
  virtual IndexProgress dating_progress() { return {}; }
  virtual std::vector<RecordRef> without_body(std::size_t /*limit*/) { return {}; }  // recovered ones
  virtual std::string mark(Mark) { return {}; }                     // empty: never put
};

}  // namespace focal::store
