// Goal: a card has one accepted form; every line removed, repeated, moved or altered
// refuses it and the error names the line; keys and signatures are checked.
// Method: a card of fixed keys compared with the same card made by an independent
// program, then damaged; damaged texts are signed again, so that the rule under test
// and not the signature refuses them.
#include "node/exchange/card.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "tests/support/party_fixture.h"

namespace focal::exchange {
namespace {

using test::TestParty;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}
std::string text_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

// The note of any text, signed by all four keys of the party, the witness at that time.
std::string sign_text(const TestParty& p, std::string text,
                      std::uint64_t seconds = test::kIssuedMs / kSecondMs) {
  crypto::Note note{std::move(text), {}};
  crypto::sign_note(note, "focal/XA/root", p.root);
  crypto::sign_note(note, "focal/XA/sign", p.sign);
  crypto::sign_note(note, "focal/XA/log/1", p.log);
  const std::string message = "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + note.text;
  Bytes signature;
  put_u64be(signature, seconds);
  append(signature, crypto::sign(p.witness, as_bytes(message)));
  note.signatures.push_back(
      {"focal/XA/witness",
       crypto::note_key_id("focal/XA/witness", crypto::NoteKeyType::kCosignature, p.witness.pk),
       signature});
  return crypto::format_note(note);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

class CardTest : public ::testing::Test {
 protected:
  void refuses_text(const std::string& text, ErrorCode code, std::string_view path = {}) {
    const auto card = parse_card(sign_text(party_, text));
    ASSERT_FALSE(card.has_value()) << text;
    EXPECT_EQ(card.error().code, code) << card.error().message << "\n" << text;
    if (!path.empty()) {
      EXPECT_EQ(card.error().path, path) << card.error().message;
    }
  }
  void refuses_note(const std::string& note, ErrorCode code) {
    const auto card = parse_card(note);
    ASSERT_FALSE(card.has_value()) << note;
    EXPECT_EQ(card.error().code, code) << card.error().message;
  }
  void refuses_change(std::string_view from, std::string_view to, std::string_view path,
                      ErrorCode code = ErrorCode::kCard) {
    refuses_text(replaced(text_, from, to), code, path);
  }

  TestParty party_;
  std::string note_ = party_.card_note();
  std::string text_ = card_text(party_.fields());
};

TEST_F(CardTest, IsTheCardAnIndependentProgramMakes) {
  // Made by Python: hashlib and cryptography's Ed25519 and X25519, from the seeds of
  // TestParty and the format in docs/protocol.md; SHA-256 of the text and of the note.
  EXPECT_EQ(hex(crypto::sha256(note_)),
            "b737e0c34ab735bb94243705fb263f6190bd284188574f92b38776dd50f2027e");
  const Card card = parse_card(note_).value();
  EXPECT_EQ(hex(card.card_id), "9190e6e6ce8db70b5e9771fa85412649684ac1ec5788adafd591bfdfca0a90a8");
}

TEST_F(CardTest, FieldsComeBack) {
  CardFields f = party_.fields();
  f.serial = 12;
  f.prev = crypto::sha256("the card before");
  f.log_generation = 3;
  f.suites = {1, 2, 255};
  f.authority = {"Bundeskriminalamt \xe2\x80\x93 Zentralstelle", "a", "b", "c", "d", "e", "f", "g"};
  const std::string note = make_card(f, party_.keys()).value();
  const Card card = parse_card(note).value();
  EXPECT_EQ(card.party, "XA");
  EXPECT_EQ(card.serial, 12u);
  EXPECT_EQ(card.prev, f.prev);
  EXPECT_EQ(card.root, party_.root.pk);
  EXPECT_EQ(card.next, next_root_hash(party_.next_root.pk));
  EXPECT_EQ(card.issued_ms, f.issued_ms);
  EXPECT_EQ(card.expires_ms, f.expires_ms);
  EXPECT_EQ(card.sign, party_.sign.pk);
  EXPECT_EQ(card.log_generation, 3u);
  EXPECT_EQ(card.log_name, "focal/XA/log/3");
  EXPECT_EQ(card.log, party_.log.pk);
  EXPECT_EQ(card.witness, party_.witness.pk);
  EXPECT_EQ(card.transport, party_.transport.pk);
  EXPECT_EQ(card.suites, f.suites);
  EXPECT_EQ(card.authority, f.authority);
  EXPECT_EQ(card.note, note);
  EXPECT_EQ(card_text(card), card_text(f));
  EXPECT_EQ(card.card_id, crypto::sha256(card_text(f)));
}

TEST_F(CardTest, SignedAgainItPasses) {  // so the tests below refuse for their own reason
  EXPECT_TRUE(parse_card(sign_text(party_, text_)).has_value());
}

TEST_F(CardTest, EveryLineRemovedIsRefused) {
  const std::vector<std::string> lines = lines_of(text_);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i + 1 == lines.size()) continue;  // the second authority line may go
    if (i + 2 == lines.size()) continue;  // or the first
    std::vector<std::string> fewer = lines;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    refuses_text(text_of(fewer), ErrorCode::kCard);
  }
  std::vector<std::string> no_authority = lines;
  no_authority.resize(lines.size() - 2);
  refuses_text(text_of(no_authority), ErrorCode::kCard, "card.authority");
}

TEST_F(CardTest, N010_EveryLineRepeatedIsRefused) {
  const std::vector<std::string> lines = lines_of(text_);
  for (std::size_t i = 0; i + 2 < lines.size(); ++i) {
    std::vector<std::string> more = lines;
    more.insert(more.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    refuses_text(text_of(more), ErrorCode::kCard);
  }
  const std::string sign = "sign " + base64(party_.sign.pk) + "\n";
  refuses_change(sign, sign + sign, "card.log");
}

TEST_F(CardTest, N009_EveryTwoLinesSwappedAreRefused) {
  const std::vector<std::string> lines = lines_of(text_);
  for (std::size_t i = 0; i + 3 < lines.size(); ++i) {
    std::vector<std::string> swapped = lines;
    std::swap(swapped[i], swapped[i + 1]);
    refuses_text(text_of(swapped), ErrorCode::kCard);
  }
}

TEST_F(CardTest, N011_UnknownLineIsRefusedAnywhere) {
  const std::vector<std::string> lines = lines_of(text_);
  for (std::size_t i = 0; i <= lines.size(); ++i) {
    std::vector<std::string> more = lines;
    more.insert(more.begin() + static_cast<std::ptrdiff_t>(i), "colour blue");
    refuses_text(text_of(more), ErrorCode::kCard);
  }
}

TEST_F(CardTest, EveryLineAlteredIsRefused) {
  refuses_change("focal-card/v1", "focal-card/v2", "card.focal-card/v1");
  refuses_change("focal-card/v1", "focal-card/v1 ", "card.focal-card/v1");
  refuses_change("party XA", "party xa", "card.party");
  refuses_change("party XA", "party  XA", "card.party");
  refuses_change("serial 1\n", "serial 0\n", "card.serial");
  refuses_change("serial 1\n", "serial 01\n", "card.serial");
  refuses_change("serial 1\n", "serial +1\n", "card.serial");
  refuses_change("serial 1\n", "serial 9223372036854775808\n", "card.serial");
  refuses_change("serial 1\n", "serial 2\n", "card.prev");  // a second card has a predecessor
  refuses_change("prev none", "prev " + base64(party_.root.pk), "card.prev");
  refuses_change("prev none", "prev nobody", "card.prev");
  refuses_change("issued 2026-11-23T10:00:00Z", "issued 2026-11-23 10:00:00Z", "card.issued");
  refuses_change("issued 2026-11-23T10:00:00Z", "issued 2026-11-23T10:00:00+00:00", "card.issued");
  refuses_change("issued 2026-11-23T10:00:00Z", "issued 2026-13-23T10:00:00Z", "card.issued");
  refuses_change("expires 2027", "expires 2025", "card.expires");
  refuses_change("log focal/XA/log/1 ", "log focal/XB/log/1 ", "card.log");
  refuses_change("log focal/XA/log/1 ", "log focal/XA/log/01 ", "card.log");
  refuses_change("log focal/XA/log/1 ", "log focal/XA/log/0 ", "card.log");
  refuses_change("log focal/XA/log/1 ", "log focal/XA/log/4294967296 ", "card.log");
  refuses_change("log focal/XA/log/1 ", "log ", "card.log");
  refuses_change("log focal/XA/log/1 ", "log focal/XA/log/2 ", "", ErrorCode::kSignature);
  for (const char* bad : {"suites 0", "suites 256", "suites 1 1", "suites 2 1", "suites 1  2",
                          "suites 1 ", "suites 1,2", "suites 1 2 3 4 5 6 7 8 9"})
    refuses_change("suites 1", bad, "card.suites");
  refuses_change("authority Fed", "authority  Fed", "card.authority");
  refuses_change("Police\n", "Police \n", "card.authority");
  refuses_change("Police\n", std::string(250, 'p') + "\n", "card.authority");
  refuses_change("authority Federal Office of Police\n", "authority \n", "card.authority");
  std::string nine = text_;
  for (int i = 0; i < 7; ++i) nine += "authority more\n";
  refuses_text(nine, ErrorCode::kCard, "card.authority");
}

TEST_F(CardTest, ErrorsNameTheLine) {
  const auto card = parse_card(sign_text(party_, replaced(text_, "prev none", "prev nothing")));
  ASSERT_FALSE(card.has_value());
  EXPECT_TRUE(card.error().message.starts_with("card line 4 (prev): ")) << card.error().message;
}

TEST_F(CardTest, N001_ControlCharacterIsRefused) {
  for (const char* bad : {"Fed\x01ral", "Fed\x7fral", "Fed\tral", "Fed\xc2\x9bral", "Fed\x1bral"}) {
    CardFields f = party_.fields();
    f.authority = {bad};
    const auto made = make_card(f, party_.keys());
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().path, "card.authority");
    refuses_note(replaced(note_, "Federal", bad), ErrorCode::kNote);
  }
  CardFields f = party_.fields();
  f.authority = {"two\nlines\n"};
  EXPECT_FALSE(make_card(f, party_.keys()).has_value());
}

TEST_F(CardTest, N002_CrlfIsRefused) {
  std::string crlf;
  for (char c : note_) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  refuses_note(crlf, ErrorCode::kNote);
  refuses_note(replaced(note_, "party XA\n", "party XA\r\n"), ErrorCode::kNote);
}

TEST_F(CardTest, N003_NonCanonicalBase64IsRefused) {
  // The last character before '=' carries two bits that must be zero.
  const std::string key = base64(party_.witness.pk);
  std::string trailing = key;
  ASSERT_EQ(trailing[42], 'E');
  trailing[42] = 'F';
  refuses_change("witness " + key, "witness " + trailing, "card.witness");
  refuses_change("witness " + key, "witness " + key.substr(0, 43), "card.witness");
  refuses_change("witness " + key, "witness " + key + "=", "card.witness");
  refuses_change("witness " + key, "witness " + base64(Bytes(31, 7)), "card.witness");
  refuses_change("witness " + key, "witness " + base64(Bytes(33, 7)), "card.witness");
  std::string url = base64(party_.transport.pk);
  refuses_change(url, replaced(url, "+", "-"), "card.transport");
  const std::size_t end = note_.size() - 2;  // in a signature line
  refuses_note(note_.substr(0, end) + note_.substr(end + 1), ErrorCode::kNote);
}

TEST_F(CardTest, N004_N005_BlankLines) {
  refuses_note(replaced(note_, "\n\n", "\n"), ErrorCode::kNote);
  refuses_note(replaced(note_, "\n\n", "\n\n\n"), ErrorCode::kNote);
  refuses_note(note_ + "\n", ErrorCode::kNote);
  refuses_text(replaced(text_, "party XA\n", "\nparty XA\n"), ErrorCode::kCard, "card.party");
}

TEST_F(CardTest, N006_UnknownKeysOnly) {
  const TestParty other("XA", 51);
  crypto::Note note{text_, {}};
  crypto::sign_note(note, "focal/XA/root", other.root);
  crypto::sign_note(note, "focal/XA/sign", other.sign);
  crypto::sign_note(note, "focal/XA/log/1", other.log);
  crypto::sign_note(note, "focal/XA/witness", other.witness);
  refuses_note(crypto::format_note(note), ErrorCode::kSignature);
}

TEST_F(CardTest, N007_WrongSignatureBesideAGoodOne) {
  crypto::Note note = crypto::parse_note(note_).value();
  for (std::size_t i = 0; i < 4; ++i) {
    crypto::Note bad = note;
    crypto::NoteSignature forged = note.signatures[i];
    forged.signature.back() ^= 1;
    bad.signatures.push_back(forged);
    refuses_note(crypto::format_note(bad), ErrorCode::kSignature);
    bad.signatures[i] = forged;
    bad.signatures.pop_back();
    refuses_note(crypto::format_note(bad), ErrorCode::kSignature);
  }
}

TEST_F(CardTest, EachOfTheFourSignaturesIsNeeded) {
  const crypto::Note note = crypto::parse_note(note_).value();
  ASSERT_EQ(note.signatures.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    crypto::Note fewer = note;
    fewer.signatures.erase(fewer.signatures.begin() + static_cast<std::ptrdiff_t>(i));
    refuses_note(crypto::format_note(fewer), ErrorCode::kSignature);
    crypto::Note twice = note;
    twice.signatures.push_back(note.signatures[i]);
    refuses_note(crypto::format_note(twice), ErrorCode::kSignature);
  }
  crypto::Note more = note;  // a line of a key nobody knows is ignored
  crypto::sign_note(more, "example.org/archive", test::signing_key(99));
  EXPECT_TRUE(parse_card(crypto::format_note(more)).has_value());
}

TEST_F(CardTest, WitnessKeySignsOnlyAsCosigner) {
  crypto::Note note = crypto::parse_note(note_).value();
  note.signatures.pop_back();
  crypto::sign_note(note, "focal/XA/witness", party_.witness);  // type 0x01
  refuses_note(crypto::format_note(note), ErrorCode::kSignature);
}

TEST_F(CardTest, WitnessLineIsDatedLikeTheCard) {
  const std::uint64_t issued = test::kIssuedMs / kSecondMs;
  EXPECT_TRUE(parse_card(sign_text(party_, text_, issued)).has_value());
  for (std::uint64_t other : {issued - 1, issued + 1, std::uint64_t{0}}) {
    const auto card = parse_card(sign_text(party_, text_, other));
    ASSERT_FALSE(card.has_value());
    EXPECT_EQ(card.error().path, "card.witness");
  }
}

TEST_F(CardTest, N008_SizesAndCounts) {
  crypto::Note note = crypto::parse_note(note_).value();
  while (note.signatures.size() < 33) crypto::sign_note(note, "a", party_.root);
  refuses_note(crypto::format_note(note), ErrorCode::kLimit);
  refuses_note(note_ + std::string(kMaxCardSize, 'x'), ErrorCode::kLimit);
  refuses_note(std::string(kMaxCardSize + 1, 'x'), ErrorCode::kLimit);
  refuses_note("", ErrorCode::kNote);
}

TEST_F(CardTest, N019_UnusableEd25519Keys) {
  const char* bad[] = {
      // small order: 1, 2, 4, 8
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0000000000000000000000000000000000000000000000000000000000000000",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      // mixed order: the base point plus the point of order 8, and of order 2
      "98519eadf35b995233b51b5cd23e9cc5a28b639b5a4af0ec903cb960d81b7819",
      "9599999999999999999999999999999999999999999999999999999999999999",
      // not canonical: y + p of the identity and of y = 3
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  };
  const std::pair<const char*, Hash32> lines[] = {{"root", party_.root.pk},
                                                  {"sign", party_.sign.pk},
                                                  {"log", party_.log.pk},
                                                  {"witness", party_.witness.pk}};
  for (const char* key : bad)
    for (const auto& [name, pk] : lines)
      refuses_change(base64(pk), base64(*unhex(key)), std::string("card.") + name,
                     ErrorCode::kCardKey);
}

TEST_F(CardTest, KeysArePairwiseDifferent) {
  const std::pair<const char*, Hash32> lines[] = {{"root", party_.root.pk},
                                                  {"sign", party_.sign.pk},
                                                  {"log", party_.log.pk},
                                                  {"witness", party_.witness.pk}};
  for (const auto& [name, pk] : lines)
    for (const auto& [other, other_pk] : lines)
      if (pk != other_pk) refuses_change(base64(pk), base64(other_pk), "", ErrorCode::kCardKey);
}

TEST_F(CardTest, TransportKeyIsUsable) {
  for (const char* bad : {
           "0000000000000000000000000000000000000000000000000000000000000000",
           "0100000000000000000000000000000000000000000000000000000000000000",
           "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",  // order 8
       })
    refuses_change(base64(party_.transport.pk), base64(*unhex(bad)), "card.transport",
                   ErrorCode::kCardKey);
}

TEST_F(CardTest, NextRootIsAnotherKey) {
  EXPECT_EQ(hex(next_root_hash(*fixed<32>(
                *unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")))),
            // Python: sha256(b"focal/next-root/v1\0" + bytes(range(32)))
            "43a8a3a0ff9a188a13c2ad4e3f14788bf2cc8d22d98b3a5cf078a481c463afd7");
  refuses_change(base64(next_root_hash(party_.next_root.pk)),
                 base64(next_root_hash(party_.root.pk)), "card.next", ErrorCode::kCardKey);
}

TEST_F(CardTest, EveryByteChangedIsRefused) {
  for (std::size_t i = 0; i < note_.size(); ++i) {
    std::string changed = note_;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(parse_card(changed).has_value()) << i;
    EXPECT_FALSE(parse_card(note_.substr(0, i)).has_value()) << i;
  }
}

TEST_F(CardTest, WhatIsMadeIsChecked) {
  CardFields f = party_.fields();
  f.party = "xa";
  EXPECT_EQ(make_card(f, party_.keys()).error().path, "card.party");
  f = party_.fields();
  f.expires_ms = f.issued_ms;
  EXPECT_EQ(make_card(f, party_.keys()).error().path, "card.expires");
  f = party_.fields();
  f.authority.clear();
  EXPECT_EQ(make_card(f, party_.keys()).error().path, "card.authority");
  f = party_.fields();
  f.transport = {};
  EXPECT_EQ(make_card(f, party_.keys()).error().path, "card.transport");
  const CardKeys same{party_.root, party_.sign, party_.sign, party_.witness};
  EXPECT_EQ(make_card(party_.fields(), same).error().code, ErrorCode::kCardKey);
}

}  // namespace
}  // namespace focal::exchange
