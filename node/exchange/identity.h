// What this node is and holds: its card and the private keys that the exchange
// uses. Built at start from the keystore; every week a sealing key comes and one goes.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "crypto/sign.h"
#include "crypto/suite.h"
#include "node/exchange/card.h"
#include "node/exchange/pair_book.h"
#include "node/exchange/schedule.h"

namespace focal::exchange {

// A private key is kept that long after its week, for what travels slowly.
inline constexpr std::uint64_t kSealKeptMs = 21 * kDayMs;
inline constexpr std::size_t kMaxOwnNotes = 6;

struct SealingKey {
  Id16 kid{};
  std::uint64_t not_after_ms = 0;
  crypto::KemKey key;
  std::uint8_t suite = kSuite1;
  std::uint64_t ends_ms() const { return not_after_ms + kSealKeptMs; }  // by the safe time
};

struct Identity {
  Card card;
  crypto::SigningKey sign;
  std::vector<SealingKey> sealing;
  std::vector<Id16> gone;                // sealing keys of the last year that were destroyed
  std::string schedule_note;
  std::uint64_t schedule_serial = 0;
  PairBook pairs;
  std::vector<Card> old_cards;      // its earlier cards, newest first: for whoever asks for the chain
  // What every link gets besides card and schedule: a card that is to take effect, revocations
  // of own cards, an own directory. At most kMaxOwnNotes.
  std::vector<std::string> notes;
  crypto::SigningKey log;           // of the log that the card names: witness policies
  crypto::SigningKey witness;       // cosigns checkpoints of others

  // The week of the sealing key, by which pair secrets count.
  static std::uint64_t week_of(const SealingKey& key) { return pair_week(key.not_after_ms - kWeekMs); }
  const std::string& party() const { return card.party; }
  const SealingKey* find_sealing(const Id16& kid) const {
    for (const SealingKey& key : sealing)
      if (key.kid == kid) return &key;
    return nullptr;
  }
  bool is_gone(const Id16& kid) const {
    return std::find(gone.begin(), gone.end(), kid) != gone.end();
  }
};

}  // namespace focal::exchange
