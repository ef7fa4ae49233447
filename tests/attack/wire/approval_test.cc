// Goal: what a second officer approved arrives with that approval or not at all.
// Method: XA names an officer in the manifest; a co-recipient strips, swaps or invents
// the approval before it reaches XB; the true copy is accepted afterwards.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "node/exchange/approval.h"
#include "proto/envelope.pb.h"
#include "tests/attack/wire/forge.h"
#include "tests/support/party_fixture.h"

namespace focal::test {
namespace {

struct Approvals : ::testing::Test {
  World w;
  std::unique_ptr<Forger> forger;
  crypto::SigningKey officer = signing_key(200);
  std::string certificate;
  Forged made;

  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
    forger = std::make_unique<Forger>(w, "XA", "XB");
    exchange::OfficerCertificate fields;
    fields.party = "XA";
    fields.role = "SUPERVISOR";
    fields.key = officer.pk;
    fields.from_ms = w.now().wall_ms - kHourMs;
    fields.until_ms = w.now().wall_ms + kHourMs;
    certificate = exchange::make_certificate(fields, forger->sign_key());
    made = forger->honest();
    made.manifests[0].approver = {crypto::sha256(certificate)};
    forger->make_items(made);
    forger->sign(made);
  }
  Bytes signature(const crypto::SigningKey& key) const {
    return to_bytes(ByteView(
        crypto::sign(key, crypto::pae(crypto::kReleaseType, made.manifests[0].bytes))));
  }
  // Delivers the record with these approvals beside it.
  void deliver(const std::vector<std::pair<std::string, Bytes>>& approvals) {
    v1::Item item;
    ASSERT_TRUE(item.ParseFromArray(made.items[0].data(), static_cast<int>(made.items[0].size())));
    for (const auto& [note, sig] : approvals) {
      auto* approval = item.add_approvals();
      approval->set_certificate(note);
      approval->set_signature(to_string(sig));
    }
    Forged f = made;
    f.items = {to_bytes(item.SerializeAsString())};
    forger->make_inner(f);
    forger->deliver_inner(f.inner);
  }
  void expect_silent(const char* what) {
    EXPECT_EQ(forger->effect.leaves, 0u) << what;
    EXPECT_EQ(forger->effect.silent.count(8), 1u) << what;
    ASSERT_EQ(forger->effect.bounces.size(), 1u) << what;
    EXPECT_EQ(forger->effect.bounces[0].code, 4u) << what;
    EXPECT_EQ(forger->effect.bounces[0].items, std::vector<std::uint32_t>{0}) << what;
  }
  void expect_true_copy_is_taken() {
    deliver({{certificate, signature(officer)}});
    EXPECT_EQ(forger->effect.leaves, 2u);
    EXPECT_TRUE(forger->effect.silent.empty());
    EXPECT_TRUE(w.has("XB", {made.manifests[0].rid, made.manifests[0].created_ms}));
  }
};

TEST_F(Approvals, N137_StrippedByACoRecipient) {
  deliver({});
  expect_silent("stripped");
  expect_true_copy_is_taken();
}

// The record as a node really makes it, for two recipients; one of them strips it for the other.
TEST_F(Approvals, N137_ARecipientStripsWhatTheOtherOneGets) {
  w.add("XC");
  w.verify_both("XA", "XC");
  w.verify_both("XB", "XC");
  exchange::Draft draft;
  draft.to = {"XB", "XC"};
  draft.kind = "future.kind";
  draft.body = to_bytes("released by two");
  draft.detail = "jo and mia";
  const std::vector<exchange::Approver> approvers{{certificate, officer}};
  w.cut(forger->link());
  const auto ref = w.core("XA").machine().submit(w.now(), draft, approvers);
  w.run();
  const auto info = w.view("XA").find(ref);
  ASSERT_TRUE(info.has_value());
  const auto batch = w.view("XA").batch(info->batch);
  const auto whole = w.view("XA").item(info->idx);
  ASSERT_TRUE(whole.has_value());
  ASSERT_EQ(exchange::parse_item(*whole).approvals.size(), 1u);
  v1::Item stripped;
  ASSERT_TRUE(stripped.ParseFromArray(whole->data(), static_cast<int>(whole->size())));
  stripped.clear_approvals();
  const std::vector<Bytes> items{to_bytes(stripped.SerializeAsString())};
  Forger recipient(w, "XC", "XB");
  recipient.deliver_inner(exchange::encode_batch_inner(batch->stmt, batch->sig, items));
  EXPECT_EQ(recipient.effect.leaves, 0u);
  EXPECT_EQ(recipient.effect.silent.count(8), 1u);
  EXPECT_FALSE(w.has("XB", ref));
  w.connect("XA", "XB");
  w.run();
  EXPECT_TRUE(w.has("XB", ref)) << "the true copy is taken";
}

TEST_F(Approvals, N061_TheSameRecordWithOtherApprovalsSpoilsNothing) {
  const Bytes good = signature(officer);
  Bytes broken = good;
  broken[5] ^= 1;
  std::string altered = certificate;
  altered[altered.find("SUPERVISOR")] = 'M';
  const std::vector<std::vector<std::pair<std::string, Bytes>>> others = {
      {{certificate, broken}}, {{altered, good}}, {{certificate, good}, {certificate, good}},
      {{"", good}},            {{certificate, Bytes(64, 0)}}};
  for (const auto& other : others) {
    deliver(other);
    EXPECT_EQ(forger->effect.leaves, 0u);
    EXPECT_FALSE(w.has("XB", {made.manifests[0].rid, made.manifests[0].created_ms}));
  }
  expect_true_copy_is_taken();
  for (const auto& other : others) {  // what comes later changes nothing either
    deliver(other);
    EXPECT_EQ(w.leaves("XB", store::LeafType::kReceived), 1u);
  }
}

TEST_F(Approvals, SwappedOrInvented) {
  deliver({{certificate, signature(signing_key(201))}});
  expect_silent("signed by somebody else");
  deliver({{certificate, signature(officer)}, {certificate, signature(officer)}});
  expect_silent("one more than named");
  exchange::OfficerCertificate other;
  other.party = "XA";
  other.role = "CLERK";
  other.key = signing_key(201).pk;
  other.from_ms = w.now().wall_ms - kHourMs;
  other.until_ms = w.now().wall_ms + kHourMs;
  deliver({{exchange::make_certificate(other, forger->sign_key()), signature(signing_key(201))}});
  expect_silent("another officer of the same party");
  expect_true_copy_is_taken();
}

TEST_F(Approvals, ExpiredWhenTheRecordWasMade) {
  w.advance(2 * kHourMs);
  made = forger->honest();  // written now, after the certificate's end
  made.manifests[0].approver = {crypto::sha256(certificate)};
  forger->make_items(made);
  forger->sign(made);
  deliver({{certificate, signature(officer)}});
  expect_silent("expired");
}

}  // namespace
}  // namespace focal::test
