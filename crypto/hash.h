// SHA-256 (FIPS 180-4), HMAC (RFC 2104), HKDF (RFC 5869). The only file of the
// project that uses OpenSSL's libcrypto, and only its EVP digest: it uses the
// processor's SHA instructions. H in docs/protocol.md is sha256().
#pragma once

#include <functional>
#include <initializer_list>

#include "base/bytes.h"
#include "crypto/secret.h"

namespace focal::crypto {

Hash32 sha256(ByteView data);
Hash32 sha256(std::initializer_list<ByteView> parts);  // of the concatenation
inline Hash32 sha256(std::string_view text) { return sha256(as_bytes(text)); }
// Of what `next` hands out, part by part, until a part is empty. It must not hash meanwhile.
Hash32 sha256_of(const std::function<ByteView()>& next);

Hash32 hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);
Secret hkdf_extract(ByteView salt, ByteView ikm);                    // 32 bytes
Secret hkdf_expand(ByteView prk, ByteView info, std::size_t length); // length <= 8160

}  // namespace focal::crypto
