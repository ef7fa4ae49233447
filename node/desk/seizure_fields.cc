#include "node/desk/seizure_fields.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/check.h"
#include "base/csv.h"
#include "node/record/catalogue.h"
#include "node/record/code_names.h"
#include "node/record/schema.h"
#include "node/record/table.h"
#include "proto/record.pb.h"

namespace focal::desk::data {
extern const std::string_view kListColumnsTsv;  // field aliases source
}  // namespace focal::desk::data

namespace focal::desk::seizure {
namespace {

namespace pb = google::protobuf;

constexpr std::string_view kRaw = "_raw";
constexpr std::string_view kNotUsed = "-";
constexpr std::size_t kMaxShown = 60;  // bytes of a title in an error

// The part of a message that a cell without a further name means.
const pb::FieldDescriptor* main_part(const pb::Descriptor* type) {
  for (const char* name : {"code", "value", "country"})
    if (const auto* field = type->FindFieldByName(name)) return field;
  return nullptr;
}

void add_field(const Field& up, const record::FieldPlan& plan, std::vector<Field>& out) {
  Field field = up;
  const pb::FieldDescriptor* step = plan.field;
  field.steps.push_back(step);
  field.path += (field.path.empty() ? "" : ".") + step->name();
  field.rule = plan.rule;
  const bool is_main = step->containing_type() != focal::v1::WeaponItem::descriptor() &&
                       main_part(step->containing_type()) == step;
  if (!is_main) field.name += (field.name.empty() ? "" : ".") + step->name();
  if (step->type() == pb::FieldDescriptor::TYPE_MESSAGE) {
    if (step->is_repeated()) return;
    for (const auto& part : record::plan_of(step->message_type()).fields)
      add_field(field, part, out);
    return;
  }
  if (std::string_view(field.name).ends_with(kRaw))
    field.name.resize(field.name.size() - kRaw.size());
  out.push_back(std::move(field));
}

// Titles that mean a field. A key that several have means none of them.
class Titles {
 public:
  Titles() {
    for (const Field& field : fields()) add(field.name, &field);
    for (const Field& field : fields())
      for (const std::string_view lang : record::languages())
        if (field.steps.size() == 1)
          if (const auto label = record::field_label(*field.steps[0], lang)) add(*label, &field);
    for (const Field& field : fields())  // "country of manufacture" means its code
      if (field.steps.size() == 2 && field.name == field.steps[0]->name())
        for (const std::string_view lang : record::languages())
          if (const auto label = record::field_label(*field.steps[0], lang)) add(*label, &field);
    for (const auto& row : record::rows_of<3>(data::kListColumnsTsv)) {
      const Field* field = nullptr;
      if (row[0] != kNotUsed) {
        field = find_by_name(row[0]);
        FOCAL_CHECK(field != nullptr);
      }
      for (const std::string_view alias : record::parts_of(row[1], record::kAliasSeparator))
        names_[record::name_key(alias)] = field;  // the usual meaning wins
    }
  }

  const Field* find(std::string_view title) const {
    const auto found = names_.find(record::name_key(title));
    return found == names_.end() ? nullptr : found->second;
  }

  static const Field* find_by_name(std::string_view typed) {
    for (const Field& field : fields())
      if (typed == field.path || typed == field.name) return &field;
    return nullptr;
  }

 private:
  void add(std::string_view name, const Field* field) {
    names_.emplace(record::name_key(name), field);
  }
  std::map<std::string, const Field*, std::less<>> names_;
};

const Titles& titles_known() {
  static const auto* const all = new Titles();
  return *all;
}

std::string names_of_fields() {
  std::string out;
  for (const Field& field : fields()) out += (out.empty() ? "" : ", ") + field.name;
  return out;
}

Error bad_column(std::size_t place, std::string text, std::string hint) {
  return fail(ErrorCode::kInvalid, std::move(text), std::move(hint),
              "columns[" + std::to_string(place) + "]");
}

std::string in_quotes(std::string_view text) {
  return "'" + std::string(text.substr(0, kMaxShown)) + "'";
}

}  // namespace

const std::vector<Field>& fields() {
  static const auto* const all = [] {
    auto* made = new std::vector<Field>();
    for (const auto& plan : record::plan_of(focal::v1::WeaponItem::descriptor()).fields)
      if (plan.field->name() != "item_no" && !plan.rule->attachment()) add_field({}, plan, *made);
    return made;
  }();
  return *all;
}

const Field* find_field(std::string_view typed) {
  if (const Field* field = Titles::find_by_name(typed)) return field;
  return titles_known().find(typed);
}

Result<std::vector<Column>> map_columns(const std::vector<std::string>& titles,
                                        const std::vector<Said>& said) {
  std::vector<Column> out(titles.size());
  for (std::size_t i = 0; i < titles.size(); ++i) out[i].title = titles[i];
  std::set<std::size_t> named;
  std::map<const Field*, std::string_view> filled;
  for (std::size_t i = 0; i < said.size(); ++i) {
    const auto [title, typed] = said[i];
    const auto is_it = [wanted = csv::shown_cell(title)](const std::string& each) {
      return each == wanted;
    };
    const auto at = std::find_if(titles.begin(), titles.end(), is_it);
    if (at == titles.end())
      return bad_column(i, "the list has no column " + in_quotes(title),
                        "Write the title as it stands in the first row of the list.");
    if (std::find_if(at + 1, titles.end(), is_it) != titles.end())
      return bad_column(i, "two columns have the title " + in_quotes(title),
                        "Give one of them another title.");
    const auto place = static_cast<std::size_t>(at - titles.begin());
    if (!named.insert(place).second)
      return bad_column(i, "the column " + in_quotes(title) + " is named twice", "Name it once.");
    if (typed.empty() || typed == kNotUsed) continue;
    const Field* field = find_field(typed);
    if (field == nullptr)
      return bad_column(i, in_quotes(typed) + " is no field of a weapon",
                        "One of: " + names_of_fields() + "; or - for a column not used.");
    if (const auto [other, added] = filled.emplace(field, title); !added)
      return bad_column(i,
                        "two columns fill " + field->name + ": " + in_quotes(other->second) + " and " +
                            in_quotes(title),
                        "Map one of them to - (not used).");
    out[place].field = field;
  }
  return out;
}

std::vector<Column> guess_columns(const std::vector<std::string>& titles) {
  std::vector<Column> out;
  std::set<const Field*> taken;
  for (const std::string& title : titles) {
    const Field* field = find_field(title);
    if (field != nullptr && !taken.insert(field).second) field = nullptr;
    out.push_back({title, field});
  }
  return out;
}

}  // namespace focal::desk::seizure
