// After a restore: this node asks every VERIFIED party for what it signed on the branch of its ledger
// that was lost, and takes the records again whose receipts come back; and it answers those who ask
// it (docs/protocol.md, "Rollback and restore").
#include <algorithm>

#include "base/log.h"
#include "node/exchange/machine.h"
#include "proto/record.pb.h"

namespace focal::exchange {
namespace {

constexpr std::uint64_t kRefillEveryMs = 15 * kSecondMs;   // kRecoveryPagesPerMinute
constexpr std::uint64_t kUnansweredPageMs = 10 * kMinuteMs;
constexpr std::uint64_t kWantAgainMs = kHourMs;
constexpr std::uint32_t kMostWants = 24;                   // then it stays known and without content

v1::Record with_header(const std::string& subject) {
  v1::Record record;
  auto* header = record.mutable_header();
  header->set_from_desk("NPC");
  header->set_subject(subject);
  header->set_language("en");
  header->set_priority("ROUTINE");
  return record;
}

}  // namespace

void Machine::on_recovery_request(const Now& now, const std::string& from,
                                  const v1::RecoveryRequest& request) {
  Contact& contact = contacts_[from];
  const Peer* peer = peers_.find(from);
  if (peer == nullptr || !contact.speaks_witness ||
      !contact.recoveries.allows(now.mono_ms, kRecoveryPagesPerMinute))
    return;
  std::vector<store::RecordRef> wanted;
  wanted.reserve(static_cast<std::size_t>(request.want_size()));
  for (const v1::Ref& ref : request.want())
    if (const auto rid = fixed<32>(as_bytes(ref.rid())))
      wanted.push_back({*rid, ref.created_ms()});
  for (store::ReopenItems& again : reopen_wanted(view_, from, wanted)) {
    txn_.ops.push_back(again);
    reopened_.push_back(std::move(again));
  }
  v1::Record record = with_header("What you signed");
  *record.mutable_recovery_data() =
      recovery_page(view_, *peer, request.since_ms(), request.after());
  send_peer_record(now, from, kRecoveryDataKind, record, 2);
}

// After the commit: the rows that are open again, as the ledger has them now.
void Machine::deliver_reopened() {
  for (const store::ReopenItems& again : std::exchange(reopened_, {})) {
    auto row = view_.outbox(again.batch, again.peer);
    if (!row || store::is_ended(row->state)) continue;
    if (OutboxEntry* entry = outbox_.find(again.batch, again.peer)) {
      entry->row.item_status = row->item_status;
      outbox_.requeue(*entry);
    } else {
      outbox_.add(std::move(*row), nullptr);
    }
  }
}

void Machine::on_recovery_data(const Now& now, const std::string& from,
                               const v1::RecoveryData& data) {
  if (!refill_since_ms_) return;
  Recovered taken = take_recovery(self_, view_, from, data);
  for (store::Op& op : taken.ops) txn_.ops.push_back(std::move(op));
  if (taken.records + taken.statements + taken.ignored != 0)
    log::info("exchange", "got back what this node signed",
              {{"party", from},
               {"records", std::to_string(taken.records)},
               {"statements", std::to_string(taken.statements)},
               {"ignored", std::to_string(taken.ignored)}});
  Refill& refill = refill_[from];
  if (refill.pages_done) return;
  // A page that leads nowhere ends it: whoever answers cannot make us ask for ever.
  refill.pages_done = taken.next <= refill.next;
  refill.next = taken.next;
  refill.ask_ms = now.mono_ms;
}

// Once in a group; the ledger refuses a second time.
void Machine::restore_content(const JudgedBatch& batch, JudgedItem& item) {
  const store::RecordRef ref{item.manifest.rid, item.manifest.created_ms};
  if (!in_group_.emplace(ref.rid, item.status).second) return;
  count_in_group(0);
  store::PutBody put;
  put.ref = ref;
  put.from = batch.from;
  put.kind = item.manifest.kind;
  put.stmt = batch.statement.bytes;
  put.sig = batch.signature;
  put.rids = batch.rids;
  put.position = item.position;
  put.item = to_bytes(item.raw);
  put.signed_ms = batch.statement.signed_ms;
  txn_.ops.push_back(std::move(put));
  if (!item.record) return;
  fresh_records_.push_back(std::move(*item.record));
  fresh_.push_back({ref, item.manifest, &fresh_records_.back(), {}});
}

void Machine::ask_recovery(const Now& now, const std::string& party) {
  Refill& refill = refill_[party];
  if (refill.done || now.mono_ms < refill.ask_ms) return;
  v1::Record record = with_header("What did I sign");
  v1::RecoveryRequest& request = *record.mutable_recovery_request();
  request.set_since_ms(*refill_since_ms_);
  request.set_after(refill.next);
  refill.ask_ms = now.mono_ms + kUnansweredPageMs;
  if (refill.pages_done) {
    for (const store::RecordRef& ref : view_.without_body(kMaxWanted)) {
      const auto known = view_.find(ref);
      if (!known || known->peer != party) continue;
      v1::Ref* want = request.add_want();
      want->set_rid(to_string(ByteView(ref.rid)));
      want->set_created_ms(ref.created_ms);
    }
    refill.done = request.want_size() == 0 || ++refill.wants > kMostWants;
    if (refill.done) return;
    request.set_since_ms(now.wall_ms);  // nothing but these
    request.set_after(0);
    refill.ask_ms = now.mono_ms + kWantAgainMs;
  }
  send_peer_record(now, party, kRecoveryRequestKind, record, 1);
}

// Parties that cannot be reached are asked when they can; the mark goes when all have answered.
void Machine::tend_recovery(const Now& now) {
  if (!refill_since_ms_ || !guard_.may_sign() || now.mono_ms < next_refill_ms_) return;
  next_refill_ms_ = now.mono_ms + kRefillEveryMs;
  bool all_done = true;
  for (const auto& [party, peer] : peers_.all()) {
    if (peer.standing.level != TrustLevel::kVerified || peer.standing.revoked) continue;
    if (knows_witnessing(party) && link_state(party).up && !peer.standing.suspended)
      ask_recovery(now, party);
    all_done = all_done && refill_[party].done;
  }
  if (!all_done) return;
  refill_since_ms_.reset();
  refill_.clear();
  txn_.ops.push_back(store::PutMark{store::Mark::kRefill, ""});
  log::info("exchange", "all parties have given back what this node signed", {});
}

}  // namespace focal::exchange
