// Keys of what persons keep at the node outside the ledger (node/desk/personal_files.h): one for
// each person, in the keystore as "person/3". With its key all that a person kept is gone, also
// from copies of the files that somebody else made.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/result.h"
#include "crypto/keystore.h"
#include "crypto/random.h"

namespace focal::node {

// Copies of 32 bytes. The first makes a key where there is none, durable before it is returned:
// kIo, kNoSpace, kPermission, kLimit as Keystore::save. kKeystore: the entry is damaged.
Result<crypto::Secret> make_person_key(crypto::Keystore& keystore, std::int64_t person,
                                       crypto::Rng& rng);
Result<std::optional<crypto::Secret>> find_person_key(const crypto::Keystore& keystore,
                                                      std::int64_t person);

// Those of all others are gone, and the file that held them is overwritten. Errors as
// Keystore::save; they are still there then.
Status keep_person_keys(crypto::Keystore& keystore, std::span<const std::int64_t> persons,
                        crypto::Rng& rng);

}  // namespace focal::node
