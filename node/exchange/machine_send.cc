// What leaves: batches formed and signed for the group, receipts, and the pump
// that seals and sends what is owed as far as credit reaches.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/defect.h"
#include "base/log.h"
#include "crypto/merkle.h"
#include "node/exchange/machine.h"
#include "node/exchange/suite_choice.h"
#include "proto/lint.h"

namespace focal::exchange {
namespace {

constexpr std::size_t kLargeBucket = 128u << 10;           // the last one before 288 KiB
constexpr std::size_t kWorthTheLargest = 216u << 10;       // three quarters of 288 KiB
constexpr std::size_t kDataTarget = 512u << 10;            // envelopes of one DATA frame
constexpr std::int64_t kShare = 128 << 10;                 // of a lane, a round
constexpr std::size_t kBytesALink = 4u << 20;              // handed over in one turn of the loop
constexpr std::size_t kBytesATurn = 16u << 20;             // … to all links together
constexpr std::size_t kFrameOverhead = 64;
constexpr std::size_t kStatementSize = 160;                // an upper estimate

// Header, tag and field header around a bucket, in the suite with the longest enc.
std::size_t envelope_overhead() {
  std::size_t longest = 0;
  for (const crypto::Suite* suite : crypto::suites()) longest = std::max(longest, suite->enc_size);
  return 64 + longest;
}

std::size_t inner_estimate(std::size_t bytes, std::size_t items) {
  return batch_inner_size(kStatementSize, bytes, items);
}

}  // namespace

// Batches of one audience, lane and deadline, released by one person, each in the order of
// release.
void Machine::form_batches(const Now& now) {
  std::vector<std::vector<QueuedDraft>> queues;
  for (QueuedDraft& next : std::exchange(drafts_, {})) {
    auto same = std::find_if(queues.begin(), queues.end(), [&](const auto& queue) {
      const Draft& first = queue.front().draft;
      return first.to == next.draft.to && first.lane == next.draft.lane &&
             first.expires_ms == next.draft.expires_ms && first.detail == next.draft.detail &&
             (first.kind == kConfirmKind) == (next.draft.kind == kConfirmKind);
    });
    if (same == queues.end()) same = queues.emplace(queues.end());
    same->push_back(std::move(next));
  }
  for (auto& queue : queues)
    for (std::span<QueuedDraft> left(queue); !left.empty();) {
      const std::size_t n = batch_length(left);
      form_batch(now, left.first(n));
      left = left.subspan(n);
    }
}

// How many of them go into one batch: as many as fit, but where half of the
// largest padding bucket would stay empty, what fits the one before.
std::size_t Machine::batch_length(std::span<const QueuedDraft> queue) {
  std::size_t bytes = 0, n = 0, fits_large = 0;
  while (n < queue.size() && n < proto::kMaxItems &&
         inner_estimate(bytes + queue[n].item.size(), n + 1) <= proto::kMaxInner) {
    bytes += queue[n++].item.size();
    if (inner_estimate(bytes, n) + 4 <= kLargeBucket) fits_large = n;
  }
  FOCAL_CHECK(n > 0);  // the largest record fits
  return fits_large != 0 && bytes < kWorthTheLargest ? fits_large : n;
}

void Machine::form_batch(const Now& now, std::span<QueuedDraft> records) {
  std::vector<Hash32> leaves;
  std::vector<Bytes> items;
  store::PutSentBatch put;
  for (QueuedDraft& r : records) {
    leaves.push_back(r.manifest.rid);
    put.records.push_back(
        {{r.manifest.rid, r.manifest.created_ms}, std::move(r.manifest.kind), r.item});
    items.push_back(std::move(r.item));
  }
  const SignedStatement signed_ = sign_statement(self_.sign, self_.party(), self_.card.card_id,
                                                 Purpose::kRecords, leaves, now.wall_ms);
  const Draft& draft = records.front().draft;
  put.stmt = signed_.statement.bytes;
  put.sig = to_bytes(ByteView(signed_.signature));
  put.root = signed_.statement.root;
  put.to = draft.to;
  put.lane = draft.lane;
  put.expires_ms = draft.expires_ms;
  put.detail = draft.detail;
  auto inner = std::make_shared<Bytes>(
      encode_batch_inner(put.stmt, put.sig, items));
  FOCAL_CHECK(inner->size() <= proto::kMaxInner);
  formed_.push_back({std::move(inner), draft.to, draft.lane, draft.expires_ms, now.wall_ms,
                     records.size(), draft.kind == kConfirmKind});
  counters_.sent += records.size();
  txn_.ops.push_back(std::move(put));
}

// One signature covers up to 2048 receipts to one party. A batch must also fit
// an envelope, which 2048 items do (docs/protocol.md, "Limits"). A repeated receipt
// goes alone: the peer has either all of a batch already, or nothing of it.
void Machine::sign_receipts(const Now& now) {
  for (auto& [party, due] : due_receipts_) {
    const auto fresh = std::stable_partition(due.items.begin(), due.items.end(),
                                             [](const auto& item) { return item.at_ms != 0; });
    const auto repeats = static_cast<std::size_t>(fresh - due.items.begin());
    for (std::size_t at = 0, n = 0; at < due.items.size(); at += n) {
      n = at < repeats ? 1 : std::min(proto::kMaxReceiptItems, due.items.size() - at);
      store::PutReceiptsOut put;
      std::vector<Bytes> raw;
      std::vector<Hash32> leaves;
      for (std::size_t i = at; i < at + n; ++i) {
        ReceiptItem& item = due.items[i];
        item = receipt_for(item.ref, item.status, item.at_ms != 0 ? item.at_ms : now.wall_ms);
        raw.push_back(encode_receipt_item(item));
        leaves.push_back(crypto::merkle_leaf(raw.back()));
        put.records.push_back(item.ref);
      }
      const SignedStatement signed_ = sign_statement(self_.sign, self_.party(), self_.card.card_id,
                                                     Purpose::kReceipts, leaves, now.wall_ms);
      put.to = party;
      put.stmt = signed_.statement.bytes;
      put.sig = to_bytes(ByteView(signed_.signature));
      put.root = signed_.statement.root;
      const Witnessing with = witnessing_for(party);
      signed_receipts_[party].push_back(encode_receipts_inner(
          put.stmt, put.sig, raw, as_bytes(with.checkpoint), as_bytes(with.cosigs)));
      txn_.ops.push_back(std::move(put));
    }
  }
  due_receipts_.clear();
}

// What may leave now. Receipts first; then every party in turn, a share at a
// time, so that nobody's backlog delays another's record. What a turn does not
// get to is sent in the next, which begins with the party after the last one.
void Machine::pump(const Now& now) {
  std::vector<Turn> turns = turns_of_this_group();
  for (Turn& turn : turns) pump_strict(now, *turn.session);
  std::size_t left = kBytesATurn;
  for (bool more = true; more;) {
    more = false;
    for (Turn& turn : turns) {
      const std::size_t sent = turn.left == 0 ? 0 : pump_share(now, *turn.session);
      if (sent == 0) continue;
      more = true;
      turn.left -= std::min(turn.left, sent);
      left -= std::min(left, sent);
      served_last_ = turn.session->party();
      if (turn.left == 0 || left == 0) next_wake_ms_ = now.mono_ms;
      if (left == 0) return;
    }
  }
}

// One session a party, those after served_last_ first.
std::vector<Machine::Turn> Machine::turns_of_this_group() {
  std::map<std::string, Session*> best;
  for (auto& [link, session] : sessions_)
    if (session.is_up()) best[session.party()] = session_of(session.party());
  std::vector<Turn> out;
  out.reserve(best.size());
  for (const auto& [party, session] : best) out.push_back({session, kBytesALink});
  const auto first = std::find_if(out.begin(), out.end(), [&](const Turn& turn) {
    return turn.session->party() > served_last_;
  });
  std::rotate(out.begin(), first, out.end());
  return out;
}

bool Machine::may_send(const Peer& peer, std::uint32_t lane) const {
  if (peer.standing.revoked || peer.standing.suspended) return false;
  return lane == 0 ? allows_receipts(peer.standing)
                   : peer.standing.level == TrustLevel::kVerified;
}

// Lane 0: receipts and peer.* go before everything else.
void Machine::pump_strict(const Now& now, Session& session) {
  const Peer* peer = peers_.find(session.party());
  if (peer == nullptr || peer->standing.revoked) return;
  if (!pump_receipts(now, session)) return;
  if (!may_send(*peer, 0) || is_expired(*peer, now)) return;
  while (pump_lane(now, session, 0) != 0) {
  }
}

// One round of lanes 1 and 2 for one peer: deficit round robin, lane 1 with four
// shares to lane 2's one. A lane may overdraw by a frame and pays it back, but
// only while the other lane has something to send.
std::size_t Machine::pump_share(const Now& now, Session& session) {
  const Peer* peer = peers_.find(session.party());
  if (peer == nullptr || !may_send(*peer, 1) || is_expired(*peer, now)) return 0;
  std::size_t total = 0;
  for (int attempt = 0; attempt < 2 && total == 0; ++attempt) {
    for (const std::uint32_t lane : {1u, 2u}) {
      if (planted(Defect::kLaneForgotten) && lane == 2) continue;
      std::int64_t& deficit = session.deficit(lane);
      deficit += lane == 1 ? 4 * kShare : kShare;
      while (deficit > 0) {
        const std::size_t sent = pump_lane(now, session, lane);
        if (sent == 0) deficit = 0;
        deficit -= static_cast<std::int64_t>(sent);
        total += sent;
      }
    }
    if (total == 0) session.deficit(1) = session.deficit(2) = 0;
  }
  return total;
}

bool Machine::pump_receipts(const Now& now, Session& session) {
  const Peer& peer = *peers_.find(session.party());
  auto& queue = contacts_[session.party()].receipts;
  while (!queue.empty()) {
    if (!allows_receipts(peer.standing) || !can_send_(session.link())) return false;
    const std::uint64_t estimate =
        bucket_for(queue.front().size()) + envelope_overhead() + kFrameOverhead;
    if (!session.has_credit(0, estimate)) return false;
    const auto context = context_to(now, peer, false);
    if (!context) return true;  // no key to seal to: kept until a schedule comes
    std::vector<Bytes> one;
    one.push_back((*context)->seal(queue.front()));
    count_sealed(session.party(), (*context)->mode());
    SentReceipts sent{std::move(queue.front()), {}, 0};
    if ((*context)->mode() == kModePsk) {
      sent.env_id = envelope_id(one.front());
      sent.pair_made_ms = self_.pairs.made_ms(session.party());
    }
    send_data(session, 0, std::move(one), {0}, std::move(sent));
    queue.pop_front();
  }
  return true;
}

// Fills one DATA frame; its size, 0 when nothing more can go now.
std::size_t Machine::pump_lane(const Now& now, Session& session, std::uint32_t lane) {
  const Peer& peer = *peers_.find(session.party());
  if (!can_send_(session.link())) return 0;
  std::vector<Bytes> envelopes;
  std::vector<store::BatchId> batches;
  std::uint64_t frame = kFrameOverhead;
  while (OutboxEntry* entry = outbox_.next_ready(session.party(), lane, now.wall_ms)) {
    const auto inner = inner_of(*entry);
    if (!inner) {
      set_state(*entry, store::OutboxState::kHeld, "it can no longer be read from the ledger");
      continue;
    }
    const std::uint64_t cost = bucket_for(inner->size()) + envelope_overhead();
    if (!session.has_credit(lane, frame + cost)) break;
    if (!envelopes.empty() && frame + cost > kDataTarget) break;
    const auto context = context_to(now, peer, entry->base_only);
    if (!context) {
      set_waiting(now, *entry, context.error().state, kHourMs, context.error().why);
      continue;
    }
    Bytes envelope = (*context)->seal(*inner);
    count_sealed(session.party(), (*context)->mode());
    entry->pair_made_ms = (*context)->mode() == kModePsk ? self_.pairs.made_ms(session.party()) : 0;
    const std::uint64_t wait = std::min(
        settings_.resend_cap_ms, settings_.resend_ms << std::min<std::uint32_t>(entry->row.tries, 16));
    entry->schedule_id = peer.schedule->schedule_id;
    outbox_.sent(*entry, session.link(), session.next_seq() + envelopes.size(), envelope_id(envelope), now.mono_ms + wait);
    frame += cost;
    envelopes.push_back(std::move(envelope));
    batches.push_back(entry->row.batch);
  }
  if (envelopes.empty()) return 0;
  send_data(session, lane, std::move(envelopes), batches);
  return frame;
}

void Machine::count_sealed(const std::string& party, std::uint8_t mode) {
  LinkState& state = contacts_[party].state;
  ++(mode == kModePsk ? state.psk_sent : state.base_sent);
}

// With a confirmed pair secret everything but a confirm goes in mode psk, or waits:
// nothing that the other side or the network does brings it back to mode base.
tl::expected<SealContext*, Machine::NotNow> Machine::context_to(const Now& now, const Peer& peer,
                                                                bool base_only) {
  using store::OutboxState;
  const std::string& party = peer.row.party;
  const auto not_now = [](OutboxState state, std::string why) {
    return tl::make_unexpected(NotNow{state, std::move(why)});
  };
  if (!peer.schedule)
    return not_now(OutboxState::kWaitSchedule, "no sealing keys of " + party + " here yet");
  const auto suite = choose_suite(peer.card, settings_.min_suite);
  if (!suite)
    return not_now(OutboxState::kWaitSchedule,
                   suite.error().message + "; " + suite.error().hint);
  const SealKey* key = peer.key_for(now.wall_ms, lead_ms(Path::kDirect), (*suite)->id);
  if (key == nullptr)
    return not_now(OutboxState::kWaitSchedule, "no current sealing key of " + party + " in suite " +
                   std::to_string((*suite)->id) + "; waiting for its new keys");
  const bool psk = !base_only && self_.pairs.is_confirmed(party) &&
                   !planted(Defect::kDowngradeAccepted);
  const auto name = std::make_pair(party, psk ? kModePsk : kModeBase);
  auto it = seal_contexts_.find(name);
  if (it != seal_contexts_.end() && it->second.kid() == key->kid &&
      !it->second.is_spent(now.mono_ms))
    return &it->second;
  SealContext::Options options{(*suite)->id, nullptr};
  std::optional<PairKey> pair;
  if (psk) pair = self_.pairs.sealing_key(party, pair_week(key->not_before_ms));
  if (psk && !pair)
    return not_now(OutboxState::kWaitPsk, "the pair secret with " + party +
                   " no longer reaches back to the week of its sealing key; is a clock wrong?");
  if (pair) options.pair = &*pair;
  auto fresh = SealContext::open(rng_, party, key->kid, key->pk, now.mono_ms, options);
  if (!fresh)
    return not_now(OutboxState::kWaitSchedule, "the sealing key of " + party + " is not usable");
  if (it != seal_contexts_.end()) seal_contexts_.erase(it);
  return &seal_contexts_.emplace(name, std::move(*fresh)).first->second;
}

// The Inner of a batch, from memory or made again from the ledger. What this
// recipient has already receipted travels as its leaf alone.
std::shared_ptr<const Bytes> Machine::inner_of(OutboxEntry& entry) {
  if (entry.inner) return entry.inner;
  const auto batch = view_.batch(entry.row.batch);
  if (!batch) return nullptr;
  std::vector<Bytes> items;
  bool any = false;
  for (std::size_t i = 0; i < batch->records.size(); ++i) {
    const store::RecordInfo& record = batch->records[i];
    const std::uint32_t status =
        record.position < entry.row.item_status.size() ? entry.row.item_status[record.position] : 0;
    auto item = status == 0 ? view_.item(record.idx) : Result<Bytes>(fail(ErrorCode::kNotFound, ""));
    if (!item && status == 0)
      log::error("exchange", "an own record cannot be read", {{"rid", hex(record.ref.rid)}});
    any = any || item.has_value();
    items.push_back(item ? std::move(*item) : encode_leaf_item(record.ref.rid));
  }
  if (!any) return nullptr;
  return std::make_shared<const Bytes>(encode_batch_inner(batch->stmt, batch->sig, items));
}

void Machine::send_data(Session& session, std::uint32_t lane, std::vector<Bytes> envelopes,
                        const std::vector<store::BatchId>& batches, SentReceipts receipts) {
  DataFrame data;
  data.stream_id = session.own_stream();
  data.first_seq = session.next_seq();
  data.lane = lane;
  data.envelopes = std::move(envelopes);
  Bytes bytes = encode_frame(data);
  session.sent(lane, frame_cost(bytes.size(), data.envelopes.size()), batches, std::move(receipts));
  outputs_.emplace_back(SendFrame{session.link(), std::move(bytes)});
}

}  // namespace focal::exchange
