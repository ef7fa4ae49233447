// One link's conversation: HELLO, sequence numbers, acknowledgements, credit
// (docs/protocol.md, "Links"). Volatile: nothing of it is stored. Pure: it
// counts and judges; the machine sends.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "node/exchange/frame.h"
#include "node/store/rows.h"

namespace focal::exchange {

using LinkId = std::uint64_t;

// The first grant lets a DATA frame of our own making through, and any one
// envelope; with it 200 links stay within kMaxAllCredit.
inline constexpr std::uint64_t kFirstCredit = 640u << 10;
inline constexpr std::uint64_t kMaxCredit = 16u << 20;      // outstanding per link
inline constexpr std::uint64_t kMaxAllCredit = 256u << 20;  // outstanding over all links, lane 0 too
inline constexpr std::uint64_t kLane0Credit = 512u << 10;   // reserve for receipts and peer.*

struct SentReceipts {
  Bytes inner{};
  Hash32 env_id{};                // of the envelope
  std::uint64_t pair_made_ms = 0; // of the pair secret it was sealed with; 0: in mode base
};

// What an envelope under way was for.
struct InFlight {
  std::uint64_t seq = 0;
  store::BatchId batch = 0;       // 0: receipts, which no row waits for …
  SentReceipts receipts{};        // … so they are kept here until acknowledged
  std::uint64_t cost = 0;         // of the frame, with its last envelope
  bool lane0 = false;
};

class Session {
 public:
  Session(LinkId link, std::string party, bool dialed, Id16 own_stream)
      : link_(link), party_(std::move(party)), dialed_(dialed), own_stream_(own_stream) {}

  LinkId link() const { return link_; }
  const std::string& party() const { return party_; }
  bool dialed() const { return dialed_; }
  bool is_up() const { return peer_stream_.has_value() && hello_sent_; }
  const Id16& own_stream() const { return own_stream_; }
  std::uint64_t up_since_ms() const { return up_since_ms_; }
  std::uint64_t peer_seal_serial() const { return peer_seal_serial_; }
  const Bytes& peer_card_id() const { return peer_card_id_; }

  void hello_sent() { hello_sent_ = true; }
  // Each on_… returns the BYE that ends the session, or nothing.
  std::optional<ByeCode> on_hello(const HelloFrame& hello, std::uint64_t mono_ms);
  // Counts the frame against the credit granted. Envelopes are then received
  // in order; they are acknowledged when acknowledge() is called after commit.
  std::optional<ByeCode> on_data(const DataFrame& data, std::size_t frame_size);
  // settled: what the peer has committed, bounced or set aside.
  std::optional<ByeCode> on_ack(const AckFrame& ack, std::vector<InFlight>& settled);

  // Sender's side.
  bool has_credit(std::uint32_t lane, std::uint64_t cost) const;
  std::uint64_t next_seq() const { return next_seq_; }
  void sent(std::uint32_t lane, std::uint64_t cost, const std::vector<store::BatchId>& batches,
            SentReceipts receipts = {});
  // The receipts that may not have arrived, oldest first. For the end of the session.
  std::deque<Bytes> take_receipts();
  // Those that travelled in this envelope, in mode psk, and are not acknowledged: the peer could
  // not open them. Nothing: there are none.
  std::optional<SentReceipts> take_unread(const Hash32& env_id);
  const std::deque<InFlight>& in_flight() const { return in_flight_; }

  // Receiver's side: the ACK for everything received so far, with fresh credit.
  // room: the most that lanes 1-3 may be granted now (0 = disk low, memory bound
  // reached, too many new contexts); lane 0 always gets its reserve.
  AckFrame acknowledge(std::uint64_t room);
  // Nothing is taken and nothing may be sent: no credit on any lane. For a session that never gave
  // any; acknowledge() may follow.
  AckFrame acknowledge_nothing() const;
  bool owes_ack() const { return received_ != acknowledged_; }
  // Credit was withheld, and the sender may be waiting for it.
  bool owes_credit() const { return granted_ < taken_ + window_ / 2; }
  std::uint64_t outstanding() const {
    return granted_ - taken_ + lane0_granted_ - lane0_taken_;
  }

  // What lane 1 or 2 may still send in this round (negative: overdrawn).
  std::int64_t& deficit(std::uint32_t lane) { return deficit_[lane - 1]; }

 private:
  LinkId link_;
  std::string party_;
  bool dialed_;
  Id16 own_stream_;
  std::optional<Id16> peer_stream_;
  bool hello_sent_ = false;
  std::uint64_t up_since_ms_ = 0;
  std::uint64_t peer_seal_serial_ = 0;
  Bytes peer_card_id_;

  std::uint64_t next_seq_ = 1;
  std::uint64_t settled_seq_ = 0;
  std::uint64_t credit_ = 0, lane0_credit_ = 0;      // granted to us
  std::uint64_t used_ = 0, lane0_used_ = 0;
  std::uint64_t settled_ = 0, lane0_settled_ = 0;    // of it, acknowledged
  std::int64_t deficit_[2] = {0, 0};
  std::deque<InFlight> in_flight_;

  std::uint64_t received_ = 0, acknowledged_ = 0;
  std::uint64_t granted_ = 0, lane0_granted_ = 0;    // by us
  std::uint64_t taken_ = 0, lane0_taken_ = 0;
  std::uint64_t window_ = kFirstCredit;
};

}  // namespace focal::exchange
