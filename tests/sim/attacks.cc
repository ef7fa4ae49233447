// What the hostile party does, one function for each attack.
#include <algorithm>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "node/exchange/inner.h"
#include "node/exchange/statement.h"
#include "tests/sim/hostile.h"
#include "tests/sim/letters.h"

namespace focal::sim {
namespace {

Bytes random_bytes(crypto::Rng& rng, std::size_t most) {
  Bytes out(rng.below(most));
  rng.fill(out);
  return out;
}

}  // namespace

bool Hostile::garbage(exchange::LinkId id, crypto::Rng& rng) {
  if (rng.below(4) == 0) {  // BYE, its text is no UTF-8
    wires_.send(number_, id, {0x10, 0x08, 0x01, 0x12, 0x02, 0xff, 0xfe});
    return true;
  }
  Bytes frame = random_bytes(rng, 400);
  static constexpr std::uint8_t kTypes[] = {1, 2, 3, 4, 12, 16, 18, 5, 99};
  frame.insert(frame.begin(), kTypes[rng.below(std::size(kTypes))]);
  wires_.send(number_, id, std::move(frame));
  return true;
}

bool Hostile::mutated(exchange::LinkId id, crypto::Rng& rng) {
  if (frames_.empty()) return false;
  Bytes frame = frames_[rng.below(frames_.size())];
  for (std::uint64_t n = 1 + rng.below(4); n > 0 && !frame.empty(); --n)
    frame[rng.below(frame.size())] ^= static_cast<std::uint8_t>(1u << rng.below(8));
  if (rng.below(4) == 0) frame.resize(rng.below(frame.size() + 1));
  wires_.send(number_, id, std::move(frame));
  return true;
}

bool Hostile::replay(exchange::LinkId id, crypto::Rng& rng) {
  if (frames_.empty()) return false;
  wires_.send(number_, id, frames_[rng.below(frames_.size())]);
  return true;
}

// Envelopes that do not open, as many as credit allows and then some; or one frame
// a hundred times.
bool Hostile::flood(exchange::LinkId id, crypto::Rng& rng) {
  Link& link = links_.at(id);
  const std::uint64_t n = 20 + rng.below(80);
  if (rng.below(3) == 0) {
    exchange::BounceFrame bounces;
    bounces.bounces.resize(200);
    for (auto& bounce : bounces.bounces) bounce = {rng.array<32>(), 4, 0, {}};
    for (std::uint64_t i = 0; i < n; ++i) say(id, bounces);
    return true;
  }
  const bool whole = rng.below(2) == 0;  // large ones: beyond the credit
  for (std::uint64_t i = 0; i < n; ++i) {
    exchange::DataFrame data;
    data.stream_id = link.own_stream;
    data.first_seq = link.next_seq;
    data.lane = 1 + static_cast<std::uint32_t>(rng.below(2));
    Bytes rubbish(whole ? (128u << 10) : 1200);
    rng.fill(rubbish);
    data.envelopes = {std::move(rubbish)};
    ++link.next_seq;
    wires_.send(number_, id, exchange::encode_frame(data));
  }
  return true;
}

bool Hostile::forged_ack(exchange::LinkId id, crypto::Rng& rng) {
  const Link& link = links_.at(id);
  exchange::AckFrame ack;
  ack.stream_id = rng.below(3) == 0 ? rng.array<16>() : link.peer_stream;
  ack.cum_seq = rng.below(3) == 0 ? 0 : link.received + 1 + rng.below(1000);
  ack.credit = rng.below(2) == 0 ? ~std::uint64_t{0} : rng.below(1u << 20);
  ack.lane0_credit = ack.credit;
  say(id, ack);
  return true;
}

// A receipt, in true form and under a true signature of this party, for a record
// that was sent to somebody else; or in the name of somebody else.
bool Hostile::forged_receipt(exchange::LinkId id, std::size_t target, crypto::Rng& rng) {
  std::vector<const Learnt*> fit;
  for (const Learnt& each : learnt_)
    if (each.from == sim::party(target).name) fit.push_back(&each);
  if (fit.empty()) return false;
  const Learnt& batch = *fit[rng.below(fit.size())];
  const auto inner = exchange::parse_inner(batch.inner);
  std::vector<Bytes> items;
  std::vector<Hash32> leaves;
  static constexpr std::uint32_t kStatus[] = {1, 1, 2, 16, 19, 24, 3, 77};
  const std::uint32_t status = kStatus[rng.below(std::size(kStatus))];
  for (const auto& view : std::get<exchange::BatchView>(*inner).items) {
    const auto m = exchange::parse_manifest(view.manifest);
    if (view.manifest.empty() || !m) continue;
    auto item = exchange::receipt_for({m->rid, m->created_ms}, status, kStartMs + queue_.now_ms());
    if (rng.below(5) == 0) item.leaf = rng.array<32>();
    items.push_back(exchange::encode_receipt_item(item));
    leaves.push_back(crypto::merkle_leaf(items.back()));
  }
  std::string in_the_name_of = party_.name;
  Hash32 card = party_.card.card_id;
  if (rng.below(2) == 0) {
    in_the_name_of = batch.to.front();
    if (const Party* other = find_party(in_the_name_of)) card = other->card.card_id;
  }
  const auto stmt = exchange::sign_statement(self_.sign, in_the_name_of, card,
                                             exchange::Purpose::kReceipts, leaves,
                                             kStartMs + queue_.now_ms());
  return send_inner(id, target,
                    exchange::encode_receipts_inner(stmt.statement.bytes, stmt.signature, items, {}),
                    0, rng);
}

bool Hostile::forged_bounce(exchange::LinkId id, std::size_t target, crypto::Rng& rng) {
  exchange::BounceFrame frame;
  for (const Learnt& each : learnt_) {
    if (each.from != sim::party(target).name || frame.bounces.size() > 8) continue;
    frame.bounces.push_back({each.env_ids.front(), 1 + static_cast<std::uint32_t>(rng.below(9)),
                             static_cast<std::uint32_t>(rng.below(6)), {}});
  }
  frame.bounces.push_back({rng.array<32>(), 4, 0, {}});
  say(id, frame);
  return true;
}

// The genuine manifest and signature of a record to several recipients, with
// another body, before or after the true one (docs/protocol.md 9.1).
bool Hostile::other_body(exchange::LinkId id, std::size_t target, const Learnt* batch,
                         crypto::Rng& rng) {
  if (batch == nullptr) return false;
  const auto inner = exchange::parse_inner(batch->inner);
  const auto& view = std::get<exchange::BatchView>(*inner);
  std::vector<Bytes> items;
  for (const auto& item : view.items) {
    if (item.manifest.empty())
      items.push_back(to_bytes(item.raw));
    else
      items.push_back(exchange::encode_item(item.manifest, *fixed<32>(item.salt),
                                            to_bytes("another body")));
  }
  return send_inner(id, target, exchange::encode_batch_inner(view.stmt, view.sig, items), 1, rng);
}

void Hostile::hurry(const Learnt& batch) {
  if (!hasty_ || stopped_ || rng_.below(4) != 0) return;
  for (std::size_t target = 0; target < number_; ++target) {
    const std::string& name = sim::party(target).name;
    const bool is_to = std::find(batch.to.begin(), batch.to.end(), name) != batch.to.end();
    const auto id = link_to(target);
    if (is_to && id && name != batch.from && other_body(*id, target, &batch, rng_))
      counts_.did(What::kOtherBody);
  }
}

// A record that was written to this party alone, sealed for somebody else.
bool Hostile::forward(exchange::LinkId id, std::size_t target, crypto::Rng& rng) {
  const Learnt* batch = learnt(rng, false, target);
  return batch != nullptr && send_inner(id, target, batch->inner, 1, rng);
}

// The true record to the true recipient, by another link than its sender's.
bool Hostile::reseal(exchange::LinkId id, std::size_t target, crypto::Rng& rng) {
  const Learnt* batch = learnt(rng, true, target);
  if (batch == nullptr) return false;
  const bool wrong_lane = rng.below(4) == 0;
  return send_inner(id, target, batch->inner, wrong_lane ? 0 : 1, rng);
}

// Records of its own, some of them wrong in one way.
bool Hostile::own_record(exchange::LinkId id, std::size_t target, crypto::Rng& rng) {
  const std::uint64_t wrong = rng.below(8);
  exchange::Manifest m;
  m.msg_id = rng.array<16>();
  m.to = {sim::party(target).name};
  m.kind = wrong == 1 ? "trace.request" : rng.below(2) == 0 ? "peer.ping" : "future.kind";
  m.created_ms = kStartMs + queue_.now_ms() + (wrong == 2 ? 3 * kDayMs : 0);
  if (wrong == 3) m.to = {"ZZ"};
  // In the name of another party: the signature is this one's.
  const Party& other = sim::party(target == 0 ? 1 : 0);
  const Party& author = wrong == 6 ? other : party_;
  m.from = author.name;
  m.from_card = author.card.card_id;
  const Hash32 salt = rng.array<32>();
  const Bytes body = wrong == 1 ? random_bytes(rng, 300) : valid_body("peer.ping", party_.name);
  m.body_commit = exchange::body_commitment(salt, wrong == 4 ? to_bytes("else") : body);
  m.body_len = body.size();
  exchange::encode_manifest(m);
  const std::vector<Hash32> leaves{m.rid};
  auto stmt = exchange::sign_statement(self_.sign, author.name, author.card.card_id,
                                       exchange::Purpose::kRecords, leaves, m.created_ms);
  if (wrong == 5) stmt.signature[3] ^= 1;
  const std::vector<Bytes> items{exchange::encode_item(m.bytes, salt, body)};
  return send_inner(id, target,
                    exchange::encode_batch_inner(stmt.statement.bytes, stmt.signature, items),
                    1 + static_cast<std::uint32_t>(rng.below(2)), rng);
}

}  // namespace focal::sim
