// One group of writes, committed whole or not at all. A step of the core
// returns a Txn; the ledger turns it into one database transaction.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "node/store/rows.h"

namespace focal::store {

struct NewRecord {
  RecordRef ref;
  std::string kind;
  Bytes item;                 // exact Item bytes (manifest, salt, body, approvals); sealed at rest
  std::uint64_t del_after_ms = 0;  // as in RecordInfo
};

// Leaf SENT per record, rows, batch, one outbox row per recipient (READY). The leaves of a batch
// commit to one detail, who released it, which stands beside the first of them; empty: zeros.
struct PutSentBatch {
  Bytes stmt;
  Bytes sig;
  Hash32 root{};              // of the statement; remembered as signed by us
  std::vector<NewRecord> records;
  std::vector<std::string> to;
  std::uint32_t lane = 1;
  std::uint64_t expires_ms = 0;
  std::string detail{};
};

struct ReceivedRecord {
  NewRecord record;
  std::uint32_t status = 1;   // < 16: leaf RECEIVED, else leaf REJECTED
  std::uint32_t position = 0;
};

// Leaf RECEIVED or REJECTED (time = Txn::now_ms, detail zeros) per record.
struct PutReceivedBatch {
  std::string from;
  Bytes stmt;
  Bytes sig;
  std::vector<Hash32> rids;   // all leaf hashes of the batch in order
  std::vector<ReceivedRecord> records;  // the new ones; none: nothing happens at all
  std::uint64_t signed_ms = 0;          // of the statement, for View::newest_statement; 0 = not kept
};

// Leaf RECEIPT_OUT (ref = root). Every record stands in this Txn or earlier.
struct PutReceiptsOut {
  std::string to;
  Bytes stmt;
  Bytes sig;
  Hash32 root{};
  std::vector<RecordRef> records;       // in item order
};

struct ItemOutcome {
  BatchId batch = 0;
  std::uint32_t position = 0;
  std::uint32_t status = 0;   // RecordStatus, kItemExpired, kItemCancelled
};

// Leaf RECEIPT_IN (ref = root). Sets item statuses of outbox (batch, from); a row whose items have
// all ended becomes DONE. If the root is already stored, no leaf and no row are added; only items
// that were opened again take its outcomes.
struct PutReceiptsIn {
  std::string from;
  Bytes stmt;
  Bytes sig;
  Hash32 root{};
  std::vector<Bytes> items;   // exact ReceiptItem bytes
  std::vector<ItemOutcome> outcomes;
  std::uint64_t signed_ms = 0;  // as of PutReceivedBatch
};

// Durable change of an outbox row. Ends (EXPIRED, CANCELLED) also set the
// status of every item still open.
struct SetOutbox {
  BatchId batch = 0;
  std::string peer;
  OutboxState state = OutboxState::kReady;
  std::string reason;
  std::uint32_t tries = 0;
  std::uint64_t next_ms = 0;
};

// Nothing if inner_hash is there. The Inner is sealed at rest.
struct PutWaiting { WaitingHead head; Bytes inner; };
struct DropWaiting { Hash32 inner_hash{}; };

// Inserts or replaces the row of a party, but for what the ledger keeps by itself: old cards,
// held cards and revocations. A card note that was not pinned before adds leaf PEER_CARD
// (ref = card_id, with the detail if there is one) and moves the old one to history.
struct PutPeer { PeerRow row; Hash32 card_id{}; std::string detail{}; };
// Changes standing; leaf PEER_VERIFIED (ref = card_id) with the detail: who, what, why. Below
// VERIFIED how and when are forgotten. introduced_by: empty changes nothing; NONE forgets it.
struct SetTrust {
  std::string party;
  Hash32 card_id{};
  PeerLevel level = PeerLevel::kNone;
  Suspension suspended = Suspension::kNone;
  std::string how;
  std::string detail;         // kept sealed; shown to auditors
  std::vector<std::string> introduced_by{};
};
// Stores a newer schedule. For the own party: leaf KEY_EPOCH (ref = H(note)).
struct PutSchedule { std::string party; std::string note; };

// Leaf ADMIN with a sealed detail (operator, act, reason).
struct PutAdmin { Hash32 ref{}; std::string detail; };

struct PutCase { CaseRow row; };                 // row.id from View::next_case_id(); upsert by id
struct PutCaseEvent { CaseEventRow row; };       // once per (case, rid)

// A person's decision about two cases that are here; the newest of a pair stands. Leaf ADMIN
// (ref = case_link_ref()) with the detail sealed.
struct PutCaseLink {
  CaseId a = 0;
  CaseId b = 0;
  LinkVerdict verdict = LinkVerdict::kSame;
  std::string detail;
};

// What the record is found by from now on, instead of what it was found by before. The record
// stands in this Txn or earlier: else kState.
struct PutIndex {
  RecordRef ref;
  std::vector<IndexKey> keys;
  std::vector<SerialReading> readings;
};
// The record is found by nothing any more, and nothing of its keys is left in the file or in
// memory. kState: no such record.
struct DropIndex { RecordRef ref; };
// Records below `done` are indexed (View::index_progress). Never goes back, never past the
// target.
struct SetIndexed { LeafIndex done = 0; };

// A card that is not pinned yet, by (party, card_id); a second one replaces the first. No leaf.
// kState: unknown party.
struct PutHeldCard { std::string party; HeldCard card; };
struct DropHeldCard { std::string party; Hash32 card_id{}; };

// Leaf PEER_CARD (ref = id = H(text of the note)) with the detail: a card of the party is
// revoked. Nothing if that note is there. kState: unknown party.
struct PutRevocation { std::string party; std::string note; Hash32 id{}; std::string detail{}; };
// Leaf PEER_CARD (ref = id = H(text of the note)) with the detail. Nothing if that directory of
// this introducer is there. kState: unknown party.
struct PutDirectory {
  std::string introducer;
  std::uint64_t serial = 0;
  std::string note;
  Hash32 id{};
  std::string detail{};
};
// Leaf FORK_PROOF (ref = id = fork_proof_ref()) with the detail. Nothing if it is there.
struct PutForkProof {
  std::string party;
  std::string a, b;
  Hash32 id{};
  std::string detail{};
};

// The safe time (node/exchange/safe_clock.h), for the next start. No leaf.
struct PutSafeTime { std::uint64_t ms = 0; };

// A card of this node, in force from now on: leaf PEER_CARD (ref = card_id) with the detail. A
// card whose log has another name than the log so far continues it: leaf CONTINUATION stands
// before it (ref = SHA-256 of the newest checkpoint's note, zeros without one), and checkpoints
// carry the new name from now on. Nothing if the note is the newest one. kState: the log has
// carried that name before.
struct PutOwnCard {
  std::string note;
  Hash32 card_id{};
  std::string origin;
  std::string detail;
  std::string higher{};       // of a continuation: higher own checkpoints that others hold; its detail
};
// A revocation note of this node: leaf PEER_CARD (ref = id = H(text of the note)) with the
// detail. Nothing if that note is there.
struct PutOwnRevocation { std::string note; Hash32 id{}; std::string detail; };

// A row of the desk, new or in place of the one with its id. Leaf ADMIN (ref = desk_ref()) with
// the detail sealed.
struct PutDesk {
  DeskTable table = DeskTable::kPerson;
  std::int64_t id = 0;
  bool open = true;
  Bytes content;
  std::string detail;
};

// A witness's line on an own checkpoint. Nothing if a line of that witness is there. kState: no
// checkpoint of that size.
struct PutCosig { CosigRow row; };
// The own checkpoint of that size is published, at Txn::now_ms. Nothing if it is there. kState: no
// checkpoint of that size.
struct PutPublished { std::uint64_t size = 0; };
// Compare and swap: what this node cosigns of a log, in place of what it held. kState: what is
// held is not of size old_size (0 = nothing is held), or the new one is smaller, or of equal size
// with another root. The group is then to be made anew.
struct PutWitnessState { WitnessStateRow row; std::uint64_t old_size = 0; };
// By (origin, size): note and demanded_ms are replaced, seen_ms stays. Of each log the newest 16 by
// size stay, and of each UTC day of seen_ms the smallest. kState: another root of that size is
// there, which is for a fork proof.
struct PutPeerCheckpoint { PeerCheckpointRow row; };
// Leaf ADMIN (ref = id = H(text of the note)) with the detail. Nothing if the note is the newest.
struct PutWitnessPolicy { std::string note; Hash32 id{}; std::string detail; };
// A policy note of a peer. Nothing if one with that serial or a higher one is there: the first
// that came stays. kState: unknown party.
struct PutPeerPolicy { std::string party; std::uint64_t serial = 0; std::string note; };

// By (idx, party), in place of the one before. kState: no such record.
struct PutProof { ProofRow row; };
// By (party, idx), in place of the one before. kState: no such record.
struct PutPromise { PromiseRow row; };
// An officer opened the record, here or at its recipient, at Txn::now_ms. Nothing if that is known.
// kState: no such record.
struct PutOpened { RecordRef ref; };

// The record is destroyed: leaf SHRED (ref = rid) with the detail; its item goes, and what it was
// found by; items of it still to be delivered are CANCELLED; with the last record of a batch that
// was sent go the words of its release and the reasons of its sendings. kState: no such record, or
// destroyed before.
struct PutShred { RecordRef ref; std::string detail; };
// When a record is to be destroyed. kState: no such record, or destroyed.
struct SetDelAfter { RecordRef ref; std::uint64_t del_after_ms = 0; };
// Records below `done` have a date (View::dating_progress). Never goes back, never past the target.
struct SetDated { LeafIndex done = 0; };

// What this node received on a branch of its ledger that was lost, by its own receipts: leaf RECEIVED
// or REJECTED at their time, a record without content (batch 0, kind ""). Known rids are left out; if
// any is new, leaf ADMIN (ref zeros) with the detail follows.
struct PutRecovered { std::string from; std::vector<RecoveredItem> items; std::string detail; };
// The content of a recovered record, as it came again; no leaf. kState: no such record, or not of
// that party, or it has content, or it was destroyed, or another rid stands at that place.
struct PutBody {
  RecordRef ref;
  std::string from;
  std::string kind;
  Bytes stmt;
  Bytes sig;
  std::vector<Hash32> rids;   // all leaf hashes of the batch in order
  std::uint32_t position = 0;
  Bytes item;
  std::uint64_t del_after_ms = 0;
  std::uint64_t signed_ms = 0;  // as of PutReceivedBatch
};
// The party lost what it had received: these items are to be delivered again, row and items open.
// Items whose record was destroyed stay as they are. kState: no such row, or a place outside it.
struct ReopenItems { BatchId batch = 0; std::string peer; std::vector<std::uint32_t> positions; };
// Statements this node signed on a branch that was lost: View::signed_by_us knows them.
struct PutSignedRoots { std::vector<Hash32> roots; };

struct PutMark { Mark mark = Mark::kBackup; std::string value; };  // in place of the one before

using AnyOp =
    std::variant<PutSentBatch, PutReceivedBatch, PutReceiptsOut, PutReceiptsIn, SetOutbox,
                 PutWaiting, DropWaiting, PutPeer, SetTrust, PutSchedule, PutAdmin, PutCase,
                 PutCaseEvent, PutCaseLink, PutIndex, DropIndex, SetIndexed, PutHeldCard,
                 DropHeldCard, PutRevocation, PutDirectory, PutForkProof, PutSafeTime, PutOwnCard,
                 PutOwnRevocation, PutDesk, PutCosig, PutPublished, PutWitnessState,
                 PutPeerCheckpoint, PutWitnessPolicy, PutPeerPolicy, PutProof, PutPromise,
                 PutOpened, PutShred, SetDelAfter, SetDated, PutRecovered, PutBody, ReopenItems,
                 PutSignedRoots, PutMark>;
// Its copies, moves and ends are compiled once, in txn.cc: each takes long.
class Op : public AnyOp {
 public:
  using AnyOp::AnyOp;
  Op(const Op& other);
  Op(Op&& other) noexcept;
  Op& operator=(const Op& other);
  Op& operator=(Op&& other) noexcept;
  ~Op();
};

struct Txn {
  std::uint64_t now_ms = 0;
  std::vector<Op> ops;
  bool empty() const { return ops.empty(); }
};

// What the core needs to know after COMMIT.
struct Committed {
  std::vector<BatchId> batches;   // ids of the PutSentBatch ops, in order
  LeafIndex size = 0;             // leaves in the log now
};

}  // namespace focal::store
