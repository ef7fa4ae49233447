// Goal: a record committed here is committed there exactly once and receipted,
// whatever link and process do in between; every sending ends visibly.
// Method: two or three whole nodes in one process (tests/support/world.h), real
// ledgers; links are cut and processes ended at chosen frames.
#include <gtest/gtest.h>

#include "node/ledger/verify.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

using store::LeafType;

struct Pair : ::testing::Test {
  World w;
  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
  }
  void expect_sound(const std::string& party) {
    const auto report = ledger::verify(w.folder(party) / ledger::kLedgerFile);
    ASSERT_TRUE(report.has_value()) << report.error().message;
    EXPECT_TRUE(report->ok()) << (report->problems.empty() ? "" : report->problems.front());
  }
};

TEST_F(Pair, RecordIsCommittedAtBothEndsAndReceipted) {
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u) << "no receipt before it could arrive";
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  ASSERT_TRUE(w.has("XB", ref));
  EXPECT_EQ(w.leaves("XA", LeafType::kSent), 1u);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 1u);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceiptOut), 1u);
  EXPECT_EQ(w.leaves("XA", LeafType::kReceiptIn), 1u);
  EXPECT_EQ(w.core("XA").machine().outbox().size(), 0u);
  expect_sound("XA");
  expect_sound("XB");
}

TEST_F(Pair, QueueOfManyGoesInBatchesAndEndsWhole) {
  std::vector<store::RecordRef> refs;
  for (int i = 0; i < 700; ++i) {
    exchange::Draft draft;
    draft.to = {"XB"};
    draft.kind = "peer.ping";
    draft.body = ping_body(std::string(150, 'x') + std::to_string(i));
    draft.lane = 0;
    refs.push_back(w.core("XA").machine().submit(w.now(), std::move(draft)));
  }
  w.run();
  EXPECT_LT(w.core("XA").machine().outbox().size(), 10u) << "700 records in a few batches";
  EXPECT_GE(w.core("XA").machine().outbox().size(), 3u) << "at most 256 records a batch";
  w.connect("XA", "XB");
  for (const auto& ref : refs) ASSERT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 700u);
}

TEST_F(Pair, LinkLostAtEveryFrameLosesNothingAndRepeatsNothing) {
  std::vector<store::RecordRef> refs;
  for (int cut_at = 1; cut_at <= 12; ++cut_at) {
    refs.push_back(w.send("XA", "XB", "peer.ping", ping_body(std::to_string(cut_at))));
    int frames = 0;
    w.on_frame = [&](const auto&, const auto&, const Bytes&) { return ++frames != cut_at; };
    w.connect("XA", "XB");
    w.on_frame = nullptr;
    const auto link = w.connect("XA", "XB");
    w.cut(link);
  }
  w.connect("XA", "XB");
  for (const auto& ref : refs) EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), refs.size()) << "exactly one leaf each";
  expect_sound("XA");
  expect_sound("XB");
}

TEST_F(Pair, ReceiverEndedAtEveryFrameStillReceiptsOnce) {
  std::vector<store::RecordRef> refs;
  for (int crash_at = 1; crash_at <= 10; ++crash_at) {
    refs.push_back(w.send("XA", "XB", "peer.ping", ping_body(std::to_string(crash_at))));
    int frames = 0;
    w.on_frame = [&](const auto&, const auto&, const Bytes&) { return ++frames != crash_at; };
    w.connect("XA", "XB");
    w.on_frame = nullptr;
    w.crash(crash_at % 2 == 0 ? "XB" : "XA");
  }
  w.connect("XA", "XB");
  for (const auto& ref : refs) EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), refs.size());
  expect_sound("XA");
  expect_sound("XB");
}

TEST_F(Pair, SenderWithoutReceiptSendsAgainAndGetsTheSameItem) {
  w.connect("XA", "XB");
  // Everything XB says after the record is lost, receipt included.
  bool dropped = false;
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.on_frame = [&](const std::string& from, const auto&, const Bytes&) {
    if (from != "XB") return true;
    dropped = true;
    return false;
  };
  w.run();
  w.on_frame = nullptr;
  ASSERT_TRUE(dropped);
  ASSERT_TRUE(w.has("XB", ref));
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u);
  const auto original = w.view("XB").find(ref);
  w.advance(kMinuteMs);
  w.connect("XA", "XB");
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 1u);
  EXPECT_EQ(w.view("XB").find(ref)->at_ms, original->at_ms) << "the original leaf stands";
}

TEST_F(Pair, SameEnvelopeTwiceOnOneLinkHasNoSecondEffect) {  // N059
  Bytes data;
  w.on_frame = [&](const std::string& from, const auto&, const Bytes& frame) {
    if (from == "XA" && frame[0] == 0x03) data = frame;
    return true;
  };
  const auto link = w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  ASSERT_FALSE(data.empty());
  const auto before = w.view("XB").log_size();
  auto parsed = exchange::parse_frame(data);
  auto again = std::get<exchange::DataFrame>(*parsed);
  again.first_seq += 1;  // in sequence, so only the record id can tell
  w.inject(link, "XA", exchange::encode_frame(again));
  w.on_frame = nullptr;
  w.run();
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 1u);
  EXPECT_EQ(w.view("XB").log_size(), before + 1) << "one more RECEIPT_OUT, nothing else";
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

TEST_F(Pair, ExpiredRecordEndsVisibly) {
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body(), {}, {}, w.now().wall_ms + kHourMs);
  w.advance(2 * kHourMs);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), store::kItemExpired);
  EXPECT_EQ(w.core("XA").machine().outbox().size(), 0u);
  w.connect("XA", "XB");
  EXPECT_FALSE(w.has("XB", ref));
}

TEST_F(Pair, CancelledRowIsNotSentAndAReceiptOverwritesIt) {
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  const auto batch = w.view("XA").find(ref)->batch;
  w.core("XA").machine().cancel(batch, "XB", "by the test");
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), store::kItemCancelled);
  w.connect("XA", "XB");
  EXPECT_FALSE(w.has("XB", ref));

  // Cancelled while its envelope is under way: the receipt tells the truth.
  const auto late = w.send("XA", "XB", "peer.ping", ping_body("late"));
  const auto late_batch = w.view("XA").find(late)->batch;
  w.core("XA").machine().cancel(late_batch, "XB", "too late");
  w.run();
  EXPECT_TRUE(w.has("XB", late));
  EXPECT_EQ(w.status_of("XA", late, "XB"), 1u);
}

TEST_F(Pair, UnknownKindIsStoredOpaqueAndSaidSo) {
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "future.kind", to_bytes("anything at all"));
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 2u) << "ACCEPTED_UNKNOWN_KIND";
  EXPECT_EQ(w.view("XB").find(ref)->kind, "future.kind");
}

TEST_F(Pair, BrokenRecordIsRejectedWithItsReasonAndKept) {
  w.connect("XA", "XB");
  const auto form = w.send("XA", "XB", "trace.request", to_bytes("not a record"));
  const auto kind = w.send("XA", "XB", "trace.ack", ping_body());
  w.run();
  EXPECT_EQ(w.status_of("XA", form, "XB"), 16u) << "FORM";
  EXPECT_EQ(w.status_of("XA", kind, "XB"), 19u) << "RECORD_INVALID: kind and manifest disagree";
  EXPECT_EQ(w.leaves("XB", LeafType::kRejected), 2u);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 0u);
  EXPECT_TRUE(w.view("XB").cases({}).empty()) << "a rejected record opens no case";
}

TEST(Many, OneRecordToThreeHasOneBatchThreeSendings) {
  World w;
  for (const char* p : {"XA", "XB", "XC", "XD"}) w.add(p);
  for (const char* p : {"XB", "XC", "XD"}) {
    w.verify_both("XA", p);
    w.connect("XA", p);
  }
  const auto ref = w.send_many("XA", {"XB", "XC", "XD"}, "future.kind", to_bytes("to all"));
  w.run();
  for (const char* p : {"XB", "XC", "XD"}) {
    EXPECT_TRUE(w.has(p, ref));
    EXPECT_EQ(w.status_of("XA", ref, p), 2u);
  }
  EXPECT_EQ(w.leaves("XA", LeafType::kSent), 1u);
}

TEST(Many, PeerThatIsAwayDelaysNobodyElse) {
  World w;
  for (const char* p : {"XA", "XB", "XC"}) w.add(p);
  w.verify_both("XA", "XB");
  w.verify_both("XA", "XC");
  w.connect("XA", "XB");
  const auto ref = w.send_many("XA", {"XB", "XC"}, "future.kind", to_bytes("both"));
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 2u);
  EXPECT_EQ(w.status_of("XA", ref, "XC"), 0u);
  w.connect("XA", "XC");
  EXPECT_EQ(w.status_of("XA", ref, "XC"), 2u);
}

TEST_F(Pair, LargestBodyPassesAndOneByteMoreCannotBeBuilt) {
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "future.kind", Bytes(240 * 1024, 'z'));
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 2u);
}

TEST_F(Pair, TwoLinksAtOnceCarryEachRecordOnce) {
  w.connect("XA", "XB");
  w.connect("XB", "XA");
  const auto a = w.send("XA", "XB", "peer.ping", ping_body("a"));
  const auto b = w.send("XB", "XA", "peer.ping", ping_body("b"));
  w.run();
  EXPECT_EQ(w.status_of("XA", a, "XB"), 1u);
  EXPECT_EQ(w.status_of("XB", b, "XA"), 1u);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 1u);
  EXPECT_EQ(w.leaves("XA", LeafType::kReceived), 1u);
}

TEST_F(Pair, WeeksLaterTheScheduleHasBeenExtendedAndStillOpens) {
  w.connect("XA", "XB");
  w.advance(20 * kDayMs);
  w.crash("XA");  // a restart extends the schedule
  w.crash("XB");
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  const auto schedule = exchange::parse_schedule(w.core("XB").self().schedule_note);
  ASSERT_TRUE(schedule.has_value());
  EXPECT_GE(schedule->keys.back().not_after_ms, w.now().wall_ms + 8 * exchange::kWeekMs);
}

}  // namespace
}  // namespace focal::test
