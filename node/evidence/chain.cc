#include "node/evidence/chain.h"

#include <algorithm>

#include "node/exchange/lines.h"
#include "node/exchange/revocation.h"
#include "node/exchange/safety_number.h"
#include "node/exchange/succession.h"

namespace focal::evidence {
namespace {

using exchange::Card;
using exchange::Succession;

constexpr std::size_t kRevocationDigits = 16;

const crypto::PublicKey& key_of(const Card& card, KeyRole role) {
  return role == KeyRole::kSign ? card.sign : role == KeyRole::kLog ? card.log : card.witness;
}

// A number with leading zeros, as file names have it.
std::uint64_t read_padded(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  return value;
}

bool is_step(Succession step) {
  return step == Succession::kUpdate || step == Succession::kNewNext ||
         step == Succession::kRotate || step == Succession::kRecover;
}

// May the note take keys away: it is by the root of one of these cards, or by one they announce.
bool may_revoke(const exchange::Revocation& note, const Card* from, const Card* end) {
  return std::any_of(from, end, [&note](const Card& card) {
    return exchange::check_revocation_of(note, card).has_value();
  });
}

}  // namespace

Chain::Chain(std::string_view party, const PartyFiles* files, const Hash32* fingerprint)
    : has_root_(fingerprint != nullptr) {
  if (files == nullptr) return;
  read_cards(party, *files);
  read_revocations(party, *files);
  read_policies(party, *files);
  if (!stands()) return;
  if (has_root_) find_reach(party, *fingerprint);
  find_witness_keys();
}

void Chain::read_cards(std::string_view party, const PartyFiles& files) {
  cards_.reserve(files.cards.size());
  for (const NamedNote& file : files.cards) {
    auto card = exchange::parse_card(file.note);
    if (!card.has_value() || card->party != party || card->serial != read_padded(file.name)) {
      broken_ = true;
      continue;
    }
    const Succession step =
        cards_.empty() ? Succession::kUpdate : exchange::check_successor(cards_.back(), *card);
    broken_ = broken_ || !is_step(step);
    recovered_.push_back(step == Succession::kRecover);
    cards_.push_back(std::move(*card));
  }
}

void Chain::read_revocations(std::string_view party, const PartyFiles& files) {
  for (const NamedNote& file : files.revocations) {
    const auto note = exchange::parse_revocation(file.note);
    if (!note.has_value() || note->party != party ||
        hex(note->revocation_id).substr(0, kRevocationDigits) != file.name) {
      bad_revocation_ = true;
      continue;
    }
    const Card* named = card(note->card_id);
    const Card* end = cards_.data() + cards_.size();
    if (named == nullptr || !may_revoke(*note, named, end)) continue;
    const auto take = [&](KeyRole role) {
      const auto at = revoked_.emplace(std::pair{role, key_of(*named, role)}, note->since_ms).first;
      at->second = std::min(at->second, note->since_ms);
    };
    if (note->covers(exchange::RevocationScope::kSign)) take(KeyRole::kSign);
    if (note->scope == exchange::RevocationScope::kAll) take(KeyRole::kLog);
    if (note->scope == exchange::RevocationScope::kAll) take(KeyRole::kWitness);
  }
}

bool Chain::verifies(const WitnessPolicy& policy) const {
  const Card* named = card_of_log(policy.log);
  return named == nullptr ||
         crypto::check_note(policy.note, {{policy.log, named->log}}).has_value();
}

void Chain::read_policies(std::string_view party, const PartyFiles& files) {
  policies_.reserve(files.policies.size());
  for (const NamedNote& file : files.policies) {
    auto policy = parse_policy(file.note);
    if (!policy.has_value() || policy->party != party || policy->serial != read_padded(file.name) ||
        !verifies(*policy)) {
      bad_policy_ = true;
    } else {
      policies_.push_back(std::move(*policy));
    }
  }
}

// The given root stands on some cards. It leads to all that come later, and back to all that are
// not behind a recovery: the old root did not agree to that.
void Chain::find_reach(std::string_view party, const Hash32& fingerprint) {
  for (std::size_t i = 0; i < cards_.size() && !reached_from_; ++i)
    if (exchange::root_fingerprint(party, cards_[i].root) == fingerprint) reached_from_ = i;
  while (reached_from_ && *reached_from_ > 0 && !recovered_[*reached_from_]) --*reached_from_;
}

void Chain::find_witness_keys() {
  for (const Card& card : cards_) {
    const auto same = std::find_if(
        witness_keys_.begin(), witness_keys_.end(),
        [&card](const WitnessKey& known) { return known.verifier.pk == card.witness; });
    if (same != witness_keys_.end()) witness_keys_.erase(same);  // it stands at the newest card
    WitnessKey key{
        {exchange::witness_name(card.party), card.witness, crypto::NoteKeyType::kCosignature},
        0,
        &card};
    key.key_id = crypto::note_key_id(key.verifier.name, key.verifier.type, key.verifier.pk);
    witness_keys_.push_back(std::move(key));
  }
}

Judgement Chain::missing() const { return not_shown(broken_ ? Reason::kChain : Reason::kAbsent); }

const Card* Chain::card(const Hash32& card_id) const {
  if (broken_) return nullptr;
  const auto at = std::find_if(cards_.begin(), cards_.end(),
                               [&](const Card& card) { return card.card_id == card_id; });
  return at == cards_.end() ? nullptr : &*at;
}

const Card* Chain::card_of_log(std::string_view log) const {
  if (broken_) return nullptr;
  const auto at = std::find_if(cards_.rbegin(), cards_.rend(),
                               [&](const Card& card) { return card.log_name == log; });
  return at == cards_.rend() ? nullptr : &*at;
}

std::vector<const WitnessPolicy*> Chain::policies(std::string_view log) const {
  std::vector<const WitnessPolicy*> out;
  for (const WitnessPolicy& policy : policies_)
    if (policy.log == log) out.push_back(&policy);
  return out;
}

Judgement Chain::standing(const Card& card, KeyRole role,
                          std::optional<std::uint64_t> seen_s) const {
  if (!has_root_) return not_shown(Reason::kNoRoot);
  const auto place = static_cast<std::size_t>(&card - cards_.data());
  if (!reached_from_ || place < *reached_from_) return not_shown(Reason::kOtherRoot);
  const auto taken = revoked_.find({role, key_of(card, role)});
  if (taken == revoked_.end()) return kProven;
  // since is in whole seconds: exact.
  const bool older = seen_s && *seen_s < taken->second / 1000;
  return older ? kProven : not_shown(Reason::kRevoked);
}

Claim Chain::claim() const {
  Claim out;
  out.kind = ClaimKind::kCard;
  if (stands()) out.by = std::to_string(cards_.back().serial);
  if (cards_.empty() && !broken_) {
    out.judgement = not_shown(Reason::kAbsent);
  } else if (broken_) {
    out.judgement = broken(Reason::kChain);
  } else if (bad_revocation_) {
    out.judgement = broken(Reason::kSignature);
  } else if (bad_policy_) {
    out.judgement = broken(Reason::kPolicy);
  } else if (!has_root_) {
    out.judgement = not_shown(Reason::kNoRoot);
  } else if (!reached_from_) {
    out.judgement = not_shown(Reason::kOtherRoot);
  }
  return out;
}

}  // namespace focal::evidence
