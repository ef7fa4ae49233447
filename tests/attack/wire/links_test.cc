// Goal: a peer that breaks the rules of a link loses the link and nothing else.
// Method: frames injected into a live link between two whole nodes.
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace focal::test {
namespace {

struct Links : ::testing::Test {
  World w;
  exchange::LinkId link = 0;
  std::vector<exchange::ByeFrame> byes;  // said by XB
  exchange::HelloFrame hello;            // of XA
  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
    w.on_frame = [&](const std::string& from, const auto&, const Bytes& frame) {
      const auto parsed = exchange::parse_frame(frame);
      if (parsed && from == "XB")
        if (const auto* bye = std::get_if<exchange::ByeFrame>(&*parsed)) byes.push_back(*bye);
      if (parsed && from == "XA")
        if (const auto* said = std::get_if<exchange::HelloFrame>(&*parsed)) hello = *said;
      return true;
    };
    link = w.connect("XA", "XB");
  }
  void expect_bye(const exchange::Frame& frame, exchange::ByeCode code) {
    expect_bye(exchange::encode_frame(frame), code);
  }
  void expect_bye(const Bytes& frame, exchange::ByeCode code) {
    const auto before = w.view("XB").log_size();
    w.inject(link, "XA", frame);
    w.run();
    ASSERT_EQ(byes.size(), 1u);
    EXPECT_EQ(byes[0].code, static_cast<std::uint32_t>(code)) << byes[0].text;
    EXPECT_FALSE(w.core("XB").machine().link_state("XA").up);
    EXPECT_EQ(w.view("XB").log_size(), before);
    // A new link works as if nothing had been.
    w.connect("XA", "XB");
    const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
    w.run();
    EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  }
};

TEST_F(Links, N081_HelloOfAnotherParty) {
  World other;
  other.add("XA");
  other.add("XB");
  other.verify_both("XA", "XB");
  other.core("XB").machine().link_up(other.now(), 99, "XA", false);
  exchange::HelloFrame forged = hello;
  forged.party = "XC";
  other.core("XB").machine().frame(other.now(), 99, exchange::encode_frame(forged));
  const auto out = other.core("XB").finish_group(other.now()).outputs;
  ASSERT_FALSE(out.empty());
  const auto* frame = std::get_if<exchange::SendFrame>(&out[0]);
  ASSERT_NE(frame, nullptr);
  const auto bye = exchange::parse_frame(frame->bytes);
  ASSERT_TRUE(bye && std::holds_alternative<exchange::ByeFrame>(*bye));
  EXPECT_EQ(std::get<exchange::ByeFrame>(*bye).code, 2u) << "PARTY";
}

TEST_F(Links, SecondHello) { expect_bye(hello, exchange::ByeCode::kBadFrame); }

TEST_F(Links, FrameThatDoesNotParse) {
  expect_bye(Bytes{0x03, 0xff, 0xff}, exchange::ByeCode::kBadFrame);
}

TEST_F(Links, UnknownFrameType) { expect_bye(Bytes{0x7f, 0}, exchange::ByeCode::kBadFrame); }

TEST_F(Links, EmptyFrame) { expect_bye(Bytes{}, exchange::ByeCode::kBadFrame); }

TEST_F(Links, N082_AckForWhatWasNotSent) {
  exchange::AckFrame ack;
  ack.stream_id = Id16{};
  expect_bye(ack, exchange::ByeCode::kSeq);
}

TEST_F(Links, N084_SequenceGap) {
  exchange::DataFrame data{hello.stream_id, 5, 1, {Bytes(100, 1)}};
  expect_bye(data, exchange::ByeCode::kSeq);
}

TEST_F(Links, DataOfAnotherStream) {
  exchange::DataFrame data{Id16{1}, 1, 1, {Bytes(100, 1)}};
  expect_bye(data, exchange::ByeCode::kSeq);
}

TEST_F(Links, N083_MoreThanTheCreditGranted) {
  // 512 KiB of lane 0 are granted; one frame of a MiB is beyond them.
  exchange::DataFrame data{hello.stream_id, 1, 0, {Bytes(1000 * 1024, 1)}};
  expect_bye(data, exchange::ByeCode::kCredit);
}

TEST_F(Links, N142_BouncesForUnknownEnvelopesEndNothing) {
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  exchange::BounceFrame bounces;
  for (std::uint32_t code = 0; code < 12; ++code)
    bounces.bounces.push_back({Hash32{static_cast<std::uint8_t>(code)}, code, 9, {1, 2}});
  w.inject(link, "XB", exchange::encode_frame(bounces));
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

TEST_F(Links, SchedulesOfOneGroupDoNotStepBack) {
  const auto own = exchange::parse_schedule(w.core("XA").self().schedule_note);
  ASSERT_TRUE(own.has_value());
  const auto note = [&](std::uint64_t more, const char* endpoint) {
    exchange::ScheduleFields fields = *own;
    fields.serial += more;
    fields.endpoints = {endpoint};
    return *exchange::make_schedule(fields, w.keys("XA").sign);
  };
  const std::string newest = note(7, "tcp://198.51.100.7:7117");
  const exchange::NotesFrame frame{{note(2, "tcp://198.51.100.2:7117"), newest,
                                    note(5, "tcp://198.51.100.5:7117"),
                                    note(7, "tcp://198.51.100.8:7117")}};
  w.inject(link, "XA", exchange::encode_frame(frame));
  w.run();
  EXPECT_EQ(w.core("XB").peers().find("XA")->row.schedule_note, newest);
  w.crash("XB");
  EXPECT_EQ(w.core("XB").peers().find("XA")->row.schedule_note, newest);
}

TEST_F(Links, ByeTextIsBounded) {
  const auto long_text = exchange::parse_frame(
      exchange::encode_frame(exchange::ByeFrame{7, std::string(5000, 'x')}));
  ASSERT_TRUE(long_text.has_value());
  EXPECT_EQ(std::get<exchange::ByeFrame>(*long_text).text.size(), exchange::kMaxByeText);
}

}  // namespace
}  // namespace focal::test
