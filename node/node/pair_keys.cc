#include "node/node/pair_keys.h"

namespace focal::node {
namespace {

bool is_pair(std::string_view name) {
  return name.starts_with(exchange::kPairPrefix) || name.starts_with(exchange::kNewPairPrefix);
}

std::map<std::string, crypto::Secret> take(crypto::Keystore& keystore) {
  std::map<std::string, crypto::Secret> out;
  for (const std::string& name : keystore.names()) {
    if (!is_pair(name)) continue;
    out.emplace(name, keystore.find(name)->clone());
    keystore.erase(name);
  }
  return out;
}

}  // namespace

Status load_pairs(const crypto::Keystore& keystore, exchange::PairBook& pairs) {
  for (const std::string& name : keystore.names())
    if (is_pair(name)) FOCAL_TRY(pairs.load(name, keystore.find(name)->view()));
  return {};
}

Status keep_pairs(const exchange::PairBook& pairs, crypto::Keystore& keystore, crypto::Rng& rng) {
  auto before = take(keystore);
  for (auto& [name, value] : pairs.entries()) keystore.put(name, value.clone());
  Status saved = keystore.save(rng);
  if (saved) return saved;
  take(keystore);
  for (auto& [name, value] : before) keystore.put(name, std::move(value));
  return saved;
}

}  // namespace focal::node
