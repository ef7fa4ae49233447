#include "crypto/hash.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/check.h"

namespace focal::crypto {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kDigest = 32;

// Fetched once: a fetch costs more than hashing a short message. Never freed,
// because threads may hash until the process ends.
const EVP_MD* digest() {
  static const EVP_MD* const instance = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  FOCAL_CHECK(instance != nullptr);
  return instance;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* ctx) const { EVP_MD_CTX_free(ctx); }
};

// One hashing at a time on this thread's context.
class Hasher {
 public:
  Hasher() : ctx_(context()) { FOCAL_CHECK(EVP_DigestInit_ex(ctx_, nullptr, nullptr) == 1); }
  Hasher& add(ByteView data) {
    FOCAL_CHECK(EVP_DigestUpdate(ctx_, data.data(), data.size()) == 1);
    return *this;
  }
  void finish(std::uint8_t* out32) {
    unsigned size = 0;
    FOCAL_CHECK(EVP_DigestFinal_ex(ctx_, out32, &size) == 1 && size == kDigest);
  }

 private:
  static EVP_MD_CTX* context() {
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> instance = [] {
      std::unique_ptr<EVP_MD_CTX, FreeContext> made(EVP_MD_CTX_new());
      FOCAL_CHECK(made && EVP_DigestInit_ex(made.get(), digest(), nullptr) == 1);
      return made;
    }();
    return instance.get();
  }

  EVP_MD_CTX* ctx_;
};

void hmac(ByteView key, std::span<const ByteView> parts, std::uint8_t* out32) {
  std::array<std::uint8_t, kBlock> pad{};
  if (key.size() > kBlock) {
    Hasher().add(key).finish(pad.data());
  } else if (!key.empty()) {
    std::memcpy(pad.data(), key.data(), key.size());
  }
  for (auto& b : pad) b ^= 0x36;
  std::array<std::uint8_t, kDigest> inner;
  Hasher first;
  first.add(pad);
  for (const ByteView part : parts) first.add(part);
  first.finish(inner.data());
  for (auto& b : pad) b ^= 0x36 ^ 0x5c;
  Hasher().add(pad).add(inner).finish(out32);
  wipe(pad);
  wipe(inner);
}

}  // namespace

Hash32 sha256(ByteView data) {
  Hash32 out;
  Hasher().add(data).finish(out.data());
  return out;
}

Hash32 sha256(std::initializer_list<ByteView> parts) {
  Hash32 out;
  Hasher hasher;
  for (const ByteView part : parts) hasher.add(part);
  hasher.finish(out.data());
  return out;
}

Hash32 sha256_of(const std::function<ByteView()>& next) {
  Hash32 out;
  Hasher hasher;
  for (ByteView part = next(); !part.empty(); part = next()) hasher.add(part);
  hasher.finish(out.data());
  return out;
}

Hash32 hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
  Hash32 out;
  hmac(key, {parts.begin(), parts.size()}, out.data());
  return out;
}

Secret hkdf_extract(ByteView salt, ByteView ikm) {
  Secret out(kDigest);
  const std::array<ByteView, 1> parts{ikm};
  hmac(salt, parts, out.bytes().data());
  return out;
}

Secret hkdf_expand(ByteView prk, ByteView info, std::size_t length) {
  FOCAL_CHECK(length <= 255 * kDigest);
  Secret out(length);
  std::array<std::uint8_t, kDigest> t{};
  std::uint8_t counter = 0;
  for (std::size_t at = 0; at < length; at += kDigest) {
    ++counter;
    const std::array<ByteView, 3> parts{ByteView(t).first(counter == 1 ? 0 : kDigest), info,
                                        ByteView(&counter, 1)};
    hmac(prk, parts, t.data());
    std::memcpy(out.bytes().data() + at, t.data(), std::min(kDigest, length - at));
  }
  wipe(t);
  return out;
}

}  // namespace focal::crypto
