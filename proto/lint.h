// Structural lint of signed bytes (docs/protocol.md, "Lint"). Protobuf accepts many
// encodings of one message; signed bytes are kept as they travelled, so exactly
// one encoding of each object is let through before protobuf parses it. Bytes
// that pass are the bytes protobuf itself would write for what it parsed.
//
// Driven by one table of fields per message. No allocation unless it refuses.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::proto {

// The messages the lint knows. Bodies and frames are not linted.
enum class Msg : std::uint8_t {
  kInner,
  kItem,
  kApproval,
  kManifest,
  kRef,
  kAttachment,
  kBatchStmt,
  kReceiptBatch,
  kReceiptItem,
};
inline constexpr std::size_t kMsgCount = 9;

// Limits of the wire format, in bytes unless said (docs/protocol.md, "Limits").
inline constexpr std::size_t kMaxInner = 288 * 1024 - 4;
inline constexpr std::size_t kMaxManifest = 16 * 1024;
inline constexpr std::size_t kMaxBatchStmt = 256;
inline constexpr std::size_t kMaxBody = 240 * 1024;
inline constexpr std::size_t kMaxCertificate = 2 * 1024;
inline constexpr std::size_t kMaxKind = 64;
inline constexpr std::size_t kMinParty = 2;
inline constexpr std::size_t kMaxParty = 12;
inline constexpr std::size_t kMaxMedia = 255;    // type and subtype of 127 each, RFC 6838 4.2
inline constexpr std::size_t kMaxAttName = 255;  // what file systems take
inline constexpr std::size_t kMaxCheckpointNote = 64 * 1024;
inline constexpr std::size_t kMaxReceiptItemSize = 128;  // the largest possible one has 92
inline constexpr std::uint64_t kMaxAttachment = std::uint64_t{32} << 30;
inline constexpr std::uint64_t kEndOfTimeMs = std::uint64_t{1} << 48;  // every _ms is below
// Counts.
inline constexpr std::size_t kMaxAudience = 256;
inline constexpr std::size_t kMaxItems = 256;  // records of a batch
inline constexpr std::size_t kMaxReceiptItems = 2048;
inline constexpr std::size_t kMaxAttachments = 64;
inline constexpr std::size_t kMaxApprovals = 4;
inline constexpr std::size_t kMaxLintDepth = 3;

// Checks bytes as one whole message of that type, and the messages embedded in
// it. `bytes` fields that hold another object (Item.manifest, Inner.stmt,
// ReceiptBatch.stmt and .item) are checked for size only: lint them by their own call.
// Fails with kLint (a rule of form) or kLimit (a size, count or value above its limit);
// Error::path is "Message.field", or "Message" where no field can be named.
Status lint(Msg message, ByteView bytes);

// Field 1 of a BatchStmt or Manifest, read before everything else: a value other
// than 1 is a newer version, which the lint of this version cannot judge
// (the caller lets it WAIT). kLint if the bytes do not begin with a minimal varint
// field 1 of at least 1.
Result<std::uint64_t> peek_version(ByteView bytes);

// The table, for tests and documentation.
enum class FieldType : std::uint8_t { kUint32, kUint64, kTimeMs, kBytes, kString, kMessage };
struct FieldRule {
  std::uint8_t number;
  const char* name;
  FieldType type;
  bool required;
  std::uint16_t max_count;  // 1 = singular
  std::uint64_t min;        // smallest value, or size in bytes
  std::uint64_t max;        // largest value, or size in bytes; min == max: exact size
  Msg message;              // for kMessage
};
const char* name_of(Msg message);
std::span<const FieldRule> rules_of(Msg message);  // by ascending number

}  // namespace focal::proto
