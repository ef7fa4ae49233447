// Goal: an approval holds for one manifest, by one officer, in the time of its
// certificate, and nobody can put another one in its place.
// Method: a valid approval, then one part changed at a time, signed anew where needed.
#include "node/exchange/approval.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/exchange/manifest.h"
#include "proto/lint.h"
#include "tests/unit/exchange/samples.h"

namespace focal::exchange {
namespace {

using test::kIssuedMs;
using test::signing_key;

struct ApprovalTest : ::testing::Test {
  test::TestParty party;
  Card card = party.card();
  crypto::SigningKey officer = signing_key(40);
  Bytes manifest = test::full_manifest().bytes;

  OfficerCertificate fields() const {
    OfficerCertificate f;
    f.party = "XA";
    f.role = "SUPERVISOR";
    f.key = officer.pk;
    f.from_ms = kIssuedMs;
    f.until_ms = kIssuedMs + 365 * kDayMs;
    return f;
  }
  std::string note() const { return make_certificate(fields(), party.sign); }
  Bytes approve(const crypto::SigningKey& key) const {
    return to_bytes(ByteView(crypto::sign(key, crypto::pae(crypto::kReleaseType, manifest))));
  }
  // The code of check_approval for that certificate; kUsage if it holds.
  ErrorCode check(const std::string& certificate, ByteView signature,
                  std::uint64_t created_ms = kIssuedMs + 1) const {
    const auto role = check_approval(as_bytes(certificate), signature, crypto::sha256(certificate),
                                     card, manifest, created_ms);
    return role ? ErrorCode::kUsage : role.error().code;
  }
  ErrorCode check(const OfficerCertificate& f) const {
    return check(make_certificate(f, party.sign), approve(officer));
  }
};

TEST_F(ApprovalTest, ValidOneNamesItsRole) {
  const std::string certificate = note();
  const auto parsed = parse_certificate(certificate, card);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(parsed->party, "XA");
  EXPECT_EQ(parsed->role, "SUPERVISOR");
  EXPECT_EQ(parsed->key, officer.pk);
  EXPECT_EQ(parsed->from_ms, kIssuedMs);
  EXPECT_EQ(parsed->hash, crypto::sha256(certificate));
  const auto role = check_approval(as_bytes(certificate), approve(officer), parsed->hash, card,
                                   manifest, kIssuedMs);
  ASSERT_TRUE(role.has_value()) << role.error().message;
  EXPECT_EQ(*role, "SUPERVISOR");
}

TEST_F(ApprovalTest, IsForOneManifestOnly) {
  const Bytes signature = approve(officer);
  manifest.back() ^= 1;
  EXPECT_EQ(check(note(), signature), ErrorCode::kSignature);
}

TEST_F(ApprovalTest, OtherSignaturesDoNotHold) {
  EXPECT_EQ(check(note(), approve(signing_key(41))), ErrorCode::kSignature) << "another key";
  EXPECT_EQ(check(note(), approve(party.sign)), ErrorCode::kSignature) << "the node itself";
  Bytes batch_type = to_bytes(
      ByteView(crypto::sign(officer, crypto::pae(crypto::kBatchType, manifest))));
  EXPECT_EQ(check(note(), batch_type), ErrorCode::kSignature) << "a signature for a batch";
  Bytes changed = approve(officer);
  changed[10] ^= 1;
  EXPECT_EQ(check(note(), changed), ErrorCode::kSignature);
  changed.pop_back();
  EXPECT_EQ(check(note(), changed), ErrorCode::kSignature);
  EXPECT_EQ(check(note(), {}), ErrorCode::kSignature);
}

TEST_F(ApprovalTest, CertificateOfAnotherPartyOrKey) {
  OfficerCertificate f = fields();
  f.party = "XB";
  const test::TestParty other("XB", 51);
  EXPECT_EQ(check(make_certificate(f, other.sign), approve(officer)), ErrorCode::kSignature)
      << "signed by XB's sign key, which is not the card's";
  EXPECT_EQ(check(make_certificate(fields(), signing_key(77)), approve(officer)),
            ErrorCode::kSignature);
  // Signed by XA's own key under XA's name, but speaking of XB.
  crypto::Note note;
  note.text = "focal-officer/v1\nparty XB\nrole R\nkey " + base64(officer.pk) +
              "\nfrom 2026-11-23T10:00:00Z\nuntil 2027-11-23T10:00:00Z\n";
  crypto::sign_note(note, sign_name("XA"), party.sign);
  EXPECT_EQ(check(crypto::format_note(note), approve(officer)), ErrorCode::kCard);
}

TEST_F(ApprovalTest, HoldsInItsTimeOnly) {
  const std::string certificate = note();
  const Bytes signature = approve(officer);
  EXPECT_EQ(check(certificate, signature, fields().from_ms - 1), ErrorCode::kCard) << "before";
  EXPECT_EQ(check(certificate, signature, fields().from_ms), ErrorCode::kUsage);
  EXPECT_EQ(check(certificate, signature, fields().until_ms - 1), ErrorCode::kUsage);
  EXPECT_EQ(check(certificate, signature, fields().until_ms), ErrorCode::kCard) << "expired";
  OfficerCertificate f = fields();
  f.until_ms = f.from_ms;
  EXPECT_EQ(check(f), ErrorCode::kCard) << "ends before it begins";
}

TEST_F(ApprovalTest, OfficersKeyIsNoneOfTheCards) {
  for (const crypto::SigningKey* key : {&party.root, &party.sign, &party.log, &party.witness}) {
    OfficerCertificate f = fields();
    f.key = key->pk;
    EXPECT_EQ(check(make_certificate(f, party.sign), approve(*key)), ErrorCode::kCardKey)
        << "the node would approve its own release";
  }
  OfficerCertificate weak = fields();
  weak.key = crypto::PublicKey{};
  EXPECT_EQ(check(weak), ErrorCode::kCardKey) << "small order";
}

TEST_F(ApprovalTest, N137_ManifestNamesTheCertificate) {
  const std::string certificate = note();
  const auto named_otherwise =
      check_approval(as_bytes(certificate), approve(officer), Hash32{1}, card, manifest, kIssuedMs);
  ASSERT_FALSE(named_otherwise.has_value());
  EXPECT_EQ(named_otherwise.error().code, ErrorCode::kBatch);
  // The same certificate with one more signature line: still valid, but another hash.
  crypto::Note longer = *crypto::parse_note(certificate);
  crypto::sign_note(longer, "somebody/else", signing_key(9));
  const std::string grown = crypto::format_note(longer);
  ASSERT_TRUE(parse_certificate(grown, card).has_value());
  const auto swapped = check_approval(as_bytes(grown), approve(officer),
                                      crypto::sha256(certificate), card, manifest, kIssuedMs);
  ASSERT_FALSE(swapped.has_value());
  EXPECT_EQ(swapped.error().code, ErrorCode::kBatch);
}

TEST_F(ApprovalTest, CertificateIsBounded) {
  crypto::Note big = *crypto::parse_note(note());
  for (int i = 0; crypto::format_note(big).size() <= proto::kMaxCertificate; ++i)
    crypto::sign_note(big, "filler/" + std::to_string(i), signing_key(9));
  EXPECT_EQ(check(crypto::format_note(big), approve(officer)), ErrorCode::kLimit);
  OfficerCertificate f = fields();
  f.role = std::string(64, 'R');
  EXPECT_EQ(check(f), ErrorCode::kUsage);
  f.role += 'R';
  EXPECT_EQ(check(f), ErrorCode::kCard);
}

TEST_F(ApprovalTest, LinesAreStrict) {
  const std::string good = crypto::parse_note(note())->text;
  const auto with = [&](const std::string& text) {
    crypto::Note n;
    n.text = text;
    crypto::sign_note(n, sign_name("XA"), party.sign);
    return check(crypto::format_note(n), approve(officer));
  };
  EXPECT_EQ(with(good), ErrorCode::kUsage);
  EXPECT_EQ(with(good + "more x\n"), ErrorCode::kCard);
  EXPECT_EQ(with(good.substr(0, good.rfind("until"))), ErrorCode::kCard);
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"focal-officer/v1", "focal-officer/v2"}, {"party XA", "party  XA"},
           {"role SUPERVISOR", "rolle SUPERVISOR"}, {"from 2026", "from 2026 "},
           {"key ", "key A"}, {"until 2027-11-23", "until 2027-02-30"}}) {
    std::string text = good;
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
    EXPECT_EQ(with(text), ErrorCode::kCard) << to;
  }
  EXPECT_EQ(check("no note at all", approve(officer)), ErrorCode::kNote);
}

TEST_F(ApprovalTest, EveryChangedByteOfTheCertificateIsRefused) {
  const std::string certificate = note();
  const Bytes signature = approve(officer);
  for (std::size_t i = 0; i < certificate.size(); ++i) {
    std::string changed = certificate;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(parse_certificate(changed, card).has_value()) << "byte " << i;
  }
}

}  // namespace
}  // namespace focal::exchange
