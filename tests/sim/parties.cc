#include "tests/sim/parties.h"

#include <map>
#include <memory>

#include "base/check.h"
#include "base/clock.h"
#include "crypto/hash.h"

namespace focal::sim {
namespace {

crypto::Secret secret_of(const std::string& name, const std::string& what) {
  const Hash32 bytes = crypto::sha256("focal-sim/" + name + "/" + what);
  return crypto::Secret::copy_of(bytes);
}
crypto::SigningKey signing_key(const std::string& name, const std::string& what) {
  return crypto::signing_key_from_seed(secret_of(name, what));
}

template <typename T>
T must(Result<T> result) {
  FOCAL_CHECK(result.has_value());
  return std::move(*result);
}

std::uint64_t week(std::size_t number) {
  return monday_of(kStartMs) + number * exchange::kWeekMs;
}

std::unique_ptr<Party> make_party(std::size_t number) {
  auto out = std::make_unique<Party>();
  out->name = std::string("X") + static_cast<char>('A' + number);
  const std::string& name = out->name;
  out->sign = signing_key(name, "sign");
  out->log = signing_key(name, "log");
  const auto root = signing_key(name, "root");
  const auto witness = signing_key(name, "witness");
  exchange::CardFields fields;
  fields.party = name;
  fields.next = exchange::next_root_hash(signing_key(name, "next root").pk);
  fields.issued_ms = kStartMs - kDayMs;
  fields.expires_ms = monday_of(kStartMs) + 730 * kDayMs;
  fields.transport = crypto::dh_key_from_secret(secret_of(name, "transport")).pk;
  fields.authority = {"Simulated authority of " + name};
  fields.root = root.pk;
  fields.sign = out->sign.pk;
  fields.log = out->log.pk;
  fields.witness = witness.pk;
  out->card = must(exchange::parse_card(
      must(exchange::make_card(fields, {root, out->sign, out->log, witness}))));
  for (std::size_t i = 0; i < kWeeks; ++i)
    out->sealing.push_back(
        crypto::dh_key_from_secret(secret_of(name, "seal " + std::to_string(i))));
  return out;
}

}  // namespace

std::string Party::schedule(std::uint64_t serial, std::uint64_t first_week) const {
  exchange::ScheduleFields fields;
  fields.party = name;
  fields.serial = serial;
  fields.endpoints = {"tcp://198.51.100.7:7117"};
  for (std::size_t i = first_week; i < kWeeks && fields.keys.size() < exchange::kPublishedWeeks; ++i)
    fields.keys.push_back(exchange::make_seal_key(sealing[i].pk, week(i)));
  return must(exchange::make_schedule(fields, sign));
}

exchange::Identity Party::identity(const std::string& schedule_note) const {
  exchange::Identity self;
  self.card = card;
  self.sign = {sign.pk, sign.seed.clone()};
  self.schedule_note = schedule_note;
  self.schedule_serial = must(exchange::parse_schedule(schedule_note)).serial;
  for (std::size_t i = 0; i < sealing.size(); ++i) {
    const auto key = exchange::make_seal_key(sealing[i].pk, week(i));
    self.sealing.push_back(
        {key.kid, key.not_after_ms, {sealing[i].pk, sealing[i].sk.clone()}});
  }
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
