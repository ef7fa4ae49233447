// Goal: a batch signature says who, under which card, for what, and over which leaves;
// no other bytes pass for it. Method: sign, read back, change each part, forge.
#include "node/exchange/statement.h"

#include <gtest/gtest.h>

#include "crypto/merkle.h"
#include "proto/envelope.pb.h"
#include "proto/lint.h"
#include "tests/unit/exchange/samples.h"

namespace focal::exchange {
namespace {

using test::hash_of;
using test::signing_key;

struct StatementTest : ::testing::Test {
  crypto::SigningKey key = signing_key(3);
  std::vector<Hash32> leaves{hash_of(1), hash_of(2), hash_of(3)};
  SignedStatement made = sign_statement(key, "XA", hash_of(9), Purpose::kRecords, leaves, 1000);

  static v1::BatchStmt message(std::uint32_t purpose, std::uint32_t size) {
    v1::BatchStmt s;
    s.set_v(1);
    s.set_from("XA");
    s.set_card(std::string(32, 'c'));
    s.set_purpose(purpose);
    s.set_size(size);
    s.set_root(std::string(32, 'r'));
    s.set_signed_ms(1000);
    return s;
  }
  static Result<Statement> parse(const v1::BatchStmt& s) {
    return parse_statement(as_bytes(s.SerializeAsString()));
  }
};

TEST_F(StatementTest, IsReadAsItWasSigned) {
  const auto parsed = parse_statement(made.statement.bytes);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(parsed->from, "XA");
  EXPECT_EQ(parsed->card, hash_of(9));
  EXPECT_EQ(parsed->purpose, 1u);
  EXPECT_EQ(parsed->size, 3u);
  EXPECT_EQ(parsed->root, crypto::merkle_root(leaves));
  EXPECT_EQ(parsed->signed_ms, 1000u);
  EXPECT_EQ(parsed->bytes, made.statement.bytes);
  EXPECT_TRUE(verify_statement(key.pk, made.statement.bytes, made.signature));
}

TEST_F(StatementTest, SignatureIsOverThePaeOfTheExactBytes) {
  EXPECT_TRUE(crypto::verify(key.pk, crypto::pae("application/vnd.focal.batch.v1",
                                                 made.statement.bytes), made.signature));
  EXPECT_FALSE(crypto::verify(key.pk, made.statement.bytes, made.signature));
  EXPECT_FALSE(crypto::verify(key.pk, crypto::pae(crypto::kReleaseType, made.statement.bytes),
                              made.signature));
}

TEST_F(StatementTest, N040_AnyChangedBitOfStatementOrSignatureIsRefused) {
  for (std::size_t bit = 0; bit < made.statement.bytes.size() * 8; ++bit) {
    Bytes changed = made.statement.bytes;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_FALSE(verify_statement(key.pk, changed, made.signature)) << bit;
  }
  for (std::size_t bit = 0; bit < 512; ++bit) {
    auto changed = made.signature;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_FALSE(verify_statement(key.pk, made.statement.bytes, changed)) << bit;
  }
  EXPECT_FALSE(verify_statement(signing_key(4).pk, made.statement.bytes, made.signature));
  EXPECT_FALSE(verify_statement(key.pk, made.statement.bytes, ByteView(made.signature).first(63)));
  EXPECT_FALSE(verify_statement(key.pk, made.statement.bytes, {}));
}

TEST_F(StatementTest, N039_SizesGoWithThePurpose) {
  EXPECT_TRUE(parse(message(1, 1)).has_value());
  EXPECT_TRUE(parse(message(1, 256)).has_value());
  EXPECT_TRUE(parse(message(2, 2048)).has_value());
  EXPECT_FALSE(parse(message(1, 0)).has_value());
  EXPECT_FALSE(parse(message(1, 257)).has_value());
  EXPECT_FALSE(parse(message(2, 2049)).has_value());
  EXPECT_EQ(parse(message(1, 257)).error().code, ErrorCode::kLimit);
}

TEST_F(StatementTest, PurposeAndSignerAreChecked) {
  EXPECT_FALSE(parse(message(0, 1)).has_value());
  EXPECT_FALSE(parse(message(3, 1)).has_value());
  auto s = message(1, 1);
  s.set_from("xa");
  ASSERT_FALSE(parse(s).has_value());
  EXPECT_EQ(parse(s).error().path, "BatchStmt.from");
}

TEST_F(StatementTest, LongestStatementFits) {
  const auto longest = sign_statement(key, "P-1234567890", hash_of(0xff), Purpose::kReceipts,
                                      std::vector<Hash32>(2048, hash_of(1)),
                                      proto::kEndOfTimeMs - 1);
  EXPECT_LE(longest.statement.bytes.size(), proto::kMaxBatchStmt);
  EXPECT_LE(longest.statement.bytes.size(), 160u) << "what the sender reckons with";
  EXPECT_TRUE(parse_statement(longest.statement.bytes).has_value());
}

}  // namespace
}  // namespace focal::exchange
