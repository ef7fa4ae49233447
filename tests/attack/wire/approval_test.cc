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
