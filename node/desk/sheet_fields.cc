#include "node/desk/sheet_fields.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/desk/text_marks.h"
#include "node/desk/views.h"
#include "node/record/codes.h"
#include "node/record/schema.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = google::protobuf;
using pb::FieldDescriptor;

constexpr int kSmallFields = 3;          // a message of so many stands in one line
constexpr std::size_t kMostColumns = 6;  // of a table; more go into the last one together
constexpr std::size_t kShownIdBytes = 4;

const focal::v1::FieldRule& rule_of(const FieldDescriptor& field) {
  return field.options().GetExtension(focal::v1::rule);
}

// Also what is supplied for a field of personal data, and said about it.
bool is_personal(const pb::Message& message, const FieldDescriptor& field) {
  if (rule_of(field).personal()) return true;
  if (message.GetDescriptor() != focal::v1::SuppliedAnswer::descriptor()) return false;
  const auto& answer = static_cast<const focal::v1::SuppliedAnswer&>(message);
  return field.number() != focal::v1::SuppliedAnswer::kPathFieldNumber &&
         record::names_personal(answer.path());
}

bool is_ref(const FieldDescriptor& field) {
  return field.message_type() == focal::v1::Ref::descriptor();
}

// One line says it all: a date, a country with its basis, a search with its result.
bool is_small(const pb::Descriptor& type) {
  if (type.field_count() > kSmallFields) return false;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.is_repeated() ||
        (field.message_type() != nullptr && !is_small(*field.message_type())))
      return false;
  }
  return true;
}

// Its values fit into the cells of a table.
bool is_flat(const pb::Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.message_type() == nullptr || is_ref(field)) continue;
    if (field.is_repeated() || !is_small(*field.message_type())) return false;
  }
  return true;
}

// Where a message has more fields than a table columns, those that an officer looks for first.
const std::vector<std::string_view>& first_columns(std::string_view message) {
  static const std::vector<std::string_view> marking{"kind", "text_raw", "location_part", "side",
                                                     "condition"};
  static const std::vector<std::string_view> none;
  return message == "Marking" ? marking : none;
}

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string number(const FieldDescriptor& field, std::int64_t value) {
  if (ends_with(field.name(), "_ms"))
    return sheet_time(format_utc(static_cast<std::uint64_t>(value)));
  if (!ends_with(field.name(), "_tenths")) return std::to_string(value);
  const std::int64_t size = value < 0 ? -value : value;
  return (value < 0 ? "-" : "") + std::to_string(size / 10) + "." + std::to_string(size % 10);
}

std::string element(const std::string& path, int index) {
  return path + "[" + std::to_string(index) + "]";
}

}  // namespace

namespace data {
extern const std::string_view kSheetWordsTsv;
}

const record::Catalogue& sheet_words() {
  static const auto* const all = new record::Catalogue(data::kSheetWordsTsv);
  return *all;
}

std::string Reader::word(std::string_view key) const {
  return std::string(sheet_words().text(key, lang).value_or(key));
}

std::string Reader::code(std::string_view list, std::string_view code) const {
  static constexpr std::array<std::string_view, 3> kByLetter{"h_code", "source_grade",
                                                             "info_grade"};
  const auto text = record::label(list, code, lang);
  if (!text) return std::string(code);
  const bool letter = std::find(kByLetter.begin(), kByLetter.end(), list) != kByLetter.end();
  return (letter ? std::string(code) + " – " : std::string()) + std::string(*text);
}

std::string Reader::country(std::string_view code) const {
  const auto name = record::country_name(code, lang);
  if (code == "ZZ") return word("unknown");
  return name ? std::string(*name) + " (" + std::string(code) + ")" : std::string(code);
}

std::string Reader::kind(std::string_view kind) const {
  return kind_text(kind, lang);
}

std::string sheet_time(std::string_view at) {
  if (!parse_utc(at)) return std::string(at);
  std::string out(at.substr(0, 16));
  out[10] = ' ';
  return out + " UTC";
}

v1::SheetValue plain_value(std::string text, std::string label) {
  v1::SheetValue out;
  out.set_text(std::move(text));
  out.set_label(std::move(label));
  return out;
}

v1::SheetValue quoted_value(std::string_view text, Tally& tally) {
  MarkedText marked = mark_text(text);
  v1::SheetValue out;
  out.set_text(std::move(marked.text));
  out.set_quoted(true);
  if (marked.control_characters) out.add_warnings("CONTROL_CHARACTERS");
  if (marked.look_alikes) out.add_warnings("LOOK_ALIKES");
  tally.warnings.insert(out.warnings().begin(), out.warnings().end());
  return out;
}

void add_field(std::string label, std::string text, v1::SheetSection* out) {
  if (text.empty()) return;
  auto* field = out->add_fields();
  field->set_label(std::move(label));
  *field->add_values() = plain_value(std::move(text));
}

RecordFields::RecordFields(const focal::v1::Record& record, const Reader& reader, Tally& tally)
    : reader_(reader), tally_(tally) {
  for (const std::string& path : record.unknown_fields()) unknown_.emplace(path, false);
}

std::string RecordFields::label(const Field& field) const {
  return std::string(record::field_label(field, reader_.lang).value_or(field.name()));
}

bool RecordFields::leaves_out(const Message& message, const Field& field) const {
  return is_personal(message, field) && !reader_.with_personal_data;
}

bool RecordFields::shows(const Message& message, const Field& field,
                         const std::string& path) const {
  const pb::Reflection& r = *message.GetReflection();
  const bool there =
      field.is_repeated() ? r.FieldSize(message, &field) > 0 : r.HasField(message, &field);
  return there || unknown_.count(path) != 0;
}

// The name of the field a path ends in, with the path: "serial number (trace_request.items[0]…)".
std::string RecordFields::path_words(const std::string& path) const {
  const FieldDescriptor* field = nullptr;
  if (record::read_path(path, &field) != record::PathKind::kField) return path;
  return label(*field) + " (" + path + ")";
}

v1::SheetValue RecordFields::text(const Field& field, const std::string& text) {
  const auto& rule = rule_of(field);
  std::string list = rule.code_list();
  // These hold codes of a role or a party's name.
  if (list.empty() && field.containing_type() == focal::v1::Label::descriptor() &&
      record::is_code("agency_role", text))
    list = "agency_role";
  if (!list.empty() && record::is_code(list, text)) {
    auto out = plain_value(reader_.code(list, text));
    out.set_code(text);
    return out;
  }
  if (rule.format() == focal::v1::FORMAT_COUNTRY && record::is_country(text)) {
    auto out = plain_value(reader_.country(text));
    out.set_code(text);
    return out;
  }
  if (rule.format() == focal::v1::FORMAT_FIELD_PATH) return quoted_value(path_words(text), tally_);
  return quoted_value(text, tally_);
}

v1::SheetValue RecordFields::scalar(const Message& message, const Field& field, int index) {
  const pb::Reflection& r = *message.GetReflection();
  const bool many = index >= 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string value =
          many ? r.GetRepeatedString(message, &field, index) : r.GetString(message, &field);
      if (field.type() == FieldDescriptor::TYPE_BYTES) return plain_value(hex(as_bytes(value)));
      return text(field, value);
    }
    case FieldDescriptor::CPPTYPE_UINT32:
      return plain_value(number(field, many ? r.GetRepeatedUInt32(message, &field, index)
                                            : r.GetUInt32(message, &field)));
    case FieldDescriptor::CPPTYPE_INT32:
      return plain_value(number(
          field, many ? r.GetRepeatedInt32(message, &field, index) : r.GetInt32(message, &field)));
    case FieldDescriptor::CPPTYPE_UINT64:
      return plain_value(
          number(field, static_cast<std::int64_t>(many ? r.GetRepeatedUInt64(message, &field, index)
                                                       : r.GetUInt64(message, &field))));
    case FieldDescriptor::CPPTYPE_BOOL:
      return plain_value(reader_.word(
          (many ? r.GetRepeatedBool(message, &field, index) : r.GetBool(message, &field)) ? "yes"
                                                                                          : "no"));
    default: {  // a type that the schema does not use yet
      std::string printed;
      pb::TextFormat::PrintFieldValueToString(message, &field, index, &printed);
      return quoted_value(printed, tally_);
    }
  }
}

template <typename Out>
void RecordFields::small(const Message& message, const std::string& path, const std::string& first,
                         Out* out) {
  const auto& plan = record::plan_of(message.GetDescriptor());
  for (const auto& each : plan.fields) {
    const std::string here = path + "." + each.field->name();
    if (!shows(message, *each.field, here)) continue;
    const int before = out->values_size();
    // The first field is what the message is about: it bears the message's name.
    values(message, *each.field, here, each.field->index() > 0, out);
    if (each.field->index() == 0 && out->values_size() > before)
      out->mutable_values(before)->set_label(first);
  }
}

template <typename Out>
void RecordFields::values(const Message& message, const Field& field, const std::string& path,
                          bool label_each, Out* out) {
  const pb::Reflection& r = *message.GetReflection();
  const auto add = [&](v1::SheetValue value, const std::string& at) {
    if (label_each) value.set_label(label(field));
    value.set_path(at);
    *out->add_values() = std::move(value);
  };
  if (const auto declared = unknown_.find(path); declared != unknown_.end()) {
    declared->second = true;
    v1::SheetValue value = plain_value(reader_.word("unknown"));
    value.set_state("UNKNOWN");
    add(std::move(value), path);
  }
  const int size =
      field.is_repeated() ? r.FieldSize(message, &field) : (r.HasField(message, &field) ? 1 : 0);
  if (size == 0) return;
  if (leaves_out(message, field)) {
    ++tally_.left_out;
    v1::SheetValue value = plain_value(reader_.word("left_out"));
    value.set_state("LEFT_OUT");
    return add(std::move(value), path);
  }
  tally_.has_personal = tally_.has_personal || is_personal(message, field);
  if (field.message_type() == nullptr) {
    for (int i = 0; i < size; ++i) add(scalar(message, field, field.is_repeated() ? i : -1), path);
  } else if (is_ref(field)) {
    for (int i = 0; i < size; ++i) {
      const auto& ref = static_cast<const focal::v1::Ref&>(
          field.is_repeated() ? r.GetRepeatedMessage(message, &field, i)
                              : r.GetMessage(message, &field));
      const std::string rid = hex(as_bytes(ref.rid()));
      add(plain_value(rid.substr(0, 2 * kShownIdBytes) + " (" +
                      sheet_time(format_utc(ref.created_ms())) + ")"),
          path);
    }
  } else {
    small(r.GetMessage(message, &field), path, label_each ? label(field) : std::string(), out);
  }
}

void RecordFields::row(const Message& message, const std::string& path,
                       const std::vector<const Field*>& columns, std::size_t own,
                       v1::SheetRow* out) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    v1::SheetCell* cell = i <= own && static_cast<std::size_t>(out->cells_size()) <= own
                              ? out->add_cells()
                              : out->mutable_cells(static_cast<int>(own));
    values(message, *columns[i], path + "." + columns[i]->name(), i >= own, cell);
  }
}

void RecordFields::table(const Message& message, const Field& field, const std::string& path,
                         v1::SheetSection* out) {
  const pb::Reflection& r = *message.GetReflection();
  const int rows = r.FieldSize(message, &field);
  std::vector<const Field*> columns;
  for (const auto& each : record::plan_of(field.message_type()).fields)
    for (int i = 0; i < rows; ++i)
      if (shows(r.GetRepeatedMessage(message, &field, i), *each.field,
                element(path, i) + "." + each.field->name())) {
        columns.push_back(each.field);
        break;
      }
  const auto& first = first_columns(field.message_type()->name());
  std::stable_partition(columns.begin(), columns.end(), [&](const Field* column) {
    return std::find(first.begin(), first.end(), column->name()) != first.end();
  });
  // Columns of their own; the rest shares one.
  const std::size_t own = columns.size() <= kMostColumns ? columns.size() : kMostColumns - 1;
  v1::SheetTable* table = out->add_tables();
  table->set_title(label(field));
  for (std::size_t i = 0; i < own; ++i) table->add_columns(label(*columns[i]));
  if (own < columns.size()) table->add_columns(reader_.word("further"));
  for (int i = 0; i < rows; ++i)
    row(r.GetRepeatedMessage(message, &field, i), element(path, i), columns, own,
        table->add_rows());
}

void RecordFields::one(const Message& message, const Field& field, const std::string& path,
                       v1::SheetSection* out) {
  const pb::Reflection& r = *message.GetReflection();
  const bool there =
      field.is_repeated() ? r.FieldSize(message, &field) > 0 : r.HasField(message, &field);
  const pb::Descriptor* type = field.message_type();
  if (!there || type == nullptr || is_ref(field) || leaves_out(message, field) ||
      (!field.is_repeated() && is_small(*type))) {
    v1::SheetField shown;
    values(message, field, path, false, &shown);
    if (shown.values_size() == 0) return;
    shown.set_label(label(field));
    shown.set_path(path);
    *out->add_fields() = std::move(shown);
  } else if (!field.is_repeated()) {
    v1::SheetSection* part = out->add_sections();
    part->set_title(label(field));
    this->message(r.GetMessage(message, &field), path, part);
  } else if (is_flat(*type)) {
    table(message, field, path, out);
  } else {
    for (int i = 0; i < r.FieldSize(message, &field); ++i) {
      v1::SheetSection* part = out->add_sections();
      part->set_title(label(field) + " " + std::to_string(i + 1));
      this->message(r.GetRepeatedMessage(message, &field, i), element(path, i), part);
    }
  }
}

void RecordFields::message(const Message& message, const std::string& path, v1::SheetSection* out,
                           Names except) {
  for (const auto& each : record::plan_of(message.GetDescriptor()).fields) {
    if (std::find(except.begin(), except.end(), each.field->name()) != except.end()) continue;
    one(message, *each.field, path + "." + each.field->name(), out);
  }
}

void RecordFields::field(const Message& message, const std::string& name, const std::string& path,
                         v1::SheetSection* out) {
  const Field* field = message.GetDescriptor()->FindFieldByName(name);
  if (field != nullptr) one(message, *field, path + "." + name, out);
}

void RecordFields::unknown_rest(v1::SheetSection* out) {
  for (const auto& [path, met] : unknown_) {
    if (met) continue;
    auto* field = out->add_fields();
    field->set_label(path_words(path));
    field->set_path(path);
    auto value = plain_value(reader_.word("unknown"));
    value.set_state("UNKNOWN");
    value.set_path(path);
    *field->add_values() = std::move(value);
  }
}

}  // namespace focal::desk
