#include "node/record/schema.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "base/check.h"
#include "node/record/codes.h"
#include "proto/record.pb.h"

namespace focal::record {
namespace {

namespace pb = google::protobuf;
using Plans = std::unordered_map<const pb::Descriptor*, MessagePlan>;

constexpr std::size_t kMaxIndexDigits = 4;

std::size_t place_of(const MessagePlan& plan, const std::string& name) {
  for (std::size_t i = 0; i < plan.fields.size(); ++i)
    if (plan.fields[i].field->name() == name) return i;
  FOCAL_CHECK(!"the schema's need names a field of its message");
  return 0;
}

// What a case reads has the type that node/casework/events.cc expects.
bool fits_case_use(const pb::FieldDescriptor& field, v1::CaseUse use) {
  switch (use) {
    case v1::CASE_NOTHING: return true;
    case v1::CASE_ITEMS:
    case v1::CASE_RESULTS: return field.is_repeated() && field.message_type() != nullptr;
    case v1::CASE_ITEM_NO: return field.type() == pb::FieldDescriptor::TYPE_UINT32;
    case v1::CASE_DUE: return field.options().GetExtension(v1::rule).format() == v1::FORMAT_DATE;
    default: return field.type() == pb::FieldDescriptor::TYPE_STRING && !field.is_repeated();
  }
}

NeedPlan plan_need(const MessagePlan& plan, const v1::Need& need) {
  NeedPlan out;
  out.need = &need;
  out.field = plan.fields[place_of(plan, need.field())].field;
  FOCAL_CHECK(out.field->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING);
  if (!need.unless_field().empty())
    out.unless_field = plan.fields[place_of(plan, need.unless_field())].field;
  const auto& list = out.field->options().GetExtension(v1::rule).code_list();
  for (const std::string& code : need.codes()) FOCAL_CHECK(is_code(list, code));
  for (const std::string& name : need.fields()) out.fields.push_back(place_of(plan, name));
  return out;
}

void add_plan(const pb::Descriptor* type, Plans& plans) {
  if (plans.count(type) != 0) return;
  MessagePlan plan;
  for (int i = 0; i < type->field_count(); ++i) {
    const pb::FieldDescriptor* field = type->field(i);
    FieldPlan made;
    made.field = field;
    made.rule = &field->options().GetExtension(v1::rule);
    made.is_kind = field->real_containing_oneof() != nullptr;
    made.codes = find_code_list(made.rule->code_list());
    FOCAL_CHECK(made.rule->code_list().empty() == (made.codes == nullptr));
    FOCAL_CHECK(!(made.rule->required() && made.rule->prompted()));
    FOCAL_CHECK(fits_case_use(*field, made.rule->case_use()));
    plan.fields.push_back(made);
  }
  const auto& options = type->options();
  for (int i = 0; i < options.ExtensionSize(v1::need); ++i)
    plan.needs.push_back(plan_need(plan, options.GetExtension(v1::need, i)));
  plans.emplace(type, plan);
  for (const FieldPlan& field : plan.fields)
    if (field.field->message_type() != nullptr) add_plan(field.field->message_type(), plans);
}

const Plans& plans() {
  static const auto* const all = [] {
    auto* made = new Plans();
    add_plan(v1::Record::descriptor(), *made);
    return made;
  }();
  return *all;
}

// Takes "[12]" from the front of text; false if something else stands there.
bool take_index(std::string_view& text) {
  if (text.empty() || text[0] != '[') return false;
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos || end == 1 || end - 1 > kMaxIndexDigits) return false;
  const std::string_view digits = text.substr(1, end - 1);
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) return false;
  if (digits.size() > 1 && digits[0] == '0') return false;
  text.remove_prefix(end + 1);
  return true;
}

bool is_field_name(std::string_view name) {
  if (name.empty() || name[0] < 'a' || name[0] > 'z') return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

// The rest of a path below a name this schema does not know: its form only.
bool well_formed(std::string_view text) {
  while (true) {
    const std::size_t end = text.find_first_of(".[");
    if (!is_field_name(text.substr(0, end))) return false;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    if (!text.empty() && text[0] == '[' && !take_index(text)) return false;
    if (text.empty()) return true;
    if (text[0] != '.') return false;
    text.remove_prefix(1);
  }
}

}  // namespace

const MessagePlan& plan_of(const pb::Descriptor* type) {
  const auto found = plans().find(type);
  FOCAL_CHECK(found != plans().end());
  return found->second;
}

const pb::FieldDescriptor* kind_field(const v1::Record& record) {
  static const auto* const oneof = v1::Record::descriptor()->FindOneofByName("kind");
  return record.GetReflection()->GetOneofFieldDescriptor(record, oneof);
}

const pb::Message* kind_message(const v1::Record& record) {
  const pb::FieldDescriptor* field = kind_field(record);
  return field == nullptr ? nullptr : &record.GetReflection()->GetMessage(record, field);
}

PathKind read_path(std::string_view path, const pb::FieldDescriptor** field) {
  if (!well_formed(path)) return PathKind::kBad;
  const pb::Descriptor* type = v1::Record::descriptor();
  while (type != nullptr) {
    const std::size_t end = path.find_first_of(".[");
    const pb::FieldDescriptor* next = type->FindFieldByName(std::string(path.substr(0, end)));
    if (next == nullptr) return PathKind::kNewer;
    path.remove_prefix(end == std::string_view::npos ? path.size() : end);
    const bool indexed = take_index(path);
    if (indexed && !next->is_repeated()) return PathKind::kBad;
    if (path.empty()) {
      if (field != nullptr) *field = next;
      return PathKind::kField;
    }
    if (next->is_repeated() && !indexed) return PathKind::kBad;
    path.remove_prefix(1);  // the point
    type = next->message_type();
  }
  return PathKind::kBad;  // something below a plain field
}

bool names_personal(std::string_view path) {
  const pb::FieldDescriptor* field = nullptr;
  if (read_path(path, &field) != PathKind::kField) return false;
  if (field->message_type() != nullptr) {
    const auto& inside = plan_of(field->message_type()).fields;
    if (std::any_of(inside.begin(), inside.end(),
                    [](const FieldPlan& each) { return each.rule->personal(); }))
      return true;
  }
  for (std::size_t end = path.size(); end != std::string_view::npos; end = path.rfind('.', end - 1))
    if (read_path(path.substr(0, end), &field) == PathKind::kField &&
        field->options().GetExtension(v1::rule).personal())
      return true;
  return false;
}

}  // namespace focal::record
