#include "node/exchange/frame.h"

#include <google/protobuf/stubs/logging.h>

#include <algorithm>

#include "proto/frames.pb.h"
#include "proto/lint.h"

namespace focal::exchange {
namespace {

constexpr std::uint64_t kLeastCost = 1024;
constexpr std::size_t kMaxHelloNote = 64 * 1024;
constexpr int kMaxHelloDirs = 16;
constexpr int kMaxHelloCards = 256;

Bytes with_type(FrameType type, const google::protobuf::MessageLite& message) {
  Bytes out(1 + message.ByteSizeLong());
  out[0] = static_cast<std::uint8_t>(type);
  message.SerializeWithCachedSizesToArray(out.data() + 1);
  return out;
}

Error bad(std::string what) { return fail(ErrorCode::kFrame, std::move(what)); }

template <typename Message>
Result<Message> parse_message(ByteView body) {
  const google::protobuf::LogSilencer quiet;  // a hostile frame must not write to our log
  Message message;
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size())))
    return bad("the frame does not parse");
  return message;
}

struct Encoder {
  Bytes operator()(const HelloFrame& f) const {
    v1::Hello m;
    m.set_v(f.v);
    m.set_party(f.party);
    m.set_card_id(to_string(f.card_id));
    m.set_stream_id(to_string(f.stream_id));
    m.set_incarnation(to_string(f.incarnation));
    m.set_now_ms(f.now_ms);
    m.set_seal_serial(f.seal_serial);
    m.set_v_min(f.v_min);
    return with_type(f.is_reply ? FrameType::kHelloOk : FrameType::kHello, m);
  }
  Bytes operator()(const DataFrame& f) const {
    v1::Data m;
    m.set_stream_id(to_string(f.stream_id));
    m.set_first_seq(f.first_seq);
    m.set_lane(f.lane);
    for (const Bytes& e : f.envelopes) m.add_envelope(e.data(), e.size());
    return with_type(FrameType::kData, m);
  }
  Bytes operator()(const AckFrame& f) const {
    v1::Ack m;
    m.set_stream_id(to_string(f.stream_id));
    m.set_cum_seq(f.cum_seq);
    m.set_credit(f.credit);
    m.set_lane0_credit(f.lane0_credit);
    return with_type(FrameType::kAck, m);
  }
  Bytes operator()(const NotesFrame& f) const {
    v1::Notes m;
    for (const auto& note : f.notes) m.add_note(note);
    return with_type(FrameType::kNotes, m);
  }
  Bytes operator()(const ByeFrame& f) const {
    v1::Bye m;
    m.set_code(f.code);
    m.set_text(f.text.substr(0, kMaxByeText));
    return with_type(FrameType::kBye, m);
  }
  Bytes operator()(const BounceFrame& f) const {
    v1::BounceFrame m;
    for (const auto& b : f.bounces) {
      auto* out = m.add_bounce();
      out->set_env_id(to_string(b.env_id));
      out->set_code(b.code);
      out->set_why(b.why);
      for (const auto item : b.items) out->add_item(item);
    }
    return with_type(FrameType::kBounce, m);
  }
};

Result<Frame> parse_hello(ByteView body, bool is_reply) {
  FOCAL_ASSIGN(const auto m, parse_message<v1::Hello>(body));
  if (m.your_note().size() > kMaxHelloNote || m.dir_size() > kMaxHelloDirs ||
      m.cards_size() > kMaxHelloCards)
    return bad("HELLO exceeds a limit");
  const auto stream = fixed<16>(as_bytes(m.stream_id()));
  const auto incarnation = fixed<16>(as_bytes(m.incarnation()));
  if (!stream || !incarnation || m.card_id().size() != 32) return bad("HELLO lacks an id");
  HelloFrame f;
  f.is_reply = is_reply;
  f.v = m.v();
  f.v_min = m.v_min();
  f.party = m.party();
  f.card_id = to_bytes(m.card_id());
  f.stream_id = *stream;
  f.incarnation = *incarnation;
  f.now_ms = m.now_ms();
  f.seal_serial = m.seal_serial();
  return Frame{std::move(f)};
}

Result<Frame> parse_data(ByteView body) {
  FOCAL_ASSIGN(const auto m, parse_message<v1::Data>(body));
  const auto stream = fixed<16>(as_bytes(m.stream_id()));
  if (!stream) return bad("DATA lacks its stream id");
  if (m.envelope_size() == 0) return bad("DATA without an envelope");
  // Each costs a line of the log and a bounce, also an empty one.
  if (static_cast<std::size_t>(m.envelope_size()) > kMaxDataCount)
    return bad("DATA carries too many envelopes");
  if (m.lane() > 3) return bad("DATA names an unknown lane");
  DataFrame f;
  f.stream_id = *stream;
  f.first_seq = m.first_seq();
  f.lane = m.lane();
  std::size_t total = 0;
  for (const auto& e : m.envelope()) {
    total += e.size();
    if (total > kMaxDataEnvelopes) return bad("DATA carries more than 1 MiB");
    f.envelopes.push_back(to_bytes(e));
  }
  return Frame{std::move(f)};
}

Result<Frame> parse_ack(ByteView body) {
  FOCAL_ASSIGN(const auto m, parse_message<v1::Ack>(body));
  const auto stream = fixed<16>(as_bytes(m.stream_id()));
  if (!stream) return bad("ACK lacks a stream id");
  return Frame{AckFrame{*stream, m.cum_seq(), m.credit(), m.lane0_credit()}};
}

Result<Frame> parse_notes(ByteView body) {
  FOCAL_ASSIGN(const auto m, parse_message<v1::Notes>(body));
  if (static_cast<std::size_t>(m.note_size()) > kMaxNotes) return bad("too many notes");
  NotesFrame f;
  std::size_t total = 0;
  for (const auto& note : m.note()) {
    total += note.size();
    if (total > kMaxNotesBytes) return bad("the notes exceed 1 MiB");
    f.notes.push_back(note);
  }
  return Frame{std::move(f)};
}

Result<Frame> parse_bounces(ByteView body) {
  FOCAL_ASSIGN(const auto m, parse_message<v1::BounceFrame>(body));
  if (static_cast<std::size_t>(m.bounce_size()) > kMaxBounces) return bad("too many bounces");
  BounceFrame f;
  for (const auto& b : m.bounce()) {
    const auto id = fixed<32>(as_bytes(b.env_id()));
    if (!id || static_cast<std::size_t>(b.item_size()) > proto::kMaxItems)
      return bad("a bounce is malformed");
    BounceEntry entry{*id, b.code(), b.why(), {}};
    entry.items.assign(b.item().begin(), b.item().end());
    f.bounces.push_back(std::move(entry));
  }
  return Frame{std::move(f)};
}

}  // namespace

std::string_view bye_name(std::uint32_t code) {
  switch (static_cast<ByeCode>(code)) {
    case ByeCode::kVersion: return "VERSION";
    case ByeCode::kParty: return "PARTY";
    case ByeCode::kBadFrame: return "BAD_FRAME";
    case ByeCode::kCredit: return "CREDIT";
    case ByeCode::kSeq: return "SEQ";
    case ByeCode::kLane0: return "LANE0";
    case ByeCode::kShutdown: return "SHUTDOWN";
    case ByeCode::kStopped: return "STOPPED";
    case ByeCode::kReplaced: return "REPLACED";
  }
  return "UNKNOWN";
}

Bytes encode_frame(const Frame& frame) { return std::visit(Encoder{}, frame); }

Result<Frame> parse_frame(ByteView bytes) {
  if (bytes.empty()) return bad("empty frame");
  if (bytes.size() > kMaxFrame) return fail(ErrorCode::kLimit, "the frame exceeds 1.25 MiB");
  const ByteView body = bytes.subspan(1);
  switch (static_cast<FrameType>(bytes[0])) {
    case FrameType::kHello: return parse_hello(body, false);
    case FrameType::kHelloOk: return parse_hello(body, true);
    case FrameType::kData: return parse_data(body);
    case FrameType::kAck: return parse_ack(body);
    case FrameType::kNotes: return parse_notes(body);
    case FrameType::kBounce: return parse_bounces(body);
    case FrameType::kBye: {
      FOCAL_ASSIGN(const auto m, parse_message<v1::Bye>(body));
      if (m.text().size() > kMaxByeText) return bad("BYE carries too much text");
      return Frame{ByeFrame{m.code(), m.text()}};
    }
  }
  return bad("unknown frame type");
}

std::uint64_t frame_cost(std::size_t frame_size, std::size_t envelopes) {
  return std::max<std::uint64_t>(frame_size, kLeastCost * envelopes);
}

}  // namespace focal::exchange
