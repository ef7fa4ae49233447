// Encryption of record bodies in the ledger: a random single-use data key per
// row part, wrapped under a monthly key-encryption key that lives in the
// keystore, never in the database (docs/protocol.md, "At rest").
#pragma once

#include <functional>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace focal::crypto {

enum class RestPart : std::uint8_t {
  kRecord = 1, kDetail = 2, kWaiting = 3, kDesk = 4,
  kPersonal = 5,  // outside the ledger: node/desk/personal_files.h
};

struct Sealed {
  Bytes wrapped;  // nonce24 || XChaCha(KEK, DEK) = 24 + 32 + 16 bytes
  Bytes ct;       // XChaCha(DEK, nonce = part number left-padded to 24, plain)
};

// AAD of both = "focal/rest/v1\0" || ref32 || u8 part.
Sealed seal_at_rest(Rng& rng, ByteView kek32, const Hash32& ref, RestPart part, ByteView plain);
std::optional<Bytes> open_at_rest(ByteView kek32, const Hash32& ref, RestPart part,
                                  ByteView wrapped, ByteView ct);
// The row's key wrapped under another key-encryption key; ct stays as it is. Nothing if it does not
// open under the old one.
std::optional<Bytes> rewrap_at_rest(Rng& rng, ByteView old_kek32, ByteView new_kek32,
                                    const Hash32& ref, RestPart part, ByteView wrapped);

}  // namespace focal::crypto
