// Goal: who may export what: officers with content, auditors without, administrators nothing; every
// export stands in the ledger with the person; a slip of the pen lets no content out.
// Method: a node with its loop and named persons; words planted in a record are looked for in what
// is exported, and leaves are counted where something is refused.
#include "node/evidence/check.h"
#include "proto/evidence.pb.h"
#include "tests/unit/desk/release_fixture.h"

namespace focal::desk {
namespace {

constexpr uid_t kAnn = 40'009;

class EvidenceRights : public ReleaseTest {
 protected:
  void SetUp() override {
    ReleaseTest::SetUp();
    must(add("ann", kAnn, {"AUDITOR"}, kAda));
    must(open(kJo, false));
  }
  Result<v1::EvidenceExportResponse> exported(uid_t by,
                                              const std::vector<std::string>& withhold = {},
                                              const std::string& target = "T-1") {
    v1::EvidenceExportRequest request;
    request.set_target(target);
    for (const std::string& word : withhold) request.add_withhold(word);
    return desk_->evidence_export(request, as(by));
  }
  // Of example 01: words of its subject.
  static bool has_content(const v1::EvidenceExportResponse& made) {
    return made.data().find("Kestrel Gap") != std::string::npos;
  }
  std::size_t exports() {
    std::size_t n = 0;
    for (const auto& leaf : acts()) n += leaf.act() == "evidence.export" ? 1 : 0;
    return n;
  }
};

TEST_F(EvidenceRights, AnOfficerExportsAndTheLedgerSaysWhoAndWhat) {
  const auto made = must(exported(kJo));
  EXPECT_TRUE(has_content(made));
  EXPECT_EQ(made.next(), 0u);
  EXPECT_EQ(made.size(), made.data().size());
  ASSERT_EQ(made.summary().records_size(), 1);
  EXPECT_EQ(made.summary().records(0).content(), "INCLUDED");
  EXPECT_EQ(made.summary().case_number(), "T-1");
  EXPECT_EQ(made.summary().labels_size(), 1);
  EXPECT_NE(made.summary().verdict(), "BROKEN");
  const auto leaf = acts().back();
  EXPECT_EQ(leaf.act(), "evidence.export");
  EXPECT_EQ(leaf.who(), "jo (uid 40001, OFFICER)");
  EXPECT_NE(leaf.reason().find("case T-1: 1 with content"), std::string::npos) << leaf.reason();
  EXPECT_NE(leaf.reason().find(made.sha256()), std::string::npos);
  EXPECT_NE(leaf.reason().find(made.summary().labels(0)), std::string::npos);
  EXPECT_TRUE(exported(kMia).has_value()) << "a supervisor too";
}

TEST_F(EvidenceRights, WhatIsWithheldIsNotInIt) {
  const auto rid = must(exported(kJo)).summary().records(0).rid();
  for (const std::string& word :
       {std::string("all"), std::string("trace.request"), std::string("trace.*"), rid}) {
    const auto made = must(exported(kJo, {word}));
    EXPECT_FALSE(has_content(made)) << word;
    EXPECT_EQ(made.summary().records(0).content(), "WITHHELD");
    EXPECT_EQ(made.summary().labels_size(), 0);
  }
  const std::size_t before = exports();
  for (const std::string& word : {std::string("trace.answer"), std::string("ALL"), std::string(),
                                  std::string(64, '0'), std::string("trace.reqest")})
    EXPECT_EQ(code(exported(kJo, {"all", word})), ErrorCode::kInvalid) << word;
  EXPECT_EQ(exports(), before) << "nothing was exported";
}

TEST_F(EvidenceRights, AnAuditorExportsNoContentAndAnAdministratorNothing) {
  const std::size_t before = exports();
  EXPECT_EQ(code(exported(kAnn)), ErrorCode::kPermission);
  EXPECT_EQ(code(exported(kAnn, {"trace.*"})), ErrorCode::kPermission)
      << "what comes later is of another kind";
  EXPECT_EQ(exports(), before);
  const auto made = must(exported(kAnn, {"all"}));
  EXPECT_FALSE(has_content(made));
  EXPECT_EQ(acts().back().who(), "ann (uid 40009, AUDITOR)");
  for (const char* operation : {"evidence_export", "evidence_demand"})
    EXPECT_FALSE(desk_->permit(operation, as(kAda)).has_value());
  EXPECT_FALSE(desk_->permit("evidence_demand", as(kAnn)).has_value());
  EXPECT_EQ(code(exported(kAda, {"all"})), ErrorCode::kPermission) << "asked again at the act";
}

TEST_F(EvidenceRights, WhatIsNotHereOrNotWellNamedIsRefused) {
  EXPECT_EQ(code(exported(kJo, {}, "T-99")), ErrorCode::kNotFound);
  for (const std::string& target : {std::string(), std::string("T-"), std::string("XB")})
    EXPECT_FALSE(exported(kJo, {}, target).has_value()) << target;
  EXPECT_EQ(code(exported(kJo, {}, std::string(64, 'a'))), ErrorCode::kNotFound);
  v1::EvidenceExportRequest page;
  page.set_bundle(1);
  EXPECT_EQ(code(desk_->evidence_export(page, as(kJo))), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace focal::desk
