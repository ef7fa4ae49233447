// Goal: signed notes are read in exactly one form, verify as C2SP says, and one bad
// signature of a known key spoils the whole note.
// Method: notes of the C2SP text and of Go's sumdb/note; negative tests N001 to N008
// of docs/protocol.md; mutations of a good note.
#include "crypto/note.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "tests/unit/crypto/bytes_of.h"

namespace focal::crypto {
namespace {

// "name+hexid+base64(type || pk)"; checks the id.
NoteVerifier from_vkey(const std::string& vkey) {
  const std::size_t plus = vkey.find('+');
  const std::size_t second = vkey.find('+', plus + 1);
  const Bytes key = *unbase64(vkey.substr(second + 1));
  FOCAL_CHECK(key.size() == 33 && key[0] == 0x01);
  NoteVerifier out{vkey.substr(0, plus), *fixed<32>(ByteView(key).subspan(1)),
                   NoteKeyType::kEd25519};
  const Bytes id = *unhex(vkey.substr(plus + 1, second - plus - 1));
  EXPECT_EQ(note_key_id(out.name, out.type, out.pk), get_u32be(id));
  return out;
}

ErrorCode parse_error(const std::string& bytes) {
  const auto note = parse_note(bytes);
  EXPECT_FALSE(note.has_value()) << bytes;
  return note ? ErrorCode::kUsage : note.error().code;
}

ErrorCode check_error(const Note& note, const std::vector<NoteVerifier>& verifiers) {
  const Status status = check_note(note, verifiers);
  EXPECT_FALSE(status.has_value());
  return status ? ErrorCode::kUsage : status.error().code;
}

// Source: C2SP signed-note, "Verifier keys", example.
TEST(NoteKat, ExampleOfTheC2spText) {
  const auto verifier =
      from_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  const std::string bytes =
      "This is an example message.\n\n"
      "— example.com/foo "
      "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
      "\n";
  const auto note = parse_note(bytes);
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(note->text, "This is an example message.\n");
  EXPECT_TRUE(check_note(*note, {verifier}).has_value());
  EXPECT_EQ(format_note(*note), bytes);
}

// Source: golang.org/x/mod/sumdb/note, example_test.go.
TEST(NoteKat, ExampleOfGosPackage) {
  const auto verifier =
      from_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  const std::string bytes =
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n\n"
      "— PeterNeumann "
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
      "\n";
  auto note = parse_note(bytes);
  ASSERT_TRUE(note.has_value());
  EXPECT_TRUE(check_note(*note, {verifier}).has_value());
  note->text[0] = 'i';
  EXPECT_EQ(check_error(*note, {verifier}), ErrorCode::kSignature);
}

class NoteTest : public ::testing::Test {
 protected:
  NoteTest() {
    note.text = "focal-card/v1\nparty XA\n";
    sign_note(note, "focal/XA/root", key);
  }
  std::string with_signature(const std::string& line) const { return note.text + "\n" + line; }
  std::string signature_line() const {
    const std::string all = format_note(note);
    return all.substr(note.text.size() + 1);
  }

  SeededRng rng{31};
  SigningKey key = make_signing_key(rng);
  SigningKey other = make_signing_key(rng);
  NoteVerifier verifier{"focal/XA/root", key.pk, NoteKeyType::kEd25519};
  Note note;
};

TEST_F(NoteTest, WhatIsSignedIsReadBackAndVerifies) {
  const auto read = parse_note(format_note(note));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->text, note.text);
  ASSERT_EQ(read->signatures.size(), 1u);
  EXPECT_EQ(read->signatures[0].name, "focal/XA/root");
  EXPECT_EQ(read->signatures[0].signature.size(), 64u);
  EXPECT_TRUE(check_note(*read, {verifier}).has_value());
}

TEST_F(NoteTest, N001_ControlCharactersAreRefused) {
  for (int c = 0; c < 0x20; ++c) {
    if (c == '\n') continue;
    std::string bytes = format_note(note);
    bytes[4] = static_cast<char>(c);
    EXPECT_EQ(parse_error(bytes), ErrorCode::kNote) << c;
  }
  for (const char* c : {"\x7f", "\xC2\x80", "\xC2\x85", "\xC2\x9B"}) {
    std::string bytes = format_note(note);
    bytes.replace(4, 1, c);
    EXPECT_EQ(parse_error(bytes), ErrorCode::kNote);
  }
  std::string accented = format_note(note);
  accented.replace(4, 1, "\xC3\xA9");
  EXPECT_TRUE(parse_note(accented).has_value());
}

TEST_F(NoteTest, N001_BrokenUtf8IsRefused) {
  for (const char* c : {"\xff", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80"}) {
    std::string bytes = format_note(note);
    bytes.replace(4, 1, c);
    EXPECT_EQ(parse_error(bytes), ErrorCode::kNote);
  }
}

TEST_F(NoteTest, N002_CrlfIsRefused) {
  std::string bytes = format_note(note);
  for (std::size_t at = 0; (at = bytes.find('\n', at)) != std::string::npos; at += 2)
    bytes.insert(at, "\r");
  EXPECT_EQ(parse_error(bytes), ErrorCode::kNote);
  EXPECT_EQ(parse_error(format_note(note).insert(13, "\r")), ErrorCode::kNote);
}

TEST_F(NoteTest, N003_NonCanonicalBase64IsRefused) {
  const std::string line = signature_line();  // 68 bytes: one '=' at the end
  ASSERT_TRUE(line.ends_with("=\n"));
  const std::size_t last = line.size() - 3;
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string trailing = line;
  trailing[last] = alphabet[alphabet.find(line[last]) | 1];
  ASSERT_NE(trailing, line);
  EXPECT_EQ(parse_error(with_signature(trailing)), ErrorCode::kNote);
  std::string unpadded = line;
  unpadded.erase(line.size() - 2, 1);
  EXPECT_EQ(parse_error(with_signature(unpadded)), ErrorCode::kNote);
  std::string url = line;
  url[30] = '-';
  EXPECT_EQ(parse_error(with_signature(url)), ErrorCode::kNote);
  std::string spaced = line;
  spaced.insert(30, " ");
  EXPECT_EQ(parse_error(with_signature(spaced)), ErrorCode::kNote);
}

TEST_F(NoteTest, N004_MissingBlankLineIsRefused) {
  EXPECT_EQ(parse_error(note.text + signature_line()), ErrorCode::kNote);
  EXPECT_EQ(parse_error(note.text), ErrorCode::kNote);
  EXPECT_EQ(parse_error(note.text + "\n"), ErrorCode::kNote);
  EXPECT_EQ(parse_error(""), ErrorCode::kNote);
  EXPECT_EQ(parse_error("\n\n" + signature_line()), ErrorCode::kNote);
}

TEST_F(NoteTest, N005_TwoBlankLinesBeforeSignaturesAreRefused) {
  EXPECT_EQ(parse_error(note.text + "\n\n" + signature_line()), ErrorCode::kNote);
  EXPECT_EQ(parse_error(note.text + "\n" + signature_line() + "\n"), ErrorCode::kNote);
  // A second block of signatures makes the first one text, which nobody signed.
  const auto read = parse_note(note.text + "\n" + signature_line() + "\n" + signature_line());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(check_error(*read, {verifier}), ErrorCode::kSignature);
}

TEST_F(NoteTest, BlankLinesInsideTheTextAreText) {
  Note inner;
  inner.text = "a\n\nb\n";
  sign_note(inner, "focal/XA/root", key);
  const auto read = parse_note(format_note(inner));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->text, "a\n\nb\n");
  EXPECT_TRUE(check_note(*read, {verifier}).has_value());
}

TEST_F(NoteTest, N006_UnknownKeyOnlyIsRefused) {
  Note strange;
  strange.text = note.text;
  sign_note(strange, "focal/XA/root", other);  // the name alone is not enough
  sign_note(strange, "focal/XC/root", key);    // nor the key alone
  EXPECT_EQ(check_error(strange, {verifier}), ErrorCode::kSignature);
  EXPECT_EQ(check_error(note, {}), ErrorCode::kSignature);
  // Beside the known one they are ignored.
  sign_note(strange, "focal/XA/root", key);
  EXPECT_TRUE(check_note(strange, {verifier}).has_value());
}

TEST_F(NoteTest, N007_ABadSignatureOfAKnownKeySpoilsTheNote) {
  Note both = note;
  both.signatures.push_back(both.signatures[0]);
  both.signatures[1].signature[10] ^= 1;
  EXPECT_EQ(check_error(both, {verifier}), ErrorCode::kSignature);
  std::swap(both.signatures[0], both.signatures[1]);
  EXPECT_EQ(check_error(both, {verifier}), ErrorCode::kSignature);
  // Twice the same good one is not one form either.
  both = note;
  both.signatures.push_back(both.signatures[0]);
  EXPECT_EQ(check_error(both, {verifier}), ErrorCode::kSignature);
}

TEST_F(NoteTest, EveryRequiredKeyMustHaveSigned) {
  // A rotation: two keys of one name.
  const NoteVerifier next{"focal/XA/root", other.pk, NoteKeyType::kEd25519};
  EXPECT_EQ(check_error(note, {verifier, next}), ErrorCode::kSignature);
  sign_note(note, "focal/XA/root", other);
  EXPECT_TRUE(check_note(note, {verifier, next}).has_value());
  EXPECT_TRUE(check_note(note, {verifier}).has_value());
  note.signatures[1].signature[0] ^= 1;
  EXPECT_EQ(check_error(note, {verifier, next}), ErrorCode::kSignature);
  EXPECT_TRUE(check_note(note, {verifier}).has_value());  // next is unknown here
}

TEST_F(NoteTest, N008_TooManySignaturesAreRefused) {
  for (int i = 1; i < 32; ++i) sign_note(note, "focal/W" + std::to_string(i), other);
  EXPECT_TRUE(parse_note(format_note(note)).has_value());
  sign_note(note, "focal/W32", other);
  EXPECT_EQ(parse_error(format_note(note)), ErrorCode::kLimit);
}

TEST_F(NoteTest, N008_TooLargeANoteIsRefused) {
  Note large;
  large.text = std::string(kMaxNoteSize, 'x') + "\n";
  sign_note(large, "focal/XA/root", key);
  EXPECT_EQ(parse_error(format_note(large)), ErrorCode::kLimit);
  const std::size_t over = format_note(large).size() - kMaxNoteSize;
  large.text = std::string(kMaxNoteSize - over, 'x') + "\n";
  large.signatures.clear();
  sign_note(large, "focal/XA/root", key);
  ASSERT_EQ(format_note(large).size(), kMaxNoteSize);
  EXPECT_TRUE(parse_note(format_note(large)).has_value());
}

TEST_F(NoteTest, SignatureLinesHaveOneForm) {
  const std::string line = signature_line();
  const std::string rest = line.substr(4);  // after the dash and the space
  for (const std::string& bad :
       {"- " + rest, "—" + rest, "—  " + rest, line.substr(0, line.size() - 1),
        std::string("— focal/XA/root\n"), std::string("— focal/XA/root \n"),
        std::string("— focal/XA/root AAAA\n"), std::string("— focal/XA/root AAAAAA==\n"),
        "—  " + rest.substr(rest.find(' ') + 1), "— a+b " + rest.substr(rest.find(' ') + 1),
        "— a\xC2\xA0"
        "b " +
            rest.substr(rest.find(' ') + 1),
        "— a\xE2\x80\x89"
        "b " +
            rest.substr(rest.find(' ') + 1),
        "— a\xE3\x80\x80"
        "b " +
            rest.substr(rest.find(' ') + 1)})
    EXPECT_EQ(parse_error(with_signature(bad)), ErrorCode::kNote) << bad;
  EXPECT_TRUE(
      parse_note(with_signature("— r\xC3\xA9sum\xE2\x80\x94 " + rest.substr(rest.find(' ') + 1)))
          .has_value());
}

TEST_F(NoteTest, EveryChangedByteIsRefused) {
  const std::string good = format_note(note);
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char flip : {1, 0x20}) {
      std::string bytes = good;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      const auto read = parse_note(bytes);
      EXPECT_FALSE(read.has_value() && check_note(*read, {verifier}).has_value()) << i;
    }
    EXPECT_FALSE(parse_note(good.substr(0, i)).has_value()) << i;
  }
}

// c2sp.org/tlog-cosignature: the time is signed with the text.
TEST_F(NoteTest, CosignatureVerifiesAndItsTimeCounts) {
  const NoteVerifier witness{"focal/XB/witness", other.pk, NoteKeyType::kCosignature};
  const std::string message = "cosignature/v1\ntime 1795428000\n" + note.text;
  NoteSignature line{witness.name, note_key_id(witness.name, witness.type, witness.pk), {}};
  put_u64be(line.signature, 1795428000);
  append(line.signature, sign(other, as_bytes(message)));
  Note same = note;
  cosign_note(same, witness.name, other, 1795428000);
  EXPECT_EQ(same.signatures.back().key_id, line.key_id);
  EXPECT_EQ(same.signatures.back().signature, line.signature);
  note.signatures.push_back(line);
  EXPECT_TRUE(check_note(note, {verifier, witness}).has_value());
  note.signatures[1].signature[7] ^= 1;
  EXPECT_EQ(check_error(note, {verifier, witness}), ErrorCode::kSignature);
  note.signatures[1].signature.resize(64);
  EXPECT_EQ(check_error(note, {witness}), ErrorCode::kSignature);
  // The same key as 0x01 has another id: no confusion of roles.
  EXPECT_NE(note_key_id(witness.name, NoteKeyType::kEd25519, witness.pk), line.key_id);
}

TEST_F(NoteTest, TheTimeOfACosignatureIsOneThatIsPossible) {
  cosign_note(note, "focal/XB/witness", other, 1795428000);
  NoteSignature line = note.signatures.back();
  EXPECT_EQ(cosignature_time(line), 1795428000u);
  EXPECT_EQ(cosignature_time(note.signatures.front()), std::nullopt) << "an Ed25519 line";
  line.signature[0] |= 0x80;
  EXPECT_EQ(cosignature_time(line), std::nullopt) << "2^63 and later";
  std::fill_n(line.signature.begin(), 8, std::uint8_t{0});
  EXPECT_EQ(cosignature_time(line), std::nullopt) << "zero";
  line = note.signatures.back();
  line.signature.push_back(0);
  EXPECT_EQ(cosignature_time(line), std::nullopt);
  EXPECT_DEATH(cosign_note(note, "focal/XB/witness", other, 0), "check failed");
  EXPECT_DEATH(cosign_note(note, "focal/XB/witness", other, std::uint64_t{1} << 63), "check failed");
}

TEST_F(NoteTest, SigningWhatCannotBeReadIsABug) {
  Note bad;
  for (const char* text : {"", "\n", "no end", "a\n\n", "a\rb\n"}) {
    bad.text = text;
    EXPECT_DEATH(sign_note(bad, "focal/XA/root", key), "check failed") << text;
  }
  EXPECT_DEATH(sign_note(note, "a b", key), "check failed");
  EXPECT_DEATH(sign_note(note, "", key), "check failed");
}

}  // namespace
}  // namespace focal::crypto
