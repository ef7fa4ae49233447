// The parties of a world: real keys, cards and sealing schedules, made once for all
// seeds from names alone. A party has one set of online keys after the other; a thief
// who makes keys of his own for its cards has them too.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "node/exchange/card.h"
#include "node/exchange/identity.h"
#include "node/exchange/schedule.h"

namespace focal::sim {

inline constexpr std::uint64_t kStartMs = 1'795'600'800'000;  // 2026-11-25T10:00:00Z, a Wednesday
inline constexpr std::size_t kMaxNodes = 20;
inline constexpr std::size_t kWeeks = 13;  // of sealing keys that a node holds: three past ones, nine

// Monday of the week with that number; the one of kStartMs is 0.
std::uint64_t week_ms(std::size_t number);
std::size_t week_of(std::uint64_t wall_ms);

// The online keys that one card names, with their private halves. Never moved.
struct KeySet {
  std::string party;
  std::size_t generation = 1;        // of the log
  crypto::SigningKey sign, log, witness;
  crypto::DhKey transport;
  std::string seed;                  // what its sealing keys are made from

  std::string origin() const { return exchange::log_name(party, generation); }
  const crypto::DhKey& sealing(std::size_t week) const;
  exchange::SealingKey sealing_key(std::size_t week) const;  // a copy, for a core
  // The schedule that its holder publishes in that week: nine weeks of keys.
  std::string schedule(std::uint64_t serial, std::size_t first_week) const;

 private:
  mutable std::map<std::size_t, crypto::DhKey> sealing_;
};
// whose: "the State" or a thief. Lives as long as the program.
const KeySet& key_set(const std::string& party, const std::string& whose, std::size_t generation);

struct Party {
  std::string name;
  const KeySet* keys = nullptr;      // the first ones
  exchange::Card card;               // the first one
  std::string origin() const { return keys->origin(); }
};

// XA, XB, … of kMaxNodes.
const Party& party(std::size_t number);
const Party* find_party(const std::string& name);

// What a core is given: a copy, with the sealing keys of kWeeks weeks.
exchange::Identity identity_of(const exchange::Card& card, const KeySet& keys,
                               const std::string& schedule_note, std::size_t first_week = 0);

// A key that is made from words alone.
crypto::SigningKey signing_key_of(const std::string& name, const std::string& what);

}  // namespace focal::sim
