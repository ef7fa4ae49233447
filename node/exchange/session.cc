#include "node/exchange/session.h"

#include <algorithm>
#include <utility>

#include "base/defect.h"

namespace focal::exchange {

std::optional<ByeCode> Session::on_hello(const HelloFrame& hello, std::uint64_t mono_ms) {
  if (peer_stream_) return ByeCode::kBadFrame;          // one HELLO a session
  if (hello.is_reply != dialed_) return ByeCode::kBadFrame;  // the dialer asks, the other replies
  if (hello.party != party_) return ByeCode::kParty;    // identity is the transport key's
  const std::uint32_t spoken = std::min(hello.v, kFrameVersion);
  if (spoken < hello.v_min || spoken < kFrameVersion) return ByeCode::kVersion;
  peer_stream_ = hello.stream_id;
  peer_card_id_ = hello.card_id;
  peer_seal_serial_ = hello.seal_serial;
  up_since_ms_ = mono_ms;
  return std::nullopt;
}

std::optional<ByeCode> Session::on_data(const DataFrame& data, std::size_t frame_size) {
  if (!is_up()) return ByeCode::kBadFrame;
  if (data.stream_id != *peer_stream_) return ByeCode::kSeq;
  if (data.first_seq != received_ + 1) return ByeCode::kSeq;
  const std::uint64_t cost = frame_cost(frame_size, data.envelopes.size());
  auto& taken = data.lane == 0 ? lane0_taken_ : taken_;
  const auto granted = data.lane == 0 ? lane0_granted_ : granted_;
  if (taken + cost > granted) return ByeCode::kCredit;
  taken += cost;
  received_ += data.envelopes.size();
  return std::nullopt;
}

std::optional<ByeCode> Session::on_ack(const AckFrame& ack, std::vector<InFlight>& settled) {
  if (!is_up()) return ByeCode::kBadFrame;
  if (ack.stream_id != own_stream_) return ByeCode::kSeq;
  if (ack.cum_seq < settled_seq_ || ack.cum_seq >= next_seq_) return ByeCode::kSeq;
  if (ack.credit < credit_ || ack.lane0_credit < lane0_credit_) return ByeCode::kCredit;
  settled_seq_ = ack.cum_seq;
  credit_ = ack.credit;
  lane0_credit_ = ack.lane0_credit;
  while (!in_flight_.empty() && in_flight_.front().seq <= settled_seq_) {
    (in_flight_.front().lane0 ? lane0_settled_ : settled_) += in_flight_.front().cost;
    settled.push_back(std::move(in_flight_.front()));
    in_flight_.pop_front();
  }
  return std::nullopt;
}

bool Session::has_credit(std::uint32_t lane, std::uint64_t cost) const {
  // However much the peer grants: what it has not acknowledged costs our memory.
  return lane == 0 ? lane0_used_ + cost <= std::min(lane0_credit_, lane0_settled_ + kMaxCredit)
                   : used_ + cost <= std::min(credit_, settled_ + kMaxCredit);
}

void Session::sent(std::uint32_t lane, std::uint64_t cost,
                   const std::vector<store::BatchId>& batches, SentReceipts receipts) {
  if (!planted(Defect::kWrongCredit)) (lane == 0 ? lane0_used_ : used_) += cost;
  for (const store::BatchId batch : batches) in_flight_.push_back({next_seq_++, batch, {}, 0, lane == 0});
  in_flight_.back().cost = cost;
  if (!receipts.inner.empty()) in_flight_.back().receipts = std::move(receipts);
}

std::deque<Bytes> Session::take_receipts() {
  std::deque<Bytes> out;
  for (InFlight& sent : in_flight_)
    if (!sent.receipts.inner.empty()) out.push_back(std::move(sent.receipts.inner));
  in_flight_.clear();
  return out;
}

std::optional<SentReceipts> Session::take_unread(const Hash32& env_id) {
  for (InFlight& sent : in_flight_)
    if (sent.receipts.pair_made_ms != 0 && sent.receipts.env_id == env_id)
      return std::exchange(sent.receipts, {});
  return std::nullopt;
}

AckFrame Session::acknowledge(std::uint64_t room) {
  acknowledged_ = received_;
  // The window opens while the peer keeps it busy.
  if (room > 0 && taken_ > 0 && taken_ + window_ / 2 > granted_)
    window_ = std::min(window_ * 2, kMaxCredit);
  if (taken_ + window_ > granted_) granted_ += std::min(taken_ + window_ - granted_, room);
  lane0_granted_ = std::max(lane0_granted_, lane0_taken_ + kLane0Credit);
  AckFrame ack;
  ack.stream_id = peer_stream_.value_or(Id16{});
  ack.cum_seq = acknowledged_;
  ack.credit = granted_;
  ack.lane0_credit = lane0_granted_;
  return ack;
}

AckFrame Session::acknowledge_nothing() const {
  AckFrame ack;
  ack.stream_id = peer_stream_.value_or(Id16{});
  return ack;
}

}  // namespace focal::exchange
