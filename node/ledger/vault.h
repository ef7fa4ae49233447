// Encryption of what the ledger keeps (docs/protocol.md, "At rest"): a fresh key
// per row, wrapped under this month's key-encryption key of the row's class.
#pragma once

#include <map>
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

  void start_group(std::uint64_t now_ms);  // drops the remembered keys
  // Errors of KekRing::current.
  Result<SealedRow> seal(const Hash32& ref, crypto::RestPart part, ByteView plain,
                         KekClass kek_class);
  // What was sealed under in this group.
  const std::map<KekClass, Kek>& used() const { return current_; }
  // kCorrupt: the key is not in the keystore, or the row does not open.
  Result<Bytes> open(KekId kek, const Hash32& ref, crypto::RestPart part, ByteView wrapped,
                     ByteView ct) const;
  // The wrapped key of a row, under another key. kCorrupt as open().
  Result<Bytes> rewrap(KekId from, KekId to, const Hash32& ref, crypto::RestPart part,
                       ByteView wrapped);
  crypto::Rng& rng() { return rng_; }

 private:
  KekRing& ring_;
  crypto::Rng& rng_;
  std::uint64_t now_ms_ = 0;
  std::map<KekClass, Kek> current_;
};

}  // namespace focal::ledger
