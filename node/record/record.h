// A checked record: the only form in which the rest of the program sees the
// content of a body. There are two ways to one: from the bytes that travelled,
// and from JSON. Both run the one validator (node/record/validate.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "node/record/kinds.h"

namespace focal::v1 {
class Record;  // proto/record.pb.h
}

namespace focal::record {

inline constexpr std::size_t kMaxBodyBytes = 240 * 1024;  // docs/protocol.md, "Limits"
inline constexpr std::size_t kMaxJsonBytes = 1024 * 1024;
inline constexpr std::size_t kMaxProblems = 50;  // reported at once

// Why a record is refused; the numbers are those of a receipt item.
enum class RecordStatus : std::uint32_t {
  kForm = 16,           // the body is no Record, or has no header
  kRecordInvalid = 19,  // a rule of the schema, or kind and manifest disagree
  kTooBig = 22,
  kLabel = 24,      // a rule of the label
  kAuthority = 25,  // the sender may not say this
  kAttachmentsNotYet = 26,
};
std::string_view status_name(RecordStatus status);  // "RECORD_INVALID", ...

struct Problem {
  RecordStatus status = RecordStatus::kRecordInvalid;
  std::string_view rule;  // REQUIRED, CODE, SERIAL_GIVEN, ...: rule_names() of validate.h
  std::string path;       // "trace_request.items[1].serial_confidence"
  std::string message;    // one sentence; never holds the value of a text field
  std::string hint;       // what would be right
};

struct Refusal {
  RecordStatus status = RecordStatus::kForm;  // the smallest number of all problems
  std::vector<Problem> problems;              // 1..kMaxProblems, in the order of the schema
  // ErrorCode::kRecord with the first problem's path, message and hint.
  Error as_error() const;
};

struct RefView {
  Bytes rid;  // 32
  std::uint64_t created_ms = 0;
};

struct Label {
  std::string tlp;
  std::vector<std::string> h_codes;
  std::string h3_text;
  std::vector<std::string> purposes;
  std::vector<std::string> named_recipients;
  std::string onward;
  std::vector<std::string> onward_named;
  std::string use;
  std::string retain_until;  // YYYY-MM-DD
  std::string review_on;     // YYYY-MM-DD or empty
  bool personal_data = false;
  std::string source_grade;
  std::string info_grade;
  std::string provider;
  std::string provider_ref;
};

struct HeaderView {
  std::string from_desk;
  std::string to_desk;  // may be empty
  std::string subject;
  std::string language;
  std::string priority;            // ROUTINE, URGENT, FLASH
  std::uint64_t ack_by_ms = 0;     // 0 = none
  std::uint64_t answer_by_ms = 0;  // 0 = none
  std::optional<RefView> supersedes;
  std::optional<Label> label;  // absent only where the kind allows it
};

class CheckedRecord {
 public:
  CheckedRecord(CheckedRecord&&) noexcept;
  CheckedRecord& operator=(CheckedRecord&&) noexcept;
  ~CheckedRecord();

  // The body: as it travelled, or serialised once by from_json. Sign, commit
  // to and store these and no others.
  const Bytes& body() const { return body_; }
  std::string_view kind() const { return kind_->name; }
  const KindInfo& kind_info() const { return *kind_; }
  const std::string& from() const { return from_; }
  const std::vector<std::string>& audience() const { return audience_; }  // Manifest.to
  const HeaderView& header() const { return header_; }
  // Fields (and marks of unknown fields) of a newer schema: kept in body(),
  // shown as "N fields of a newer version".
  std::uint32_t newer_fields() const { return newer_fields_; }
  // For the few files that read fields; include proto/record.pb.h there.
  const v1::Record& message() const { return *message_; }

 private:
  friend struct Maker;
  CheckedRecord();
  Bytes body_;
  const KindInfo* kind_ = nullptr;
  std::string from_;
  std::vector<std::string> audience_;
  HeaderView header_;
  std::uint32_t newer_fields_ = 0;
  std::unique_ptr<v1::Record> message_;
};

using Checked = tl::expected<CheckedRecord, Refusal>;

// A body that arrived. kind, from and audience are those of its manifest. A kind
// this program does not know is refused (rule KIND): such a body stays unread.
Checked parse_checked(ByteView body, std::string_view kind, const std::string& from,
                      const std::vector<std::string>& audience);

// A record of our own, from protobuf's JSON of Record with the names of the
// schema. Fields the schema does not know are refused here; the kind is the
// one that stands in the JSON.
Checked from_json(std::string_view json, const std::string& from,
                  const std::vector<std::string>& audience);

// The same from a message that the caller has built or completed.
Checked from_message(std::unique_ptr<v1::Record> message, const std::string& from,
                     const std::vector<std::string>& audience);

// Protobuf's JSON with the names of the schema; newer fields are not in it.
std::string to_json(const CheckedRecord& record);

}  // namespace focal::record
