#include "proto/lint.h"

#include <array>
#include <string>

namespace focal::proto {
namespace {

using T = FieldType;
constexpr bool kMust = true;
constexpr bool kMay = false;
constexpr std::uint64_t kMax32 = 0xffffffff;

constexpr FieldRule number(std::uint8_t n, const char* name, T type, bool must, std::uint64_t max) {
  return {n, name, type, must, 1, 1, max, Msg::kRef};
}
constexpr FieldRule time_ms(std::uint8_t n, const char* name, bool must) {
  return {n, name, T::kTimeMs, must, 1, 1, kEndOfTimeMs - 1, Msg::kRef};
}
constexpr FieldRule octets(std::uint8_t n, const char* name, bool must, std::uint64_t min,
                           std::uint64_t max, std::uint16_t count = 1) {
  return {n, name, T::kBytes, must, count, min, max, Msg::kRef};
}
constexpr FieldRule text(std::uint8_t n, const char* name, bool must, std::uint64_t min,
                         std::uint64_t max, std::uint16_t count = 1) {
  return {n, name, T::kString, must, count, min, max, Msg::kRef};
}
constexpr FieldRule embedded(std::uint8_t n, const char* name, bool must, Msg message,
                             std::uint16_t count = 1) {
  return {n, name, T::kMessage, must, count, 1, kMaxInner, message};
}

// One field a line.
// clang-format off
constexpr std::array kInnerRules = {
    octets(1, "stmt", kMay, 1, kMaxBatchStmt),
    octets(2, "sig", kMay, 64, 64),
    embedded(3, "item", kMay, Msg::kItem, kMaxItems),
    embedded(7, "receipts", kMay, Msg::kReceiptBatch),
};
constexpr std::array kItemRules = {
    octets(1, "manifest", kMay, 1, kMaxManifest),
    octets(2, "leaf", kMay, 32, 32),
    octets(3, "salt", kMay, 32, 32),
    octets(4, "body", kMay, 1, kMaxBody),
    octets(5, "att_key", kMay, 32, 32, kMaxAttachments),
    text(6, "att_name", kMay, 1, kMaxAttName, kMaxAttachments),
    embedded(8, "approvals", kMay, Msg::kApproval, kMaxApprovals),
};
constexpr std::array kApprovalRules = {
    octets(1, "certificate", kMust, 1, kMaxCertificate),
    octets(2, "signature", kMust, 64, 64),
};
constexpr std::array kManifestRules = {
    number(1, "v", T::kUint32, kMust, 1),
    octets(2, "msg_id", kMust, 16, 16),
    text(3, "from", kMust, kMinParty, kMaxParty),
    octets(4, "from_card", kMust, 32, 32),
    text(5, "to", kMust, kMinParty, kMaxParty, kMaxAudience),
    text(6, "kind", kMust, 1, kMaxKind),
    embedded(7, "thread", kMay, Msg::kRef),
    embedded(8, "reply_to", kMay, Msg::kRef),
    time_ms(9, "created_ms", kMust),
    time_ms(10, "expires_ms", kMay),
    octets(11, "body_commit", kMust, 32, 32),
    number(12, "body_len", T::kUint64, kMay, kMaxBody),
    embedded(13, "att", kMay, Msg::kAttachment, kMaxAttachments),
    octets(14, "approver", kMay, 32, 32, kMaxApprovals),
};
constexpr std::array kRefRules = {
    octets(1, "rid", kMust, 32, 32),
    time_ms(2, "created_ms", kMust),
};
constexpr std::array kAttachmentRules = {
    octets(1, "root", kMust, 32, 32),
    number(2, "size", T::kUint64, kMay, kMaxAttachment),
    text(3, "media", kMay, 1, kMaxMedia),
    octets(4, "name_commit", kMust, 32, 32),
    octets(5, "key_commit", kMust, 32, 32),
};
constexpr std::array kBatchStmtRules = {
    number(1, "v", T::kUint32, kMust, 1),
    text(2, "from", kMust, kMinParty, kMaxParty),
    octets(3, "card", kMust, 32, 32),
    number(4, "purpose", T::kUint32, kMust, 2),
    number(5, "size", T::kUint32, kMust, kMaxReceiptItems),
    octets(6, "root", kMust, 32, 32),
    time_ms(7, "signed_ms", kMust),
};
constexpr std::array kReceiptBatchRules = {
    octets(1, "stmt", kMust, 1, kMaxBatchStmt),
    octets(2, "sig", kMust, 64, 64),
    octets(3, "item", kMust, 1, kMaxReceiptItemSize, kMaxReceiptItems),
    octets(4, "checkpoint", kMay, 1, kMaxCheckpointNote),
    octets(5, "cosigs", kMay, 1, kMaxCheckpointNote),
};
constexpr std::array kReceiptItemRules = {
    octets(1, "rid", kMust, 32, 32),
    number(2, "status", T::kUint32, kMust, kMax32),
    octets(3, "leaf", kMust, 32, 32),
    time_ms(4, "at_ms", kMust),
    time_ms(5, "created_ms", kMust),
};
// clang-format on

struct Table {
  const char* name;
  std::uint64_t max_size;
  std::span<const FieldRule> rules;
};
constexpr std::array<Table, kMsgCount> kTables = {{
    {"Inner", kMaxInner, kInnerRules},
    {"Item", kMaxInner, kItemRules},
    {"Approval", kMaxInner, kApprovalRules},
    {"Manifest", kMaxManifest, kManifestRules},
    {"Ref", kMaxInner, kRefRules},
    {"Attachment", kMaxInner, kAttachmentRules},
    {"BatchStmt", kMaxBatchStmt, kBatchStmtRules},
    {"ReceiptBatch", kMaxInner, kReceiptBatchRules},
    {"ReceiptItem", kMaxReceiptItemSize, kReceiptItemRules},
}};
constexpr const Table& table_of(Msg m) { return kTables[static_cast<std::size_t>(m)]; }

// The nesting is bounded by the tables, not by a counter at run time: unknown
// fields are refused, so nothing can be nested deeper than they say.
constexpr std::size_t depth_of(Msg m) {
  std::size_t below = 0;
  for (const FieldRule& r : table_of(m).rules)
    if (r.type == T::kMessage && depth_of(r.message) > below) below = depth_of(r.message);
  return below + 1;
}
static_assert(depth_of(Msg::kInner) == kMaxLintDepth && depth_of(Msg::kManifest) < kMaxLintDepth);

// Numbers ascend and fit the bits of Pass::seen.
constexpr unsigned kFieldEnd = 16;
constexpr bool in_order(std::span<const FieldRule> rules) {
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (rules[i].number >= kFieldEnd || (i > 0 && rules[i - 1].number >= rules[i].number))
      return false;
  return true;
}
constexpr bool all_in_order() {
  for (const Table& t : kTables)
    if (!in_order(t.rules)) return false;
  return true;
}
static_assert(all_in_order());

constexpr std::uint32_t bit(unsigned field) { return std::uint32_t{1} << field; }

Error refuse(ErrorCode code, const Table& t, const FieldRule* field, const char* what) {
  std::string path = t.name;
  if (field != nullptr) path.append(".").append(field->name);
  return fail(code, path + ": " + what, "the sender's program does not follow the wire format",
              path);
}

enum class Read { kOk, kEnd, kNotMinimal, kTooLong };

// A varint in its only accepted form: at most 64 bits, no zero byte at the end.
Read read_varint(ByteView& in, std::uint64_t& value) {
  value = 0;
  for (unsigned i = 0; i < in.size() && i < 10; ++i) {
    const std::uint8_t byte = in[i];
    if (i == 9 && byte > 1) return Read::kTooLong;
    value |= std::uint64_t{byte & 0x7fu} << (7 * i);
    if ((byte & 0x80) != 0) continue;
    if (i > 0 && byte == 0) return Read::kNotMinimal;
    in = in.subspan(i + 1);
    return Read::kOk;
  }
  return in.size() >= 10 ? Read::kTooLong : Read::kEnd;
}

const char* describe(Read r) {
  switch (r) {
    case Read::kNotMinimal: return "a varint is longer than needed";
    case Read::kTooLong: return "a varint has more than 64 bits";
    default: return "the bytes end inside a field";
  }
}

bool is_plain_ascii(ByteView b) {
  for (std::uint8_t c : b)
    if (c >= 0x80) return false;
  return true;
}

std::uint64_t get_u64le(ByteView b) {
  std::uint64_t v = 0;
  for (unsigned i = 0; i < 8; ++i) v |= std::uint64_t{b[i]} << (8 * i);
  return v;
}

unsigned wire_type_of(FieldType type) {
  switch (type) {
    case T::kUint32:
    case T::kUint64: return 0;
    case T::kTimeMs: return 1;
    default: return 2;
  }
}

Status check_number(const Table& t, const FieldRule& f, std::uint64_t value) {
  if (value == 0) return refuse(ErrorCode::kLint, t, &f, "the default value is encoded");
  if (f.type == T::kTimeMs && value >= kEndOfTimeMs)
    return refuse(ErrorCode::kLint, t, &f, "the time is 2^48 ms or later");
  if (f.type == T::kUint32 && value > kMax32)
    return refuse(ErrorCode::kLint, t, &f, "the value needs more than 32 bits");
  if (value > f.max) return refuse(ErrorCode::kLimit, t, &f, "the value is above its limit");
  return {};
}

Status check_content(const Table& t, const FieldRule& f, ByteView content) {
  if (f.type == T::kMessage) return lint(f.message, content);
  if (f.min == f.max && content.size() != f.min)
    return refuse(ErrorCode::kLint, t, &f, "the length is not the fixed one");
  if (content.empty()) return refuse(ErrorCode::kLint, t, &f, "an empty value is encoded");
  if (content.size() < f.min) return refuse(ErrorCode::kLint, t, &f, "the value is too short");
  if (content.size() > f.max) return refuse(ErrorCode::kLimit, t, &f, "the value is too long");
  if (f.type == T::kString && !is_plain_ascii(content) && !is_utf8(as_text(content)))
    return refuse(ErrorCode::kLint, t, &f, "the text is not UTF-8");
  return {};
}

// One pass over one message.
struct Pass {
  const Table& t;
  ByteView in;                        // what is left
  std::uint32_t seen = 0;             // bits of the field numbers read
  std::size_t at = 0;                 // rule of the last field read; numbers never decrease
  std::size_t count = 0;              // how often in a row that field was read
  std::uint64_t values[kFieldEnd]{};  // numbers read, by field

  bool has(unsigned field) const { return (seen & bit(field)) != 0; }

  // Reads a tag; afterwards rules[at] is its field.
  Status take_tag() {
    std::uint64_t tag = 0;
    if (Read r = read_varint(in, tag); r != Read::kOk)
      return refuse(ErrorCode::kLint, t, nullptr, describe(r));
    const std::uint64_t field = tag >> 3;
    const std::size_t before = at;
    while (at < t.rules.size() && t.rules[at].number < field) ++at;
    if (at == t.rules.size() || t.rules[at].number != field) {
      for (const FieldRule& f : t.rules.first(before))
        if (f.number == field) return refuse(ErrorCode::kLint, t, &f, "field numbers decrease");
      return refuse(ErrorCode::kLint, t, nullptr, "a field of this number is not known");
    }
    const FieldRule& f = t.rules[at];
    if ((tag & 7) != wire_type_of(f.type))
      return refuse(ErrorCode::kLint, t, &f, "the wire type is not the field's");
    count = has(f.number) ? count + 1 : 1;
    seen |= bit(f.number);
    if (count <= f.max_count) return {};
    if (f.max_count == 1) return refuse(ErrorCode::kLint, t, &f, "a singular field is repeated");
    return refuse(ErrorCode::kLimit, t, &f, "too many elements");
  }

  Status take_value() {
    const FieldRule& f = t.rules[at];
    if (f.type == T::kTimeMs) {
      if (in.size() < 8) return refuse(ErrorCode::kLint, t, &f, describe(Read::kEnd));
      const std::uint64_t value = get_u64le(in);
      in = in.subspan(8);
      return check_number(t, f, value);
    }
    std::uint64_t value = 0;  // the number itself, or the size of what follows
    if (Read r = read_varint(in, value); r != Read::kOk)
      return refuse(ErrorCode::kLint, t, &f, describe(r));
    if (wire_type_of(f.type) == 0) {
      values[f.number] = value;
      return check_number(t, f, value);
    }
    if (value > in.size()) return refuse(ErrorCode::kLint, t, &f, describe(Read::kEnd));
    const ByteView content = in.first(static_cast<std::size_t>(value));
    in = in.subspan(content.size());
    return check_content(t, f, content);
  }

  Status check_required() const {
    for (const FieldRule& f : t.rules)
      if (f.required && !has(f.number))
        return refuse(ErrorCode::kLint, t, &f, "the field is missing");
    return {};
  }
};

// What a table cannot say: which fields and values go together.
Status check_combination(Msg message, const Pass& p) {
  if (message == Msg::kInner) {
    const bool records = p.seen == (bit(1) | bit(2) | bit(3));
    if (!records && p.seen != bit(7))
      return refuse(ErrorCode::kLint, p.t, nullptr,
                    "neither stmt, sig and item nor receipts alone");
  }
  if (message == Msg::kItem) {
    if (p.has(2) && p.seen != bit(2))
      return refuse(ErrorCode::kLint, p.t, &p.t.rules[1], "a leaf stands beside other fields");
    if (!p.has(2) && !(p.has(1) && p.has(3)))
      return refuse(ErrorCode::kLint, p.t, nullptr, "neither a leaf nor a manifest with its salt");
  }
  if (message == Msg::kBatchStmt && p.values[4] == 1 && p.values[5] > kMaxItems)
    return refuse(ErrorCode::kLimit, p.t, &p.t.rules[4], "more than 256 records");
  return {};
}

}  // namespace

Status lint(Msg message, ByteView bytes) {
  Pass pass{table_of(message), bytes};
  if (bytes.size() > pass.t.max_size)
    return refuse(ErrorCode::kLimit, pass.t, nullptr, "the message is too long");
  while (!pass.in.empty()) {
    FOCAL_TRY(pass.take_tag());
    FOCAL_TRY(pass.take_value());
  }
  FOCAL_TRY(pass.check_required());
  return check_combination(message, pass);
}

Result<std::uint64_t> peek_version(ByteView in) {
  if (in.empty() || in[0] != 0x08)
    return fail(ErrorCode::kLint, "v: the message does not begin with its version",
                "the sender's program does not follow the wire format", "v");
  in = in.subspan(1);
  std::uint64_t value = 0;
  if (Read r = read_varint(in, value); r != Read::kOk)
    return fail(ErrorCode::kLint, std::string("v: ") + describe(r),
                "the sender's program does not follow the wire format", "v");
  if (value == 0)
    return fail(ErrorCode::kLint, "v: the default value is encoded",
                "the sender's program does not follow the wire format", "v");
  return value;
}

const char* name_of(Msg message) { return table_of(message).name; }
std::span<const FieldRule> rules_of(Msg message) { return table_of(message).rules; }

}  // namespace focal::proto
