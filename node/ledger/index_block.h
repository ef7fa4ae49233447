// Blocks of the search index: readings of serial numbers as they stand in the file
// (docs/protocol.md, "Blind index"). Sealed as a whole under a key that is derived from the
// index key; the nonce is derived from the content, so that nothing depends on a generator.
//
//   plain: for each reading
//     u64be leaf index | u16be item number | u16be f | fold key (f) | u16be d | digits key (d)
//   ct: XChaCha20-Poly1305, AAD "focal/index-block/v1\0" || u64be first || u64be last
#pragma once

#include <functional>
#include <optional>

#include "base/bytes.h"
#include "crypto/aead.h"
#include "crypto/secret.h"
#include "node/store/serial_array.h"

namespace focal::ledger {

struct IndexKeys {  // all derived from the index key
  crypto::Secret tags;
  crypto::Secret blocks;
  crypto::Secret nonces;
  Id16 check{};     // says which index key it is, and nothing about it
};
IndexKeys derive_index_keys(ByteView index_key);

// HMAC-SHA256(tags, lp(field) || key)[0..16)
Id16 index_tag(const IndexKeys& keys, std::string_view field, std::string_view key);

struct SealedBlock {
  store::LeafIndex first = 0;  // least and greatest leaf index in it
  store::LeafIndex last = 0;
  crypto::Nonce24 nonce{};
  Bytes ct;
};

void put_reading(Bytes& plain, const store::IndexPlace& place, std::string_view fold,
                 std::string_view digits);
// visit() for each reading; false: not well formed, from some point on.
bool read_readings(ByteView plain,
                   const std::function<void(const store::IndexPlace& place, std::string_view fold,
                                            std::string_view digits)>& visit);

SealedBlock seal_block(const IndexKeys& keys, ByteView plain);  // plain is well formed, not empty
std::optional<Bytes> open_block(const IndexKeys& keys, store::LeafIndex first,
                                store::LeafIndex last, ByteView nonce, ByteView ct);

}  // namespace focal::ledger
