// Goal: every verdict has words in six languages, no value turns a sentence around, and the line
// for programs has one form.
// Method: each claim, verdict and reason in each language; values with marks of direction, braces,
// quotes and control characters.
#include "node/evidence/words.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "node/evidence/bundle.h"
#include "node/evidence/fingerprint.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/safety_number.h"
#include "tests/support/party_fixture.h"

namespace focal::evidence {
namespace {

Claim sample() {
  Claim claim;
  claim.kind = ClaimKind::kReleased;
  claim.rid = std::string(60, 'a') + "bcde";
  claim.party = "XA";
  claim.by = "SUPERVISOR";
  claim.at = "2026-11-23T10:00:01.000Z";
  return claim;
}

TEST(Words, EveryVerdictHasThemInEveryLanguage) {
  for (const char* language : {"en", "fr", "es", "ru", "zh", "ar"}) {
    ASSERT_TRUE(is_language(language));
    for (int kind = 0; kind <= static_cast<int>(ClaimKind::kErased); ++kind)
      for (int reason = 0; reason <= static_cast<int>(Reason::kForm); ++reason)
        for (int verdict = 0; verdict < 3; ++verdict) {
          Claim claim = sample();
          claim.kind = static_cast<ClaimKind>(kind);
          claim.judgement = {static_cast<Verdict>(verdict), static_cast<Reason>(reason)};
          const std::string told = words(claim, language);
          EXPECT_FALSE(told.empty());
          EXPECT_EQ(told.find_first_of("{}"), std::string::npos) << told;
        }
    for (const Whole whole : {Whole::kProved, Whole::kIncomplete, Whole::kBroken})
      EXPECT_FALSE(words(whole, language).empty());
  }
  EXPECT_FALSE(is_language("de"));
  EXPECT_FALSE(is_language(""));
}

TEST(Words, OneSentence) {
  EXPECT_EQ(words(sample(), "en"),
            "PROVED: an officer of XA in the role SUPERVISOR released record aaaaaaaaaaaaaaaa at "
            "2026-11-23T10:00:01.000Z");
  Claim claim = sample();
  claim.by.clear();
  claim.judgement = not_shown(Reason::kAbsent);
  EXPECT_EQ(words(claim, "en"),
            "NOT SHOWN: an officer of XA in the role … released record aaaaaaaaaaaaaaaa at "
            "2026-11-23T10:00:01.000Z (what would show it is not in this file)");
}

TEST(Words, AValueStaysAValue) {
  Claim claim = sample();
  claim.by = "\u202e{party}\u2066\u061c";
  EXPECT_NE(words(claim, "en").find("role {party} released"), std::string::npos);
  const std::string arabic = words(claim, "ar");
  EXPECT_NE(arabic.find("\u2068{party}\u2069"), std::string::npos);
  EXPECT_EQ(arabic.find("\u202e"), std::string::npos);
}

TEST(Json, HasOneForm) {
  Claim claim = sample();
  claim.by = "a\"\\\b\f\n\r\t\x01\x7f/é";
  claim.judgement = broken(Reason::kSignature);
  EXPECT_EQ(
      verdict_json({claim}, {"told"}, "f\xff"),
      "{\"format\":\"focal-verdict/v1\",\"file\":\"f\xEF\xBF\xBD\",\"verdict\":\"BROKEN\","
      "\"claims\":[{\"claim\":\"RELEASED\",\"rid\":\"" +
          claim.rid +
          "\",\"party\":\"XA\",\"by\":\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\x7f/é\","
          "\"verdict\":\"BROKEN\",\"reason\":\"SIGNATURE\",\"at\":\"2026-11-23T10:00:01.000Z\","
          "\"words\":\"told\"}]}");
}

TEST(Claims, NamesTimesAndTheWhole) {
  EXPECT_EQ(read_claim_name("QUORUM"), ClaimKind::kQuorum);
  EXPECT_FALSE(read_claim_name("quorum"));
  EXPECT_EQ(claim_time(1795428000123), "2026-11-23T10:00:00.123Z");
  EXPECT_EQ(claim_time(~std::uint64_t{0}), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(claim_time_of_seconds(253402300799), "9999-12-31T23:59:59.000Z");
  EXPECT_EQ(claim_time_of_seconds(253402300800), "9999-12-31T23:59:59.999Z");
  Claim shown = sample();
  Claim not_there = sample();
  not_there.judgement = not_shown(Reason::kAbsent);
  Claim bad = sample();
  bad.judgement = broken(Reason::kLeaf);
  EXPECT_EQ(whole_of({shown}), Whole::kProved);
  EXPECT_EQ(whole_of({shown, not_there}), Whole::kIncomplete);
  EXPECT_EQ(whole_of({bad, not_there}), Whole::kBroken);
}

TEST(Readme, IsThatOfVersion1) {
  EXPECT_EQ(hex(crypto::sha256(readme_text())),
            "9dcedf6256dc9a0e69aa746b6b9c21589e4fcfabaea0d6cd32d21a51ac29ac9a");
}

TEST(Fingerprint, IsDigitsOrACodeWithoutSecret) {
  const test::TestParty party;
  const Hash32 due = exchange::root_fingerprint("XA", party.root.pk);
  Fingerprints got;
  ASSERT_TRUE(add_fingerprint(got, "XA=" + hex(due)).has_value());
  EXPECT_EQ(got.at("XA"), due);
  EXPECT_EQ(add_fingerprint(got, "XA=" + hex(due)).error().code, ErrorCode::kExists);
  Fingerprints by_code;
  ASSERT_TRUE(
      add_fingerprint(by_code, exchange::fingerprint_code("XA", party.root.pk)).has_value());
  EXPECT_EQ(by_code, got);
  const auto secret = crypto::Secret::copy_of(test::repeated(7));
  const auto code = exchange::ceremony_code("XA", party.root.pk, secret);
  Fingerprints none;
  for (const std::string& bad :
       {std::string(as_text(code.view())), std::string("XA"), std::string("xa=") + hex(due),
        "XA=" + hex(due).substr(1), "XA=" + hex(due) + "0", "XA = " + hex(due), std::string()})
    EXPECT_EQ(add_fingerprint(none, bad).error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace focal::evidence
