// Pair secrets in the machine: made after a ceremony, confirmed by the other side,
// carried on week by week (docs/protocol.md, "Pair secret").
#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/log.h"
#include "node/exchange/bounce_rules.h"
#include "node/exchange/machine.h"
#include "proto/record.pb.h"

namespace focal::exchange {
namespace {

// Under whose signature it came, where one was checked.
std::string signer_of(const Judgement& judgement) {
  if (const auto* batch = std::get_if<JudgedBatch>(&judgement)) return batch->from;
  if (const auto* receipts = std::get_if<JudgedReceipts>(&judgement)) return receipts->from;
  return {};
}

}  // namespace

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
                                       const crypto::Secret& tag, std::string detail) {
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
  draft.detail = std::move(detail);
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
}

// Who seals with a secret holds it: what a party signed and sealed with one that waits for its
// confirm says the same. Their confirm may have come before an older keystore came back here.
void Machine::on_sealed_with(const Now& now, const PairUse& use, const Judgement& judgement) {
  if (use.unconfirmed_tag.empty() || signer_of(judgement) != use.party) return;
  if (self_.pairs.confirm(use.party, use.unconfirmed_tag.view(), now.wall_ms))
    log::info("exchange", "a pair secret is confirmed by what was sealed with it",
              {{"party", use.party}});
}

// Was it an envelope of receipts that the party has no pair secret for? No row waits for them,
// so they are kept until there is another secret, or a day is over.
bool Machine::on_unread_receipts(const Now& now, const std::string& party, const Hash32& env_id) {
  std::optional<SentReceipts> sent;
  for (auto& [link, session] : sessions_)
    if (!sent && session.party() == party) sent = session.take_unread(env_id);
  if (!sent) return false;
  Contact& contact = contacts_[party];
  if (sent->pair_made_ms != self_.pairs.made_ms(party)) {
    contact.receipts.push_back(std::move(sent->inner));  // another one is in use by now
    return true;
  }
  contact.state.psk_unknown_ms = now.wall_ms;
  if (contact.unread_receipts.empty()) contact.unread_until_ms = now.mono_ms + kBounceRetryMs;
  contact.unread_receipts.push_back(std::move(sent->inner));
  if (contact.unread_receipts.size() > settings_.receipts_kept) contact.unread_receipts.pop_front();
  return true;
}

void Machine::send_unread_receipts(Contact& contact) {
  std::move(contact.unread_receipts.begin(), contact.unread_receipts.end(),
            std::back_inserter(contact.receipts));
  contact.unread_receipts.clear();
}

// Confirms of ours that stand in the keystore and not in the ledger: the node ended in between,
// or the ledger did not take the group.
void Machine::tell_confirms(const Now& now) {
  tell_confirms_ms_ = 0;
  for (const auto& [party, tag] : self_.pairs.untold()) send_confirm(now, party, tag);
}

// The mode of what goes to these parties is another one now.
void Machine::pairs_changed() {
  for (const std::string& party : self_.pairs.take_changed()) {
    Contact& contact = contacts_[party];
    contact.state.psk_unknown_ms = 0;
    send_unread_receipts(contact);
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
  if (tell_confirms_ms_ != 0 && guard_.may_sign() && now.mono_ms >= tell_confirms_ms_) tell_confirms(now);
  for (auto& [party, contact] : contacts_)
    if (!contact.unread_receipts.empty() && now.mono_ms >= contact.unread_until_ms)
      send_unread_receipts(contact);
}

// Is it the batch that confirms a pair secret? Only lane 0 can carry it.
bool Machine::is_base_only(const store::OutboxRow& row) {
  if (row.lane != 0) return false;
  const auto batch = view_.batch(row.batch);
  return batch && !batch->records.empty() && batch->records.front().kind == kConfirmKind;
}

}  // namespace focal::exchange
