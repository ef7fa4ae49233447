// The revocation of a card: its keys, or some of them, speak for the party no more
// (docs/protocol.md, "Revocation"). A signed note by the root key of the card, or by the next
// root key whose hash the card announces; the note carries that key, because of the second
// only the hash is known.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sign.h"
#include "node/exchange/card.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxRevocationSize = 2 * 1024;  // the whole note, bytes
inline constexpr std::size_t kMaxReasonSize = 255;           // bytes

enum class RevocationScope { kAll, kSign, kTransport, kSeal };
std::string_view scope_name(RevocationScope scope);  // as it stands in the note

struct RevocationFields {
  std::string party;
  Hash32 card_id{};              // of the card whose keys are revoked
  crypto::PublicKey key{};       // that signs the note
  RevocationScope scope = RevocationScope::kAll;
  std::uint64_t since_ms = 0;    // whole seconds: from then on the keys may be in other hands
  std::string reason;            // one line of free text: shown, never parsed
};

// A revocation whose form and signature under its own key line were checked.
struct Revocation : RevocationFields {
  Hash32 revocation_id{};        // H(text without signatures)
  std::string note;              // the bytes as they came
  bool covers(RevocationScope part) const {
    return scope == RevocationScope::kAll || scope == part;
  }
};

// kLimit (over 2 KiB), kNote, kCard (a line; named in message and path), kCardKey (the key),
// kSignature. Says nothing about trust: anybody can make one.
Result<Revocation> parse_revocation(std::string_view note);
// The note. fields.key is taken from the key. Errors as parse_revocation.
Result<std::string> make_revocation(RevocationFields fields, const crypto::SigningKey& key);

// May this note speak for the party now: signed by the root key of its pinned card, or by the
// next root key that card announces. kCardKey: another party, or neither of the two.
Status check_revocation_of(const Revocation& revocation, const Card& pinned);

// The text alone, for parse_revocation, fuzzing and round-trip tests.
Result<RevocationFields> parse_revocation_text_unverified(std::string_view text);
std::string revocation_text(const RevocationFields& fields);

}  // namespace focal::exchange
