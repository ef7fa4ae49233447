// In which suite to seal to a party (docs/protocol.md, "HPKE and sealing"): the highest
// of its card, which its root signed, that this program has. Its online node and whoever
// is between cannot bring it down; what that suite has no key for waits.
#pragma once

#include "base/result.h"
#include "crypto/suite.h"
#include "node/exchange/card.h"

namespace focal::exchange {

// kUnavailable: no suite in common, or the highest one is below min_suite (a setting of
// this node). The message is for the operator.
Result<const crypto::Suite*> choose_suite(const Card& card, unsigned min_suite);

}  // namespace focal::exchange
