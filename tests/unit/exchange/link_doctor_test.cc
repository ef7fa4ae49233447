// Goal: a party that asks about its link is told of that link alone, as much as its standing allows,
// a few times a minute; nobody who does not know the question ever gets one. Method: two machines,
// or one and a peer played by hand, every frame looked at.
#include <gtest/gtest.h>

#include "tests/support/two_machines.h"

namespace focal::exchange {
namespace {

using test::MachineEnd;
using test::TestParty;
using test::TwoMachines;

constexpr char kId[] = "ABCD2345";

class LinkDoctorTest : public ::testing::Test {
 protected:
  static MachineSettings with(std::uint64_t caps, bool answers = true) {
    MachineSettings out;
    out.caps = caps;
    out.answer_doctor = answers;
    return out;
  }
  std::vector<Frame> turn(MachineEnd& end) {
    end.machine->tick(now);
    std::vector<Frame> out;
    for (const Output& output : end.finish(now))
      if (const auto* sent = std::get_if<SendFrame>(&output)) {
        auto frame = parse_frame(sent->bytes);
        EXPECT_TRUE(frame.has_value());
        if (frame) out.push_back(std::move(*frame));
      }
    return out;
  }
  // XB calls XA and says these caps.
  void link(MachineEnd& end, std::uint64_t caps) {
    ASSERT_TRUE(end.machine->load(now).has_value());
    end.machine->link_up(now, 1, "XB", false);
    HelloFrame hello;
    hello.party = "XB";
    hello.card_id = to_bytes(ByteView(b.self.card.card_id));
    hello.stream_id = Id16{7};
    hello.now_ms = now.wall_ms;
    hello.caps = caps;
    end.machine->frame(now, 1, encode_frame(hello));
    turn(end);
  }
  void know(MachineEnd& end, store::PeerLevel level,
            store::Suspension suspended = store::Suspension::kNone) {
    store::PeerRow row;
    row.party = "XB";
    row.level = level;
    row.suspended = suspended;
    row.card_note = b.self.card.note;
    row.schedule_note = xb.schedule_note();
    ASSERT_TRUE(end.peers.put(row).has_value());
  }
  std::vector<Frame> asks(MachineEnd& end, const std::string& id = kId) {
    end.machine->frame(now, 1, encode_frame(DoctorFrame{id}));
    return turn(end);
  }
  static DoctorReplyFrame level_of(DoctorLevel level) {
    DoctorReplyFrame out;
    out.id = kId;
    out.answer = DoctorAnswer::kLevel;
    out.level = level;
    return out;
  }
  template <typename T>
  static const T* first(const std::vector<Frame>& frames) {
    for (const Frame& frame : frames)
      if (const auto* found = std::get_if<T>(&frame)) return found;
    return nullptr;
  }

  TestParty xa{"XA", 1}, xb{"XB", 51};
  MachineEnd a{xa, xa.fields(), xa.schedule_fields(), {}, 3};
  MachineEnd b{xb, xb.fields(), xb.schedule_fields(), {}, 4};
  Now now{1'000'000, test::kIssuedMs + kHourMs};
};

TEST_F(LinkDoctorTest, AVerifiedPartyIsToldOfItsLink) {
  know(a, store::PeerLevel::kVerified);
  link(a, kCapDoctor);
  a.machine->set_outside([](const std::string& party) {
    EXPECT_EQ(party, "XB");
    return LinkOutside{DoctorReach::kNoConnection, "tcp://198.51.100.7:7117", "198.51.100.9"};
  });
  const auto said = asks(a);
  const auto* reply = first<DoctorReplyFrame>(said);
  ASSERT_NE(reply, nullptr);
  EXPECT_EQ(reply->id, kId);
  EXPECT_EQ(reply->answer, DoctorAnswer::kWhole);
  EXPECT_EQ(reply->level, DoctorLevel::kVerified);
  EXPECT_EQ(reply->reach, DoctorReach::kNoConnection);
  EXPECT_EQ(reply->address, "tcp://198.51.100.7:7117");
  EXPECT_EQ(reply->called_from, "198.51.100.9");
  EXPECT_EQ(reply->card_serial, b.self.card.serial);
  EXPECT_EQ(reply->card_tag, card_tag(b.self.card.card_id));
  EXPECT_EQ(reply->seal_serial, b.self.schedule_serial);
  EXPECT_EQ(reply->sealing, DoctorSealing::kPossible);
  EXPECT_EQ(reply->now_ms, now.wall_ms);
  EXPECT_EQ(reply->state, DoctorState::kRunning);
  EXPECT_FALSE(reply->full);
  a.machine->accept_records(false);
  EXPECT_TRUE(first<DoctorReplyFrame>(asks(a))->full);
}

TEST_F(LinkDoctorTest, N146_WhoIsNotVerifiedLearnsTheLevelAlone) {
  know(a, store::PeerLevel::kIntroduced);
  link(a, kCapDoctor);
  const auto said = asks(a);
  const auto* reply = first<DoctorReplyFrame>(said);
  ASSERT_NE(reply, nullptr);
  EXPECT_EQ(*reply, level_of(DoctorLevel::kIntroduced));
}

TEST_F(LinkDoctorTest, N146_ASuspensionIsNotTold) {
  know(a, store::PeerLevel::kVerified, store::Suspension::kOperator);
  link(a, kCapDoctor);
  MachineEnd other{xa, xa.fields(), xa.schedule_fields(), {}, 5};
  know(other, store::PeerLevel::kNone);
  link(other, kCapDoctor);
  const auto suspended = asks(a), stranger = asks(other);
  ASSERT_NE(first<DoctorReplyFrame>(suspended), nullptr);
  ASSERT_NE(first<DoctorReplyFrame>(stranger), nullptr);
  EXPECT_EQ(*first<DoctorReplyFrame>(suspended), *first<DoctorReplyFrame>(stranger))
      << "as if the number had never been compared";
  EXPECT_EQ(first<DoctorReplyFrame>(stranger)->level, DoctorLevel::kNone);
}

TEST_F(LinkDoctorTest, N146_WhoIsSetToAnswerNothingSaysNothing) {
  MachineEnd closed{xa, xa.fields(), xa.schedule_fields(), with(kCapWitness | kCapDoctor, false), 3};
  know(closed, store::PeerLevel::kVerified);
  link(closed, kCapDoctor);
  const auto said = asks(closed);
  const auto* reply = first<DoctorReplyFrame>(said);
  ASSERT_NE(reply, nullptr);
  DoctorReplyFrame expected;
  expected.id = kId;
  EXPECT_EQ(*reply, expected);
}

TEST_F(LinkDoctorTest, ANodeThatMayNotSignYetAnswersAndAsks) {
  MachineSettings settings;
  settings.start.anchor = AnchorState::kMissing;
  MachineEnd starting{xa, xa.fields(), xa.schedule_fields(), settings, 3};
  know(starting, store::PeerLevel::kVerified);
  link(starting, kCapDoctor);
  ASSERT_EQ(starting.machine->guard().state(), RunState::kStarting);
  const auto said = asks(starting);
  ASSERT_NE(first<DoctorReplyFrame>(said), nullptr);
  EXPECT_EQ(first<DoctorReplyFrame>(said)->state, DoctorState::kStarting);
  const auto id = starting.machine->ask_link(now, "XB");
  ASSERT_TRUE(id.has_value()) << "and it may ask";
  turn(starting);
  DoctorReplyFrame reply = level_of(DoctorLevel::kVerified);
  reply.id = *id;
  starting.machine->frame(now, 1, encode_frame(reply));
  EXPECT_TRUE(starting.machine->link_doctor().answer("XB", *id).has_value());
}

TEST_F(LinkDoctorTest, N147_AFloodOfQuestionsIsAnsweredAFewTimesAMinute) {
  know(a, store::PeerLevel::kVerified);
  link(a, kCapDoctor);
  std::uint32_t answers = 0;
  for (int i = 0; i < 1000; ++i) answers += first<DoctorReplyFrame>(asks(a)) != nullptr ? 1 : 0;
  EXPECT_EQ(answers, kQuestionsPerMinute);
  EXPECT_TRUE(a.machine->link_state("XB").up) << "it is no offence";
  now.mono_ms += kMinuteMs;
  EXPECT_NE(first<DoctorReplyFrame>(asks(a)), nullptr);
}

TEST_F(LinkDoctorTest, N145_BeforeHelloAndWithoutTheBitItEndsTheLink) {
  know(a, store::PeerLevel::kVerified);
  ASSERT_TRUE(a.machine->load(now).has_value());
  a.machine->link_up(now, 1, "XB", false);
  EXPECT_NE(first<ByeFrame>(asks(a)), nullptr) << "HELLO comes first";
  link(a, kCapWitness);
  EXPECT_NE(first<ByeFrame>(asks(a)), nullptr) << "it says that it knows no such frames";
  link(a, kCapWitness);
  a.machine->frame(now, 1, encode_frame(level_of(DoctorLevel::kVerified)));
  EXPECT_NE(first<ByeFrame>(turn(a)), nullptr);
  MachineEnd old{xa, xa.fields(), xa.schedule_fields(), with(kCapWitness), 3};
  know(old, store::PeerLevel::kVerified);
  link(old, kCapDoctor);
  EXPECT_NE(first<ByeFrame>(asks(old)), nullptr) << "as an older node always did";
}

TEST_F(LinkDoctorTest, N145_AnOlderNodeIsNeverAsked) {
  know(a, store::PeerLevel::kVerified);
  link(a, kCapWitness);
  const auto asked = a.machine->ask_link(now, "XB");
  ASSERT_FALSE(asked.has_value());
  EXPECT_EQ(asked.error().code, ErrorCode::kState);
  EXPECT_EQ(first<DoctorFrame>(turn(a)), nullptr);
  EXPECT_TRUE(a.machine->link_state("XB").up);
  const auto nobody = a.machine->ask_link(now, "XC");
  ASSERT_FALSE(nobody.has_value());
  EXPECT_EQ(nobody.error().code, ErrorCode::kUnavailable);
}

TEST_F(LinkDoctorTest, OnlyTheAnswerToTheLastQuestionCounts) {
  know(a, store::PeerLevel::kVerified);
  link(a, kCapDoctor);
  DoctorReplyFrame reply = level_of(DoctorLevel::kVerified);
  a.machine->frame(now, 1, encode_frame(reply));
  EXPECT_FALSE(a.machine->link_doctor().answer("XB", kId)) << "nobody asked";
  const auto one = a.machine->ask_link(now, "XB");
  const auto two = a.machine->ask_link(now, "XB");
  ASSERT_TRUE(one && two);
  EXPECT_NE(*one, *two);
  reply.id = *one;
  a.machine->frame(now, 1, encode_frame(reply));
  EXPECT_FALSE(a.machine->link_doctor().answer("XB", *one));
  reply.id = *two;
  now.wall_ms += 5;
  a.machine->frame(now, 1, encode_frame(reply));
  reply.level = DoctorLevel::kNone;
  a.machine->frame(now, 1, encode_frame(reply));
  const auto answer = a.machine->link_doctor().answer("XB", *two);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->reply.level, DoctorLevel::kVerified) << "the first one stands";
  EXPECT_EQ(answer->at_ms, now.wall_ms);
  EXPECT_FALSE(a.machine->link_doctor().answer("XC", *two));
  for (std::uint32_t i = 2; i < kQuestionsPerMinute; ++i)
    EXPECT_TRUE(a.machine->ask_link(now, "XB").has_value());
  const auto often = a.machine->ask_link(now, "XB");
  ASSERT_FALSE(often.has_value());
  EXPECT_EQ(often.error().code, ErrorCode::kBusy);
}

TEST_F(LinkDoctorTest, TwoNodesAskEachOther) {
  a.know(b, xb.schedule_note());
  b.know(a, xa.schedule_note());
  TwoMachines two(a, b);
  two.connect();
  const auto id = a.machine->ask_link(two.now, "XB");
  ASSERT_TRUE(id.has_value());
  two.run();
  const auto answer = a.machine->link_doctor().answer("XB", *id);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->reply.answer, DoctorAnswer::kWhole);
  EXPECT_EQ(answer->reply.reach, DoctorReach::kNotSaid) << "XA called, and XB has not tried";
  const auto back = b.machine->ask_link(two.now, "XA");
  ASSERT_TRUE(back.has_value());
  two.run();
  EXPECT_EQ(b.machine->link_doctor().answer("XA", *back)->reply.reach, DoctorReach::kReached);
}

TEST_F(LinkDoctorTest, WhatALinkRemembersForTheDoctor) {
  know(a, store::PeerLevel::kVerified);
  link(a, kCapDoctor);
  LinkState state = a.machine->link_state("XB");
  EXPECT_TRUE(state.up);
  EXPECT_FALSE(state.dialed);
  EXPECT_EQ(state.hello_wall_ms, now.wall_ms);
  EXPECT_FALSE(state.other_card);
  a.machine->frame(now, 1, encode_frame(ByeFrame{8, "stopped"}));
  turn(a);
  state = a.machine->link_state("XB");
  EXPECT_FALSE(state.up);
  EXPECT_EQ(state.bye_in, 8u);
  link(a, kCapDoctor);
  EXPECT_EQ(a.machine->link_state("XB").bye_in, 0u) << "a new HELLO ends it";
  a.machine->frame(now, 1, Bytes{0x05});
  turn(a);
  EXPECT_EQ(a.machine->link_state("XB").bye_out, 3u);
}

}  // namespace
}  // namespace focal::exchange
