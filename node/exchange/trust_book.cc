#include "node/exchange/trust_book.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "node/exchange/accepted.h"

namespace focal::exchange {
namespace {

Error stranger(const std::string& party) {
  return fail(ErrorCode::kNotFound, party + " is not known here", "Look at 'focal peer list'.",
              "party");
}

}  // namespace

std::string origin_words(const NoteOrigin& origin) {
  return origin.by_officer() ? "by " + origin.actor : "over the link of " + origin.link_party;
}

Status TrustBook::load() {
  directories_.clear();
  proofs_.clear();
  for (const store::DirectoryRow& row : view_.directories()) {
    const Peer* introducer = peers_.find(row.introducer);
    auto directory = introducer == nullptr
                         ? Result<Directory>(stranger(row.introducer))
                         : read_directory(row.note, *introducer);
    if (!directory)
      return fail(ErrorCode::kCorrupt,
                  "the stored directory of " + row.introducer +
                      " does not verify: " + directory.error().message,
                  "Run 'focal ledger verify', then restore the ledger from a backup.");
    if (introducer->root_stands(directory->root))
      directories_.insert_or_assign(row.introducer, std::move(*directory));
  }
  // Enough of each note to know which contradiction is stored.
  for (const store::ForkProofRow& row :
       view_.fork_proofs(std::numeric_limits<std::int32_t>::max())) {
    const Peer* peer = peers_.find(row.party);
    const auto proof = row.party == self_.party()
                           ? check_fork_proof(row.a, row.b, self_.card, {})
                       : peer != nullptr ? check_fork_proof(row.a, row.b, peer->card, peer->old_cards)
                                         : Result<ForkProof>(stranger(row.party));
    if (proof) proofs_.emplace(proof->party, proof->kind, proof->key, proof->serial);
  }
  introduce_due_ = true;
  return {};
}

void TrustBook::set_policy(IntroducerPolicy policy) {
  policy_ = std::move(policy);
  introduce_due_ = true;
}

const Peer* TrustBook::find(const std::string& party) const {
  const auto it = pending_.find(party);
  return it != pending_.end() ? &it->second.peer : peers_.find(party);
}

Directories TrustBook::counted() const {
  Directories out;
  const auto add = [&](const std::map<std::string, Directory>& from) {
    for (const auto& [introducer, directory] : from) {
      const Peer* peer = find(introducer);
      if (peer != nullptr && peer->standing.level == TrustLevel::kVerified &&
          !peer->standing.suspended && !peer->standing.revoked &&
          peer->root_stands(directory.root))
        out[introducer] = &directory;
    }
  };
  add(directories_);
  add(new_directories_);
  return out;
}

const Directory* TrustBook::held_directory(const std::string& introducer) const {
  const Peer* peer = find(introducer);
  for (const auto* from : {&new_directories_, &directories_}) {
    const auto it = from->find(introducer);
    if (it != from->end() && peer != nullptr && peer->root_stands(it->second.root))
      return &it->second;
  }
  return nullptr;
}

void TrustBook::raise_alarm(const std::string& party, const std::string& words,
                            const BookTime& time) {
  const auto same = std::find_if(alarms_.begin(), alarms_.end(), [&](const Alarm& alarm) {
    return alarm.party == party && alarm.words == words;
  });
  // Repeats come as often as a peer likes; the log gets one in a while.
  const bool quiet = same != alarms_.end() && time.now.wall_ms < same->at_ms + kHourMs;
  if (!quiet && !is_trial_) log::error("exchange", "alarm", {{"party", party}, {"reason", words}});
  if (quiet) return;
  if (same != alarms_.end()) alarms_.erase(same);
  alarms_.push_back({time.now.wall_ms, party, words});
  if (alarms_.size() > kMaxAlarms) alarms_.pop_front();
}

TrustBook::Pending* TrustBook::change(const std::string& party) {
  const auto it = pending_.find(party);
  if (it != pending_.end()) return &it->second;
  const Peer* peer = peers_.find(party);
  if (peer == nullptr) return nullptr;
  Changed changed;
  changed.party = party;
  return &pending_.emplace(party, Pending{*peer, std::move(changed)}).first->second;
}

void TrustBook::put_row(Pending& pending, const std::string& detail) {
  ops_.push_back(store::PutPeer{pending.peer.row, pending.peer.card.card_id,
                                detail.empty() ? detail : leaf_text(detail)});
}

void TrustBook::set_trust(Pending& pending, store::PeerLevel level, store::Suspension suspended,
                          const std::string& how, const std::string& detail, const BookTime& time,
                          std::vector<std::string> introduced_by) {
  store::PeerRow& row = pending.peer.row;
  row.level = level;
  if (row.suspended != suspended)
    row.suspended_ms = suspended == store::Suspension::kNone ? 0 : time.now.wall_ms;
  row.suspended = suspended;
  if (!introduced_by.empty()) row.introduced_by = introduced_by;
  if (level == store::PeerLevel::kVerified && !how.empty()) {
    row.verified_ms = time.now.wall_ms;
    row.verified_how = how;
  } else if (level != store::PeerLevel::kVerified) {
    row.verified_ms = 0;
    row.verified_how.clear();
  }
  if (level == store::PeerLevel::kNone) row.introduced_by.clear();
  ops_.push_back(store::SetTrust{row.party, pending.peer.card.card_id, level, suspended, how,
                                 leaf_text(detail), std::move(introduced_by)});
  pending.peer.derive();
  pending.changed.standing = true;
  introduce_due_ = true;  // an introducer may count now
}

// An operator's suspension stays his to end; a recovery is the weaker reason to end it by
// itself, so it replaces the two cards that made it necessary.
void TrustBook::suspend(Pending& pending, store::Suspension why, const std::string& detail,
                        const BookTime& time) {
  const store::Suspension now = pending.peer.row.suspended;
  const bool stronger = now == store::Suspension::kNone ||
                        (now == store::Suspension::kTwoCards && why == store::Suspension::kRecovery);
  if (stronger) set_trust(pending, pending.peer.row.level, why, {}, detail, time);
}

PinnedKeys TrustBook::pinned_keys() const {
  PinnedKeys keys;
  add_pinned(keys, self_.card);
  for (const bool suspended : {false, true}) {
    for (const auto& [party, pending] : pending_) add_keys(keys, pending.peer, suspended);
    for (const auto& [party, peer] : peers_.all())
      if (!pending_.contains(party)) add_keys(keys, peer, suspended);
  }
  return keys;
}

Status TrustBook::set_standing(const std::string& party, const Standing& standing,
                               const std::string& how, const std::string& detail,
                               const BookTime& time) {
  Pending* pending = change(party);
  if (pending == nullptr) return stranger(party);
  set_trust(*pending, standing.level, standing.suspended, how, detail, time);
  return {};
}

Result<NoteTaken> TrustBook::take(std::string_view note, const NoteOrigin& origin,
                                  const BookTime& time) {
  if (note.starts_with("focal-card/v1\n")) return take_card(note, origin, time);
  if (note.starts_with("focal-seal/v1\n")) return take_schedule(note, origin, time);
  if (note.starts_with("focal-revoke/v1\n")) return take_revocation(note, origin, time);
  if (note.starts_with("focal-directory/v1\n")) return take_directory(note, origin, time);
  return fail(ErrorCode::kNote, "this is no note that this program knows",
              "Ask for the file again, or use a newer version of Focal.");
}

// Revocations first: what they take away must not be used for a moment. Then directories,
// which let a stranger in; of a stranger the newest card is pinned, not the first of its chain.
Status TrustBook::take_all(std::span<const std::string> notes, const NoteOrigin& origin,
                           const BookTime& time, std::vector<NoteTaken>* taken) {
  const auto rank = [&](const std::string& note) {
    if (note.starts_with("focal-revoke/v1\n")) return 0;
    if (note.starts_with("focal-directory/v1\n")) return 1;
    if (!note.starts_with("focal-card/v1\n")) return 3;
    return find(party_of_note(note)) == nullptr ? -1 : 2;  // -1: placed below
  };
  std::vector<std::pair<int, std::size_t>> order;
  order.reserve(notes.size());
  std::map<std::string, std::pair<std::uint64_t, std::size_t>> newest;  // of strangers
  for (std::size_t i = 0; i < notes.size(); ++i) {
    const int place = rank(notes[i]);
    order.emplace_back(place < 0 ? 2 : place, i);
    if (place >= 0) continue;
    const auto card = parse_card(notes[i]);
    if (!card) continue;
    auto& best = newest[card->party];
    if (card->serial > best.first) best = {card->serial, i};
  }
  std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    const auto first = [&](const std::pair<int, std::size_t>& each) {
      const auto it = newest.find(party_of_note(notes[each.second]));
      return each.first == 2 && it != newest.end() && it->second.second == each.second;
    };
    return first(a) && !first(b);
  });
  Status result;
  if (taken != nullptr) taken->assign(notes.size(), NoteTaken::kNothing);
  for (const auto& [place, i] : order) {
    auto one = take(notes[i], origin, time);
    if (one && taken != nullptr) (*taken)[i] = *one;
    if (!one && result) result = one.error();
  }
  return result;
}

void TrustBook::introduce_known(const BookTime& time) {
  introduce_due_ = false;
  if (policy_.k == 0) return;
  const Directories directories = counted();
  std::vector<std::pair<std::string, std::vector<std::string>>> raise;
  for (const auto& [party, committed] : peers_.all()) {
    const Peer& peer = *find(party);
    if (peer.row.level != store::PeerLevel::kNone || peer.standing.suspended ||
        peer.standing.revoked)
      continue;
    if (auto by = introduced(policy_, directories, party, peer.card.root))
      raise.emplace_back(party, std::move(by->by));
  }
  for (auto& [party, by] : raise) {
    Pending* pending = change(party);
    const std::string detail = "INTRODUCED by " + joined(by);
    if (!is_trial_)
      log::info("exchange", "a party was introduced", {{"party", party}, {"by", joined(by)}});
    set_trust(*pending, store::PeerLevel::kIntroduced, store::Suspension::kNone, {}, detail, time,
              std::move(by));
  }
  introduce_due_ = false;
}

// What a hold waits for may come at any time; its end is seen at once.
bool TrustBook::is_round(const BookTime& time) {
  if (!introduce_due_ && time.now.mono_ms < next_round_ms_) return false;
  next_round_ms_ = time.now.mono_ms + kMinuteMs;
  return true;
}

void TrustBook::tick(const BookTime& time) {
  const bool all = is_round(time);
  if (introduce_due_) introduce_known(time);
  const std::uint64_t before_ms = std::exchange(looked_safe_ms_, time.safe_ms);
  const auto ends_now = [&](const store::HeldCard& held) {
    const std::uint64_t end_ms = held.since_ms + kHoldMs;
    return end_ms <= time.safe_ms && (all || end_ms > before_ms);
  };
  std::vector<std::string> waiting;
  for (const auto& [party, peer] : peers_.all())
    if (std::any_of(peer.row.held.begin(), peer.row.held.end(), ends_now)) waiting.push_back(party);
  for (const std::string& party : waiting) end_holds(party, time);
}

bool TrustBook::standing_changes() const {
  return std::any_of(pending_.begin(), pending_.end(),
                     [](const auto& each) { return each.second.changed.standing; });
}

TrustBook::Effects TrustBook::committed() {
  Effects effects;
  effects.changed.reserve(pending_.size());
  if (!pending_.empty()) {
    // What the ledger filled in (leaf indexes) is read back from it.
    std::vector<store::PeerRow> rows = view_.peers();
    for (auto& [party, pending] : pending_) {
      for (store::PeerRow& row : rows)
        if (row.party == party && row.card_note == pending.peer.row.card_note)
          pending.peer.row = std::move(row);
      pending.peer.derive();
      peers_.put(std::move(pending.peer));
      effects.changed.push_back(std::move(pending.changed));
    }
    pending_.clear();
  }
  // A recovery takes back what was said under the lost root.
  std::erase_if(directories_, [&](const auto& each) {
    const Peer* introducer = peers_.find(each.first);
    return introducer != nullptr && !introducer->root_stands(each.second.root);
  });
  for (auto& [introducer, directory] : new_directories_)
    directories_.insert_or_assign(introducer, std::move(directory));
  new_directories_.clear();
  proofs_.merge(new_proofs_);
  new_proofs_.clear();
  effects.forward = std::exchange(forward_, {});
  return effects;
}

void TrustBook::abandon() {
  ops_.clear();
  pending_.clear();
  new_directories_.clear();
  new_proofs_.clear();
  forward_.clear();
  directory_after_ms_.clear();
  revocations_in_.clear();
  unstored_proofs_.clear();
  introduce_due_ = true;
}

}  // namespace focal::exchange
