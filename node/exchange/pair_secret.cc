#include "node/exchange/pair_secret.h"

#include <algorithm>

#include "base/check.h"
#include "crypto/hash.h"
#include "node/exchange/ceremony_code.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kPairInfo = "focal/psk/v1";
constexpr std::string_view kDirectionInfo = "focal/psk/dir/v1";
constexpr std::string_view kNextInfo = "focal/psk/next/v1";
constexpr std::string_view kHintInfo = "hint";
constexpr std::string_view kConfirmLabel = "confirm";

crypto::Secret hkdf(ByteView ikm, ByteView info, ByteView salt = {}) {
  const crypto::Secret prk = crypto::hkdf_extract(salt, ikm);
  return crypto::hkdf_expand(prk.view(), info, kPairKeySize);
}

}  // namespace

crypto::Secret pair_secret(const crypto::Secret& c_a, const crypto::Secret& c_b, const Hash32& n) {
  FOCAL_CHECK(c_a.size() == kCeremonySecretSize && c_b.size() == kCeremonySecretSize);
  const bool in_order = std::lexicographical_compare(c_a.view().begin(), c_a.view().end(),
                                                     c_b.view().begin(), c_b.view().end());
  crypto::Secret both(2 * kCeremonySecretSize);
  const auto half = both.bytes().begin() + kCeremonySecretSize;
  const auto& low = in_order ? c_a : c_b;
  const auto& high = in_order ? c_b : c_a;
  std::copy(low.view().begin(), low.view().end(), both.bytes().begin());
  std::copy(high.view().begin(), high.view().end(), half);
  return hkdf(both.view(), as_bytes(kPairInfo), n);
}

crypto::Secret first_pair_key(const crypto::Secret& psk_ab, std::string_view from,
                              std::string_view to) {
  Bytes info = to_bytes(kDirectionInfo);
  put_lp(info, from);
  put_lp(info, to);
  return hkdf(psk_ab.view(), info);
}

crypto::Secret next_pair_key(const crypto::Secret& psk_e) {
  return hkdf(psk_e.view(), as_bytes(kNextInfo));
}

crypto::Secret confirm_tag(const crypto::Secret& psk_e0, std::string_view from) {
  Bytes name;
  put_lp(name, from);
  Hash32 tag = crypto::hmac_sha256(psk_e0.view(), {as_bytes(kConfirmLabel), name});
  crypto::Secret out = crypto::Secret::copy_of(tag);
  crypto::wipe(tag);
  return out;
}

PairKey make_pair_key(crypto::Secret psk_e) {
  crypto::Secret hint_key = hkdf(psk_e.view(), as_bytes(kHintInfo));
  return {std::move(psk_e), std::move(hint_key)};
}

PairHint PairKey::hint(ByteView enc) const {
  const Hash32 mac = crypto::hmac_sha256(hint_key.view(), {enc});
  PairHint out;
  std::copy_n(mac.begin(), out.size(), out.begin());
  return out;
}

PairChain::PairChain(std::uint64_t week, crypto::Secret psk_e)
    : week_(week), psk_(std::move(psk_e)) {
  FOCAL_CHECK(week_ >= kFirstPairWeek && psk_.size() == kPairKeySize);
}

PairChain PairChain::from_first(crypto::Secret psk_e0, std::uint64_t week) {
  PairChain out(kFirstPairWeek, std::move(psk_e0));
  out.forget_before(week);
  return out;
}

std::optional<crypto::Secret> PairChain::at(std::uint64_t week) const {
  if (psk_.empty() || week < week_ || week - week_ > kMostPairSteps) return std::nullopt;
  crypto::Secret psk = psk_.clone();
  for (std::uint64_t at = week_; at < week; ++at) psk = next_pair_key(psk);
  return psk;
}

bool PairChain::forget_before(std::uint64_t week) {
  if (psk_.empty() || week <= week_ || week - week_ > kMostPairSteps) return false;
  for (; week_ < week; ++week_) psk_ = next_pair_key(psk_);
  return true;
}

}  // namespace focal::exchange
