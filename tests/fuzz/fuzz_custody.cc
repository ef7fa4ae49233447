// What a custodian carries between the machines, and officers' certificates: the request for a
// card is the one thing that the root machine reads of a node that may be in other hands. What is
// accepted has one encoding, follows the card in force, and is signed by the key it names.
#include "base/check.h"
#include "crypto/secret.h"
#include "node/exchange/approval.h"
#include "node/exchange/card_request.h"
#include "node/exchange/root_plan.h"
#include "tests/support/party_fixture.h"

namespace {

namespace ex = focal::exchange;
using focal::test::TestParty;

std::string_view text_of(std::string_view note) { return note.substr(0, note.find("\n\n") + 1); }

// Signatures are made without randomness: the right one has one form.
bool is_signed_like(std::string_view bytes, std::string_view again) {
  return bytes.find(again.substr(text_of(again).size() + 1)) != std::string_view::npos;
}

void request(std::string_view bytes) {
  const auto request = ex::parse_card_request(bytes);
  if (!request.has_value()) return;
  const auto& next = request->next;
  const auto& current = request->current;
  FOCAL_CHECK(next.note + (current ? current->note : "") == bytes);
  FOCAL_CHECK(next.note.starts_with(ex::card_text(next)));
  FOCAL_CHECK(ex::card_number(next.card_id).size() == 35);
  if (!current) {
    FOCAL_CHECK(!request->has_new_root() && !request->has_new_keys());
    return;
  }
  FOCAL_CHECK(next.party == current->party && next.serial == current->serial + 1);
  FOCAL_CHECK(next.prev == current->card_id && next.issued_ms > current->issued_ms);
  if (request->has_new_root()) FOCAL_CHECK(ex::next_root_hash(next.root) == current->next);
  // Nobody signs for the root by the request alone.
  FOCAL_CHECK(!ex::parse_card(next.note).has_value());
}

void plan(std::string_view bytes) {
  const auto plan = ex::parse_root_plan(bytes);
  if (!plan.has_value()) return;
  FOCAL_CHECK(ex::next_root_hash(plan->root) != plan->next);
  const TestParty party;  // the only root whose key this program has
  FOCAL_CHECK(plan->root == party.root.pk || plan->root == party.next_root.pk);
  const auto& by = plan->root == party.root.pk ? party.root : party.next_root;
  const std::string again = TestParty::must(ex::make_root_plan(*plan, by));
  FOCAL_CHECK(bytes.starts_with(text_of(again)) && is_signed_like(bytes, again));
}

void certificate(std::string_view bytes) {
  static const TestParty party;
  static const ex::Card card = party.card();
  const auto read = ex::read_certificate(bytes);
  const auto checked = ex::parse_certificate(bytes, card);
  FOCAL_CHECK(!checked.has_value() || read.has_value());
  if (!read.has_value()) return;
  const std::string again = ex::make_certificate(*read, party.sign);
  FOCAL_CHECK(bytes.starts_with(text_of(again)));
  FOCAL_CHECK(read->from_ms < read->until_ms);
  if (!checked.has_value()) return;
  FOCAL_CHECK(checked->party == card.party && checked->hash == read->hash);
  FOCAL_CHECK(is_signed_like(bytes, again));
  for (const auto& key : {card.root, card.sign, card.log, card.witness})
    FOCAL_CHECK(checked->key != key);
  // What one party certified says nothing at another.
  static const ex::Card stranger = TestParty("XB", 51).card();
  FOCAL_CHECK(!ex::parse_certificate(bytes, stranger).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  focal::crypto::init();
  const std::string_view bytes = focal::as_text({data, size});
  request(bytes);
  plan(bytes);
  certificate(bytes);
  return 0;
}
