#include "tests/unit/record/filler.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "node/record/codes.h"
#include "node/record/schema.h"
#include "tests/support/paths.h"

namespace focal::record::test {
namespace {

namespace pb = google::protobuf;

std::string text_for(const pb::FieldDescriptor* f, const v1::FieldRule& rule) {
  if (f->type() == pb::FieldDescriptor::TYPE_BYTES)
    return std::string(rule.min_bytes() != 0 ? rule.min_bytes() : rule.max_bytes(), 'b');
  if (!rule.code_list().empty()) return std::string(codes(rule.code_list()).front());
  switch (rule.format()) {
    case v1::FORMAT_DATE: return "2031-03-31";
    case v1::FORMAT_PARTIAL_DATE: return "2014-05";
    case v1::FORMAT_COUNTRY: return "XA";
    case v1::FORMAT_PARTY: return "XA";
    case v1::FORMAT_DESK: return "TRACE";
    case v1::FORMAT_LANGUAGE: return "en";
    case v1::FORMAT_FIELD_PATH: return "trace_request.items[0].serial_raw";
    case v1::FORMAT_SHA256: return std::string(64, 'a');
    default: break;
  }
  if (f->name() == "named_recipients" || f->name() == "onward_named") return "XC";
  return rule.min_chars() > 0 ? std::string(rule.min_chars(), 'r') : "text";
}

bool holds(const pb::Message& m, const pb::FieldDescriptor* f, const std::string& code) {
  const pb::Reflection& r = *m.GetReflection();
  if (!f->is_repeated()) return r.GetString(m, f) == code;
  for (int i = 0; i < r.FieldSize(m, f); ++i)
    if (r.GetRepeatedString(m, f, i) == code) return true;
  return false;
}

class Filler {
 public:
  explicit Filler(bool all) : all_(all) {}

  void fill(pb::Message& m) const {
    const MessagePlan& plan = plan_of(m.GetDescriptor());
    // Selectors first: the needs depend on them.
    for (const FieldPlan& field : plan.fields)
      if (wanted(m, plan, field, true)) fill_field(m, field);
    for (const FieldPlan& field : plan.fields)
      if (wanted(m, plan, field, false)) fill_field(m, field);
  }

 private:
  bool wanted(const pb::Message& m, const MessagePlan& plan, const FieldPlan& field,
              bool selectors) const {
    if (field.is_kind || field.rule->attachment() || field.field->name() == "unknown_fields")
      return false;
    bool selector = false;
    bool needed = false;
    bool forbidden = false;
    const auto place = static_cast<std::size_t>(&field - plan.fields.data());
    for (const NeedPlan& need : plan.needs) {
      selector = selector || need.field == field.field || need.unless_field == field.field;
      if (std::find(need.fields.begin(), need.fields.end(), place) == need.fields.end()) continue;
      bool active = false;
      for (const std::string& code : need.need->codes())
        active = active || holds(m, need.field, code);
      needed = needed || active;
      forbidden = forbidden || (!active && need.need->only());
    }
    if (selector != selectors || forbidden) return false;
    return all_ || needed || field.rule->required() || field.rule->prompted();
  }

  void fill_field(pb::Message& m, const FieldPlan& plan) const {
    const pb::Reflection& r = *m.GetReflection();
    const pb::FieldDescriptor* f = plan.field;
    const bool many = f->is_repeated();
    switch (f->cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        if (f->message_type() == v1::Ref::descriptor()) {
          auto* ref =
              static_cast<v1::Ref*>(many ? r.AddMessage(&m, f) : r.MutableMessage(&m, f));
          ref->set_rid(std::string(32, 'r'));
          ref->set_created_ms(1);
          return;
        }
        fill(many ? *r.AddMessage(&m, f) : *r.MutableMessage(&m, f));
        return;
      case pb::FieldDescriptor::CPPTYPE_STRING:
        many ? r.AddString(&m, f, text_for(f, *plan.rule))
             : r.SetString(&m, f, text_for(f, *plan.rule));
        return;
      case pb::FieldDescriptor::CPPTYPE_UINT32: {
        const auto v = static_cast<std::uint32_t>(std::max<std::int64_t>(1, plan.rule->min()));
        many ? r.AddUInt32(&m, f, v) : r.SetUInt32(&m, f, v);
        return;
      }
      case pb::FieldDescriptor::CPPTYPE_INT32: return r.SetInt32(&m, f, 7);
      case pb::FieldDescriptor::CPPTYPE_UINT64: return r.SetUInt64(&m, f, 1767225600000);
      case pb::FieldDescriptor::CPPTYPE_BOOL: return r.SetBool(&m, f, true);
      default: abort();
    }
  }

  bool all_;
};

v1::Record made(std::string_view kind, bool all) {
  v1::Record record;
  const Filler filler(all);
  filler.fill(record);
  if (record.header().label().tlp().empty()) filler.fill(*record.mutable_header()->mutable_label());
  const KindInfo* info = find_kind(kind);
  const auto* field = v1::Record::descriptor()->FindFieldByName(info->field_name);
  filler.fill(*record.GetReflection()->MutableMessage(&record, field));
  // What the named rules ask beyond the options.
  if (kind == "trace.correction" && !all) {
    record.mutable_header()->mutable_supersedes()->set_rid(std::string(32, 'r'));
    record.mutable_header()->mutable_supersedes()->set_created_ms(1);
  }
  if (kind == "trace.request" && !all)
    record.mutable_trace_request()->mutable_prior_searches()->set_others_asked(false);
  if (kind == "trace.info_supply" && !all) {
    auto* answer = record.mutable_trace_info_supply()->add_answers();
    answer->set_path("trace_request.items[0].make");
    answer->set_value("text");
  }
  return record;
}

}  // namespace

v1::Record full_record(std::string_view kind) { return made(kind, true); }
v1::Record least_record(std::string_view kind) { return made(kind, false); }

std::string bytes_of(const v1::Record& record) { return record.SerializeAsString(); }

Checked check(const v1::Record& record) {
  const auto* oneof = v1::Record::descriptor()->FindOneofByName("kind");
  const auto* field = record.GetReflection()->GetOneofFieldDescriptor(record, oneof);
  const std::string kind = field->message_type()->options().GetExtension(v1::kind).name();
  return parse_checked(as_bytes(bytes_of(record)), kind, "XA", {"XB"});
}

void for_each_field(pb::Message& m, const std::string& path, const Visit& visit) {
  const pb::Reflection& r = *m.GetReflection();
  for (int i = 0; i < m.GetDescriptor()->field_count(); ++i) {
    const pb::FieldDescriptor* f = m.GetDescriptor()->field(i);
    const bool present = f->is_repeated() ? r.FieldSize(m, f) > 0 : r.HasField(m, f);
    if (f->real_containing_oneof() != nullptr && !present) continue;
    const std::string here = path.empty() ? f->name() : path + "." + f->name();
    visit(m, f, here);
    if (f->message_type() == nullptr || f->message_type() == v1::Ref::descriptor()) continue;
    if (!f->is_repeated()) {
      if (r.HasField(m, f)) for_each_field(*r.MutableMessage(&m, f), here, visit);
      continue;
    }
    for (int k = 0; k < r.FieldSize(m, f); ++k)
      for_each_field(*r.MutableRepeatedMessage(&m, f, k), here + "[" + std::to_string(k) + "]",
                     visit);
  }
}

std::vector<Example> examples() {
  std::vector<Example> out;
  const std::filesystem::path folder = focal::test::in_tree("tests/vectors/examples");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    const std::string name = entry.path().stem().string();
    out.push_back(
        {name, name.substr(name.size() - 5, 2), name.substr(name.size() - 2), text.str()});
  }
  std::sort(out.begin(), out.end(),
            [](const Example& a, const Example& b) { return a.name < b.name; });
  return out;
}

std::vector<std::string> problems_of(const Checked& checked) {
  std::vector<std::string> out;
  if (checked.has_value()) return out;
  for (const Problem& problem : checked.error().problems)
    out.push_back(std::string(problem.rule) + " " + problem.path);
  return out;
}

}  // namespace focal::record::test
