#include "tests/sim/root.h"

#include "base/check.h"
#include "base/clock.h"

namespace focal::sim {
namespace {

template <typename T>
T must(Result<T> result) {
  FOCAL_CHECK(result.has_value());
  return std::move(*result);
}

struct Signers {
  std::size_t root = 0;
  bool both = false;         // the root before it signs too
  std::string whose{};       // both keys …
  std::string whose_next{};  // … and the one that is announced
};

std::string card_of(const std::string& party, const exchange::Card* after, const KeySet& keys,
                    std::uint64_t issued_ms, const Signers& by) {
  exchange::CardFields fields;
  fields.party = party;
  if (after != nullptr) {
    fields.serial = after->serial + 1;
    fields.prev = after->card_id;
  }
  fields.next = exchange::next_root_hash(Root::key_of(party, by.root + 1, by.whose_next).pk);
  fields.issued_ms = issued_ms - issued_ms % kSecondMs;
  fields.expires_ms = fields.issued_ms + 1000 * kDayMs;  // no world lasts longer
  fields.log_generation = keys.generation;
  fields.transport = keys.transport.pk;
  fields.authority = {"Simulated authority of " + party};
  const crypto::SigningKey signs = Root::key_of(party, by.root, by.whose);
  const crypto::SigningKey before = Root::key_of(party, by.root == 0 ? 0 : by.root - 1);
  exchange::CardKeys with{signs, keys.sign, keys.log, keys.witness};
  if (by.both) with.old_root = &before;
  return must(exchange::make_card(fields, with));
}

}  // namespace

crypto::SigningKey Root::key_of(const std::string& party, std::size_t number,
                                const std::string& whose) {
  return signing_key_of(party + whose, "root " + std::to_string(number));
}

std::string Root::first_card(const std::string& party, const KeySet& keys,
                             const std::string& whose) {
  return card_of(party, nullptr, keys, kStartMs - kDayMs, {0, false, whose, whose});
}

std::string Root::update(const exchange::Card& after, const KeySet& keys,
                         std::uint64_t issued_ms, bool other_next) const {
  return card_of(party_, &after, keys, issued_ms,
                 {held_, false, {}, other_next ? " of a thief" : ""});
}

std::string Root::rotate(const exchange::Card& after, const KeySet& keys,
                         std::uint64_t issued_ms) {
  return card_of(party_, &after, keys, issued_ms, {++held_, true});
}

std::string Root::recover(const exchange::Card& after, const KeySet& keys,
                          std::uint64_t issued_ms) {
  return card_of(party_, &after, keys, issued_ms, {++held_, false});
}

std::string Root::revoke(const exchange::Card& card, exchange::RevocationScope scope,
                         std::uint64_t since_ms, bool by_next) const {
  exchange::RevocationFields fields;
  fields.party = party_;
  fields.card_id = card.card_id;
  fields.scope = scope;
  fields.since_ms = since_ms - since_ms % kSecondMs;
  fields.reason = "a simulated theft";
  return must(exchange::make_revocation(fields, key_of(party_, held_ + (by_next ? 1 : 0))));
}

}  // namespace focal::sim
