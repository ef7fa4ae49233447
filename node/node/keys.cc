#include "node/node/keys.h"

#include <algorithm>

#include "base/log.h"

namespace focal::node {
namespace {

Result<crypto::SigningKey> signing_key(const crypto::Keystore& keystore, std::string_view name) {
  const crypto::Secret* seed = keystore.find(name);
  if (seed == nullptr || seed->size() != 32)
    return fail(ErrorCode::kKeystore, "the keystore has no key '" + std::string(name) + "'",
                "Restore the keystore from its backup.");
  return crypto::signing_key_from_seed(seed->clone());
}

Error damaged_seal_key() {
  return fail(ErrorCode::kKeystore, "a sealing key of the keystore is damaged",
              "Restore the keystore from its backup.");
}

// Every week whose secret is still here opens envelopes, also weeks that no schedule lists
// any more.
Status load_sealing(exchange::Identity& self, const crypto::Keystore& keystore) {
  for (const std::string_view prefix : {kSealPrefix, kLastPrefix, kUsedPrefix}) {
    FOCAL_ASSIGN(const auto names, seal_names(keystore, prefix));
    for (const SealName& name : names) {
      auto key = seal_key(keystore, prefix, name);
      const auto entry = exchange::make_seal_key(key.pk, name.monday_ms);
      if (entry.kid != name.kid) return damaged_seal_key();
      self.sealing.push_back({entry.kid, entry.not_after_ms, std::move(key)});
    }
  }
  FOCAL_ASSIGN(const auto gone, seal_names(keystore, kGonePrefix));
  self.gone.reserve(gone.size());
  for (const SealName& name : gone) self.gone.push_back(name.kid);
  return {};
}

}  // namespace

OnlineKeys make_online_keys(crypto::Rng& rng) {
  return {crypto::make_signing_key(rng), crypto::make_signing_key(rng),
          crypto::make_signing_key(rng), crypto::make_dh_key(rng)};
}

void store_online_keys(const OnlineKeys& keys, crypto::Keystore& keystore) {
  keystore.put(std::string(kSignName), keys.sign.seed.clone());
  keystore.put(std::string(kLogName), keys.log.seed.clone());
  keystore.put(std::string(kWitnessName), keys.witness.seed.clone());
  keystore.put(std::string(kTransportName), keys.transport.sk.clone());
}

Result<OnlineKeys> load_online_keys(const crypto::Keystore& keystore) {
  OnlineKeys keys;
  FOCAL_ASSIGN(keys.sign, signing_key(keystore, kSignName));
  FOCAL_ASSIGN(keys.log, signing_key(keystore, kLogName));
  FOCAL_ASSIGN(keys.witness, signing_key(keystore, kWitnessName));
  const crypto::Secret* transport = keystore.find(kTransportName);
  if (transport == nullptr || transport->size() != 32)
    return fail(ErrorCode::kKeystore, "the keystore has no transport key",
                "Restore the keystore from its backup.");
  keys.transport = crypto::dh_key_from_secret(transport->clone());
  return keys;
}

Result<exchange::Identity> load_identity(const std::string& card_note, const OnlineKeys& keys,
                                         const crypto::Keystore& keystore,
                                         const std::string& schedule_note) {
  exchange::Identity self;
  FOCAL_ASSIGN(self.card, exchange::parse_card(card_note));
  if (self.card.sign != keys.sign.pk || self.card.log != keys.log.pk ||
      self.card.witness != keys.witness.pk || self.card.transport != keys.transport.pk)
    return fail(ErrorCode::kCardKey, "the card and the keystore do not belong together",
                "Put back the card.note and the keystore of the same ceremony.");
  self.sign = crypto::signing_key_from_seed(keys.sign.seed.clone());
  self.log = crypto::signing_key_from_seed(keys.log.seed.clone());
  self.witness = crypto::signing_key_from_seed(keys.witness.seed.clone());
  FOCAL_TRY(load_sealing(self, keystore));
  if (schedule_note.empty()) return self;
  const auto schedule = exchange::parse_schedule(schedule_note);
  if (schedule && schedule->party != self.card.party)
    return exchange::check_schedule_of(*schedule, self.card).error();
  // Published under an earlier sign key: this card has none yet.
  if (schedule && schedule->sign != self.card.sign) return self;
  if (schedule) self.schedule_serial = schedule->serial;
  const Status fits = schedule ? exchange::check_schedule_of(*schedule, self.card)
                               : schedule.error();
  if (fits) self.schedule_note = schedule_note;
  else
    log::error("keys", "the stored sealing schedule cannot be used; a new one is published",
               {{"reason", fits.error().message}});
  return self;
}

namespace {

constexpr std::uint64_t kYear10000Ms = 253'402'300'800'000;  // its names would not be read again

void move_entries(crypto::Keystore& keystore, std::string_view from, std::string_view to,
                  const std::vector<SealName>& names) {
  for (const SealName& name : names) {
    keystore.put(seal_name(to, name), keystore.find(seal_name(from, name))->clone());
    keystore.erase(seal_name(from, name));
  }
}

// What a schedule under way has changed in the keystore's memory.
struct Changes {
  std::vector<SealName> made, replaced;
  void take_back(crypto::Keystore& keystore) const {
    for (const SealName& name : made) keystore.erase(seal_name(kSealPrefix, name));
    move_entries(keystore, kLastPrefix, kSealPrefix, replaced);
  }
};

// The secret of that week, made and put into the keystore if it is not there. published: the
// week's key in the schedule held, or nullptr. A secret of another one that the node began
// with was replaced since: it came back with an older keystore, and whoever it was replaced
// for may have it. One that it did not begin with is of a schedule that was not committed.
Result<crypto::DhKey> week_key(const exchange::Identity& self, crypto::Keystore& keystore,
                               std::uint64_t monday, const exchange::SealKey* published,
                               crypto::Rng& rng, Changes& changes) {
  FOCAL_ASSIGN(const auto names, seal_names(keystore, kSealPrefix));
  for (const SealName& name : names) {
    if (name.monday_ms != monday) continue;
    if (published == nullptr || published->kid == name.kid ||
        self.find_sealing(name.kid) == nullptr)
      return seal_key(keystore, kSealPrefix, name);
    move_entries(keystore, kSealPrefix, kLastPrefix, {name});
    changes.replaced.push_back(name);
  }
  crypto::DhKey key = crypto::make_dh_key(rng);
  const SealName name{monday, exchange::make_seal_key(key.pk, monday).kid};
  keystore.put(seal_name(kSealPrefix, name), key.sk.clone());
  changes.made.push_back(name);
  return key;
}

exchange::Reach reach_of(const config::NodeConfig& config) {
  return config.reach == "dialout" ? exchange::Reach::kDialout : exchange::Reach::kDirect;
}

struct Weeks {
  std::vector<exchange::SealKey> held;   // of the schedule held
  std::vector<exchange::SealKey> keep;   // those of them that stay
  std::vector<std::uint64_t> missing_mondays_ms;
};

Result<NewSchedule> sign_note(const exchange::Identity& self, crypto::Keystore& keystore,
                              const config::NodeConfig& config, const Now& now, crypto::Rng& rng,
                              const Weeks& weeks, Changes& changes) {
  NewSchedule out;
  exchange::ScheduleFields fields;
  fields.keys = weeks.keep;
  for (const std::uint64_t monday : weeks.missing_mondays_ms) {
    const auto published =
        std::find_if(weeks.held.begin(), weeks.held.end(),
                     [&](const exchange::SealKey& key) { return key.not_before_ms == monday; });
    FOCAL_ASSIGN(auto key, week_key(self, keystore, monday,
                                    published == weeks.held.end() ? nullptr : &*published, rng,
                                    changes));
    const auto entry = exchange::make_seal_key(key.pk, monday);
    fields.keys.push_back(entry);
    if (self.find_sealing(entry.kid) == nullptr)
      out.keys.push_back({entry.kid, entry.not_after_ms, std::move(key)});
  }
  std::sort(fields.keys.begin(), fields.keys.end(),
            [](const auto& a, const auto& b) { return a.not_before_ms < b.not_before_ms; });
  fields.party = self.party();
  fields.serial = exchange::next_schedule_serial(self.schedule_serial, now.wall_ms);
  fields.reach = reach_of(config);
  fields.endpoints = config.endpoints;
  FOCAL_ASSIGN(out.note, exchange::make_schedule(fields, self.sign));
  out.serial = fields.serial;
  FOCAL_TRY(keystore.save(rng));  // durable before anybody can seal to them
  return out;
}

// The keys of the missing weeks come to those that stay, and the note is signed. After an
// error the keystore is as it was.
Result<NewSchedule> make_note(const exchange::Identity& self, crypto::Keystore& keystore,
                              const config::NodeConfig& config, const Now& now, crypto::Rng& rng,
                              const Weeks& weeks) {
  for (const std::uint64_t monday : weeks.missing_mondays_ms)
    if (monday + exchange::kWeekMs >= kYear10000Ms)
      return fail(ErrorCode::kInvalid, "the week of " + format_date(monday) +
                  " is past the year 9999", "Set the clock of this machine right.");
  Changes changes;
  auto made = sign_note(self, keystore, config, now, rng, weeks, changes);
  if (!made) changes.take_back(keystore);
  return made;
}

}  // namespace

Result<std::optional<NewSchedule>> next_schedule(const exchange::Identity& self,
                                                 crypto::Keystore& keystore,
                                                 const config::NodeConfig& config, const Now& now,
                                                 crypto::Rng& rng) {
  std::vector<exchange::SealKey> existing;  // published, and we can open what is sealed to them
  Weeks weeks;
  bool reach_changed = false;
  if (!self.schedule_note.empty()) {
    FOCAL_ASSIGN(auto held, exchange::parse_schedule(self.schedule_note));
    for (const exchange::SealKey& key : held.keys)
      if (self.find_sealing(key.kid) != nullptr) existing.push_back(key);
    reach_changed = held.reach != reach_of(config) || held.endpoints != config.endpoints;
    weeks.held = std::move(held.keys);
  }
  auto plan = exchange::plan_schedule(existing, now.wall_ms);
  if (plan.missing_mondays_ms.empty() && !reach_changed) return std::nullopt;
  weeks.keep = std::move(plan.keep);
  weeks.missing_mondays_ms = std::move(plan.missing_mondays_ms);
  FOCAL_ASSIGN(auto made, make_note(self, keystore, config, now, rng, weeks));
  return std::optional<NewSchedule>(std::move(made));
}

Result<NewSchedule> replacing_schedule(const exchange::Identity& self, crypto::Keystore& keystore,
                                       const config::NodeConfig& config, const Now& now,
                                       crypto::Rng& rng) {
  FOCAL_ASSIGN(const auto held, seal_names(keystore, kSealPrefix));
  move_entries(keystore, kSealPrefix, kLastPrefix, held);
  Weeks weeks;
  weeks.missing_mondays_ms = exchange::plan_schedule({}, now.wall_ms).missing_mondays_ms;
  auto made = make_note(self, keystore, config, now, rng, weeks);
  if (!made) move_entries(keystore, kLastPrefix, kSealPrefix, held);
  return made;
}

Status undo_replacing(crypto::Keystore& keystore, const std::string& schedule_note,
                      crypto::Rng& rng) {
  FOCAL_ASSIGN(const auto schedule, exchange::parse_schedule(schedule_note));
  FOCAL_ASSIGN(const auto replaced, seal_names(keystore, kLastPrefix));
  FOCAL_ASSIGN(const auto fresh, seal_names(keystore, kSealPrefix));
  const auto is_published = [&](const SealName& name) {
    return std::any_of(schedule.keys.begin(), schedule.keys.end(),
                       [&](const auto& key) { return key.kid == name.kid; });
  };
  for (const SealName& name : fresh)
    if (!is_published(name)) keystore.erase(seal_name(kSealPrefix, name));
  move_entries(keystore, kLastPrefix, kSealPrefix, replaced);
  return keystore.save(rng);
}

void adopt(exchange::Identity& self, NewSchedule schedule) {
  self.schedule_note = std::move(schedule.note);
  self.schedule_serial = schedule.serial;
  for (auto& key : schedule.keys) self.sealing.push_back(std::move(key));
}

}  // namespace focal::node
