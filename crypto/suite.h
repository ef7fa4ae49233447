// The HPKE suites of this program (docs/protocol.md, "HPKE and sealing"): one number
// names KEM, KDF and AEAD together, nothing is negotiated piece by piece. Sizes of
// keys and of enc differ from suite to suite, so whoever handles them asks here.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/x25519.h"

namespace focal::crypto {

inline constexpr std::uint8_t kSuiteX25519 = 1;  // DHKEM(X25519), HKDF-SHA256, ChaCha20-Poly1305

// A key pair of a KEM. Sizes are those of its suite.
struct KemKey {
  Bytes pk;
  Secret sk;

  KemKey() = default;
  KemKey(ByteView public_key, Secret secret_key)
      : pk(to_bytes(public_key)), sk(std::move(secret_key)) {}
  KemKey(DhKey key) : pk(to_bytes(ByteView(key.pk))), sk(std::move(key.sk)) {}  // NOLINT: suite 1
};

struct Encapsulated {
  Bytes enc;
  Secret shared;  // 32 bytes
};

struct Suite {
  std::uint8_t id = 0;
  std::size_t pk_size = 0, sk_size = 0, enc_size = 0;
  std::array<std::uint8_t, 10> hpke_id{};  // "HPKE" || u16 kem || u16 kdf || u16 aead (RFC 9180 5.1)

  KemKey (*key_from_secret)(Secret sk) = nullptr;  // sk has sk_size bytes (checked)
  // False: pk has another size, or no honest party has it.
  bool (*is_usable)(ByteView pk) = nullptr;
  // Nothing when pk is not usable.
  std::optional<Encapsulated> (*encap)(Rng& rng, ByteView pk) = nullptr;
  // Nothing when enc has another size or is not usable.
  std::optional<Secret> (*decap)(ByteView enc, const KemKey& key) = nullptr;
};

// nullptr: this program has no such suite.
const Suite* find_suite(std::uint8_t id);
std::span<const Suite* const> suites();  // ascending by id
KemKey make_kem_key(const Suite& suite, Rng& rng);

// Suites beside those of suite.cc, ascending, with higher numbers. None in what is
// shipped (crypto/extra_suites.cc); a test program that links its own definition has
// them, which is the only way to add one.
std::span<const Suite* const> extra_suites();

}  // namespace focal::crypto
