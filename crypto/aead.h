// ChaCha20-Poly1305-IETF (RFC 8439) and XChaCha20-Poly1305. Tag of 16 bytes at
// the end. open_* returns nothing when the tag does not verify.
#pragma once

#include <array>
#include <optional>

#include "base/bytes.h"

namespace focal::crypto {

using Nonce12 = std::array<std::uint8_t, 12>;
using Nonce24 = std::array<std::uint8_t, 24>;
inline constexpr std::size_t kTagSize = 16;

// Appends ciphertext and tag to out; plain and aad are not views into out.
void seal_chacha(ByteView key32, const Nonce12& nonce, ByteView aad, ByteView plain, Bytes& out);
std::optional<Bytes> open_chacha(ByteView key32, const Nonce12& nonce, ByteView aad,
                                 ByteView sealed);

void seal_xchacha(ByteView key32, const Nonce24& nonce, ByteView aad, ByteView plain, Bytes& out);
std::optional<Bytes> open_xchacha(ByteView key32, const Nonce24& nonce, ByteView aad,
                                  ByteView sealed);

}  // namespace focal::crypto
