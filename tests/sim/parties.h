// The parties of a world: real keys, cards and sealing schedules, made once for
// all seeds from the party's name alone.
#pragma once

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
inline constexpr std::size_t kWeeks = 10;  // of sealing keys that exist

struct Party {
  std::string name;
  crypto::SigningKey sign, log;
  exchange::Card card;
  std::vector<crypto::DhKey> sealing;  // kWeeks, from the week of kStartMs on
  std::string origin() const { return exchange::log_name(name, 1); }

  // The schedule that this party publishes at that time: nine weeks.
  std::string schedule(std::uint64_t serial, std::uint64_t first_week) const;
  // A fresh copy for a core; secrets are not copied otherwise.
  exchange::Identity identity(const std::string& schedule_note) const;
};

// XA, XB, … of kMaxNodes.
const Party& party(std::size_t number);
const Party* find_party(const std::string& name);

}  // namespace focal::sim
