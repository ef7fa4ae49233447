#include "node/ledger/vault.h"

namespace focal::ledger {
namespace {

Error no_key(KekId kek) {
  return fail(ErrorCode::kCorrupt, "the key '" + kek_name(kek) + "' is not in the keystore",
              "restore the keystore that belongs to this ledger");
}

}  // namespace

void Vault::start_group(std::uint64_t now_ms) {
  now_ms_ = now_ms;
  current_.clear();
}

Result<SealedRow> Vault::seal(const Hash32& ref, crypto::RestPart part, ByteView plain,
                              KekClass kek_class) {
  auto at = current_.find(kek_class);
  if (at == current_.end()) {
    FOCAL_ASSIGN(const Kek kek, ring_.current(kek_class, now_ms_));
    at = current_.emplace(kek_class, kek).first;
  }
  return SealedRow{at->second.id, crypto::seal_at_rest(rng_, at->second.key, ref, part, plain)};
}

Result<Bytes> Vault::open(KekId kek, const Hash32& ref, crypto::RestPart part, ByteView wrapped,
                          ByteView ct) const {
  const auto key = ring_.find(kek);
  if (!key) return no_key(kek);
  auto plain = crypto::open_at_rest(*key, ref, part, wrapped, ct);
  if (!plain) return fail(ErrorCode::kCorrupt, "a stored row does not open under its key");
  return std::move(*plain);
}

Result<Bytes> Vault::rewrap(KekId from, KekId to, const Hash32& ref, crypto::RestPart part,
                            ByteView wrapped) {
  const auto old_key = ring_.find(from);
  if (!old_key) return no_key(from);
  const auto new_key = ring_.find(to);
  if (!new_key) return no_key(to);
  auto out = crypto::rewrap_at_rest(rng_, *old_key, *new_key, ref, part, wrapped);
  if (!out) return fail(ErrorCode::kCorrupt, "the key of a stored row does not open under its key");
  return std::move(*out);
}

}  // namespace focal::ledger
