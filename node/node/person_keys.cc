#include "node/node/person_keys.h"

#include <map>
#include <string>

namespace focal::node {
namespace {

constexpr std::string_view kPrefix = "person/";
constexpr std::size_t kKeySize = 32;

std::string name_of(std::int64_t person) { return std::string(kPrefix) + std::to_string(person); }

}  // namespace

Result<std::optional<crypto::Secret>> find_person_key(const crypto::Keystore& keystore,
                                                      std::int64_t person) {
  const crypto::Secret* key = keystore.find(name_of(person));
  if (key == nullptr) return std::optional<crypto::Secret>();
  if (key->size() != kKeySize)
    return fail(ErrorCode::kKeystore, "the key of a person's drafts is damaged",
                "Restore the keystore that belongs to this node.");
  return std::optional(key->clone());
}

Result<crypto::Secret> make_person_key(crypto::Keystore& keystore, std::int64_t person,
                                       crypto::Rng& rng) {
  FOCAL_ASSIGN(auto there, find_person_key(keystore, person));
  if (there) return std::move(*there);
  crypto::Secret fresh(kKeySize);
  rng.fill(fresh.bytes());
  keystore.put(name_of(person), fresh.clone());
  if (auto saved = keystore.save(rng); !saved) {
    keystore.erase(name_of(person));
    return saved.error();
  }
  return fresh;
}

Status keep_person_keys(crypto::Keystore& keystore, std::span<const std::int64_t> persons,
                        crypto::Rng& rng) {
  std::map<std::string, crypto::Secret> doomed;
  for (const std::string& name : keystore.names())
    if (name.starts_with(kPrefix)) doomed.emplace(name, keystore.find(name)->clone());
  for (const std::int64_t person : persons) doomed.erase(name_of(person));
  if (doomed.empty()) return {};
  for (const auto& [name, key] : doomed) keystore.erase(name);
  Status saved = keystore.save(rng);
  if (saved) return saved;
  for (auto& [name, key] : doomed) keystore.put(name, std::move(key));  // still in the file
  return saved;
}

}  // namespace focal::node
