// Goal: what a node's ledger holds makes a bundle that a verifier without node, network and
// database proves, at the sender as at the recipient; what is withheld or destroyed is not in it.
// Method: two whole nodes exchange a record; each signs and publishes a checkpoint and makes a
// bundle; the verifier gets the bytes and the fingerprints of both roots.
#include <gtest/gtest.h>

#include "node/evidence/check.h"
#include "node/evidence/maker.h"
#include "node/exchange/safety_number.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

using evidence::ClaimKind;
using evidence::Judgement;
using evidence::Reason;

struct Evidence : ::testing::Test {
  World w;
  store::RecordRef ref;

  void SetUp() override {
    for (const char* party : {"XA", "XB"}) w.add(party);
    w.verify_both("XA", "XB");
    w.connect("XA", "XB");
    ref = w.send("XA", "XB", "peer.ping", ping_body("words of this record"));
    w.run();
    ASSERT_NE(w.status_of("XA", ref, "XB"), 0u) << "the receipt is to be here";
  }

  void publish(const std::string& party) {
    auto made = w.node(party).ledger().make_checkpoint(w.now().wall_ms, w.keys(party).log);
    ASSERT_TRUE(made.has_value()) << made.error().message;
    w.core(party).write(store::PutPublished{made->size});
    ASSERT_TRUE(w.core(party).finish_group(w.now()).status.has_value());
  }

  Result<evidence::Made> make(const std::string& party, evidence::Wish wish) {
    node::Core& core = w.core(party);
    return evidence::make_bundle(core.view(), core.self(), core.peers(), wish, w.now());
  }
  evidence::Wish wish_of(const std::string& party) {
    evidence::Wish wish;
    wish.records = {w.view(party).find(ref)->idx};
    wish.root = ref.rid;
    return wish;
  }

  std::vector<evidence::Claim> claims(const std::string& party, const evidence::Wish& wish) {
    const auto made = make(party, wish);
    EXPECT_TRUE(made.has_value()) << made.error().message;
    if (!made.has_value()) return {};
    EXPECT_TRUE(made->left_out.empty());
    evidence::Fingerprints roots;
    for (const char* name : {"XA", "XB"})
      roots[name] = exchange::root_fingerprint(name, w.core(name).self().card.root);
    return evidence::check_bundle(made->archive, roots);
  }
  static std::optional<Judgement> said(const std::vector<evidence::Claim>& claims, ClaimKind kind,
                                       const std::string& party) {
    for (const evidence::Claim& claim : claims)
      if (claim.kind == kind && claim.party == party) return claim.judgement;
    return std::nullopt;
  }
};

TEST_F(Evidence, BothEndsProveTheRecordAndItsReceipt) {
  for (const char* party : {"XA", "XB"}) {
    publish(party);
    const auto made = claims(party, wish_of(party));
    EXPECT_NE(evidence::whole_of(made), evidence::Whole::kBroken);
    for (const char* name : {"XA", "XB"}) {
      EXPECT_EQ(said(made, ClaimKind::kCard, name), evidence::kProven) << party;
      EXPECT_EQ(said(made, ClaimKind::kLogged, name), std::string(name) == party
                                                          ? evidence::kProven
                                                          : evidence::not_shown(Reason::kAbsent));
    }
    EXPECT_EQ(said(made, ClaimKind::kSigned, "XA"), evidence::kProven) << party;
    EXPECT_EQ(said(made, ClaimKind::kContent, "XA"), evidence::kProven) << party;
    EXPECT_EQ(said(made, ClaimKind::kAccepted, "XB"), evidence::kProven) << party;
    EXPECT_EQ(said(made, ClaimKind::kWitnessed, party), evidence::not_shown(Reason::kAbsent));
  }
}

TEST_F(Evidence, WhatNoCheckpointContainsHasNoPlaceInTheLedger) {
  const auto made = claims("XA", wish_of("XA"));
  EXPECT_EQ(said(made, ClaimKind::kSigned, "XA"), evidence::kProven);
  EXPECT_EQ(said(made, ClaimKind::kLogged, "XA"), evidence::not_shown(Reason::kAbsent));
}

TEST_F(Evidence, AWithheldBodyIsNotInIt) {
  const auto holds_body = [this](const evidence::Wish& wish) {
    const auto made = make("XA", wish);
    return made.has_value() &&
           as_text(made->archive).find("words of this record") != std::string_view::npos;
  };
  EXPECT_TRUE(holds_body(wish_of("XA")));
  evidence::Wish wish = wish_of("XA");
  wish.withheld = {ref.rid};
  EXPECT_FALSE(holds_body(wish));
  EXPECT_EQ(said(claims("XA", wish), ClaimKind::kContent, "XA"),
            evidence::not_shown(Reason::kWithheld));
}

TEST_F(Evidence, WhatIsNotHereIsNotMade) {
  EXPECT_EQ(make("XA", {}).error().code, ErrorCode::kInvalid);
  evidence::Wish unknown;
  unknown.records = {store::LeafIndex{1} << 40};
  EXPECT_EQ(make("XA", unknown).error().code, ErrorCode::kNotFound);
  w.core("XB").write(store::PutShred{ref, "by lawful order"});
  ASSERT_TRUE(w.core("XB").finish_group(w.now()).status.has_value());
  EXPECT_EQ(make("XB", wish_of("XB")).error().code, ErrorCode::kErased);
}

}  // namespace
}  // namespace focal::test
