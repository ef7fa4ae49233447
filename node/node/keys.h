// The node's own keys: their names in the keystore, making them, and the schedules that
// publish sealing keys (docs/protocol.md, "Keys", "Sealing schedule"). What happens to
// sealing keys from week to week: key_life.h.
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
#include "node/node/seal_names.h"

namespace focal::node {

inline constexpr std::string_view kSignName = "sign";
inline constexpr std::string_view kLogName = "log";
inline constexpr std::string_view kWitnessName = "witness";
inline constexpr std::string_view kTransportName = "transport";

inline constexpr char kKeystoreFile[] = "keystore.focalkey";
inline constexpr char kCardFile[] = "card.note";
inline constexpr char kConfigFile[] = "focal.toml";
inline constexpr char kOfficersFolder[] = "officers";  // key files of second officers

struct OnlineKeys {
  crypto::SigningKey sign, log, witness;
  crypto::DhKey transport;
};
OnlineKeys make_online_keys(crypto::Rng& rng);
void store_online_keys(const OnlineKeys& keys, crypto::Keystore& keystore);
Result<OnlineKeys> load_online_keys(const crypto::Keystore& keystore);  // kKeystore: one is missing

// Card and keys must belong together: kCardKey otherwise. kKeystore: a sealing key is
// damaged. The schedule may be empty: a node that has published none.
Result<exchange::Identity> load_identity(const std::string& card_note, const OnlineKeys& keys,
                                         const crypto::Keystore& keystore,
                                         const std::string& schedule_note);

struct NewSchedule {
  std::string note;
  std::uint64_t serial = 0;
  std::vector<exchange::SealingKey> keys;   // those self does not hold yet
};
// A schedule of nine weeks, if weeks are missing in the one held, or their secret
// is (a keystore from a backup), or where the node is reached has changed; else
// nothing. New keys are in the keystore, saved, before this returns; a secret that
// is there already is used, never replaced: somebody may have sealed to it. Only where
// the schedule held names another key for the week was that secret replaced since, and
// it stands under kLastPrefix then, to be destroyed. The caller commits the note, then
// adopts and publishes it. now: weeks and serial go by its wall clock. kInvalid: a week
// past the year 9999. After an error the keystore's memory is as it was.
Result<std::optional<NewSchedule>> next_schedule(const exchange::Identity& self,
                                                 crypto::Keystore& keystore,
                                                 const config::NodeConfig& config, const Now& now,
                                                 crypto::Rng& rng);
// A schedule of nine weeks, every key of it new. What the keystore held stands under
// kLastPrefix; all of it is saved before this returns. Errors as Keystore::save, and then
// the keystore is as it was.
Result<NewSchedule> replacing_schedule(const exchange::Identity& self, crypto::Keystore& keystore,
                                       const config::NodeConfig& config, const Now& now,
                                       crypto::Rng& rng);
// The schedule was not committed: the keys under kLastPrefix are the node's again, and what
// was to replace them goes, in memory and in the file.
Status undo_replacing(crypto::Keystore& keystore, const std::string& schedule_note,
                      crypto::Rng& rng);
void adopt(exchange::Identity& self, NewSchedule schedule);

}  // namespace focal::node
