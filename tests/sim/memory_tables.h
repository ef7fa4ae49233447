// What the ledger in memory holds: a plain value, copied to take a copy of a disk.
// Item and statement bytes are shared between copies.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/store/leaf.h"
#include "node/store/rows.h"
#include "node/store/txn.h"

namespace focal::sim {

using Shared = std::shared_ptr<const Bytes>;

struct MemoryRecord {
  store::RecordInfo info;
  Shared item;
};

struct MemoryBatch {
  bool sent = false;
  store::LeafIndex first = 0;
  std::size_t n = 0;
  Shared stmt, sig;
  std::vector<Hash32> rids;  // of a received one
};

struct MemoryCard {
  std::string party;
  std::string note;
};

struct MemoryReceipt {  // that was issued here
  std::string to;
  Bytes stmt, sig;
  std::vector<store::LeafIndex> records;
};

struct MemoryTables {
  std::vector<std::string> parties;                    // number - 1; the order of first mention
  std::vector<store::Leaf> leaves;
  std::vector<std::vector<Hash32>> tree;               // [k]: complete subtrees of 2^k leaves
  std::map<store::LeafIndex, std::string> leaf_party;  // of leaves that are no record
  std::map<store::LeafIndex, std::string> details;
  std::map<std::pair<std::uint64_t, Hash32>, store::LeafIndex> seen;  // (created_ms, rid)
  std::map<store::LeafIndex, MemoryRecord> records;
  std::vector<MemoryBatch> batches;                    // id - 1
  std::map<std::pair<store::BatchId, std::size_t>, store::OutboxRow> outbox;  // (batch, party no)
  std::set<Hash32> signed_roots;
  std::map<std::pair<Hash32, std::string>, store::LeafIndex> receipts_seen;
  std::vector<store::PutWaiting> waiting;              // in the order they came
  std::map<std::size_t, store::PeerRow> peers;         // by party number; cards stand below
  std::vector<MemoryCard> cards;                       // oldest first
  std::map<Hash32, std::pair<std::string, store::RevocationRow>> revocations;
  struct Directory {
    Hash32 id{};
    store::DirectoryRow row;
  };
  std::map<std::pair<std::size_t, store::LeafIndex>, Directory> directories;  // (party no, index)
  std::map<Hash32, store::ForkProofRow> forks;
  std::string own_schedule;
  std::uint64_t safe_time_ms = 0;
  std::string origin;
  std::vector<store::OwnCardRow> own_cards;            // oldest first
  std::vector<std::string> own_revocations;
  std::map<store::CaseId, store::CaseRow> cases;
  std::map<std::pair<store::CaseId, store::LeafIndex>, store::CaseEventRow> events;
  std::map<std::pair<store::CaseId, store::CaseId>, store::CaseLinkRow> links;
  std::map<store::LeafIndex, store::PutIndex> index;   // what a record is found by
  std::optional<store::CheckpointRow> checkpoint;
  std::map<std::uint64_t, store::CheckpointRow> checkpoints;                      // by size
  std::map<std::pair<std::uint64_t, std::size_t>, store::CosigRow> cosigs;        // (size, party no)
  std::map<std::uint64_t, std::uint64_t> published;                               // size → when
  std::map<std::string, store::WitnessStateRow> witness_states;                   // by origin
  std::map<std::pair<std::string, std::uint64_t>, store::PeerCheckpointRow> peer_checkpoints;
  std::map<std::string, store::SignedStmtRow> newest_stmts;                       // by party
  std::vector<store::WitnessPolicyRow> witness_policies;                          // oldest first
  std::map<std::pair<std::size_t, std::uint64_t>, std::string> peer_policies;     // (party no, serial)
  std::map<std::string, std::pair<std::uint64_t, Hash32>> witnessed;              // as logged last
  std::map<store::LeafIndex, store::ReceiptRow> receipts_in;
  std::map<store::LeafIndex, MemoryReceipt> receipts_out;
  std::map<std::pair<store::LeafIndex, std::size_t>, store::ProofRow> proofs;     // (index, party no)
  std::map<std::pair<std::size_t, store::LeafIndex>, store::PromiseRow> promises;
  std::map<store::LeafIndex, std::uint64_t> opened;
  std::set<Hash32> lost_roots;
  std::map<store::Mark, std::string> marks;
  std::uint64_t checkpoint_ms = 0;
  bool news = false;  // a leaf that starts a checkpoint before the daily one
};

}  // namespace focal::sim
