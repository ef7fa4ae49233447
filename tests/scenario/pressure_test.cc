// Goal: what a node may take at once, keep and hand over is bounded, and inside the
// bounds everybody is served: urgent before bulk, every peer in its turn, receipts
// always. Method: whole nodes in one process; frames are watched on the way.
#include <gtest/gtest.h>

#include "node/exchange/frame.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

using exchange::AckFrame;
using exchange::DataFrame;
using store::LeafType;

std::optional<DataFrame> data_of(const Bytes& frame) {
  auto parsed = exchange::parse_frame(frame);
  if (!parsed || !std::holds_alternative<DataFrame>(*parsed)) return std::nullopt;
  return std::get<DataFrame>(std::move(*parsed));
}

struct Pressure : ::testing::Test {
  World w;
  void SetUp() override {
    for (const char* party : {"XA", "XB", "XC"}) w.add(party);
    w.verify_both("XA", "XB");
    w.verify_both("XA", "XC");
  }
  store::RecordRef submit(const std::string& to, std::uint32_t lane, std::size_t size = 100'000) {
    exchange::Draft draft;
    draft.to = {to};
    draft.kind = "future.kind";
    draft.body = Bytes(size, 'p');
    draft.lane = lane;
    return w.core("XA").machine().submit(w.now(), std::move(draft));
  }
  // XB on a link that only the test reads and answers; so much credit is granted once.
  void link_by_hand(std::uint64_t credit) {
    exchange::Machine& machine = w.core("XA").machine();
    machine.link_up(w.now(), 900, "XB", false);
    exchange::HelloFrame hello;
    hello.party = "XB";
    hello.card_id = to_bytes(ByteView(w.core("XB").self().card.card_id));
    hello.stream_id = Id16{1};
    machine.frame(w.now(), 900, exchange::encode_frame(hello));
    Id16 stream{};
    for (const auto& output : w.core("XA").finish_group(w.now()).outputs)
      if (const auto* sent = std::get_if<exchange::SendFrame>(&output))
        if (const auto frame = exchange::parse_frame(sent->bytes))
          if (const auto* reply = std::get_if<exchange::HelloFrame>(&*frame))
            stream = reply->stream_id;
    machine.frame(w.now(), 900, exchange::encode_frame(AckFrame{stream, 0, credit, credit}));
  }
};

TEST_F(Pressure, AnUrgentRecordOvertakesABulkBacklog) {
  for (int i = 0; i < 100; ++i) submit("XB", 2);  // 10 MB
  w.run();
  const auto urgent = submit("XB", 1, 1000);
  w.run();
  std::size_t bulk_before = 0, bulk = 0;
  bool seen = false;
  w.on_frame = [&](const auto& from, const auto&, const Bytes& frame) {
    const auto data = from == "XA" ? data_of(frame) : std::nullopt;
    if (data && data->lane == 2) ++(seen ? bulk : bulk_before);
    if (data && data->lane == 1) seen = true;
    return true;
  };
  w.connect("XA", "XB");
  EXPECT_EQ(w.status_of("XA", urgent, "XB"), 2u);
  EXPECT_TRUE(seen);
  EXPECT_LE(bulk_before, 1u);
  EXPECT_GT(bulk, 10u) << "and the backlog followed";
  EXPECT_EQ(w.core("XA").machine().outbox().size(), 0u);
}

TEST_F(Pressure, BulkIsNotStarvedByLaneOne) {
  for (int i = 0; i < 200; ++i) submit("XB", 1);
  for (int i = 0; i < 20; ++i) submit("XB", 2);
  w.run();
  std::size_t first = 0, at = 0, second_lane_at = 0;
  w.on_frame = [&](const auto& from, const auto&, const Bytes& frame) {
    const auto data = from == "XA" ? data_of(frame) : std::nullopt;
    if (!data || data->lane == 0) return true;
    ++at;
    if (data->lane == 1) ++first;
    if (data->lane == 2 && second_lane_at == 0) second_lane_at = at;
    return true;
  };
  w.connect("XA", "XB");
  EXPECT_GT(first, 20u);
  ASSERT_NE(second_lane_at, 0u);
  EXPECT_LE(second_lane_at, 10u) << "one share to lane 2 for four of lane 1";
}

TEST_F(Pressure, OnePeersBacklogDoesNotDelayAnother) {
  w.connect("XA", "XB");
  w.connect("XA", "XC");
  for (int i = 0; i < 300; ++i) submit("XB", 1);  // 30 MB
  const auto other = submit("XC", 1, 1000);
  std::size_t to_b_before = 0;
  bool seen = false;
  w.on_frame = [&](const auto& from, const auto& to, const Bytes& frame) {
    if (from != "XA" || !data_of(frame)) return true;
    if (to == "XC") seen = true;
    if (to == "XB" && !seen) to_b_before += frame.size();
    return true;
  };
  w.run();
  EXPECT_EQ(w.status_of("XA", other, "XC"), 2u);
  EXPECT_TRUE(seen);
  EXPECT_LE(to_b_before, 1u << 20) << "one round at most";
  EXPECT_EQ(w.core("XA").machine().outbox().size(), 0u);
}

// What one turn of the loop hands over to one link is bounded, however much credit
// a peer grants.
TEST_F(Pressure, ATurnHandsALinkABoundedAmount) {
  for (int i = 0; i < 200; ++i) submit("XB", 1);  // 20 MB
  w.run();
  link_by_hand(~0ull);
  std::size_t total = 0;
  for (int turn = 0; turn < 10; ++turn) {
    std::size_t bytes = 0;
    for (const auto& output : w.core("XA").finish_group(w.now()).outputs)
      if (const auto* sent = std::get_if<exchange::SendFrame>(&output)) bytes += sent->bytes.size();
    EXPECT_LE(bytes, 5u << 20);
    total += bytes;
  }
  EXPECT_GT(total, 12u << 20);
  EXPECT_LE(total, 17u << 20) << "what is not acknowledged is bounded too";
}

TEST_F(Pressure, WithALowDiskReceiptsFlowAndRecordsWait) {
  w.core("XA").machine().accept_records(false);
  std::uint64_t credit = 0, lane0 = 0;
  w.on_frame = [&](const auto& from, const auto&, const Bytes& frame) {
    const auto parsed = exchange::parse_frame(frame);
    const auto* ack = parsed ? std::get_if<AckFrame>(&*parsed) : nullptr;
    if (from == "XA" && ack != nullptr) credit = ack->credit, lane0 = ack->lane0_credit;
    return true;
  };
  w.connect("XA", "XB");
  EXPECT_EQ(credit, 0u);
  EXPECT_EQ(lane0, exchange::kLane0Credit);
  const auto ours = submit("XB", 1, 100);
  const auto theirs = w.send("XB", "XA", "future.kind", Bytes(100, 'x'));
  w.run();
  EXPECT_EQ(w.status_of("XA", ours, "XB"), 2u) << "its receipt came in";
  EXPECT_FALSE(w.has("XA", theirs));
  w.core("XA").machine().accept_records(true);  // there is room again
  w.run();
  EXPECT_EQ(w.status_of("XB", theirs, "XA"), 2u) << "without a word of XB";
}

// Both disks are full, each owes the other receipts: they cross, and no record follows them.
TEST_F(Pressure, N140_TwoNodesWithFullDisksDrainTheirReceipts) {
  std::vector<store::RecordRef> ours, theirs;
  w.on_frame = [&](const auto&, const auto&, const Bytes& frame) {
    const auto data = data_of(frame);
    return !data || data->lane != 0;  // the first receipt takes its link along
  };
  for (int i = 0; i < 3; ++i) {
    ours.push_back(submit("XB", 1, 100));
    theirs.push_back(w.send("XB", "XA", "future.kind", Bytes(100, 'x')));
    w.connect("XA", "XB");
    w.run();
  }
  w.on_frame = nullptr;
  std::size_t open = 0;
  for (const auto& ref : ours) open += w.status_of("XA", ref, "XB") == 0 && w.has("XB", ref) ? 1 : 0;
  for (const auto& ref : theirs) open += w.status_of("XB", ref, "XA") == 0 && w.has("XA", ref) ? 1 : 0;
  ASSERT_GE(open, 2u) << "stored there, and no receipt here";
  for (const char* party : {"XA", "XB"}) w.core(party).machine().accept_records(false);
  const auto more = submit("XB", 1, 100);
  const auto stored = w.leaves("XA", LeafType::kReceived) + w.leaves("XB", LeafType::kReceived);
  w.connect("XA", "XB");
  for (const auto& ref : ours)
    if (w.has("XB", ref)) {
      EXPECT_EQ(w.status_of("XA", ref, "XB"), 2u);
    }
  for (const auto& ref : theirs)
    if (w.has("XA", ref)) {
      EXPECT_EQ(w.status_of("XB", ref, "XA"), 2u);
    }
  EXPECT_EQ(w.status_of("XA", more, "XB"), 0u);
  EXPECT_EQ(w.leaves("XA", LeafType::kReceived) + w.leaves("XB", LeafType::kReceived), stored);
}

// XB's program is there and reads nothing: XC is served as if there were no XB, and what XB may hold
// up is bounded by what it granted.
TEST_F(Pressure, N132_OneThatStopsReadingStopsNobodyElse) {
  link_by_hand(4u << 20);  // … and is silent from then on
  for (int i = 0; i < 300; ++i) submit("XB", 1);  // 30 MB
  w.run();
  w.connect("XA", "XC");
  std::vector<store::RecordRef> others;
  for (int i = 0; i < 50; ++i) {
    others.push_back(submit("XC", 1, 1000));
    if (i % 10 == 9) w.run();
  }
  const auto from_c = w.send("XC", "XA", "future.kind", Bytes(100, 'x'));
  w.run();
  for (const auto& ref : others) EXPECT_EQ(w.status_of("XA", ref, "XC"), 2u);
  EXPECT_EQ(w.status_of("XC", from_c, "XA"), 2u);
  EXPECT_TRUE(w.core("XA").machine().link_state("XB").up);
  EXPECT_GE(w.core("XA").machine().outbox().size(), 2u) << "what XB does not take waits";
}

TEST_F(Pressure, AGroupEndsAtItsBound) {
  exchange::Machine& machine = w.core("XA").machine();
  std::size_t n = 0;
  while (!machine.group_is_full()) submit("XB", 1, 10), ++n;
  EXPECT_EQ(n, exchange::kGroupRecords);
  w.run();
  EXPECT_FALSE(machine.group_is_full());
  for (n = 0; !machine.group_is_full(); ++n) submit("XB", 1, 200'000);
  EXPECT_LE(n, exchange::kGroupBytes / 200'000 + 1);
  w.run();
  w.connect("XA", "XB");
  EXPECT_EQ(machine.outbox().size(), 0u);
}

// A receiver that died after storing owes a receipt for each; none may have to
// wait for the resend timer.
TEST_F(Pressure, ManyReceiptsOwedAfterACrashAllArriveAtOnce) {
  std::vector<store::RecordRef> refs;
  for (int i = 0; i < 600; ++i) refs.push_back(submit("XB", 1, 50));
  w.run();
  std::size_t received = 0;
  w.on_frame = [&](const auto& from, const auto&, const Bytes& frame) {
    if (from == "XB" && data_of(frame)) return false;  // no receipt leaves XB
    if (from == "XA") received += data_of(frame).has_value();
    return true;
  };
  w.connect("XA", "XB");
  ASSERT_GT(received, 0u);
  w.crash("XB");
  w.on_frame = nullptr;
  w.connect("XA", "XB");
  for (const auto& ref : refs) ASSERT_EQ(w.status_of("XA", ref, "XB"), 2u);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 600u);
}

TEST_F(Pressure, LinksThatFlapDoNotStretchTheResendTimer) {
  const auto ref = submit("XB", 1, 50);
  w.on_frame = [&](const auto& from, const auto&, const Bytes& frame) {
    return from != "XA" || !data_of(frame);  // every sending takes its link along
  };
  for (int i = 0; i < 8; ++i) w.connect("XA", "XB");
  bool acked = false;
  w.on_frame = [&](const auto& from, const auto&, const Bytes& frame) {
    return from != "XB" || !data_of(frame) || acked;  // received, the receipt is lost
  };
  w.connect("XA", "XB");
  acked = true;
  w.on_frame = nullptr;
  const auto info = w.view("XA").find(ref);
  const auto* entry = w.core("XA").machine().outbox().find(info->batch, "XB");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->row.tries, 0u) << "no timer has run out";
  EXPECT_LE(entry->resend_at_mono_ms, w.now().mono_ms + kHourMs);
}

TEST_F(Pressure, TriesAreCountedByTheTimerAndKept) {
  w.pin("XB", "XA", store::PeerLevel::kNone);  // acknowledged on the link, put aside, no receipt
  w.connect("XA", "XB");
  const auto ref = submit("XB", 1, 50);
  w.run();
  const auto info = w.view("XA").find(ref);
  w.advance(kHourMs + kSecondMs);
  EXPECT_EQ(w.view("XA").outbox(info->batch, "XB")->tries, 1u);
  const auto* entry = w.core("XA").machine().outbox().find(info->batch, "XB");
  EXPECT_GT(entry->resend_at_mono_ms, w.now().mono_ms + kHourMs) << "twice as long now";
  w.crash("XA");
  EXPECT_EQ(w.core("XA").machine().outbox().find(info->batch, "XB")->row.tries, 1u);
}

TEST_F(Pressure, AnExpiredCardStopsRecordsAndSaysSo) {
  const auto expires = w.core("XA").peers().find("XB")->card.expires_ms;
  w.set_wall(expires - kHourMs);
  const auto ref = submit("XB", 1, 50);
  w.run();
  w.set_wall(expires);
  w.connect("XA", "XB");
  w.advance(2 * kSecondMs);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u);
  EXPECT_FALSE(w.has("XB", ref));
  const auto info = w.view("XA").find(ref);
  EXPECT_NE(w.core("XA").machine().outbox().find(info->batch, "XB")->note.find("expired"),
            std::string::npos);
}

TEST_F(Pressure, ABounceForAnOldScheduleIsSentAgainUnderTheNewOne) {
  const auto link = w.connect("XA", "XB");
  Hash32 env{};
  w.on_frame = [&](const auto& from, const auto&, const Bytes& frame) {
    const auto data = from == "XA" ? data_of(frame) : std::nullopt;
    if (data && data->lane == 1) env = exchange::envelope_id(data->envelopes[0]);
    return !(from == "XB" && data_of(frame));  // the receipt is lost: the row stays open
  };
  const auto ref = submit("XB", 1, 50);
  w.run();
  ASSERT_NE(env, Hash32{});
  const auto own = exchange::parse_schedule(w.core("XB").self().schedule_note);
  exchange::ScheduleFields fields = *own;
  fields.serial += 1;
  const auto note = exchange::make_schedule(fields, w.keys("XB").sign);
  ASSERT_TRUE(note.has_value());
  w.on_frame = nullptr;
  const auto again = w.connect("XA", "XB");
  static_cast<void>(link);
  w.inject(again, "XB", exchange::encode_frame(exchange::NotesFrame{{*note}}));
  w.run();
  w.inject(again, "XB", exchange::encode_frame(exchange::BounceFrame{{{env, 2, 0, {}}}}));
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 2u) << "not in a day, but now";
}

TEST_F(Pressure, ANewScheduleTellsTheLoopToLookAtTheDialPlan) {
  const auto link = w.connect("XA", "XB");
  w.core("XA").machine().take_reach_changed();
  const auto own = exchange::parse_schedule(w.core("XB").self().schedule_note);
  exchange::ScheduleFields fields = *own;
  fields.serial += 1;
  fields.endpoints = {"tcp://198.51.100.9:7117"};
  const auto note = exchange::make_schedule(fields, w.keys("XB").sign);
  w.inject(link, "XB", exchange::encode_frame(exchange::NotesFrame{{*note}}));
  w.run();
  EXPECT_TRUE(w.core("XA").machine().take_reach_changed());
  EXPECT_FALSE(w.core("XA").machine().take_reach_changed());
}

// One row that the ledger refuses: everything else of the group is stored, that batch
// waits, both ends see it, and it is taken once the ledger takes it.
TEST_F(Pressure, N144_OneBadRowInAGroupIsSetAsideAndTheRestIsStored) {
  std::vector<store::RecordRef> refs;
  for (int i = 0; i < 20; ++i) {
    refs.push_back(submit("XB", 1, 50));
    w.run();  // each in a batch of its own
  }
  const auto bad = w.view("XA").batch(w.view("XA").find(refs[7])->batch);
  const std::string trigger = "CREATE TEMP TRIGGER bad BEFORE INSERT ON batch WHEN hex(NEW.stmt)=upper('" +
                              hex(bad->stmt) + "') BEGIN SELECT RAISE(ABORT,'refused'); END";
  ASSERT_TRUE(w.node("XB").ledger().driver().run_script(trigger.c_str()).has_value());
  const auto before = w.view("XB").log_size();
  w.connect("XA", "XB");
  EXPECT_EQ(w.view("XB").log_size(), before) << "the group as a whole did not happen";
  w.connect("XA", "XB");
  for (std::size_t i = 0; i < refs.size(); ++i)
    EXPECT_EQ(w.status_of("XA", refs[i], "XB"), i == 7 ? 0u : 2u) << i;
  ASSERT_EQ(w.core("XB").machine().waiting().size(), 1u);
  EXPECT_EQ(w.view("XB").waiting().front().reason, store::WaitReason::kInternal);
  const auto* entry = w.core("XA").machine().outbox().find(w.view("XA").find(refs[7])->batch, "XB");
  EXPECT_NE(entry->note.find("could not be stored"), std::string::npos) << entry->note;
  w.advance(2 * kMinuteMs);
  EXPECT_TRUE(w.core("XB").machine().link_state("XA").up) << "judging it again ends nothing";

  w.crash("XB");  // the trigger is gone with the process
  w.connect("XA", "XB");
  w.advance(2 * kMinuteMs);
  EXPECT_EQ(w.status_of("XA", refs[7], "XB"), 2u);
  EXPECT_EQ(w.core("XB").machine().waiting().size(), 0u);
}

TEST_F(Pressure, NotesWithoutEndEndTheLink) {
  const auto link = w.connect("XA", "XB");
  const exchange::NotesFrame frame{{"focal-seal/v1\nrubbish\n"}};
  for (std::uint32_t i = 0; i <= exchange::kNotesFlood; ++i)
    w.inject(link, "XB", exchange::encode_frame(frame));
  w.run();
  EXPECT_FALSE(w.core("XA").machine().link_state("XB").up);
}

}  // namespace
}  // namespace focal::test
