// KekRing over the node's keystore.
#pragma once

#include <string>
#include <string_view>

#include "crypto/keystore.h"
#include "node/ledger/kek.h"

namespace focal::ledger {

inline constexpr std::string_view kIndexKeyName = "index";

class KeystoreKek final : public KekRing {
 public:
  // Both outlive the ring.
  KeystoreKek(crypto::Keystore& keystore, crypto::Rng& rng) : keystore_(keystore), rng_(rng) {}
  Result<Kek> current(KekClass kek_class, std::uint64_t now_ms) override;
  Result<Kek> renew(KekId id) override;
  Status destroy(KekId id) override;
  std::vector<KekId> ids() override;
  std::optional<ByteView> find(KekId id) override;
  Result<ByteView> index_key() override;

 private:
  Result<const crypto::Secret*> find_or_make(const std::string& name);

  crypto::Keystore& keystore_;
  crypto::Rng& rng_;
};

}  // namespace focal::ledger
