// Goal: a node that knows no witnessing is left alone: no frame, note or field of it reaches it, and
// its links stand. Method: two machines, one of which speaks the older form; every frame is looked
// at.
#include <gtest/gtest.h>

#include <set>

#include "tests/support/test_log.h"
#include "tests/support/two_machines.h"

namespace focal::exchange {
namespace {

using test::TestLog;
using test::TestParty;

class CapsTest : public ::testing::Test {
 protected:
  static MachineSettings older() {
    MachineSettings out;
    out.caps = 0;
    return out;
  }
  // One turn of a; what it said.
  std::vector<Frame> turn(test::MachineEnd& end) {
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
  HelloFrame hello(std::uint64_t caps) {
    HelloFrame out;
    out.party = "XB";
    out.card_id = to_bytes(ByteView(b.self.card.card_id));
    out.stream_id = Id16{7};
    out.incarnation = Id16{8};
    out.now_ms = now.wall_ms;
    out.caps = caps;
    return out;
  }
  void link(std::uint64_t their_caps, test::MachineEnd& end) {
    end.know(b, xb.schedule_note());
    ASSERT_TRUE(end.machine->load(now).has_value());
    end.machine->link_up(now, 1, "XB", false);
    end.machine->frame(now, 1, encode_frame(hello(their_caps)));
  }
  template <typename T>
  static bool has(const std::vector<Frame>& frames) {
    for (const Frame& frame : frames)
      if (std::holds_alternative<T>(frame)) return true;
    return false;
  }

  TestParty xa{"XA", 1}, xb{"XB", 51};
  test::MachineEnd a{xa, xa.fields(), xa.schedule_fields(), {}, 3};
  test::MachineEnd old_a{xa, xa.fields(), xa.schedule_fields(), older(), 3};
  test::MachineEnd b{xb, xb.fields(), xb.schedule_fields(), {}, 4};
  Now now{1'000'000, test::kIssuedMs + kHourMs};
};

TEST_F(CapsTest, HelloSaysWhatIsSpoken) {
  link(kCapWitness, a);
  link(kCapWitness, old_a);
  const auto caps_of = [&](test::MachineEnd& end) {
    for (const Frame& frame : turn(end))
      if (const auto* said = std::get_if<HelloFrame>(&frame)) return said->caps;
    return ~std::uint64_t{0};
  };
  EXPECT_EQ(caps_of(a), kCapWitness | kCapDoctor);
  EXPECT_EQ(caps_of(old_a), 0u);
  EXPECT_TRUE(a.machine->knows_witnessing("XB"));
  EXPECT_FALSE(old_a.machine->knows_witnessing("XB"));
}

TEST_F(CapsTest, ACheckpointIsAnsweredByWhoKnowsItAndEndsTheLinkOfWhoDoesNot) {
  const TestLog log{xb};
  link(kCapWitness, a);
  turn(a);
  a.machine->frame(now, 1, encode_frame(log.ckpt(0, 64)));
  EXPECT_TRUE(has<CosigFrame>(turn(a)));
  link(kCapWitness, old_a);
  turn(old_a);
  old_a.machine->frame(now, 1, encode_frame(log.ckpt(0, 64)));
  const auto said = turn(old_a);
  EXPECT_TRUE(has<ByeFrame>(said)) << "as it always did";
  EXPECT_FALSE(has<CosigFrame>(said));
}

TEST_F(CapsTest, NothingOfItIsSaidToAnOlderNode) {
  const TestLog log{xb}, fork{xb, "fork"};
  link(0, a);
  turn(a);
  // Both are known here, so a newer node would be asked to show that they are of one log.
  static_cast<void>(a.machine->witness().saw_checkpoint(log.note(64), "XC", a.machine->book_time(now)));
  static_cast<void>(a.machine->witness().saw_checkpoint(fork.note(128), "XC", a.machine->book_time(now)));
  for (int i = 0; i < 30; ++i) {
    now.mono_ms += kSecondMs;
    now.wall_ms += kSecondMs;
    const auto said = turn(a);
    EXPECT_FALSE(has<CosigFrame>(said) || has<CkptFrame>(said));
  }
  EXPECT_TRUE(a.machine->link_state("XB").up);
}

TEST_F(CapsTest, AFrameBeforeHelloEndsTheLink) {
  a.know(b, xb.schedule_note());
  ASSERT_TRUE(a.machine->load(now).has_value());
  a.machine->link_up(now, 1, "XB", false);
  a.machine->frame(now, 1, encode_frame(TestLog{xb}.ckpt(0, 64)));
  EXPECT_TRUE(has<ByeFrame>(turn(a)));
}

}  // namespace
}  // namespace focal::exchange
