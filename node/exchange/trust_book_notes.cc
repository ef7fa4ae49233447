// Schedules, revocations, directories and fork proofs that come in.
#include <algorithm>
#include <utility>

#include "base/log.h"
#include "crypto/note.h"
#include "node/exchange/trust_book.h"

namespace focal::exchange {
namespace {

constexpr std::size_t kMaxNamesShown = 60;  // bytes of party codes in an alarm

Error not_known(const std::string& party) {
  return fail(ErrorCode::kNotFound, party + " is not known here",
              "Add the introduction file of the party first.", "party");
}

Error too_many(const std::string& what, const std::string& party) {
  return fail(ErrorCode::kLimit, "too many " + what + " of " + party + " are kept already",
              "Call them: somebody uses their key to fill this node.");
}

// Is there something in it that the others do not say: another card or scope, an earlier date.
bool adds_something(const Peer& peer, const Revocation& incoming) {
  return std::none_of(peer.revocations.begin(), peer.revocations.end(), [&](const auto& each) {
    return each.note.card_id == incoming.card_id && each.note.key == incoming.key &&
           each.note.scope == incoming.scope && each.note.since_ms <= incoming.since_ms;
  });
}

// A thief of one key must not leave the other without a place.
bool has_room(const Peer& peer, const Revocation& incoming) {
  if (peer.find_card(incoming.card_id) != nullptr) {
    // Of cards that are here: each scope a few times, for an earlier date.
    const auto same = std::count_if(
        peer.revocations.begin(), peer.revocations.end(), [&](const auto& each) {
          return each.note.card_id == incoming.card_id && each.note.key == incoming.key &&
                 each.note.scope == incoming.scope;
        });
    return static_cast<std::size_t>(same) < kMaxRevocations;
  }
  const auto others = std::count_if(
      peer.revocations.begin(), peer.revocations.end(), [&](const auto& each) {
        return each.note.key == incoming.key && peer.find_card(each.note.card_id) == nullptr;
      });
  return static_cast<std::size_t>(others) < kMaxRevocations;
}

// A root that was replaced by the card says nothing about it.
Status check_named_card(const Peer& peer, const Revocation& revocation) {
  const auto held = std::find_if(peer.held.begin(), peer.held.end(), [&](const Card& card) {
    return card.card_id == revocation.card_id;
  });
  const bool refused = held != peer.held.end()
                           ? !check_revocation_of(revocation, *held)
                           : peer.find_card(revocation.card_id) != nullptr &&
                                 !peer.may_revoke(revocation);
  if (!refused) return {};
  return fail(ErrorCode::kCardKey,
              "the revocation is signed by a key that has no say about the card it names",
              "Call the party: somebody has its former root key.", "revocation.key");
}

// Is this card by a key that speaks for the party today: its root, or the announced next one.
// After a recovery the old root does not; what it signed is evidence, and suspends nobody.
bool speaks_now(const Card& pinned, const std::string& note) {
  const auto parsed = crypto::parse_note(note);
  const auto card = parse_card(note);
  return parsed && card &&
         (next_root_hash(card->root) == pinned.next ||
          crypto::check_note(*parsed, {{root_name(pinned.party), pinned.root}}).has_value());
}

}  // namespace

Result<NoteTaken> TrustBook::take_schedule(std::string_view note, const NoteOrigin& origin,
                                           const BookTime& time) {
  if (const Peer* known = find(party_of_note(note));
      known != nullptr && known->row.schedule_note == note)
    return NoteTaken::kNothing;
  FOCAL_ASSIGN(Schedule schedule, parse_schedule(note));
  if (schedule.party == self_.party()) return NoteTaken::kNothing;
  const Peer* peer = find(schedule.party);
  if (peer == nullptr)
    return origin.by_officer() ? Result<NoteTaken>(not_known(schedule.party))
                               : Result<NoteTaken>(NoteTaken::kNothing);
  if (const Status ours = check_schedule_of(schedule, peer->card); !ours) {
    // Of a card that was replaced, or is not decided yet: no news, and no offence.
    const auto signs = [&](const Card& card) { return card.sign == schedule.sign; };
    if (std::any_of(peer->old_cards.begin(), peer->old_cards.end(), signs) ||
        std::any_of(peer->held.begin(), peer->held.end(), signs))
      return NoteTaken::kNothing;
    return ours.error();
  }
  if (peer->schedule) {
    const ScheduleOrder order = compare_schedules(*peer->schedule, schedule);
    if (order == ScheduleOrder::kFork) {
      FOCAL_ASSIGN(const bool stored,
                   take_fork_proof(peer->schedule->note, schedule.note, origin, time));
      return stored ? NoteTaken::kStored : NoteTaken::kNothing;
    }
    if (order != ScheduleOrder::kNewer) return NoteTaken::kNothing;
  }
  if (peer->revoked_since(peer->card, RevocationScope::kSign))
    return fail(ErrorCode::kCardKey, "the schedule is signed by a key that is revoked",
                "The party has to publish a new card first.", "schedule.sign");
  Pending& pending = *change(schedule.party);
  pending.peer.row.schedule_note = schedule.note;
  ops_.push_back(store::PutSchedule{schedule.party, schedule.note});
  pending.peer.schedule = std::move(schedule);
  pending.peer.schedule_trouble.clear();
  pending.changed.schedule = true;
  return NoteTaken::kStored;
}

// What was not taken comes again, with the next link or the next answer. Never kept waiting is
// the one that stops the party.
bool TrustBook::comes_too_often(const Peer& peer, const Revocation& revocation,
                                const NoteOrigin& origin, const BookTime& time) {
  if (origin.by_officer()) return false;
  if (revocation.scope == RevocationScope::kAll && revocation.card_id == peer.card.card_id &&
      !peer.standing.revoked)
    return false;
  const std::uint64_t minute = time.now.mono_ms / kMinuteMs;
  if (minute != std::exchange(revocation_minute_, minute)) revocations_in_.clear();
  return ++revocations_in_[{revocation.party, revocation.key}] > kRevocationsPerMinute;
}

Result<NoteTaken> TrustBook::take_revocation(std::string_view note, const NoteOrigin& origin,
                                             const BookTime& time) {
  FOCAL_ASSIGN(Revocation revocation, parse_revocation(note));
  if (revocation.party == self_.party()) {
    if (check_revocation_of(revocation, self_.card))
      raise_alarm(revocation.party,
                  "this node's own card is revoked (" + std::string(scope_name(revocation.scope)) +
                      "): ask the key custodian",
                  time);
    return NoteTaken::kNothing;
  }
  const Peer* peer = find(revocation.party);
  if (peer == nullptr)
    return origin.by_officer() ? Result<NoteTaken>(not_known(revocation.party))
                               : Result<NoteTaken>(NoteTaken::kNothing);
  const bool known = std::any_of(
      peer->revocations.begin(), peer->revocations.end(), [&](const auto& each) {
        return each.note.revocation_id == revocation.revocation_id;
      });
  if (known) return NoteTaken::kNothing;
  FOCAL_TRY(check_revocation_of(revocation, peer->card));
  FOCAL_TRY(check_named_card(*peer, revocation));
  if (!adds_something(*peer, revocation)) return NoteTaken::kNothing;
  if (!has_room(*peer, revocation)) return too_many("revocations", revocation.party);
  if (comes_too_often(*peer, revocation, origin, time))
    return fail(ErrorCode::kLimit, "revocations of " + revocation.party + " come too often");

  Pending& pending = *change(revocation.party);
  store::PeerRow& row = pending.peer.row;
  const std::string scope(scope_name(revocation.scope));
  const std::string detail = "REVOKED " + scope + " since " + format_utc(revocation.since_ms) +
                             ", came " + origin_words(origin);
  ops_.push_back(store::PutRevocation{row.party, revocation.note, revocation.revocation_id,
                                      leaf_text(detail)});
  // The keys that are published now are those somebody may have.
  if (revocation.covers(RevocationScope::kSeal) && pending.peer.schedule &&
      revocation.card_id == pending.peer.card.card_id) {
    for (const SealKey& key : pending.peer.schedule->keys) {
      if (std::find(row.dead_kids.begin(), row.dead_kids.end(), key.kid) == row.dead_kids.end())
        row.dead_kids.push_back(key.kid);
    }
    put_row(pending, {});
  }
  forward_.push_back({revocation.note, std::nullopt, origin.link_party});
  row.revocations.insert(row.revocations.begin(), {0, time.now.wall_ms, revocation.note});
  pending.peer.revocations.insert(pending.peer.revocations.begin(),
                                  {std::move(revocation), time.now.wall_ms, false});
  pending.peer.derive();
  pending.changed.standing = pending.changed.schedule = true;
  raise_alarm(row.party, "its card is revoked (" + scope + "); it came " + origin_words(origin),
              time);
  return NoteTaken::kStored;
}

Result<Directory> TrustBook::read_directory(std::string_view note, const Peer& introducer) const {
  auto directory = parse_directory(note, introducer.card.root);
  for (const Card& old : introducer.old_cards) {
    if (directory) break;
    if (old.root != introducer.card.root) directory = parse_directory(note, old.root);
  }
  if (directory && directory->introducer != introducer.row.party)
    return fail(ErrorCode::kCardKey, "the directory is that of another introducer");
  return directory;
}

Result<NoteTaken> TrustBook::take_directory(std::string_view note, const NoteOrigin& origin,
                                            const BookTime& time) {
  const std::string introducer = party_of_note(note);
  const Peer* peer = find(introducer);
  if (peer == nullptr)
    return origin.by_officer() ? Result<NoteTaken>(not_known(introducer))
                               : Result<NoteTaken>(NoteTaken::kNothing);
  // What is here by an older root stays; what comes is by the root of today.
  FOCAL_ASSIGN(Directory directory, parse_directory(note, peer->card.root));
  const Directory* held = held_directory(introducer);
  if (held != nullptr && directory.serial <= held->serial) {
    const auto row = held->serial == directory.serial ? std::optional(held->note)
                                                      : [&]() -> std::optional<std::string> {
      const auto older = view_.directory(introducer, directory.serial);
      return older ? std::optional(older->note) : std::nullopt;
    }();
    if (!row) return NoteTaken::kNothing;
    const auto same = parse_directory(*row, peer->card.root);
    if (!same || same->directory_id == directory.directory_id) return NoteTaken::kNothing;
    FOCAL_ASSIGN(const bool proof, take_fork_proof(*row, directory.note, origin, time));
    return proof ? NoteTaken::kStored : NoteTaken::kNothing;
  }
  auto& after = directory_after_ms_[introducer];
  if (!origin.by_officer() && time.now.mono_ms < after)
    return fail(ErrorCode::kLimit, "directories of " + introducer + " come too often");
  after = time.now.mono_ms + kDirectoryEveryMs;
  if (held != nullptr && directory.serial == held->serial + 1 &&
      directory.prev != held->directory_id)
    raise_alarm(introducer, "its new directory follows another one than the one held here", time);
  ops_.push_back(store::PutDirectory{introducer, directory.serial, directory.note,
                                     directory.directory_id,
                                     leaf_text("directory " + std::to_string(directory.serial) +
                                               " came " + origin_words(origin))});
  // A pinned root is never replaced: that a list says otherwise is a matter for people.
  std::string others;
  for (const DirectoryEntry& entry : directory.entries) {
    const Peer* listed = find(entry.party);
    if (listed == nullptr || listed->card.root == entry.root || others.size() > kMaxNamesShown)
      continue;
    others.append(" ").append(entry.party);
  }
  if (!others.empty())
    raise_alarm(introducer, "it lists other root keys than those pinned here, for" + others, time);
  new_directories_.insert_or_assign(introducer, std::move(directory));
  introduce_due_ = true;
  return NoteTaken::kStored;
}

bool TrustBook::store_proof(const ForkProof& proof, const NoteOrigin& origin,
                            const BookTime& time) {
  const ForkKey key(proof.party, proof.kind, proof.key, proof.serial);
  if (proofs_.contains(key) || new_proofs_.contains(key) || unstored_proofs_.contains(key))
    return false;
  const auto of_key = [&](const std::set<ForkKey>& proofs) {
    const auto first = proofs.lower_bound({proof.party, proof.kind, proof.key, 0});
    return static_cast<std::size_t>(
        std::distance(first, std::find_if(first, proofs.end(), [&](const ForkKey& each) {
                        return std::get<0>(each) != proof.party ||
                               std::get<1>(each) != proof.kind || std::get<2>(each) != proof.key;
                      })));
  };
  const std::string words = "two notes of one kind (" + std::string(fork_kind_name(proof.kind)) +
                            ") with serial " + std::to_string(proof.serial) + " by one key";
  // Without a place it still counts. It is remembered, so that an officer's decision holds.
  if (of_key(proofs_) + of_key(new_proofs_) >= kMaxForkProofs) {
    if (of_key(unstored_proofs_) < kMaxForkProofs) unstored_proofs_.insert(key);
    raise_alarm(proof.party, words + ": call them", time);
    suspend_for(proof, words, time);
    return false;
  }
  new_proofs_.insert(key);
  ops_.push_back(store::PutForkProof{proof.party, proof.a, proof.b, proof.id,
                                     leaf_text(words + ", came " + origin_words(origin))});
  forward_.push_back({{}, proof, origin.link_party});
  raise_alarm(proof.party, words + ": call them", time);
  suspend_for(proof, words, time);
  return true;
}

void TrustBook::suspend_for(const ForkProof& proof, const std::string& words,
                            const BookTime& time) {
  if (proof.kind != ForkKind::kCard) return;
  Pending* pending = change(proof.party);
  if (pending != nullptr && proof.serial >= pending->peer.card.serial &&
      speaks_now(pending->peer.card, proof.a) && speaks_now(pending->peer.card, proof.b))
    suspend(*pending, store::Suspension::kTwoCards, "SUSPENDED: " + words, time);
}

Result<bool> TrustBook::take_fork_proof(const std::string& a, const std::string& b,
                                        const NoteOrigin& origin, const BookTime& time) {
  const std::string party = party_of_note(a);
  if (party == self_.party()) {
    FOCAL_ASSIGN(const ForkProof proof, check_fork_proof(a, b, self_.card, {}));
    return store_proof(proof, origin, time);
  }
  const Peer* peer = find(party);
  if (peer == nullptr) return false;
  FOCAL_ASSIGN(const ForkProof proof, check_fork_proof(a, b, peer->card, peer->old_cards));
  return store_proof(proof, origin, time);
}

}  // namespace focal::exchange
