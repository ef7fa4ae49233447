#include "tests/sim/parties.h"

#include <map>
#include <memory>

#include "base/check.h"
#include "base/clock.h"
#include "crypto/hash.h"
#include "tests/sim/root.h"

namespace focal::sim {
namespace {

crypto::Secret secret_of(const std::string& name, const std::string& what) {
  const Hash32 bytes = crypto::sha256("focal-sim/" + name + "/" + what);
  return crypto::Secret::copy_of(bytes);
}

template <typename T>
T must(Result<T> result) {
  FOCAL_CHECK(result.has_value());
  return std::move(*result);
}

std::unique_ptr<Party> make_party(std::size_t number) {
  auto out = std::make_unique<Party>();
  out->name = std::string("X") + static_cast<char>('A' + number);
  out->keys = &key_set(out->name, "the State", 1);
  out->card = must(exchange::parse_card(Root::first_card(out->name, *out->keys)));
  return out;
}

}  // namespace

crypto::SigningKey signing_key_of(const std::string& name, const std::string& what) {
  return crypto::signing_key_from_seed(secret_of(name, what));
}

std::uint64_t week_ms(std::size_t number) {
  return monday_of(kStartMs) + number * exchange::kWeekMs;
}

std::size_t week_of(std::uint64_t wall_ms) {
  const std::uint64_t first = monday_of(kStartMs);
  return wall_ms <= first ? 0 : static_cast<std::size_t>((wall_ms - first) / exchange::kWeekMs);
}

const crypto::DhKey& KeySet::sealing(std::size_t week) const {
  auto it = sealing_.find(week);
  if (it == sealing_.end())
    it = sealing_
             .emplace(week, crypto::dh_key_from_secret(
                                secret_of(seed, "seal " + std::to_string(week))))
             .first;
  return it->second;
}

exchange::SealingKey KeySet::sealing_key(std::size_t week) const {
  const crypto::DhKey& key = sealing(week);
  const auto published = exchange::make_seal_key(key.pk, week_ms(week));
  return {published.kid, published.not_after_ms, {key.pk, key.sk.clone()}};
}

std::string KeySet::schedule(std::uint64_t serial, std::size_t first_week) const {
  exchange::ScheduleFields fields;
  fields.party = party;
  fields.serial = serial;
  fields.endpoints = {"tcp://198.51.100.7:7117"};
  for (std::size_t i = 0; i < exchange::kPublishedWeeks; ++i)
    fields.keys.push_back(
        exchange::make_seal_key(sealing(first_week + i).pk, week_ms(first_week + i)));
  return must(exchange::make_schedule(fields, sign));
}

const KeySet& key_set(const std::string& party, const std::string& whose, std::size_t generation) {
  static std::map<std::string, std::unique_ptr<KeySet>> made;
  const std::string seed = party + " of " + whose + " " + std::to_string(generation);
  auto& slot = made[seed];
  if (slot) return *slot;
  slot = std::make_unique<KeySet>();
  slot->party = party;
  slot->generation = generation;
  slot->sign = signing_key_of(seed, "sign");
  slot->log = signing_key_of(seed, "log");
  slot->witness = signing_key_of(seed, "witness");
  slot->transport = crypto::dh_key_from_secret(secret_of(seed, "transport"));
  slot->seed = seed;
  return *slot;
}

exchange::Identity identity_of(const exchange::Card& card, const KeySet& keys,
                               const std::string& schedule_note, std::size_t first_week) {
  exchange::Identity self;
  self.card = card;
  self.sign = {keys.sign.pk, keys.sign.seed.clone()};
  self.log = {keys.log.pk, keys.log.seed.clone()};
  self.witness = {keys.witness.pk, keys.witness.seed.clone()};
  self.schedule_note = schedule_note;
  self.schedule_serial = must(exchange::parse_schedule(schedule_note)).serial;
  for (std::size_t i = 0; i < kWeeks; ++i) self.sealing.push_back(keys.sealing_key(first_week + i));
  return self;
}

const Party& party(std::size_t number) {
  FOCAL_CHECK(number < kMaxNodes);
  static std::map<std::size_t, std::unique_ptr<Party>> made;
  auto& slot = made[number];
  if (!slot) slot = make_party(number);
  return *slot;
}

const Party* find_party(const std::string& name) {
  if (name.size() != 2 || name[0] != 'X' || name[1] < 'A') return nullptr;
  const auto number = static_cast<std::size_t>(name[1] - 'A');
  return number < kMaxNodes ? &party(number) : nullptr;
}

}  // namespace focal::sim
