// Goal: a manifest is read as it was written, and nothing but a well-formed one is read.
// Method: round trips, comparison with protobuf's own bytes, and one rule broken at a time.
#include "node/exchange/manifest.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "proto/envelope.pb.h"
#include "proto/lint.h"
#include "tests/unit/exchange/samples.h"

namespace focal::exchange {
namespace {

using test::full_manifest;
using test::hash_of;
using test::least_manifest;

void expect_same(const Manifest& a, const Manifest& b) {
  EXPECT_EQ(a.v, b.v);
  EXPECT_EQ(a.msg_id, b.msg_id);
  EXPECT_EQ(a.from, b.from);
  EXPECT_EQ(a.from_card, b.from_card);
  EXPECT_EQ(a.to, b.to);
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.thread, b.thread);
  EXPECT_EQ(a.reply_to, b.reply_to);
  EXPECT_EQ(a.created_ms, b.created_ms);
  EXPECT_EQ(a.expires_ms, b.expires_ms);
  EXPECT_EQ(a.body_commit, b.body_commit);
  EXPECT_EQ(a.body_len, b.body_len);
  EXPECT_EQ(a.attachments, b.attachments);
  EXPECT_EQ(a.approver, b.approver);
  EXPECT_EQ(a.bytes, b.bytes);
  EXPECT_EQ(a.rid, b.rid);
}

ErrorCode code_of(Manifest m) {
  encode_manifest(m);
  const auto parsed = parse_manifest(m.bytes);
  return parsed ? ErrorCode::kUsage : parsed.error().code;
}

TEST(ManifestTest, IsReadAsItWasWritten) {
  for (const Manifest& m : {full_manifest(), least_manifest()}) {
    const auto parsed = parse_manifest(m.bytes);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
    expect_same(*parsed, m);
  }
}

TEST(ManifestTest, RidIsTheLeafHashOfTheBytes) {
  const Manifest m = full_manifest();
  const std::uint8_t zero = 0;
  EXPECT_EQ(m.rid, crypto::sha256({ByteView(&zero, 1), m.bytes}));
  Manifest other = m;
  other.msg_id[0] ^= 1;
  encode_manifest(other);
  EXPECT_NE(other.rid, m.rid);
}

TEST(ManifestTest, FieldsStandWhereTheSchemaSays) {
  const Manifest m = full_manifest();
  v1::Manifest pb;
  ASSERT_TRUE(pb.ParseFromArray(m.bytes.data(), static_cast<int>(m.bytes.size())));
  EXPECT_EQ(pb.v(), 1u);
  EXPECT_EQ(pb.from(), "XA");
  EXPECT_EQ(pb.to_size(), 2);
  EXPECT_EQ(as_bytes(pb.thread().rid())[0], 0x11);
  EXPECT_EQ(as_bytes(pb.reply_to().rid())[0], 0x12);
  EXPECT_EQ(pb.expires_ms(), m.expires_ms);
  EXPECT_EQ(pb.approver_size(), 2);
  EXPECT_EQ(pb.SerializeAsString(), as_text(m.bytes));
}

TEST(ManifestTest, NamesAreChecked) {
  Manifest m = full_manifest();
  m.from = "xa";
  EXPECT_EQ(code_of(m), ErrorCode::kLint);
  m = full_manifest();
  m.kind = "Trace.Request";
  EXPECT_EQ(code_of(m), ErrorCode::kLint);
  m.kind = std::string(65, 'a');
  EXPECT_EQ(code_of(m), ErrorCode::kLimit);
  m = full_manifest();
  m.to = {"XB", "X"};
  EXPECT_EQ(code_of(m), ErrorCode::kLint);
}

TEST(ManifestTest, N032_AudienceIsSortedUniqueAndBounded) {
  Manifest m = full_manifest();
  m.to = {"XC", "XB"};
  EXPECT_EQ(code_of(m), ErrorCode::kLint);
  m.to = {"XB", "XB"};
  EXPECT_EQ(code_of(m), ErrorCode::kLint);
  m.to.clear();
  EXPECT_EQ(code_of(m), ErrorCode::kLint);
  for (int i = 0; i < 256; ++i) m.to.push_back("P" + std::to_string(1000 + i));
  EXPECT_EQ(code_of(m), ErrorCode::kUsage) << "256 is allowed";
  m.to.push_back("P2000");
  EXPECT_EQ(code_of(m), ErrorCode::kLimit);
}

TEST(ManifestTest, TimesAndLengthsAreBounded) {
  Manifest m = full_manifest();
  m.created_ms = proto::kEndOfTimeMs;
  EXPECT_EQ(code_of(m), ErrorCode::kLint);
  m.created_ms = 0;
  EXPECT_EQ(code_of(m), ErrorCode::kLint) << "a record without a time has no name";
  m = full_manifest();
  m.body_len = proto::kMaxBody + 1;
  EXPECT_EQ(code_of(m), ErrorCode::kLimit);
  m = full_manifest();
  m.approver.assign(5, hash_of(1));
  EXPECT_EQ(code_of(m), ErrorCode::kLimit);
  m = full_manifest();
  m.reply_to->created_ms = 0;
  EXPECT_EQ(code_of(m), ErrorCode::kLint) << "half a reference";
}

TEST(ManifestTest, AnyByteLostOrAddedIsRefusedOrAnotherRecord) {
  const Manifest m = full_manifest();
  for (std::size_t i = 0; i < m.bytes.size(); ++i) {
    Bytes cut = m.bytes;
    cut.erase(cut.begin() + static_cast<std::ptrdiff_t>(i));
    const auto parsed = parse_manifest(cut);
    if (parsed) {
      EXPECT_NE(parsed->rid, m.rid) << "byte " << i;
    }
  }
  Bytes longer = m.bytes;
  longer.push_back(0);
  EXPECT_FALSE(parse_manifest(longer).has_value());
}

TEST(ManifestTest, N043_BodyCommitmentBindsSaltAndBody) {
  const Hash32 salt = hash_of(5);
  const Bytes body = to_bytes("body");
  Bytes joined = to_bytes(std::string_view("focal/body/v1\0", 14));
  append(joined, salt);
  append(joined, body);
  EXPECT_EQ(body_commitment(salt, body), crypto::sha256(joined));
  EXPECT_NE(body_commitment(hash_of(6), body), body_commitment(salt, body));
  EXPECT_NE(body_commitment(salt, to_bytes("bodY")), body_commitment(salt, body));
  EXPECT_NE(body_commitment(salt, {}), body_commitment(salt, body));
}

}  // namespace
}  // namespace focal::exchange
