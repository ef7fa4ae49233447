// Goal: one form of a policy note is read, by the right key only; a quorum is a majority.
// Method: round trips, each rule broken alone, all small numbers of witnesses.
#include "node/exchange/witness_policy.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "tests/support/party_fixture.h"

namespace focal::exchange {
namespace {

using test::TestParty;

class WitnessPolicyTest : public ::testing::Test {
 protected:
  WitnessPolicyFields fields() const {
    return {"XA", "focal/XA/log/1", 1'795'428'000, 2, {"XB", "XC", "XD"}};
  }
  std::string signed_text(const std::string& text) const {
    crypto::Note note{text, {}};
    crypto::sign_note(note, "focal/XA/log/1", xa_.log);
    return crypto::format_note(note);
  }
  std::optional<ErrorCode> refused(const std::string& note) const {
    const auto parsed = parse_witness_policy(note, xa_.log.pk);
    if (parsed) return std::nullopt;
    return parsed.error().code;
  }

  TestParty xa_{"XA", 1};
};

TEST_F(WitnessPolicyTest, WhatIsSaidComesBack) {
  const auto made = make_witness_policy(fields(), xa_.log);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_TRUE(made->note.starts_with("focal-witness/v1\nparty XA\nlog focal/XA/log/1\n"
                                     "serial 1795428000\nquorum 2\nwitness XB\nwitness XC\n"
                                     "witness XD\n\n\xe2\x80\x94 focal/XA/log/1 "));
  EXPECT_TRUE(is_witness_policy(made->note));
  EXPECT_FALSE(is_witness_policy(xa_.card_note()));
  const auto back = parse_witness_policy(made->note, xa_.log.pk);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->witnesses, fields().witnesses);
  EXPECT_EQ(back->quorum, 2u);
  EXPECT_EQ(back->serial, fields().serial);
  EXPECT_EQ(back->policy_id, crypto::sha256(witness_policy_text(fields())));
  EXPECT_TRUE(make_witness_policy({"XA", "focal/XA/log/7", 1, 0, {}}, xa_.log).has_value())
      << "no witnesses is a policy too";
  WitnessPolicyFields most = fields();
  most.witnesses.clear();
  for (char c = 'A'; c < 'A' + 16; ++c) most.witnesses.push_back(std::string("Y") + c);
  most.quorum = 9;
  EXPECT_TRUE(make_witness_policy(most, xa_.log).has_value());
  most.witnesses.push_back("YZ");
  EXPECT_FALSE(make_witness_policy(most, xa_.log).has_value());
}

TEST_F(WitnessPolicyTest, EachLineWrongAlone) {
  const std::string good = witness_policy_text(fields());
  ASSERT_EQ(refused(signed_text(good)), std::nullopt);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return refused(signed_text(text.replace(at, from.size(), to)));
  };
  const std::pair<std::string, std::string> wrong[] = {
      {"focal-witness/v1", "focal-witness/v2"}, {"party XA", "party xa"},
      {"party XA", "party XB"}, {"log focal/XA/log/1", "log focal/XB/log/1"},
      {"log/1\n", "log/01\n"}, {"log/1\n", "log/0\n"}, {"log/1\n", "log/4294967296\n"},
      {"log focal/XA/log/1", "log focal/XA/witness"}, {"serial 1795428000", "serial 0"},
      {"serial 1795428000", "serial 01"}, {"serial 1795428000", "serial 9223372036854775808"},
      {"quorum 2", "quorum 1"}, {"quorum 2", "quorum 4"}, {"quorum 2", "quorum 0"},
      {"quorum 2", "quorum 02"}, {"witness XB", "witness XA"}, {"witness XB", "witness XC"},
      {"witness XC", "witness XB"}, {"witness XB", "witness XE"}, {"witness XD", "witness xd"},
      {"witness XD", "witnesses XD"}, {"quorum 2\n", ""}, {"party XA\n", ""},
      {"witness XD\n", "witness XD\nextra x\n"}};
  for (const auto& [from, to] : wrong)
    EXPECT_EQ(with(from, to), ErrorCode::kCard) << from << " -> " << to;
}

TEST_F(WitnessPolicyTest, OnlyTheLogKeySaysIt) {
  const auto made = make_witness_policy(fields(), xa_.sign);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(refused(made->note), ErrorCode::kSignature);
  std::string note = make_witness_policy(fields(), xa_.log)->note;
  note[note.find("quorum 2") + 7] = '3';
  EXPECT_EQ(refused(note), ErrorCode::kSignature);
  EXPECT_EQ(refused("hello\n"), ErrorCode::kNote);
  EXPECT_EQ(refused(note + std::string(kMaxPolicySize, '\n')), ErrorCode::kLimit);
}

TEST_F(WitnessPolicyTest, AQuorumIsAMajorityAndReportsMeetEveryQuorum) {
  EXPECT_TRUE(is_quorum(0, 0));
  EXPECT_FALSE(is_quorum(0, 1));
  EXPECT_EQ(reports_needed(0, 0), 0u);
  for (std::uint32_t n = 1; n <= kMaxWitnesses; ++n)
    for (std::uint32_t q = 0; q <= n + 1; ++q) {
      EXPECT_EQ(is_quorum(n, q), q >= 1 && q <= n && 2 * q > n) << q << " of " << n;
      if (!is_quorum(n, q)) continue;
      const std::uint32_t r = reports_needed(n, q);
      EXPECT_GT(q + r, n) << "some witness of any quorum has spoken";
      EXPECT_LE(q + r - 1, n) << "and no more are asked for";
    }
  EXPECT_EQ(reports_needed(5, 3), 3u);
  EXPECT_EQ(reports_needed(1, 1), 1u);
  EXPECT_EQ(reports_needed(2, 2), 1u);
}

}  // namespace
}  // namespace focal::exchange
