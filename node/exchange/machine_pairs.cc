// Pair secrets in the machine: made after a ceremony, confirmed by the other side,
// carried on week by week (docs/protocol.md, "Pair secret").
#include <algorithm>

#include "base/check.h"
#include "base/log.h"
#include "node/exchange/machine.h"
#include "proto/record.pb.h"

namespace focal::exchange {

// Out: the first week whose key a sender may still choose. In: that of the oldest key of
// ours that still opens. Both by the time that no wrong clock moves.
PairWeeks Machine::pair_weeks(const Now& now) const {
  constexpr std::uint64_t kChosen = kWeekMs + kSealToleranceMs;
  const std::uint64_t safe = safe_clock_.at(now);
  PairWeeks weeks;
  if (safe > kChosen) weeks.out = std::max(weeks.out, pair_week(safe - kChosen) + 1);
  std::optional<std::uint64_t> oldest;
  for (const SealingKey& key : self_.sealing) {
    const std::uint64_t week = Identity::week_of(key);
    if (!oldest || week < *oldest) oldest = week;
  }
  if (oldest) weeks.in = std::max(weeks.in, *oldest);
  return weeks;
}

crypto::Secret Machine::pair_made(const Now& now, const std::string& party,
                                  const crypto::Secret& psk_ab) {
  PairSecret made =
      PairSecret::make(psk_ab, self_.party(), party, pair_weeks(now), now.wall_ms);
  crypto::Secret own_tag = made.own_tag.clone();
  self_.pairs.put(party, std::move(made));
  return own_tag;
}

store::RecordRef Machine::send_confirm(const Now& now, const std::string& party,
                                       const crypto::Secret& tag) {
  v1::Record record;
  auto* header = record.mutable_header();
  header->set_from_desk("NPC");
  header->set_subject("Pair secret");
  header->set_language("en");
  header->set_priority("ROUTINE");
  record.mutable_peer_psk_confirm()->set_tag(std::string(as_text(tag.view())));
  Draft draft;
  draft.to = {party};
  draft.kind = std::string(kConfirmKind);
  draft.body = to_bytes(record.SerializeAsString());
  draft.lane = 0;
  FOCAL_CHECK(record::parse_checked(draft.body, draft.kind, self_.party(), draft.to).has_value());
  return submit(now, std::move(draft));
}

// A confirm that was just accepted. It counts once the book is saved, before the commit:
// should the commit fail, the peer sends it again.
void Machine::on_confirm(const Now& now, const std::string& from,
                         const record::CheckedRecord& record) {
  const std::string& tag = record.message().peer_psk_confirm().tag();
  const bool fits = self_.pairs.confirm(from, as_bytes(tag), now.wall_ms);
  log::info("exchange", fits ? "a pair secret is confirmed" : "a confirm fits no pair secret here",
            {{"party", from}});
  if (!fits && self_.pairs.standing(from).made_ms == 0)
    contacts_[from].state.trouble =
        from + " confirmed a pair secret that is not the one here: finish the meeting, or hold it again";
}

// The mode of what goes to these parties is another one now.
void Machine::pairs_changed() {
  for (const std::string& party : self_.pairs.take_changed()) {
    for (const std::uint8_t mode : {kModeBase, kModePsk}) seal_contexts_.erase({party, mode});
    for (OutboxEntry* entry : outbox_.of_party(party))
      if (entry->row.state == store::OutboxState::kWaitPsk)
        set_state(*entry, store::OutboxState::kReady, "");
    // Destroyed: what was derived from it too. The other contexts are made again.
    if (!self_.pairs.is_confirmed(party))
      for (const SealingKey& key : self_.sealing) inbound_.forget_key(key.kid);
  }
}

// Whatever a clock or an operator does not bring back is wiped.
void Machine::keep_pairs(const Now& now) {
  self_.pairs.end_old_ceremonies(now.mono_ms);
  self_.pairs.forget_before(pair_weeks(now));
  inbound_.sweep(now);
}

// Is it the batch that confirms a pair secret? Only lane 0 can carry it.
bool Machine::is_base_only(const store::OutboxRow& row) {
  if (row.lane != 0) return false;
  const auto batch = view_.batch(row.batch);
  return batch && !batch->records.empty() && batch->records.front().kind == kConfirmKind;
}

}  // namespace focal::exchange
