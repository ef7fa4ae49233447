#include "crypto/dhkem.h"

#include "crypto/hpke_labels.h"
#include "crypto/x25519.h"

// Names as in RFC 9180: ExtractAndExpand, Encap, Decap (4.1), DeriveKeyPair (7.1.3).
namespace focal::crypto::dhkem {
namespace {

constexpr std::array<std::uint8_t, 5> kKemSuite{'K', 'E', 'M', 0x00, 0x20};
constexpr std::size_t kNsecret = 32;

Secret extract_and_expand(const Secret& dh_result, ByteView enc, ByteView pk_r) {
  const Secret eae_prk = hpke::labeled_extract(kKemSuite, {}, "eae_prk", dh_result.view());
  Bytes kem_context = to_bytes(enc);
  append(kem_context, pk_r);
  return hpke::labeled_expand(kKemSuite, eae_prk.view(), "shared_secret", kem_context, kNsecret);
}

}  // namespace

KemKey key_from_secret(Secret sk) { return dh_key_from_secret(std::move(sk)); }

bool is_usable(ByteView pk) {
  const auto key = fixed<kKeySize>(pk);
  return key && is_usable_dh_key(*key);
}

std::optional<Encapsulated> encap_with(const DhKey& ephemeral, ByteView pk_r) {
  const auto key = fixed<kKeySize>(pk_r);
  if (!key) return std::nullopt;
  const auto dh_result = dh(ephemeral.sk, *key);
  if (!dh_result) return std::nullopt;
  return Encapsulated{to_bytes(ByteView(ephemeral.pk)),
                      extract_and_expand(*dh_result, ephemeral.pk, pk_r)};
}

std::optional<Encapsulated> encap(Rng& rng, ByteView pk_r) {
  return encap_with(make_dh_key(rng), pk_r);
}

std::optional<Secret> decap(ByteView enc, const KemKey& key_r) {
  const auto pk_e = fixed<kKeySize>(enc);
  if (!pk_e) return std::nullopt;
  const auto dh_result = dh(key_r.sk, *pk_e);
  if (!dh_result) return std::nullopt;
  return extract_and_expand(*dh_result, enc, key_r.pk);
}

DhKey derive_key_pair(ByteView ikm) {
  const Secret dkp_prk = hpke::labeled_extract(kKemSuite, {}, "dkp_prk", ikm);
  return dh_key_from_secret(hpke::labeled_expand(kKemSuite, dkp_prk.view(), "sk", {}, kKeySize));
}

}  // namespace focal::crypto::dhkem
