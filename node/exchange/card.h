// The focal point card: who a party is, its keys, and the hash of its next root
// key (docs/protocol.md, "Card"). A C2SP signed note, signed by the root, sign, log
// and witness key, so that nobody can publish a key he does not hold. The witness
// key signs in its only form, a cosignature (type 0x04) dated like the card.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sign.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxCardSize = 8 * 1024;  // the whole note, bytes
inline constexpr std::size_t kMaxAuthorityLines = 8;
inline constexpr std::size_t kMaxAuthoritySize = 255;  // bytes per line
inline constexpr std::size_t kMaxSuites = 8;
inline constexpr std::uint64_t kMaxSerial = ~std::uint64_t{0} >> 1;  // fits a signed 64-bit column

// What a card says.
struct CardFields {
  std::string party;
  std::uint64_t serial = 1;
  std::optional<Hash32> prev;  // card_id of the predecessor; absent iff serial is 1
  crypto::PublicKey root{};
  Hash32 next{};                 // next_root_hash of the next root key
  std::uint64_t issued_ms = 0;   // whole seconds
  std::uint64_t expires_ms = 0;  // later than issued; blocks sending to the party, nothing else
  crypto::PublicKey sign{};
  std::uint64_t log_generation = 1;  // 1..2^32-1
  crypto::PublicKey log{};
  crypto::PublicKey witness{};
  Hash32 transport{};                  // Curve25519
  std::vector<unsigned> suites{1};     // ascending, 1..255
  std::vector<std::string> authority;  // 1..8 lines of free text: shown, never parsed
};

// A card whose form, keys and four signatures were checked by parse_card.
struct Card : CardFields {
  std::string log_name;  // focal/XA/log/1
  Hash32 card_id{};      // H(text without signatures)
  std::string note;      // the bytes as they came
};

Hash32 next_root_hash(const crypto::PublicKey& next_root);  // H("focal/next-root/v1\0" || pk)

// Names of signature lines.
std::string root_name(std::string_view party);                           // focal/XA/root
std::string sign_name(std::string_view party);                           // focal/XA/sign
std::string witness_name(std::string_view party);                        // focal/XA/witness
std::string log_name(std::string_view party, std::uint64_t generation);  // focal/XA/log/1
// The generation in a log name of the party, 1..2^32-1; nothing: it is none of its log names.
std::optional<std::uint64_t> log_generation(std::string_view party, std::string_view name);

// kLimit (over 8 KiB), kNote (no well-formed note), kCard (a line; named in message
// and path), kCardKey (a key that no honest party uses), kSignature (one of the four
// is missing or wrong). Says nothing about trust: anybody can make a card.
Result<Card> parse_card(std::string_view note);

struct CardKeys {
  const crypto::SigningKey& root;
  const crypto::SigningKey& sign;
  const crypto::SigningKey& log;
  const crypto::SigningKey& witness;
  const crypto::SigningKey* old_root = nullptr;  // a rotation is signed by both roots
};
// The note. The public keys of root, sign, log, witness are taken from keys, not
// from fields. What it returns passes parse_card; the errors are those of parse_card.
Result<std::string> make_card(CardFields fields, const CardKeys& keys);

// A card that the root has not signed yet: what a node asks its root to sign. Its own
// keys have signed; anybody can make one.
struct UnsignedCard : CardFields {
  Hash32 card_id{};
  std::string note;  // text and three signatures
};
struct OnlineSigners {
  const crypto::SigningKey& sign;
  const crypto::SigningKey& log;
  const crypto::SigningKey& witness;
};
// root and next stand in fields; the other keys are taken from keys. What it returns
// passes parse_unsigned_card; the errors are those of parse_card.
Result<std::string> make_unsigned_card(CardFields fields, const OnlineSigners& keys);
Result<UnsignedCard> parse_unsigned_card(std::string_view note);
// The whole card. old_root: a rotation is signed by both. kSignature: root is not the
// root that the card names.
Result<std::string> add_root_signatures(const UnsignedCard& card, const crypto::SigningKey& root,
                                        const crypto::SigningKey* old_root = nullptr);

// The text alone: fields only, no key or signature checked. For parse_card, fuzzing
// and round-trip tests.
Result<CardFields> parse_card_text_unverified(std::string_view text);
std::string card_text(const CardFields& fields);

}  // namespace focal::exchange
