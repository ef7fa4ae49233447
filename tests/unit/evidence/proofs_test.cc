// Goal: a path and a proof have one form, with as many hashes as they need.
// Method: those of trees of every size up to 40 are written and read; then each rule is broken.
#include "node/evidence/proofs.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "node/evidence/policy.h"
#include "tests/support/party_fixture.h"

namespace focal::evidence {
namespace {

TEST(Path, IsReadAndLeadsOnlyWithTheHashesItNeeds) {
  std::vector<Hash32> leaves;
  for (std::size_t size = 1; size <= 40; ++size) {
    leaves.push_back(crypto::sha256(std::to_string(size)));
    for (std::size_t i = 0; i < size; ++i) {
      const BatchPath path{i, size, crypto::inclusion_path(i, leaves)};
      const std::string text = path_text(path);
      const auto read = read_path(text);
      ASSERT_TRUE(read.has_value()) << i << " of " << size;
      EXPECT_TRUE(crypto::verify_inclusion(leaves[i], read->index, read->size, read->hashes,
                                           crypto::merkle_root(leaves)));
      EXPECT_FALSE(read_path(text.substr(0, text.size() - 1)).has_value());
      auto other = *read_path(text + base64(leaves[0]) + "\n");
      EXPECT_FALSE(
          crypto::verify_inclusion(leaves[i], i, size, other.hashes, crypto::merkle_root(leaves)));
    }
  }
}

TEST(Path, RefusesOtherForms) {
  const std::string line = base64(crypto::sha256("x")) + "\n";
  ASSERT_TRUE(read_path("index 1\nsize 2\n" + line).has_value());
  for (const std::string& text :
       {std::string(), std::string("index 0\nsize 0\n"), std::string("index 1\nsize 1\n"),
        "index 01\nsize 2\n" + line, "index 2\nsize 2\n" + line, "size 2\nindex 1\n" + line,
        "index  1\nsize 2\n" + line, "index 1\nsize 2\n\n" + line, "index 1\r\nsize 2\n" + line,
        "index 1\nsize 2\n" + line.substr(1), "index 1\nsize 2\n" + line + "\n",
        "index -1\nsize 2\n" + line, "index 1\nsize 2 \n" + line})
    EXPECT_EQ(read_path(text).error().code, ErrorCode::kBundle) << text;
  std::string most = "index 0\nsize 2048\n";
  for (std::size_t i = 0; i < kMaxProofHashes; ++i) most += line;
  EXPECT_TRUE(read_path(most).has_value());
  EXPECT_FALSE(read_path(most + line).has_value());
  EXPECT_FALSE(read_path("index 0\nsize 2049\n").has_value());
}

TEST(Proof, IsReadUpToItsEmptyLine) {
  const LogProof proof{7, {crypto::sha256("a"), crypto::sha256("b")}, "the note\n\nas it is"};
  const std::string text = proof_text(proof);
  const auto read = read_proof(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->index, 7u);
  EXPECT_EQ(read->hashes, proof.hashes);
  EXPECT_EQ(read->note, proof.note);
  const std::string head = "c2sp.org/tlog-proof@v1\n";
  const std::string line = base64(crypto::sha256("x")) + "\n";
  std::string many = head + "index 1\n";
  for (std::size_t i = 0; i < kMaxProofHashes; ++i) many += line;
  EXPECT_TRUE(read_proof(many + "\n").has_value());
  for (const std::string& bad :
       {std::string(), head, head + "index 1\n", head + "index 1\n" + line, many + line + "\n",
        head + "extra AAAA\nindex 1\n\n", head + "index 9223372036854775808\n\n",
        head + "index 1\nAAAA\n\n", text + "\xff",
        std::string("c2sp.org/tlog-proof@v1 \nindex 1\n\n")})
    EXPECT_EQ(read_proof(bad).error().code, ErrorCode::kBundle) << bad;
  EXPECT_TRUE(read_proof(head + "index 9223372036854775807\n\n").has_value());
}

TEST(Policy, IsOneFormWithAQuorumThatMeets) {
  const test::TestParty party;
  const auto code = [&](const std::string& text) {
    crypto::Note note{text, {}};
    crypto::sign_note(note, "focal/XA/log/1", party.log);
    const auto read = parse_policy(crypto::format_note(note));
    return read.has_value() ? ErrorCode::kUsage : read.error().code;
  };
  const std::string head = "focal-witness/v1\nparty XA\nlog focal/XA/log/1\nserial 5\n";
  EXPECT_EQ(code(head + "quorum 0\n"), ErrorCode::kUsage);
  EXPECT_EQ(code(head + "quorum 1\nwitness XB\n"), ErrorCode::kUsage);
  EXPECT_EQ(code(head + "quorum 2\nwitness XB\nwitness XC\nwitness XD\n"), ErrorCode::kUsage);
  for (const char* tail :
       {"quorum 1\n", "quorum 0\nwitness XB\n", "quorum 1\nwitness XB\nwitness XC\n",
        "quorum 2\nwitness XB\n", "quorum 2\nwitness XC\nwitness XB\n",
        "quorum 2\nwitness XB\nwitness XB\n", "quorum 1\nwitness XA\n", "quorum 1\nwitness xb\n",
        "quorum 01\nwitness XB\n", "witness XB\nquorum 1\n", "quorum 1\nwitness XB\nnote x\n"})
    EXPECT_EQ(code(head + tail), ErrorCode::kCard) << tail;
  for (const char* log : {"focal/XB/log/1", "focal/XA/log/0", "focal/XA/log/01", "focal/XA/root"})
    EXPECT_EQ(
        code(std::string("focal-witness/v1\nparty XA\nlog ") + log + "\nserial 5\nquorum 0\n"),
        ErrorCode::kCard);
  EXPECT_EQ(parse_policy(std::string(kMaxPolicySize + 1, 'x')).error().code, ErrorCode::kLimit);
  EXPECT_EQ(parse_policy("x").error().code, ErrorCode::kNote);
  std::string many = head + "quorum 9\n";
  for (char c = 'A'; c <= 'P'; ++c) many.append("witness Y").append(1, c).append("\n");
  EXPECT_EQ(code(many), ErrorCode::kUsage);
  EXPECT_EQ(code(many + "witness YQ\n"), ErrorCode::kCard);
  const std::string text = head + "quorum 1\nwitness XB\n";
  crypto::Note note{text, {}};
  crypto::sign_note(note, "focal/XA/log/1", party.log);
  EXPECT_EQ(policy_text(test::TestParty::must(parse_policy(crypto::format_note(note)))), text);
}

}  // namespace
}  // namespace focal::evidence
