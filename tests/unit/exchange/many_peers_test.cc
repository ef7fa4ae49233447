// Goal: whoever connects, and however many at once, what may be on its way to this node at one time
// is bounded, and everybody keeps the reserve for receipts.
// Method: one machine and 193 peers that only say HELLO; credit is read from the ACKs it sends.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/support/two_machines.h"

namespace focal::exchange {
namespace {

using test::MachineEnd;
using test::TestParty;

constexpr std::size_t kPeers = 193;

// Before any key is made.
struct Ready {
  Ready() { crypto::init(); }
};

TestParty stranger(std::size_t i, crypto::Rng& rng) {
  TestParty out({static_cast<char>('A' + i / 26), static_cast<char>('A' + i % 26)});
  for (crypto::SigningKey* key : {&out.root, &out.next_root, &out.sign, &out.log, &out.witness})
    *key = crypto::make_signing_key(rng);
  out.transport = crypto::make_dh_key(rng);
  return out;
}

struct ManyPeers : Ready, ::testing::Test {
  struct Granted {
    std::uint64_t credit = 0, lane0 = 0;
  };
  crypto::SeededRng rng{131};
  TestParty xa{"XA"};
  MachineEnd a{xa, xa.fields(), xa.schedule_fields(), MachineSettings(), 1};
  Now now{1'000'000, test::kIssuedMs + kHourMs};
  std::vector<std::string> parties;
  std::vector<Bytes> card_ids;
  std::map<LinkId, Granted> granted;  // what was granted so far, over each link
  std::size_t closed = 0;

  void SetUp() override {
    for (std::size_t i = 0; i < kPeers; ++i) {
      const TestParty other = stranger(i, rng);
      const MachineEnd end(other, other.fields(), other.schedule_fields(), MachineSettings(), i);
      a.know(end, end.self.schedule_note);
      parties.push_back(other.party);
      card_ids.push_back(to_bytes(ByteView(end.self.card.card_id)));
    }
    ASSERT_TRUE(a.machine->load(now).has_value());
  }
  LinkId link_of(std::size_t i) const { return i + 1; }
  void hello(std::size_t i) {
    a.machine->link_up(now, link_of(i), parties[i], false);
    HelloFrame frame;
    frame.party = parties[i];
    frame.card_id = card_ids[i];
    frame.stream_id[0] = static_cast<std::uint8_t>(i + 1);
    frame.now_ms = now.wall_ms;
    a.machine->frame(now, link_of(i), encode_frame(frame));
  }
  void run() {
    for (int turn = 0; turn < 3; ++turn) {
      a.machine->tick(now);
      for (const auto& output : a.finish(now)) {
        if (std::holds_alternative<CloseLink>(output)) ++closed;
        const auto* sent = std::get_if<SendFrame>(&output);
        if (sent == nullptr) continue;
        const auto frame = parse_frame(sent->bytes);
        if (!frame || !std::holds_alternative<AckFrame>(*frame)) continue;
        granted[sent->link] = {std::get<AckFrame>(*frame).credit,
                               std::get<AckFrame>(*frame).lane0_credit};
      }
    }
  }
  std::uint64_t sum() const {
    std::uint64_t out = 0;
    for (const auto& [link, each] : granted) out += each.credit + each.lane0;
    return out;
  }
};

TEST_F(ManyPeers, N131_AllAtOnceStayWithinTheBoundAndKeepTheReserve) {
  for (std::size_t i = 0; i < kPeers; ++i) hello(i);
  run();
  EXPECT_EQ(closed, 0u);
  ASSERT_EQ(granted.size(), kPeers);
  EXPECT_LE(sum(), kMaxAllCredit);
  std::size_t with_more = 0;
  for (const auto& [link, each] : granted) {
    EXPECT_EQ(each.lane0, kLane0Credit) << link;
    with_more += each.credit > 0 ? 1 : 0;
  }
  EXPECT_GT(with_more, 5u);
  std::printf("%zu links: %llu bytes granted together, %zu of them more than the reserve\n",
              kPeers, static_cast<unsigned long long>(sum()), with_more);
}

}  // namespace
}  // namespace focal::exchange
