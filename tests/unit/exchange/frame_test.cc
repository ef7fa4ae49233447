// Goal: what two nodes say is read as it was said, and every limit of the table bites.
// Method: round trips of each frame; frames at and just beyond each limit; noise.
#include "node/exchange/frame.h"

#include <gtest/gtest.h>

#include <set>

#include "crypto/random.h"
#include "proto/envelope.pb.h"
#include "proto/frames.pb.h"
#include "tests/support/test_log.h"
#include "tests/unit/exchange/samples.h"

namespace focal::exchange {
namespace {

using test::hash_of;

template <typename T>
T round_trip(const T& frame) {
  const auto parsed = parse_frame(encode_frame(frame));
  EXPECT_TRUE(parsed.has_value()) << (parsed ? "" : parsed.error().message);
  if (!parsed || !std::holds_alternative<T>(*parsed)) {
    ADD_FAILURE() << "another frame";
    return {};
  }
  return std::get<T>(*parsed);
}

Bytes framed(FrameType type, const google::protobuf::MessageLite& message) {
  Bytes out{static_cast<std::uint8_t>(type)};
  append(out, message.SerializeAsString());
  return out;
}
bool refused(FrameType type, const google::protobuf::MessageLite& message) {
  const auto parsed = parse_frame(framed(type, message));
  return !parsed && parsed.error().code == ErrorCode::kFrame;
}

HelloFrame hello() {
  HelloFrame f;
  f.party = "XA";
  f.card_id = Bytes(32, 3);
  f.stream_id.fill(4);
  f.incarnation.fill(5);
  f.now_ms = test::kIssuedMs;
  f.seal_serial = 17;
  return f;
}

v1::Hello hello_message() {
  v1::Hello m;
  m.set_v(1);
  m.set_v_min(1);
  m.set_party("XA");
  m.set_card_id(std::string(32, 'c'));
  m.set_stream_id(std::string(16, 's'));
  m.set_incarnation(std::string(16, 'i'));
  return m;
}

TEST(FrameTest, HelloRoundTrip) {
  for (const bool is_reply : {false, true}) {
    HelloFrame f = hello();
    f.is_reply = is_reply;
    const HelloFrame back = round_trip(f);
    EXPECT_EQ(back.is_reply, is_reply);
    EXPECT_EQ(back.v, kFrameVersion);
    EXPECT_EQ(back.v_min, kFrameVersion);
    EXPECT_EQ(back.party, "XA");
    EXPECT_EQ(back.card_id, f.card_id);
    EXPECT_EQ(back.stream_id, f.stream_id);
    EXPECT_EQ(back.incarnation, f.incarnation);
    EXPECT_EQ(back.now_ms, f.now_ms);
    EXPECT_EQ(back.seal_serial, 17u);
  }
}

TEST(FrameTest, OtherRoundTrips) {
  DataFrame data{Id16{1}, 9, 2, {Bytes(100, 1), Bytes(1, 2)}};
  const DataFrame data_back = round_trip(data);
  EXPECT_EQ(data_back.stream_id, data.stream_id);
  EXPECT_EQ(data_back.first_seq, 9u);
  EXPECT_EQ(data_back.lane, 2u);
  EXPECT_EQ(data_back.envelopes, data.envelopes);

  const AckFrame ack_back = round_trip(AckFrame{Id16{7}, 11, 1u << 30, 4096});
  EXPECT_EQ(ack_back.stream_id, Id16{7});
  EXPECT_EQ(ack_back.cum_seq, 11u);
  EXPECT_EQ(ack_back.credit, 1u << 30);
  EXPECT_EQ(ack_back.lane0_credit, 4096u);

  EXPECT_EQ(round_trip(NotesFrame{{"one\n", "two\n"}}).notes,
            (std::vector<std::string>{"one\n", "two\n"}));
  const ByeFrame bye_back = round_trip(ByeFrame{5, "why"});
  EXPECT_EQ(bye_back.code, 5u);
  EXPECT_EQ(bye_back.text, "why");

  const BounceFrame bounce_back = round_trip(BounceFrame{{{hash_of(1), 6, 2, {0, 255}}, {}}});
  ASSERT_EQ(bounce_back.bounces.size(), 2u);
  EXPECT_EQ(bounce_back.bounces[0].env_id, hash_of(1));
  EXPECT_EQ(bounce_back.bounces[0].code, 6u);
  EXPECT_EQ(bounce_back.bounces[0].why, 2u);
  EXPECT_EQ(bounce_back.bounces[0].items, (std::vector<std::uint32_t>{0, 255}));
  EXPECT_TRUE(bounce_back.bounces[1].items.empty());
}

TEST(FrameTest, TypesAreThoseOfTheTable) {
  EXPECT_EQ(encode_frame(hello())[0], 0x01);
  HelloFrame reply = hello();
  reply.is_reply = true;
  EXPECT_EQ(encode_frame(reply)[0], 0x02);
  EXPECT_EQ(encode_frame(DataFrame{})[0], 0x03);
  EXPECT_EQ(encode_frame(AckFrame{})[0], 0x04);
  EXPECT_EQ(encode_frame(NotesFrame{})[0], 0x0C);
  EXPECT_EQ(encode_frame(ByeFrame{})[0], 0x10);
  EXPECT_EQ(encode_frame(BounceFrame{})[0], 0x12);
  EXPECT_EQ(encode_frame(GossipFrame{})[0], 0x0B);
  EXPECT_EQ(encode_frame(NotesWantFrame{})[0], 0x11);
  EXPECT_EQ(encode_frame(CkptFrame{})[0], 0x09);
  EXPECT_EQ(encode_frame(CosigFrame{})[0], 0x0A);
  EXPECT_EQ(encode_frame(DoctorFrame{})[0], 0x13);
  EXPECT_EQ(encode_frame(DoctorReplyFrame{})[0], 0x14);
  for (unsigned type = 0; type < 256; ++type) {
    const std::set<unsigned> known{0x01, 0x02, 0x03, 0x04, 0x09, 0x0A, 0x0B,
                                   0x0C, 0x10, 0x11, 0x12, 0x13, 0x14};
    if (known.contains(type)) continue;
    const auto parsed = parse_frame(Bytes{static_cast<std::uint8_t>(type)});
    ASSERT_FALSE(parsed.has_value()) << type;
    EXPECT_EQ(parsed.error().code, ErrorCode::kFrame);
  }
}

TEST(FrameTest, HelloNeedsItsIds) {
  auto m = hello_message();
  EXPECT_FALSE(refused(FrameType::kHello, m));
  for (const std::size_t size : {0u, 15u, 17u}) {
    m = hello_message();
    m.set_stream_id(std::string(size, 's'));
    EXPECT_TRUE(refused(FrameType::kHello, m)) << size;
    m = hello_message();
    m.set_incarnation(std::string(size, 'i'));
    EXPECT_TRUE(refused(FrameType::kHelloOk, m)) << size;
  }
  for (const std::size_t size : {0u, 31u, 33u}) {
    m = hello_message();
    m.set_card_id(std::string(size, 'c'));
    EXPECT_TRUE(refused(FrameType::kHello, m)) << size;
  }
}

TEST(FrameTest, HelloIsBounded) {
  auto m = hello_message();
  m.set_your_note(std::string(64 * 1024, 'n'));
  for (int i = 0; i < 16; ++i) {
    auto* dir = m.add_dir();
    dir->set_introducer("UNODA");
    dir->set_serial(1);
    dir->set_hash(std::string(32, 'h'));
  }
  for (int i = 0; i < 256; ++i) {
    auto* card = m.add_cards();
    card->set_party("XB");
    card->set_card_serial(1);
    card->set_card_tag("8 bytes.");
  }
  EXPECT_FALSE(refused(FrameType::kHello, m)) << "at the limits";
  auto over = m;
  *over.add_dir() = m.dir(0);
  EXPECT_TRUE(refused(FrameType::kHello, over));
  over = m;
  *over.add_cards() = m.cards(0);
  EXPECT_TRUE(refused(FrameType::kHello, over));
}

TEST(FrameTest, WhatIsHeldOfTheReaderComesBack) {
  const test::TestParty xa, xb("XB", 51);
  const std::string note = test::TestLog(xa).note(64);
  HelloFrame h = hello();
  h.caps = kCapWitness | 1;
  h.your_note = note;
  h.your_stmt = Bytes(200, 1);
  h.your_stmt_sig = Bytes(64, 2);
  h.your_cosig = {note, test::cosignature_of(note, xb, 7), {}};
  const HelloFrame back = round_trip(h);
  EXPECT_EQ(back.caps, 3u);
  EXPECT_EQ(back.your_note, note);
  EXPECT_EQ(back.your_stmt, h.your_stmt);
  EXPECT_EQ(back.your_stmt_sig, h.your_stmt_sig);
  EXPECT_EQ(back.your_cosig, h.your_cosig);
  EXPECT_EQ(back.ignored, 0u);
  h.caps = 1;
  const HelloFrame older = round_trip(h);
  EXPECT_TRUE(older.your_note.empty() && older.your_stmt.empty() && older.your_cosig.lines.empty())
      << "without the bit nothing is said";
}

TEST(FrameTest, AClaimOfAnotherFormOrSizeIsIgnoredAndEndsNoLink) {
  const auto read = [](auto change) {
    auto m = hello_message();
    m.set_caps(kCapWitness);
    change(m);
    const auto parsed = parse_frame(framed(FrameType::kHello, m));
    EXPECT_TRUE(parsed.has_value());
    return std::get<HelloFrame>(*parsed);
  };
  EXPECT_EQ(read([](auto&) {}).ignored, 0u);
  EXPECT_EQ(read([](auto& m) { m.set_your_note(std::string(64 * 1024, 'n')); }).your_note.size(),
            64u * 1024);
  for (const HelloFrame& f :
       {read([](auto& m) { m.set_your_note(std::string(64 * 1024 + 1, 'n')); }),
        read([](auto& m) { m.set_your_stmt("\xff"); }), read([](auto& m) { m.set_your_stmt("\x0a\x01s"); }),
        read([](auto& m) {
          v1::SignedStmt stmt;
          stmt.set_stmt(std::string(500, 's'));
          stmt.set_sig(std::string(64, 's'));
          m.set_your_stmt(stmt.SerializeAsString());
        }),
        read([](auto& m) { m.set_your_cosig("\xff"); }),
        read([](auto& m) { m.set_your_cosig(std::string(64 * 1024 + 1, 'c')); }),
        read([](auto& m) {
          const test::TestParty xa;
          m.set_your_cosig(to_string(encode_cosig({{}, {}, test::TestLog(xa).note(64)})));
        })}) {
    EXPECT_EQ(f.ignored, 1u);
    EXPECT_TRUE(f.your_note.empty() && f.your_stmt.empty() && f.your_stmt_sig.empty());
    EXPECT_TRUE(f.your_cosig == CosigFrame{});
  }
}

TEST(FrameTest, GossipOfCheckpointsIsBounded) {
  GossipFrame gossip;
  gossip.checkpoints.assign(8, "checkpoint\n");
  EXPECT_EQ(round_trip(gossip).checkpoints, gossip.checkpoints);
  gossip.checkpoints.push_back("one more\n");
  EXPECT_FALSE(parse_frame(encode_frame(gossip)).has_value());
  gossip.checkpoints.assign(8, std::string(128 * 1024, 'c'));
  EXPECT_TRUE(parse_frame(encode_frame(gossip)).has_value());
  gossip.checkpoints[0] += "c";
  EXPECT_FALSE(parse_frame(encode_frame(gossip)).has_value());
}

TEST(FrameTest, HeadsHaveOneForm) {
  const auto hello_with = [](auto change) {
    auto m = hello_message();
    auto* dir = m.add_dir();
    dir->set_introducer("UNODA");
    dir->set_serial(9);
    dir->set_hash(std::string(32, 'h'));
    auto* card = m.add_cards();
    card->set_party("XB");
    card->set_card_serial(3);
    card->set_card_tag("8 bytes.");
    change(*dir, *card);
    return m;
  };
  const auto refuses = [&](auto change) {
    EXPECT_TRUE(refused(FrameType::kHello, hello_with(change)));
  };
  EXPECT_FALSE(refused(FrameType::kHello, hello_with([](auto&, auto&) {})));
  refuses([](auto& dir, auto&) { dir.set_introducer("unoda"); });
  refuses([](auto& dir, auto&) { dir.set_serial(0); });
  refuses([](auto& dir, auto&) { dir.set_serial(std::uint64_t{1} << 63); });
  refuses([](auto& dir, auto&) { dir.set_hash("short"); });
  refuses([](auto&, auto& card) { card.set_party(std::string(13, 'X')); });
  refuses([](auto&, auto& card) { card.set_card_serial(0); });
  refuses([](auto&, auto& card) { card.set_seal_serial(std::uint64_t{1} << 63); });
  refuses([](auto&, auto& card) { card.set_card_tag("short"); });
}

TEST(FrameTest, WhatIsAskedForComesBack) {
  HelloFrame h = hello();
  h.cards = {{"XB", 3, 17, CardTag{1, 2}}, {"XC", 1, 0, CardTag{}}};
  h.dirs = {{"UNODA", 9, hash_of(4)}};
  const HelloFrame back = round_trip(h);
  ASSERT_EQ(back.cards.size(), 2u);
  EXPECT_EQ(back.cards[0].party, "XB");
  EXPECT_EQ(back.cards[0].card_serial, 3u);
  EXPECT_EQ(back.cards[0].seal_serial, 17u);
  EXPECT_EQ(back.cards[0].tag, (CardTag{1, 2}));
  ASSERT_EQ(back.dirs.size(), 1u);
  EXPECT_EQ(back.dirs[0].hash, hash_of(4));

  NotesWantFrame want;
  want.have = {{"XB", 0, 0, {}}};
  want.dirs = {{"UNODA", 8, {}}};
  const NotesWantFrame asked = round_trip(want);
  ASSERT_EQ(asked.have.size(), 1u);
  EXPECT_EQ(asked.have[0].card_serial, 0u) << "the whole chain";
  ASSERT_EQ(asked.dirs.size(), 1u);
  EXPECT_EQ(asked.dirs[0].serial, 8u);
  want.have.assign(256, {"XB", 1, 1, {}});
  want.dirs.assign(16, {"UNODA", 1, {}});
  EXPECT_TRUE(parse_frame(encode_frame(want)).has_value());
  want.have.push_back({"XB", 1, 1, {}});
  EXPECT_FALSE(parse_frame(encode_frame(want)).has_value());
  want.have.pop_back();
  want.dirs.push_back({"UNODA", 1, {}});
  EXPECT_FALSE(parse_frame(encode_frame(want)).has_value());
}

TEST(FrameTest, GossipIsBounded) {
  GossipFrame gossip;
  gossip.forks.assign(4, {"one", "two"});
  const GossipFrame back = round_trip(gossip);
  ASSERT_EQ(back.forks.size(), 4u);
  EXPECT_EQ(back.forks[3].a, "one");
  EXPECT_EQ(back.forks[3].b, "two");
  gossip.forks.push_back({"one", "two"});
  EXPECT_FALSE(parse_frame(encode_frame(gossip)).has_value());
  gossip.forks.assign(2, {std::string(kMaxNotesBytes / 4, 'a'), std::string(kMaxNotesBytes / 4, 'b')});
  EXPECT_TRUE(parse_frame(encode_frame(gossip)).has_value());
  gossip.forks[0].a += 'x';
  EXPECT_FALSE(parse_frame(encode_frame(gossip)).has_value());
  v1::Gossip m;
  for (int i = 0; i < 9; ++i) m.add_checkpoint("c");
  EXPECT_TRUE(refused(FrameType::kGossip, m));
}

TEST(FrameTest, DataIsBounded) {
  v1::Data m;
  m.set_stream_id(std::string(16, 's'));
  EXPECT_TRUE(refused(FrameType::kData, m)) << "no envelope";
  m.add_envelope(std::string(kMaxDataEnvelopes - 1, 'e'));
  m.add_envelope("e");
  EXPECT_FALSE(refused(FrameType::kData, m)) << "1 MiB";
  m.add_envelope("e");
  EXPECT_TRUE(refused(FrameType::kData, m)) << "1 MiB and a byte";
  m.clear_envelope();
  m.add_envelope("e");
  m.set_lane(3);
  EXPECT_FALSE(refused(FrameType::kData, m));
  m.set_lane(4);
  EXPECT_TRUE(refused(FrameType::kData, m));
  m.set_lane(1);
  m.set_stream_id(std::string(15, 's'));
  EXPECT_TRUE(refused(FrameType::kData, m));
}

TEST(FrameTest, DataWithManyTinyEnvelopesIsRefused) {
  v1::Data m;
  m.set_stream_id(std::string(16, 's'));
  for (std::size_t i = 0; i < kMaxDataCount; ++i) m.add_envelope();
  EXPECT_FALSE(refused(FrameType::kData, m));
  m.add_envelope();
  EXPECT_TRUE(refused(FrameType::kData, m));
}

TEST(FrameTest, AckNeedsAStream) {
  v1::Ack m;
  EXPECT_TRUE(refused(FrameType::kAck, m));
  m.set_stream_id(std::string(17, 's'));
  EXPECT_TRUE(refused(FrameType::kAck, m));
  m.set_stream_id(std::string(16, 's'));
  EXPECT_FALSE(refused(FrameType::kAck, m));
}

TEST(FrameTest, NotesAreBounded) {
  v1::Notes m;
  for (std::size_t i = 0; i < kMaxNotes; ++i) m.add_note("n");
  EXPECT_FALSE(refused(FrameType::kNotes, m));
  m.add_note("n");
  EXPECT_TRUE(refused(FrameType::kNotes, m));
  m.clear_note();
  m.add_note(std::string(kMaxNotesBytes, 'n'));
  EXPECT_FALSE(refused(FrameType::kNotes, m));
  m.add_note("n");
  EXPECT_TRUE(refused(FrameType::kNotes, m));
}

TEST(FrameTest, BouncesAreBounded) {
  v1::BounceFrame m;
  for (std::size_t i = 0; i < kMaxBounces; ++i) m.add_bounce()->set_env_id(std::string(32, 'e'));
  EXPECT_FALSE(refused(FrameType::kBounce, m));
  m.add_bounce()->set_env_id(std::string(32, 'e'));
  EXPECT_TRUE(refused(FrameType::kBounce, m)) << "1025";
  v1::BounceFrame one;
  one.add_bounce()->set_env_id(std::string(31, 'e'));
  EXPECT_TRUE(refused(FrameType::kBounce, one));
  one.mutable_bounce(0)->set_env_id(std::string(32, 'e'));
  for (std::uint32_t i = 0; i < 256; ++i) one.mutable_bounce(0)->add_item(i);
  EXPECT_FALSE(refused(FrameType::kBounce, one));
  one.mutable_bounce(0)->add_item(1);
  EXPECT_TRUE(refused(FrameType::kBounce, one));
}

TEST(FrameTest, ByeTextIsBoundedBothWays) {
  EXPECT_EQ(round_trip(ByeFrame{1, std::string(kMaxByeText, 'x')}).text.size(), kMaxByeText);
  EXPECT_EQ(round_trip(ByeFrame{1, std::string(5000, 'x')}).text.size(), kMaxByeText) << "cut";
  v1::Bye m;
  m.set_text(std::string(kMaxByeText + 1, 'x'));
  EXPECT_TRUE(refused(FrameType::kBye, m));
}

TEST(FrameTest, N078_FrameAboveTheCapIsRefusedUnread) {
  EXPECT_EQ(parse_frame(Bytes(kMaxFrame + 1, 0x04)).error().code, ErrorCode::kLimit);
  EXPECT_EQ(parse_frame(Bytes(kMaxFrame, 0x04)).error().code, ErrorCode::kFrame) << "parsed, nonsense";
  EXPECT_EQ(parse_frame({}).error().code, ErrorCode::kFrame);
}

TEST(FrameTest, CutFramesAndNoiseNeverPassForMore) {
  const Bytes data = encode_frame(DataFrame{Id16{1}, 9, 2, {Bytes(40, 1), Bytes(40, 2)}});
  for (std::size_t n = 0; n < data.size(); ++n) {
    const auto parsed = parse_frame(ByteView(data).first(n));
    if (!parsed) continue;
    EXPECT_LT(std::get<DataFrame>(*parsed).envelopes.size(), 2u) << n;
  }
  crypto::SeededRng rng(78);
  for (int i = 0; i < 5000; ++i) {
    Bytes noise(1 + static_cast<std::size_t>(rng.below(80)));
    rng.fill(noise);
    noise[0] = static_cast<std::uint8_t>(rng.below(0x14));
    const auto parsed = parse_frame(noise);
    if (!parsed) {
      EXPECT_EQ(parsed.error().code, ErrorCode::kFrame);
    }
  }
}

TEST(FrameTest, CostIsTheSizeButAtLeastOneKiB) {
  EXPECT_EQ(frame_cost(0, 1), 1024u);
  EXPECT_EQ(frame_cost(1024, 1), 1024u);
  EXPECT_EQ(frame_cost(1025, 1), 1025u);
  EXPECT_EQ(frame_cost(kMaxFrame, 1024), kMaxFrame);
  EXPECT_EQ(frame_cost(2048, 1024), 1024u * 1024u);  // a thousand empty envelopes
}

TEST(FrameTest, EveryByeHasItsName) {
  std::set<std::string_view> names;
  for (std::uint32_t code = 1; code <= 9; ++code) names.insert(bye_name(code));
  EXPECT_EQ(names.size(), 9u);
  EXPECT_FALSE(names.contains("UNKNOWN"));
  EXPECT_EQ(bye_name(0), "UNKNOWN");
  EXPECT_EQ(bye_name(10), "UNKNOWN");
}

}  // namespace
}  // namespace focal::exchange
