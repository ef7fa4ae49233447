// What was opened: judge it, put what is final into the group, answer.
#include <algorithm>

#include "base/defect.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "node/exchange/machine.h"
#include "node/exchange/own_records.h"

namespace focal::exchange {
namespace {

constexpr std::size_t kMaxWaitingRows = 10'000;  // per link peer
constexpr std::string_view kReceiptKindPrefix = "peer.";

bool is_lane0(const Judgement& judgement) {
  if (std::holds_alternative<JudgedReceipts>(judgement)) return true;
  const auto* batch = std::get_if<JudgedBatch>(&judgement);
  if (batch == nullptr) return true;  // could not be judged: bounced and counted
  return std::all_of(batch->items.begin(), batch->items.end(), [](const JudgedItem& item) {
    return item.verdict == JudgedItem::Verdict::kLeafOnly ||
           item.manifest.kind.starts_with(kReceiptKindPrefix);
  });
}

}  // namespace

struct Machine::Arrival {
  std::string link_party;
  Hash32 env_id{};
  ByteView inner;
  bool again = false;             // from the waiting table: nothing arrived, nobody to answer
  std::uint64_t at_mono_ms = 0;
};

void Machine::receive(const Now& now, Session& session, ByteView envelope, std::uint32_t lane) {
  ++counters_.received;
  count_in_group(envelope.size());
  Arrival arrival{session.party(), envelope_id(envelope), {}, false, now.mono_ms};
  Rate& rate = contacts_[session.party()].contexts;
  if (rate.is_over(now.mono_ms, kMostContextsPerSecond))
    return bye(session, ByeCode::kBadFrame, "too many new contexts in one second");
  const std::uint64_t contexts = inbound_.contexts_made();
  PairUse use;
  const auto inner = inbound_.open(envelope, now, &use);
  if (inbound_.contexts_made() != contexts) rate.allows(now.mono_ms, kContextsPerSecond);
  if (!inner) return refuse(arrival, inner.error(), {});
  const bool psk = parse_envelope(envelope)->mode == kModePsk;
  LinkState& state = contacts_[session.party()].state;
  ++(psk ? state.psk_opened : state.base_opened);
  if (psk) state.psk_unknown_ms = 0;
  arrival.inner = *inner;
  Judgement judgement = inbound_.judge(*inner, now, false);
  if (lane == 0 && !is_lane0(judgement))
    return bye(session, ByeCode::kLane0, "lane 0 is for receipts and peer records");
  on_sealed_with(now, use, judgement);
  accept(now, arrival, std::move(judgement));
}

// True when nothing of it waits any more.
bool Machine::accept(const Now& now, const Arrival& arrival, Judgement judgement) {
  if (const auto* refused = std::get_if<Refused>(&judgement)) {
    refuse(arrival, *refused, {});
    return true;
  }
  if (const auto* wait = std::get_if<Wait>(&judgement)) {
    keep_waiting(now, arrival, *wait, {});
    return false;
  }
  if (auto* receipts = std::get_if<JudgedReceipts>(&judgement)) {
    accept_receipts(now, arrival, std::move(*receipts));
    return true;
  }
  return accept_batch(now, arrival, std::get<JudgedBatch>(std::move(judgement)));
}

bool Machine::accept_batch(const Now& now, const Arrival& arrival, JudgedBatch batch) {
  if (set_aside_.contains(batch.statement.bytes)) {
    keep_waiting(now, arrival,
                 {store::WaitReason::kInternal, "the ledger refuses to store it", batch.from}, {});
    return false;
  }
  using Verdict = JudgedItem::Verdict;
  store::PutReceivedBatch put;
  std::vector<std::uint32_t> silent_items, waiting_items;
  const Refused* refused = nullptr;
  const Wait* wait = nullptr;
  for (JudgedItem& item : batch.items) {
    const store::RecordRef ref{item.manifest.rid, item.manifest.created_ms};
    // Answered when it arrived; judged again only for the sake of what waits.
    if (arrival.again &&
        (item.verdict == Verdict::kRepeat || item.verdict == Verdict::kSilent))
      continue;
    const auto twice = in_group_.find(ref.rid);
    if (item.verdict == Verdict::kFinal && twice != in_group_.end()) {
      ++counters_.repeats;
      owe_receipt(batch.from, {ref, twice->second, {}, 0});
      continue;
    }
    switch (item.verdict) {
      case Verdict::kLeafOnly:
        break;
      case Verdict::kSilent:
        silent_items.push_back(item.position);
        if (refused == nullptr) refused = &item.refused;
        break;
      case Verdict::kWait:
        waiting_items.push_back(item.position);
        if (wait == nullptr) wait = &item.wait;
        break;
      case Verdict::kRepeat:
        ++counters_.repeats;
        if (planted(Defect::kNewReceiptForRepeat)) item.at_ms = now.wall_ms;
        owe_receipt(batch.from, {ref, item.status, {}, item.at_ms});
        if (item.restores) restore_content(batch, item);
        break;
      case Verdict::kFinal:
        in_group_[ref.rid] = item.status;
        count_in_group(0);  // its bytes were counted with the envelope
        put.records.push_back({{ref, item.manifest.kind, to_bytes(item.raw)}, item.status,
                               item.position});
        owe_receipt(batch.from, {ref, item.status, {}, 0});
        if (store::is_rejected(item.status) &&
            contacts_[arrival.link_party].logged.allows(arrival.at_mono_ms, kLoggedPerMinute))
          log::warn("exchange", "rejected a record",
                    {{"party", batch.from}, {"kind", item.manifest.kind}, {"reason", item.why},
                     {"rid", hex(ref.rid)}});
        if (item.record && item.manifest.kind == kConfirmKind)
          on_confirm(now, batch.from, *item.record);
        else if (item.record)
          on_peer_record(now, batch.from, item.manifest.kind, *item.record);
        if (item.record) {
          fresh_records_.push_back(std::move(*item.record));
          fresh_.push_back({ref, item.manifest, &fresh_records_.back(), {}});
        }
        break;
    }
  }
  if (!put.records.empty()) {
    put.from = batch.from;
    put.stmt = batch.statement.bytes;
    put.sig = batch.signature;
    put.rids = batch.rids;
    put.signed_ms = batch.statement.signed_ms;
    txn_.ops.push_back(std::move(put));
  }
  if (refused != nullptr) refuse(arrival, *refused, silent_items);
  if (wait != nullptr) keep_waiting(now, arrival, *wait, waiting_items);
  return wait == nullptr;
}

void Machine::owe_receipt(const std::string& to, const ReceiptItem& item) {
  DueReceipts& due = due_receipts_[to];
  if (due.rids.insert(item.ref.rid).second || planted(Defect::kDoubleReceipt))
    due.items.push_back(item);
}

void Machine::accept_receipts(const Now& now, const Arrival& arrival, JudgedReceipts receipts) {
  ++counters_.receipts_in;
  take_witnessing(now, receipts);
  if (tells_time(receipts.from)) {
    std::uint64_t at_ms = 0;
    for (const ReceiptItem& item : receipts.items) at_ms = std::max(at_ms, item.at_ms);
    safe_clock_.signed_at(receipts.from, at_ms, now);
  }
  // A repeat changes nothing, unless an item is open again: the same items have the same root.
  if (set_aside_.contains(receipts.statement.bytes)) return;  // the peer receipts again
  store::PutReceiptsIn put;
  std::size_t foreign = 0;
  OwnRecords own(view_);
  for (const ReceiptItem& item : receipts.items) {
    const auto* mine = own.find(item.ref);
    if (planted(Defect::kForeignReceipt) && mine != nullptr) receipts.from = mine->peer;
    const store::OutboxRow* row =
        mine != nullptr ? own.outbox(mine->batch, receipts.from) : nullptr;
    if (row == nullptr || mine->position >= row->item_status.size() ||
        receipt_for(item.ref, item.status, item.at_ms).leaf != item.leaf) {
      ++foreign;
      continue;
    }
    const auto twice = receipted_.find({receipts.from, item.ref.rid});
    const std::uint32_t before =
        twice != receipted_.end() ? twice->second : row->item_status[mine->position];
    if (before == item.status) continue;  // the same answer again
    if (before != 0 && before < store::kItemExpired) {
      if (contacts_[arrival.link_party].alarms.allows(arrival.at_mono_ms, kLoggedPerMinute))
        log::error("exchange", "a second, different receipt: the first one stands",
                   {{"party", receipts.from}, {"rid", hex(item.ref.rid)}});
      continue;
    }
    receipted_[{receipts.from, item.ref.rid}] = item.status;
    put.outcomes.push_back({mine->batch, mine->position, item.status});
    touched_.emplace(mine->batch, receipts.from);
  }
  if (foreign != 0)
    refuse(arrival, Refused{11, BounceCode::kUnopenable,
                            "receipts for records that were not sent to " + receipts.from,
                            receipts.from}, {});
  if (put.outcomes.empty()) return;
  put.from = receipts.from;
  put.stmt = receipts.statement.bytes;
  put.sig = receipts.signature;
  put.root = receipts.statement.root;
  put.items = std::move(receipts.raw);
  put.signed_ms = receipts.statement.signed_ms;
  txn_.ops.push_back(std::move(put));
}

void Machine::keep_waiting(const Now& now, const Arrival& arrival, const Wait& wait,
                           std::vector<std::uint32_t> items) {
  if (arrival.again) return;  // it stands in the table already
  ++counters_.waiting;
  const Hash32 id = crypto::sha256(arrival.inner);
  if (!waiting_.contains(id)) {
    const WaitingList::Share share = waiting_.share_of(arrival.link_party);
    if (share.rows >= kMaxWaitingRows ||
        share.bytes + arrival.inner.size() > settings_.waiting_bytes) {
      if (contacts_[arrival.link_party].logged.allows(now.mono_ms, kLoggedPerMinute))
        log::warn("exchange", "no room for waiting records", {{"party", arrival.link_party}});
      return bounce(arrival, BounceCode::kQuota, 0, std::move(items));
    }
    store::WaitingHead head{id, arrival.link_party, wait.reason, safe_clock_.latest(now),
                            arrival.env_id, arrival.inner.size()};
    waiting_.add(head);
    txn_.ops.push_back(store::PutWaiting{std::move(head), to_bytes(arrival.inner)});
    if (contacts_[arrival.link_party].logged.allows(now.mono_ms, kLoggedPerMinute))
      log::info("exchange", "a record waits",
                {{"party", wait.from.empty() ? arrival.link_party : wait.from},
                 {"reason", wait.why}});
  }
  bounce(arrival, BounceCode::kWaiting, static_cast<std::uint32_t>(wait.reason), std::move(items));
}

void Machine::refuse(const Arrival& arrival, const Refused& refused,
                     std::vector<std::uint32_t> items) {
  ++counters_.silent[refused.step];
  const std::string step = std::to_string(refused.step);
  if (contacts_[arrival.link_party].logged.allows(arrival.at_mono_ms, kLoggedPerMinute))
    log::warn("exchange", "refused what arrived",
              {{"link", arrival.link_party}, {"from", refused.from}, {"step", step},
               {"reason", refused.why}});
  contacts_[arrival.link_party].state.trouble =
      "last refused from " + arrival.link_party + " at step " + step + ": " + refused.why;
  bounce(arrival, refused.bounce, 0, std::move(items));
}

void Machine::bounce(const Arrival& arrival, BounceCode code, std::uint32_t why,
                     std::vector<std::uint32_t> items) {
  if (arrival.again) return;
  ++counters_.bounces_out;
  due_bounces_[arrival.link_party].push_back(
      {arrival.env_id, static_cast<std::uint32_t>(code), why, std::move(items)});
}

// Judges waiting rows again until the group is full; true when all had their turn.
bool Machine::rerun_waiting(const Now& now) {
  while (!group_is_full()) {
    const store::WaitingHead* next = waiting_.next();
    if (next == nullptr) return true;
    const store::WaitingHead head = *next;
    const auto inner = view_.waiting_inner(head.inner_hash);
    if (!inner) {  // not found: it came in this group, which is not committed yet
      if (inner.error().code == ErrorCode::kNotFound) continue;
      log::error("exchange", "a waiting envelope cannot be read",
                 {{"envelope", hex(head.env_id)}, {"reason", inner.error().message}});
      waiting_.drop(head.inner_hash);
      continue;
    }
    count_in_group(inner->size());
    const bool over = safe_clock_.at(now) > head.since_ms + kWaitLimitMs;
    Arrival arrival{head.link_peer, head.env_id, *inner, true, now.mono_ms};
    Judgement judgement = inbound_.judge(*inner, now, over);
    // NEED_CARD and VERSION have passed no signature: their end leaves no trace.
    const bool dropped = (over && std::holds_alternative<Wait>(judgement)) ||
                         planted(Defect::kWaitingDropped);
    if (dropped || accept(now, arrival, std::move(judgement))) {
      txn_.ops.push_back(store::DropWaiting{head.inner_hash});
      waiting_.drop(head.inner_hash);
    }
  }
  return false;
}

}  // namespace focal::exchange
