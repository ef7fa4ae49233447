#include "node/exchange/fork_proof.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/exchange/directory.h"
#include "node/exchange/party.h"
#include "node/store/checkpoint.h"
#include "node/store/leaf.h"

namespace focal::exchange {
namespace {

// Cards of the party, the pinned one first.
struct Known {
  const Card& pinned;
  const std::vector<Card>& old;
  template <typename Test>
  bool any(Test test) const {
    return test(pinned) || std::any_of(old.begin(), old.end(), test);
  }
};

Error no_contradiction() {
  return fail(ErrorCode::kInvalid, "the two notes do not contradict each other");
}
Error unknown_key() {
  return fail(ErrorCode::kCardKey, "the notes are by no key that is known for the party");
}

bool signed_by(const std::string& note, const std::string& name, const crypto::PublicKey& key) {
  const auto parsed = crypto::parse_note(note);
  return parsed && crypto::check_note(*parsed, {{name, key}}).has_value();
}

ForkProof proof_of(ForkKind kind, const std::string& party, std::uint64_t serial,
                   const std::string& a, const Hash32& id_a, const std::string& b,
                   const Hash32& id_b, const crypto::PublicKey& key) {
  ForkProof out{kind, party, serial, store::fork_proof_ref(id_a, id_b), a, b, key};
  if (id_b < id_a) std::swap(out.a, out.b);
  return out;
}

Result<ForkProof> cards(const std::string& a, const std::string& b, const Known& known) {
  FOCAL_ASSIGN(const Card one, parse_card(a));
  FOCAL_ASSIGN(const Card two, parse_card(b));
  if (one.party != two.party || one.serial != two.serial || one.card_id == two.card_id)
    return no_contradiction();
  const auto is_root = [&](const crypto::PublicKey& root) {
    return known.any([&](const Card& card) {
      return card.party == one.party && (card.root == root || card.next == next_root_hash(root));
    });
  };
  // The party's own root stands under both, or the announced next one under the second.
  const auto speaks_twice = [&](const Card& card, const Card& other) {
    return is_root(card.root) && (signed_by(other.note, root_name(card.party), card.root) ||
                                  next_root_hash(other.root) == card.next);
  };
  const bool first = speaks_twice(one, two);
  if (!first && !speaks_twice(two, one)) return unknown_key();
  return proof_of(ForkKind::kCard, one.party, one.serial, a, one.card_id, b, two.card_id,
                  first ? one.root : two.root);
}

Result<ForkProof> schedules(const std::string& a, const std::string& b, const Known& known) {
  FOCAL_ASSIGN(const Schedule one, parse_schedule(a));
  FOCAL_ASSIGN(const Schedule two, parse_schedule(b));
  if (compare_schedules(one, two) != ScheduleOrder::kFork) return no_contradiction();
  if (!known.any([&](const Card& card) { return check_schedule_of(one, card).has_value(); }))
    return unknown_key();
  return proof_of(ForkKind::kSchedule, one.party, one.serial, a, one.schedule_id, b,
                  two.schedule_id, one.sign);
}

Result<ForkProof> directories(const std::string& a, const std::string& b, const Known& known) {
  std::optional<Directory> one, two;
  const bool ours = known.any([&](const Card& card) {
    auto first = parse_directory(a, card.root);
    auto second = parse_directory(b, card.root);
    if (!first || !second || first->introducer != card.party) return false;
    one = std::move(*first);
    two = std::move(*second);
    return true;
  });
  if (!ours) return unknown_key();
  if (one->introducer != two->introducer ||
      compare_directories(*one, *two) != DirectoryOrder::kFork)
    return no_contradiction();
  return proof_of(ForkKind::kDirectory, one->introducer, one->serial, a, one->directory_id, b,
                  two->directory_id, one->root);
}

// One log, one size, two roots. Which log keys are the party's, its cards say.
Result<ForkProof> checkpoints(const std::string& a, const std::string& b, const Known& known) {
  FOCAL_ASSIGN(const store::Checkpoint one, store::parse_checkpoint(a));
  FOCAL_ASSIGN(const store::Checkpoint two, store::parse_checkpoint(b));
  if (one.origin != two.origin || one.size != two.size || one.root == two.root)
    return no_contradiction();
  const Card* card = nullptr;
  const bool ours = known.any([&](const Card& each) {
    if (each.log_name != one.origin || !signed_by(a, one.origin, each.log) ||
        !signed_by(b, one.origin, each.log))
      return false;
    card = &each;
    return true;
  });
  if (!ours) return unknown_key();
  return proof_of(ForkKind::kCheckpoint, card->party, one.size, a, crypto::sha256(one.note.text), b,
                  crypto::sha256(two.note.text), card->log);
}

constexpr std::string_view kLogPrefix = "focal/";
constexpr std::string_view kLogInfix = "/log/";

}  // namespace

std::string_view fork_kind_name(ForkKind kind) {
  switch (kind) {
    case ForkKind::kCard: return "card";
    case ForkKind::kSchedule: return "schedule";
    case ForkKind::kDirectory: return "directory";
    case ForkKind::kCheckpoint: return "checkpoint";
  }
  FOCAL_CHECK(false);
}

Result<ForkProof> check_fork_proof(const std::string& a, const std::string& b, const Card& pinned,
                                   const std::vector<Card>& old_cards) {
  const Known known{pinned, old_cards};
  if (a.starts_with("focal-card/v1\n")) return cards(a, b, known);
  if (a.starts_with("focal-seal/v1\n")) return schedules(a, b, known);
  if (a.starts_with("focal-directory/v1\n")) return directories(a, b, known);
  if (a.starts_with(kLogPrefix)) return checkpoints(a, b, known);
  return fail(ErrorCode::kInvalid, "these are no notes that can contradict each other");
}

std::string party_of_log(std::string_view origin) {
  if (!origin.starts_with(kLogPrefix)) return {};
  const std::string_view rest = origin.substr(kLogPrefix.size());
  const std::string_view party = rest.substr(0, rest.find('/'));
  const bool is_log = is_party(party) && rest.substr(party.size()).starts_with(kLogInfix);
  return is_log ? std::string(party) : std::string();
}

std::string party_of_note(std::string_view note) {
  for (const std::string_view first : {"focal-card/v1\nparty ", "focal-seal/v1\nparty ",
                                       "focal-revoke/v1\nparty ", "focal-directory/v1\nintroducer "}) {
    if (!note.starts_with(first)) continue;
    const std::string_view rest = note.substr(first.size());
    const std::string_view party = rest.substr(0, rest.find('\n'));
    return is_party(party) ? std::string(party) : std::string();
  }
  return party_of_log(note.substr(0, note.find('\n')));
}

}  // namespace focal::exchange
