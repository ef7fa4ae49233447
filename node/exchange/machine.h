// The exchange of one node: links, receiving, sending, receipts, joined as one
// machine without I/O, clock or thread (docs/architecture.md, "The core").
//
// The node's loop drives it in groups:
//   any number of inputs (link_up, link_down, frame, submit, tick, …)
//   txn = prepare(now)             what must be written
//   … the caller adds casework's writes and commits …
//   outputs = committed(now, ids)  what may leave now, and not before
// Nothing it returns before committed() promises anything to anybody. If the
// commit failed: abandon(), which ends every link; peers send again.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "crypto/random.h"
#include "node/exchange/envelope.h"
#include "node/exchange/frame.h"
#include "node/exchange/identity.h"
#include "node/exchange/inbound.h"
#include "node/exchange/link_doctor.h"
#include "node/exchange/link_state.h"
#include "node/exchange/outbox.h"
#include "node/exchange/peers.h"
#include "node/exchange/promise_book.h"
#include "node/exchange/rate.h"
#include "node/exchange/recovery.h"
#include "node/exchange/rollback_guard.h"
#include "node/exchange/safe_clock.h"
#include "node/exchange/session.h"
#include "node/exchange/trust_book.h"
#include "node/exchange/waiting_list.h"
#include "node/exchange/witness_book.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::exchange {

// A group ends here; what comes later is of the next one.
inline constexpr std::size_t kGroupRecords = 4096;
inline constexpr std::size_t kGroupBytes = 8u << 20;

// A peer that sends rubbish fills neither the disk with our log nor the time
// with its checking. The counters go on.
inline constexpr std::uint32_t kLoggedPerMinute = 30;
inline constexpr std::uint32_t kNotesPerMinute = 60;  // frames from a peer that are looked at
inline constexpr std::uint32_t kNotesFlood = 600;     // … that end the link with BYE BAD_FRAME
inline constexpr std::uint32_t kNotesSentPerMinute = 30;  // frames to a peer that asks
inline constexpr std::uint32_t kWantsPerMinute = 6;   // NOTES_WANT of a peer that are answered
inline constexpr std::uint32_t kGossipPerMinute = 6;  // GOSSIP of a peer that is looked at
inline constexpr std::uint32_t kCosigsPerMinute = 30;  // COSIG of a peer that are looked at
inline constexpr std::size_t kMostToldNotes = 64;     // remembered as said to a party
inline constexpr std::uint64_t kAskAgainMs = kMinuteMs;   // nothing is asked for twice in that time
inline constexpr std::uint64_t kAskRoundMs = kHourMs;     // one link in turn: what is newer

inline constexpr std::uint32_t kContextsPerSecond = 50;  // new `enc`; beyond: no credit …
inline constexpr std::uint32_t kMostContextsPerSecond = 500;  // … and beyond that: BYE BAD_FRAME

// Carries a pair secret's confirm tag; always sealed without a pair secret, alone in its batch.
inline constexpr std::string_view kConfirmKind = "peer.psk_confirm";
inline constexpr std::string_view kProofRequestKind = "peer.proof_request";
inline constexpr std::string_view kProofKind = "peer.proof";
inline constexpr std::string_view kOpenedKind = "peer.opened";

struct MachineSettings {
  std::uint64_t resend_ms = kHourMs;           // no receipt by then: send again, doubled each time
  std::uint64_t resend_cap_ms = 7 * kDayMs;
  std::uint64_t waiting_rerun_ms = kMinuteMs;  // how often WAIT is judged again
  std::size_t waiting_bytes = 64u << 20;       // per link peer
  std::size_t receipts_kept = 256;             // receipt batches kept for a peer without a link
  std::size_t receipts_waiting = 8192;         // … with a link that takes no more just now
  unsigned min_suite = kSuite1;                // nothing is sealed in a lower one
  IntroducerPolicy introducers;                // who may introduce strangers; nobody
  std::set<std::string> approved_kinds{};      // of others: taken only if an officer released them
  // How the anchor compares; who witnesses and who reports, load() finds out. Default: it is equal.
  StartFacts start{};
  std::uint64_t caps = kCapWitness | kCapDoctor;  // what HELLO says; 0: an older node
  bool answer_doctor = true;                   // questions about links are answered
};

// A second officer who releases a record (docs/protocol.md, "Approvals"). Both must outlive
// submit().
struct Approver {
  std::string_view certificate;                // the note
  const crypto::SigningKey& key;
};

struct Draft {                  // a record released by a person here
  std::vector<std::string> to;  // sorted, unique
  std::string kind;
  Bytes body;
  std::optional<store::RecordRef> thread;
  std::optional<store::RecordRef> reply_to;
  std::uint64_t expires_ms = 0;
  std::uint32_t lane = 1;
  std::string detail{};         // of the SENT leaf: who released it; empty = nobody, the program
};

struct SendFrame { LinkId link; Bytes bytes; };
struct CloseLink { LinkId link; std::string reason; };
using Output = std::variant<SendFrame, CloseLink>;

struct Counters {
  std::uint64_t received = 0, repeats = 0, waiting = 0, sent = 0, receipts_in = 0;
  std::uint64_t bounces_in = 0, bounces_out = 0;
  std::map<int, std::uint64_t> silent;         // by step
  std::uint64_t byes = 0;
};

class Machine {
 public:
  // May the link take a frame now? (The gate's window.)
  using CanSend = std::function<bool(LinkId)>;

  Machine(Identity& self, Peers& peers, store::View& view, crypto::Rng& rng,
          MachineSettings settings, CanSend can_send);

  // Outbox, waiting, directories and proofs from the ledger; the first call of all. kCorrupt.
  Status load(const Now& now);

  // Inputs.
  void link_up(const Now& now, LinkId link, const std::string& party, bool dialed);
  void link_down(const Now& now, LinkId link, const std::string& reason);
  void frame(const Now& now, LinkId link, ByteView bytes);
  void tick(const Now& now);                     // timers; cheap, call every turn
  // The name of the record is final at once; it is written by prepare(). approvers: at most
  // proto::kMaxApprovals, each under a certificate of the own card.
  store::RecordRef submit(const Now& now, Draft draft,
                          std::span<const Approver> approvers = {});
  void cancel(store::BatchId batch, const std::string& party, const std::string& reason);
  void retry(store::BatchId batch, const std::string& party);
  // What others changed in Peers by themselves; what book() changes needs no word.
  enum class Change { kCardOrTrust, kSchedule };
  void peer_changed(const Now& now, const std::string& party, Change change = Change::kCardOrTrust);
  void own_schedule_changed();                   // publish it on every link
  // The ceremony with that party gave PSK_ab. Stages its pair secret in identity.pairs and
  // returns the tag that a peer.psk_confirm to them has to carry.
  crypto::Secret pair_made(const Now& now, const std::string& party, const crypto::Secret& psk_ab);
  // … and sends it. load() does so once more where a start finds that it never got there.
  store::RecordRef send_confirm(const Now& now, const std::string& party,
                                const crypto::Secret& tag, std::string detail = {});
  void forget_key(const Id16& kid) { inbound_.forget_key(kid); }  // of ours, destroyed
  void confirm_clock(const Now& now);            // an operator says that the wall clock is right
  // Notes of this node that links get besides (Identity::notes, old_cards) have changed.
  void own_notes_changed() { schedule_changed_ = true; }
  void trouble(const std::string& party, const std::string& what);
  // false: records of others are not granted credit any more (the disk is low);
  // receipts still flow.
  void accept_records(bool yes) { accepts_records_ = yes; }

  // Whether this copy of the node may sign. Where it may not, drafts and receipts are not signed,
  // nothing is taken or sent but HELLO and an ACK without credit (machine_guard.cc).
  RollbackGuard& guard() { return guard_; }
  const RollbackGuard& guard() const { return guard_; }

  // What is held of other parties, and officers' decisions about them: in the group under way.
  TrustBook& book() { return book_; }
  const TrustBook& book() const { return book_; }
  // Checkpoints, of this log and of others.
  WitnessBook& witness() { return witness_; }
  const WitnessBook& witness() const { return witness_; }
  // Has it said so in its last HELLO?
  bool knows_witnessing(const std::string& party) const;
  // An own checkpoint that is committed and cannot be forgotten any more.
  void own_checkpoint(const Now& now, const store::CheckpointRow& row);
  // machine_promise.cc; in the group under way. PromiseBook::demand, and the question goes out. kState:
  // the party has not said that it knows such questions, or this node may not sign.
  Result<PromiseBook::Demand> demand_proof(const Now& now, const std::string& party,
                                           const store::RecordInfo& record);
  std::optional<store::PromiseRow> promise(const std::string& party, store::LeafIndex idx) {
    return promises_.promise(party, idx);
  }
  // machine_doctor.cc. Asks what the party sees of our link; the id of the question.
  // kUnavailable: no link; kState: its program knows no such questions; kBusy: too often.
  Result<std::string> ask_link(const Now& now, const std::string& party);
  const LinkDoctor& link_doctor() const { return doctor_; }
  void set_outside(AskOutside outside) { outside_ = std::move(outside); }
  // An officer here has opened that record: its sender is told, once, if it knows the kind.
  void tell_opened(const Now& now, const store::RecordInfo& record);
  BookTime book_time(const Now& now) const {
    return {now, safe_clock_.at(now), safe_clock_.latest(now)};
  }

  // The group. When it is full, no more inputs until it is committed. It is full at once when
  // a party's standing changes: what comes next must meet the new one.
  bool group_is_full() const;
  store::Txn prepare(const Now& now);
  std::vector<Output> committed(const Now& now, const store::Committed& ids);
  std::vector<Output> abandon(const Now& now);   // the commit failed
  std::vector<Output> shutdown();                // BYE SHUTDOWN everywhere
  // What came under that statement cannot be stored: from now on it waits (INTERNAL)
  // and the groups it comes in are stored without it. Forgotten with the process.
  void set_aside(const Bytes& statement);
  // machine_erase.cc; after the commit of a group that destroyed them and before committed():
  // nothing of them leaves any more, nor stays in memory.
  void erased(std::span<const store::RecordRef> refs);

  // What casework looks at between prepare() and the commit: own records
  // released and records accepted in this group, known kinds only.
  struct Fresh {
    store::RecordRef ref;
    Manifest manifest;
    const record::CheckedRecord* record;         // nullptr: own record; see body
    Bytes body;                                  // own record
  };
  const std::vector<Fresh>& fresh() const { return fresh_; }
  bool has_drafts() const { return !drafts_.empty(); }

  std::uint64_t next_wake_mono_ms() const { return next_wake_ms_; }
  // Is the allow-list or the plan of whom to dial another one now? Asking forgets it.
  bool take_reach_changed() { return std::exchange(reach_changed_, false); }
  const Outbox& outbox() const { return outbox_; }
  const Counters& counters() const { return counters_; }
  LinkState link_state(const std::string& party) const;
  const WaitingList& waiting() const { return waiting_; }
  const SafeClock& safe_clock() const { return safe_clock_; }

 private:
  struct DueReceipts {
    std::vector<ReceiptItem> items;              // at_ms 0: of this group, leaf made at prepare()
    std::set<Hash32> rids;
  };
  struct QueuedDraft {
    Draft draft;
    Manifest manifest;
    Bytes item;
  };
  struct FormedBatch {                           // waits for its id
    std::shared_ptr<const Bytes> inner;
    std::vector<std::string> to;
    std::uint32_t lane;
    std::uint64_t expires_ms;
    std::uint64_t created_ms;
    std::size_t items;
    bool base_only;
  };
  struct Contact {
    LinkState state;
    std::optional<std::uint64_t> heard_ms;       // last, monotonic: whatever the wall clock does
    std::deque<Bytes> receipts;                  // Inner bytes waiting for a link or credit
    // … that the party could not open for want of the pair secret, and until when they wait
    // (monotonic). At most receipts_kept.
    std::deque<Bytes> unread_receipts;
    std::uint64_t unread_until_ms = 0;
    std::optional<Id16> incarnation;             // of the peer, at its last HELLO
    Rate logged{kMinuteMs};                            // lines of the log that the party caused
    Rate alarms{kMinuteMs};                            // … for receipts that contradict others
    Rate notes{kMinuteMs};                             // NOTES frames, each of them checked
    Rate contexts{kSecondMs};                          // HPKE contexts it made us open
    Rate notes_out{kMinuteMs};                         // NOTES frames it asked for
    Rate wants{kMinuteMs};
    Rate recoveries{kMinuteMs};                        // pages it asked for
    Rate gossip{kMinuteMs};
    Rate cosigs{kMinuteMs};
    bool speaks_witness = false;                       // said its last HELLO
    std::set<Hash32> told_notes;                       // by their SHA-256, since that HELLO
    std::size_t answered = 0;                          // place in NOTES_WANT where the next answer begins
  };

  // machine_frames.cc: what a peer says
  void on_hello(const Now& now, Session& session, const HelloFrame& hello);
  void on_data(const Now& now, Session& session, const DataFrame& data, std::size_t size);
  void on_ack(const Now& now, Session& session, const AckFrame& ack);
  void on_bounces(const Now& now, Session& session, const BounceFrame& bounces);
  void on_bounce(const Now& now, const std::string& party, const BounceEntry& bounce);
  bool tells_time(const std::string& party) const;
  void send_hello(const Now& now, Session& session, bool is_reply);
  void bye(Session& session, ByeCode code, const std::string& text);
  void drop_session(LinkId link);
  void keep_receipts(Session& session);          // those not acknowledged go out again
  void bound_receipts(const std::string& party);
  void acknowledge_all(const Now& now);
  std::uint64_t outstanding_credit() const;
  std::uint64_t room_for(const Now& now, const Session& session, std::uint64_t granted);

  // machine_guard.cc: what this node signed, and while it may not sign
  void start_guard(const Now& now);
  void hear_hello(const std::string& from, const HelloFrame& hello);
  void hear_own_checkpoint(std::string_view note, const std::string& from);
  void hear_own_notes(const std::string& from, const NotesFrame& notes);
  void frame_while_stopped(Session& session, const Frame& frame);
  void answer_while_stopped(Session& session);
  void follow_run_state();

  // machine_notes.cc: notes, heads of notes, proofs
  void on_notes(const Now& now, Session& session, const NotesFrame& notes);
  void on_notes_want(const Now& now, Session& session, const NotesWantFrame& want);
  void on_gossip(const Now& now, Session& session, const GossipFrame& gossip);
  void on_heads(const Now& now, Session& session, const HelloFrame& hello);
  void send_notes(Session& session);             // what every link gets
  void add_revocations(const std::string& to, NotesFrame& notes);
  void send_proofs(Session& session);
  bool tells_of_others(const std::string& party) const;
  void put_heads(const std::string& party, HelloFrame& hello) const;
  std::optional<CardHead> want_of(const CardHead& head) const;
  std::optional<DirHead> want_of(const DirHead& head) const;
  NotesWantFrame everything_held(const std::string& asked) const;
  void ask(const Now& now, Session& session, NotesWantFrame want);
  void ask_round(const Now& now);
  std::vector<std::string> answer_for(const CardHead& have, bool of_others) const;
  void act_on(const Now& now, const TrustBook::Effects& effects);
  void forward(const std::vector<TrustBook::Forward>& all);
  void close_links(const std::string& party, const std::string& reason);
  bool is_blocked(const std::string& party) const;
  void settle_rows(const std::string& party);    // HELD while nothing may be sent, and back

  // machine_witness.cc: checkpoints
  bool speaks_witness(const Session& session) const;
  void on_claims(const Now& now, Session& session, const HelloFrame& hello);
  void on_ckpt(const Now& now, Session& session, const CkptFrame& ckpt);
  void on_cosig(const Now& now, Session& session, const CosigFrame& cosig);
  void saw_checkpoint(const Now& now, std::string_view note, const std::string& from);
  std::vector<std::string> take_policies(const Now& now, const std::string& party,
                                         const std::vector<std::string>& notes);
  void add_policy(const Session& session, NotesFrame& notes) const;
  void add_checkpoints(const Session& session, GossipFrame& gossip);
  struct Witnessing {
    std::string checkpoint, cosigs;              // of a receipt batch; may be empty
  };
  Witnessing witnessing_for(const std::string& party);
  void take_witnessing(const Now& now, const JudgedReceipts& receipts);
  void send_witness(const Now& now);
  void send_cosigs();

  // machine_promise.cc: proofs on demand, and who has opened what
  void on_opened(const std::string& from, const store::RecordRef& record);
  void on_peer_record(const Now& now, const std::string& from, std::string_view kind,
                      const record::CheckedRecord& record);
  void send_peer_record(const Now& now, const std::string& to, std::string_view kind,
                        const v1::Record& record,
                        std::uint32_t lane = 0);
  void tend_promises(const Now& now);

  // machine_recovery.cc: what this node signed and lost, from those who hold it
  void on_recovery_request(const Now& now, const std::string& from,
                           const v1::RecoveryRequest& request);
  void on_recovery_data(const Now& now, const std::string& from, const v1::RecoveryData& data);
  void restore_content(const JudgedBatch& batch, JudgedItem& item);
  void tend_recovery(const Now& now);
  void ask_recovery(const Now& now, const std::string& party);
  void deliver_reopened();

  // machine_doctor.cc: questions about links
  bool answers_questions(const std::string& party);
  void on_doctor(const Now& now, Session& session, const DoctorFrame& asked);
  void on_doctor_reply(const Now& now, Session& session, const DoctorReplyFrame& reply);
  DoctorReplyFrame answer_about(const Now& now, const std::string& party, const std::string& id);

  // machine_receive.cc: what was opened
  void receive(const Now& now, Session& session, ByteView envelope, std::uint32_t lane);
  struct Arrival;                                // where an Inner came from
  bool accept(const Now& now, const Arrival& arrival, Judgement judgement);
  bool accept_batch(const Now& now, const Arrival& arrival, JudgedBatch batch);
  void accept_receipts(const Now& now, const Arrival& arrival, JudgedReceipts receipts);
  void keep_waiting(const Now& now, const Arrival& arrival, const Wait& wait,
                    std::vector<std::uint32_t> items);
  void refuse(const Arrival& arrival, const Refused& refused, std::vector<std::uint32_t> items);
  void bounce(const Arrival& arrival, BounceCode code, std::uint32_t why,
              std::vector<std::uint32_t> items);
  void owe_receipt(const std::string& to, const ReceiptItem& item);
  bool rerun_waiting(const Now& now);
  void count_in_group(std::size_t bytes);

  // machine_pairs.cc: pair secrets
  PairWeeks pair_weeks(const Now& now) const;
  void on_confirm(const Now& now, const std::string& from, const record::CheckedRecord& record);
  void on_sealed_with(const Now& now, const PairUse& use, const Judgement& judgement);
  bool on_unread_receipts(const Now& now, const std::string& party, const Hash32& env_id);
  void send_unread_receipts(Contact& contact);
  void tell_confirms(const Now& now);
  void pairs_changed();
  void keep_pairs(const Now& now);
  bool is_base_only(const store::OutboxRow& row);

  // machine_send.cc: what leaves
  void form_batches(const Now& now);
  static std::size_t batch_length(std::span<const QueuedDraft> queue);
  void form_batch(const Now& now, std::span<QueuedDraft> records);
  void sign_receipts(const Now& now);
  void pump(const Now& now);
  struct Turn {
    Session* session;
    std::size_t left;                            // bytes it may still send in this turn
  };
  std::vector<Turn> turns_of_this_group();
  bool may_send(const Peer& peer, std::uint32_t lane) const;
  void pump_strict(const Now& now, Session& session);
  std::size_t pump_share(const Now& now, Session& session);
  bool pump_receipts(const Now& now, Session& session);
  std::size_t pump_lane(const Now& now, Session& session, std::uint32_t lane);
  struct NotNow {
    store::OutboxState state;                    // WAIT_SCHEDULE or WAIT_PSK
    std::string why;
  };
  // Lives until the next call.
  tl::expected<SealContext*, NotNow> context_to(const Now& now, const Peer& peer, bool base_only);
  void count_sealed(const std::string& party, std::uint8_t mode);
  std::shared_ptr<const Bytes> inner_of(OutboxEntry& entry);
  void send_data(Session& session, std::uint32_t lane, std::vector<Bytes> envelopes,
                 const std::vector<store::BatchId>& batches, SentReceipts receipts = {});
  Session* session_of(const std::string& party);
  void emit(LinkId link, const Frame& frame);
  void reload(const Now& now);
  void note_expired_cards(const Now& now);
  void set_state(OutboxEntry& entry, store::OutboxState state, const std::string& reason,
                 std::uint64_t next_wall_ms = 0);
  // WAIT_SCHEDULE or WAIT_PSK for that long at most, by the monotonic clock.
  void set_waiting(const Now& now, OutboxEntry& entry, store::OutboxState state,
                   std::uint64_t for_ms, const std::string& reason);
  void end_waits(const Now& now);
  void store_safe_time(const Now& now);
  void refresh_ended();

  Identity& self_;
  Peers& peers_;
  store::View& view_;
  crypto::Rng& rng_;
  MachineSettings settings_;
  CanSend can_send_;
  TrustBook book_;
  RollbackGuard guard_;
  RunState run_state_ = RunState::kRunning;      // as links know it
  WitnessBook witness_;
  PromiseBook promises_;
  SafeClock safe_clock_;
  Inbound inbound_;
  LinkDoctor doctor_;
  AskOutside outside_;
  Id16 incarnation_{};

  std::map<LinkId, Session> sessions_;
  std::map<std::string, Contact> contacts_;
  std::map<std::pair<std::string, std::uint8_t>, SealContext> seal_contexts_;  // party, mode
  Outbox outbox_;
  WaitingList waiting_;
  std::set<Bytes> set_aside_;                    // statements, at most kMaxSetAside
  Counters counters_;
  std::string served_last_;                      // the party the last turn of sending ended with
  std::uint64_t next_wake_ms_ = 0;
  std::uint64_t next_rerun_ms_ = 0;
  std::uint64_t next_timers_ms_ = 0;
  std::uint64_t next_safe_time_ms_ = 0;
  std::uint64_t tell_confirms_ms_ = 0;           // monotonic; 0: all stand in the ledger
  std::map<std::string, std::uint64_t> asked_;   // heads asked for, and when (monotonic)
  std::string asked_last_;                       // the party of the last round
  std::string told_last_;                        // the last party whose revocations found room
  std::uint64_t next_round_ms_ = 0;
  std::uint64_t next_promises_ms_ = 0;

  // Since when what this node signed is asked back; nothing: it is not. Of each party how far.
  struct Refill {
    std::uint64_t next = 0;        // page
    bool pages_done = false;
    std::uint32_t wants = 0;       // requests for content
    bool done = false;
    std::uint64_t ask_ms = 0;      // monotonic: not again before
  };
  std::optional<std::uint64_t> refill_since_ms_;
  std::map<std::string, Refill> refill_;
  std::uint64_t next_refill_ms_ = 0;             // monotonic

  // The group under way.
  store::Txn txn_;
  std::vector<store::ReopenItems> reopened_;
  std::vector<QueuedDraft> drafts_;
  std::vector<FormedBatch> formed_;
  std::vector<Fresh> fresh_;
  std::deque<record::CheckedRecord> fresh_records_;
  std::map<Hash32, std::uint32_t> in_group_;     // rids received in this group, status
  std::map<std::pair<std::string, Hash32>, std::uint32_t> receipted_;  // by (party, rid) in it
  std::map<std::string, DueReceipts> due_receipts_;
  std::map<std::string, std::vector<BounceEntry>> due_bounces_;
  std::vector<std::pair<LinkId, CosigFrame>> due_cosigs_;
  std::set<std::pair<store::BatchId, std::string>> touched_;  // rows that receipts or ends changed
  std::map<std::string, std::vector<Bytes>> signed_receipts_;    // Inner bytes by party
  std::vector<Output> outputs_;
  std::size_t group_records_ = 0, group_bytes_ = 0;
  bool accepts_records_ = true;
  bool schedule_changed_ = false;
  bool reach_changed_ = false;
};

}  // namespace focal::exchange
