// The node's own keys: their names in the keystore, making them, and the weekly
// extension of the sealing schedule (docs/protocol.md, "Keys", "Sealing schedule").
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/config.h"
#include "crypto/keystore.h"
#include "crypto/random.h"
#include "node/exchange/identity.h"

namespace focal::node {

inline constexpr std::string_view kSignName = "sign";
inline constexpr std::string_view kLogName = "log";
inline constexpr std::string_view kWitnessName = "witness";
inline constexpr std::string_view kTransportName = "transport";
inline constexpr std::string_view kSealPrefix = "seal/";   // seal/2026-11-23: secret of that week

inline constexpr char kKeystoreFile[] = "keystore.focalkey";
inline constexpr char kCardFile[] = "card.note";
inline constexpr char kConfigFile[] = "focal.toml";

struct OnlineKeys {
  crypto::SigningKey sign, log, witness;
  crypto::DhKey transport;
};
OnlineKeys make_online_keys(crypto::Rng& rng);
void store_online_keys(const OnlineKeys& keys, crypto::Keystore& keystore);
Result<OnlineKeys> load_online_keys(const crypto::Keystore& keystore);  // kKeystore: one is missing

// Card and keys must belong together. kCardKey otherwise.
Result<exchange::Identity> load_identity(const std::string& card_note, const OnlineKeys& keys,
                                         const crypto::Keystore& keystore,
                                         const std::string& schedule_note);

// Brings the schedule up to nine weeks if weeks are missing: new keys into the
// keystore (saved before this returns), a new signed note into self. True if
// self.schedule_note changed; the caller commits and publishes it.
Result<bool> extend_schedule(exchange::Identity& self, crypto::Keystore& keystore,
                             const config::NodeConfig& config, const Now& now, crypto::Rng& rng);

}  // namespace focal::node
