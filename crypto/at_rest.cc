#include "crypto/at_rest.h"

#include "base/check.h"
#include "crypto/aead.h"

namespace focal::crypto {
namespace {

constexpr std::string_view kLabel{"focal/rest/v1\0", 14};
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kWrappedSize = sizeof(Nonce24) + kKeySize + kTagSize;

Bytes aad_of(const Hash32& ref, RestPart part) {
  Bytes aad = to_bytes(kLabel);
  append(aad, ref);
  aad.push_back(static_cast<std::uint8_t>(part));
  return aad;
}

// Each data key seals one text, so the nonce need only tell the parts apart.
Nonce24 nonce_of(RestPart part) {
  Nonce24 nonce{};
  nonce.back() = static_cast<std::uint8_t>(part);
  return nonce;
}

Bytes wrap(Rng& rng, ByteView kek32, ByteView aad, const Secret& dek) {
  const auto nonce = rng.array<sizeof(Nonce24)>();
  Bytes out;
  out.reserve(kWrappedSize);
  append(out, nonce);
  seal_xchacha(kek32, nonce, aad, dek.view(), out);
  return out;
}

std::optional<Secret> unwrap(ByteView kek32, ByteView aad, ByteView wrapped) {
  if (wrapped.size() != kWrappedSize) return std::nullopt;
  const auto nonce = *fixed<sizeof(Nonce24)>(wrapped.first(sizeof(Nonce24)));
  auto dek = open_xchacha(kek32, nonce, aad, wrapped.subspan(sizeof(Nonce24)));
  if (!dek) return std::nullopt;
  Secret out = Secret::copy_of(*dek);
  wipe(*dek);
  return out;
}

}  // namespace

Sealed seal_at_rest(Rng& rng, ByteView kek32, const Hash32& ref, RestPart part, ByteView plain) {
  FOCAL_CHECK(kek32.size() == kKeySize);
  const Bytes aad = aad_of(ref, part);
  Secret dek(kKeySize);
  rng.fill(dek.bytes());
  Sealed out;
  out.wrapped = wrap(rng, kek32, aad, dek);
  out.ct.reserve(plain.size() + kTagSize);
  seal_xchacha(dek.view(), nonce_of(part), aad, plain, out.ct);
  return out;
}

std::optional<Bytes> open_at_rest(ByteView kek32, const Hash32& ref, RestPart part,
                                  ByteView wrapped, ByteView ct) {
  FOCAL_CHECK(kek32.size() == kKeySize);
  const Bytes aad = aad_of(ref, part);
  const auto dek = unwrap(kek32, aad, wrapped);
  if (!dek) return std::nullopt;
  return open_xchacha(dek->view(), nonce_of(part), aad, ct);
}

std::optional<Bytes> rewrap_at_rest(Rng& rng, ByteView old_kek32, ByteView new_kek32,
                                    const Hash32& ref, RestPart part, ByteView wrapped) {
  FOCAL_CHECK(old_kek32.size() == kKeySize && new_kek32.size() == kKeySize);
  const Bytes aad = aad_of(ref, part);
  const auto dek = unwrap(old_kek32, aad, wrapped);
  if (!dek) return std::nullopt;
  return wrap(rng, new_kek32, aad, *dek);
}

}  // namespace focal::crypto
