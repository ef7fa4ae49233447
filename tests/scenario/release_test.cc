// Goal: a record that a second officer released arrives with that release, whoever is recipient,
// also when it is sent again; a State that asks for it takes no record without, visibly at both
// ends. What waits too long has expired.
// Method: whole nodes, the second officer's key made here, time injected.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "crypto/hash.h"
#include "node/desk/acts.h"
#include "node/desk/case_views.h"
#include "node/desk/desk.h"
#include "node/desk/release.h"
#include "node/exchange/approval.h"
#include "proto/json.h"
#include "proto/record.pb.h"
#include "tests/support/party_fixture.h"
#include "tests/support/paths.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

namespace api = focal::api::v1;
using desk::By;

class SecondOfficer : public ::testing::Test {
 protected:
  // of_peers: what XB asks for.
  void set_up(std::vector<std::string> of_peers = {}) {
    w.configure = [of_peers](config::NodeConfig& config) {
      if (config.party == "XB") config.release.of_peers = of_peers;
    };
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
    exchange::OfficerCertificate fields;
    fields.party = "XA";
    fields.role = "SUPERVISOR";
    fields.key = officer.pk;
    fields.from_ms = w.now().wall_ms - kHourMs;
    fields.until_ms = w.now().wall_ms + 300 * kDayMs;
    certificate = exchange::make_certificate(fields, w.core("XA").self().sign);
  }
  api::TraceOpenRequest request() {
    api::TraceOpenRequest out;
    out.add_to("XB");
    out.set_again(true);
    std::ifstream in(in_tree("tests/vectors/examples/01_trace_request_XA_XB.json"));
    std::stringstream text;
    text << in.rdbuf();
    EXPECT_TRUE(json::read(text.str(), *out.mutable_record()).has_value());
    return out;
  }
  By jo() {
    By by;
    by.actor = {"jo", 1000, "OFFICER"};
    by.operation = "trace_open";
    by.policy = &policy;
    return by;
  }
  // jo's act is withheld, mia releases what was withheld.
  Result<desk::Released> open_released() {
    By by = jo();
    const auto held = desk::release_request(w.node("XA"), request(), w.now(), by);
    EXPECT_FALSE(held.has_value());
    EXPECT_EQ(held.error().code, ErrorCode::kAwaitsRelease);
    desk::Second second;
    second.id = 1;
    second.approver = {"mia", 1001, "SUPERVISOR"};
    second.certificate = certificate;
    second.key = &officer;
    second.effects = by.withheld;
    second.check = [](const Now&) { return Status{}; };
    by.second = std::move(second);
    return desk::release_request(w.node("XA"), request(), w.now(), by);
  }
  std::string told_at(const std::string& party) {
    api::TraceShowRequest show;
    show.set_case_number("T-1");
    api::TraceShowResponse out;
    EXPECT_TRUE(desk::show_case(w.node(party), show, w.now(), &out).has_value());
    return out.timeline_size() == 0 ? "" : out.timeline(0).summary();
  }

  World w;
  crypto::SigningKey officer = signing_key(210);
  std::string certificate;
  config::ReleasePolicy policy{{"trace.open"}, {}};
};

TEST_F(SecondOfficer, TheReceiverShowsWhoReleasedIt) {
  set_up();
  w.connect("XA", "XB");
  const auto made = open_released();
  ASSERT_TRUE(made.has_value()) << made.error().message;
  w.run();
  EXPECT_TRUE(w.has("XB", made->ref));
  for (const char* party : {"XA", "XB"})
    EXPECT_NE(told_at(party).find("released by SUPERVISOR at XA"), std::string::npos)
        << told_at(party);
}

TEST_F(SecondOfficer, ItIsSentAgainFromTheLedgerWithItsRelease) {
  set_up();
  const auto made = open_released();
  ASSERT_TRUE(made.has_value());
  w.run();
  w.crash("XA");  // nothing of it is in memory any more
  w.connect("XA", "XB");
  w.run();
  EXPECT_TRUE(w.has("XB", made->ref));
  EXPECT_NE(told_at("XB").find("released by SUPERVISOR at XA"), std::string::npos);
}

TEST_F(SecondOfficer, WhereAStateAsksForItARecordWithoutIsRejectedVisibly) {
  set_up({"trace.request"});
  w.connect("XA", "XB");
  By by = jo();
  by.policy = nullptr;
  const auto alone = desk::release_request(w.node("XA"), request(), w.now(), by);
  ASSERT_TRUE(alone.has_value());
  w.run();
  EXPECT_EQ(w.status_of("XA", alone->ref, "XB"),
            static_cast<std::uint32_t>(store::RecordStatus::kAuthority));
  EXPECT_EQ(w.leaves("XB", store::LeafType::kRejected), 1u);
  EXPECT_EQ(w.leaves("XB", store::LeafType::kReceived), 0u);
  const auto both = open_released();
  ASSERT_TRUE(both.has_value());
  w.run();
  EXPECT_EQ(w.status_of("XA", both->ref, "XB"), 1u);
  EXPECT_EQ(w.leaves("XB", store::LeafType::kReceived), 1u);
}

TEST_F(SecondOfficer, WhatChangedSinceIsNotReleased) {
  set_up();
  By by = jo();
  ASSERT_FALSE(desk::release_request(w.node("XA"), request(), w.now(), by).has_value());
  desk::Second second;
  second.key = &officer;
  second.certificate = certificate;
  second.effects = by.withheld;
  second.effects[0].hash[0] ^= 1;
  second.check = [](const Now&) { return Status{}; };
  by.second = second;
  auto done = desk::release_request(w.node("XA"), request(), w.now(), by);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, ErrorCode::kState);
  by.second->effects[0].hash[0] ^= 1;
  by.second->check = [](const Now&) { return Status(fail(ErrorCode::kState, "not any more")); };
  done = desk::release_request(w.node("XA"), request(), w.now(), by);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().message, "not any more");
  w.run();
  EXPECT_EQ(w.leaves("XA", store::LeafType::kSent), 0u);
}

TEST_F(SecondOfficer, TargetsCountFromTheRelease) {
  set_up();
  By by = jo();
  ASSERT_FALSE(desk::release_request(w.node("XA"), request(), w.now(), by).has_value());
  const auto before = by.withheld;
  w.advance(3 * kDayMs);
  By later = jo();
  ASSERT_FALSE(desk::release_request(w.node("XA"), request(), w.now(), later).has_value());
  ASSERT_EQ(later.withheld.size(), before.size());
  EXPECT_TRUE(later.withheld[0].same(before[0])) << "three days later it is the same act";
}

TEST_F(SecondOfficer, WhatNobodyReleasesExpiresAndSaysSo) {
  set_up();
  By by = jo();
  const auto held = desk::release_request(w.node("XA"), request(), w.now(), by);
  ASSERT_TRUE(desk::conclude(w.node("XA"), by, request(), Status(held.error()), {}, w.now())
                  .has_value());
  w.run();
  EXPECT_EQ(by.held, 1);
  auto rows = desk::open_releases(w.node("XA"));
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_TRUE(desk::still_waits(w.node("XA"), rows->front(), w.now()).has_value());
  Now then = w.now();
  then.wall_ms += desk::kReleaseMs - 1;
  EXPECT_TRUE(desk::still_waits(w.node("XA"), rows->front(), then).has_value());
  then.wall_ms += 1;
  const Status over = desk::still_waits(w.node("XA"), rows->front(), then);
  ASSERT_FALSE(over.has_value());
  EXPECT_EQ(over.error().code, ErrorCode::kState);
  api::ReleaseEntry entry;
  desk::fill_release(rows->front(), then, Caller{}, &entry);
  EXPECT_EQ(entry.state(), "EXPIRED");
  w.advance(desk::kReleaseMs);
  desk::end_expired(w.node("XA"), w.now());
  w.run();
  EXPECT_TRUE(desk::open_releases(w.node("XA"))->empty());
  rows = desk::newest_releases(w.node("XA"), 0, 10);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().stored.state(), "EXPIRED");
  EXPECT_TRUE(rows->front().stored.request().empty()) << "the content goes with it";
  EXPECT_EQ(w.leaves("XA", store::LeafType::kSent), 0u);
}

// The table is full of what nobody looked at; the first act after that has a place.
TEST_F(SecondOfficer, WhatHasExpiredTakesNoPlace) {
  set_up();
  const auto hold = [&](std::uint32_t uid, const Now& now) {
    By by = jo();
    by.actor.uid = uid;
    const auto held = desk::release_request(w.node("XA"), request(), now, by);
    return desk::conclude(w.node("XA"), by, request(), Status(held.error()), {}, now);
  };
  for (std::uint32_t i = 0; i < desk::kMaxWaitingActs; ++i) {
    const Status held = hold(1000 + i % 4, w.now());
    ASSERT_TRUE(held.has_value()) << i << " " << held.error().message;
    if (i % 8 == 7) w.run();  // several of one group, too
  }
  Now then = w.now();
  then.wall_ms += desk::kReleaseMs - 1;
  EXPECT_FALSE(hold(2000, then).has_value());
  then.wall_ms += 1;
  EXPECT_TRUE(hold(2000, then).has_value());
}

TEST_F(SecondOfficer, TheGroupUnderWayCounts) {
  set_up();
  std::size_t held = 0;
  for (; held < 100; ++held) {
    By by = jo();
    const auto asks = desk::release_request(w.node("XA"), request(), w.now(), by);
    if (!desk::conclude(w.node("XA"), by, request(), Status(asks.error()), {}, w.now())) break;
  }
  EXPECT_EQ(held, desk::kMaxWaitingOfOne);
}

// Nothing is asked of the node for two weeks; what the act held goes all the same.
TEST_F(SecondOfficer, TheDeskEndsWhatHasExpiredByTheClock) {
  set_up();
  desk::Desk desk(w.node("XA"), crypto::kKdfTest);
  By by = jo();
  const auto held = desk::release_request(w.node("XA"), request(), w.now(), by);
  ASSERT_TRUE(desk::conclude(w.node("XA"), by, request(), Status(held.error()), {}, w.now())
                  .has_value());
  w.run();
  w.advance(desk::kReleaseMs - kHourMs);
  ASSERT_EQ(desk::open_releases(w.node("XA"))->size(), 1u);
  EXPECT_FALSE(desk::open_releases(w.node("XA"))->front().stored.request().empty());
  w.advance(2 * kHourMs);
  EXPECT_TRUE(desk::open_releases(w.node("XA"))->empty());
  const auto rows = desk::newest_releases(w.node("XA"), 0, 10);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().stored.state(), "EXPIRED");
  EXPECT_TRUE(rows->front().stored.request().empty());
}

}  // namespace
}  // namespace focal::test
