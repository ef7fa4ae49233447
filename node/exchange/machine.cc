#include "node/exchange/machine.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "base/defect.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "node/exchange/approval.h"
#include "node/exchange/bounce_rules.h"
#include "node/record/kinds.h"
#include "proto/lint.h"

namespace focal::exchange {
namespace {

constexpr std::size_t kMaxSetAside = 1024;
constexpr std::uint64_t kSafeTimeEveryMs = kHourMs;  // so old it may be at the next start
constexpr std::uint64_t kLongestWaitMs = 24 * kHourMs;
constexpr std::uint64_t kTellAgainMs = kMinuteMs;

}  // namespace

Machine::Machine(Identity& self, Peers& peers, store::View& view, crypto::Rng& rng,
                 MachineSettings settings, CanSend can_send)
    : self_(self), peers_(peers), view_(view), rng_(rng), settings_(std::move(settings)),
      can_send_(std::move(can_send)), book_(self, peers, view), guard_(self, view), witness_(self, peers, view, book_),
      promises_(peers, view, book_),
      inbound_(self, peers, view, safe_clock_, settings_.approved_kinds), incarnation_(rng.array<16>()) {
  book_.set_policy(settings_.introducers);
}

Status Machine::load(const Now& now) {
  safe_clock_.start(now, view_.safe_time_ms());
  reload(now);
  next_round_ms_ = now.mono_ms + kAskRoundMs;
  for (const auto& [party, peer] : peers_.all()) {
    settle_rows(party);
    if (!peer.schedule_trouble.empty())
      book_.raise_alarm(party, "its stored sealing schedule cannot be used: " +
                                   peer.schedule_trouble, book_time(now));
  }
  FOCAL_TRY(book_.load());
  FOCAL_TRY(witness_.load());
  start_guard(now);
  if (const std::string since = view_.mark(store::Mark::kRefill); !since.empty())
    refill_since_ms_ = std::strtoull(since.c_str(), nullptr, 10);
  tell_confirms_ms_ = 1;
  if (guard_.may_sign()) tell_confirms(now);
  return {};
}

void Machine::reload(const Now& now) {
  outbox_.clear();
  if (planted(Defect::kOutboxNotReloaded)) return;
  for (auto& row : view_.open_outbox()) {
    const bool base_only = is_base_only(row);
    // Stored by a wall clock, which may have been another: nothing waits longer for that.
    const std::uint64_t left = row.next_ms > now.wall_ms ? row.next_ms - now.wall_ms : 0;
    OutboxEntry& entry = outbox_.add(std::move(row), nullptr);
    entry.wait_until_mono_ms = now.mono_ms + std::min(left, kLongestWaitMs);
    entry.base_only = base_only;
  }
  waiting_.load(view_.waiting());
}

store::RecordRef Machine::submit(const Now& now, Draft draft,
                                 std::span<const Approver> approvers) {
  FOCAL_CHECK(draft.body.size() <= proto::kMaxBody && approvers.size() <= proto::kMaxApprovals);
  QueuedDraft queued;
  Manifest& m = queued.manifest;
  const Hash32 salt = rng_.array<32>();
  m.msg_id = rng_.array<16>();
  m.from = self_.party();
  m.from_card = self_.card.card_id;
  m.to = draft.to;
  m.kind = draft.kind;
  m.thread = draft.thread;
  m.reply_to = draft.reply_to;
  m.created_ms = now.wall_ms;
  m.expires_ms = draft.expires_ms;
  m.body_commit = body_commitment(salt, draft.body);
  m.body_len = draft.body.size();
  for (const Approver& each : approvers) m.approver.push_back(crypto::sha256(each.certificate));
  encode_manifest(m);
  std::vector<Bytes> signatures;
  std::vector<ApprovalView> approvals;
  signatures.reserve(approvers.size());
  approvals.reserve(approvers.size());
  for (const Approver& each : approvers) {
    signatures.push_back(approve_manifest(each.key, m.bytes));
    approvals.push_back({as_bytes(each.certificate), signatures.back()});
  }
  queued.item = encode_item(m.bytes, salt, draft.body, approvals);
  const store::RecordRef ref{m.rid, m.created_ms};
  count_in_group(queued.item.size());
  if (record::is_known_kind(m.kind)) fresh_.push_back({ref, m, nullptr, draft.body});
  queued.draft = std::move(draft);
  drafts_.push_back(std::move(queued));
  return ref;
}

void Machine::cancel(store::BatchId batch, const std::string& party, const std::string& reason) {
  if (OutboxEntry* entry = outbox_.find(batch, party))
    set_state(*entry, store::OutboxState::kCancelled, reason);
}

void Machine::retry(store::BatchId batch, const std::string& party) {
  OutboxEntry* entry = outbox_.find(batch, party);
  if (entry == nullptr) return;
  entry->unopened = 0;
  entry->note.clear();
  entry->wait_why = 0;
  set_state(*entry, store::OutboxState::kReady, "");
}

void Machine::set_state(OutboxEntry& entry, store::OutboxState state, const std::string& reason,
                        std::uint64_t next_wall_ms) {
  entry.row.state = state;
  entry.row.reason = reason;
  entry.row.next_ms = next_wall_ms;
  txn_.ops.push_back(store::SetOutbox{entry.row.batch, entry.row.peer, state, reason,
                                      entry.row.tries, entry.row.next_ms});
  if (store::is_ended(state))
    touched_.emplace(entry.row.batch, entry.row.peer);
  outbox_.requeue(entry);
}

void Machine::set_waiting(const Now& now, OutboxEntry& entry, store::OutboxState state,
                          std::uint64_t for_ms, const std::string& reason) {
  entry.wait_until_mono_ms = now.mono_ms + for_ms;
  set_state(entry, state, reason, now.wall_ms + for_ms);
}

void Machine::end_waits(const Now& now) {
  std::vector<OutboxEntry*> over;
  outbox_.for_each([&](const OutboxEntry& e) {
    const bool waits = e.row.state == store::OutboxState::kWaitSchedule ||
                       e.row.state == store::OutboxState::kWaitPsk;
    if (waits && e.wait_until_mono_ms <= now.mono_ms)
      over.push_back(outbox_.find(e.row.batch, e.row.peer));
  });
  for (OutboxEntry* entry : over) {
    entry->key_bounces = 0;
    set_state(*entry, store::OutboxState::kReady, "");
  }
}

void Machine::peer_changed(const Now& now, const std::string& party, Change change) {
  for (const std::uint8_t mode : {kModeBase, kModePsk}) seal_contexts_.erase({party, mode});
  for (OutboxEntry* entry : outbox_.of_party(party)) {
    entry->note.clear();
    entry->wait_why = 0;
    if (change == Change::kCardOrTrust) entry->key_bounces = 0;
    if (entry->row.state == store::OutboxState::kWaitSchedule &&
        frees_waiting_row({true, entry->key_bounces, entry->unopened}))
      set_state(*entry, store::OutboxState::kReady, "");
  }
  settle_rows(party);
  if (change == Change::kSchedule) return;  // nothing of theirs waits for that
  if (!tells_time(party)) safe_clock_.forget(party, now);
  waiting_.restart();
  next_rerun_ms_ = now.mono_ms;  // what waited for a card or for trust
  next_wake_ms_ = now.mono_ms;
}

void Machine::own_schedule_changed() { schedule_changed_ = true; }

void Machine::confirm_clock(const Now& now) {
  safe_clock_.confirm(now);
  next_safe_time_ms_ = 0;  // with this group
}

// The next process has no monotonic clock in common with this one. With a full disk it is
// not tried again before the hour is over: a group that fails ends every link.
void Machine::store_safe_time(const Now& now) {
  if (now.mono_ms < next_safe_time_ms_) return;
  next_safe_time_ms_ = now.mono_ms + kSafeTimeEveryMs;
  txn_.ops.push_back(store::PutSafeTime{safe_clock_.to_store(now)});
}

void Machine::trouble(const std::string& party, const std::string& what) {
  contacts_[party].state.trouble = what;
}

LinkState Machine::link_state(const std::string& party) const {
  const auto it = contacts_.find(party);
  LinkState state = it == contacts_.end() ? LinkState{} : it->second.state;
  for (const auto& [link, session] : sessions_) {
    if (session.party() != party || !session.is_up()) continue;
    state.up = true;
    state.dialed = state.dialed || session.dialed();
  }
  // It came meanwhile: what the HELLO named is pinned now.
  const Peer* peer = peers_.find(party);
  if (state.other_card && peer != nullptr)
    for (const auto& [link, session] : sessions_)
      if (session.party() == party && session.is_up() &&
          equal(session.peer_card_id(), peer->card.card_id))
        state.other_card = false;
  return state;
}

Session* Machine::session_of(const std::string& party) {
  Session* best = nullptr;
  for (auto& [link, session] : sessions_) {
    if (session.party() != party || !session.is_up()) continue;
    if (best == nullptr || session.up_since_ms() >= best->up_since_ms()) best = &session;
  }
  return best;
}

void Machine::link_up(const Now& now, LinkId link, const std::string& party, bool dialed) {
  // It was made before its party lost it.
  if (const Peer* peer = peers_.find(party); peer != nullptr && !peers_.may_link(*peer)) {
    outputs_.emplace_back(CloseLink{link, "no link to " + party + " is allowed here"});
    return;
  }
  auto [it, is_new] = sessions_.try_emplace(link, link, party, dialed, rng_.array<16>());
  if (is_new && dialed) send_hello(now, it->second, false);
}

void Machine::link_down(const Now&, LinkId link, const std::string& reason) {
  const auto it = sessions_.find(link);
  if (it == sessions_.end()) return;
  contacts_[it->second.party()].state.trouble = reason;
  drop_session(link);
}

void Machine::drop_session(LinkId link) {
  const auto it = sessions_.find(link);
  if (it != sessions_.end()) keep_receipts(it->second);
  sessions_.erase(link);
  outbox_.link_lost(link);
}

void Machine::keep_receipts(Session& session) {
  auto& queue = contacts_[session.party()].receipts;
  std::deque<Bytes> again = session.take_receipts();
  queue.insert(queue.begin(), std::make_move_iterator(again.begin()),
               std::make_move_iterator(again.end()));
  bound_receipts(session.party());
}

// What is dropped here is asked for again by the peer's resend.
void Machine::bound_receipts(const std::string& party) {
  auto& queue = contacts_[party].receipts;
  const Session* session = session_of(party);
  const std::size_t most = session != nullptr ? settings_.receipts_waiting : settings_.receipts_kept;
  while (queue.size() > most) queue.pop_front();
}

void Machine::tick(const Now& now) {
  if (now.mono_ms >= next_timers_ms_) {
    for (OutboxEntry* entry : outbox_.due_again(now.mono_ms)) {
      if (planted(Defect::kResendNeverFires)) break;
      ++entry->row.tries;  // no receipt in time: the next wait is twice as long
      set_state(*entry, store::OutboxState::kReady, entry->row.reason);
    }
    for (OutboxEntry* entry : outbox_.expired(safe_clock_.at(now)))
      set_state(*entry, store::OutboxState::kExpired, "not delivered before its deadline");
    std::erase_if(seal_contexts_,
                  [&](const auto& entry) { return entry.second.is_spent(now.mono_ms); });
    end_waits(now);
    note_expired_cards(now);
    book_.tick(book_time(now));
    if (now.mono_ms >= next_round_ms_) ask_round(now);
    keep_pairs(now);
    send_witness(now);
    tend_promises(now);
    tend_recovery(now);
    next_timers_ms_ = now.mono_ms + kSecondMs;
  }
  next_wake_ms_ = next_timers_ms_;
  if (guard_.may_sign() && !waiting_.is_empty() && now.mono_ms >= next_rerun_ms_) {
    if (rerun_waiting(now))
      next_rerun_ms_ = now.mono_ms + settings_.waiting_rerun_ms;
    else
      next_wake_ms_ = now.mono_ms;  // the rest in the next group
  }
}

// `expires` of a card stops the sending of records to its party.
void Machine::note_expired_cards(const Now& now) {
  for (const auto& [party, peer] : peers_.all()) {
    if (!is_expired(peer, now)) continue;
    for (OutboxEntry* entry : outbox_.of_party(party))
      if (entry->note.empty())
        entry->note = "the card of " + party + " has expired; ask them for the next one";
  }
}

bool Machine::group_is_full() const {
  return book_.standing_changes() || group_records_ >= kGroupRecords || group_bytes_ >= kGroupBytes;
}

void Machine::count_in_group(std::size_t bytes) {
  ++group_records_;
  group_bytes_ += bytes;
}

store::Txn Machine::prepare(const Now& now) {
  if (guard_.may_sign()) {
    form_batches(now);
    sign_receipts(now);
  }
  due_receipts_.clear();
  store_safe_time(now);
  auto notes = book_.take_ops();
  std::move(notes.begin(), notes.end(), std::back_inserter(txn_.ops));
  auto witnessed = witness_.take_ops();
  std::move(witnessed.begin(), witnessed.end(), std::back_inserter(txn_.ops));
  auto promised = promises_.take_ops();
  std::move(promised.begin(), promised.end(), std::back_inserter(txn_.ops));
  txn_.now_ms = now.wall_ms;
  store::Txn out = std::move(txn_);
  txn_ = {};
  group_records_ = group_bytes_ = 0;
  return out;
}

std::vector<Output> Machine::committed(const Now& now, const store::Committed& ids) {
  for (std::size_t i = 0; i < formed_.size(); ++i) {
    const FormedBatch& batch = formed_[i];
    for (const auto& party : batch.to) {
      if (planted(Defect::kLostOutboxRow) && party != batch.to.front()) continue;
      store::OutboxRow row;
      row.batch = ids.batches.at(i);
      row.peer = party;
      row.lane = batch.lane;
      row.created_ms = batch.created_ms;
      row.expires_ms = batch.expires_ms;
      row.item_status.assign(batch.items, 0);
      outbox_.add(std::move(row), batch.inner).base_only = batch.base_only;
      if (is_blocked(party)) settle_rows(party);
      if (batch.base_only) self_.pairs.told(party);
    }
  }
  formed_.clear();
  refresh_ended();
  deliver_reopened();
  act_on(now, book_.committed());
  witness_.committed();
  self_.pairs.drops_committed();
  pairs_changed();
  for (auto& [party, inners] : signed_receipts_) {
    auto& queue = contacts_[party].receipts;
    for (auto& inner : inners) queue.push_back(std::move(inner));
  }
  fresh_.clear();
  fresh_records_.clear();
  in_group_.clear();
  receipted_.clear();
  follow_run_state();
  if (guard_.may_sign()) pump(now);  // receipts first, so that an ACK never overtakes them
  for (const auto& [party, inners] : signed_receipts_) bound_receipts(party);
  signed_receipts_.clear();
  for (auto& [party, bounces] : due_bounces_)
    if (Session* session = session_of(party)) {
      for (std::size_t at = 0; at < bounces.size(); at += kMaxBounces) {
        BounceFrame frame;
        frame.bounces.assign(bounces.begin() + static_cast<std::ptrdiff_t>(at),
                             bounces.begin() + static_cast<std::ptrdiff_t>(
                                                   std::min(at + kMaxBounces, bounces.size())));
        emit(session->link(), frame);
      }
    }
  due_bounces_.clear();
  if (guard_.may_sign()) {
    send_cosigs();
    acknowledge_all(now);
  }
  if (schedule_changed_ && guard_.may_sign()) {
    for (auto& [link, session] : sessions_)
      if (session.is_up()) send_notes(session);
    schedule_changed_ = false;
  }
  return std::exchange(outputs_, {});
}

void Machine::acknowledge_all(const Now& now) {
  std::uint64_t granted = outstanding_credit();
  for (auto& [link, session] : sessions_) {
    if (!session.is_up()) continue;
    const std::uint64_t room = room_for(now, session, granted);
    if (!session.owes_ack() && (room == 0 || !session.owes_credit())) continue;
    granted -= session.outstanding();
    emit(link, session.acknowledge(room));
    granted += session.outstanding();
  }
}

std::uint64_t Machine::outstanding_credit() const {
  std::uint64_t sum = 0;
  for (const auto& [link, session] : sessions_)
    if (session.is_up()) sum += std::max(session.outstanding(), kLane0Credit);
  return sum;
}

// How much more lanes 1-3 of that link may be granted (docs/protocol.md, "Credit").
std::uint64_t Machine::room_for(const Now& now, const Session& session, std::uint64_t granted) {
  if (!accepts_records_) return 0;
  if (contacts_[session.party()].contexts.is_over(now.mono_ms, kContextsPerSecond)) return 0;
  return granted >= kMaxAllCredit ? 0 : kMaxAllCredit - granted;
}

std::vector<Output> Machine::abandon(const Now& now) {
  self_.pairs.discard();
  tell_confirms_ms_ = now.mono_ms + kTellAgainMs;
  if (planted(Defect::kLinksSurviveFailure)) return reload(now), txn_ = {}, book_.abandon(), witness_.abandon(), promises_.abandon(), std::exchange(outputs_, {});
  for (auto& [link, session] : sessions_) {
    if (planted(Defect::kAckBeforeCommit)) emit(link, session.acknowledge(0));
    emit(link, ByeFrame{static_cast<std::uint32_t>(ByeCode::kStopped), "cannot store now"});
    outputs_.emplace_back(CloseLink{link, "the ledger could not store a group"});
    keep_receipts(session);
  }
  sessions_.clear();
  txn_ = {};
  drafts_.clear();
  formed_.clear();
  fresh_.clear();
  fresh_records_.clear();
  in_group_.clear();
  receipted_.clear();
  due_receipts_.clear();
  due_bounces_.clear();
  for (auto& [party, inners] : signed_receipts_)
    if (planted(Defect::kReceiptBeforeCommit)) contacts_[party].receipts.push_back(inners.front());
  signed_receipts_.clear();
  touched_.clear();
  reopened_.clear();
  refill_.clear();  // what was taken was not stored: asked again
  due_cosigs_.clear();
  book_.abandon();
  witness_.abandon();
  promises_.abandon();
  next_safe_time_ms_ = 0;
  reload(now);
  return std::exchange(outputs_, {});
}

void Machine::set_aside(const Bytes& statement) {
  log::error("exchange", "something that came cannot be stored; it is set aside",
             {{"statement", hex(crypto::sha256(statement))}});
  if (set_aside_.size() < kMaxSetAside) set_aside_.insert(statement);
}

std::vector<Output> Machine::shutdown() {
  for (auto& [link, session] : sessions_)
    if (session.is_up())
      emit(link, ByeFrame{static_cast<std::uint32_t>(ByeCode::kShutdown), "going down"});
  sessions_.clear();
  return std::exchange(outputs_, {});
}

void Machine::refresh_ended() {
  for (const auto& [batch, party] : touched_) {
    const auto row = view_.outbox(batch, party);
    OutboxEntry* entry = outbox_.find(batch, party);
    if (!row || entry == nullptr) continue;
    if (store::is_ended(row->state)) {
      outbox_.erase(batch, party);
    } else {
      entry->row.item_status = row->item_status;
    }
  }
  touched_.clear();
}

void Machine::emit(LinkId link, const Frame& frame) {
  outputs_.emplace_back(SendFrame{link, encode_frame(frame)});
}

}  // namespace focal::exchange
