// Goal: a link counts envelopes and credit as the protocol says, and whoever breaks the
// count is told with which BYE. Method: two sessions that talk to each other without a
// network, and frames made up.
#include "node/exchange/session.h"

#include <gtest/gtest.h>

namespace focal::exchange {
namespace {

constexpr std::size_t kFrame = 100'000;

struct SessionTest : ::testing::Test {
  Session a{1, "XB", true, Id16{0xa}};   // at XA, who dialed
  Session b{2, "XA", false, Id16{0xb}};  // at XB

  static HelloFrame hello(const std::string& party, bool is_reply, const Id16& stream) {
    HelloFrame h;
    h.party = party;
    h.is_reply = is_reply;
    h.stream_id = stream;
    h.card_id = Bytes(32, 1);
    h.seal_serial = 5;
    return h;
  }
  void greet() {
    a.hello_sent();
    ASSERT_FALSE(b.on_hello(hello("XA", false, a.own_stream()), 10).has_value());
    b.hello_sent();
    ASSERT_FALSE(a.on_hello(hello("XB", true, b.own_stream()), 11).has_value());
  }
  void first_credit() {
    std::vector<InFlight> none;
    ASSERT_FALSE(a.on_ack(b.acknowledge(kMaxAllCredit), none).has_value());
    ASSERT_FALSE(b.on_ack(a.acknowledge(kMaxAllCredit), none).has_value());
  }
  // A DATA of n envelopes from a, as the machine makes it.
  DataFrame data(std::size_t n, std::uint32_t lane = 1) {
    DataFrame d;
    d.stream_id = a.own_stream();
    d.first_seq = a.next_seq();
    d.lane = lane;
    d.envelopes.assign(n, Bytes(10, 1));
    a.sent(lane, frame_cost(kFrame, n), std::vector<store::BatchId>(n, 7));
    return d;
  }
};

TEST_F(SessionTest, IsUpOnlyAfterBothHellos) {
  EXPECT_FALSE(a.is_up());
  a.hello_sent();
  EXPECT_FALSE(a.is_up());
  EXPECT_FALSE(b.on_hello(hello("XA", false, a.own_stream()), 10).has_value());
  EXPECT_FALSE(b.is_up()) << "has not answered yet";
  b.hello_sent();
  EXPECT_TRUE(b.is_up());
  EXPECT_EQ(b.up_since_ms(), 10u);
  EXPECT_EQ(b.peer_seal_serial(), 5u);
  EXPECT_EQ(b.peer_card_id(), Bytes(32, 1));
}

TEST_F(SessionTest, N081_HelloOfAnotherParty) {
  EXPECT_EQ(b.on_hello(hello("XC", false, Id16{1}), 0), ByeCode::kParty);
  EXPECT_EQ(b.on_hello(hello("", false, Id16{1}), 0), ByeCode::kParty);
  EXPECT_FALSE(b.is_up());
}

TEST_F(SessionTest, HelloComesOnceAndFromTheRightSide) {
  EXPECT_EQ(b.on_hello(hello("XA", true, Id16{1}), 0), ByeCode::kBadFrame) << "nobody asked";
  EXPECT_EQ(a.on_hello(hello("XB", false, Id16{1}), 0), ByeCode::kBadFrame) << "the dialer asks";
  greet();
  EXPECT_EQ(b.on_hello(hello("XA", false, Id16{2}), 0), ByeCode::kBadFrame) << "a second one";
}

TEST_F(SessionTest, VersionsMustMeet) {
  HelloFrame h = hello("XA", false, Id16{1});
  h.v = 0;
  EXPECT_EQ(b.on_hello(h, 0), ByeCode::kVersion);
  h.v = 9;
  h.v_min = 2;
  EXPECT_EQ(b.on_hello(h, 0), ByeCode::kVersion);
  h.v_min = 1;
  EXPECT_FALSE(b.on_hello(h, 0).has_value()) << "a newer program that still speaks 1";
}

TEST_F(SessionTest, BeforeHelloNothingIsTaken) {
  std::vector<InFlight> none;
  EXPECT_EQ(b.on_data(DataFrame{Id16{0xa}, 1, 1, {Bytes(1, 1)}}, 10), ByeCode::kBadFrame);
  EXPECT_EQ(b.on_ack(AckFrame{Id16{0xb}, 0, 0, 0}, none), ByeCode::kBadFrame);
}

TEST_F(SessionTest, N083_NoCreditIsImplied) {
  greet();
  for (const std::uint32_t lane : {0u, 1u, 2u, 3u}) {
    EXPECT_FALSE(a.has_credit(lane, 1)) << lane;
    EXPECT_TRUE(a.has_credit(lane, 0));
  }
  EXPECT_EQ(b.on_data(data(1), 1), ByeCode::kCredit) << "sent before any grant";
}

TEST_F(SessionTest, FirstGrantLetsTwoOfTheLargestEnvelopesThrough) {
  greet();
  first_credit();
  EXPECT_GE(kFirstCredit, 2 * (288u << 10));
  EXPECT_TRUE(a.has_credit(1, kFirstCredit));
  EXPECT_FALSE(a.has_credit(1, kFirstCredit + 1));
  EXPECT_TRUE(a.has_credit(0, kLane0Credit));
  EXPECT_FALSE(a.has_credit(0, kLane0Credit + 1));
}

TEST_F(SessionTest, LaneZeroHasItsOwnCredit) {
  greet();
  first_credit();
  a.sent(0, kLane0Credit, {0});
  EXPECT_FALSE(a.has_credit(0, 1));
  EXPECT_TRUE(a.has_credit(1, kFirstCredit)) << "lane 0 does not spend the others'";
  a.sent(2, kFirstCredit, {1});
  EXPECT_FALSE(a.has_credit(1, 1)) << "lanes 1 and 2 share one";
}

TEST_F(SessionTest, N083_OverrunOnEitherKindOfLaneIsCredit) {
  greet();
  first_credit();
  EXPECT_EQ(b.on_data(DataFrame{a.own_stream(), 1, 0, {Bytes(1, 1)}}, kLane0Credit + 1),
            ByeCode::kCredit);
  EXPECT_EQ(b.on_data(DataFrame{a.own_stream(), 1, 1, {Bytes(1, 1)}}, kFirstCredit + 1),
            ByeCode::kCredit);
  EXPECT_FALSE(b.on_data(DataFrame{a.own_stream(), 1, 1, {Bytes(1, 1)}}, kFirstCredit).has_value());
  EXPECT_EQ(b.on_data(DataFrame{a.own_stream(), 2, 1, {Bytes(1, 1)}}, 1), ByeCode::kCredit)
      << "a small frame costs 1 KiB, too";
}

TEST_F(SessionTest, SmallFramesCostAKibibyteEach) {
  greet();
  first_credit();
  std::uint64_t seq = 0, taken = 0;
  while (!b.on_data(DataFrame{a.own_stream(), ++seq, 1, {Bytes(1, 1)}}, 20).has_value()) ++taken;
  EXPECT_EQ(taken, kFirstCredit / 1024);
}

TEST_F(SessionTest, TotalsNeverFallAndNeverGrowBeyondTheWindow) {
  greet();
  std::uint64_t granted = 0, taken = 0, seq = 0, largest = 0;
  for (int i = 0; i < 200; ++i) {
    const AckFrame ack = b.acknowledge(kMaxAllCredit);
    EXPECT_GE(ack.credit, granted);
    granted = ack.credit;
    ASSERT_LE(granted - taken, kMaxCredit);
    EXPECT_LE(ack.lane0_credit, kLane0Credit);
    largest = std::max(largest, granted - taken);
    while (taken + kFrame <= granted) {  // the peer keeps the window busy
      ASSERT_FALSE(b.on_data(DataFrame{a.own_stream(), ++seq, 1, {Bytes(1, 1)}}, kFrame));
      taken += kFrame;
    }
  }
  EXPECT_EQ(largest, kMaxCredit) << "the window opened all the way";
}

TEST_F(SessionTest, IdlePeerKeepsTheFirstWindow) {
  greet();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(b.acknowledge(kMaxAllCredit).credit, kFirstCredit);
}

TEST_F(SessionTest, AGrantStaysWithinTheRoomThereIs) {
  greet();
  const AckFrame first = b.acknowledge(1000);
  EXPECT_EQ(first.credit, 1000u);
  EXPECT_TRUE(b.owes_credit());
  EXPECT_EQ(b.acknowledge(5000).credit, 6000u);
  EXPECT_EQ(b.acknowledge(kMaxAllCredit).credit, kFirstCredit);
  EXPECT_FALSE(b.owes_credit());
}

// A peer that grants without end and acknowledges nothing costs us no more than
// one that keeps to the rules.
TEST_F(SessionTest, WhatIsNotAcknowledgedIsBoundedHoweverMuchIsGranted) {
  greet();
  std::vector<InFlight> none;
  ASSERT_FALSE(a.on_ack({a.own_stream(), 0, ~std::uint64_t{0}, ~std::uint64_t{0}}, none));
  for (const std::uint32_t lane : {0u, 1u}) {
    EXPECT_TRUE(a.has_credit(lane, kMaxCredit));
    a.sent(lane, kMaxCredit, {1});
    EXPECT_FALSE(a.has_credit(lane, 1)) << lane;
  }
  ASSERT_FALSE(a.on_ack({a.own_stream(), 1, ~std::uint64_t{0}, ~std::uint64_t{0}}, none));
  EXPECT_TRUE(a.has_credit(0, kMaxCredit)) << "acknowledged";
  EXPECT_FALSE(a.has_credit(1, 1));
}

TEST_F(SessionTest, UnderPressureOnlyLaneZeroIsGranted) {
  greet();
  const AckFrame before = b.acknowledge(kMaxAllCredit);
  ASSERT_FALSE(b.on_data(DataFrame{a.own_stream(), 1, 1, {Bytes(1, 1)}}, kFirstCredit));
  ASSERT_FALSE(b.on_data(DataFrame{a.own_stream(), 2, 0, {Bytes(1, 1)}}, kLane0Credit));
  const AckFrame pressed = b.acknowledge(0);
  EXPECT_EQ(pressed.cum_seq, 2u);
  EXPECT_EQ(pressed.credit, before.credit);
  EXPECT_EQ(pressed.lane0_credit, 2 * kLane0Credit);
}

TEST_F(SessionTest, N084_GapRegressAndForeignStreamAreSeq) {
  greet();
  first_credit();
  ASSERT_FALSE(b.on_data(data(3), kFrame).has_value());
  EXPECT_EQ(b.on_data(DataFrame{a.own_stream(), 5, 1, {Bytes(1, 1)}}, 10), ByeCode::kSeq) << "gap";
  EXPECT_EQ(b.on_data(DataFrame{a.own_stream(), 3, 1, {Bytes(1, 1)}}, 10), ByeCode::kSeq) << "again";
  EXPECT_EQ(b.on_data(DataFrame{a.own_stream(), 0, 1, {Bytes(1, 1)}}, 10), ByeCode::kSeq);
  EXPECT_EQ(b.on_data(DataFrame{Id16{0xcc}, 4, 1, {Bytes(1, 1)}}, 10), ByeCode::kSeq) << "stream";
  EXPECT_FALSE(b.on_data(DataFrame{a.own_stream(), 4, 1, {Bytes(1, 1)}}, 10).has_value());
}

TEST_F(SessionTest, AckSettlesWhatItCovers) {
  greet();
  first_credit();
  a.sent(1, 2000, {11, 12});
  a.sent(0, 2000, {0});
  a.sent(1, 2000, {13});
  EXPECT_EQ(a.next_seq(), 5u);
  std::vector<InFlight> settled;
  EXPECT_FALSE(a.on_ack(AckFrame{a.own_stream(), 3, kFirstCredit, kLane0Credit}, settled));
  ASSERT_EQ(settled.size(), 3u);
  EXPECT_EQ(settled[0].batch, 11);
  EXPECT_EQ(settled[1].seq, 2u);
  EXPECT_EQ(settled[2].batch, 0) << "receipts: no row waits for them";
  ASSERT_EQ(a.in_flight().size(), 1u);
  EXPECT_EQ(a.in_flight().front().batch, 13);
  settled.clear();
  EXPECT_FALSE(a.on_ack(AckFrame{a.own_stream(), 3, kFirstCredit, kLane0Credit}, settled));
  EXPECT_TRUE(settled.empty()) << "the same ACK again settles nothing";
}

TEST_F(SessionTest, ReceiptsAreKeptUntilAcknowledged) {
  greet();
  first_credit();
  a.sent(0, 2000, {0}, {to_bytes("first")});
  a.sent(1, 2000, {11});
  a.sent(0, 2000, {0}, {to_bytes("second")});
  std::vector<InFlight> settled;
  ASSERT_FALSE(a.on_ack(AckFrame{a.own_stream(), 1, kFirstCredit, kLane0Credit}, settled));
  const std::deque<Bytes> left = a.take_receipts();
  ASSERT_EQ(left.size(), 1u) << "the first was acknowledged, the record is the outbox's";
  EXPECT_EQ(as_text(left[0]), "second");
  EXPECT_TRUE(a.take_receipts().empty());
}

TEST_F(SessionTest, N082_AckOfTheUnsentOrOfAnotherStreamIsSeq) {
  greet();
  first_credit();
  a.sent(1, 2000, {11, 12});
  std::vector<InFlight> settled;
  EXPECT_EQ(a.on_ack(AckFrame{a.own_stream(), 3, kFirstCredit, kLane0Credit}, settled),
            ByeCode::kSeq) << "3 was never sent";
  EXPECT_EQ(a.on_ack(AckFrame{b.own_stream(), 1, kFirstCredit, kLane0Credit}, settled),
            ByeCode::kSeq) << "another stream";
  EXPECT_EQ(a.on_ack(AckFrame{a.own_stream(), ~std::uint64_t{0}, kFirstCredit, kLane0Credit},
                     settled), ByeCode::kSeq);
  EXPECT_FALSE(a.on_ack(AckFrame{a.own_stream(), 2, kFirstCredit, kLane0Credit}, settled));
  EXPECT_EQ(settled.size(), 2u);
  EXPECT_EQ(a.on_ack(AckFrame{a.own_stream(), 1, kFirstCredit, kLane0Credit}, settled),
            ByeCode::kSeq) << "it took something back";
}

TEST_F(SessionTest, CreditThatFallsIsCredit) {
  greet();
  first_credit();
  std::vector<InFlight> settled;
  EXPECT_EQ(a.on_ack(AckFrame{a.own_stream(), 0, kFirstCredit - 1, kLane0Credit}, settled),
            ByeCode::kCredit);
  EXPECT_EQ(a.on_ack(AckFrame{a.own_stream(), 0, kFirstCredit, kLane0Credit - 1}, settled),
            ByeCode::kCredit);
}

TEST_F(SessionTest, OwesAnAckUntilItIsGiven) {
  greet();
  first_credit();
  EXPECT_FALSE(b.owes_ack());
  ASSERT_FALSE(b.on_data(data(2), kFrame).has_value());
  EXPECT_TRUE(b.owes_ack());
  const AckFrame ack = b.acknowledge(kMaxAllCredit);
  EXPECT_EQ(ack.cum_seq, 2u);
  EXPECT_EQ(ack.stream_id, a.own_stream()) << "names the stream it acknowledges";
  EXPECT_FALSE(b.owes_ack());
}

}  // namespace
}  // namespace focal::exchange
