// What a root machine hands to its node before a first card, a rotation or a recovery:
// the public part of the root that is to sign, and of the one after it. A signed note
// without secrets:
//   focal-root-plan/v1
//   party XA
//   root <base64, 32 bytes>
//   next <base64: next_root_hash of the root after it>
//   — focal/XA/root …
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "node/exchange/card.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxPlanSize = 2 * 1024;

struct RootPlan {
  std::string party;
  crypto::PublicKey root{};
  Hash32 next{};
};

// kLimit, kNote, kCard (a line; named in message and path), kCardKey, kSignature.
Result<RootPlan> parse_root_plan(std::string_view note);
Result<std::string> make_root_plan(const RootPlan& plan, const crypto::SigningKey& root);

}  // namespace focal::exchange
