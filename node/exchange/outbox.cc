#include "node/exchange/outbox.h"

#include "base/defect.h"

namespace focal::exchange {

void Outbox::clear() {
  entries_.clear();
  ready_.clear();
  by_envelope_.clear();
  cached_ = 0;
}

OutboxEntry& Outbox::add(store::OutboxRow row, std::shared_ptr<const Bytes> inner) {
  const Key key{row.peer, row.batch};
  OutboxEntry& entry = entries_[key];
  entry.row = std::move(row);
  if (inner && cached_ + inner->size() <= kMaxCachedInner) {
    cached_ += inner->size();
    entry.inner = std::move(inner);
  }
  if (entry.row.state == store::OutboxState::kReady)
    ready_[{entry.row.peer, entry.row.lane}][entry.row.batch] = &entry;
  return entry;
}

OutboxEntry* Outbox::find(store::BatchId batch, const std::string& party) {
  const auto it = entries_.find({party, batch});
  return it == entries_.end() ? nullptr : &it->second;
}

const OutboxEntry* Outbox::find(store::BatchId batch, const std::string& party) const {
  const auto it = entries_.find({party, batch});
  return it == entries_.end() ? nullptr : &it->second;
}

OutboxEntry* Outbox::by_envelope(const std::string& party, const Hash32& env_id) {
  const auto it = by_envelope_.find(env_id);
  if (it == by_envelope_.end() || it->second.first != party) return nullptr;
  return find(it->second.second, party);
}

void Outbox::erase(store::BatchId batch, const std::string& party) {
  const auto it = entries_.find({party, batch});
  if (it == entries_.end()) return;
  OutboxEntry& entry = it->second;
  for (const Hash32& id : entry.env_ids) by_envelope_.erase(id);
  if (entry.inner) cached_ -= entry.inner->size();
  ready_[{party, entry.row.lane}].erase(batch);
  entries_.erase(it);
}

OutboxEntry* Outbox::next_ready(const std::string& party, std::uint32_t lane,
                                std::uint64_t wall_ms) {
  const auto queue = ready_.find({party, lane});
  if (queue == ready_.end()) return nullptr;
  for (auto& [batch, entry] : queue->second)
    if (entry->row.next_ms <= wall_ms) return entry;
  return nullptr;
}

void Outbox::sent(OutboxEntry& entry, LinkId link, std::uint64_t seq, const Hash32& env_id,
                  std::uint64_t resend_at_mono_ms) {
  ready_[{entry.row.peer, entry.row.lane}].erase(entry.row.batch);
  entry.flight = Flight::kInFlight;
  entry.link = link;
  entry.seq = seq;
  entry.resend_at_mono_ms = resend_at_mono_ms;
  ++entry.sendings;
  entry.env_ids.push_back(env_id);
  by_envelope_[env_id] = {entry.row.peer, entry.row.batch};
  if (entry.env_ids.size() > kRememberedEnvelopes) {
    by_envelope_.erase(entry.env_ids.front());
    entry.env_ids.pop_front();
  }
  drop_inner(entry);  // a second sending reads the ledger again
}

void Outbox::drop_inner(OutboxEntry& entry) {
  if (!entry.inner) return;
  cached_ -= entry.inner->size();
  entry.inner.reset();
}

void Outbox::requeue(OutboxEntry& entry) {
  entry.flight = Flight::kIdle;
  entry.link = 0;
  if (entry.row.state == store::OutboxState::kReady)
    ready_[{entry.row.peer, entry.row.lane}][entry.row.batch] = &entry;
  else
    ready_[{entry.row.peer, entry.row.lane}].erase(entry.row.batch);
}

void Outbox::link_lost(LinkId link) {
  for (auto& [key, entry] : entries_)
    if (entry.link == link && entry.flight == Flight::kInFlight) requeue(entry);
}

std::vector<OutboxEntry*> Outbox::due_again(std::uint64_t mono_ms) {
  std::vector<OutboxEntry*> out;
  for (auto& [key, entry] : entries_)
    if (entry.flight != Flight::kIdle && entry.resend_at_mono_ms <= mono_ms) out.push_back(&entry);
  return out;
}

std::vector<OutboxEntry*> Outbox::expired(std::uint64_t wall_ms) {
  std::vector<OutboxEntry*> out;
  for (auto& [key, entry] : entries_)
    if (entry.row.expires_ms != 0 && (entry.row.expires_ms <= wall_ms || planted(Defect::kExpiresAtOnce))) out.push_back(&entry);
  return out;
}

std::vector<OutboxEntry*> Outbox::of_party(const std::string& party) {
  std::vector<OutboxEntry*> out;
  for (auto it = entries_.lower_bound({party, 0}); it != entries_.end() && it->first.first == party;
       ++it)
    out.push_back(&it->second);
  return out;
}

std::size_t Outbox::in_flight() const {
  std::size_t n = 0;
  for (const auto& [key, entry] : entries_) n += entry.flight == Flight::kInFlight ? 1 : 0;
  return n;
}

}  // namespace focal::exchange
