// Suite 250, for programs that test suite agility: X25519 in the sizes of X-Wing (public
// key 1216, enc 1120 bytes), padded with bytes that count. It lends suite 1's strength
// and proves nothing but that no size is taken for granted. Linking this file adds it
// (crypto/suite.h, extra_suites); no program that is shipped does.
#include "tests/support/test_suite.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "crypto/dhkem.h"
#include "crypto/hash.h"

namespace focal::crypto {
namespace {

constexpr std::size_t kCore = dhkem::kKeySize;
constexpr std::size_t kPkSize = 1216;
constexpr std::size_t kEncSize = 1120;
constexpr std::string_view kLabel = "focal test suite 250";

Bytes padded(ByteView core, std::size_t size) {
  Bytes out = to_bytes(core);
  out.resize(size);
  for (std::size_t i = kCore; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 7 + core[0]);
  return out;
}

std::optional<Bytes> core_of(ByteView long_form, std::size_t size) {
  if (long_form.size() != size) return std::nullopt;
  const Bytes core = to_bytes(long_form.first(kCore));
  if (!equal(padded(core, size), long_form)) return std::nullopt;
  return core;
}

// Binds both long forms, as a KEM's context does.
Secret bound_to(const Secret& shared, ByteView enc, ByteView pk) {
  Bytes info = to_bytes(kLabel);
  append(info, enc);
  append(info, pk);
  return hkdf_expand(shared.view(), info, 32);
}

KemKey key_from_secret(Secret sk) {
  KemKey core = dhkem::key_from_secret(std::move(sk));
  return {padded(core.pk, kPkSize), std::move(core.sk)};
}

bool is_usable(ByteView pk) {
  const auto core = core_of(pk, kPkSize);
  return core && dhkem::is_usable(*core);
}

std::optional<Encapsulated> encap(Rng& rng, ByteView pk) {
  const auto core = core_of(pk, kPkSize);
  if (!core) return std::nullopt;
  auto made = dhkem::encap(rng, *core);
  if (!made) return std::nullopt;
  Bytes enc = padded(made->enc, kEncSize);
  Secret shared = bound_to(made->shared, enc, pk);
  return Encapsulated{std::move(enc), std::move(shared)};
}

std::optional<Secret> decap(ByteView enc, const KemKey& key) {
  const auto core_enc = core_of(enc, kEncSize);
  const auto core_pk = core_of(key.pk, kPkSize);
  if (!core_enc || !core_pk) return std::nullopt;
  const auto shared = dhkem::decap(*core_enc, KemKey(*core_pk, key.sk.clone()));
  if (!shared) return std::nullopt;
  return bound_to(*shared, enc, key.pk);
}

constexpr Suite kSuite250 = {
    test::kTestSuite, kPkSize, kCore, kEncSize,
    {'H', 'P', 'K', 'E', 0xff, 0xfa, 0x00, 0x01, 0x00, 0x03},
    key_from_secret, is_usable, encap, decap,
};
constexpr std::array<const Suite*, 1> kExtra = {&kSuite250};

}  // namespace

std::span<const Suite* const> extra_suites() { return kExtra; }

namespace test {

KemKey test_suite_key(std::uint8_t secret) {
  return key_from_secret(Secret::copy_of(Bytes(kCore, secret)));
}

}  // namespace test
}  // namespace focal::crypto
