#include "node/desk/seizure_rows.h"

#include <algorithm>
#include <array>
#include <utility>

#include "node/desk/seizure_cells.h"
#include "node/record/calibres.h"
#include "node/record/makes.h"
#include "node/record/schema.h"
#include "node/record/serial_keys.h"

namespace focal::desk::seizure {
namespace {

namespace pb = google::protobuf;

constexpr std::size_t kShownValue = 80;  // bytes of a value in a problem

std::string cut(std::string_view text) {
  if (text.size() <= kShownValue) return std::string(text);
  std::size_t end = kShownValue;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

// Reading a number: none at all, or how sure it is.
void settle_serial(focal::v1::WeaponItem& item, Taken& taken) {
  const auto keys = record::derive_serial_keys(item.serial_raw());
  const bool none = item.serial_raw().empty() || keys.state == record::SerialState::kEmpty ||
                    keys.state == record::SerialState::kNoNumber;
  if (none) {
    item.clear_serial_raw();
    item.set_serial_confidence("NONE");
    ++taken.without_number;
    return;
  }
  if (keys.pattern) ++taken.patterns;
  const std::string& said = item.serial_confidence();
  if (keys.pattern && (said.empty() || said == "CERTAIN")) {
    item.set_serial_confidence("PARTIAL");
  } else if (said.empty()) {
    item.set_serial_confidence("CERTAIN");
    ++taken.certain;
  }
}

void settle_kind(focal::v1::WeaponItem& item, Taken& taken) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kCategories = {
      {{"SA_", "SMALL_ARM"},
       {"LW_", "LIGHT_WEAPON"},
       {"PC_", "PART_COMPONENT"},
       {"AM_", "AMMUNITION"}}};
  if (item.type().empty()) {
    item.set_type("UNKNOWN");
    ++taken.no_type;
  }
  if (!item.category().empty()) return;
  item.set_category("OTHER");
  for (const auto& [prefix, category] : kCategories)
    if (std::string_view(item.type()).starts_with(prefix)) item.set_category(std::string(category));
}

// Codes of makers, models and calibres, where what is written can mean one only. The text stays.
void settle_codes(focal::v1::WeaponItem& item, Taken& taken) {
  if (item.calibre_code().empty() && !item.calibre_raw().empty()) {
    const auto reading = record::read_calibre(item.calibre_raw());
    if (reading.candidates.size() == 1 && !reading.bore_only) {
      item.set_calibre_code(std::string(reading.candidates.front()->code));
      ++taken.calibres;
    }
  }
  if (item.make_code().empty() && !item.make().empty()) {
    const auto makes = record::find_makes(item.make());
    if (makes.size() == 1) {
      item.set_make_code(std::string(makes.front()->code));
      ++taken.makes;
    }
  }
}

void settle_country(focal::v1::WeaponItem& item, Taken& taken) {
  if (!item.has_country_of_manufacture()) return;
  auto& made = *item.mutable_country_of_manufacture();
  if (made.code().empty()) {
    item.clear_country_of_manufacture();  // only its basis was written
  } else if (made.basis().empty()) {
    made.set_basis("ASSUMED");
    ++taken.assumed;
  }
}

std::vector<std::string> unknown_of(const focal::v1::WeaponItem& item) {
  std::vector<std::string> out;
  const auto* r = item.GetReflection();
  for (const auto& plan : record::plan_of(focal::v1::WeaponItem::descriptor()).fields) {
    if (!plan.rule->prompted()) continue;
    const pb::FieldDescriptor* f = plan.field;
    const bool given = f->is_repeated() ? r->FieldSize(item, f) > 0
                       : f->type() == pb::FieldDescriptor::TYPE_MESSAGE || f->has_presence()
                           ? r->HasField(item, f)
                           : !r->GetString(item, f).empty();
    if (!given) out.push_back(f->name());
  }
  return out;
}

Weapon read_row(const csv::Row& row, const std::vector<Column>& columns, Taken& taken) {
  Weapon out;
  out.row = row.number;
  for (std::size_t i = columns.size(); i < row.cells.size(); ++i) {
    if (csv::shown_cell(row.cells[i]).empty()) continue;
    add_problem(out, {row.number, "", "", cut(row.cells[i]), "has more cells than there are titles",
                      "A cell that holds a separator stands in quotes; a column needs a title."});
    break;
  }
  for (std::size_t i = 0; i < columns.size() && i < row.cells.size(); ++i) {
    const Field* field = columns[i].field;
    if (field == nullptr) continue;
    const std::string_view cell = csv::shown_cell(row.cells[i]);
    if (auto fault = fill_cell(*field, cell, out.item))
      add_problem(out, {row.number, columns[i].title, field->name, cut(cell),
                        std::move(fault->text), std::move(fault->hint)});
  }
  if (!out.is_good()) return out;
  settle_serial(out.item, taken);
  settle_kind(out.item, taken);
  settle_codes(out.item, taken);
  settle_country(out.item, taken);
  out.unknown = unknown_of(out.item);
  return out;
}

}  // namespace

void add_problem(Weapon& weapon, Problem problem) {
  problem.column = cut(problem.column);
  if (weapon.problems.size() < kProblemsOfARow)
    weapon.problems.push_back(std::move(problem));
  else
    ++weapon.more_problems;
}

Rows read_rows(const csv::Table& table, const std::vector<Column>& columns) {
  Rows out;
  out.weapons.reserve(table.rows.size());
  for (std::size_t i = 1; i < table.rows.size(); ++i)
    out.weapons.push_back(read_row(table.rows[i], columns, out.taken));
  return out;
}

}  // namespace focal::desk::seizure
