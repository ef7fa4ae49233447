#include "node/record/record.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>

#include "base/check.h"
#include "node/record/validate.h"
#include "proto/json.h"
#include "proto/record.pb.h"

namespace focal::record {
namespace {

namespace pb = google::protobuf;

constexpr int kMaxDepth = 16;  // messages inside each other; the schema needs 6

Refusal refuse(RecordStatus status, std::string_view rule, std::string message,
               std::string hint = {}, std::string path = {}) {
  return Refusal{status, {{status, rule, std::move(path), std::move(message), std::move(hint)}}};
}

template <typename List>
std::vector<std::string> copy_of(const List& list) {
  return {list.begin(), list.end()};
}

Label label_of(const v1::Label& m) {
  return Label{m.tlp(),
               copy_of(m.h_codes()),
               m.h3_text(),
               copy_of(m.purposes()),
               copy_of(m.named_recipients()),
               m.onward(),
               copy_of(m.onward_named()),
               m.use(),
               m.retain_until(),
               m.review_on(),
               m.personal_data(),
               m.source_grade(),
               m.info_grade(),
               m.provider(),
               m.provider_ref()};
}

HeaderView header_of(const v1::Header& m) {
  HeaderView view;
  view.from_desk = m.from_desk();
  view.to_desk = m.to_desk();
  view.subject = m.subject();
  view.language = m.language();
  view.priority = m.priority();
  view.ack_by_ms = m.ack_by_ms();
  view.answer_by_ms = m.answer_by_ms();
  if (m.has_supersedes())
    view.supersedes = RefView{to_bytes(m.supersedes().rid()), m.supersedes().created_ms()};
  if (m.has_label()) view.label = label_of(m.label());
  return view;
}

bool parse(ByteView body, v1::Record& message) {
  const pb::LogSilencer quiet;  // a hostile body must not write to our log
  pb::io::CodedInputStream stream(body.data(), static_cast<int>(body.size()));
  stream.SetRecursionLimit(kMaxDepth);
  return message.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage();
}

Bytes serialise(const v1::Record& message) {
  std::string out;
  {
    pb::io::StringOutputStream stream(&out);
    pb::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    FOCAL_CHECK(message.SerializeToCodedStream(&coded));
  }
  return to_bytes(out);
}

}  // namespace

struct Maker {
  static Checked make(std::unique_ptr<v1::Record> message, Bytes body, const Facts& facts) {
    Report report = validate(*message, facts);
    if (!report.ok()) return tl::unexpected(Refusal{report.status, std::move(report.problems)});
    CheckedRecord record;
    record.kind_ = kind_of(*message);
    record.body_ = std::move(body);
    record.from_ = facts.from;
    record.audience_.assign(facts.audience.begin(), facts.audience.end());
    record.header_ = header_of(message->header());
    record.newer_fields_ = report.newer_fields;
    record.message_ = std::move(message);
    return record;
  }
};

CheckedRecord::CheckedRecord() = default;
CheckedRecord::CheckedRecord(CheckedRecord&&) noexcept = default;
CheckedRecord& CheckedRecord::operator=(CheckedRecord&&) noexcept = default;
CheckedRecord::~CheckedRecord() = default;

std::string_view status_name(RecordStatus status) {
  switch (status) {
    case RecordStatus::kForm: return "FORM";
    case RecordStatus::kRecordInvalid: return "RECORD_INVALID";
    case RecordStatus::kTooBig: return "TOO_BIG";
    case RecordStatus::kLabel: return "LABEL";
    case RecordStatus::kAuthority: return "AUTHORITY";
    case RecordStatus::kAttachmentsNotYet: return "ATTACHMENTS_NOT_YET";
  }
  return "FORM";
}

Error Refusal::as_error() const {
  FOCAL_CHECK(!problems.empty());
  const Problem& first = problems.front();
  const std::string quoted = "\"" + first.path + "\"";  // the errors of JSON name the path themselves
  const bool bare = first.path.empty() || first.message.find(quoted) != std::string::npos;
  std::string message = bare ? first.message : first.path + " " + first.message;
  if (problems.size() > 1) message += " (and " + std::to_string(problems.size() - 1) + " more)";
  return fail(ErrorCode::kRecord, std::move(message), first.hint, first.path);
}

Checked parse_checked(ByteView body, std::string_view kind, const std::string& from,
                      const std::vector<std::string>& audience) {
  if (body.size() > kMaxBodyBytes)
    return tl::unexpected(refuse(RecordStatus::kTooBig, "TOO_BIG", "the body is too big",
                                 "at most " + std::to_string(kMaxBodyBytes) + " bytes"));
  Facts facts;
  facts.kind = find_kind(kind);
  if (facts.kind == nullptr)
    return tl::unexpected(refuse(RecordStatus::kRecordInvalid, "KIND",
                                 "this program does not know the kind of this record"));
  auto message = std::make_unique<v1::Record>();
  if (!parse(body, *message))
    return tl::unexpected(refuse(RecordStatus::kForm, "FORM", "the body is no record"));
  facts.from = from;
  facts.audience = audience;
  return Maker::make(std::move(message), to_bytes(body), facts);
}

Checked from_json(std::string_view json, const std::string& from,
                  const std::vector<std::string>& audience) {
  const std::string limit = "at most " + std::to_string(kMaxJsonBytes) + " bytes";
  if (json.size() > kMaxJsonBytes)
    return tl::unexpected(
        refuse(RecordStatus::kTooBig, "TOO_BIG", "the JSON text is too long", limit));
  auto message = std::make_unique<v1::Record>();
  if (auto read = json::read(json, *message); !read.has_value()) {
    Error& error = read.error();
    return tl::unexpected(refuse(RecordStatus::kForm, "JSON", std::move(error.message),
                                 std::move(error.hint), std::move(error.path)));
  }
  return from_message(std::move(message), from, audience);
}

Checked from_message(std::unique_ptr<v1::Record> message, const std::string& from,
                     const std::vector<std::string>& audience) {
  Facts facts;
  facts.from = from;
  facts.audience = audience;
  facts.own = true;
  Bytes body = serialise(*message);
  if (body.size() > kMaxBodyBytes)
    return tl::unexpected(refuse(RecordStatus::kTooBig, "TOO_BIG", "the record is too big",
                                 "at most " + std::to_string(kMaxBodyBytes) + " bytes"));
  return Maker::make(std::move(message), std::move(body), facts);
}

std::string to_json(const CheckedRecord& record) { return json::write_set(record.message()); }

}  // namespace focal::record
