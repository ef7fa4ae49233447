#include "node/exchange/card.h"

#include <array>

#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/note.h"
#include "crypto/x25519.h"
#include "node/exchange/lines.h"
#include "node/exchange/party.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kFirstLine = "focal-card/v1";
constexpr std::string_view kNextRootLabel{"focal/next-root/v1\0", 19};
constexpr std::uint64_t kMaxGeneration = 0xffffffff;
constexpr unsigned kMaxSuite = 255;

std::string name_of(std::string_view party, std::string_view role) {
  return std::string("focal/").append(party).append("/").append(role);
}

struct NamedKey {
  const char* name;
  const Hash32& key;
};
std::array<NamedKey, 5> keys_of(const CardFields& c) {
  return {{{"root", c.root},
           {"sign", c.sign},
           {"log", c.log},
           {"witness", c.witness},
           {"transport", c.transport}}};
}

Error bad_key(const char* name, const std::string& what) {
  return fail(ErrorCode::kCardKey, std::string("card: the ") + name + " key " + what,
              "the party has to make a new card with a new key", std::string("card.") + name);
}

Status check_keys(const CardFields& c) {
  const auto keys = keys_of(c);
  for (const NamedKey& k : keys) {
    const bool usable =
        &k.key == &c.transport ? crypto::is_usable_dh_key(k.key) : crypto::is_usable_public_key(k.key);
    if (!usable) return bad_key(k.name, "is not a usable public key");
    for (const NamedKey& other : keys)
      if (&other.key != &k.key && other.key == k.key)
        return bad_key(k.name, std::string("is also the ") + other.name + " key");
  }
  if (next_root_hash(c.root) == c.next)
    return bad_key("next", "is the root key itself: a thief of one would have both");
  return {};
}

// "log focal/XA/log/1 base64"
Status take_log(Lines& in, CardFields& c) {
  FOCAL_ASSIGN(const std::string_view value, in.take("log"));
  const std::size_t space = value.find(' ');
  if (space == std::string_view::npos) return in.wrong("this is not a log name and a key");
  const std::string_view name = value.substr(0, space);
  const std::optional<std::uint64_t> generation = log_generation(c.party, name);
  if (!generation)
    return in.wrong("the log name is not " + name_of(c.party, "log/") + "<generation>");
  const std::optional<Hash32> key = read_hash(value.substr(space + 1));
  if (!key) return in.wrong("the key is not the base64 form of 32 bytes");
  c.log_generation = *generation;
  c.log = *key;
  return {};
}

// "suites 1 2": ascending numbers
Result<std::vector<unsigned>> take_suites(Lines& in) {
  FOCAL_ASSIGN(std::string_view value, in.take("suites"));
  std::vector<unsigned> out;
  for (;;) {
    const std::size_t space = value.find(' ');
    const std::optional<std::uint64_t> suite = read_number(value.substr(0, space));
    if (!suite || *suite < 1 || *suite > kMaxSuite || out.size() == kMaxSuites ||
        (!out.empty() && *suite <= out.back()))
      return in.wrong("these are not ascending suite numbers");
    out.push_back(static_cast<unsigned>(*suite));
    if (space == std::string_view::npos) return out;
    value.remove_prefix(space + 1);
  }
}

Result<std::vector<std::string>> take_authority(Lines& in) {
  std::vector<std::string> out;
  do {
    FOCAL_ASSIGN(const std::string_view value, in.take("authority"));
    if (out.size() == kMaxAuthorityLines) return in.wrong("more than 8 lines of this kind");
    if (value.size() > kMaxAuthoritySize) return in.wrong("the line has more than 255 bytes");
    if (!is_plain_line(value) || value.front() == ' ' || value.back() == ' ')
      return in.wrong("the line is not plain text without spaces around it");
    out.emplace_back(value);
  } while (in.next_is("authority"));
  return out;
}

// Those of the card's own keys; the root's line is another question.
std::vector<crypto::NoteVerifier> key_verifiers(const CardFields& c) {
  using crypto::NoteKeyType;
  return {{sign_name(c.party), c.sign, NoteKeyType::kEd25519},
          {log_name(c.party, c.log_generation), c.log, NoteKeyType::kEd25519},
          {witness_name(c.party), c.witness, NoteKeyType::kCosignature}};
}

Status check_witness_date(const crypto::Note& note, const CardFields& c) {
  const std::string witness = witness_name(c.party);
  const auto id = crypto::note_key_id(witness, crypto::NoteKeyType::kCosignature, c.witness);
  for (const crypto::NoteSignature& s : note.signatures)
    if (s.name == witness && s.key_id == id && get_u64be(s.signature) != c.issued_ms / kSecondMs)
      return fail(ErrorCode::kSignature, "card: the witness line is not dated like the card",
                  "ask the party for a fresh file", "card.witness");
  return {};
}

}  // namespace

Hash32 next_root_hash(const crypto::PublicKey& next_root) {
  return crypto::sha256({as_bytes(kNextRootLabel), ByteView(next_root)});
}

std::string root_name(std::string_view party) { return name_of(party, "root"); }
std::string sign_name(std::string_view party) { return name_of(party, "sign"); }
std::string witness_name(std::string_view party) { return name_of(party, "witness"); }
std::string log_name(std::string_view party, std::uint64_t generation) {
  return name_of(party, "log/" + std::to_string(generation));
}

std::optional<std::uint64_t> log_generation(std::string_view party, std::string_view name) {
  const std::string prefix = name_of(party, "log/");
  if (!name.starts_with(prefix)) return std::nullopt;
  const std::optional<std::uint64_t> generation = read_number(name.substr(prefix.size()));
  if (!generation || *generation < 1 || *generation > kMaxGeneration) return std::nullopt;
  return generation;
}

Result<CardFields> parse_card_text_unverified(std::string_view text) {
  Lines in(text, "card");
  CardFields c;
  FOCAL_TRY(in.take_first(kFirstLine));
  FOCAL_ASSIGN(c.party, in.take_party("party"));
  FOCAL_ASSIGN(c.serial, in.take_number("serial", 1, kMaxSerial));
  FOCAL_ASSIGN(c.prev, in.take_prev(c.serial));
  FOCAL_ASSIGN(c.root, in.take_hash("root"));
  FOCAL_ASSIGN(c.next, in.take_hash("next"));
  FOCAL_ASSIGN(c.issued_ms, in.take_time("issued"));
  FOCAL_ASSIGN(c.expires_ms, in.take_time("expires"));
  if (c.expires_ms <= c.issued_ms) return in.wrong("the card expires before it is issued");
  FOCAL_ASSIGN(c.sign, in.take_hash("sign"));
  FOCAL_TRY(take_log(in, c));
  FOCAL_ASSIGN(c.witness, in.take_hash("witness"));
  FOCAL_ASSIGN(c.transport, in.take_hash("transport"));
  FOCAL_ASSIGN(c.suites, take_suites(in));
  FOCAL_ASSIGN(c.authority, take_authority(in));
  FOCAL_TRY(in.done());
  return c;
}

std::string card_text(const CardFields& c) {
  std::string out(kFirstLine);
  const auto line = [&out](std::string_view key, std::string_view value) {
    out.append("\n").append(key).append(" ").append(value);
  };
  line("party", c.party);
  line("serial", std::to_string(c.serial));
  line("prev", c.prev ? base64(*c.prev) : "none");
  line("root", base64(c.root));
  line("next", base64(c.next));
  line("issued", format_utc(c.issued_ms));
  line("expires", format_utc(c.expires_ms));
  line("sign", base64(c.sign));
  line("log", log_name(c.party, c.log_generation) + " " + base64(c.log));
  line("witness", base64(c.witness));
  line("transport", base64(c.transport));
  out.append("\nsuites");
  for (unsigned suite : c.suites) out.append(" ").append(std::to_string(suite));
  for (const std::string& text : c.authority) line("authority", text);
  out.append("\n");
  return out;
}

Result<Card> parse_card(std::string_view bytes) {
  if (bytes.size() > kMaxCardSize)
    return fail(ErrorCode::kLimit, "the card is larger than 8 KiB", {}, "card");
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(bytes));
  FOCAL_ASSIGN(CardFields fields, parse_card_text_unverified(note.text));
  FOCAL_TRY(check_keys(fields));
  Card card{std::move(fields), {}, crypto::sha256(note.text), std::string(bytes)};
  card.log_name = log_name(card.party, card.log_generation);
  auto verifiers = key_verifiers(card);
  verifiers.insert(verifiers.begin(),
                   {root_name(card.party), card.root, crypto::NoteKeyType::kEd25519});
  FOCAL_TRY(crypto::check_note(note, verifiers));
  FOCAL_TRY(check_witness_date(note, card));
  return card;
}

Result<UnsignedCard> parse_unsigned_card(std::string_view bytes) {
  if (bytes.size() > kMaxCardSize)
    return fail(ErrorCode::kLimit, "the card is larger than 8 KiB", {}, "card");
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(bytes));
  FOCAL_ASSIGN(CardFields fields, parse_card_text_unverified(note.text));
  FOCAL_TRY(check_keys(fields));
  if (note.signatures.size() != 3)
    return fail(ErrorCode::kSignature, "a card that the root has not signed has three signatures",
                "Take the request as the node wrote it.", "card");
  FOCAL_TRY(crypto::check_note(note, key_verifiers(fields)));
  FOCAL_TRY(check_witness_date(note, fields));
  return UnsignedCard{std::move(fields), crypto::sha256(note.text), std::string(bytes)};
}

Result<std::string> make_unsigned_card(CardFields fields, const OnlineSigners& keys) {
  fields.sign = keys.sign.pk;
  fields.log = keys.log.pk;
  fields.witness = keys.witness.pk;
  crypto::Note note{card_text(fields), {}};
  FOCAL_TRY(parse_card_text_unverified(note.text));  // before anything is signed
  crypto::sign_note(note, sign_name(fields.party), keys.sign);
  crypto::sign_note(note, log_name(fields.party, fields.log_generation), keys.log);
  crypto::cosign_note(note, witness_name(fields.party), keys.witness, fields.issued_ms / kSecondMs);
  std::string out = crypto::format_note(note);
  FOCAL_TRY(parse_unsigned_card(out));
  return out;
}

Result<std::string> add_root_signatures(const UnsignedCard& card, const crypto::SigningKey& root,
                                        const crypto::SigningKey* old_root) {
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(card.note));
  crypto::Note whole{note.text, {}};
  crypto::sign_note(whole, root_name(card.party), root);
  if (old_root != nullptr) crypto::sign_note(whole, root_name(card.party), *old_root);
  whole.signatures.insert(whole.signatures.end(), note.signatures.begin(), note.signatures.end());
  FOCAL_ASSIGN(Card done, parse_card(crypto::format_note(whole)));
  return std::move(done.note);
}

Result<std::string> make_card(CardFields fields, const CardKeys& keys) {
  fields.root = keys.root.pk;
  FOCAL_ASSIGN(const std::string note,
               make_unsigned_card(std::move(fields), {keys.sign, keys.log, keys.witness}));
  FOCAL_ASSIGN(const UnsignedCard card, parse_unsigned_card(note));
  return add_root_signatures(card, keys.root, keys.old_root);
}

}  // namespace focal::exchange
