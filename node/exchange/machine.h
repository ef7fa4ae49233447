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
#include <string>
#include <variant>
#include <vector>

#include "crypto/random.h"
#include "node/exchange/envelope.h"
#include "node/exchange/frame.h"
#include "node/exchange/identity.h"
#include "node/exchange/inbound.h"
#include "node/exchange/outbox.h"
#include "node/exchange/peers.h"
#include "node/exchange/session.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::exchange {

struct MachineSettings {
  std::uint64_t resend_ms = kHourMs;           // no receipt by then: send again, doubled each time
  std::uint64_t resend_cap_ms = 7 * kDayMs;
  std::uint64_t waiting_rerun_ms = kMinuteMs;  // how often WAIT is judged again
  std::size_t waiting_bytes = 64u << 20;       // per link peer
  std::size_t receipts_kept = 256;             // receipt batches kept for a peer without a link
};

struct Draft {                  // a record released by a person here
  std::vector<std::string> to;  // sorted, unique
  std::string kind;
  Bytes body;
  std::optional<store::RecordRef> thread;
  std::optional<store::RecordRef> reply_to;
  std::uint64_t expires_ms = 0;
  std::uint32_t lane = 1;
};

struct SendFrame { LinkId link; Bytes bytes; };
struct CloseLink { LinkId link; std::string reason; };
using Output = std::variant<SendFrame, CloseLink>;

// For the operator: how the link to a party stands.
struct LinkState {
  bool up = false;
  std::uint64_t last_heard_wall_ms = 0;
  std::int64_t clock_skew_ms = 0;  // theirs minus ours at the last HELLO
  std::string trouble;             // why it is not up, or what was refused last
};

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

  void load();                                   // outbox and waiting from the ledger

  // Inputs.
  void link_up(const Now& now, LinkId link, const std::string& party, bool dialed);
  void link_down(const Now& now, LinkId link, const std::string& reason);
  void frame(const Now& now, LinkId link, ByteView bytes);
  void tick(const Now& now);                     // timers; cheap, call every turn
  // The name of the record is final at once; it is written by prepare().
  store::RecordRef submit(const Now& now, Draft draft);
  void cancel(store::BatchId batch, const std::string& party, const std::string& reason);
  void retry(store::BatchId batch, const std::string& party);
  void peer_changed(const Now& now, const std::string& party);  // card, level or schedule
  void own_schedule_changed();                   // publish it on every link
  void trouble(const std::string& party, const std::string& what);

  // The group.
  store::Txn prepare(const Now& now);
  std::vector<Output> committed(const Now& now, const store::Committed& ids);
  std::vector<Output> abandon(const Now& now);   // the commit failed
  std::vector<Output> shutdown();                // BYE SHUTDOWN everywhere

  // What casework looks at between prepare() and the commit: own records
  // released and records accepted in this group, known kinds only.
  struct Fresh {
    store::RecordRef ref;
    Manifest manifest;
    const record::CheckedRecord* record;         // nullptr: own record; see body
    Bytes body;                                  // own record
  };
  const std::vector<Fresh>& fresh() const { return fresh_; }

  std::uint64_t next_wake_mono_ms() const { return next_wake_ms_; }
  const Outbox& outbox() const { return outbox_; }
  const Counters& counters() const { return counters_; }
  LinkState link_state(const std::string& party) const;
  bool has_waiting() const { return !waiting_.empty(); }
  const std::vector<store::WaitingRow>& waiting() const { return waiting_; }

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
  };
  struct Contact {
    LinkState state;
    std::deque<Bytes> receipts;                  // Inner bytes waiting for a link or credit
    std::optional<Id16> incarnation;             // of the peer, at its last HELLO
    std::uint64_t log_minute = 0;                // refusals logged in that minute
    std::uint32_t logged = 0;
  };

  // machine_frames.cc: what a peer says
  void on_hello(const Now& now, Session& session, const HelloFrame& hello);
  void on_data(const Now& now, Session& session, const DataFrame& data, std::size_t size);
  void on_ack(const Now& now, Session& session, const AckFrame& ack);
  void on_notes(const Now& now, Session& session, const NotesFrame& notes);
  void on_bounces(const Now& now, Session& session, const BounceFrame& bounces);
  void on_bounce(const Now& now, const std::string& party, const BounceEntry& bounce);
  void send_hello(const Now& now, Session& session, bool is_reply);
  void send_notes(Session& session);
  void bye(Session& session, ByeCode code, const std::string& text);
  void drop_session(LinkId link);
  void keep_receipts(Session& session);          // those not acknowledged go out again

  // machine_receive.cc: what was opened
  void receive(const Now& now, Session& session, ByteView envelope, std::uint32_t lane);
  struct Arrival;                                // where an Inner came from
  bool accept(const Now& now, const Arrival& arrival, Judgement judgement);
  bool accept_batch(const Now& now, const Arrival& arrival, JudgedBatch batch);
  void accept_receipts(const Arrival& arrival, JudgedReceipts receipts);
  void keep_waiting(const Now& now, const Arrival& arrival, const Wait& wait,
                    std::vector<std::uint32_t> items);
  void refuse(const Arrival& arrival, const Refused& refused, std::vector<std::uint32_t> items);
  bool may_log(const std::string& link_party, std::uint64_t wall_ms);
  void bounce(const Arrival& arrival, BounceCode code, std::uint32_t why,
              std::vector<std::uint32_t> items);
  void owe_receipt(const std::string& to, const ReceiptItem& item);
  void rerun_waiting(const Now& now);

  // machine_send.cc: what leaves
  void form_batches(const Now& now);
  void form_batch(const Now& now, std::vector<QueuedDraft> records);
  void sign_receipts(const Now& now);
  void pump(const Now& now);
  void pump_session(const Now& now, Session& session);
  bool pump_receipts(const Now& now, Session& session);
  bool pump_lane(const Now& now, Session& session, std::uint32_t lane);
  std::optional<Bytes> seal_for(const Now& now, const Peer& peer, ByteView inner);
  std::shared_ptr<const Bytes> inner_of(OutboxEntry& entry);
  void send_data(Session& session, std::uint32_t lane, std::vector<Bytes> envelopes,
                 const std::vector<store::BatchId>& batches, Bytes receipts = {});
  Session* session_of(const std::string& party);
  void emit(LinkId link, const Frame& frame);
  void set_state(OutboxEntry& entry, store::OutboxState state, const std::string& reason,
                 std::uint64_t next_wall_ms = 0);
  void refresh_ended();

  Identity& self_;
  Peers& peers_;
  store::View& view_;
  crypto::Rng& rng_;
  MachineSettings settings_;
  CanSend can_send_;
  Inbound inbound_;
  Id16 incarnation_{};

  std::map<LinkId, Session> sessions_;
  std::map<std::string, Contact> contacts_;
  std::map<std::string, SealContext> seal_contexts_;
  Outbox outbox_;
  std::vector<store::WaitingRow> waiting_;
  Counters counters_;
  std::uint64_t next_wake_ms_ = 0;
  std::uint64_t next_rerun_ms_ = 0;
  std::uint64_t next_timers_ms_ = 0;

  // The group under way.
  store::Txn txn_;
  std::vector<QueuedDraft> drafts_;
  std::vector<FormedBatch> formed_;
  std::vector<Fresh> fresh_;
  std::deque<record::CheckedRecord> fresh_records_;
  std::map<Hash32, std::uint32_t> in_group_;     // rids received in this group, status
  std::map<std::pair<std::string, Hash32>, std::uint32_t> receipted_;  // by (party, rid) in it
  std::map<std::string, std::string> new_schedules_;  // by party, put in this group
  std::map<std::string, DueReceipts> due_receipts_;
  std::map<std::string, std::vector<BounceEntry>> due_bounces_;
  std::vector<Hash32> in_group_waiting_;         // H(Inner) put aside in this group
  std::vector<std::pair<store::BatchId, std::string>> touched_;  // rows receipts changed
  std::map<std::string, std::vector<Bytes>> signed_receipts_;    // Inner bytes by party
  std::vector<Output> outputs_;
  bool schedule_changed_ = false;
};

}  // namespace focal::exchange
