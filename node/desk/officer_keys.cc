#include "node/desk/officer_keys.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace focal::desk {
namespace {

constexpr std::string_view kKeyName = "officer";
constexpr Role kReleases = Role::kSupervisor;

Status make_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return fail(ErrorCode::kIo, std::string("cannot make the folder: ") + std::strerror(errno), {},
              folder.string());
}

Status check_new(const crypto::Secret& passphrase) {
  if (passphrase.size() >= kMinOfficerPassphrase && passphrase.size() <= kMaxOfficerPassphrase)
    return {};
  return fail(ErrorCode::kPassphrase, "an officer's passphrase has 12 to 1024 bytes",
              "Use several words.");
}

// Into a new file; nothing is left of it if that fails.
Status write_key(const std::filesystem::path& file, const crypto::SigningKey& key,
                 const crypto::Secret& passphrase, crypto::KdfCost cost, crypto::Rng& rng) {
  FOCAL_ASSIGN(auto keystore, crypto::Keystore::create(file, passphrase, cost, rng));
  keystore.put(std::string(kKeyName), key.seed.clone());
  Status saved = keystore.save(rng);
  if (!saved) ::unlink(file.c_str());
  return saved;
}

}  // namespace

std::filesystem::path officer_file(const std::filesystem::path& folder, const std::string& name) {
  return folder / kOfficersFolder / (name + ".focalkey");
}

Result<crypto::SigningKey> make_officer_key(const std::filesystem::path& folder,
                                            const std::string& name,
                                            const crypto::Secret& passphrase,
                                            crypto::KdfCost cost, crypto::Rng& rng) {
  FOCAL_TRY(check_new(passphrase));
  FOCAL_TRY(make_folder(folder / kOfficersFolder));
  remove_officer_key(folder, name);
  crypto::SigningKey key = crypto::make_signing_key(rng);
  FOCAL_TRY(write_key(officer_file(folder, name), key, passphrase, cost, rng));
  return key;
}

Status change_officer_passphrase(const std::filesystem::path& folder, const std::string& name,
                                 const crypto::Secret& old, const crypto::Secret& fresh,
                                 crypto::KdfCost cost, crypto::Rng& rng) {
  FOCAL_TRY(check_new(fresh));
  FOCAL_ASSIGN(const crypto::SigningKey key, open_officer_key(folder, name, old));
  const auto file = officer_file(folder, name);
  const auto beside = folder / kOfficersFolder / (name + ".new");  // no person's: no ".focalkey"
  ::unlink(beside.c_str());
  FOCAL_TRY(write_key(beside, key, fresh, cost, rng));
  if (::rename(beside.c_str(), file.c_str()) == 0) return {};
  const std::string why = std::strerror(errno);
  ::unlink(beside.c_str());
  return fail(ErrorCode::kIo, "cannot replace the officer's key: " + why, {}, file.string());
}

Result<crypto::SigningKey> open_officer_key(const std::filesystem::path& folder,
                                            const std::string& name,
                                            const crypto::Secret& passphrase) {
  FOCAL_ASSIGN(const auto keystore,
               crypto::Keystore::open(officer_file(folder, name), passphrase));
  const crypto::Secret* seed = keystore.find(kKeyName);
  if (seed == nullptr || seed->size() != 32)
    return fail(ErrorCode::kKeystore, "the officer's keystore holds no key",
                "Have the key revoked ('focal people revoke-key') and make a new one.");
  return crypto::signing_key_from_seed(seed->clone());
}

void remove_officer_key(const std::filesystem::path& folder, const std::string& name) {
  ::unlink(officer_file(folder, name).c_str());
}

std::string certify_officer(const exchange::Identity& self, const crypto::PublicKey& key,
                            std::uint64_t now_ms) {
  exchange::OfficerCertificate fields;
  fields.party = self.party();
  fields.role = std::string(role_name(kReleases));
  fields.key = key;
  fields.from_ms = now_ms - now_ms % kSecondMs;
  fields.until_ms = fields.from_ms + kCertificateDays * kDayMs;
  return exchange::make_certificate(fields, self.sign);
}

std::string_view key_state_name(KeyState state) {
  switch (state) {
    case KeyState::kNone: return "NONE";
    case KeyState::kValid: return "VALID";
    case KeyState::kExpired: return "EXPIRED";
    case KeyState::kRevoked: return "REVOKED";
  }
  return "NONE";
}

KeyInfo key_info(const exchange::Identity& self, const Person& person, std::uint64_t now_ms) {
  KeyInfo out;
  if (person.certificate.empty()) return out;
  out.state = KeyState::kRevoked;
  const auto note = exchange::parse_certificate(person.certificate, self.card);
  if (!note) return out;
  out.until_ms = note->until_ms;
  out.key = note->key;
  const auto role = parse_role(note->role);
  if (person.key_revoked || !person.present() || !role || !has(person.roles, *role)) return out;
  out.state = now_ms < note->until_ms && now_ms >= note->from_ms ? KeyState::kValid
                                                                  : KeyState::kExpired;
  return out;
}

}  // namespace focal::desk
