// Goal: a pinned but unverified party can exchange notes and nothing else; what
// it sent waits sealed and takes effect when the officers have compared numbers.
// Method: two whole nodes in one process, each direction of trust on its own.
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace focal::test {
namespace {

using store::LeafType;
using store::PeerLevel;

TEST(Trust, NothingIsSentToAnUnverifiedParty) {
  World w;
  w.add("XA");
  w.add("XB");
  w.pin("XA", "XB", PeerLevel::kNone);
  w.pin("XB", "XA", PeerLevel::kVerified);
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  EXPECT_FALSE(w.has("XB", ref));
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u);
  EXPECT_EQ(w.core("XB").machine().waiting().size(), 0u);
}

TEST(Trust, RecordOfAnUnverifiedPartyWaitsAndIsTakenOnceVerified) {
  World w;
  w.add("XA");
  w.add("XB");
  w.pin("XA", "XB", PeerLevel::kVerified);
  w.pin("XB", "XA", PeerLevel::kNone);
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "trace.request",
                          example_body("01_trace_request_XA_XB.json", "XA", "XB"));
  w.run();
  EXPECT_FALSE(w.has("XB", ref)) << "no leaf while it waits";
  EXPECT_EQ(w.core("XB").machine().waiting().size(), 1u);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceiptOut), 0u);
  const auto info = w.view("XA").find(ref);
  const auto* entry = w.core("XA").machine().outbox().find(info->batch, "XB");
  ASSERT_NE(entry, nullptr);
  EXPECT_NE(entry->note.find("have not verified us"), std::string::npos) << entry->note;

  w.crash("XB");  // what waits is in the ledger, not in memory
  ASSERT_EQ(w.core("XB").machine().waiting().size(), 1u);
  w.pin("XB", "XA", PeerLevel::kVerified);
  w.connect("XA", "XB");
  w.run();
  EXPECT_TRUE(w.has("XB", ref));
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_EQ(w.core("XB").machine().waiting().size(), 0u);
  EXPECT_EQ(w.view("XB").cases({}).size(), 1u);
}

TEST(Trust, IntroducedPartyMayPingButNotTrace) {
  World w;
  w.add("XA");
  w.add("XB");
  w.pin("XA", "XB", PeerLevel::kVerified);
  w.pin("XB", "XA", PeerLevel::kIntroduced);
  w.connect("XA", "XB");
  const auto ping = w.send("XA", "XB", "peer.ping", ping_body());
  const auto trace = w.send("XA", "XB", "trace.request",
                            example_body("01_trace_request_XA_XB.json", "XA", "XB"));
  w.run();
  EXPECT_EQ(w.status_of("XA", ping, "XB"), 1u);
  EXPECT_EQ(w.status_of("XA", trace, "XB"), 0u);
  EXPECT_FALSE(w.has("XB", trace));
}

TEST(Trust, AfterThirtyDaysOfWaitingItIsRefusedVisibly) {
  World w;
  w.add("XA");
  w.add("XB");
  w.pin("XA", "XB", PeerLevel::kVerified);
  w.pin("XB", "XA", PeerLevel::kNone);
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "future.kind", to_bytes("x"));
  w.run();
  ASSERT_EQ(w.core("XB").machine().waiting().size(), 1u);
  w.advance(29 * kDayMs);
  EXPECT_EQ(w.core("XB").machine().waiting().size(), 1u);
  w.advance(2 * kDayMs);
  EXPECT_EQ(w.core("XB").machine().waiting().size(), 0u);
  EXPECT_EQ(w.view("XB").find(ref)->status, 21u) << "NOT_TRUSTED";
  EXPECT_EQ(w.leaves("XB", LeafType::kRejected), 1u);
}

TEST(Clock, N044_WrittenThreeDaysAheadWaitsWithoutALeaf) {
  World w;
  w.add("XA");
  w.add("XB");
  w.verify_both("XA", "XB");
  w.connect("XA", "XB");
  const std::uint64_t honest = w.now().wall_ms;
  w.set_wall(honest + 3 * kDayMs);
  const auto ref = w.send("XA", "XB", "future.kind", to_bytes("x"));
  w.set_wall(honest);
  w.run();
  EXPECT_FALSE(w.has("XB", ref));
  ASSERT_EQ(w.core("XB").machine().waiting().size(), 1u);
  EXPECT_EQ(w.view("XB").waiting().front().reason, store::WaitReason::kClock);
  w.advance(2 * kDayMs + kHourMs);
  EXPECT_TRUE(w.has("XB", ref)) << "the clock has caught up";
  EXPECT_EQ(w.core("XB").machine().waiting().size(), 0u);
}

}  // namespace
}  // namespace focal::test
