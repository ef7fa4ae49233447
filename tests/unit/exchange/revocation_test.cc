// Goal: a revocation has one accepted form under its own key line, and speaks for a party only
// by its root or its announced next root. Method: one compared with the same note made by an
// independent program, then damaged; damaged texts are signed again, so that the rule under
// test and not the signature refuses them.
#include "node/exchange/revocation.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "tests/support/notes_fixture.h"

namespace focal::exchange {
namespace {

using test::TestParty;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

class RevocationTest : public ::testing::Test {
 protected:
  RevocationFields fields() const {
    RevocationFields f;
    f.party = "XA";
    f.card_id = card_.card_id;
    f.key = party_.root.pk;
    f.scope = RevocationScope::kTransport;
    f.since_ms = *parse_utc("2026-11-20T08:30:00Z");
    f.reason = "The server was stolen";
    return f;
  }
  std::string sign_text(const std::string& text) const {
    crypto::Note note{text, {}};
    crypto::sign_note(note, "focal/XA/root", party_.root);
    return crypto::format_note(note);
  }
  void refuses_note(const std::string& note, ErrorCode code, std::string_view path = {}) const {
    const auto r = parse_revocation(note);
    ASSERT_FALSE(r.has_value()) << note;
    EXPECT_EQ(r.error().code, code) << r.error().message << "\n" << note;
    if (!path.empty()) {
      EXPECT_EQ(r.error().path, path) << r.error().message;
    }
  }
  void refuses_change(std::string_view from, std::string_view to, std::string_view path,
                      ErrorCode code = ErrorCode::kCard) const {
    refuses_note(sign_text(replaced(text_, from, to)), code, path);
  }

  TestParty party_;
  Card card_ = party_.card();
  std::string text_ = revocation_text(fields());
  std::string note_ = TestParty::must(make_revocation(fields(), party_.root));
};

TEST_F(RevocationTest, IsTheNoteAnIndependentProgramMakes) {
  // Made by Python: hashlib and cryptography's Ed25519, from the seeds of TestParty and the
  // format in docs/protocol.md; SHA-256 of the note and of its text.
  EXPECT_EQ(hex(crypto::sha256(std::string_view(note_))),
            "6499a9e82ca414f3f99c6afab082b9bb4a7ee1cd1abcb6df8d7d929d768ef5be");
  EXPECT_EQ(hex(parse_revocation(note_)->revocation_id),
            "77a687c3fa54357888c20f57afa61b40698844ace8b4245552407ca198ca8dc1");
}

TEST_F(RevocationTest, FieldsComeBack) {
  const std::pair<RevocationScope, const char*> scopes[] = {{RevocationScope::kAll, "all"},
                                                            {RevocationScope::kSign, "sign"},
                                                            {RevocationScope::kTransport, "transport"},
                                                            {RevocationScope::kSeal, "seal"}};
  for (const auto& [scope, name] : scopes) {
    RevocationFields f = fields();
    f.scope = scope;
    f.reason = std::string(255, 'r');
    const std::string note = TestParty::must(make_revocation(f, party_.next_root));
    const Revocation r = TestParty::must(parse_revocation(note));
    EXPECT_EQ(r.party, "XA");
    EXPECT_EQ(r.card_id, card_.card_id);
    EXPECT_EQ(r.key, party_.next_root.pk) << "of the key that signs";
    EXPECT_EQ(r.scope, scope);
    EXPECT_NE(note.find(std::string("\nscope ") + name + "\n"), std::string::npos);
    EXPECT_EQ(r.since_ms, f.since_ms);
    EXPECT_EQ(r.reason, f.reason);
    EXPECT_EQ(r.note, note);
    EXPECT_TRUE(r.covers(scope));
    EXPECT_EQ(r.covers(RevocationScope::kSeal),
              scope == RevocationScope::kAll || scope == RevocationScope::kSeal);
  }
}

TEST_F(RevocationTest, SignedAgainItPasses) {
  EXPECT_TRUE(parse_revocation(sign_text(text_)).has_value());
}

TEST_F(RevocationTest, N009_N010_N011_LinesMovedRepeatedOrUnknownAreRefused) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text_.size(); at = text_.find('\n', at) + 1)
    lines.push_back(text_.substr(at, text_.find('\n', at) + 1 - at));
  ASSERT_EQ(lines.size(), 7u);
  const auto refuses = [&](const std::vector<std::string>& changed) {
    std::string text;
    for (const std::string& line : changed) text.append(line);
    refuses_note(sign_text(text), ErrorCode::kCard);
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto changed = lines;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    refuses(changed);
    changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    refuses(changed);
    changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), "colour blue\n");
    refuses(changed);
    for (std::size_t j = 0; j < i; ++j) {
      changed = lines;
      std::swap(changed[i], changed[j]);
      refuses(changed);
    }
  }
  refuses_note(sign_text(text_ + "colour blue\n"), ErrorCode::kCard, "revocation");
}

TEST_F(RevocationTest, ValuesHaveOneForm) {
  refuses_change("party XA", "party xa", "revocation.party");
  refuses_change("party XA", "party  XA", "revocation.party");
  refuses_change("scope transport", "scope Transport", "revocation.scope");
  refuses_change("scope transport", "scope transport ", "revocation.scope");
  refuses_change("scope transport", "scope everything", "revocation.scope");
  refuses_change("since 2026-11-20T08:30:00Z", "since 2026-11-20", "revocation.since");
  refuses_change("since 2026-11-20T08:30:00Z", "since 2026-11-20T08:30:00.000Z", "revocation.since");
  refuses_change("since 2026-11-20T08:30:00Z", "since 2026-11-20T24:30:00Z", "revocation.since");
  refuses_change("reason The", "reason  The", "revocation.reason");
  refuses_change("stolen\n", "stolen \n", "revocation.reason");
  refuses_change("The server was stolen", std::string(256, 'r'), "revocation.reason");
  refuses_change("focal-revoke/v1", "focal-revoke/v2", "revocation.focal-revoke/v1");
}

TEST_F(RevocationTest, N001_N002_ControlCharactersAndCrlfAreRefused) {
  refuses_note(replaced(note_, "stolen", "sto\x01len"), ErrorCode::kNote);
  refuses_note(replaced(note_, "stolen", "sto\tlen"), ErrorCode::kNote);
  refuses_note(replaced(note_, "stolen", "sto\xc2\x85len"), ErrorCode::kNote);
  refuses_note(replaced(note_, "stolen", "sto\xfflen"), ErrorCode::kNote);
  std::string crlf;
  for (const char c : note_) crlf.append(c == '\n' ? "\r\n" : std::string(1, c));
  refuses_note(crlf, ErrorCode::kNote);
}

TEST_F(RevocationTest, N003_NonCanonicalBase64IsRefused) {
  const std::string id = base64(card_.card_id);
  ASSERT_EQ(id.back(), '=');
  refuses_change(id, id.substr(0, id.size() - 1), "revocation.card");
  std::string bits = id;
  bits[bits.size() - 2] = static_cast<char>(bits[bits.size() - 2] + 1);  // a bit nobody reads
  refuses_change(id, bits, "revocation.card");
  refuses_change(id, base64(ByteView(card_.card_id).first(31)), "revocation.card");
  const std::string line = note_.substr(note_.rfind(' ') + 1);
  refuses_note(replaced(note_, line, line.substr(0, line.size() - 2) + "\n"), ErrorCode::kNote);
}

TEST_F(RevocationTest, N004_N005_BlankLines) {
  refuses_note(replaced(note_, "\n\n", "\n"), ErrorCode::kNote);
  refuses_note(replaced(note_, "\n\n", "\n\n\n"), ErrorCode::kNote);
}

TEST_F(RevocationTest, N006_N007_SignaturesOfOthersOrWrongOnesAreRefused) {
  crypto::Note note{text_, {}};
  crypto::sign_note(note, "focal/XA/root", party_.next_root);  // not the key of the key line
  refuses_note(crypto::format_note(note), ErrorCode::kSignature);
  note.signatures.clear();
  crypto::sign_note(note, "focal/XA/sign", party_.sign);
  refuses_note(crypto::format_note(note), ErrorCode::kSignature);
  note = crypto::parse_note(note_).value();
  note.signatures[0].signature[5] ^= 1;
  refuses_note(crypto::format_note(note), ErrorCode::kSignature);
  note = crypto::parse_note(note_).value();
  note.signatures.push_back(note.signatures[0]);
  refuses_note(crypto::format_note(note), ErrorCode::kSignature);
  refuses_note(replaced(note_, "2026-11-20", "2026-11-19"), ErrorCode::kSignature);
}

TEST_F(RevocationTest, N008_SizesAndCounts) {
  crypto::Note note = crypto::parse_note(note_).value();
  for (int i = 0; i < 33; ++i) crypto::sign_note(note, "somebody", party_.sign);
  refuses_note(crypto::format_note(note), ErrorCode::kLimit);
  refuses_note(note_ + std::string(kMaxRevocationSize, 'x'), ErrorCode::kLimit);
}

TEST_F(RevocationTest, N019_AnUnusableKeyIsRefused) {
  const std::string key = base64(party_.root.pk);
  Hash32 identity{};
  identity[0] = 1;
  refuses_change(key, base64(identity), "revocation.key", ErrorCode::kCardKey);
}

TEST_F(RevocationTest, N022_OnlyRootOrNextRootRevokes) {
  const auto by = [&](const crypto::SigningKey& key) {
    return check_revocation_of(
        TestParty::must(parse_revocation(TestParty::must(make_revocation(fields(), key)))), card_);
  };
  EXPECT_TRUE(by(party_.root).has_value());
  EXPECT_TRUE(by(party_.next_root).has_value());
  EXPECT_EQ(by(party_.sign).error().code, ErrorCode::kCardKey) << "the thief of the server has it";
  EXPECT_EQ(by(party_.log).error().code, ErrorCode::kCardKey);
  EXPECT_EQ(by(test::third_root()).error().code, ErrorCode::kCardKey);
  const Card other = TestParty("XB", 51).card();
  const Revocation ours = TestParty::must(parse_revocation(note_));
  EXPECT_EQ(check_revocation_of(ours, other).error().path, "revocation.party");
}

}  // namespace
}  // namespace focal::exchange
