// Goal: the language between focald and its network process survives any cut
// of the stream and refuses whatever breaks its rules.
// Method: encode every message, feed it in pieces cut at every place, compare;
// then damage lengths, counts, parties and texts one at a time.
#include "node/gate/frames.h"

#include <gtest/gtest.h>

namespace focal::gate {
namespace {

Hash32 key_of(std::uint8_t fill) {
  Hash32 key;
  key.fill(fill);
  return key;
}

std::vector<ToGate> all_to_gate() {
  std::vector<ToGate> out;
  out.emplace_back(Settings{7, 20, 200, 10});
  out.emplace_back(AllowList{{{"XA", key_of(1)}, {"XB-ITI", key_of(2)}}});
  out.emplace_back(AllowList{});
  out.emplace_back(Listen{"tcp://127.0.0.1:0"});
  out.emplace_back(Listen{});
  out.emplace_back(DialPlan{{{"XB", key_of(2), {"tcp://a:1", "tcp://b:2"}}}});
  out.emplace_back(Send{9, "XB", to_bytes("frame")});
  out.emplace_back(CloseLink{9});
  return out;
}

std::vector<FromGate> all_from_gate() {
  std::vector<FromGate> out;
  out.emplace_back(Listening{"tcp://127.0.0.1:7001"});
  out.emplace_back(Failed{true, "why"});
  out.emplace_back(LinkUp{1, "XA", Direction::kAccepted, "127.0.0.1"});
  out.emplace_back(LinkDown{1, "XA", "gone"});
  out.emplace_back(FrameIn{1, "XA", to_bytes("frame")});
  out.emplace_back(Sent{1, 2, 300});
  out.emplace_back(Refused{"", key_of(3), "10.0.0.1", "unknown"});
  out.emplace_back(DialFailed{"XA", "tcp://a:1", DialWhy::kNoConnection, "nobody", 1500});
  Stats stats;
  stats.admitted = 4;
  stats.rebinds = 5;
  out.emplace_back(stats);
  return out;
}

// What comes out of the parser for a stream that arrives in the given pieces.
std::vector<Bytes> parse(const std::vector<ByteView>& pieces) {
  MessageParser parser;
  std::vector<Bytes> out;
  for (const ByteView piece : pieces) {
    const auto room = parser.room(piece.size());
    std::copy(piece.begin(), piece.end(), room.begin());
    parser.commit(piece.size());
    for (;;) {
      auto raw = parser.next();
      if (!raw.has_value() || !*raw) break;
      Bytes message{(*raw)->type};
      append(message, ByteView((*raw)->payload));
      out.push_back(std::move(message));
    }
  }
  return out;
}

// The single message in `stream`; its payload lives in `keep`.
template <typename T>
Result<T> decode(ByteView stream, MessageParser& keep) {
  const auto room = keep.room(stream.size());
  std::copy(stream.begin(), stream.end(), room.begin());
  keep.commit(stream.size());
  auto raw = keep.next();
  if (!raw) return raw.error();
  if (!*raw) return fail(ErrorCode::kState, "incomplete");
  if constexpr (std::is_same_v<T, ToGate>) {
    return decode_to_gate(**raw);
  } else {
    return decode_from_gate(**raw);
  }
}

template <typename T>
Bytes encoded(const T& message) {
  Bytes out;
  encode(out, message);
  return out;
}

TEST(GateFrames, EveryMessageComesBack) {
  for (const ToGate& message : all_to_gate()) {
    MessageParser parser;
    const Bytes bytes = encoded(message);
    const auto back = decode<ToGate>(bytes, parser);
    ASSERT_TRUE(back.has_value()) << message.index();
    EXPECT_EQ(encoded(*back), bytes);
    EXPECT_EQ(back->index(), message.index());
  }
  for (const FromGate& message : all_from_gate()) {
    MessageParser parser;
    const Bytes bytes = encoded(message);
    const auto back = decode<FromGate>(bytes, parser);
    ASSERT_TRUE(back.has_value()) << message.index();
    EXPECT_EQ(encoded(*back), bytes);
    EXPECT_EQ(back->index(), message.index());
  }
}

TEST(GateFrames, TheTwoDirectionsDoNotMix) {
  for (const FromGate& message : all_from_gate()) {
    MessageParser parser;
    EXPECT_FALSE(decode<ToGate>(encoded(message), parser).has_value());
  }
  for (const ToGate& message : all_to_gate()) {
    MessageParser parser;
    EXPECT_FALSE(decode<FromGate>(encoded(message), parser).has_value());
  }
}

TEST(GateFrames, AStreamMayBeCutAnywhere) {
  Bytes stream;
  for (const ToGate& message : all_to_gate()) encode(stream, message);
  const std::vector<Bytes> whole = parse({stream});
  ASSERT_EQ(whole.size(), all_to_gate().size());
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    EXPECT_EQ(parse({ByteView(stream).first(cut), ByteView(stream).subspan(cut)}), whole) << cut;
  }
  std::vector<ByteView> bytes;
  for (std::size_t i = 0; i < stream.size(); ++i) bytes.push_back(ByteView(stream).subspan(i, 1));
  EXPECT_EQ(parse(bytes), whole);
}

TEST(GateFrames, AShortenedMessageIsRefused) {
  for (const ToGate& message : all_to_gate()) {
    const Bytes bytes = encoded(message);
    for (std::size_t keep = 5; keep < bytes.size(); ++keep) {
      // A Send cut inside its frame is a shorter, valid Send.
      if (std::holds_alternative<Send>(message) && keep >= 5 + 8 + 3 + 1) continue;
      Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(keep));
      cut[3] = static_cast<std::uint8_t>(keep - 4);
      MessageParser parser;
      EXPECT_FALSE(decode<ToGate>(cut, parser).has_value()) << message.index() << " " << keep;
    }
  }
}

TEST(GateFrames, ALengthenedMessageIsRefused) {
  for (const FromGate& message : all_from_gate()) {
    if (std::holds_alternative<FrameIn>(message)) continue;  // the frame is simply longer
    Bytes longer = encoded(message);
    longer.push_back(0);
    longer[3] = static_cast<std::uint8_t>(longer[3] + 1);
    MessageParser parser;
    EXPECT_FALSE(decode<FromGate>(longer, parser).has_value()) << message.index();
  }
}

TEST(GateFrames, LengthsOutOfBoundsEndTheStream) {
  for (const std::uint32_t length : {0u, 1'572'865u, 0x7fff'ffffu, 0xffff'ffffu}) {
    Bytes stream;
    put_u32be(stream, length);
    MessageParser parser;
    const auto error = decode<ToGate>(stream, parser);
    ASSERT_FALSE(error.has_value()) << length;
    EXPECT_EQ(error.error().code, ErrorCode::kFrame);
    EXPECT_FALSE(parser.next().has_value());  // for good
  }
  // The cap itself is only waited for.
  Bytes stream;
  put_u32be(stream, kMaxMessageBytes);
  MessageParser parser;
  EXPECT_EQ(decode<ToGate>(stream, parser).error().code, ErrorCode::kState);
}

TEST(GateFrames, TheLargestFramePassesAndOneByteMoreDoesNot) {
  const Bytes frame(kMaxFrameBytes, 0x5a);
  Bytes bytes;
  encode_send(bytes, 3, "XA", frame);
  MessageParser parser;
  const auto back = decode<ToGate>(bytes, parser);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(std::get<Send>(*back).frame, frame);

  bytes.push_back(0);
  const std::size_t length = bytes.size() - 4;
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
  MessageParser second;
  const auto refused = decode<ToGate>(bytes, second);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kFrame);
}

TEST(GateFrames, BrokenRulesAreRefused) {
  const auto refused = [](ByteView payload_with_type) {
    Bytes stream;
    put_u32be(stream, static_cast<std::uint32_t>(payload_with_type.size()));
    append(stream, payload_with_type);
    MessageParser parser;
    return !decode<ToGate>(stream, parser).has_value();
  };
  const auto body = [](const ToGate& message) {
    const Bytes all = encoded(message);
    return Bytes(all.begin() + 4, all.end());
  };
  // party in lower case
  Bytes send = body(Send{9, "XB", to_bytes("f")});
  EXPECT_FALSE(refused(send));
  send[1 + 8 + 1] = 'x';
  EXPECT_TRUE(refused(send));
  // link 0, empty frame
  EXPECT_TRUE(refused(unhex("06"
                            "0000000000000000"
                            "025841"
                            "66")
                          .value()));
  EXPECT_TRUE(refused(unhex("06"
                            "0000000000000001"
                            "025841")
                          .value()));
  EXPECT_FALSE(refused(unhex("06"
                             "0000000000000001"
                             "025841"
                             "66")
                           .value()));
  // the same party twice, the same key twice
  Bytes twice = body(AllowList{{{"XA", key_of(1)}, {"XB", key_of(2)}}});
  EXPECT_FALSE(refused(twice));
  Bytes same_party = twice;
  same_party[1 + 2 + 35 + 2] = 'A';
  EXPECT_TRUE(refused(same_party));
  Bytes same_key = twice;
  for (std::size_t i = same_key.size() - 32; i < same_key.size(); ++i) same_key[i] = 1;
  EXPECT_TRUE(refused(same_key));
  // more peers than there may be
  EXPECT_TRUE(refused(unhex("030401").value()));
  // an endpoint that is not TCP
  Bytes listen = body(Listen{"tcp://127.0.0.1:0"});
  EXPECT_FALSE(refused(listen));
  listen[2] = 'i';
  EXPECT_TRUE(refused(listen));
  // zero backoff, zero handshakes, cap below base
  EXPECT_TRUE(refused(unhex("02"
                            "0000000000000001"
                            "00000000"
                            "00000001"
                            "00000001")
                          .value()));
  EXPECT_TRUE(refused(unhex("02"
                            "0000000000000001"
                            "00000001"
                            "00000001"
                            "00000000")
                          .value()));
  EXPECT_TRUE(refused(unhex("02"
                            "0000000000000001"
                            "00000002"
                            "00000001"
                            "00000001")
                          .value()));
  EXPECT_FALSE(refused(unhex("02"
                             "0000000000000001"
                             "00000001"
                             "00000001"
                             "00000001")
                           .value()));
  EXPECT_TRUE(refused(unhex("00").value()));
  EXPECT_TRUE(refused(unhex("ff").value()));
}

TEST(GateFrames, DisplayTextsAreCutAndMasked) {
  const std::string nasty = "a\x1b[31m\nb" + std::string(400, 'c');
  MessageParser parser;
  const auto back = decode<FromGate>(encoded(FromGate(LinkDown{1, "XA", nasty})), parser);
  ASSERT_TRUE(back.has_value());
  const std::string& reason = std::get<LinkDown>(*back).reason;
  EXPECT_EQ(reason.size(), kMaxTextBytes);
  EXPECT_EQ(reason.substr(0, 8), "a?[31m?b");
  // Unmasked text from a gate gone bad is refused.
  Bytes unmasked = unhex("0002610a").value();
  EXPECT_FALSE(decode_from_gate({0x82, std::span(unmasked)}).has_value());
}

TEST(GateFrames, TheTransportKeyIsWipedFromTheBuffer) {
  crypto::Secret key(32);
  std::fill(key.bytes().begin(), key.bytes().end(), std::uint8_t{0xa7});
  const crypto::Secret message = encode_transport_key(key);
  MessageParser parser;
  const auto room = parser.room(message.size());
  std::copy(message.view().begin(), message.view().end(), room.begin());
  parser.commit(message.size());
  auto raw = parser.next();
  ASSERT_TRUE(raw.has_value() && raw->has_value());
  const std::span<std::uint8_t> payload = (*raw)->payload;
  ASSERT_EQ(payload.size(), 32u);
  EXPECT_EQ(payload[0], 0xa7);
  auto decoded = decode_to_gate(**raw);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(std::get<TransportKey>(*decoded).secret.equals(key.view()));
  for (const std::uint8_t byte : payload) EXPECT_EQ(byte, 0);
  // A key of another size is refused.
  Bytes small(31, 1);
  EXPECT_FALSE(decode_to_gate({0x01, std::span(small)}).has_value());
}

TEST(GateFrames, PartiesAndEndpoints) {
  for (const auto* good : {"XA", "UNODA", "XA-ITI", "X1", "ABCDEFGHIJKL"}) {
    EXPECT_TRUE(is_party(good)) << good;
  }
  for (const auto* bad : {"", "X", "xa", "1A", "-A", "ABCDEFGHIJKLM", "X A", "XA\n", "X\xc3\x84"}) {
    EXPECT_FALSE(is_party(bad)) << bad;
  }
  EXPECT_TRUE(is_endpoint("tcp://[::1]:7000"));
  EXPECT_TRUE(is_endpoint("tcp://" + std::string(249, 'h')));
  EXPECT_FALSE(is_endpoint("tcp://" + std::string(250, 'h')));
  for (const auto* bad : {"", "tcp://", "ipc:///x", "inproc://zeromq.zap.01", "tcp://a b"}) {
    EXPECT_FALSE(is_endpoint(bad)) << bad;
  }
}

}  // namespace
}  // namespace focal::gate
