// Records as a node keeps them, made quickly: real and sealed at rest, but not checked one by one
// nor sent to anybody.
#pragma once

#include <string>

#include "crypto/random.h"
#include "node/store/txn.h"

namespace focal::bench {

// A record of that body, of `from`, written to `to`. del_after: none.
store::NewRecord a_record(crypto::SeededRng& rng, const std::string& kind, const std::string& from,
                          const std::string& to, std::uint64_t created_ms, const Bytes& body);

// Two letters and six digits, as many makers stamp them.
std::string a_serial(crypto::SeededRng& rng);

}  // namespace focal::bench
