#include "node/record/validate.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/check.h"
#include "base/clock.h"
#include "node/record/codes.h"
#include "node/record/formats.h"
#include "node/record/named_rules.h"
#include "node/record/schema.h"
#include "proto/record.pb.h"

namespace focal::record {
namespace {

namespace pb = google::protobuf;

constexpr auto kInvalid = RecordStatus::kRecordInvalid;

// Rules of single fields; the others are in named_rules.cc.
constexpr std::array<std::string_view, 23> kFieldRules = {
    "ATTACHMENT",       "BLANK",    "CODE",      "CODE_TWICE", "FORM",
    "FORMAT",           "JSON",     "KIND",      "NEEDED",     "MARKED_TWICE",
    "MARKED_AND_GIVEN", "NEWER",    "ONLY_WITH", "PATH",       "PROMPTED",
    "NOT_PROMPTED",     "RANGE",    "REQUIRED",  "TEXT",       "TOO_BIG",
    "TOO_LONG",         "TOO_MANY", "TOO_SHORT"};

struct Part {
  std::string_view name;
  int index = -1;
};

// A message and its reflection, fetched once.
struct Level {
  const pb::Message& m;
  const pb::Reflection& r;
};

// What an active need says about one field of a message.
struct Wanted {
  const v1::Need* need = nullptr;
  bool forbidden = false;  // an `only` need that is not active
};

class Walker {
 public:
  Walker(const v1::Record& record, const Facts& facts, const KindInfo& kind, Report& report)
      : record_(record), context_{record, facts, kind, report}, report_(report) {
    for (int i = 0; i < record.unknown_fields_size(); ++i) {
      const auto [mark, added] = marks_.emplace(record.unknown_fields(i), Mark{i, false});
      if (!added)
        report_.add(kInvalid, "MARKED_TWICE", mark_path(i), "this path stands here twice",
                    "name each path once");
    }
  }

  void run() {
    message(record_);
    for (const auto& [path, mark] : marks_)
      if (!mark.used) stray_mark(path, mark.index);
  }

 private:
  struct Mark {
    int index;
    bool used;
  };

  static std::string mark_path(int i) { return "unknown_fields[" + std::to_string(i) + "]"; }

  std::string path() const {
    std::string out;
    for (const Part& part : parts_) {
      if (!out.empty()) out += '.';
      out += part.name;
      if (part.index >= 0) out += "[" + std::to_string(part.index) + "]";
    }
    return out;
  }

  void add(std::string_view rule, std::string text, std::string hint = {},
           RecordStatus status = kInvalid) {
    const bool in_label =
        parts_.size() >= 2 && parts_[0].name == "header" && parts_[1].name == "label";
    if (in_label && status == kInvalid) status = RecordStatus::kLabel;
    report_.add(status, rule, path(), std::move(text), std::move(hint));
  }

  // True if the path of the field is marked as unknown; the mark is then used.
  bool take_mark() {
    if (marks_.empty()) return false;
    const auto found = marks_.find(path());
    if (found == marks_.end()) return false;
    found->second.used = true;
    return true;
  }

  void message(const pb::Message& m);
  void field(const Level& at, const FieldPlan& plan, const Wanted& wanted);
  void absent(const FieldPlan& plan, const Wanted& wanted);
  void values(const Level& at, const FieldPlan& plan);
  void value(const Level& at, const FieldPlan& plan, int index);
  void text(const FieldPlan& plan, const std::string& value);
  void format(v1::Format wanted, const std::string& value);
  void byte_size(const v1::FieldRule& rule, std::size_t size);
  void stray_mark(const std::string& path, int index);

  const v1::Record& record_;
  RuleContext context_;
  Report& report_;
  std::map<std::string, Mark> marks_;
  std::vector<Part> parts_;
};

bool has_value(const Level& at, const pb::FieldDescriptor* f) {
  const auto& [m, r] = at;
  // Without presence of its own a default value is an absent one.
  return f->is_repeated() ? r.FieldSize(m, f) > 0 : r.HasField(m, f);
}

// The text of a field (index < 0) or of one entry of a list, without a copy:
// scratch is used only by representations protobuf may have in the future.
const std::string& text_of(const Level& at, const pb::FieldDescriptor* f, int index,
                           std::string& scratch) {
  const auto& [m, r] = at;
  return index < 0 ? r.GetStringReference(m, f, &scratch)
                   : r.GetRepeatedStringReference(m, f, index, &scratch);
}

bool holds_code(const Level& at, const pb::FieldDescriptor* f, const std::string& code) {
  std::string scratch;
  if (!f->is_repeated()) return text_of(at, f, -1, scratch) == code;
  const int size = at.r.FieldSize(at.m, f);
  for (int i = 0; i < size; ++i)
    if (text_of(at, f, i, scratch) == code) return true;
  return false;
}

bool is_active(const Level& at, const NeedPlan& plan) {
  if (plan.unless_field != nullptr && holds_code(at, plan.unless_field, plan.need->unless_code()))
    return false;
  return std::any_of(plan.need->codes().begin(), plan.need->codes().end(),
                     [&](const std::string& code) { return holds_code(at, plan.field, code); });
}

std::string codes_of(const v1::Need& need) {
  std::string out;
  for (const std::string& code : need.codes()) out += (out.empty() ? "" : " or ") + code;
  return out;
}

void Walker::message(const pb::Message& m) {
  const Level at{m, *m.GetReflection()};
  const auto& r = at.r;
  if (const int newer = r.GetUnknownFields(m).field_count(); newer > 0) {
    report_.newer_fields += static_cast<std::uint32_t>(newer);
    if (context_.facts.own) add("NEWER", "holds a field this schema does not know");
  }
  const pb::Descriptor* type = m.GetDescriptor();
  const MessagePlan& plan = plan_of(type);
  std::vector<Wanted> wanted(plan.fields.size());
  for (const NeedPlan& need : plan.needs) {
    const bool active = is_active(at, need);
    for (const std::size_t place : need.fields) {
      if (active)
        wanted[place] = {need.need, false};
      else if (need.need->only())
        wanted[place] = {need.need, true};
    }
  }
  for (std::size_t i = 0; i < plan.fields.size(); ++i) field(at, plan.fields[i], wanted[i]);
  if (!has_named_rules(type)) return;
  std::string prefix = path();
  if (!prefix.empty()) prefix += '.';
  check_named_rules(context_, m, prefix);
}

void Walker::field(const Level& at, const FieldPlan& plan, const Wanted& wanted) {
  const bool present = has_value(at, plan.field);
  if (plan.is_kind && !present) return;
  parts_.push_back({plan.field->name(), -1});
  if (!present) {
    absent(plan, wanted);
  } else if (plan.rule->attachment()) {
    add("ATTACHMENT", "attachments cannot be sent yet", "leave this field out",
        RecordStatus::kAttachmentsNotYet);
  } else {
    const bool may_mark =
        plan.rule->prompted() || (wanted.need != nullptr && wanted.need->may_be_unknown());
    if (may_mark && take_mark())
      add("MARKED_AND_GIVEN", "has a value and is marked as not known",
          "remove the value or the path in unknown_fields");
    if (wanted.need != nullptr && wanted.forbidden)
      add("ONLY_WITH",
          "may stand only where " + wanted.need->field() + " is " + codes_of(*wanted.need),
          "leave this field out");
    if (plan.rule->personal()) context_.personal = true;
    values(at, plan);
  }
  parts_.pop_back();
}

void Walker::absent(const FieldPlan& plan, const Wanted& wanted) {
  const v1::FieldRule& rule = *plan.rule;
  const auto codes = [&rule] {
    return rule.code_list().empty() ? std::string() : code_hint(rule.code_list(), "");
  };
  if (rule.required()) {
    const bool header = parts_.size() == 1 && parts_[0].name == "header";
    add("REQUIRED", "is missing", codes(), header ? RecordStatus::kForm : kInvalid);
    return;
  }
  const bool needed = wanted.need != nullptr && !wanted.forbidden;
  if (!needed && !rule.prompted()) return;
  const bool may_mark = rule.prompted() || wanted.need->may_be_unknown();
  if (may_mark && take_mark()) return;
  std::string hint = codes();
  if (may_mark)
    hint = "give a value, or add \"" + path() + "\" to unknown_fields" +
           (hint.empty() ? "" : "; " + hint);
  if (needed)
    add("NEEDED", "is needed where " + wanted.need->field() + " is " + codes_of(*wanted.need),
        hint);
  else
    add("PROMPTED", "has no value and is not marked as not known", hint);
}

void Walker::values(const Level& at, const FieldPlan& plan) {
  if (!plan.field->is_repeated()) {
    value(at, plan, -1);
    return;
  }
  const int size = at.r.FieldSize(at.m, plan.field);
  const std::uint32_t limit =
      plan.rule->max_items() != 0 ? plan.rule->max_items() : kDefaultListItems;
  if (static_cast<std::uint32_t>(size) > limit) {
    add("TOO_MANY", "has " + std::to_string(size) + " entries", "at most " + std::to_string(limit));
    return;
  }
  const bool coded = !plan.rule->code_list().empty();
  std::set<std::string_view> seen;
  std::string scratch;
  for (int i = 0; i < size; ++i) {
    parts_.back().index = i;
    value(at, plan, i);
    if (coded && !seen.insert(text_of(at, plan.field, i, scratch)).second)
      add("CODE_TWICE", "this code stands in the list twice", "name each code once");
  }
  parts_.back().index = -1;
}

void Walker::value(const Level& at, const FieldPlan& plan, int index) {
  const auto& m = at.m;
  const auto& r = at.r;
  const pb::FieldDescriptor* f = plan.field;
  std::string scratch;
  const auto number = [&](std::int64_t v) {
    const v1::FieldRule& rule = *plan.rule;
    if ((rule.has_min() && v < rule.min()) || (rule.has_max() && v > rule.max()))
      add("RANGE", "is out of range",
          std::to_string(rule.min()) + " to " + std::to_string(rule.max()));
  };
  switch (f->cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      message(index < 0 ? r.GetMessage(m, f) : r.GetRepeatedMessage(m, f, index));
      return;
    case pb::FieldDescriptor::CPPTYPE_STRING:
      if (f->type() == pb::FieldDescriptor::TYPE_BYTES)  // without a rule: Ref, see named_rules.cc
        return byte_size(*plan.rule, text_of(at, f, index, scratch).size());
      text(plan, text_of(at, f, index, scratch));
      return;
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      number(index < 0 ? r.GetUInt32(m, f) : r.GetRepeatedUInt32(m, f, index));
      return;
    case pb::FieldDescriptor::CPPTYPE_INT32:
      number(index < 0 ? r.GetInt32(m, f) : r.GetRepeatedInt32(m, f, index));
      return;
    case pb::FieldDescriptor::CPPTYPE_UINT64: {
      const std::uint64_t v = index < 0 ? r.GetUInt64(m, f) : r.GetRepeatedUInt64(m, f, index);
      number(static_cast<std::int64_t>(std::min<std::uint64_t>(v, INT64_MAX)));
      return;
    }
    case pb::FieldDescriptor::CPPTYPE_BOOL: return;
    default: FOCAL_CHECK(!"the schema uses only the types above");
  }
}

void Walker::text(const FieldPlan& plan, const std::string& value) {
  const v1::FieldRule& rule = *plan.rule;
  if (plan.codes != nullptr) {
    if (!is_code(*plan.codes, value))
      add("CODE", "is no code of list " + rule.code_list(), code_hint(rule.code_list(), value));
    return;
  }
  const std::uint32_t limit = rule.max_bytes() != 0 ? rule.max_bytes() : kDefaultTextBytes;
  if (value.size() > limit) {
    add("TOO_LONG", "has " + std::to_string(value.size()) + " bytes",
        "at most " + std::to_string(limit));
    return;
  }
  if (!is_plain_text(value)) {
    add("TEXT", "holds a control character or is not UTF-8",
        "plain text; newline and tab are allowed");
    return;
  }
  if (is_blank(value)) {
    add("BLANK", "holds only spaces", "give a text, or leave the field out");
    return;
  }
  if (rule.min_chars() > 0 && text_length(value) < rule.min_chars())
    add("TOO_SHORT", "is too short to be a reason",
        "at least " + std::to_string(rule.min_chars()) + " characters");
  format(rule.format(), value);
}

void Walker::byte_size(const v1::FieldRule& rule, std::size_t size) {
  if (rule.max_bytes() == 0) return;
  const std::uint32_t least = rule.min_bytes() != 0 ? rule.min_bytes() : rule.max_bytes();
  if (size >= least && size <= rule.max_bytes()) return;
  const std::string most = std::to_string(rule.max_bytes()) + " bytes";
  add("FORMAT", "has not the form asked for",
      least == rule.max_bytes() ? "exactly " + most : std::to_string(least) + " to " + most);
}

void Walker::format(v1::Format wanted, const std::string& value) {
  const auto need = [this](bool good, std::string hint) {
    if (!good) add("FORMAT", "has not the form asked for", std::move(hint));
  };
  switch (wanted) {
    case v1::FORMAT_DATE: return need(parse_date(value).has_value(), "a day as YYYY-MM-DD");
    case v1::FORMAT_PARTIAL_DATE:
      return need(is_partial_date(value), "YYYY, YYYY-MM or YYYY-MM-DD");
    case v1::FORMAT_COUNTRY:
      return need(is_country(value),
                  "ISO 3166 code: two letters, four for a former State, or ZZ for unknown");
    case v1::FORMAT_PARTY: return need(is_party(value), "a party code such as XA, XA-ITI or UNODA");
    case v1::FORMAT_DESK: return need(is_desk(value), "1 to 16 of A-Z, 0-9 and -, such as TRACE");
    case v1::FORMAT_LANGUAGE:
      return need(is_language(value), "a language code such as en, fr or zh-CN");
    case v1::FORMAT_FIELD_PATH:
      return need(read_path(value) != PathKind::kBad,
                  "the path of a field, such as trace_request.items[0].serial_raw");
    case v1::FORMAT_SHA256: return need(is_sha256_hex(value), "64 lower-case hexadecimal digits");
    default: return;
  }
}

void Walker::stray_mark(const std::string& marked, int index) {
  const PathKind kind = read_path(marked);
  if (kind == PathKind::kNewer && !context_.facts.own) {
    ++report_.newer_fields;
    return;
  }
  if (kind == PathKind::kField)
    report_.add(kInvalid, "NOT_PROMPTED", mark_path(index),
                "names a field that cannot be marked as not known",
                "only prompted fields that stand in this record may be marked");
  else
    report_.add(kInvalid, "PATH", mark_path(index), "names no field of the schema",
                "for example trace_request.items[0].make");
}

}  // namespace

const KindInfo* kind_of(const v1::Record& record) {
  const auto* field = kind_field(record);
  return field == nullptr
             ? nullptr
             : find_kind(field->message_type()->options().GetExtension(v1::kind).name());
}

void Report::add(RecordStatus kind_of_problem, std::string_view rule, std::string path,
                 std::string message, std::string hint) {
  ++found;
  status = std::min(status, kind_of_problem);
  if (problems.size() < kMaxProblems)
    problems.push_back(
        {kind_of_problem, rule, std::move(path), std::move(message), std::move(hint)});
}

Report validate(const v1::Record& record, const Facts& facts) {
  Report report;
  const KindInfo* kind = kind_of(record);
  if (kind == nullptr) {
    report.add(kInvalid, "KIND", "kind", "the record holds no kind this schema knows");
    return report;
  }
  if (facts.kind != nullptr && facts.kind != kind)
    report.add(kInvalid, "KIND", "kind",
               "holds " + kind->name + ", but the manifest says " + facts.kind->name);
  Walker(record, facts, *kind, report).run();
  return report;
}

std::vector<std::string_view> rule_names() {
  std::vector<std::string_view> names(kFieldRules.begin(), kFieldRules.end());
  const auto named = named_rule_names();
  names.insert(names.end(), named.begin(), named.end());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace focal::record
