// Pair secrets in the keystore (docs/protocol.md, "Pair secret").
#pragma once

#include "base/result.h"
#include "crypto/keystore.h"
#include "crypto/random.h"
#include "node/exchange/pair_book.h"

namespace focal::node {

// kKeystore: an entry is damaged.
Status load_pairs(const crypto::Keystore& keystore, exchange::PairBook& pairs);

// Puts what the book holds in the place of what the keystore had of pairs, and saves:
// older keys are gone from the file with this. Errors of Keystore::save; the keystore in
// memory is then as it was.
Status keep_pairs(const exchange::PairBook& pairs, crypto::Keystore& keystore, crypto::Rng& rng);

}  // namespace focal::node
