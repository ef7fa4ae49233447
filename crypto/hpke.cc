#include "crypto/hpke.h"

#include "base/check.h"
#include "crypto/hpke_labels.h"

// Names as in RFC 9180: KeySchedule (5.1), VerifyPSKInputs.
namespace focal::crypto::hpke {
namespace {

constexpr std::size_t kNh = 32;      // output of the KDF
constexpr std::size_t kNk = 32;      // key of the AEAD
constexpr std::size_t kMinPsk = 32;  // RFC 9180 9.5
constexpr std::uint8_t kModeBase = 0x00;
constexpr std::uint8_t kModePsk = 0x01;

Nonce12 nonce_for(const Secret& base_nonce, std::uint64_t seq) {
  Nonce12 nonce = *fixed<sizeof(Nonce12)>(base_nonce.view());
  for (std::size_t i = 0; i < 8; ++i)
    nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(seq >> (8 * i));
  return nonce;
}

void check_psk(const Psk& psk) {
  FOCAL_CHECK(psk.key.empty() == psk.id.empty());
  FOCAL_CHECK(psk.key.empty() || psk.key.size() >= kMinPsk);
}

}  // namespace

struct Schedule {
  static Context run(const Suite& suite, const Secret& shared_secret, ByteView info,
                     const Psk& psk) {
    check_psk(psk);
    Bytes context;
    context.push_back(psk.key.empty() ? kModeBase : kModePsk);
    append(context, labeled_extract(suite.hpke_id, {}, "psk_id_hash", psk.id).view());
    append(context, labeled_extract(suite.hpke_id, {}, "info_hash", info).view());
    const Secret secret =
        labeled_extract(suite.hpke_id, shared_secret.view(), "secret", psk.key);
    Context out;
    out.suite_ = &suite;
    out.key_ = labeled_expand(suite.hpke_id, secret.view(), "key", context, kNk);
    out.base_nonce_ =
        labeled_expand(suite.hpke_id, secret.view(), "base_nonce", context, sizeof(Nonce12));
    out.exporter_ = labeled_expand(suite.hpke_id, secret.view(), "exp", context, kNh);
    return out;
  }
};

Secret Context::export_secret(ByteView exporter_context, std::size_t length) const {
  return labeled_expand(suite_->hpke_id, exporter_.view(), "sec", exporter_context, length);
}

Bytes Context::seal(std::uint64_t seq, ByteView aad, ByteView plain) const {
  Bytes out;
  seal_chacha(key_.view(), nonce_for(base_nonce_, seq), aad, plain, out);
  return out;
}

std::optional<Bytes> Context::open(std::uint64_t seq, ByteView aad, ByteView sealed) const {
  return open_chacha(key_.view(), nonce_for(base_nonce_, seq), aad, sealed);
}

Sender setup_with(const Suite& suite, Encapsulated encapsulated, ByteView info, const Psk& psk) {
  return {std::move(encapsulated.enc), Schedule::run(suite, encapsulated.shared, info, psk)};
}

std::optional<Sender> setup_s(const Suite& suite, Rng& rng, ByteView pk_r, ByteView info,
                              const Psk& psk) {
  auto encapsulated = suite.encap(rng, pk_r);
  if (!encapsulated) return std::nullopt;
  return setup_with(suite, std::move(*encapsulated), info, psk);
}

std::optional<Context> setup_r(const Suite& suite, ByteView enc, const KemKey& key_r,
                               ByteView info, const Psk& psk) {
  const auto shared = suite.decap(enc, key_r);
  if (!shared) return std::nullopt;
  return Schedule::run(suite, *shared, info, psk);
}

}  // namespace focal::crypto::hpke
