#include "tests/sim/hostile.h"

#include <algorithm>

#include "node/exchange/inner.h"

namespace focal::sim {
namespace {

constexpr std::size_t kKeptFrames = 64;
constexpr std::size_t kKeptBatches = 64;
constexpr std::size_t kKeptNotes = 16;
constexpr std::uint64_t kLikesToReceive = 8u << 20;

}  // namespace

Hostile::Hostile(Queue& queue, Wires& wires, Counts& counts, std::size_t number,
                 std::uint64_t seed)
    : queue_(queue), wires_(wires), counts_(counts), party_(sim::party(number)), number_(number),
      self_(identity_of(party_.card, *party_.keys,
                        party_.keys->schedule(exchange::next_schedule_serial(0, kStartMs), 0))),
      rng_(seed) {}

void Hostile::say(exchange::LinkId link, const exchange::Frame& frame) {
  Bytes bytes = exchange::encode_frame(frame);
  if (frames_.size() < kKeptFrames) frames_.push_back(bytes);
  wires_.send(number_, link, std::move(bytes));
}

void Hostile::hello(exchange::LinkId id, const Link& link, bool is_reply) {
  exchange::HelloFrame out;
  out.is_reply = is_reply;
  out.party = party_.name;
  out.card_id = to_bytes(ByteView(party_.card.card_id));
  out.stream_id = link.own_stream;
  out.incarnation = rng_.array<16>();
  out.now_ms = kStartMs + queue_.now_ms();
  out.seal_serial = self_.schedule_serial;
  out.caps = exchange::kCapWitness;
  if (claims_to_.erase(link.other) != 0) claim(link.other, out);
  say(id, out);
}

void Hostile::link_up(exchange::LinkId id, std::size_t other, const std::string&, bool dialed) {
  Link link;
  link.other = other;
  link.dialed = dialed;
  link.own_stream = rng_.array<16>();
  links_[id] = link;
  if (dialed) hello(id, link, false);
}

void Hostile::acknowledge(exchange::LinkId id, const Link& link) {
  exchange::AckFrame ack;
  ack.stream_id = link.peer_stream;
  ack.cum_seq = link.received;
  ack.credit = kLikesToReceive + link.received * (300u << 10);
  ack.lane0_credit = ack.credit;
  say(id, ack);
}

void Hostile::on_hello(exchange::LinkId id, Link& link, const exchange::HelloFrame& in) {
  link.peer_stream = in.stream_id;
  link.up = true;
  if (!in.is_reply) hello(id, link, true);
  acknowledge(id, link);
  exchange::NotesFrame notes;
  notes.notes = {party_.card.note, self_.schedule_note};
  say(id, notes);
}

void Hostile::on_data(exchange::LinkId id, Link& link, const exchange::DataFrame& data) {
  for (const Bytes& envelope : data.envelopes) {
    ++link.received;
    const auto header = exchange::parse_envelope(envelope);
    const exchange::SealingKey* key = header ? self_.find_sealing(header->to_kid) : nullptr;
    if (key == nullptr) continue;
    const auto inner = contexts_.open(*header, key->key, party_.name, queue_.now_ms());
    if (!inner) continue;
    const auto parsed = exchange::parse_inner(*inner);
    const auto* batch = parsed ? std::get_if<exchange::BatchView>(&*parsed) : nullptr;
    if (batch == nullptr) continue;
    for (const auto& item : batch->items) {
      const auto manifest = exchange::parse_manifest(item.manifest);
      if (item.manifest.empty() || !manifest) continue;
      const Learnt fresh{*inner, manifest->from, manifest->to, {exchange::envelope_id(envelope)}};
      if (learnt_.size() < kKeptBatches) learnt_.push_back(fresh);
      hurry(fresh);
      break;
    }
  }
  acknowledge(id, link);
}

void Hostile::frame(exchange::LinkId id, Bytes bytes) {
  const auto it = links_.find(id);
  if (it == links_.end()) return;
  if (frames_.size() < kKeptFrames && bytes.size() < 8192) frames_.push_back(bytes);
  const auto parsed = exchange::parse_frame(bytes);
  if (!parsed) return;
  Link& link = it->second;
  if (const auto* in = std::get_if<exchange::HelloFrame>(&*parsed)) return on_hello(id, link, *in);
  if (const auto* data = std::get_if<exchange::DataFrame>(&*parsed)) return on_data(id, link, *data);
  if (const auto* ack = std::get_if<exchange::AckFrame>(&*parsed)) link.credit = ack->credit;
  if (const auto* ckpt = std::get_if<exchange::CkptFrame>(&*parsed)) {
    if (notes_.size() >= kKeptNotes) notes_.erase(notes_.begin());
    notes_.push_back(ckpt->note);
  }
  if (std::holds_alternative<exchange::ByeFrame>(*parsed)) {
    wires_.close(number_, id);
    links_.erase(id);
  }
}

std::optional<exchange::LinkId> Hostile::link_to(std::size_t target) const {
  for (const auto& [id, link] : links_)
    if (link.other == target && link.up) return id;
  return std::nullopt;
}

Bytes Hostile::seal(std::size_t target, ByteView inner, crypto::Rng& rng) const {
  const Party& to = sim::party(target);
  const std::uint64_t now_ms = kStartMs + queue_.now_ms();
  const KeySet& keys = target_keys ? target_keys(target) : *to.keys;
  const auto schedule = exchange::parse_schedule(keys.schedule(1, week_of(now_ms)));
  const auto* key = exchange::select_key(schedule->keys, now_ms);
  auto context = exchange::SealContext::open(rng, to.name, key->kid, key->pk, queue_.now_ms());
  return context->seal(inner);
}

bool Hostile::send_inner(exchange::LinkId id, std::size_t target, ByteView inner,
                         std::uint32_t lane, crypto::Rng& rng) {
  Link& link = links_.at(id);
  exchange::DataFrame data;
  data.stream_id = link.own_stream;
  data.first_seq = link.next_seq++;
  data.lane = lane;
  data.envelopes = {seal(target, inner, rng)};
  say(id, data);
  return true;
}

bool Hostile::carry(std::size_t target, ByteView inner, std::uint32_t lane, crypto::Rng& rng) {
  const auto id = link_to(target);
  return id && send_inner(*id, target, inner, lane, rng);
}

bool Hostile::carry_notes(std::size_t target, std::vector<std::string> notes) {
  const auto id = link_to(target);
  if (!id) return false;
  exchange::NotesFrame frame;
  frame.notes = std::move(notes);
  say(*id, frame);
  return true;
}

// A batch that was sent to this party: also to the target, or not to it.
const Hostile::Learnt* Hostile::learnt(crypto::Rng& rng, bool addressed_to,
                                       std::size_t target) const {
  const std::string& name = sim::party(target).name;
  std::vector<const Learnt*> fit;
  for (const Learnt& each : learnt_) {
    const bool is_to = std::find(each.to.begin(), each.to.end(), name) != each.to.end();
    if (is_to == addressed_to && each.from != name) fit.push_back(&each);
  }
  return fit.empty() ? nullptr : fit[rng.below(fit.size())];
}

void Hostile::attack(What what, std::size_t target, std::uint64_t seed) {
  if (stopped_ || target == number_) return;
  const auto id = link_to(target);
  if (!id) return;
  crypto::SeededRng rng(seed);
  bool done = false;
  switch (what) {
    case What::kGarbage: done = garbage(*id, rng); break;
    case What::kMutated: done = mutated(*id, rng); break;
    case What::kReplay: done = replay(*id, rng); break;
    case What::kFlood: done = flood(*id, rng); break;
    case What::kForgedAck: done = forged_ack(*id, rng); break;
    case What::kForgedReceipt: done = forged_receipt(*id, target, rng); break;
    case What::kForgedBounce: done = forged_bounce(*id, target, rng); break;
    case What::kOtherBody: done = other_body(*id, target, learnt(rng, true, target), rng); break;
    case What::kForward: done = forward(*id, target, rng); break;
    case What::kReseal: done = reseal(*id, target, rng); break;
    case What::kOwnRecord: done = own_record(*id, target, rng); break;
    case What::kFalseLine: done = false_line(*id, rng); break;
    case What::kFalseConflict: done = false_conflict(*id, target, rng); break;
    case What::kFalseClaim: done = false_claim(*id, target, rng); break;
    default: break;
  }
  if (done) counts_.did(what);
}

}  // namespace focal::sim
