// What two nodes say to each other on a link: u8 type || protobuf message
// (docs/protocol.md, "Frames"). Parsed under the caps of the limits table;
// anything else is kFrame and ends the link with BYE BAD_FRAME.
#pragma once

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "node/exchange/ckpt.h"
#include "node/exchange/doctor_frame.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxFrame = 1310720;           // 1.25 MiB, one ZeroMQ part
inline constexpr std::size_t kMaxDataEnvelopes = 1u << 20;  // envelopes of one DATA together
inline constexpr std::size_t kMaxDataCount = 1024;          // more whole envelopes do not fit
inline constexpr std::size_t kMaxNotes = 16;
inline constexpr std::size_t kMaxNotesBytes = 1u << 20;
inline constexpr std::size_t kMaxBounces = 1024;
inline constexpr std::size_t kMaxCardHeads = 256;
inline constexpr std::size_t kMaxDirHeads = 16;
inline constexpr std::size_t kMaxForkProofsSent = 4;
inline constexpr std::size_t kMaxGossipCheckpoints = 8;
inline constexpr std::size_t kMaxHelloNote = 64u << 10;     // your_note, your_cosig
inline constexpr std::size_t kMaxHelloStmt = 512;
inline constexpr std::size_t kMaxByeText = 200;
inline constexpr std::uint32_t kFrameVersion = 1;

enum class FrameType : std::uint8_t {
  kHello = 0x01, kHelloOk = 0x02, kData = 0x03, kAck = 0x04, kCkpt = 0x09, kCosig = 0x0A,
  kGossip = 0x0B, kNotes = 0x0C, kBye = 0x10, kNotesWant = 0x11, kBounce = 0x12, kDoctor = 0x13,
  kDoctorReply = 0x14,
};

// Bits of HelloFrame::caps. Others mean nothing.
inline constexpr std::uint64_t kCapWitness = 2;  // frames CKPT and COSIG, and what belongs to them
inline constexpr std::uint64_t kCapDoctor = 4;   // frames DOCTOR and DOCTOR_REPLY

enum class ByeCode : std::uint32_t {
  kVersion = 1, kParty = 2, kBadFrame = 3, kCredit = 4, kSeq = 5, kLane0 = 6, kShutdown = 7,
  kStopped = 8, kReplaced = 9,
};
std::string_view bye_name(std::uint32_t code);

using CardTag = std::array<std::uint8_t, 8>;
CardTag card_tag(const Hash32& card_id);  // its first bytes

// What a node holds of a party, or of itself. In NOTES_WANT: what is newer than this is asked
// for; there serials may be 0 (nothing is held) and the tag is absent.
struct CardHead {
  std::string party;
  std::uint64_t card_serial = 0;
  std::uint64_t seal_serial = 0;
  CardTag tag{};                  // of the card of that serial
};
struct DirHead {
  std::string introducer;
  std::uint64_t serial = 0;
  Hash32 hash{};                  // directory_id; zeros in NOTES_WANT
};

struct HelloFrame {
  bool is_reply = false;          // HELLO_OK
  std::uint32_t v = kFrameVersion;
  std::uint32_t v_min = kFrameVersion;
  std::string party;
  Bytes card_id;                  // 32
  Id16 stream_id{};
  Id16 incarnation{};
  std::uint64_t now_ms = 0;
  std::uint64_t seal_serial = 0;
  std::vector<DirHead> dirs;      // at most kMaxDirHeads
  std::vector<CardHead> cards;    // at most kMaxCardHeads: of third parties
  std::uint64_t caps = 0;
  // What the sender holds of the reader's: claims, of which nothing is verified here. Empty: nothing
  // is held, or what came has not its form or size, or caps lacks kCapWitness.
  std::string your_note;          // checkpoint note
  Bytes your_stmt, your_stmt_sig; // a signed statement
  CosigFrame your_cosig;          // a note of the sender and the reader's line; no conflict
  std::uint32_t ignored = 0;      // of the three, those that came and have not their form
};
struct DataFrame {
  Id16 stream_id{};
  std::uint64_t first_seq = 0;
  std::uint32_t lane = 0;
  std::vector<Bytes> envelopes;
};
struct AckFrame {
  Id16 stream_id{};               // of the DATA it acknowledges
  std::uint64_t cum_seq = 0;
  std::uint64_t credit = 0;       // totals granted since HELLO, bytes
  std::uint64_t lane0_credit = 0;
};
struct NotesFrame { std::vector<std::string> notes; };
struct NotesWantFrame {
  std::vector<CardHead> have;
  std::vector<DirHead> dirs;
};
struct GossipFrame {              // together 1 MiB
  struct Fork { std::string a, b; };
  std::vector<Fork> forks;        // at most kMaxForkProofsSent
  std::vector<std::string> checkpoints{};  // at most kMaxGossipCheckpoints: notes of third parties
};
struct ByeFrame {
  std::uint32_t code = 0;
  std::string text;
};
struct BounceEntry {
  Hash32 env_id{};
  std::uint32_t code = 0;
  std::uint32_t why = 0;
  std::vector<std::uint32_t> items;  // none = the whole envelope
};
struct BounceFrame { std::vector<BounceEntry> bounces; };

using Frame = std::variant<HelloFrame, DataFrame, AckFrame, NotesFrame, ByeFrame, BounceFrame,
                           NotesWantFrame, GossipFrame, CkptFrame, CosigFrame, DoctorFrame,
                           DoctorReplyFrame>;

Bytes encode_frame(const Frame& frame);
Result<Frame> parse_frame(ByteView bytes);  // kFrame, kLimit

// What a DATA frame costs of the credit: its size, at least 1 KiB an envelope (a
// true envelope is larger; an empty one still costs us a bounce).
std::uint64_t frame_cost(std::size_t frame_size, std::size_t envelopes);

}  // namespace focal::exchange
