#include "tests/sim/root.h"

#include "base/check.h"
#include "base/clock.h"

namespace focal::sim {
namespace {

crypto::SigningKey root_key(const std::string& party, std::size_t number) {
  return signing_key_of(party, "root " + std::to_string(number));
}

template <typename T>
T must(Result<T> result) {
  FOCAL_CHECK(result.has_value());
  return std::move(*result);
}

std::string card_of(const std::string& party, const exchange::Card* after, const KeySet& keys,
                    std::uint64_t issued_ms, std::size_t root, bool both,
                    bool other_next = false) {
  exchange::CardFields fields;
  fields.party = party;
  if (after != nullptr) {
    fields.serial = after->serial + 1;
    fields.prev = after->card_id;
  }
  fields.next = exchange::next_root_hash(
      root_key(other_next ? "a thief of " + party : party, root + 1).pk);
  fields.issued_ms = issued_ms - issued_ms % kSecondMs;
  fields.expires_ms = fields.issued_ms + 1000 * kDayMs;  // no world lasts longer
  fields.log_generation = keys.generation;
  fields.transport = keys.transport.pk;
  fields.authority = {"Simulated authority of " + party};
  const crypto::SigningKey signs = root_key(party, root);
  const crypto::SigningKey before = root_key(party, root == 0 ? 0 : root - 1);
  exchange::CardKeys with{signs, keys.sign, keys.log, keys.witness};
  if (both) with.old_root = &before;
  return must(exchange::make_card(fields, with));
}

}  // namespace

std::string Root::first_card(const std::string& party, const KeySet& keys) {
  return card_of(party, nullptr, keys, kStartMs - kDayMs, 0, false);
}

std::string Root::update(const exchange::Card& after, const KeySet& keys,
                         std::uint64_t issued_ms, bool other_next) const {
  return card_of(party_, &after, keys, issued_ms, held_, false, other_next);
}

std::string Root::rotate(const exchange::Card& after, const KeySet& keys,
                         std::uint64_t issued_ms) {
  return card_of(party_, &after, keys, issued_ms, ++held_, true);
}

std::string Root::recover(const exchange::Card& after, const KeySet& keys,
                          std::uint64_t issued_ms) {
  return card_of(party_, &after, keys, issued_ms, ++held_, false);
}

std::string Root::revoke(const exchange::Card& card, exchange::RevocationScope scope,
                         std::uint64_t since_ms, bool by_next) const {
  exchange::RevocationFields fields;
  fields.party = party_;
  fields.card_id = card.card_id;
  fields.scope = scope;
  fields.since_ms = since_ms - since_ms % kSecondMs;
  fields.reason = "a simulated theft";
  return must(exchange::make_revocation(fields, root_key(party_, held_ + (by_next ? 1 : 0))));
}

}  // namespace focal::sim
