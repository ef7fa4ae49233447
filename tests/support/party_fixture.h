// A party with fixed keys, its card and its schedule, for tests and seed corpora.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "node/exchange/card.h"
#include "node/exchange/schedule.h"

namespace focal::test {

inline constexpr std::uint64_t kIssuedMs = 1795428000000;  // 2026-11-23T10:00:00Z, a Monday

inline Bytes repeated(std::uint8_t byte) { return Bytes(32, byte); }
inline crypto::SigningKey signing_key(std::uint8_t seed) {
  return crypto::signing_key_from_seed(crypto::Secret::copy_of(repeated(seed)));
}
inline crypto::DhKey dh_key(std::uint8_t secret) {
  return crypto::dh_key_from_secret(crypto::Secret::copy_of(repeated(secret)));
}

// Key k of a party is made from the seed byte first + k: with first 1, root is 32
// bytes 01, next root 02, sign 03, log 04, witness 05, transport 06.
struct TestParty {
  explicit TestParty(std::string party_code = "XA", std::uint8_t first = 1)
      : party(std::move(party_code)),
        root(signing_key(first)),
        next_root(signing_key(static_cast<std::uint8_t>(first + 1))),
        sign(signing_key(static_cast<std::uint8_t>(first + 2))),
        log(signing_key(static_cast<std::uint8_t>(first + 3))),
        witness(signing_key(static_cast<std::uint8_t>(first + 4))),
        transport(dh_key(static_cast<std::uint8_t>(first + 5))) {}

  std::string party;
  crypto::SigningKey root, next_root, sign, log, witness;
  crypto::DhKey transport;

  exchange::CardKeys keys() const { return {root, sign, log, witness}; }

  exchange::CardFields fields() const {
    exchange::CardFields f;
    f.party = party;
    f.root = root.pk;
    f.next = exchange::next_root_hash(next_root.pk);
    f.issued_ms = kIssuedMs;
    f.expires_ms = 1830211200000;  // 2027-12-31T00:00:00Z
    f.sign = sign.pk;
    f.log = log.pk;
    f.witness = witness.pk;
    f.transport = transport.pk;
    f.authority = {"Federal Office of Police", "Central Weapons Office"};
    return f;
  }

  // The fields of the card after pinned, by the same keys.
  exchange::CardFields fields_after(const exchange::Card& pinned) const {
    exchange::CardFields f = fields();
    f.serial = pinned.serial + 1;
    f.prev = pinned.card_id;
    f.log_generation = pinned.log_generation;
    return f;
  }

  std::string card_note() const { return must(exchange::make_card(fields(), keys())); }
  exchange::Card card() const { return must(exchange::parse_card(card_note())); }

  // Keys from secrets 16, 17, ... for `weeks` weeks from kIssuedMs.
  exchange::ScheduleFields schedule_fields(std::size_t weeks = exchange::kPublishedWeeks) const {
    exchange::ScheduleFields s;
    s.party = party;
    s.sign = sign.pk;
    s.serial = exchange::next_schedule_serial(0, kIssuedMs);
    s.endpoints = {"tcp://198.51.100.7:7117"};
    for (std::size_t i = 0; i < weeks; ++i)
      s.keys.push_back(exchange::make_seal_key(dh_key(static_cast<std::uint8_t>(16 + i)).pk,
                                               monday_of(kIssuedMs) + i * exchange::kWeekMs));
    return s;
  }
  std::string schedule_note() const {
    return must(exchange::make_schedule(schedule_fields(), sign));
  }

  template <typename T>
  static T must(Result<T> result) {
    if (!result.has_value()) std::fprintf(stderr, "%s\n", result.error().message.c_str());
    FOCAL_CHECK(result.has_value());
    return std::move(result).value();
  }
};

}  // namespace focal::test
