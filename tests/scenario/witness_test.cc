// Goal: a checkpoint is published by whole nodes that cosign it over their links, and what a log says
// differently to others reaches everybody; nodes that know none of this are left alone.
// Method: three or four nodes on real ledgers; frames lost, links cut, processes ended in between; a
// party's own key signs what an honest log never would.
#include <gtest/gtest.h>

#include <functional>

#include "node/desk/witness.h"
#include "proto/witness.pb.h"
#include "tests/support/test_log.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

namespace api = focal::api::v1;

class Witnesses : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const std::string& party : kAll) w.add(party);
    for (std::size_t i = 0; i < kAll.size(); ++i)
      for (std::size_t j = i + 1; j < kAll.size(); ++j) {
        w.verify_both(kAll[i], kAll[j]);
        links[kAll[i] + kAll[j]] = w.connect(kAll[i], kAll[j]);
      }
    w.run();
  }
  exchange::OwnLog& own(const std::string& party) { return w.core(party).machine().witness().own(); }
  void names(const std::string& party, std::vector<std::string> witnesses, std::uint32_t quorum) {
    api::WitnessSetRequest request;
    for (const std::string& each : witnesses) request.add_witnesses(each);
    request.set_quorum(quorum);
    const Status done = desk::set_witness(w.node(party), request, {}, w.now());
    ASSERT_TRUE(done.has_value()) << done.error().message;
    w.run();
    w.core(party).machine().own_notes_changed();
    w.run();
  }
  // A record and a checkpoint behind it.
  std::uint64_t grows(const std::string& party) {
    w.send(party, party == "XB" ? "XC" : "XB", "future.kind", Bytes(100, 1));
    w.advance(2 * kMinuteMs);
    const std::uint64_t size = w.checkpoint(party);
    w.run();
    return size;
  }
  void seconds(int n) {
    for (int i = 0; i < n; ++i) w.advance(kSecondMs);
  }
  std::uint64_t published(const std::string& party) {
    const auto row = w.view(party).newest_published();
    return row ? row->checkpoint.size : 0;
  }
  std::size_t proofs(const std::string& party) { return w.view(party).fork_proofs(99).size(); }
  // Of that party's log, what it never signed by itself.
  std::string forged(const std::string& party, std::uint64_t size) {
    crypto::Note note{store::checkpoint_text(w.core(party).self().card.log_name, size, Hash32{9}), {}};
    crypto::sign_note(note, w.core(party).self().card.log_name, w.keys(party).log);
    return crypto::format_note(note);
  }

  const std::vector<std::string> kAll{"XA", "XB", "XC", "XD"};
  World w;
  std::map<std::string, exchange::LinkId> links;
};

TEST_F(Witnesses, AQuorumCosignsAndEverybodySeesIt) {
  EXPECT_TRUE(own("XA").coverage().words.starts_with("UNWITNESSED"));
  names("XA", {"XB", "XC", "XD"}, 2);
  EXPECT_FALSE(w.view("XB").peer_policy("XA").empty()) << "the list came as a note";
  const std::uint64_t first = grows("XA");
  EXPECT_EQ(published("XA"), first) << "it needs the list before: none";
  const std::uint64_t second = grows("XA");
  seconds(2);
  EXPECT_EQ(published("XA"), second);
  EXPECT_EQ(w.view("XA").cosigs(second).size(), 3u);
  for (const std::string party : {"XB", "XC", "XD"}) {
    const auto states = w.view(party).witness_states();
    ASSERT_EQ(states.size(), 1u) << party;
    EXPECT_EQ(states[0].size, second);
  }
  const auto words = own("XA").coverage().words;
  EXPECT_NE(words.find(" leaves witnessed by XB, XC, XD (3 of 3)"), std::string::npos) << words;
  const std::uint64_t third = grows("XA");
  seconds(2);
  EXPECT_EQ(published("XA"), third) << "by a proof from what they hold";
  EXPECT_EQ(proofs("XA") + proofs("XB") + proofs("XC"), 0u);
}

TEST_F(Witnesses, OneWitnessOfThreeMayBeAway) {
  names("XA", {"XB", "XC", "XD"}, 2);
  grows("XA");
  w.cut(links["XAXD"]);
  const std::uint64_t size = grows("XA");
  seconds(2);
  EXPECT_EQ(published("XA"), size);
  links["XAXD"] = w.connect("XA", "XD");
  seconds(12);
  EXPECT_EQ(w.view("XA").cosigs(size).size(), 3u) << "its line comes late";
}

TEST_F(Witnesses, WithoutAQuorumNobodyElseSeesTheCheckpoint) {
  names("XA", {"XB", "XC"}, 2);
  const std::uint64_t before = grows("XA");
  w.cut(links["XAXC"]);
  bool leaked = false;
  std::string text;
  w.on_frame = [&](const std::string& from, const std::string& to, const Bytes& frame) {
    const bool has = !text.empty() && to_string(frame).find(text) != std::string::npos;
    leaked = leaked || (has && !(from == "XA" && to == "XB") && !(from == "XB" && to == "XA"));
    return true;
  };
  w.send("XA", "XB", "future.kind", Bytes(100, 1));
  w.advance(2 * kMinuteMs);
  const std::uint64_t size = w.checkpoint("XA");
  text = store::parse_checkpoint(w.view("XA").last_checkpoint()->note)->note.text;
  seconds(12);
  w.cut(links["XAXD"]);
  links["XAXD"] = w.connect("XA", "XD");
  seconds(2);
  EXPECT_EQ(published("XA"), before);
  EXPECT_FALSE(leaked);
  EXPECT_EQ(w.view("XA").cosigs(size).size(), 1u);
  links["XAXC"] = w.connect("XA", "XC");
  seconds(12);
  EXPECT_EQ(published("XA"), size);
}

TEST_F(Witnesses, EndsInBetweenLoseNothing) {
  names("XA", {"XB", "XC"}, 2);
  grows("XA");
  int frames = 0;
  w.on_frame = [&](const std::string&, const std::string&, const Bytes& frame) {
    return frame[0] != 0x0A || ++frames % 2 == 0;  // every second line is lost, with its link
  };
  w.send("XA", "XB", "future.kind", Bytes(100, 1));
  w.advance(2 * kMinuteMs);
  const std::uint64_t size = w.checkpoint("XA");
  seconds(2);
  w.on_frame = nullptr;
  w.crash("XA");
  w.crash("XB");
  for (const std::string other : {"XB", "XC", "XD"}) w.connect("XA", other);
  seconds(12);
  EXPECT_EQ(published("XA"), size);
  EXPECT_EQ(w.view("XB").witness_states().front().size, size);
}

TEST_F(Witnesses, AForkReachesEverybody) {
  names("XA", {"XB", "XC"}, 2);
  grows("XA");
  const std::uint64_t size = grows("XA");
  seconds(2);
  ASSERT_EQ(w.view("XB").witness_states().front().size, size);
  w.inject(links["XAXB"], "XA",
           exchange::encode_frame(exchange::CkptFrame{size, {}, forged("XA", size)}));
  w.run();
  for (const std::string party : {"XB", "XC", "XD"}) EXPECT_EQ(proofs(party), 1u) << party;
  EXPECT_TRUE(w.core("XB").machine().link_state("XA").up) << "forks end no link";
}

TEST_F(Witnesses, AFloodOrRubbishIsIgnoredAndEndsNoLink) {
  names("XA", {"XB", "XC"}, 2);
  grows("XA");
  const std::uint64_t size = grows("XA");
  seconds(2);
  const auto state = w.view("XB").witness_states().front();
  for (std::uint64_t i = 1; i <= 50; ++i) {
    w.inject(links["XAXB"], "XA",
             exchange::encode_frame(exchange::CkptFrame{size, {}, forged("XA", size + 64 * i)}));
    w.inject(links["XAXB"], "XA",
             exchange::encode_frame(exchange::CosigFrame{{}, {}, forged("XC", 64)}));
  }
  w.run();
  EXPECT_EQ(w.view("XB").witness_states().front(), state);
  EXPECT_TRUE(w.core("XB").machine().link_state("XA").up);
  const std::uint64_t next = grows("XA");
  seconds(70);
  EXPECT_EQ(w.view("XB").witness_states().front().size, next) << "afterwards it goes on";
}

TEST_F(Witnesses, TheDeskSaysItInWords) {
  api::WitnessSetRequest automatic;
  automatic.set_automatic(true);
  ASSERT_TRUE(desk::set_witness(w.node("XA"), automatic, {}, w.now()).has_value());
  w.run();
  api::WitnessShowResponse shown;
  desk::show_witness(w.node("XA"), &shown);
  ASSERT_EQ(shown.witnesses_size(), 3);
  EXPECT_EQ(shown.quorum(), 2u);
  EXPECT_FALSE(shown.in_force());
  EXPECT_TRUE(shown.witnesses(0).up());
  EXPECT_TRUE(shown.witnesses(0).speaks());
  grows("XA");
  grows("XA");
  seconds(2);
  shown.Clear();
  desk::show_witness(w.node("XA"), &shown);
  EXPECT_TRUE(shown.in_force());
  EXPECT_GT(shown.witnesses(0).cosigned_size(), 0u);
  EXPECT_EQ(shown.coverage().witnessed_by_size(), 3);
  api::WitnessShowResponse other;
  desk::show_witness(w.node("XB"), &other);
  ASSERT_EQ(other.logs_size(), 1);
  EXPECT_EQ(other.logs(0).party(), "XA");
  automatic.add_witnesses("XB");
  EXPECT_EQ(desk::set_witness(w.node("XA"), automatic, {}, w.now()).error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace focal::test
