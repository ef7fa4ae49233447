// Goal: a key counts only if the root that was given leads to its card, over every kind of step,
// and no longer than it was not revoked.
// Method: chains by update, rotation and recovery under the old and the new root; broken ones;
// revocations before and after what others saw.
#include "node/evidence/chain.h"

#include <gtest/gtest.h>

#include "tests/unit/evidence/sample_bundle.h"

namespace focal::evidence {
namespace {

using exchange::RevocationScope;
using test::kIssuedMs;
using test::kSeenS;
using test::SampleBundle;

struct ChainTest : ::testing::Test {
  SampleBundle b;
  exchange::Card first = b.xa.card();

  void add(const exchange::Card& card) {
    b.put(b.card_name("XA", static_cast<unsigned>(card.serial)), card.note);
  }
  void give(const crypto::PublicKey& root) {
    b.roots["XA"] = exchange::root_fingerprint("XA", root);
  }
  Judgement card() const { return b.find(ClaimKind::kCard).judgement; }
  Judgement signed_claim() const { return b.find(ClaimKind::kSigned).judgement; }
  void revoke(const crypto::SigningKey& key, RevocationScope scope, std::uint64_t since_ms,
              const exchange::Card& of) {
    const std::string note = test::revocation_of(of, key, scope, since_ms);
    const auto parsed = test::TestParty::must(exchange::parse_revocation(note));
    b.put("revoke/XA/" + hex(parsed.revocation_id).substr(0, 16) + ".note", note);
  }
};

TEST_F(ChainTest, ARotationIsCrossedBothWays) {
  add(test::recovery_of(b.xa, first, &b.xa.root));
  EXPECT_EQ(card(), kProven);
  give(b.xa.next_root.pk);
  EXPECT_EQ(card(), kProven);
  EXPECT_EQ(signed_claim(), kProven);
}

TEST_F(ChainTest, ARecoveryIsCrossedForwardsOnly) {
  add(test::recovery_of(b.xa, first));
  EXPECT_EQ(signed_claim(), kProven);
  give(b.xa.next_root.pk);
  EXPECT_EQ(card(), kProven);
  EXPECT_EQ(signed_claim(), not_shown(Reason::kOtherRoot));
  give(b.xa.sign.pk);
  EXPECT_EQ(card(), not_shown(Reason::kOtherRoot));
}

TEST_F(ChainTest, AChainHasNoGapAndNoStranger) {
  add(test::update_of(b.xa, first));
  EXPECT_EQ(card(), kProven);
  EXPECT_EQ(b.find(ClaimKind::kCard).by, "2");
  const auto good = b.files;
  add(test::update_of(b.xa, test::update_of(b.xa, test::update_of(b.xa, first))));  // 4 after 2
  EXPECT_EQ(card(), broken(Reason::kChain));
  EXPECT_EQ(signed_claim(), not_shown(Reason::kChain));
  EXPECT_EQ(b.find(ClaimKind::kLogged).judgement, not_shown(Reason::kChain));
  EXPECT_EQ(b.find(ClaimKind::kCard).by, "");
  b.files = good;
  b.put(b.card_name("XA", 3), b.xb.card_note());
  EXPECT_EQ(card(), broken(Reason::kChain));
  b.files = good;
  b.put(b.card_name("XA", 2), first.note);
  EXPECT_EQ(card(), broken(Reason::kChain));
  b.files = good;
  b.files.at(b.card_name("XA", 1))[30] ^= 1;
  EXPECT_EQ(card(), broken(Reason::kChain));
  // The first card held may be any.
  b.files = good;
  b.files.erase(b.card_name("XA", 1));
  EXPECT_EQ(card(), kProven);
  EXPECT_EQ(signed_claim(), not_shown(Reason::kAbsent));
}

TEST_F(ChainTest, ARevokedKeyCountsWhereOthersSawIt) {
  revoke(b.xa.root, RevocationScope::kAll, (kSeenS + 1) * 1000, first);
  EXPECT_EQ(signed_claim(), kProven);
  EXPECT_EQ(b.find(ClaimKind::kLogged).judgement, kProven);
  // Nothing shows that a cosignature is older than its date.
  const auto claims = b.check();
  for (const Claim& claim : claims)
    if (claim.kind == ClaimKind::kWitnessed && claim.by == "XA") {
      EXPECT_EQ(claim.judgement, not_shown(Reason::kRevoked));
    }
  revoke(b.xa.root, RevocationScope::kAll, kSeenS * 1000, first);  // the earliest since counts
  EXPECT_EQ(signed_claim(), not_shown(Reason::kRevoked));
  EXPECT_EQ(b.find(ClaimKind::kReleased).judgement, not_shown(Reason::kRevoked));
  EXPECT_EQ(b.find(ClaimKind::kLogged).judgement, not_shown(Reason::kRevoked));
  EXPECT_EQ(b.find(ClaimKind::kQuorum).judgement, not_shown(Reason::kRevoked));
  EXPECT_EQ(b.find(ClaimKind::kAccepted, "XB").judgement, kProven);
}

TEST_F(ChainTest, ScopesAndStrangersOfRevocations) {
  revoke(b.xa.root, RevocationScope::kSign, kIssuedMs, first);
  EXPECT_EQ(signed_claim(), not_shown(Reason::kRevoked));
  EXPECT_EQ(b.find(ClaimKind::kLogged).judgement, kProven);
  SampleBundle clean;
  b.files = clean.files;
  revoke(b.xa.root, RevocationScope::kSeal, kIssuedMs, first);
  revoke(b.xa.root, RevocationScope::kTransport, kIssuedMs, first);
  revoke(b.xb.root, RevocationScope::kAll, kIssuedMs, first);  // a key that may not
  EXPECT_EQ(signed_claim(), kProven);
  revoke(b.xa.next_root, RevocationScope::kAll, kIssuedMs, first);  // the announced one may
  EXPECT_EQ(signed_claim(), not_shown(Reason::kRevoked));
  b.files = clean.files;
  b.put("revoke/XA/0123456789abcdef.note", test::revocation_of(first, b.xa.root));
  EXPECT_EQ(card(), broken(Reason::kSignature));
}

TEST_F(ChainTest, AKeyIsTakenFromEveryCardThatHasItAsTheSame) {
  const auto sign = test::signing_key(91);
  exchange::CardFields f = b.xa.fields_after(first);
  f.log_generation = 2;
  const auto second = test::made_card(f, {b.xa.root, sign, b.xa.sign, b.xa.witness});
  add(second);
  revoke(b.xa.root, RevocationScope::kAll, kIssuedMs, first);
  EXPECT_EQ(signed_claim(), not_shown(Reason::kRevoked));
  // The witness key goes on with the next card and is gone there too; the log key of that card is
  // the sign key of the one before, which is another role.
  const std::string note = test::revocation_of(first, b.xa.root);
  const std::string id = hex(test::TestParty::must(exchange::parse_revocation(note)).revocation_id);
  const PartyFiles files{{{"0000000001", first.note}, {"0000000002", second.note}},
                         {{std::string_view(id).substr(0, 16), note}},
                         {}};
  const Hash32 root = exchange::root_fingerprint("XA", b.xa.root.pk);
  const Chain chain("XA", &files, &root);
  const exchange::Card* last = chain.card(second.card_id);
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(chain.claim().judgement, kProven);
  EXPECT_EQ(chain.standing(*last, KeyRole::kLog), kProven);
  EXPECT_EQ(chain.standing(*last, KeyRole::kWitness), not_shown(Reason::kRevoked));
  EXPECT_EQ(chain.card_of_log("focal/XA/log/2"), last);
  EXPECT_EQ(chain.card_of_log("focal/XA/log/3"), nullptr);
}

TEST_F(ChainTest, AWitnessKeyStandsAtItsNewestCard) {
  exchange::CardFields f = b.xa.fields_after(first);
  const auto other = test::signing_key(92);
  const auto second = test::made_card(f, {b.xa.root, b.xa.sign, b.xa.log, other});
  const auto third = test::update_of(b.xa, second);
  const PartyFiles files{
      {{"0000000001", first.note}, {"0000000002", second.note}, {"0000000003", third.note}},
      {},
      {}};
  const Chain chain("XA", &files, nullptr);
  ASSERT_EQ(chain.witness_keys().size(), 2u);
  EXPECT_EQ(chain.witness_keys()[0].verifier.pk, other.pk);
  EXPECT_EQ(chain.witness_keys()[1].card->card_id, third.card_id);
}

TEST_F(ChainTest, TheSenderDoesNotWitnessForItself) {
  // Only XA saw the ledger of XB in time: that says nothing about what XA signed.
  b.put_ledger("XA", b.leaf_of("XA"), {});
  b.put_ledger("XC", b.leaf_of("XC"), {});
  b.put_ledger("XB", b.leaf_of("XB"), {"XA"});
  revoke(b.xa.root, RevocationScope::kSign, (kSeenS + 10) * 1000, first);
  EXPECT_EQ(b.find(ClaimKind::kTime).judgement, kProven);
  EXPECT_EQ(signed_claim(), not_shown(Reason::kRevoked));
  b.put_ledger("XB", b.leaf_of("XB"), {"XA", "XC"});
  EXPECT_EQ(signed_claim(), kProven);
}

}  // namespace
}  // namespace focal::evidence
