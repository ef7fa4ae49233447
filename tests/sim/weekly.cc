#include "tests/sim/weekly.h"

#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

crypto::Secret passphrase() { return crypto::Secret::copy_of(as_bytes("a simulated passphrase")); }

template <typename T>
T held(Result<T> result) {
  if (!result) throw Violation("keystore", result.error().message);
  return std::move(*result);
}

}  // namespace

Weekly::Weekly(const std::string& party) {
  config_.party = party;
  config_.folder = folder_.path();
  config_.endpoints = {"tcp://198.51.100.7:7117"};
  crypto::SeededRng rng(1);
  keystore_ = held(crypto::Keystore::create(folder_.path() / node::kKeystoreFile, passphrase(),
                                            crypto::kKdfTest, rng));
}

exchange::Identity Weekly::load(const exchange::Card& card, const KeySet& keys,
                                const std::string& schedule_note) {
  life_.reset();
  keystore_ = held(crypto::Keystore::open(folder_.path() / node::kKeystoreFile, passphrase()));
  node::OnlineKeys online{{keys.sign.pk, keys.sign.seed.clone()},
                          {keys.log.pk, keys.log.seed.clone()},
                          {keys.witness.pk, keys.witness.seed.clone()},
                          {keys.transport.pk, keys.transport.sk.clone()}};
  return held(node::load_identity(card.note, online, *keystore_, schedule_note));
}

void Weekly::start(exchange::Identity& self, crypto::Rng& rng) {
  life_ = std::make_unique<node::KeyLife>(self, *keystore_, config_, rng);
  if (!life_->recover()) throw Violation("keystore", "a keystore does not recover");
}

}  // namespace focal::sim
