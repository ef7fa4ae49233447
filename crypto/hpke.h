// HPKE (RFC 9180) suite DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 0x0001,
// ChaCha20Poly1305 0x0003; modes base and psk. Focal uses Export only; seal and
// open of the RFC are here so that its vectors (A.2) can be checked.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "crypto/aead.h"
#include "crypto/random.h"
#include "crypto/x25519.h"

namespace focal::crypto::hpke {

inline constexpr std::size_t kEncSize = 32;

class Context {  // the key schedule's secrets; move-only
 public:
  // RFC 9180 5.3. length <= 8160.
  Secret export_secret(ByteView exporter_context, std::size_t length) const;
  // RFC 9180 5.2, for a caller-chosen sequence number.
  Bytes seal(std::uint64_t seq, ByteView aad, ByteView plain) const;
  std::optional<Bytes> open(std::uint64_t seq, ByteView aad, ByteView sealed) const;

 private:
  friend struct Schedule;
  Secret key_;
  Nonce12 base_nonce_{};
  Secret exporter_;
};

struct Sender {
  Hash32 enc{};
  Context context;
};

// Nothing when the recipient's key is of small order.
std::optional<Sender> setup_base_s(Rng& rng, const Hash32& pk_r, ByteView info);
std::optional<Sender> setup_psk_s(Rng& rng, const Hash32& pk_r, ByteView info, ByteView psk,
                                  ByteView psk_id);
// Nothing when enc is not 32 bytes or of small order.
std::optional<Context> setup_base_r(ByteView enc, const DhKey& key_r, ByteView info);
std::optional<Context> setup_psk_r(ByteView enc, const DhKey& key_r, ByteView info, ByteView psk,
                                   ByteView psk_id);

// For vectors: a fixed ephemeral key; DeriveKeyPair of RFC 9180 7.1.3.
std::optional<Sender> setup_s_with_ephemeral(DhKey ephemeral, const Hash32& pk_r, ByteView info,
                                             ByteView psk, ByteView psk_id);
DhKey derive_key_pair(ByteView ikm);

}  // namespace focal::crypto::hpke
