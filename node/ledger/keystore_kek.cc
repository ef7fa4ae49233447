#include "node/ledger/keystore_kek.h"

#include <algorithm>

namespace focal::ledger {
namespace {
constexpr std::size_t kKekSize = 32;
}  // namespace

Result<const crypto::Secret*> KeystoreKek::find_or_make(const std::string& name) {
  if (const crypto::Secret* key = keystore_.find(name)) return key;
  crypto::Secret fresh(kKekSize);
  rng_.fill(fresh.bytes());
  keystore_.put(name, std::move(fresh));
  if (auto saved = keystore_.save(rng_); !saved) {
    keystore_.erase(name);
    return saved.error();
  }
  return keystore_.find(name);
}

std::vector<KekId> KeystoreKek::ids() {
  std::vector<KekId> out;
  for (const std::string& name : keystore_.names())
    if (const auto id = kek_of_name(name)) out.push_back(*id);
  std::sort(out.begin(), out.end());
  return out;
}

Result<Kek> KeystoreKek::current(KekClass kek_class, std::uint64_t now_ms) {
  const KekId id = newest_generation(*this, kek_id(kek_class, now_ms));
  FOCAL_ASSIGN(const crypto::Secret* key, find_or_make(kek_name(id)));
  return Kek{id, key->view()};
}

Result<Kek> KeystoreKek::renew(KekId id) {
  const KekId next = next_generation(newest_generation(*this, id));
  FOCAL_ASSIGN(const crypto::Secret* key, find_or_make(kek_name(next)));
  return Kek{next, key->view()};
}

Status KeystoreKek::destroy(KekId id) {
  const std::string name = kek_name(id);
  const crypto::Secret* key = keystore_.find(name);
  if (key == nullptr) return {};
  crypto::Secret kept = crypto::Secret::copy_of(key->view());
  keystore_.erase(name);
  Status saved = keystore_.save(rng_);
  if (!saved) keystore_.put(name, std::move(kept));  // still in the file, so still here
  return saved;
}

Result<ByteView> KeystoreKek::index_key() {
  FOCAL_ASSIGN(const crypto::Secret* key, find_or_make(std::string(kIndexKeyName)));
  if (key->size() != kKekSize)
    return fail(ErrorCode::kKeystore, "the key of the search index is damaged",
                "restore the keystore that belongs to this ledger");
  return key->view();
}

std::optional<ByteView> KeystoreKek::find(KekId id) {
  const crypto::Secret* key = keystore_.find(kek_name(id));
  if (key == nullptr || key->size() != kKekSize) return std::nullopt;
  return key->view();
}

}  // namespace focal::ledger
