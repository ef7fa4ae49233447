// The sealing keys in the keystore, by name:
//   seal/2026-11-23/<kid in hex>  the private key of that week: 32 bytes
//   last/2026-11-23/<kid in hex>  one that a schedule under way replaces: as usable, until
//                                 that schedule is committed
//   used/2026-11-23/<kid in hex>  one published under an earlier sign key: it still opens
//                                 what is on its way
//   gone/2026-11-23/<kid in hex>  there was one, and it was destroyed: two bytes, why, and
//                                 whether the ledger says so
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/keystore.h"
#include "crypto/x25519.h"

namespace focal::node {

inline constexpr std::string_view kSealPrefix = "seal/";
inline constexpr std::string_view kLastPrefix = "last/";
inline constexpr std::string_view kUsedPrefix = "used/";
inline constexpr std::string_view kGonePrefix = "gone/";

struct SealName {
  std::uint64_t monday_ms = 0;
  Id16 kid{};
};
std::string seal_name(std::string_view prefix, const SealName& name);
// All entries of a prefix, oldest week first. kKeystore: a name or a size is none of ours.
Result<std::vector<SealName>> seal_names(const crypto::Keystore& keystore,
                                         std::string_view prefix);
// The key of an entry that seal_names gave; not of kGonePrefix.
crypto::DhKey seal_key(const crypto::Keystore& keystore, std::string_view prefix,
                       const SealName& name);

}  // namespace focal::node
