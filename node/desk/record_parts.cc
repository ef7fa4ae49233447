#include "node/desk/record_parts.h"

#include "node/record/schema.h"
#include "proto/record.pb.h"

namespace focal::desk {

namespace pb = google::protobuf;

std::string text_of(const pb::Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() ||
      field->cpp_type() != pb::FieldDescriptor::CPPTYPE_STRING)
    return {};
  return message.GetReflection()->GetString(message, field);
}

std::string kind_text_of(const focal::v1::Record& record, const char* name) {
  const pb::Message* kind = record::kind_message(record);
  return kind == nullptr ? std::string() : text_of(*kind, name);
}

const pb::FieldDescriptor* results_field(const focal::v1::Record& record) {
  const pb::Message* kind = record::kind_message(record);
  if (kind == nullptr) return nullptr;
  for (const record::FieldPlan& each : record::plan_of(kind->GetDescriptor()).fields)
    if (each.rule->case_use() == focal::v1::CASE_RESULTS &&
        each.field->message_type() == focal::v1::ItemResult::descriptor())
      return each.field;
  return nullptr;
}

std::vector<const focal::v1::ItemResult*> results_of(const focal::v1::Record& record) {
  const pb::FieldDescriptor* field = results_field(record);
  if (field == nullptr) return {};
  const pb::Message& kind = *record::kind_message(record);
  const pb::Reflection& r = *kind.GetReflection();
  const int size = r.FieldSize(kind, field);
  std::vector<const focal::v1::ItemResult*> out;
  out.reserve(static_cast<std::size_t>(size));
  for (int i = 0; i < size; ++i)
    out.push_back(
        static_cast<const focal::v1::ItemResult*>(&r.GetRepeatedMessage(kind, field, i)));
  return out;
}

}  // namespace focal::desk
