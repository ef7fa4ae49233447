// Goal: nobody destroys content alone, and what a second officer releases is what is destroyed. Who
// reads what meanwhile: canary_test.cc.
// Method: a node with its loop and named persons; acts under the rules a new node has.
#include "proto/retention.pb.h"
#include "tests/unit/desk/release_fixture.h"

namespace focal::desk {
namespace {

class EraseActTest : public ReleaseTest {
 protected:
  Result<v1::RecordEraseResponse> erase(uid_t by, const std::string& reason = "kept in error") {
    v1::RecordEraseRequest request;
    request.set_case_number("T-1");
    request.set_authority("decision 4/2027 MANATEEWORD");
    request.set_reason(reason);
    return desk_->record_erase(request, as(by));
  }
  std::vector<v1::LedgerView> shreds() {
    v1::LedgerTailRequest request;
    request.set_limit(1000);
    std::vector<v1::LedgerView> out;
    const auto tail = must(desk_->ledger_tail(request));
    for (const auto& leaf : tail.leaves())
      if (leaf.type() == "SHRED") out.push_back(leaf);
    return out;
  }
};

TEST_F(EraseActTest, ASecondOfficerReleasesItAndSeesEachRecord) {
  must(open(kJo, false));
  const std::uint64_t leaf = sent().front().index();
  EXPECT_FALSE(item(leaf).empty());
  ASSERT_EQ(code(erase(kJo)), ErrorCode::kAwaitsRelease);
  EXPECT_FALSE(item(leaf).empty());
  EXPECT_TRUE(shreds().empty());
  const auto shown = show("R-1");
  EXPECT_EQ(shown.entry().act(), "record.erase");
  EXPECT_EQ(shown.entry().rule(), "record.erase");
  ASSERT_EQ(shown.entry().summary_size(), 2);
  EXPECT_NE(shown.entry().summary(0).find("1 record of case T-1"), std::string::npos);
  EXPECT_NE(shown.entry().summary(0).find("decision 4/2027"), std::string::npos);
  EXPECT_NE(shown.entry().summary(1).find("trace.request to XB"), std::string::npos);
  const auto released = approve("R-1", kMia, kMiaSays);
  ASSERT_TRUE(released.has_value()) << released.error().message;
  ASSERT_EQ(shreds().size(), 1u);
  EXPECT_EQ(shreds().front().who(), "jo (uid 40001, OFFICER)");
  EXPECT_EQ(shreds().front().released_by(), "mia (uid 40002, SUPERVISOR)");
  EXPECT_EQ(shreds().front().remark(), "");
  EXPECT_TRUE(node_->perform([&](const Now&) -> Status {
    const auto gone = node_->ledger().item(static_cast<store::LeafIndex>(leaf));
    EXPECT_FALSE(gone.has_value());
    EXPECT_EQ(gone.error().code, ErrorCode::kErased);
    return {};
  }).has_value());
  EXPECT_EQ(code(erase(kJo)), ErrorCode::kErased);
}

TEST_F(EraseActTest, RejectedOrByTheSameOfficerNothingGoes) {
  must(open(kSam, false));
  ASSERT_EQ(code(erase(kSam)), ErrorCode::kAwaitsRelease);
  EXPECT_EQ(code(approve("R-1", kSam, kSamSays)), ErrorCode::kPermission);
  must(reject("R-1", kMia));
  EXPECT_TRUE(shreds().empty());
}

TEST_F(EraseActTest, WhatCameMeanwhileIsNotErasedWithIt) {
  must(open(kJo, false));
  ASSERT_EQ(code(erase(kJo)), ErrorCode::kAwaitsRelease);
  must(withdraw(kJo));  // another record of the case
  EXPECT_EQ(code(approve("R-1", kMia, kMiaSays)), ErrorCode::kState);
  EXPECT_TRUE(shreds().empty());
}

TEST_F(EraseActTest, ADryRunChangesNothing) {
  must(open(kJo, false));
  v1::RetentionRunRequest request;
  request.set_dry_run(true);
  const auto before = acts().size();
  const auto run = must(desk_->retention_run(request, as(kAda)));
  EXPECT_FALSE(run.started());
  EXPECT_EQ(run.due(), 0u);
  EXPECT_EQ(acts().size(), before);
  request.set_dry_run(false);
  EXPECT_TRUE(must(desk_->retention_run(request, as(kAda))).started());
  EXPECT_EQ(acts().size(), before + 1);
}

}  // namespace
}  // namespace focal::desk
