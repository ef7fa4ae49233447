#include "node/gate/frames.h"

#include <algorithm>
#include <set>

#include "base/check.h"

namespace focal::gate {
namespace {

enum class Type : std::uint8_t {
  kTransportKey = 0x01,
  kSettings = 0x02,
  kAllowList = 0x03,
  kListen = 0x04,
  kDialPlan = 0x05,
  kSend = 0x06,
  kCloseLink = 0x07,
  kOtherKey = 0x08,
  kListening = 0x81,
  kFailed = 0x82,
  kLinkUp = 0x83,
  kLinkDown = 0x84,
  kFrameIn = 0x85,
  kSent = 0x86,
  kRefused = 0x87,
  kDialFailed = 0x88,
  kStats = 0x89,
};

constexpr std::size_t kHeaderBytes = 4;
constexpr std::size_t kInitialBuffer = 256u << 10;

Error bad(std::string_view what) {
  return fail(ErrorCode::kFrame, "gate message: " + std::string(what));
}

// Writes one message; the length is filled in at the end.
class Writer {
 public:
  Writer(Bytes& out, Type type) : out_(out), start_(out.size()) {
    put_u32be(out_, 0);
    u8(static_cast<std::uint8_t>(type));
  }
  ~Writer() {
    const std::size_t length = out_.size() - start_ - kHeaderBytes;
    FOCAL_CHECK(length <= kMaxMessageBytes);
    for (std::size_t i = 0; i < kHeaderBytes; ++i) {
      out_[start_ + i] = static_cast<std::uint8_t>(length >> (8 * (kHeaderBytes - 1 - i)));
    }
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void u8(std::uint8_t v) { out_.push_back(v); }
  void u16(std::size_t v) { put_u16be(out_, static_cast<std::uint16_t>(v)); }
  void u32(std::uint32_t v) { put_u32be(out_, v); }
  void u64(std::uint64_t v) { put_u64be(out_, v); }
  void key(const Hash32& v) { append(out_, ByteView(v)); }
  void raw(ByteView v) { append(out_, v); }
  void party(std::string_view v) {
    FOCAL_CHECK(is_party(v));
    put_lp(out_, v);
  }
  void party_or_none(std::string_view v) {
    FOCAL_CHECK(v.empty() || is_party(v));
    put_lp(out_, v);
  }
  void endpoint(std::string_view v) {
    FOCAL_CHECK(is_endpoint(v));
    put_lp(out_, v);
  }
  // Display only: cut to the limit, anything but printable ASCII masked.
  void text(std::string_view v) {
    std::string shown(v.substr(0, kMaxTextBytes));
    for (char& c : shown) {
      if (c < 0x20 || c > 0x7e) c = '?';
    }
    put_lp(out_, shown);
  }

 private:
  Bytes& out_;
  std::size_t start_;
};

// Reads one payload. After the first error every read gives an empty value;
// done() says whether all went well and nothing was left over.
class Reader {
 public:
  explicit Reader(ByteView in) : in_(in) {}

  ByteView take(std::size_t n) {
    if (n > in_.size()) {
      ok_ = false;
      in_ = {};
      return {};
    }
    const ByteView out = in_.first(n);
    in_ = in_.subspan(n);
    return out;
  }
  std::uint8_t u8() {
    const ByteView b = take(1);
    return ok_ ? b[0] : std::uint8_t{0};
  }
  DialWhy why() { const auto v = u8(); return require(v <= kLastDialWhy), static_cast<DialWhy>(v); }
  std::uint16_t u16() {
    const ByteView b = take(2);
    return ok_ ? get_u16be(b) : std::uint16_t{0};
  }
  std::uint32_t u32() {
    const ByteView b = take(4);
    return ok_ ? get_u32be(b) : 0;
  }
  std::uint64_t u64() {
    const ByteView b = take(8);
    return ok_ ? get_u64be(b) : 0;
  }
  Hash32 key() {
    const ByteView b = take(32);
    return ok_ ? *fixed<32>(b) : Hash32{};
  }
  std::string text() {
    std::string out = to_string(take(u8()));
    require(std::all_of(out.begin(), out.end(), [](char c) { return c >= 0x20 && c <= 0x7e; }));
    return out;
  }
  std::string party() {
    std::string out = text();
    require(is_party(out));
    return out;
  }
  std::string party_or_none() {
    std::string out = text();
    require(out.empty() || is_party(out));
    return out;
  }
  std::string endpoint() {
    std::string out = text();
    require(is_endpoint(out));
    return out;
  }
  Bytes frame() {
    require(!in_.empty() && in_.size() <= kMaxFrameBytes);
    return ok_ ? to_bytes(take(in_.size())) : Bytes{};
  }
  LinkId link() {
    const LinkId id = u64();
    require(id != 0);
    return id;
  }
  void require(bool rule) { ok_ = ok_ && rule; }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && in_.empty(); }

 private:
  ByteView in_;
  bool ok_ = true;
};

// ---- encode, one overload a message ----

void put(Bytes&, const TransportKey&) {
  FOCAL_CHECK(false);  // encode_transport_key()
}

void put(Bytes&, const OtherKey&) {
  FOCAL_CHECK(false);  // encode_other_key()
}

void put(Bytes& out, const Settings& m) {
  Writer w(out, Type::kSettings);
  w.u64(m.first_link);
  w.u32(m.backoff_base_ms);
  w.u32(m.backoff_cap_ms);
  w.u32(m.handshakes_per_minute);
}

void put(Bytes& out, const AllowList& m) {
  FOCAL_CHECK(m.peers.size() <= kMaxPeers);
  Writer w(out, Type::kAllowList);
  w.u16(m.peers.size());
  for (const Allowed& peer : m.peers) {
    w.party(peer.party);
    w.key(peer.key);
  }
}

void put(Bytes& out, const Listen& m) {
  Writer w(out, Type::kListen);
  if (m.endpoint.empty()) {
    w.u8(0);
  } else {
    w.endpoint(m.endpoint);
  }
}

void put(Bytes& out, const DialPlan& m) {
  FOCAL_CHECK(m.peers.size() <= kMaxPeers);
  Writer w(out, Type::kDialPlan);
  w.u16(m.peers.size());
  for (const DialTarget& peer : m.peers) {
    FOCAL_CHECK(!peer.endpoints.empty() && peer.endpoints.size() <= kMaxEndpoints);
    w.party(peer.party);
    w.key(peer.key);
    w.u8(static_cast<std::uint8_t>(peer.endpoints.size()));
    for (const std::string& endpoint : peer.endpoints) w.endpoint(endpoint);
  }
}

void put(Bytes& out, const Send& m) { encode_send(out, m.link, m.party, m.frame); }

void put(Bytes& out, const CloseLink& m) {
  Writer w(out, Type::kCloseLink);
  w.u64(m.link);
}

void put(Bytes& out, const Listening& m) {
  Writer w(out, Type::kListening);
  w.endpoint(m.endpoint);
}

void put(Bytes& out, const Failed& m) {
  Writer w(out, Type::kFailed);
  w.u8(m.fatal ? 1 : 0);
  w.text(m.reason);
}

void put(Bytes& out, const LinkUp& m) {
  Writer w(out, Type::kLinkUp);
  w.u64(m.link);
  w.party(m.party);
  w.u8(static_cast<std::uint8_t>(m.direction));
  w.text(m.detail);
}

void put(Bytes& out, const LinkDown& m) {
  Writer w(out, Type::kLinkDown);
  w.u64(m.link);
  w.party(m.party);
  w.text(m.reason);
}

void put(Bytes& out, const FrameIn& m) { encode_frame_in(out, m.link, m.party, m.frame); }

void put(Bytes& out, const Sent& m) {
  Writer w(out, Type::kSent);
  w.u64(m.link);
  w.u32(m.frames);
  w.u64(m.bytes);
}

void put(Bytes& out, const Refused& m) {
  Writer w(out, Type::kRefused);
  w.party_or_none(m.party);
  w.key(m.key);
  w.text(m.address);
  w.text(m.reason);
}

void put(Bytes& out, const DialFailed& m) {
  Writer w(out, Type::kDialFailed);
  w.party(m.party);
  w.endpoint(m.endpoint);
  w.u8(static_cast<std::uint8_t>(m.why));
  w.text(m.reason);
  w.u64(m.retry_ms);
}

// One list of the counters, for both directions.
constexpr std::uint64_t Stats::*kCounters[] = {
    &Stats::admitted,          &Stats::refused_unknown,   &Stats::refused_throttled,
    &Stats::refused_malformed, &Stats::handshakes_failed, &Stats::dropped_multipart,
    &Stats::dropped_no_user,   &Stats::dropped_revoked,   &Stats::dropped_empty,
    &Stats::dropped_closed,    &Stats::disconnects,       &Stats::rebinds};
static_assert(sizeof(Stats) == std::size(kCounters) * sizeof(std::uint64_t));

void put(Bytes& out, const Stats& m) {
  Writer w(out, Type::kStats);
  for (const auto counter : kCounters) w.u64(m.*counter);
}

void put_frame(Bytes& out, Type type, LinkId link, std::string_view party, ByteView frame) {
  FOCAL_CHECK(link != 0 && !frame.empty() && frame.size() <= kMaxFrameBytes);
  Writer w(out, type);
  w.u64(link);
  w.party(party);
  w.raw(frame);
}

// ---- decode, one function a message ----

AllowList get_allow_list(Reader& r) {
  AllowList m;
  const std::size_t count = r.u16();
  r.require(count <= kMaxPeers);
  std::set<std::string> parties;
  std::set<Hash32> keys;
  for (std::size_t i = 0; i < count && r.ok(); ++i) {
    Allowed peer;
    peer.party = r.party();
    peer.key = r.key();
    r.require(parties.insert(peer.party).second && keys.insert(peer.key).second);
    m.peers.push_back(std::move(peer));
  }
  return m;
}

DialPlan get_dial_plan(Reader& r) {
  DialPlan m;
  const std::size_t count = r.u16();
  r.require(count <= kMaxPeers);
  std::set<std::string> parties;
  for (std::size_t i = 0; i < count && r.ok(); ++i) {
    DialTarget peer;
    peer.party = r.party();
    peer.key = r.key();
    const std::size_t endpoints = r.u8();
    r.require(endpoints >= 1 && endpoints <= kMaxEndpoints);
    r.require(parties.insert(peer.party).second);
    for (std::size_t j = 0; j < endpoints && r.ok(); ++j) peer.endpoints.push_back(r.endpoint());
    m.peers.push_back(std::move(peer));
  }
  return m;
}

Settings get_settings(Reader& r) {
  Settings m;
  m.first_link = r.link();
  m.backoff_base_ms = r.u32();
  m.backoff_cap_ms = r.u32();
  m.handshakes_per_minute = r.u32();
  r.require(m.backoff_base_ms >= 1 && m.backoff_cap_ms >= m.backoff_base_ms &&
            m.handshakes_per_minute >= 1);
  return m;
}

// The common shape of kSend and kFrameIn.
template <typename T>
T get_frame(Reader& r) {
  T m;
  m.link = r.link();
  m.party = r.party();
  m.frame = r.frame();
  return m;
}

// A value whose reader went well; the braces of an aggregate evaluate from
// left to right.
template <typename Variant, typename T>
Result<Variant> whole(const Reader& r, T message) {
  if (!r.done()) return bad("malformed payload");
  return Variant(std::move(message));
}

Result<FromGate> get_link_up(Reader& r) {
  LinkUp m;
  m.link = r.link();
  m.party = r.party();
  const std::uint8_t direction = r.u8();
  r.require(direction == 1 || direction == 2);
  m.direction = direction == 1 ? Direction::kDialed : Direction::kAccepted;
  m.detail = r.text();
  return whole<FromGate>(r, std::move(m));
}

}  // namespace

void encode(Bytes& out, const ToGate& message) {
  std::visit([&out](const auto& m) { put(out, m); }, message);
}

void encode(Bytes& out, const FromGate& message) {
  std::visit([&out](const auto& m) { put(out, m); }, message);
}

void encode_send(Bytes& out, LinkId link, std::string_view party, ByteView frame) {
  put_frame(out, Type::kSend, link, party, frame);
}

void encode_frame_in(Bytes& out, LinkId link, std::string_view party, ByteView frame) {
  put_frame(out, Type::kFrameIn, link, party, frame);
}

namespace {

crypto::Secret key_message(Type type, const crypto::Secret& key) {
  FOCAL_CHECK(key.size() == 32);
  crypto::Secret out(kHeaderBytes + 1 + key.size());
  const std::span<std::uint8_t> bytes = out.bytes();
  bytes[3] = static_cast<std::uint8_t>(1 + key.size());
  bytes[4] = static_cast<std::uint8_t>(type);
  std::copy(key.view().begin(), key.view().end(), bytes.begin() + 5);
  return out;
}

// Wiped where it stood.
template <typename Key>
Result<ToGate> get_key(RawMessage raw) {
  if (raw.payload.size() != 32) return bad("transport key of a wrong size");
  Key m{crypto::Secret::copy_of(raw.payload)};
  crypto::wipe(raw.payload);
  return ToGate(std::move(m));
}

}  // namespace

crypto::Secret encode_transport_key(const crypto::Secret& key) {
  return key_message(Type::kTransportKey, key);
}
crypto::Secret encode_other_key(const crypto::Secret& key) {
  return key_message(Type::kOtherKey, key);
}

Result<ToGate> decode_to_gate(RawMessage raw) {
  Reader r{ByteView(raw.payload)};
  switch (static_cast<Type>(raw.type)) {
    case Type::kTransportKey: return get_key<TransportKey>(raw);
    case Type::kOtherKey: return get_key<OtherKey>(raw);
    case Type::kSettings: return whole<ToGate>(r, get_settings(r));
    case Type::kAllowList: return whole<ToGate>(r, get_allow_list(r));
    case Type::kListen: {
      Listen m{r.text()};
      r.require(m.endpoint.empty() || is_endpoint(m.endpoint));
      return whole<ToGate>(r, std::move(m));
    }
    case Type::kDialPlan: return whole<ToGate>(r, get_dial_plan(r));
    case Type::kSend: return whole<ToGate>(r, get_frame<Send>(r));
    case Type::kCloseLink: return whole<ToGate>(r, CloseLink{r.link()});
    default: return bad("unknown type");
  }
}

Result<FromGate> decode_from_gate(RawMessage raw) {
  Reader r{ByteView(raw.payload)};
  switch (static_cast<Type>(raw.type)) {
    case Type::kListening: return whole<FromGate>(r, Listening{r.endpoint()});
    case Type::kFailed: {
      const std::uint8_t fatal = r.u8();
      r.require(fatal <= 1);
      return whole<FromGate>(r, Failed{fatal == 1, r.text()});
    }
    case Type::kLinkUp: return get_link_up(r);
    case Type::kLinkDown: return whole<FromGate>(r, LinkDown{r.link(), r.party(), r.text()});
    case Type::kFrameIn: return whole<FromGate>(r, get_frame<FrameIn>(r));
    case Type::kSent: return whole<FromGate>(r, Sent{r.link(), r.u32(), r.u64()});
    case Type::kRefused:
      return whole<FromGate>(r, Refused{r.party_or_none(), r.key(), r.text(), r.text()});
    case Type::kDialFailed:
      return whole<FromGate>(r, DialFailed{r.party(), r.endpoint(), r.why(), r.text(), r.u64()});
    case Type::kStats: {
      Stats m;
      for (const auto counter : kCounters) m.*counter = r.u64();
      return whole<FromGate>(r, m);
    }
    default: return bad("unknown type");
  }
}

MessageParser::MessageParser() : buffer_(kInitialBuffer) {}

std::span<std::uint8_t> MessageParser::room(std::size_t least) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (buffer_.size() - end_ < least && begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < least) buffer_.resize(end_ + least);
  return std::span(buffer_).subspan(end_);
}

void MessageParser::commit(std::size_t filled) {
  FOCAL_CHECK(filled <= buffer_.size() - end_);
  end_ += filled;
}

Result<std::optional<RawMessage>> MessageParser::next() {
  const std::size_t held = end_ - begin_;
  if (held < kHeaderBytes) return std::optional<RawMessage>();
  const std::size_t length = get_u32be(ByteView(buffer_).subspan(begin_, kHeaderBytes));
  if (length == 0 || length > kMaxMessageBytes) return bad("length out of bounds");
  if (held - kHeaderBytes < length) return std::optional<RawMessage>();
  RawMessage raw;
  raw.type = buffer_[begin_ + kHeaderBytes];
  raw.payload = std::span(buffer_).subspan(begin_ + kHeaderBytes + 1, length - 1);
  begin_ += kHeaderBytes + length;
  return std::optional<RawMessage>(raw);
}

bool is_endpoint(std::string_view text) {
  constexpr std::string_view kScheme = "tcp://";
  if (!text.starts_with(kScheme) || text.size() == kScheme.size()) return false;
  if (text.size() > kMaxTextBytes) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace focal::gate
