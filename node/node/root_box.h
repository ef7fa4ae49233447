// The root keys on an offline medium: folders with key files under one passphrase. What
// a key is (root, next root, …) follows from the newest card that any of them knows, not
// from its file name, so that a kill between two steps of a ceremony or a copy under
// another name confuses nobody. No network, no node.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/keystore.h"
#include "crypto/sign.h"
#include "node/exchange/card.h"

namespace focal::node {

inline constexpr char kRootFile[] = "root.focalkey";
inline constexpr char kNextRootFile[] = "next-root.focalkey";
inline constexpr char kNewNextFile[] = "new-next-root.focalkey";  // of a plan not yet carried out
inline constexpr std::string_view kRootKeyName = "root";
// What a keystore remembers beside its secrets has a name that begins so: nothing of it
// is secret, and the passphrase keeps it from being changed.
inline constexpr std::string_view kPublicPrefix = "public/";
inline constexpr std::uint64_t kCardsRemembered = 32;  // of a medium, the newest
inline constexpr std::size_t kMaxRootFolders = 8;
inline constexpr std::size_t kMaxRootFiles = 32;  // in all folders together

enum class RootRole {
  kRoot,     // signs the next card
  kNext,     // announced: takes over at a rotation or recovery
  kPlanned,  // made for a rotation or recovery that no card has carried out
  kRetired,  // was the root once
};
std::string_view root_role_name(RootRole role);  // ROOT, NEXT_ROOT, PLANNED, RETIRED

struct RootKey {
  std::filesystem::path file;
  crypto::Keystore store;
  crypto::SigningKey key;
  std::string party;                           // "" on a medium of an older program
  std::optional<exchange::Card> card;          // the newest card it knows of
  std::optional<exchange::Card> signed_card;   // the newest it signed
};

class RootBox {
 public:
  // Every *.focalkey of the folders. kNotFound: a folder is not there, or no root key is
  // in any; kLimit; kPassphrase (which file); kKeystore: a file is no root key's; kInvalid:
  // keys of two parties. Changes nothing.
  static Result<RootBox> open(const std::vector<std::filesystem::path>& folders,
                              const crypto::Secret& passphrase);

  std::vector<RootKey>& keys() { return keys_; }
  const std::vector<RootKey>& keys() const { return keys_; }
  const std::string& party() const { return party_; }     // "" if no medium says so
  const exchange::Card* newest() const;                   // the newest card any key knows; or nullptr
  RootRole role(const RootKey& key) const;
  const RootKey* find(const crypto::PublicKey& root) const;        // nullptr: not here
  const RootKey* find_announced(const Hash32& next_hash) const;    // the key of that hash

  // Writes the card into every key file, as signed into those of its signers; fsynced.
  // What was written stands when an error comes (kIo, kNoSpace, kPermission); again is fine.
  Status remember(const exchange::Card& card, const std::vector<crypto::PublicKey>& signers,
                  crypto::Rng& rng);
  // File names follow the roles again: after a rotation root.focalkey becomes
  // retired-root-N.focalkey, next-root.focalkey becomes root.focalkey, and so on, each in its
  // folder. Names only; a name that is taken is left.
  void rename_by_role();

 private:
  std::vector<RootKey> keys_;
  std::string party_;
};

// A new root key in a new file, which is there whole or not at all. kExists and the errors of
// Keystore::create. planned: kPlanned until a card names the key.
Result<crypto::SigningKey> make_root_key(const std::filesystem::path& file,
                                         const std::string& party, bool planned,
                                         const crypto::Secret& passphrase, crypto::KdfCost kdf,
                                         crypto::Rng& rng);

// The card with this serial, if the medium has seen it and still remembers it.
std::optional<exchange::Card> known_card(const crypto::Keystore& store, std::uint64_t serial);

// Puts a card into an open root keystore; for `focal init`. Not saved.
void put_known_card(crypto::Keystore& store, const exchange::Card& card, bool signed_by_it);

}  // namespace focal::node
