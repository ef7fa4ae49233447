// Goal: of a good bundle everything is proved, and each claim has each verdict and reason that
// docs/protocol.md, "Claims", gives it.
// Method: a bundle made with keys of tests; one step of its making or one file is changed, signed
// anew where needed, and the claim that has to notice is looked at.
#include "node/evidence/check.h"

#include <gtest/gtest.h>

#include "tests/unit/evidence/sample_bundle.h"

namespace focal::evidence {
namespace {

using test::kIssuedMs;
using test::kSeenS;
using test::SampleBundle;
using Change = std::function<void(SampleBundle&)>;

struct Case {
  const char* what;
  ClaimKind kind;
  const char* party;
  Judgement due;
  Change change;
};

void expect(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    SampleBundle bundle;
    each.change(bundle);
    const Claim claim = bundle.find(each.kind, each.party);
    EXPECT_EQ(claim.judgement, each.due)
        << each.what << ": " << verdict_name(claim.judgement.verdict) << " "
        << reason_name(claim.judgement.reason);
  }
}

Change remove_files(std::vector<std::string> names) {
  return [names](SampleBundle& b) {
    for (const auto& name : names) ASSERT_EQ(b.files.erase(b.rec(name)), 1u) << name;
  };
}
Change flip(const std::string& name, std::size_t at = 0) {
  return [name, at](SampleBundle& b) { b.files.at(b.rec(name))[at] ^= 1; };
}

TEST(Check, AGoodBundleIsProvedFromEndToEnd) {
  const SampleBundle bundle;
  const auto claims = bundle.check();
  EXPECT_EQ(whole_of(claims), Whole::kProved);
  std::vector<std::string> order;
  for (const Claim& claim : claims) {
    EXPECT_EQ(claim.judgement, kProven) << claim_name(claim.kind) << " " << claim.party << " "
                                        << reason_name(claim.judgement.reason);
    order.push_back(std::string(claim_name(claim.kind)).append(" ").append(claim.party));
  }
  const std::vector<std::string> due = {
      "CARD XA",      "CARD XB",      "CARD XC",      "SIGNED XA",    "RELEASED XA",
      "CONTENT XA",   "ACCEPTED XB",  "REJECTED XC",  "LOGGED XA",    "LOGGED XB",
      "LOGGED XC",    "WITNESSED XA", "WITNESSED XA", "WITNESSED XB", "WITNESSED XB",
      "WITNESSED XC", "WITNESSED XC", "QUORUM XA",    "QUORUM XB",    "QUORUM XC",
      "TIME XA"};
  EXPECT_EQ(order, due);
}

TEST(Check, SaysWhoWhenAndWhere) {
  const auto claims = SampleBundle().check();
  const auto said = [&](ClaimKind kind, const std::string& party) {
    const Claim claim = SampleBundle::find(claims, kind, party);
    return claim.by + " | " + claim.at;
  };
  EXPECT_EQ(said(ClaimKind::kCard, "XA"), "1 | ");
  EXPECT_EQ(said(ClaimKind::kSigned, "XA"), "1 | 2026-11-23T10:00:02.000Z");
  EXPECT_EQ(said(ClaimKind::kReleased, "XA"), "SUPERVISOR | 2026-11-23T10:00:01.000Z");
  EXPECT_EQ(said(ClaimKind::kContent, "XA"), " | ");
  EXPECT_EQ(said(ClaimKind::kAccepted, "XB"), "1 | 2026-11-23T10:00:05.000Z");
  EXPECT_EQ(said(ClaimKind::kRejected, "XC"), "19 | 2026-11-23T10:00:05.000Z");
  EXPECT_EQ(said(ClaimKind::kLogged, "XA"), "focal/XA/log/1#2 | 2026-11-23T10:00:03.000Z");
  EXPECT_EQ(said(ClaimKind::kWitnessed, "XA"), "XB | 2026-11-23T10:10:00.000Z");
  EXPECT_EQ(said(ClaimKind::kQuorum, "XA"), "2/2/2 | 2026-11-23T10:10:00.000Z");
  EXPECT_EQ(said(ClaimKind::kTime, "XA"), "2026-11-23T10:00:01.000Z | 2026-11-23T10:10:00.000Z");
}

TEST(Check, WithoutFingerprintsNothingThatAPartySignedIsShown) {
  SampleBundle bundle;
  bundle.roots.clear();
  for (const Claim& claim : bundle.check()) {
    if (claim.kind == ClaimKind::kContent) {
      EXPECT_EQ(claim.judgement, kProven);
    } else if (claim.kind == ClaimKind::kTime) {
      EXPECT_EQ(claim.judgement, not_shown(Reason::kAbsent));
    } else {
      EXPECT_EQ(claim.judgement, not_shown(Reason::kNoRoot)) << claim_name(claim.kind);
    }
  }
  bundle.roots["XB"] = test::SampleBundle::hash_of("another root");
  EXPECT_EQ(bundle.find(ClaimKind::kAccepted, "XB").judgement, not_shown(Reason::kOtherRoot));
  EXPECT_EQ(bundle.find(ClaimKind::kCard, "XB").judgement, not_shown(Reason::kOtherRoot));
}

TEST(Check, Signed) {
  const auto kind = ClaimKind::kSigned;
  expect({
      {"no statement", kind, "XA", broken(Reason::kForm),
       [](auto& b) { b.put(b.rec("batch.stmt"), std::string("x")); }},
      {"a short signature", kind, "XA", broken(Reason::kForm),
       [](auto& b) { b.files.at(b.rec("batch.sig")).pop_back(); }},
      {"a path of another length", kind, "XA", broken(Reason::kPath),
       [](auto& b) { append(b.files.at(b.rec("batch.path")), base64(b.salt) + "\n"); }},
      {"another place", kind, "XA", broken(Reason::kPath),
       [](auto& b) { b.files.at(b.rec("batch.path"))[6] = '0'; }},
      {"for receipts", kind, "XA", broken(Reason::kSignature), [](auto& b) { b.make_batch(2); }},
      {"by another party", kind, "XA", broken(Reason::kSignature),
       [](auto& b) { b.make_batch(1, "XC"); }},
      {"by another key", kind, "XA", broken(Reason::kSignature),
       [](auto& b) {
         b.make_statement("batch", b.xa.log, "XA", b.manifest.from_card, 1, b.manifest.rid);
       }},
      {"a changed signature", kind, "XA", broken(Reason::kSignature), flip("batch.sig")},
      {"no card", kind, "XA", not_shown(Reason::kAbsent),
       [](auto& b) { b.files.erase(b.card_name("XA", 1)); }},
      {"under a card that is not here", kind, "XA", not_shown(Reason::kAbsent),
       [](auto& b) {
         b.manifest.from_card = SampleBundle::hash_of("another card");
         exchange::encode_manifest(b.manifest);
         b.make_record();
       }},
  });
}

TEST(Check, ReleasedAndContent) {
  const auto kind = ClaimKind::kReleased;
  const auto content = ClaimKind::kContent;
  expect({
      {"without its files", kind, "XA", not_shown(Reason::kAbsent),
       remove_files({"approval-0.cert", "approval-0.sig"})},
      {"another certificate", kind, "XA", broken(Reason::kCertificate),
       flip("approval-0.cert", 20)},
      {"not valid then", kind, "XA", broken(Reason::kCertificate),
       [](auto& b) {
         b.manifest.created_ms = kIssuedMs - 1;
         exchange::encode_manifest(b.manifest);
         b.make_record();
       }},
      {"a changed signature", kind, "XA", broken(Reason::kSignature), flip("approval-0.sig")},
      {"no card", kind, "XA", not_shown(Reason::kAbsent),
       [](auto& b) { b.files.erase(b.card_name("XA", 1)); }},
      {"withheld", content, "XA", not_shown(Reason::kWithheld),
       remove_files({"body.bin", "salt.bin"})},
      {"erased", content, "XA", not_shown(Reason::kAbsent), [](auto& b) { b.erase_at_xb(); }},
      {"another body", content, "XA", broken(Reason::kCommitment), flip("body.bin")},
      {"another salt", content, "XA", broken(Reason::kCommitment), flip("salt.bin")},
      {"no salt", content, "XA", broken(Reason::kCommitment),
       [](auto& b) { b.files.at(b.rec("salt.bin")).clear(); }},
  });
}

TEST(Check, Receipts) {
  const auto kind = ClaimKind::kAccepted;
  expect({
      {"no receipt", kind, "XB", not_shown(Reason::kAbsent),
       remove_files({"receipt-XB.item", "receipt-XB.stmt", "receipt-XB.sig", "receipt-XB.path"})},
      {"no item", kind, "XB", broken(Reason::kForm),
       [](auto& b) { b.put(b.rec("receipt-XB.item"), std::string("x")); }},
      {"a status that is never sent", kind, "XB", broken(Reason::kForm),
       [](auto& b) { b.make_receipt("XB", 3); }},
      {"of another record", kind, "XB", broken(Reason::kLeaf),
       [](auto& b) { b.make_receipt("XB", 1, [](auto& item) { item.ref.rid[0] ^= 1; }); }},
      {"of another time", kind, "XB", broken(Reason::kLeaf),
       [](auto& b) { b.make_receipt("XB", 1, [](auto& item) { ++item.ref.created_ms; }); }},
      {"of another leaf", kind, "XB", broken(Reason::kLeaf),
       [](auto& b) { b.make_receipt("XB", 1, [](auto& item) { ++item.at_ms; }); }},
      {"another place", kind, "XB", broken(Reason::kPath),
       [](auto& b) { b.files.at(b.rec("receipt-XB.path"))[6] = '0'; }},
      {"for records", kind, "XB", broken(Reason::kSignature),
       [](auto& b) { b.make_receipt("XB", 1, {}, 1); }},
      {"by another party", kind, "XB", broken(Reason::kSignature),
       [](auto& b) { b.make_receipt("XB", 1, {}, 2, "XC"); }},
      {"a changed signature", kind, "XB", broken(Reason::kSignature), flip("receipt-XB.sig")},
      {"no card", kind, "XB", not_shown(Reason::kAbsent),
       [](auto& b) { b.files.erase(b.card_name("XB", 1)); }},
  });
}

TEST(Check, Logged) {
  const auto kind = ClaimKind::kLogged;
  const auto leaf_change = [](auto edit) {
    return [edit](SampleBundle& b) {
      auto leaf = b.leaf_of("XB");
      edit(leaf);
      b.put_ledger("XB", leaf, {"XA", "XC"});
    };
  };
  const auto proof_change = [](const std::string& from, const std::string& to) {
    return [from, to](SampleBundle& b) {
      std::string text = to_string(b.files.at(b.rec("proof-XB.tlog-proof")));
      ASSERT_NE(text.find(from), std::string::npos);
      b.put(b.rec("proof-XB.tlog-proof"), text.replace(text.find(from), from.size(), to));
    };
  };
  expect({
      {"no leaf", kind, "XB", not_shown(Reason::kAbsent),
       remove_files({"leaf-XB.bin", "proof-XB.tlog-proof"})},
      {"a short leaf", kind, "XB", broken(Reason::kLeaf),
       [](auto& b) { b.files.at(b.rec("leaf-XB.bin")).pop_back(); }},
      {"another type", kind, "XB", broken(Reason::kLeaf),
       leaf_change([](auto& l) { l.type = store::LeafType::kSent; })},
      {"another record", kind, "XB", broken(Reason::kLeaf),
       leaf_change([](auto& l) { l.ref[0] ^= 1; })},
      {"with a detail", kind, "XB", broken(Reason::kLeaf),
       leaf_change([](auto& l) { l.detail[0] = 1; })},
      {"a time too late", kind, "XB", broken(Reason::kLeaf),
       leaf_change([](auto& l) { l.time_ms = std::uint64_t{1} << 48; })},
      {"not that of the receipt", kind, "XB", broken(Reason::kLeaf),
       leaf_change([](auto& l) { ++l.time_ms; })},
      {"no proof", kind, "XB", broken(Reason::kProof),
       proof_change("tlog-proof@v1", "tlog-proof@v2")},
      {"an extra line", kind, "XB", broken(Reason::kProof),
       proof_change("index 2\n", "extra AA==\nindex 2\n")},
      {"another index", kind, "XB", broken(Reason::kProof), proof_change("index 2", "index 3")},
      {"another size, to which the path leads too", kind, "XB", broken(Reason::kCheckpoint),
       proof_change("\n5\n", "\n6\n")},
      {"another log", kind, "XB", broken(Reason::kCheckpoint),
       proof_change("\nfocal/XB/log/1\n", "\nfocal/XC/log/1\n")},
      {"a log of nobody", kind, "XB", not_shown(Reason::kAbsent),
       proof_change("\nfocal/XB/log/1\n", "\nfocal/XB/log/2\n")},
      {"not signed", kind, "XB", broken(Reason::kCheckpoint),
       proof_change("\xE2\x80\x94 focal/XB/log/1", "\xE2\x80\x94 focal/XB/log/3")},
      {"no card", kind, "XB", not_shown(Reason::kAbsent),
       [](auto& b) { b.files.erase(b.card_name("XB", 1)); }},
  });
}

TEST(Check, WitnessesAndQuorum) {
  expect({
      {"nobody", ClaimKind::kWitnessed, "XA", not_shown(Reason::kAbsent),
       [](auto& b) { b.put_ledger("XA", b.leaf_of("XA"), {}); }},
      {"the owner alone", ClaimKind::kWitnessed, "XA", not_shown(Reason::kAbsent),
       [](auto& b) { b.put_ledger("XA", b.leaf_of("XA"), {"XA"}); }},
      {"twice", ClaimKind::kWitnessed, "XA", broken(Reason::kSignature),
       [](auto& b) {
         b.put_ledger("XA", b.leaf_of("XA"), {"XB", "XB"});
       }},
      {"one of two", ClaimKind::kQuorum, "XA", not_shown(Reason::kPolicy),
       [](auto& b) { b.put_ledger("XA", b.leaf_of("XA"), {"XB"}); }},
      {"no policy", ClaimKind::kQuorum, "XA", not_shown(Reason::kAbsent),
       [](auto& b) { b.files.erase("policy/XA/0000001795428000.note"); }},
      {"no witnesses asked for", ClaimKind::kQuorum, "XA", not_shown(Reason::kPolicy),
       [](auto& b) { b.put_policy("XA", 1795428000, 0, {}); }},
      {"the list before counts", ClaimKind::kQuorum, "XA", kProven,
       [](auto& b) {
         b.put_policy("XA", kSeenS, 2, {"XB", "XD", "XE"});
       }},
      {"a later list does not", ClaimKind::kQuorum, "XA", kProven,
       [](auto& b) {
         b.put_policy("XA", kSeenS + 86'401, 1, {"XD"});
         b.put_policy("XA", kSeenS + 86'402, 1, {"XD"});
       }},
      {"two lists back", ClaimKind::kQuorum, "XA", not_shown(Reason::kPolicy),
       [](auto& b) {
         b.put_policy("XA", kSeenS, 1, {"XD"});
         b.put_policy("XA", kSeenS + 86'400, 1, {"XD"});
       }},
      {"a forged policy", ClaimKind::kCard, "XA", broken(Reason::kPolicy),
       [](auto& b) { b.files.at("policy/XA/0000001795428000.note").back() = ' '; }},
      {"nobody saw it", ClaimKind::kTime, "XA", not_shown(Reason::kAbsent),
       [](auto& b) {
         for (const char* name : {"XA", "XB", "XC"}) b.put_ledger(name, b.leaf_of(name), {});
       }},
  });
}

TEST(Check, Erased) {
  const auto kind = ClaimKind::kErased;
  const auto then = [](Change change) {
    return [change](SampleBundle& b) {
      b.erase_at_xb();
      change(b);
    };
  };
  expect({
      {"with its detail", kind, "XB", kProven, then([](auto&) {})},
      {"without", kind, "XB", kProven, [](auto& b) { b.erase_at_xb(std::nullopt); }},
      {"another detail", kind, "XB", broken(Reason::kCommitment),
       [](auto& b) { b.erase_at_xb("another order"); }},
      {"a short detail", kind, "XB", broken(Reason::kCommitment),
       then([](auto& b) { b.files.at(b.rec("erased-XB.detail")).resize(31); })},
      {"another type", kind, "XB", broken(Reason::kLeaf),
       then([](auto& b) { b.files.at(b.rec("erased-XB.leaf"))[1] = 2; })},
      {"no proof", kind, "XB", broken(Reason::kProof),
       then([](auto& b) { b.put(b.rec("erased-XB.tlog-proof"), std::string("x")); })},
      {"a witness twice", kind, "XB", broken(Reason::kCheckpoint), then([](auto& b) {
         store::Leaf leaf = *store::decode_leaf(b.files.at(b.rec("erased-XB.leaf")));
         b.put(b.rec("erased-XB.tlog-proof"), b.proof_of(leaf, "XB", {"XA", "XA"}, kSeenS));
       })},
  });
  SampleBundle bundle;
  bundle.erase_at_xb();
  EXPECT_EQ(bundle.find(kind, "XB").by, "focal/XB/log/1#2 detail");
}

}  // namespace
}  // namespace focal::evidence
