#include "crypto/password.h"

#include <sodium.h>

#include <array>

namespace focal::crypto {
namespace {

constexpr unsigned long long kPasses = 3;
constexpr std::size_t kMemory = 64u << 20;

const char* text_of(const Secret& password) {
  return reinterpret_cast<const char*>(password.view().data());
}

}  // namespace

Result<std::string> hash_password(const Secret& password) {
  if (password.size() < kLeastPassword || password.size() > kMostPassword)
    return fail(ErrorCode::kInvalid,
                "a password has " + std::to_string(kLeastPassword) + " to " +
                    std::to_string(kMostPassword) + " bytes",
                "Four or five words that nobody would put together are a good one.", "password");
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), text_of(password), password.size(), kPasses, kMemory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    return fail(ErrorCode::kLimit, "there is no memory for checking a password",
                "64 MiB are needed; try again.");
  return std::string(out.data());
}

bool is_password(std::string_view hash, const Secret& password) {
  // Of nothing anybody knows; as dear as the others.
  static const std::string nobodys = [] {
    Secret random(32);
    randombytes_buf(random.bytes().data(), random.size());
    return hash_password(random).value_or(std::string());
  }();
  if (password.empty() || password.size() > kMostPassword) return false;  // nobody has such a one
  const std::string text(hash.empty() ? std::string_view(nobodys) : hash);
  const bool fits = text.size() < crypto_pwhash_STRBYTES &&
                    crypto_pwhash_str_verify(text.c_str(), text_of(password), password.size()) == 0;
  return fits && !hash.empty();
}

}  // namespace focal::crypto
