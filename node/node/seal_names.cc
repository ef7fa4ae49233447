#include "node/node/seal_names.h"

#include <algorithm>

#include "base/check.h"
#include "base/clock.h"
#include "node/exchange/schedule.h"

namespace focal::node {
namespace {

constexpr std::size_t kDateSize = 10;
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kGoneSize = 2;

}  // namespace

std::string seal_name(std::string_view prefix, const SealName& name) {
  std::string out(prefix);
  out.append(format_date(name.monday_ms)).append("/").append(hex(name.kid));
  return out;
}

Result<std::vector<SealName>> seal_names(const crypto::Keystore& keystore,
                                         std::string_view prefix) {
  const std::size_t size = prefix == kGonePrefix ? kGoneSize : kKeySize;
  std::vector<SealName> out;
  for (const std::string& name : keystore.names()) {
    if (!name.starts_with(prefix)) continue;
    const std::string_view rest = std::string_view(name).substr(prefix.size());
    const auto monday = parse_date(rest.substr(0, kDateSize));
    const auto kid = unhex(rest.size() > kDateSize ? rest.substr(kDateSize + 1) : "");
    const auto id = kid ? fixed<sizeof(Id16)>(*kid) : std::nullopt;
    if (!monday || !id || keystore.find(name)->size() != size)
      return fail(ErrorCode::kKeystore, "a sealing key of the keystore is damaged",
                  "Restore the keystore from its backup.");
    out.push_back({*monday, *id});
  }
  return out;
}

crypto::DhKey seal_key(const crypto::Keystore& keystore, std::string_view prefix,
                       const SealName& name) {
  const crypto::Secret* sk = keystore.find(seal_name(prefix, name));
  FOCAL_CHECK(sk != nullptr);
  return crypto::dh_key_from_secret(sk->clone());
}

}  // namespace focal::node
