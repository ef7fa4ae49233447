// The language between focald and its network process focal-gate: messages on
// one SOCK_STREAM socketpair, each `u32be length || u8 type || payload`, where
// length counts type and payload (docs/protocol.md, "Topology").
// Pure: no I/O, no ZeroMQ. A frame of the wire protocol is opaque bytes here.
//
// Both ends check what they read: a message that breaks its rules is kFrame,
// and the reader gives the other process up (focald restarts the gate, the
// gate ends).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/endpoint.h"
#include "base/names.h"
#include "base/result.h"
#include "crypto/secret.h"

namespace focal::gate {

// Limits. A wire frame is at most 1.25 MiB (docs/protocol.md, limits); the
// message around it adds a party and a link id, so 1.5 MiB holds any message.
inline constexpr std::size_t kMaxFrameBytes = 1'310'720;
inline constexpr std::size_t kMaxMessageBytes = 1'572'864;  // type and payload
inline constexpr std::size_t kMaxPeers = 1024;              // every State five times
inline constexpr std::size_t kMaxEndpoints = 4;             // per peer
inline constexpr std::size_t kMaxTextBytes = 255;           // endpoint, reason, address
static_assert(kMaxEndpointSize <= kMaxTextBytes);

// What focald may have under way to the gate for one link: handed over, not
// yet taken by ZeroMQ (kSent reports that). The gate holds no more than this
// for a link; whoever sends more loses the link.
inline constexpr std::size_t kLinkWindowFrames = 64;
inline constexpr std::size_t kLinkWindowBytes = 4u << 20;

// One connection to one party; never reused, not even by a restarted gate.
// 0 is no link.
using LinkId = std::uint64_t;

enum class Direction : std::uint8_t { kDialed = 1, kAccepted = 2 };

// ---- focald -> gate ---------------------------------------------------------

// Always the first message, alone, once. 32 bytes, X25519 secret key.
struct TransportKey {
  crypto::Secret secret;
};

// Right after it, at most once, while a new transport key is taking an old one's place: the
// other of the two. A peer that refuses one of them is dialed with the other, in turn;
// callers are answered with the first alone.
struct OtherKey {
  crypto::Secret secret;
};

// Next message, once.
struct Settings {
  LinkId first_link = 1;                     // ids are given upwards from here
  std::uint32_t backoff_base_ms = 1000;      // waits of the dialer: base * 2^k …
  std::uint32_t backoff_cap_ms = 600'000;    // … at most this, times 0.5 to 1.5
  std::uint32_t handshakes_per_minute = 10;  // per allowed key; more is put off
};

struct Allowed {
  std::string party;
  Hash32 key{};  // X25519 public transport key
  bool operator==(const Allowed&) const = default;
};

// The whole list, replacing the one before; bites at once in both directions.
struct AllowList {
  std::vector<Allowed> peers;  // <= kMaxPeers, each party and each key once
};

// Where to accept connections: "tcp://address:port", port 0 for any; empty =
// nowhere.
struct Listen {
  std::string endpoint;
};

struct DialTarget {
  std::string party;
  Hash32 key{};
  std::vector<std::string> endpoints;  // 1..kMaxEndpoints, tried in order
  bool operator==(const DialTarget&) const = default;
};

// The whole plan. A peer that is not on the allow-list with this very key is
// not dialed; an unchanged entry keeps its connection.
struct DialPlan {
  std::vector<DialTarget> peers;
};

// party repeats the link's party; if it is another one the gate ends.
struct Send {
  LinkId link = 0;
  std::string party;
  Bytes frame;  // 1..kMaxFrameBytes
};

struct CloseLink {
  LinkId link = 0;
};

using ToGate =
    std::variant<TransportKey, OtherKey, Settings, AllowList, Listen, DialPlan, Send, CloseLink>;

// ---- gate -> focald ---------------------------------------------------------

struct Listening {
  std::string endpoint;  // the actual one, with its port
};

// Not fatal: the gate goes on with the rest and tries again by itself.
// Fatal: it ends after this message.
struct Failed {
  bool fatal = false;
  std::string reason;  // for the operator: "tcp://…: address already in use"
};

struct LinkUp {
  LinkId link = 0;
  std::string party;  // proven: by the peer's CURVE key
  Direction direction = Direction::kDialed;
  std::string detail;  // endpoint dialed, or address of the caller; display only
};

struct LinkDown {
  LinkId link = 0;
  std::string party;
  std::string reason;
};

struct FrameIn {
  LinkId link = 0;
  std::string party;
  Bytes frame;  // 1..kMaxFrameBytes
};

// ZeroMQ has taken these frames of ours (not: the peer has them).
struct Sent {
  LinkId link = 0;
  std::uint32_t frames = 0;
  std::uint64_t bytes = 0;
};

// Somebody's handshake was turned away. party is empty when the key is not on
// the list. At most one a minute for one key, 60 a minute in all.
struct Refused {
  std::string party;
  Hash32 key{};         // the caller's, proven
  std::string address;  // the caller's IP address, as ZeroMQ saw it
  std::string reason;   // "unknown transport key tried to connect", …
};

// How far an attempt to reach a peer came; later ones came further.
enum class DialWhy : std::uint8_t {
  kOther = 0,         // the reason says it
  kNoName = 1,        // the name is not known
  kNameServer = 2,    // nobody says what the name means
  kNoConnection = 3,  // nobody answers at the address
  kHandshake = 4,     // a connection and no handshake: other program, other transport key, busy
  kPutOff = 5,        // the peer has had too many handshakes of ours
  kRefusedKey = 6,    // the peer does not let our key in
  kEnded = 7,         // an established link ended
};
inline constexpr std::uint8_t kLastDialWhy = 7;

// One attempt to reach a peer came to nothing, or an established link ended.
struct DialFailed {
  std::string party;
  std::string endpoint;
  DialWhy why = DialWhy::kOther;
  std::string reason;          // "peer refused our key: are we on their list?", …
  std::uint64_t retry_ms = 0;  // until the next attempt
};

// Counters since the gate started; sent when they changed, at most once a second, and at
// least every kStatsAtLeastMs, as a sign of life.
inline constexpr std::uint64_t kStatsAtLeastMs = 5000;
struct Stats {
  std::uint64_t admitted = 0;           // handshakes answered 200
  std::uint64_t refused_unknown = 0;    // 400: key not on the list
  std::uint64_t refused_throttled = 0;  // 300: too many handshakes of one key
  std::uint64_t refused_malformed = 0;  // 400: not CURVE, other domain, bad request
  std::uint64_t handshakes_failed = 0;  // ended before or by the ZAP answer
  std::uint64_t dropped_multipart = 0;
  std::uint64_t dropped_no_user = 0;  // message without a proven sender
  std::uint64_t dropped_revoked = 0;  // sender no longer on the list
  std::uint64_t dropped_empty = 0;
  std::uint64_t dropped_closed = 0;  // came on a link that focald had closed
  std::uint64_t disconnects = 0;     // accepted connections that ended (oversize among them)
  std::uint64_t rebinds = 0;
  bool operator==(const Stats&) const = default;
};

using FromGate =
    std::variant<Listening, Failed, LinkUp, LinkDown, FrameIn, Sent, Refused, DialFailed, Stats>;

// ---- codec ------------------------------------------------------------------

// Append one message. Values beyond the limits are a bug of the caller
// (FOCAL_CHECK), except display texts, which are cut. The keys have their own
// functions, so that they never enter an ordinary buffer.
void encode(Bytes& out, const ToGate& message);  // not TransportKey, not OtherKey
void encode(Bytes& out, const FromGate& message);
void encode_send(Bytes& out, LinkId link, std::string_view party, ByteView frame);
void encode_frame_in(Bytes& out, LinkId link, std::string_view party, ByteView frame);
crypto::Secret encode_transport_key(const crypto::Secret& key);  // the whole message
crypto::Secret encode_other_key(const crypto::Secret& key);      // the same

// One message as it stands in the parser's buffer: valid until the parser is
// touched again. The payload may be overwritten (a key is wiped there).
struct RawMessage {
  std::uint8_t type = 0;
  std::span<std::uint8_t> payload;
};

// Codes: kFrame. Nothing of a bad message is used.
Result<ToGate> decode_to_gate(RawMessage raw);
Result<FromGate> decode_from_gate(RawMessage raw);

// Cuts a byte stream into messages, whatever the pieces it arrives in.
class MessageParser {
 public:
  MessageParser();
  // Room for at least `least` bytes; fill it from the front, then commit what was filled.
  std::span<std::uint8_t> room(std::size_t least);
  void commit(std::size_t filled);
  // The next whole message, nothing if it is not all there yet, kFrame if its
  // length is 0 or above the cap (then for good).
  Result<std::optional<RawMessage>> next();

 private:
  Bytes buffer_;
  std::size_t begin_ = 0;  // first byte not yet given out
  std::size_t end_ = 0;    // end of what was filled
};

using focal::is_party;
// "tcp://…", printable, at most kMaxTextBytes: fit to be handed to ZeroMQ. Looser than
// what may be published (base/endpoint.h), because of "listen": port 0, every interface.
bool is_endpoint(std::string_view text);

}  // namespace focal::gate
