#include "node/exchange/frame.h"

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <optional>
#include <type_traits>

#include "node/exchange/card.h"
#include "node/exchange/party.h"
#include "proto/frames.pb.h"
#include "proto/lint.h"

namespace focal::exchange {
namespace {

constexpr std::uint64_t kLeastCost = 1024;

Bytes with_type(FrameType type, const Bytes& body) {
  Bytes out;
  out.reserve(1 + body.size());
  out.push_back(static_cast<std::uint8_t>(type));
  append(out, body);
  return out;
}

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

template <typename Message>
void put_heads(Message& m, const std::vector<CardHead>& cards, const std::vector<DirHead>& dirs,
               bool want) {
  for (const DirHead& head : dirs) {
    auto* out = m.add_dir();
    out->set_introducer(head.introducer);
    out->set_serial(head.serial);
    if (!want) out->set_hash(to_string(ByteView(head.hash)));
  }
  const auto put = [want](v1::CardHead& out, const CardHead& head) {
    out.set_party(head.party);
    out.set_card_serial(head.card_serial);
    out.set_seal_serial(head.seal_serial);
    if (!want) out.set_card_tag(to_string(ByteView(head.tag)));
  };
  if constexpr (std::is_same_v<Message, v1::Hello>) {
    for (const CardHead& head : cards) put(*m.add_cards(), head);
  } else {
    for (const CardHead& head : cards) put(*m.add_have(), head);
  }
}

void put_claims(v1::Hello& m, const HelloFrame& f) {
  m.set_your_note(f.your_note);
  if (!f.your_stmt.empty()) {
    v1::SignedStmt stmt;
    stmt.set_stmt(to_string(f.your_stmt));
    stmt.set_sig(to_string(f.your_stmt_sig));
    m.set_your_stmt(stmt.SerializeAsString());
  }
  if (!f.your_cosig.lines.empty()) m.set_your_cosig(to_string(encode_cosig(f.your_cosig)));
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
    put_heads(m, f.cards, f.dirs, false);
    m.set_caps(f.caps);
    put_claims(m, f);
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
  Bytes operator()(const NotesWantFrame& f) const {
    v1::NotesWant m;
    put_heads(m, f.have, f.dirs, true);
    return with_type(FrameType::kNotesWant, m);
  }
  Bytes operator()(const GossipFrame& f) const {
    v1::Gossip m;
    for (const auto& checkpoint : f.checkpoints) m.add_checkpoint(checkpoint);
    for (const auto& fork : f.forks) {
      auto* out = m.add_fork();
      out->set_a(fork.a);
      out->set_b(fork.b);
    }
    return with_type(FrameType::kGossip, m);
  }
  Bytes operator()(const CkptFrame& f) const { return with_type(FrameType::kCkpt, encode_ckpt(f)); }
  Bytes operator()(const CosigFrame& f) const {
    return with_type(FrameType::kCosig, encode_cosig(f));
  }
  Bytes operator()(const DoctorFrame& f) const {
    return with_type(FrameType::kDoctor, encode_doctor(f));
  }
  Bytes operator()(const DoctorReplyFrame& f) const {
    return with_type(FrameType::kDoctorReply, encode_doctor_reply(f));
  }
};

// Serials of 2^63 and more are no serials; 0 means that nothing is held, which only an
// asker says.
template <typename Heads>
Result<std::vector<DirHead>> read_dirs(const Heads& heads, bool want) {
  if (static_cast<std::size_t>(heads.size()) > kMaxDirHeads) return bad("too many directories");
  std::vector<DirHead> out;
  out.reserve(static_cast<std::size_t>(heads.size()));
  for (const auto& head : heads) {
    const auto hash = want ? std::optional<Hash32>(Hash32{}) : fixed<32>(as_bytes(head.hash()));
    if (!is_party(head.introducer()) || head.serial() > kMaxSerial || !hash ||
        (head.serial() == 0 && !want))
      return bad("the head of a directory is malformed");
    out.push_back({head.introducer(), head.serial(), *hash});
  }
  return out;
}

template <typename Heads>
Result<std::vector<CardHead>> read_cards(const Heads& heads, bool want) {
  if (static_cast<std::size_t>(heads.size()) > kMaxCardHeads) return bad("too many cards");
  std::vector<CardHead> out;
  out.reserve(static_cast<std::size_t>(heads.size()));
  for (const auto& head : heads) {
    const auto tag = want ? std::optional<CardTag>(CardTag{}) : fixed<8>(as_bytes(head.card_tag()));
    if (!is_party(head.party()) || head.card_serial() > kMaxSerial ||
        head.seal_serial() > kMaxSerial || !tag || (head.card_serial() == 0 && !want))
      return bad("the head of a card is malformed");
    out.push_back({head.party(), head.card_serial(), head.seal_serial(), *tag});
  }
  return out;
}

// Nobody but the reader itself can make it stop: what is wrong here is as if it were absent.
void read_claims(const v1::Hello& m, HelloFrame& f) {
  if ((f.caps & kCapWitness) == 0) return;
  if (m.your_note().size() <= kMaxHelloNote) f.your_note = m.your_note();
  if (m.your_stmt().size() <= kMaxHelloStmt) {
    const auto stmt = parse_message<v1::SignedStmt>(as_bytes(m.your_stmt()));
    if (stmt && !stmt->stmt().empty() && !stmt->sig().empty()) {
      f.your_stmt = to_bytes(stmt->stmt());
      f.your_stmt_sig = to_bytes(stmt->sig());
    }
  }
  if (!m.your_cosig().empty() && m.your_cosig().size() <= kMaxHelloNote) {
    auto cosig = parse_cosig(as_bytes(m.your_cosig()));
    if (cosig && cosig->conflict.empty()) f.your_cosig = std::move(*cosig);
  }
  f.ignored = static_cast<std::uint32_t>(!m.your_note().empty() && f.your_note.empty()) +
              static_cast<std::uint32_t>(!m.your_stmt().empty() && f.your_stmt.empty()) +
              static_cast<std::uint32_t>(!m.your_cosig().empty() && f.your_cosig.lines.empty());
}

Result<Frame> parse_hello(ByteView body, bool is_reply) {
  FOCAL_ASSIGN(const auto m, parse_message<v1::Hello>(body));
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
  FOCAL_ASSIGN(f.dirs, read_dirs(m.dir(), false));
  FOCAL_ASSIGN(f.cards, read_cards(m.cards(), false));
  f.caps = m.caps();
  read_claims(m, f);
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

Result<Frame> parse_notes_want(ByteView body) {
  FOCAL_ASSIGN(const auto m, parse_message<v1::NotesWant>(body));
  NotesWantFrame f;
  FOCAL_ASSIGN(f.have, read_cards(m.have(), true));
  FOCAL_ASSIGN(f.dirs, read_dirs(m.dir(), true));
  return Frame{std::move(f)};
}

Result<Frame> parse_gossip(ByteView body) {
  FOCAL_ASSIGN(const auto m, parse_message<v1::Gossip>(body));
  if (static_cast<std::size_t>(m.checkpoint_size()) > kMaxGossipCheckpoints ||
      static_cast<std::size_t>(m.fork_size()) > kMaxForkProofsSent)
    return bad("GOSSIP carries too much");
  std::size_t total = 0;
  GossipFrame f;
  f.checkpoints.reserve(static_cast<std::size_t>(m.checkpoint_size()));
  for (const auto& checkpoint : m.checkpoint()) {
    total += checkpoint.size();
    f.checkpoints.push_back(checkpoint);
  }
  f.forks.reserve(static_cast<std::size_t>(m.fork_size()));
  for (const auto& fork : m.fork()) {
    total += fork.a().size() + fork.b().size();
    f.forks.push_back({fork.a(), fork.b()});
  }
  if (total > kMaxNotesBytes) return bad("GOSSIP exceeds 1 MiB");
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

CardTag card_tag(const Hash32& card_id) {
  CardTag tag{};
  std::copy_n(card_id.begin(), tag.size(), tag.begin());
  return tag;
}

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
    case FrameType::kNotesWant: return parse_notes_want(body);
    case FrameType::kGossip: return parse_gossip(body);
    case FrameType::kBounce: return parse_bounces(body);
    case FrameType::kCkpt: {
      FOCAL_ASSIGN(CkptFrame f, parse_ckpt(body));
      return Frame{std::move(f)};
    }
    case FrameType::kCosig: {
      FOCAL_ASSIGN(CosigFrame f, parse_cosig(body));
      return Frame{std::move(f)};
    }
    case FrameType::kDoctor: {
      FOCAL_ASSIGN(DoctorFrame f, parse_doctor(body));
      return Frame{std::move(f)};
    }
    case FrameType::kDoctorReply: {
      FOCAL_ASSIGN(DoctorReplyFrame f, parse_doctor_reply(body));
      return Frame{std::move(f)};
    }
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
