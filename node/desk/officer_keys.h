// The key a person releases with: an Ed25519 key in a keystore file of its own under that
// person's passphrase (officers/NAME.focalkey in the node's folder), certified by the node's sign
// key for a year (docs/protocol.md, "Approvals"). Argon2id takes a while: never on the loop's
// thread.
#pragma once

#include <filesystem>
#include <string>

#include "crypto/keystore.h"
#include "crypto/sign.h"
#include "node/desk/people.h"
#include "node/exchange/approval.h"
#include "node/exchange/identity.h"
#include "node/node/keys.h"

namespace focal::desk {

using node::kOfficersFolder;
inline constexpr std::uint64_t kCertificateDays = 365;
inline constexpr std::size_t kMinOfficerPassphrase = 12;   // bytes, of a new one
inline constexpr std::size_t kMaxOfficerPassphrase = 1024;

std::filesystem::path officer_file(const std::filesystem::path& folder, const std::string& name);

// A new key in a new file; one that stands there is removed first. kPassphrase: too short;
// kIo, kNoSpace, kPermission.
Result<crypto::SigningKey> make_officer_key(const std::filesystem::path& folder,
                                            const std::string& name,
                                            const crypto::Secret& passphrase,
                                            crypto::KdfCost cost, crypto::Rng& rng);
// kNotFound: no file; kPassphrase, kKeystore, kPermission.
Result<crypto::SigningKey> open_officer_key(const std::filesystem::path& folder,
                                            const std::string& name,
                                            const crypto::Secret& passphrase);
// The same key under another passphrase: the file is replaced whole or not at all. The errors of
// both of the above.
Status change_officer_passphrase(const std::filesystem::path& folder, const std::string& name,
                                 const crypto::Secret& old, const crypto::Secret& fresh,
                                 crypto::KdfCost cost, crypto::Rng& rng);
void remove_officer_key(const std::filesystem::path& folder, const std::string& name);

// The note that names the key as a supervisor's, from now on for a year.
std::string certify_officer(const exchange::Identity& self, const crypto::PublicKey& key,
                            std::uint64_t now_ms);

enum class KeyState { kNone, kValid, kExpired, kRevoked };
std::string_view key_state_name(KeyState state);  // "NONE", "VALID", …
struct KeyInfo {
  KeyState state = KeyState::kNone;
  std::uint64_t until_ms = 0;
  crypto::PublicKey key{};
};
// REVOKED also: the note is of another card, or names a role the person no longer has.
KeyInfo key_info(const exchange::Identity& self, const Person& person, std::uint64_t now_ms);

}  // namespace focal::desk
