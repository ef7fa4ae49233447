// What the ledger stores, as plain values: the vocabulary between the pure core
// (exchange, casework) and the ledger. No SQL, no I/O.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace focal::store {

using LeafIndex = std::int64_t;
using BatchId = std::int64_t;
using CaseId = std::int64_t;

struct RecordRef {            // names a record: created_ms finds it, rid proves it
  Hash32 rid{};
  std::uint64_t created_ms = 0;
  bool operator==(const RecordRef&) const = default;
};

// Receipt status codes (docs/protocol.md, "Receipts"). 0 = no receipt yet.
enum class RecordStatus : std::uint32_t {
  kOpen = 0,
  kAccepted = 1,
  kAcceptedUnknownKind = 2,
  kForm = 16,
  kKindNotAllowed = 18,
  kRecordInvalid = 19,
  kNotTrusted = 21,
  kTooBig = 22,
  kInternal = 23,
  kLabel = 24,
  kAuthority = 25,
  kAttachmentsNotYet = 26,
  kClock = 27,
};
inline bool is_accepted(std::uint32_t status) { return status == 1 || status == 2; }
inline bool is_rejected(std::uint32_t status) { return status >= 16; }

struct RecordInfo {           // one record, sent or received; codes and times only
  LeafIndex idx = 0;
  bool sent = false;
  std::string peer;           // the other party; for a record with many recipients the first
  std::string kind;
  std::uint32_t status = 0;   // received: RecordStatus; sent: 0
  std::uint64_t at_ms = 0;    // time of the leaf
  RecordRef ref;
  BatchId batch = 0;
  std::uint32_t position = 0; // place in the batch, from 0
  bool has_body = true;       // false: erased, or recovered and not sent again yet
  std::optional<LeafIndex> shred;  // leaf of its erasure
  std::uint64_t del_after_ms = 0;  // erased then, by the safe time; 0 = never, or not dated yet
};

struct StoredBatch {
  BatchId id = 0;
  bool sent = false;
  Bytes stmt;
  Bytes sig;
  std::vector<Hash32> rids;        // leaf hashes in order
  std::vector<RecordInfo> records; // those that have a row here
};

// State of one (batch, recipient). INFLIGHT and LINK_ACKED are memory of the
// exchange only: after a restart such a row is READY.
enum class OutboxState : std::uint8_t {
  kReady = 0,
  kWaitSchedule = 1,
  kWaitPsk = 2,
  kHeld = 3,
  kDone = 10,       // every item has ended; see item_status
  kExpired = 11,
  kCancelled = 12,
};
inline bool is_ended(OutboxState s) { return s >= OutboxState::kDone; }

// Item status in an outbox row beyond RecordStatus.
inline constexpr std::uint32_t kItemExpired = 1001;
inline constexpr std::uint32_t kItemCancelled = 1002;

struct OutboxRow {
  BatchId batch = 0;
  std::string peer;
  std::uint32_t lane = 1;             // 0 receipts and peer.*, 1 interactive, 2 bulk
  OutboxState state = OutboxState::kReady;
  std::string reason;                 // why HELD, WAIT_*, CANCELLED (shown to operators)
  std::uint32_t tries = 0;
  std::uint64_t next_ms = 0;          // wall time of the next attempt; 0 = at once
  std::uint64_t created_ms = 0;
  std::uint64_t expires_ms = 0;       // 0 = never
  std::vector<std::uint32_t> item_status;  // one per item of the batch
  std::vector<LeafIndex> receipts{};       // leaves of the receipts that ended items, in their order
};

enum class WaitReason : std::uint8_t {
  kNeedCard = 1, kNeedTrust = 2, kClock = 3, kVersion = 4,
  kInternal = 5,              // the ledger refuses to store it
};

struct WaitingHead {          // an opened envelope that cannot be judged yet
  Hash32 inner_hash{};        // H(Inner): unique
  std::string link_peer;
  WaitReason reason = WaitReason::kNeedCard;
  std::uint64_t since_ms = 0;
  Hash32 env_id{};
  std::uint64_t size = 0;     // bytes of the Inner
  bool operator==(const WaitingHead&) const = default;
};

enum class PeerLevel : std::uint8_t { kNone = 0, kIntroduced = 1, kVerified = 2 };

// Why nothing is sent to a party and its records wait. An operator ends each of them; the
// end of a recovery (its card accepted or refused) ends kRecovery too.
enum class Suspension : std::uint8_t {
  kNone = 0,
  kOperator = 1,   // an officer here decided so
  kTwoCards = 2,   // two cards with one serial: a fork proof is stored
  kRecovery = 3,   // its next root alone made a card: it stands in `held`
};

// Why a card is not pinned yet.
enum class HoldWhy : std::uint8_t {
  kElsewhere = 1,     // did not come over the party's own link: 72 hours, or an operator
  kRecovery = 2,      // by the next root alone: an operator, or 72 hours and k introducers
  kTransportKey = 3,  // its transport key is pinned for another party: an operator
  kNewNext = 4,       // announces another next root than the pinned card: an operator
  kBehind = 5,        // its predecessor is held, or a recovery is undecided
  kRefused = 6,       // an officer refused it: it stays, so that it is not taken again
};

// A card that is valid and known, but not pinned. No leaf: nothing is decided yet.
struct HeldCard {
  Hash32 card_id{};
  HoldWhy why = HoldWhy::kElsewhere;
  std::uint64_t since_ms = 0;  // when it came, no earlier than the right time
  std::string from;            // party whose link brought it; empty: an officer here
  std::string note;
  bool operator==(const HeldCard&) const = default;
};

struct RevocationRow {        // of a card of this party, pinned or superseded
  LeafIndex idx = 0;          // filled by the ledger
  std::uint64_t at_ms = 0;    // of that leaf
  std::string note;
  bool operator==(const RevocationRow&) const = default;
};

struct PeerRow {
  std::string party;
  PeerLevel level = PeerLevel::kNone;
  Suspension suspended = Suspension::kNone;
  std::uint64_t suspended_ms = 0;      // since when; 0 = not
  std::string card_note;      // pinned card, whole note
  std::string schedule_note;  // newest sealing schedule, whole note; may be empty
  std::vector<std::string> old_cards;  // superseded card notes, newest first
  std::uint64_t added_ms = 0;
  std::uint64_t verified_ms = 0;
  std::string verified_how;   // PHONE, IN_PERSON, NOTE_VERBALE
  std::vector<std::string> introduced_by;  // introducers that list its root; empty: not introduced
  std::vector<Id16> dead_kids;             // sealing keys that a revocation took away
  std::vector<HeldCard> held;              // oldest first
  std::vector<RevocationRow> revocations;  // newest first; REVOKED follows from them
};

// A directory of a pinned introducer.
struct DirectoryRow {
  LeafIndex idx = 0;          // filled by the ledger
  std::uint64_t at_ms = 0;    // of that leaf
  std::string introducer;
  std::uint64_t serial = 0;
  std::string note;
};

// Two valid notes by one key with one type and serial.
struct ForkProofRow {
  LeafIndex idx = 0;          // filled by the ledger
  std::uint64_t at_ms = 0;    // of that leaf
  std::string party;          // whose key
  std::string a, b;           // the notes, whole
};

// What the ledger says of a party: a card, a decision, a note (leaves PEER_CARD, PEER_VERIFIED,
// FORK_PROOF) with who, what and why.
struct PeerActRow {
  LeafIndex idx = 0;
  std::string type;           // leaf_type_name
  std::uint64_t at_ms = 0;    // of the leaf
  std::string detail;         // empty if it can no longer be read
};

// A case in the clear: codes, times and ids only.
struct CaseRow {
  CaseId id = 0;              // local number, from 1
  RecordRef root;
  std::string kind;           // kind of the root; empty while the root is missing
  std::string peer;           // the other party
  bool ours = false;          // we are the requester
  std::string state;          // state code seen from this side
  std::uint64_t opened_ms = 0;
  std::uint64_t updated_ms = 0;
  std::uint64_t ack_due_ms = 0;     // 0 = none
  std::uint64_t answer_due_ms = 0;  // 0 = none
  bool needs_action = false;
  bool closed = false;        // ended: CaseFilter::only_open leaves it out
};

struct CaseEventRow {
  CaseId case_id = 0;
  LeafIndex idx = 0;          // filled by the ledger
  RecordRef ref;
  std::optional<RecordRef> reply_to;
  std::string kind;
  std::string from;
};

// A person's decision about two cases: are they about the same weapon?
enum class LinkVerdict : std::uint8_t { kSame = 1, kDifferent = 2 };
struct CaseLinkRow {
  CaseId a = 0;               // a < b
  CaseId b = 0;
  LinkVerdict verdict = LinkVerdict::kSame;
  LeafIndex idx = 0;          // of its ADMIN leaf
  std::uint64_t at_ms = 0;    // of that leaf
  std::string detail;         // who and why; empty if it can no longer be read
};

struct LeafRow {
  LeafIndex idx = 0;
  std::string type;           // leaf_type_name
  std::uint64_t time_ms = 0;
  Hash32 ref{};
  std::string peer;           // where the leaf is about a record or a peer
  std::string kind;
};

// What a record is found by, derived from its content (node/record/search_fields.h). In the
// clear only on its way to the ledger, which keeps tags and sealed blocks of it.
struct IndexKey {
  std::string field;          // name of the blind index in the schema: "serial", "case"
  std::string key;            // normalised: equal keys are found, and nothing else
  std::uint32_t item_no = 0;  // of the weapon it stands at; 0 = of the record as a whole
  bool operator==(const IndexKey&) const = default;
};

// One reading of a serial number, for what equal keys do not find. The keys are those of
// node/record/serial_keys.h.
struct SerialReading {
  std::uint32_t item_no = 0;
  std::string fold;
  std::string digits;         // may be empty
  bool operator==(const SerialReading&) const = default;
};

struct IndexPlace {
  LeafIndex idx = 0;          // of the record
  std::uint32_t item_no = 0;
  auto operator<=>(const IndexPlace&) const = default;
};

// Records of an older program, or of other rules for keys, are indexed again in slices; those
// with done <= index < target are not searchable yet. Equal: everything is.
struct IndexProgress {
  LeafIndex done = 0;
  LeafIndex target = 0;
  bool complete() const { return done >= target; }
  bool operator==(const IndexProgress&) const = default;
};

// A card of this node, as it was in force from its leaf on.
struct OwnCardRow {
  LeafIndex idx = 0;
  std::string origin;         // name of the log it names: "focal/XA/log/1"
  std::string note;
  bool operator==(const OwnCardRow&) const = default;
};

// What the desk keeps for itself: persons, and acts that wait for a second officer. What a row
// says is the desk's (proto/people.proto) and stands sealed; every change is an ADMIN leaf.
enum class DeskTable : std::uint8_t { kPerson = 1, kRelease = 2 };
struct DeskRow {
  std::int64_t id = 0;        // from 1, within its table
  bool open = true;           // the person is still one; the act still waits
  LeafIndex idx = 0;          // of the newest leaf about it
  Bytes content;
};

struct CheckpointRow {
  std::uint64_t size = 0;
  Hash32 root{};
  std::string note;
};

// A witness's line on an own checkpoint, as it came; it was verified before it was stored.
struct CosigRow {
  std::uint64_t size = 0;     // of the checkpoint
  std::string witness;        // party
  std::uint64_t at_s = 0;     // what the line says; Unix seconds
  std::string line;           // with its '\n'
  bool operator==(const CosigRow&) const = default;
};

// An own checkpoint that everybody may see, with all lines known.
struct PublishedRow {
  CheckpointRow checkpoint;
  std::uint64_t at_ms = 0;    // of the transaction that published it
  std::vector<CosigRow> cosigs;  // in the order in which their parties were first mentioned here
};

// What this node cosigned last of a log. It never goes back to a smaller size.
struct WitnessStateRow {
  std::string origin;
  std::string party;          // whose log
  std::uint64_t size = 0;
  Hash32 root{};
  std::string note;           // the checkpoint, whole
  std::string line;           // this node's on it
  std::uint64_t at_s = 0;     // of that line
  bool operator==(const WitnessStateRow&) const = default;
};

// A checkpoint of another party's log that was shown here by anybody.
struct PeerCheckpointRow {
  std::string origin;
  std::string party;          // whose log
  std::uint64_t size = 0;
  Hash32 root{};
  std::string note;
  std::uint64_t seen_ms = 0;      // when it came first
  std::uint64_t demanded_ms = 0;  // when its owner was first asked to show that it holds; 0 = not
  bool operator==(const PeerCheckpointRow&) const = default;
};

// A statement as it was signed, with the time that stands in it.
struct SignedStmtRow {
  std::uint64_t signed_ms = 0;
  Bytes stmt;
  Bytes sig;
  bool operator==(const SignedStmtRow&) const = default;
};

// A statement of a stored batch, to be given back to whoever signed it.
struct BatchStmtRow {
  BatchId id = 0;
  Bytes stmt;
  Bytes sig;
  bool operator==(const BatchStmtRow&) const = default;
};

// A receipt batch: of those that came the exact items, of those issued here the items as they
// follow from leaves and rows.
struct ReceiptRow {
  LeafIndex id = 0;           // its leaf
  std::string party;          // who signed it
  Bytes stmt;
  Bytes sig;
  std::vector<Bytes> items;
  bool operator==(const ReceiptRow&) const = default;
};

// The proof that another party's log has a leaf about a record of this ledger.
struct ProofRow {
  LeafIndex idx = 0;          // of the record here
  std::string party;          // whose log
  Bytes leaf;                 // 74 bytes
  std::string proof;          // c2sp.org/tlog-proof@v1
  bool operator==(const ProofRow&) const = default;
};

// A party was asked for the proof of a receipt it signed.
enum class PromiseVerdict : std::uint8_t { kAsked = 0, kKept = 1, kBroken = 2 };
struct PromiseRow {
  std::string party;
  LeafIndex idx = 0;          // of the record here
  std::uint64_t asked_ms = 0;
  PromiseVerdict verdict = PromiseVerdict::kAsked;
  bool operator==(const PromiseRow&) const = default;
};

// A record of which only this node's own receipt came back.
struct RecoveredItem {
  RecordRef ref;
  std::uint32_t status = 1;   // RecordStatus, as in the receipt
  std::uint64_t at_ms = 0;    // of its leaf, as in the receipt
};

// What the node remembers of its own care for the ledger; no leaf.
enum class Mark : std::uint8_t {
  kBackup = 1,     // when the last backup was made
  kRehearsal = 2,  // when one was last tried
  kRefill = 3,     // how far the refill after a restore has come
};

// A key-encryption key and what it seals.
struct KekRow {
  std::int64_t id = 0;        // KekId (node/ledger/kek.h)
  LeafIndex first_idx = 0;    // nothing before that leaf is sealed under it
  std::uint64_t deletions = 0;  // rows sealed under it that were destroyed since it was made
  std::int64_t next = 0;      // the key that takes its place; 0 = none yet
  bool operator==(const KekRow&) const = default;
};

// A policy note of this node (docs/protocol.md, "Witnesses") at its ADMIN leaf.
struct WitnessPolicyRow {
  LeafIndex idx = 0;
  std::string note;
  bool operator==(const WitnessPolicyRow&) const = default;
};

}  // namespace focal::store
