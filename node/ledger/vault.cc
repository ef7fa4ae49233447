#include "node/ledger/vault.h"

#include <string>

namespace focal::ledger {

void Vault::start_group(std::uint64_t now_ms) {
  now_ms_ = now_ms;
  current_.reset();
}

Result<SealedRow> Vault::seal(const Hash32& ref, crypto::RestPart part, ByteView plain) {
  if (!current_) {
    FOCAL_ASSIGN(current_, ring_.current(now_ms_));
  }
  return SealedRow{current_->id, crypto::seal_at_rest(rng_, current_->key, ref, part, plain)};
}

Result<Bytes> Vault::open(KekId kek, const Hash32& ref, crypto::RestPart part, ByteView wrapped,
                          ByteView ct) const {
  const auto key = ring_.find(kek);
  if (!key)
    return fail(ErrorCode::kCorrupt, "key " + std::to_string(kek) + " is not in the keystore",
                "restore the keystore that belongs to this ledger");
  auto plain = crypto::open_at_rest(*key, ref, part, wrapped, ct);
  if (!plain) return fail(ErrorCode::kCorrupt, "a stored row does not open under its key");
  return std::move(*plain);
}

}  // namespace focal::ledger
