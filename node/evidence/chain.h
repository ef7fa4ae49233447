// The cards of one party in a bundle, and what they are worth under the fingerprint that a
// verifier was given (docs/protocol.md, "What the verifier is told").
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "crypto/note.h"
#include "node/evidence/bundle.h"
#include "node/evidence/claims.h"
#include "node/evidence/policy.h"
#include "node/exchange/card.h"

namespace focal::evidence {

enum class KeyRole : std::uint8_t { kSign, kLog, kWitness };

// A key that a card names for witnessing, with the newest card that has it.
struct WitnessKey {
  crypto::NoteVerifier verifier;
  std::uint32_t key_id = 0;
  const exchange::Card* card = nullptr;
};

class Chain {
 public:
  // files: none of the party; fingerprint: none was given.
  Chain(std::string_view party, const PartyFiles* files, const Hash32* fingerprint);
  Chain(Chain&&) = default;
  Chain& operator=(Chain&&) = default;
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;

  // CARD without party, from its first rule to its last; `by` filled in.
  Claim claim() const;

  // Is there an unbroken chain. Without one every question below has no answer.
  bool stands() const { return !cards_.empty() && !broken_; }
  // Why a card that is asked for is not there.
  Judgement missing() const;
  const exchange::Card* card(const Hash32& card_id) const;        // null: not in the chain
  const exchange::Card* card_of_log(std::string_view log) const;  // the newest that names it
  const std::vector<WitnessKey>& witness_keys() const { return witness_keys_; }
  // Those that CARD did not find broken, of this log; ascending by serial.
  std::vector<const WitnessPolicy*> policies(std::string_view log) const;

  // Standing of a key of one of the cards of this chain. seen_s: the earliest time, in Unix
  // seconds, by which others saw what the key signed.
  Judgement standing(const exchange::Card& card, KeyRole role,
                     std::optional<std::uint64_t> seen_s = std::nullopt) const;

 private:
  void read_cards(std::string_view party, const PartyFiles& files);
  void read_revocations(std::string_view party, const PartyFiles& files);
  void read_policies(std::string_view party, const PartyFiles& files);
  void find_reach(std::string_view party, const Hash32& fingerprint);
  void find_witness_keys();
  bool verifies(const WitnessPolicy& policy) const;

  std::vector<exchange::Card> cards_;  // oldest first; those before the break
  std::vector<bool> recovered_;        // the step to this card is a recovery
  bool broken_ = false;
  bool bad_revocation_ = false;
  bool bad_policy_ = false;
  bool has_root_ = false;                    // a fingerprint was given
  std::optional<std::size_t> reached_from_;  // the given root leads to this card and the later ones
  std::map<std::pair<KeyRole, Hash32>, std::uint64_t> revoked_;  // earliest since, in ms
  std::vector<WitnessPolicy> policies_;
  std::vector<WitnessKey> witness_keys_;
};

}  // namespace focal::evidence
