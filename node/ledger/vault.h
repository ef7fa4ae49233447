// Encryption of what the ledger keeps (docs/protocol.md, "At rest"): a fresh key
// per row, wrapped under this month's key-encryption key.
#pragma once

#include <optional>

#include "crypto/at_rest.h"
#include "node/ledger/kek.h"

namespace focal::ledger {

struct SealedRow {
  KekId kek = 0;
  crypto::Sealed sealed;
};

class Vault {
 public:
  Vault(KekRing& ring, crypto::Rng& rng) : ring_(ring), rng_(rng) {}

  void start_group(std::uint64_t now_ms);  // drops the remembered key
  Result<SealedRow> seal(const Hash32& ref, crypto::RestPart part, ByteView plain);
  // kCorrupt: the key is not in the keystore, or the row does not open.
  Result<Bytes> open(KekId kek, const Hash32& ref, crypto::RestPart part, ByteView wrapped,
                     ByteView ct) const;
  crypto::Rng& rng() { return rng_; }

 private:
  KekRing& ring_;
  crypto::Rng& rng_;
  std::uint64_t now_ms_ = 0;
  std::optional<Kek> current_;
};

}  // namespace focal::ledger
