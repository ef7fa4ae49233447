// Goal: what a rule asks about does not leave before another officer, with a passphrase of his own,
// has released exactly what he looked at, if it is still right then.
// Method: a whole node with named persons and a verified party, asked through the desk; then what
// the ledger and the record itself say. Each refusal is tried once.
#include "node/desk/release.h"

#include "node/desk/officer_keys.h"
#include "proto/record.pb.h"
#include "tests/unit/desk/release_fixture.h"

namespace focal::desk {
namespace {

TEST_F(ReleaseTest, WhatARuleAsksAboutWaitsAndNothingLeaves) {
  const auto held = open(kJo);
  ASSERT_FALSE(held.has_value());
  EXPECT_EQ(held.error().code, ErrorCode::kAwaitsRelease);
  EXPECT_EQ(held.error().path, "R-1");
  EXPECT_NE(held.error().hint.find("focal release approve R-1"), std::string::npos);
  EXPECT_TRUE(sent().empty());
  const auto shown = show("R-1");
  EXPECT_EQ(shown.entry().state(), "AWAITING");
  EXPECT_EQ(shown.entry().act(), "trace.open");
  EXPECT_EQ(shown.entry().rule(), "personal_data");
  EXPECT_EQ(shown.entry().asked_by(), "jo (uid 40001, OFFICER)");
  EXPECT_EQ(shown.entry().to(0), "XB");
  EXPECT_EQ(shown.entry().to_names(0), "Fictional State B");
  EXPECT_FALSE(shown.entry().own());
  EXPECT_TRUE(show("R-1", kJo).entry().own());
  ASSERT_EQ(shown.records_size(), 1);
  EXPECT_EQ(shown.records(0).fields().count("trace_request"), 1u);
  EXPECT_NE(shown.statement().find("effect trace.request XB "), std::string::npos);
  EXPECT_EQ(acts().back().act(), "trace.open");
  EXPECT_EQ(acts().back().who(), "jo (uid 40001, OFFICER)");
  EXPECT_NE(acts().back().reason().find("waits for release"), std::string::npos);
  ASSERT_TRUE(open(kJo, false).has_value()) << "no rule asks about this one";
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ReleaseTest, TheSecondOfficerReleasesItAndTheRecordSaysSo) {
  ASSERT_FALSE(open(kJo).has_value());
  const auto done = must(approve("R-1", kMia, kMiaSays));
  EXPECT_EQ(done.entry().state(), "RELEASED");
  EXPECT_EQ(done.entry().decided_by(), "mia (uid 40002, SUPERVISOR)");
  ASSERT_EQ(done.entry().rids_size(), 1);
  EXPECT_EQ(waiting(), 0);
  const auto leaves = sent();
  ASSERT_EQ(leaves.size(), 1u);
  EXPECT_EQ(leaves[0].ref(), done.entry().rids(0));
  EXPECT_EQ(leaves[0].who(), "jo (uid 40001, OFFICER)");
  EXPECT_EQ(leaves[0].released_by(), "mia (uid 40002, SUPERVISOR)");
  EXPECT_EQ(leaves[0].act(), "trace.open");

  const Bytes raw = item(leaves[0].index());
  const auto parts = exchange::parse_item(raw);
  const auto manifest = must(exchange::parse_manifest(parts.manifest));
  ASSERT_EQ(manifest.approver.size(), 1u);
  ASSERT_EQ(parts.approvals.size(), 1u);
  EXPECT_EQ(must(exchange::check_approval(parts.approvals[0].certificate,
                                          parts.approvals[0].signature, manifest.approver[0], own_,
                                          manifest.bytes, manifest.created_ms)),
            "SUPERVISOR");
  v1::TraceShowRequest request;
  request.set_case_number("T-1");
  const auto seen = must(desk_->trace_show(request, as(kJo)));
  EXPECT_NE(seen.timeline(0).summary().find("released by SUPERVISOR at XA"), std::string::npos)
      << seen.timeline(0).summary();
  EXPECT_NE(seen.trace().ack_due_at(), "") << "targets count from the release";
  EXPECT_EQ(code(approve("R-1", kMia, kMiaSays)), ErrorCode::kState) << "once";
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ReleaseTest, NobodyReleasesHisOwnAct) {
  ASSERT_FALSE(open(kSam).has_value());
  const auto own = approve("R-1", kSam, kSamSays);
  ASSERT_FALSE(own.has_value());
  EXPECT_EQ(own.error().code, ErrorCode::kPermission);
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(waiting(), 1);
  EXPECT_TRUE(approve("R-1", kMia, kMiaSays).has_value());
}

TEST_F(ReleaseTest, NotWithoutThePassphraseOrAKey) {
  ASSERT_FALSE(open(kJo).has_value());
  EXPECT_EQ(code(approve("R-1", kMia, "not mia's passphrase")), ErrorCode::kPassphrase);
  EXPECT_EQ(code(approve("R-1", kMia, kSamSays)), ErrorCode::kPassphrase);
  must(add("tom", 40'010, {"SUPERVISOR"}, kAda));
  EXPECT_EQ(code(approve("R-1", 40'010, kMiaSays)), ErrorCode::kState) << "no key";
  v1::PeopleRevokeKeyRequest revoke;
  revoke.set_name("mia");
  revoke.set_reason("lost");
  must(desk_->people_revoke_key(revoke, as(kAda)));
  EXPECT_FALSE(approve("R-1", kMia, kMiaSays).has_value());
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(waiting(), 1);
  EXPECT_TRUE(approve("R-1", kSam, kSamSays).has_value());
}

TEST_F(ReleaseTest, AKeyThatWasPutInThePlaceOfTheOfficersDoesNotRelease) {
  ASSERT_FALSE(open(kJo).has_value());
  crypto::SystemRng rng;
  must(make_officer_key(folder_ / "node", "mia", secret("a thief's passphrase"), crypto::kKdfTest,
                        rng));
  EXPECT_EQ(code(approve("R-1", kMia, "a thief's passphrase")), ErrorCode::kState);
  EXPECT_TRUE(sent().empty());
}

TEST_F(ReleaseTest, OnlyWhatWasLookedAt) {
  ASSERT_FALSE(open(kJo).has_value());
  ASSERT_FALSE(open(kSam).has_value());
  v1::ReleaseApproveRequest request;
  request.set_id("R-1");
  for (const std::string& seen : {std::string(), show("R-2").seen(), std::string(64, '0')}) {
    request.set_seen(seen);
    EXPECT_EQ(code(desk_->release_approve(request, as(kMia), secret(kMiaSays))),
              ErrorCode::kState);
  }
  EXPECT_TRUE(sent().empty());
  request.set_id("R-9");
  EXPECT_EQ(code(desk_->release_approve(request, as(kMia), secret(kMiaSays))),
            ErrorCode::kNotFound);
  request.set_id("R-x");
  EXPECT_EQ(code(desk_->release_approve(request, as(kMia), secret(kMiaSays))), ErrorCode::kUsage);
}

TEST_F(ReleaseTest, WhatIsNotRightAnyMoreIsNotReleased) {
  require({"trace.withdraw"});
  ASSERT_TRUE(open(kJo).has_value());
  ASSERT_EQ(code(withdraw(kJo)), ErrorCode::kAwaitsRelease);
  ASSERT_EQ(code(withdraw(kSam)), ErrorCode::kAwaitsRelease) << "nothing was withdrawn yet";
  must(approve("R-1", kMia, kMiaSays));
  EXPECT_EQ(code(approve("R-2", kMia, kMiaSays)), ErrorCode::kCase)
      << "the case was withdrawn in between";
  EXPECT_EQ(sent().size(), 2u);
  EXPECT_EQ(waiting(), 1) << "somebody has to look at it";
  EXPECT_EQ(must(reject("R-2", kMia)).entry().state(), "REJECTED");
  EXPECT_EQ(code(withdraw(kJo)), ErrorCode::kCase) << "an act that is wrong does not wait";
}

TEST_F(ReleaseTest, BothOfficersHaveToBeWhoTheyWere) {
  ASSERT_FALSE(open(kJo).has_value());
  v1::PeopleRoleRequest role;
  role.set_name("jo");
  role.add_roles("AUDITOR");
  role.set_reason("moved");
  must(desk_->people_role(role, as(kAda)));
  EXPECT_EQ(code(approve("R-1", kMia, kMiaSays)), ErrorCode::kState) << "jo does no casework now";
  v1::PeopleRemoveRequest gone;
  gone.set_name("jo");
  gone.set_reason("left");
  must(desk_->people_remove(gone, as(kAda)));
  EXPECT_EQ(code(approve("R-1", kMia, kMiaSays)), ErrorCode::kState);
  role.set_name("mia");
  must(desk_->people_role(role, as(kAda)));
  EXPECT_EQ(code(approve("R-1", kMia, kMiaSays)), ErrorCode::kPermission)
      << "mia is no supervisor any more";
  EXPECT_TRUE(sent().empty());
}

TEST_F(ReleaseTest, ASupervisorRejectsAndAnOfficerTakesBack) {
  ASSERT_FALSE(open(kJo).has_value());
  ASSERT_FALSE(open(kSam).has_value());
  EXPECT_EQ(code(reject("R-2", kJo)), ErrorCode::kPermission) << "another officer's";
  EXPECT_EQ(code(reject("R-1", kMia, "")), ErrorCode::kInvalid);
  EXPECT_EQ(must(reject("R-1", kMia)).entry().state(), "REJECTED");
  EXPECT_EQ(must(reject("R-2", kSam, "a mistake")).entry().state(), "WITHDRAWN");
  EXPECT_EQ(code(approve("R-1", kMia, kMiaSays)), ErrorCode::kState);
  EXPECT_EQ(waiting(), 0);
  v1::ReleaseListRequest all;
  all.set_all(true);
  EXPECT_EQ(must(desk_->release_list(all, as(kMia))).entries_size(), 2);
  EXPECT_EQ(acts().back().act(), "release.reject");
  EXPECT_NE(acts().back().reason().find("R-2"), std::string::npos);
  EXPECT_TRUE(sent().empty());
}

// The system gives the number of somebody who left to somebody else.
TEST_F(ReleaseTest, AnotherWithTheSameNumberTakesNothingBack) {
  ASSERT_FALSE(open(kJo).has_value());
  v1::PeopleRemoveRequest gone;
  gone.set_name("jo");
  gone.set_reason("left");
  must(desk_->people_remove(gone, as(kAda)));
  must(add("eve", kJo, {"OFFICER"}, kAda));
  EXPECT_EQ(code(reject("R-1", kJo)), ErrorCode::kPermission) << "it was jo's, not eve's";
  EXPECT_EQ(code(approve("R-1", kMia, kMiaSays)), ErrorCode::kState) << "jo is gone";
  EXPECT_EQ(must(reject("R-1", kMia)).entry().state(), "REJECTED");
}

TEST_F(ReleaseTest, ItWaitsThroughARestart) {
  ASSERT_FALSE(open(kJo).has_value());
  const std::string seen = show("R-1").seen();
  stop();
  start();
  EXPECT_EQ(waiting(), 1);
  EXPECT_EQ(show("R-1").seen(), seen);
  must(approve("R-1", kMia, kMiaSays));
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ReleaseTest, RefusalsOnNationalSecurityGroundsAskByTheirContent) {
  focal::v1::Record record;
  record.mutable_header();
  record.mutable_trace_refusal()->set_ground("NATIONAL_SECURITY");
  const config::ReleasePolicy defaults;
  auto checked = [&] {
    std::ifstream in(test::in_tree("tests/vectors/examples/07_trace_refusal_XB_XA.json"));
    std::stringstream text;
    text << in.rdbuf();
    focal::v1::Record example;
    EXPECT_TRUE(json::read(text.str(), example).has_value());
    example.mutable_trace_refusal()->set_ground("NATIONAL_SECURITY");
    return record::parse_checked(to_bytes(example.SerializeAsString()), "trace.refusal", "XB",
                                 {"XA"});
  }();
  ASSERT_TRUE(checked.has_value());
  EXPECT_EQ(rule_for(defaults, *checked).value_or(""), "national_security");
  EXPECT_FALSE(rule_for({{}, {}}, *checked).has_value());
  EXPECT_EQ(rule_for({{"trace.refuse"}, {}}, *checked).value_or(""), "trace.refuse");
  EXPECT_EQ(rule_for({{"all"}, {}}, *checked).value_or(""), "all");
  EXPECT_FALSE(rule_for({{"trace.answer", "personal_data"}, {}}, *checked).has_value());
  EXPECT_EQ(rule_for({{"trace.refusal"}, {}}, *checked).value_or(""), "trace.refusal") << "a kind";
  EXPECT_EQ(rule_for({{"trace.*"}, {}}, *checked).value_or(""), "trace.*") << "a family";
  EXPECT_FALSE(rule_for({{"trace.delay", "alert.*"}, {}}, *checked).has_value());
}

TEST_F(ReleaseTest, WithoutAPolicyNothingWaits) {
  require({});
  EXPECT_TRUE(open(kJo).has_value());
  EXPECT_EQ(waiting(), 0);
}

TEST_F(ReleaseTest, NoMoreThanSixtyFourWaitAndSixteenOfOnePerson) {
  fill_the_table();
  const auto more = open(kJo);
  ASSERT_EQ(code(more), ErrorCode::kLimit);
  EXPECT_NE(more.error().message.find("of yours"), std::string::npos) << more.error().message;
  must(add("ann", 40'030, {"OFFICER"}, kAda));
  const auto other = open(40'030);
  ASSERT_EQ(code(other), ErrorCode::kLimit) << "the table is full for all";
  EXPECT_NE(other.error().message.find("64 acts"), std::string::npos) << other.error().message;
  must(reject("R-7", kMia));  // jo's
  EXPECT_EQ(code(open(40'030)), ErrorCode::kAwaitsRelease);
  EXPECT_EQ(code(open(kJo)), ErrorCode::kLimit);
  must(reject("R-8", kMia));
  EXPECT_EQ(code(open(kJo)), ErrorCode::kAwaitsRelease);
}

// Of all there were so many only are read and answered at once.
TEST_F(ReleaseTest, TheListOfAllGoesBackPageByPage) {
  constexpr std::int64_t kEnded = 2'000;
  v1::StoredRelease ended;
  ended.set_state("REJECTED");
  ended.set_operation("trace_open");
  ASSERT_TRUE(node_->perform([&](const Now&) -> Status {
    for (std::int64_t id = 1; id <= kEnded; ++id)
      node_->core().write(store::PutDesk{store::DeskTable::kRelease, id, false,
                                         to_bytes(ended.SerializeAsString()), "ended"});
    return {};
  }).has_value());
  ASSERT_EQ(code(open(kJo)), ErrorCode::kAwaitsRelease);
  v1::ReleaseListRequest request;
  request.set_all(true);
  auto page = must(desk_->release_list(request, as(kMia)));
  ASSERT_EQ(page.entries_size(), 50);
  EXPECT_EQ(page.entries(0).id(), "R-1952");
  EXPECT_EQ(page.entries(49).id(), "R-2001");
  EXPECT_TRUE(page.more());
  request.set_limit(1'000'000);
  request.set_before("R-1952");
  page = must(desk_->release_list(request, as(kMia)));
  ASSERT_EQ(page.entries_size(), 200) << "and no more";
  EXPECT_EQ(page.entries(199).id(), "R-1951");
  EXPECT_TRUE(page.more());
  request.set_before("R-3");
  page = must(desk_->release_list(request, as(kMia)));
  ASSERT_EQ(page.entries_size(), 2);
  EXPECT_FALSE(page.more());
  request.set_before("yesterday");
  EXPECT_EQ(code(desk_->release_list(request, as(kMia))), ErrorCode::kUsage);
  EXPECT_EQ(waiting(), 1) << "what waits is always listed whole";
}

TEST_F(ReleaseTest, TwoActsOfOneGroupGetNumbersOfTheirOwn) {
  std::vector<std::thread> officers;
  officers.reserve(8);
  for (int i = 0; i < 8; ++i) officers.emplace_back([&] { EXPECT_FALSE(open(kJo).has_value()); });
  for (auto& each : officers) each.join();
  EXPECT_EQ(waiting(), 8);
  std::set<std::string> seen;
  for (int i = 1; i <= 8; ++i) seen.insert(show("R-" + std::to_string(i)).seen());
  EXPECT_EQ(seen.size(), 8u);
}

TEST_F(ReleaseTest, OfTwoSupervisorsOneReleases) {
  ASSERT_FALSE(open(kJo).has_value());
  std::atomic<int> done{0};
  std::thread mia([&] { done += approve("R-1", kMia, kMiaSays).has_value() ? 1 : 0; });
  std::thread sam([&] { done += approve("R-1", kSam, kSamSays).has_value() ? 1 : 0; });
  mia.join();
  sam.join();
  EXPECT_EQ(done, 1);
  EXPECT_EQ(sent().size(), 1u);
}

}  // namespace
}  // namespace focal::desk
