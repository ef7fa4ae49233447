// The sender's memory of what is still owed to whom: one entry per (batch,
// recipient), loaded from the ledger at start, with what only memory knows (on
// which link it is under way, when to send it again). Decides nothing about
// content (docs/protocol.md, "Outbox").
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "node/exchange/session.h"
#include "node/store/rows.h"

namespace focal::exchange {

enum class Flight : std::uint8_t { kIdle, kInFlight, kLinkAcked };

inline constexpr std::size_t kRememberedEnvelopes = 8;
inline constexpr std::size_t kMaxCachedInner = 64u << 20;  // bytes of Inner kept for sending

struct OutboxEntry {
  store::OutboxRow row;
  Flight flight = Flight::kIdle;
  LinkId link = 0;                       // while in flight or link-acked
  std::uint64_t seq = 0;                 // its number on that link
  std::uint64_t resend_at_mono_ms = 0;   // while in flight or link-acked
  std::uint32_t sendings = 0;
  std::uint32_t unopened = 0;            // BOUNCE 4 or 5 so far
  std::uint32_t key_bounces = 0;         // BOUNCE 1 or 2 since it last waited out its day
  std::uint64_t wait_until_mono_ms = 0;  // while WAIT_SCHEDULE or WAIT_PSK
  Hash32 schedule_id{};                  // of the schedule used last
  bool base_only = false;                // never sealed with the pair secret: it confirms one
  std::uint64_t pair_made_ms = 0;        // of the pair secret used last; 0: mode base
  std::string note;                      // what the peer said last, for operators
  std::uint32_t wait_why = 0;            // `why` of its last BOUNCE 6; 0: none came
  std::deque<Hash32> env_ids;            // the latest kRememberedEnvelopes
  std::shared_ptr<const Bytes> inner;    // shared by the recipients of a batch; may be empty
};

class Outbox {
 public:
  using Key = std::pair<std::string, store::BatchId>;  // party, batch

  void clear();
  OutboxEntry& add(store::OutboxRow row, std::shared_ptr<const Bytes> inner);
  OutboxEntry* find(store::BatchId batch, const std::string& party);
  const OutboxEntry* find(store::BatchId batch, const std::string& party) const;
  OutboxEntry* by_envelope(const std::string& party, const Hash32& env_id);
  void erase(store::BatchId batch, const std::string& party);

  // The next entry of that party and lane that may be sent now: READY, not
  // under way, its time come. nullptr if none.
  OutboxEntry* next_ready(const std::string& party, std::uint32_t lane, std::uint64_t wall_ms);
  void sent(OutboxEntry& entry, LinkId link, std::uint64_t seq, const Hash32& env_id,
            std::uint64_t resend_at_mono_ms);
  void link_acked(OutboxEntry& entry) { entry.flight = Flight::kLinkAcked; }
  // Back to the queue (link lost, timer, schedule, trust).
  void requeue(OutboxEntry& entry);
  // Everything under way on that link that was not acknowledged.
  void link_lost(LinkId link);
  void drop_inner(OutboxEntry& entry);  // it is made again from the ledger
  std::vector<OutboxEntry*> due_again(std::uint64_t mono_ms);
  std::vector<OutboxEntry*> expired(std::uint64_t wall_ms);
  std::vector<OutboxEntry*> of_party(const std::string& party);

  std::size_t size() const { return entries_.size(); }
  std::size_t in_flight() const;
  template <typename F>
  void for_each(F&& visit) const {
    for (const auto& [key, entry] : entries_) visit(entry);
  }

 private:
  using Queue = std::map<store::BatchId, OutboxEntry*>;  // oldest first
  std::map<Key, OutboxEntry> entries_;
  std::map<std::pair<std::string, std::uint32_t>, Queue> ready_;  // party, lane
  std::map<Hash32, Key> by_envelope_;
  std::size_t cached_ = 0;
};

}  // namespace focal::exchange
