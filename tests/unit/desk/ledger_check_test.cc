// Goal: a verification report reaches people whole: each part with its own verdict,
// every problem counted, the newest checkpoint in it. Method: made-up reports, and
// a card for the keys.
#include "node/desk/ledger_check.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/merkle.h"
#include "node/exchange/tlog_proof.h"
#include "proto/api.pb.h"
#include "tests/support/party_fixture.h"

namespace focal::desk {
namespace {

namespace v1 = api::v1;

ledger::VerifyReport report_with(std::uint64_t problems_in_receipts) {
  ledger::VerifyReport report;
  report.leaves = 64;
  report.receipt_batches = 7;
  report.problem_count = problems_in_receipts;
  report.problems_in[static_cast<std::size_t>(ledger::VerifyPart::kReceipts)] =
      problems_in_receipts;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(100, problems_in_receipts); ++i)
    report.problems.push_back("receipt " + std::to_string(i));
  return report;
}

TEST(LedgerCheck, OneBadPartLeavesTheOthersTheirVerdict) {
  v1::LedgerVerifyResponse out;
  fill_verify(report_with(2), &out);
  EXPECT_FALSE(out.ok());
  EXPECT_EQ(out.problem_count(), 2u);
  ASSERT_EQ(out.checks_size(), static_cast<int>(ledger::kVerifyParts) + 2);
  for (int i = 0; i < static_cast<int>(ledger::kVerifyParts); ++i) {
    const v1::LedgerCheck& part = out.checks(i);
    EXPECT_EQ(part.ok(), part.name() != "receipt batches") << part.name();
    if (part.name() == "receipt batches") {
      EXPECT_EQ(part.detail(), "7 checked, problems: 2");
    } else if (part.name() == "leaves") {
      EXPECT_EQ(part.detail(), "64 checked");
    }
  }
  EXPECT_EQ(out.checks(out.checks_size() - 1).name(), "problem");
  EXPECT_EQ(out.checks(out.checks_size() - 1).detail(), "receipt 1");
}

TEST(LedgerCheck, OfTheLogAloneOnlyThatHasAVerdict) {
  const auto names = [](const v1::LedgerVerifyResponse& out) {
    std::string all;
    for (const v1::LedgerCheck& part : out.checks()) all += part.name() + " ";
    return all;
  };
  ledger::VerifyReport report = report_with(0);
  report.log_only = true;
  v1::LedgerVerifyResponse out;
  fill_verify(report, &out);
  EXPECT_TRUE(out.log_only());
  EXPECT_EQ(names(out), "leaves tiles checkpoints ");
  report = report_with(1);
  report.log_only = true;
  out.Clear();
  fill_verify(report, &out);
  EXPECT_FALSE(out.ok());
  EXPECT_EQ(names(out), "leaves tiles checkpoints receipt batches problem ") << "nothing is hidden";
}

TEST(LedgerCheck, WhatIsNotListedIsCounted) {
  v1::LedgerVerifyResponse out;
  fill_verify(report_with(250), &out);
  EXPECT_EQ(out.problem_count(), 250u);
  EXPECT_EQ(out.checks(out.checks_size() - 1).detail(), "and 150 more");
}

TEST(LedgerCheck, TheNewestCheckpointIsShown) {
  ledger::VerifyReport report;
  v1::LedgerVerifyResponse none;
  fill_verify(report, &none);
  EXPECT_TRUE(none.ok());
  EXPECT_EQ(none.checkpoint_size(), 0u);
  report.checkpoint = {128, {}, "focal/XA/log/1\n128\n"};
  v1::LedgerVerifyResponse out;
  fill_verify(report, &out);
  EXPECT_EQ(out.checkpoint_size(), 128u);
  EXPECT_EQ(out.checkpoint_text(), "focal/XA/log/1\n128\n");
}

TEST(LedgerCheck, EveryKeyOfTheCardIsUsed) {
  exchange::Card own;
  own.log.fill(1);
  own.sign.fill(2);
  const ledger::VerifyOptions options = verify_options(own);
  EXPECT_EQ(options.log_key, own.log);
  EXPECT_EQ(options.sign_key, own.sign);
  ASSERT_TRUE(options.read_card);
  EXPECT_FALSE(options.read_card("no card"));
}

// A log of two leaves of XB, and the proof that the second one stands in it.
class StoredProof : public ::testing::Test {
 protected:
  store::ProofRow row(const std::string& origin, const crypto::SigningKey& key) const {
    const Hash32 other = store::leaf_hash({store::LeafType::kPad, 1, {}, {}});
    crypto::Note note{store::checkpoint_text(origin, 2, crypto::merkle_node(other, store::leaf_hash(leaf_))), {}};
    crypto::sign_note(note, origin, key);
    const exchange::TlogProof proof{1, {other}, crypto::format_note(note)};
    const auto bytes = store::encode_leaf(leaf_);
    return {7, "XB", Bytes(bytes.begin(), bytes.end()), exchange::format_tlog_proof(proof)};
  }
  // What the program would say of it with this card of XB among the stored ones.
  Status check(const store::ProofRow& row) const {
    const auto options = verify_options({});
    const auto signer = options.read_card(xb_.card_note());
    if (!signer || !signer->log) return fail(ErrorCode::kCard, "the card does not name its log");
    return options.check_proof(row, {*signer->log});
  }

  using TestParty = test::TestParty;
  TestParty xb_{"XB", 40};
  store::Leaf leaf_{store::LeafType::kReceived, 2, {1}, {}};
};

TEST_F(StoredProof, HoldsAgainstTheLogThatACardNames) {
  const auto good = row("focal/XB/log/1", xb_.log);
  const Status holds = check(good);
  EXPECT_TRUE(holds) << holds.error().message;
}

TEST_F(StoredProof, WhatIsNearlyOneIsRefused) {
  const auto good = row("focal/XB/log/1", xb_.log);
  EXPECT_EQ(check(row("focal/XB/log/2", xb_.log)).error().code, ErrorCode::kWitness);
  EXPECT_EQ(check(row("focal/XB/log/1", xb_.sign)).error().code, ErrorCode::kSignature);
  auto other = good;
  other.leaf[10] ^= 1;
  EXPECT_EQ(check(other).error().code, ErrorCode::kWitness) << "another record's leaf";
  other.leaf.pop_back();
  EXPECT_EQ(check(other).error().code, ErrorCode::kWitness) << "no leaf";
  other = good;
  other.proof = "c2sp.org/tlog-proof@v1\n";
  EXPECT_EQ(check(other).error().code, ErrorCode::kWitness);
  EXPECT_EQ(verify_options({}).check_proof(good, {}).error().code, ErrorCode::kWitness)
      << "no card of the party";
}

}  // namespace
}  // namespace focal::desk
