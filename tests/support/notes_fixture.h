// Notes about a TestParty beside its first card: later cards, revocations, directories.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "crypto/note.h"
#include "node/exchange/directory.h"
#include "node/exchange/revocation.h"
#include "tests/support/party_fixture.h"

namespace focal::test {

inline exchange::Card parsed_card(const std::string& note) {
  return TestParty::must(exchange::parse_card(note));
}
inline exchange::Card made_card(const exchange::CardFields& fields, const exchange::CardKeys& keys) {
  return parsed_card(TestParty::must(exchange::make_card(fields, keys)));
}

// The root after the next one, of every TestParty in these tests.
inline const crypto::SigningKey& third_root() {
  static const crypto::SigningKey key = signing_key(250);
  return key;
}

// The party's next card by the same keys; `authority` tells two of them apart.
inline exchange::Card update_of(const TestParty& party, const exchange::Card& before,
                                const std::string& authority = "next office") {
  exchange::CardFields f = party.fields_after(before);
  f.authority = {authority};
  return made_card(f, party.keys());
}

// The next card by the next root, which announces the third one; old_root: a rotation.
inline exchange::Card recovery_of(const TestParty& party, const exchange::Card& before,
                                  const crypto::SigningKey* old_root = nullptr,
                                  const std::string& authority = "next office") {
  exchange::CardFields f = party.fields_after(before);
  f.next = exchange::next_root_hash(third_root().pk);
  f.authority = {authority};
  return made_card(f, {party.next_root, party.sign, party.log, party.witness, old_root});
}

// The note without the line of that key: what anybody on its way can make of it.
inline std::string stripped(const std::string& text, const crypto::PublicKey& key,
                            const std::string& name) {
  crypto::Note note = TestParty::must(crypto::parse_note(text));
  const auto id = crypto::note_key_id(name, crypto::NoteKeyType::kEd25519, key);
  std::erase_if(note.signatures, [&](const crypto::NoteSignature& each) {
    return each.name == name && each.key_id == id;
  });
  return crypto::format_note(note);
}

inline std::string revocation_of(const exchange::Card& card, const crypto::SigningKey& key,
                                 exchange::RevocationScope scope = exchange::RevocationScope::kAll,
                                 std::uint64_t since_ms = kIssuedMs) {
  exchange::RevocationFields f;
  f.party = card.party;
  f.card_id = card.card_id;
  f.scope = scope;
  f.since_ms = since_ms;
  f.reason = "The server was stolen";
  return TestParty::must(exchange::make_revocation(f, key));
}

struct Listed {
  const TestParty& party;
  crypto::PublicKey root;
  std::uint64_t serial = 1;
};
inline std::string directory_of(const TestParty& introducer, std::uint64_t serial,
                                const std::vector<Listed>& entries,
                                std::optional<Hash32> prev = {}) {
  exchange::DirectoryFields f;
  f.introducer = introducer.party;
  f.serial = serial;
  if (serial > 1) f.prev = prev.value_or(Hash32{7});
  for (const Listed& entry : entries)
    f.entries.push_back({entry.party.party, entry.root, entry.serial});
  return TestParty::must(exchange::make_directory(f, introducer.root));
}

}  // namespace focal::test
