// The offline root of a party: it makes cards and revocations and never meets a node.
// Its keys follow each other: each card commits to the next one. What a thief can make
// who has one of these keys, he makes with a Root of his own that holds this one alone.
#pragma once

#include <cstdint>
#include <string>

#include "node/exchange/card.h"
#include "node/exchange/revocation.h"
#include "tests/sim/parties.h"

namespace focal::sim {

class Root {
 public:
  // held: number of the root key that signs now; the first is 0.
  explicit Root(std::string party, std::size_t held = 0) : party_(std::move(party)), held_(held) {}

  // Every card but the first names its predecessor. issued_ms: of the new card.
  static std::string first_card(const std::string& party, const KeySet& keys);
  // The same root goes on: "update". A thief may announce a next root of his own.
  std::string update(const exchange::Card& after, const KeySet& keys, std::uint64_t issued_ms,
                     bool other_next = false) const;
  // The next root takes over, signed by both. From then on it signs.
  std::string rotate(const exchange::Card& after, const KeySet& keys, std::uint64_t issued_ms);
  // The next root takes over alone: the one before is lost or stolen.
  std::string recover(const exchange::Card& after, const KeySet& keys, std::uint64_t issued_ms);
  // By the root of that card or, where it is lost or stolen, by the announced next one.
  std::string revoke(const exchange::Card& card, exchange::RevocationScope scope,
                     std::uint64_t since_ms, bool by_next) const;

  std::size_t held() const { return held_; }

 private:
  std::string party_;
  std::size_t held_;
};

}  // namespace focal::sim
