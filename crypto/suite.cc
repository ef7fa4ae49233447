#include "crypto/suite.h"

#include <vector>

#include "base/check.h"
#include "crypto/dhkem.h"

namespace focal::crypto {
namespace {

constexpr Suite kX25519 = {
    kSuiteX25519,
    dhkem::kKeySize,
    dhkem::kKeySize,
    dhkem::kKeySize,
    {'H', 'P', 'K', 'E', 0x00, 0x20, 0x00, 0x01, 0x00, 0x03},
    dhkem::key_from_secret,
    dhkem::is_usable,
    dhkem::encap,
    dhkem::decap,
};

const std::vector<const Suite*>& table() {
  static const auto* const all = [] {
    auto* made = new std::vector<const Suite*>{&kX25519};
    for (const Suite* extra : extra_suites()) {
      FOCAL_CHECK(extra->id > made->back()->id);
      made->push_back(extra);
    }
    return made;
  }();
  return *all;
}

}  // namespace

const Suite* find_suite(std::uint8_t id) {
  for (const Suite* suite : table())
    if (suite->id == id) return suite;
  return nullptr;
}

std::span<const Suite* const> suites() { return table(); }

KemKey make_kem_key(const Suite& suite, Rng& rng) {
  Secret sk(suite.sk_size);
  rng.fill(sk.bytes());
  return suite.key_from_secret(std::move(sk));
}

}  // namespace focal::crypto
