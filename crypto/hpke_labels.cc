#include "crypto/hpke_labels.h"

#include "base/check.h"
#include "crypto/hash.h"

namespace focal::crypto::hpke {
namespace {

constexpr std::string_view kVersion = "HPKE-v1";
constexpr std::size_t kMostExpanded = 255 * sizeof(Hash32);

}  // namespace

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
  FOCAL_CHECK(length <= kMostExpanded);
  put_u16be(labeled, static_cast<std::uint16_t>(length));
  append(labeled, kVersion);
  append(labeled, suite);
  append(labeled, label);
  append(labeled, info);
  return hkdf_expand(prk, labeled, length);
}

}  // namespace focal::crypto::hpke
