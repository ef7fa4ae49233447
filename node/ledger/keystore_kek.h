// KekRing over the node's keystore: names like "kek/tracing/2026-11".
#pragma once

#include <string>
#include <string_view>

#include "crypto/keystore.h"
#include "node/ledger/kek.h"

namespace focal::ledger {

inline constexpr std::string_view kIndexKeyName = "index";

std::string kek_name(KekId id);            // "kek/tracing/2026-11"
KekId tracing_kek(std::uint64_t unix_ms);  // of the month, UTC

class KeystoreKek final : public KekRing {
 public:
  // Both outlive the ring.
  KeystoreKek(crypto::Keystore& keystore, crypto::Rng& rng) : keystore_(keystore), rng_(rng) {}
  Result<Kek> current(std::uint64_t now_ms) override;
  std::optional<ByteView> find(KekId id) override;
  Result<ByteView> index_key() override;

 private:
  Result<const crypto::Secret*> find_or_make(const std::string& name);

  crypto::Keystore& keystore_;
  crypto::Rng& rng_;
};

}  // namespace focal::ledger
