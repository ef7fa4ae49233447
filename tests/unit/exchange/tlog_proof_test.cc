// Goal: a proof shows that a leaf stands in a log, and nothing that is nearly one passes.
// Method: every leaf of logs of several sizes; then each part wrong alone, also bit by bit.
#include "node/exchange/tlog_proof.h"

#include <gtest/gtest.h>

#include "tests/support/test_log.h"

namespace focal::exchange {
namespace {

using test::TestLog;
using test::TestParty;

class TlogProofTest : public ::testing::Test {
 protected:
  TlogProof proof(std::uint64_t index, std::uint64_t size) const {
    return {index, log_.inclusion(index, size), log_.note(size)};
  }
  std::optional<ErrorCode> check(const TlogProof& proof, std::uint64_t leaf) const {
    const auto checked = check_tlog_proof(proof, log_.leaf(leaf), log_.origin(), xa_.log.pk);
    if (checked) return std::nullopt;
    return checked.error().code;
  }
  static std::optional<ErrorCode> refused(const std::string& text) {
    const auto parsed = parse_tlog_proof(text);
    if (parsed) return std::nullopt;
    return parsed.error().code;
  }

  TestParty xa_{"XA", 1};
  TestLog log_{xa_};
};

TEST_F(TlogProofTest, EveryLeafIsShown) {
  for (const std::uint64_t size : {1u, 2u, 7u, 64u, 100u}) {
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto back = parse_tlog_proof(format_tlog_proof(proof(i, size)));
      ASSERT_TRUE(back.has_value()) << back.error().message;
      EXPECT_EQ(back->index, i);
      EXPECT_EQ(check(*back, i), std::nullopt) << i << " of " << size;
      EXPECT_EQ(format_tlog_proof(*back), format_tlog_proof(proof(i, size)));
      if (i > 0) {
        EXPECT_EQ(check(*back, i - 1), ErrorCode::kWitness) << "another leaf";
      }
    }
  }
}

TEST_F(TlogProofTest, EachPartWrongAlone) {
  const TlogProof good = proof(40, 100);
  TlogProof bad = good;
  bad.index = 41;
  EXPECT_EQ(check(bad, 40), ErrorCode::kWitness);
  bad = good;
  bad.path.pop_back();
  EXPECT_EQ(check(bad, 40), ErrorCode::kWitness);
  bad = good;
  bad.path.push_back({});
  EXPECT_EQ(check(bad, 40), ErrorCode::kWitness);
  for (std::size_t i = 0; i < good.path.size(); ++i) {
    bad = good;
    bad.path[i][i] ^= 1;
    EXPECT_EQ(check(bad, 40), ErrorCode::kWitness);
  }
  bad = good;
  bad.note = log_.note(99);
  EXPECT_EQ(check(bad, 40), ErrorCode::kWitness) << "the root of another size";
  bad.note = TestLog(xa_, "other").note(100);
  EXPECT_EQ(check(bad, 40), ErrorCode::kWitness) << "another tree by the same key";
  bad.note = log_.note(100, &xa_.sign);
  EXPECT_EQ(check(bad, 40), ErrorCode::kSignature) << "another key";
  bad.note = TestLog(xa_, {}, 0, 2).note(100);
  EXPECT_EQ(check(bad, 40), ErrorCode::kWitness) << "another log of the party";
  bad.note = "hello\n";
  EXPECT_EQ(check(bad, 40), ErrorCode::kNote);
}

TEST_F(TlogProofTest, OneFormIsRead) {
  const std::string good = format_tlog_proof(proof(40, 100));
  ASSERT_EQ(refused(good), std::nullopt);
  const std::string start = "c2sp.org/tlog-proof@v1\nindex 40\n";
  ASSERT_TRUE(good.starts_with(start));
  const std::string rest = good.substr(start.size());
  for (const std::string other :
       {"", "c2sp.org/tlog-proof@v2\nindex 40\n", "c2sp.org/tlog-proof@v1\nindex 040\n",
        "c2sp.org/tlog-proof@v1\nindex 100\n", "c2sp.org/tlog-proof@v1\nindex \n",
        "c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n",
        "c2sp.org/tlog-proof@v1\nextra AAAA\nindex 40\n", "c2sp.org/tlog-proof@v1\r\nindex 40\n",
        "\nc2sp.org/tlog-proof@v1\nindex 40\n"})
    EXPECT_EQ(refused(other + rest), ErrorCode::kWitness) << other;
  for (std::size_t cut = 0; cut < good.size(); ++cut)
    EXPECT_EQ(refused(good.substr(0, cut)), ErrorCode::kWitness) << cut;
  std::string many = start;
  for (int i = 0; i < 63; ++i) many.append(base64(Hash32{})).append("\n");
  EXPECT_EQ(refused(many + "\n" + log_.note(100)), std::nullopt);
  EXPECT_EQ(refused(many + base64(Hash32{}) + "\n\n" + log_.note(100)), ErrorCode::kWitness);
  EXPECT_EQ(refused(start + std::string(kMaxTlogProof, 'x')), ErrorCode::kLimit);
}

}  // namespace
}  // namespace focal::exchange
