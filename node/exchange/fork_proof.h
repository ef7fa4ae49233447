// Two valid notes by one key with one type and serial: whoever holds both can show to anybody
// that the key's holder, or a thief of it, says two things (docs/protocol.md, "Fork proofs").
#pragma once

#include <string>
#include <string_view>

#include "node/exchange/peers.h"

namespace focal::exchange {

enum class ForkKind { kCard, kSchedule, kDirectory, kCheckpoint };
std::string_view fork_kind_name(ForkKind kind);  // "card", "schedule", "directory", "checkpoint"

struct ForkProof {
  ForkKind kind = ForkKind::kCard;
  std::string party;
  std::uint64_t serial = 0;  // of checkpoints: their size
  Hash32 id{};       // store::fork_proof_ref of the two texts
  std::string a, b;  // the notes; the one whose text has the smaller hash first
  crypto::PublicKey key{};  // that says both: root, sign key of schedules, log key
};

// Do the two notes prove it, for a party whose cards are known: `pinned` and those before it.
// A key of the party must stand under both, or (cards) the root of one is the next root that
// the other announces. Checks everything offline. kCard, kNote, kSignature, …: one of them is
// no valid note; kCardKey: of no key known for the party; kInvalid: they do not contradict
// each other.
Result<ForkProof> check_fork_proof(const std::string& a, const std::string& b, const Card& pinned,
                                   const std::vector<Card>& old_cards);
// Whose it says it is; empty if the text is none of them. Nothing is checked.
std::string party_of_note(std::string_view note);

// Whose log carries that name; empty: it is no name of a log. party_of_note of a checkpoint.
std::string party_of_log(std::string_view origin);

}  // namespace focal::exchange
