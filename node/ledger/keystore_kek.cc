#include "node/ledger/keystore_kek.h"

#include <cstdio>

#include "base/clock.h"

namespace focal::ledger {
namespace {
constexpr KekId kTracingClass = 1;
constexpr KekId kClassUnit = 1000000;
constexpr std::size_t kKekSize = 32;
}  // namespace

std::string kek_name(KekId id) {
  const KekId month = id % kClassUnit;
  char out[48];
  if (id / kClassUnit == kTracingClass) {
    std::snprintf(out, sizeof out, "kek/tracing/%04d-%02d", static_cast<int>(month / 100),
                  static_cast<int>(month % 100));
  } else {
    std::snprintf(out, sizeof out, "kek/%lld", static_cast<long long>(id));
  }
  return out;
}

KekId tracing_kek(std::uint64_t unix_ms) {
  const std::string date = format_date(unix_ms);  // YYYY-MM-DD
  const auto digit = [&](std::size_t i) { return static_cast<KekId>(date[i] - '0'); };
  const KekId year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
  return kTracingClass * kClassUnit + year * 100 + digit(5) * 10 + digit(6);
}

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

Result<Kek> KeystoreKek::current(std::uint64_t now_ms) {
  const KekId id = tracing_kek(now_ms);
  FOCAL_ASSIGN(const crypto::Secret* key, find_or_make(kek_name(id)));
  return Kek{id, key->view()};
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
