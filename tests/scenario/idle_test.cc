// Goal: a network in which nobody does anything falls silent: within a day no record, receipt or
// note travels any more, and what remains is one checkpoint a day and node with its cosignatures, and
// a question for news an hour and node, which nobody answers.
// Method: twenty whole nodes, all linked with one another, each witnessed by five; a week passes by
// the hour; every frame is counted on its way, every leaf afterwards.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "node/desk/witness.h"
#include "node/exchange/frame.h"
#include "proto/witness.pb.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

constexpr int kNodes = 20;
constexpr std::size_t kWitnesses = 5;
constexpr auto kCkpt = static_cast<std::size_t>(exchange::FrameType::kCkpt);
constexpr auto kNotes = static_cast<std::size_t>(exchange::FrameType::kNotes);
constexpr auto kWant = static_cast<std::size_t>(exchange::FrameType::kNotesWant);
constexpr auto kCosig = static_cast<std::size_t>(exchange::FrameType::kCosig);

std::string party(int i) { return {'X', static_cast<char>('A' + i)}; }

TEST(Idle, N130_TwentyNodesFallSilentButForTheDailyCheckpoints) {
  World w;
  for (int i = 0; i < kNodes; ++i) w.add(party(i));
  for (int i = 0; i < kNodes; ++i)
    for (int j = i + 1; j < kNodes; ++j) {
      w.verify_both(party(i), party(j));
      w.connect(party(i), party(j));
    }
  for (int i = 0; i < kNodes; ++i) {
    api::v1::WitnessSetRequest request;
    request.set_automatic(true);
    const Status done = desk::set_witness(w.node(party(i)), request, {}, w.now());
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  std::array<std::size_t, 256> frames{};
  w.on_frame = [&](const std::string&, const std::string&, const Bytes& frame) {
    ++frames.at(frame.at(0));
    return true;
  };
  const auto leaves = [&](store::LeafType type) {
    std::size_t n = 0;
    for (int i = 0; i < kNodes; ++i) n += w.leaves(party(i), type);
    return n;
  };
  const auto all_leaves = [&] {
    std::size_t n = 0;
    for (int i = 0; i < kNodes; ++i) n += static_cast<std::size_t>(w.view(party(i)).log_size());
    return n;
  };
  for (int day = 1; day <= 7; ++day) {
    frames.fill(0);
    const std::size_t weeks = leaves(store::LeafType::kKeyEpoch);  // new sealing keys, once a week
    const std::size_t before = all_leaves(), silent = leaves(store::LeafType::kPad) +
                                                      leaves(store::LeafType::kWitnessed) +
                                                      leaves(store::LeafType::kKeyEpoch);
    for (int hour = 0; hour < 24; ++hour) {
      w.advance(kHourMs);
      for (int i = 0; i < kNodes; ++i) w.checkpoint(party(i));
      for (int second = 0; second < 2; ++second) w.advance(kSecondMs);
    }
    std::string said;
    std::size_t other = 0;
    for (std::size_t type = 0; type < frames.size(); ++type) {
      if (frames[type] == 0) continue;
      said += " " + std::to_string(type) + ":" + std::to_string(frames[type]);
      const bool is_new_key = type == kNotes && leaves(store::LeafType::kKeyEpoch) > weeks;
      if (type != kCkpt && type != kCosig && type != kWant && !is_new_key) other += frames[type];
    }
    std::printf("day %d: frames by type%s; leaves +%zu\n", day, said.c_str(),
                all_leaves() - before);
    if (day == 1) continue;
    EXPECT_EQ(other, 0u) << "day " << day << said;
    EXPECT_LE(frames[kCkpt], kNodes * kWitnesses) << "one checkpoint a day and witness";
    EXPECT_LE(frames[kCosig], kNodes * kWitnesses);
    EXPECT_LE(frames[kWant], kNodes * 24u) << "each asks one link an hour for news; there is none";
    EXPECT_EQ(all_leaves() - before, leaves(store::LeafType::kPad) +
                                         leaves(store::LeafType::kWitnessed) +
                                         leaves(store::LeafType::kKeyEpoch) - silent)
        << "day " << day;
  }
  for (int i = 0; i < kNodes; ++i) {
    const auto published = w.view(party(i)).newest_published();
    ASSERT_TRUE(published.has_value()) << party(i);
    EXPECT_GE(published->cosigs.size(), 3u) << party(i);
    EXPECT_TRUE(w.view(party(i)).fork_proofs(9).empty());
  }
}

}  // namespace
}  // namespace focal::test
