#include "crypto/hpke.h"

#include "base/check.h"
#include "crypto/hash.h"

// Names as in RFC 9180: LabeledExtract, LabeledExpand (section 4), Encap, Decap
// (4.1), KeySchedule (5.1), DeriveKeyPair (7.1.3).
namespace focal::crypto::hpke {
namespace {

constexpr std::size_t kNh = 32;       // output of the KDF
constexpr std::size_t kNk = 32;       // key of the AEAD
constexpr std::size_t kNsk = 32;      // private key of the KEM
constexpr std::size_t kNsecret = 32;  // shared secret of the KEM
constexpr std::size_t kMinPsk = 32;   // RFC 9180 9.5
constexpr std::uint8_t kModeBase = 0x00;
constexpr std::uint8_t kModePsk = 0x01;

constexpr std::string_view kVersion = "HPKE-v1";
constexpr std::array<std::uint8_t, 5> kKemSuite{'K', 'E', 'M', 0x00, 0x20};
constexpr std::array<std::uint8_t, 10> kHpkeSuite{'H',  'P',  'K',  'E',  0x00,
                                                  0x20, 0x00, 0x01, 0x00, 0x03};

Secret labeled_extract(ByteView suite, ByteView salt, std::string_view label, ByteView ikm) {
  // HKDF-Extract is HMAC; its parts need not be joined first.
  Hash32 prk = hmac_sha256(salt, {as_bytes(kVersion), suite, as_bytes(label), ikm});
  Secret out = Secret::copy_of(prk);
  wipe(prk);
  return out;
}

Secret labeled_expand(ByteView suite, ByteView prk, std::string_view label, ByteView info,
                      std::size_t length) {
  Bytes labeled;
  labeled.reserve(2 + kVersion.size() + suite.size() + label.size() + info.size());
  FOCAL_CHECK(length <= 255 * kNh);
  put_u16be(labeled, static_cast<std::uint16_t>(length));
  append(labeled, kVersion);
  append(labeled, suite);
  append(labeled, label);
  append(labeled, info);
  return hkdf_expand(prk, labeled, length);
}

Secret extract_and_expand(const Secret& dh_result, const Hash32& enc, const Hash32& pk_r) {
  const Secret eae_prk = labeled_extract(kKemSuite, {}, "eae_prk", dh_result.view());
  Bytes kem_context = to_bytes(ByteView(enc));
  append(kem_context, pk_r);
  return labeled_expand(kKemSuite, eae_prk.view(), "shared_secret", kem_context, kNsecret);
}

Nonce12 nonce_for(const Nonce12& base_nonce, std::uint64_t seq) {
  Nonce12 nonce = base_nonce;
  for (std::size_t i = 0; i < 8; ++i)
    nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(seq >> (8 * i));
  return nonce;
}

// VerifyPSKInputs: both or neither; the values are our own, never a peer's.
void check_psk(ByteView psk, ByteView psk_id) {
  FOCAL_CHECK(psk.empty() == psk_id.empty());
  FOCAL_CHECK(psk.empty() || psk.size() >= kMinPsk);
}

}  // namespace

struct Schedule {
  static Context run(const Secret& shared_secret, ByteView info, ByteView psk, ByteView psk_id) {
    check_psk(psk, psk_id);
    Bytes context;
    context.push_back(psk.empty() ? kModeBase : kModePsk);
    append(context, labeled_extract(kHpkeSuite, {}, "psk_id_hash", psk_id).view());
    append(context, labeled_extract(kHpkeSuite, {}, "info_hash", info).view());
    const Secret secret = labeled_extract(kHpkeSuite, shared_secret.view(), "secret", psk);
    Context out;
    out.key_ = labeled_expand(kHpkeSuite, secret.view(), "key", context, kNk);
    const Secret nonce =
        labeled_expand(kHpkeSuite, secret.view(), "base_nonce", context, sizeof(Nonce12));
    out.base_nonce_ = *fixed<sizeof(Nonce12)>(nonce.view());
    out.exporter_ = labeled_expand(kHpkeSuite, secret.view(), "exp", context, kNh);
    return out;
  }
};

namespace {

std::optional<Context> setup_r(ByteView enc, const DhKey& key_r, ByteView info, ByteView psk,
                               ByteView psk_id) {
  const auto pk_e = fixed<kEncSize>(enc);
  if (!pk_e) return std::nullopt;
  const auto dh_result = dh(key_r.sk, *pk_e);
  if (!dh_result) return std::nullopt;
  return Schedule::run(extract_and_expand(*dh_result, *pk_e, key_r.pk), info, psk, psk_id);
}

}  // namespace

Secret Context::export_secret(ByteView exporter_context, std::size_t length) const {
  return labeled_expand(kHpkeSuite, exporter_.view(), "sec", exporter_context, length);
}

Bytes Context::seal(std::uint64_t seq, ByteView aad, ByteView plain) const {
  Bytes out;
  seal_chacha(key_.view(), nonce_for(base_nonce_, seq), aad, plain, out);
  return out;
}

std::optional<Bytes> Context::open(std::uint64_t seq, ByteView aad, ByteView sealed) const {
  return open_chacha(key_.view(), nonce_for(base_nonce_, seq), aad, sealed);
}

std::optional<Sender> setup_s_with_ephemeral(DhKey ephemeral, const Hash32& pk_r, ByteView info,
                                             ByteView psk, ByteView psk_id) {
  const auto dh_result = dh(ephemeral.sk, pk_r);
  if (!dh_result) return std::nullopt;
  Sender sender;
  sender.enc = ephemeral.pk;
  sender.context =
      Schedule::run(extract_and_expand(*dh_result, sender.enc, pk_r), info, psk, psk_id);
  return sender;
}

std::optional<Sender> setup_base_s(Rng& rng, const Hash32& pk_r, ByteView info) {
  return setup_s_with_ephemeral(make_dh_key(rng), pk_r, info, {}, {});
}

std::optional<Sender> setup_psk_s(Rng& rng, const Hash32& pk_r, ByteView info, ByteView psk,
                                  ByteView psk_id) {
  FOCAL_CHECK(!psk.empty());
  return setup_s_with_ephemeral(make_dh_key(rng), pk_r, info, psk, psk_id);
}

std::optional<Context> setup_base_r(ByteView enc, const DhKey& key_r, ByteView info) {
  return setup_r(enc, key_r, info, {}, {});
}

std::optional<Context> setup_psk_r(ByteView enc, const DhKey& key_r, ByteView info, ByteView psk,
                                   ByteView psk_id) {
  FOCAL_CHECK(!psk.empty());
  return setup_r(enc, key_r, info, psk, psk_id);
}

DhKey derive_key_pair(ByteView ikm) {
  const Secret dkp_prk = labeled_extract(kKemSuite, {}, "dkp_prk", ikm);
  return dh_key_from_secret(labeled_expand(kKemSuite, dkp_prk.view(), "sk", {}, kNsk));
}

}  // namespace focal::crypto::hpke
