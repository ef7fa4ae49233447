// Goal: each cell means what an officer meant, is declared unknown, or is a fault with what to do;
// what is written stays. Method: single cells and rows against WeaponItem.
#include "node/desk/seizure_rows.h"

#include <gtest/gtest.h>

#include "node/desk/seizure_cells.h"
#include "node/desk/seizure_repeats.h"

namespace focal::desk::seizure {
namespace {

using focal::v1::WeaponItem;

std::optional<CellFault> fill(const char* field, std::string_view cell, WeaponItem& item) {
  const Field* found = find_field(field);
  EXPECT_NE(found, nullptr) << field;
  return fill_cell(*found, cell, item);
}
WeaponItem filled(const char* field, std::string_view cell) {
  WeaponItem item;
  const auto fault = fill(field, cell, item);
  EXPECT_FALSE(fault.has_value()) << field << " '" << cell << "': " << fault->text;
  return item;
}
bool faulty(const char* field, std::string_view cell) {
  WeaponItem item;
  const auto fault = fill(field, cell, item);
  EXPECT_TRUE(!fault || (!fault->text.empty() && !fault->hint.empty())) << field << " " << cell;
  return fault.has_value();
}

TEST(SeizureFields, AreThoseOfTheSchema) {
  for (const char* name :
       {"serial", "serial_confidence", "serial_alternatives", "make", "model", "variant", "calibre",
        "type", "category", "action", "country_of_manufacture", "country_of_manufacture.basis",
        "year_of_manufacture", "country_of_import", "country_of_import.year", "condition",
        "quantity", "craft_or_modified", "last_known_state_owner_mark.text"})
    EXPECT_NE(find_field(name), nullptr) << name;
  for (const char* name : {"item_no", "markings", "photos", "colour", ""})
    EXPECT_EQ(find_field(name), nullptr) << name;
  EXPECT_EQ(find_field("serial_raw"), find_field("serial"));
  EXPECT_EQ(find_field("S/N"), find_field("serial"));
  EXPECT_EQ(find_field("год выпуска"), find_field("year_of_manufacture"));
}

TEST(SeizureFields, MappingNamesColumnsAndFieldsOnce) {
  const std::vector<std::string> titles = {"A", "B", "B", "C"};
  const auto path = [&](const std::vector<Said>& said) {
    const auto mapped = map_columns(titles, said);
    return mapped ? std::string() : mapped.error().path;
  };
  EXPECT_EQ(path({{"A", "serial"}, {"C", "-"}}), "");
  EXPECT_EQ(path({{"A", "serial"}, {"D", "make"}}), "columns[1]") << "no such title";
  EXPECT_EQ(path({{"B", "serial"}}), "columns[0]") << "two have it";
  EXPECT_EQ(path({{"A", "serial"}, {"A", "make"}}), "columns[1]");
  EXPECT_EQ(path({{"A", "serial"}, {"C", "serial_raw"}}), "columns[1]") << "one field";
  EXPECT_EQ(path({{"A", "colour"}}), "columns[0]");
}

TEST(SeizureCells, CodesAreCodesOrLabels) {
  EXPECT_EQ(filled("type", "пистолет").type(), "SA_PISTOL");
  EXPECT_EQ(filled("type", "unknown").type(), "UNKNOWN");
  EXPECT_EQ(filled("condition", "Burnt / corroded").condition(), "BURNT_CORRODED");
  EXPECT_EQ(filled("condition", "-").condition(), "");
  EXPECT_EQ(filled("craft_or_modified", "craft-made; REACTIVATED").craft_or_modified_size(), 2);
  EXPECT_TRUE(faulty("type", "thing"));
  EXPECT_TRUE(faulty("craft_or_modified", "craft-made; painted"));
}

TEST(SeizureCells, Countries) {
  EXPECT_EQ(filled("country_of_manufacture", "Германия").country_of_manufacture().code(), "DE");
  EXPECT_EQ(filled("country_of_manufacture", "XB").country_of_manufacture().code(), "XB");
  EXPECT_EQ(filled("country_of_manufacture", "XQ").country_of_manufacture().code(), "XQ");
  for (const char* unknown : {"ZZ", "n/a", "N.A.", "unknown", "-"})
    EXPECT_FALSE(filled("country_of_manufacture", unknown).has_country_of_manufacture()) << unknown;
  EXPECT_TRUE(faulty("country_of_manufacture", "NA")) << "Namibia, or not available";
  EXPECT_EQ(filled("country_of_manufacture", "Namibia").country_of_manufacture().code(), "NA");
  EXPECT_TRUE(faulty("country_of_manufacture", "Atlantis"));
}

TEST(SeizureCells, DatesNumbersAndFlags) {
  EXPECT_TRUE(filled("year_of_manufacture", "c. 1987").year_of_manufacture().circa());
  EXPECT_EQ(filled("year_of_manufacture", "~1987").year_of_manufacture().value(), "1987");
  EXPECT_EQ(filled("country_of_import.year", "2009").country_of_import().year().value(), "2009");
  EXPECT_EQ(filled("barrel_length_mm", "102").barrel_length_mm(), 102u);
  EXPECT_TRUE(filled("mismatched_parts", "да").mismatched_parts());
  for (const char* no : {"102 mm", "-5", "1e3", "99999999999", "10.5"})
    EXPECT_TRUE(faulty("barrel_length_mm", no)) << no;
  EXPECT_TRUE(faulty("mismatched_parts", "perhaps"));
}

TEST(SeizureCells, ANumberThatASpreadsheetHasShortened) {
  for (const char* lost : {"1.23457E+11", "1,23457E+11", "1E+12"})
    EXPECT_TRUE(faulty("serial", lost));
  for (const char* fine : {"E123", "12E34", "1E+", "DE+12", "A1E+12"})
    EXPECT_EQ(filled("serial", fine).serial_raw(), fine);
}

Weapon row_of(const std::vector<std::pair<std::string, std::string>>& cells,
              Taken* taken = nullptr) {
  csv::Table table;
  std::vector<Column> columns;
  csv::Row titles{1, {}}, row{2, {}};
  for (const auto& [field, cell] : cells) {
    columns.push_back({field, find_field(field)});
    titles.cells.push_back(field);
    row.cells.push_back(cell);
  }
  table.rows = {titles, row};
  Rows read = read_rows(table, columns);
  if (taken != nullptr) *taken = read.taken;
  return read.weapons.front();
}

TEST(SeizureRows, HowSureANumberIs) {
  const auto confidence = [](const char* serial, const char* said) {
    return row_of({{"serial", serial}, {"serial_confidence", said}}).item.serial_confidence();
  };
  EXPECT_EQ(confidence("AB 1234", ""), "CERTAIN");
  EXPECT_EQ(confidence("AB 1234", "doubtful"), "DOUBTFUL");
  EXPECT_EQ(confidence("AB?1234", ""), "PARTIAL");
  EXPECT_EQ(confidence("AB?1234", "certain"), "PARTIAL") << "it is not";
  EXPECT_EQ(confidence("AB?1234", "RECOVERED_FORENSIC"), "RECOVERED_FORENSIC");
  for (const char* none : {"", "N/A", "б/н", "???", "obliterated", "-"}) {
    const auto weapon = row_of({{"serial", none}, {"serial_confidence", "certain"}});
    EXPECT_EQ(weapon.item.serial_confidence(), "NONE") << none;
    EXPECT_EQ(weapon.item.serial_raw(), "");
  }
  EXPECT_EQ(row_of({{"serial", "  AB 12-34 "}}).item.serial_raw(), "AB 12-34") << "as written";
}

TEST(SeizureRows, CodesAreAddedOnlyWhereThereIsOneMeaning) {
  const auto one = row_of({{"calibre", "9 mm Para"}}).item;
  EXPECT_EQ(one.calibre_code(), "9X19");
  EXPECT_EQ(one.calibre_raw(), "9 mm Para");
  EXPECT_EQ(row_of({{"calibre", "9 mm"}}).item.calibre_code(), "") << "only a bore";
  EXPECT_EQ(row_of({{"calibre", "own make"}}).item.calibre_code(), "");
  EXPECT_EQ(row_of({{"make", "Норинко"}}).item.make(), "Норинко");
  EXPECT_EQ(row_of({{"make", "NORINCO"}}).item.make_code(), "NORINCO");
}

TEST(SeizureRows, WhatTheListDoesNotSayIsDeclaredUnknown) {
  Taken taken;
  const auto weapon = row_of({{"serial", "AB1"}, {"country_of_manufacture", "XB"}}, &taken);
  EXPECT_EQ(weapon.unknown,
            (std::vector<std::string>{"action", "make", "model", "calibre_raw", "country_of_import",
                                      "markings", "craft_or_modified"}));
  EXPECT_EQ(weapon.item.type(), "UNKNOWN");
  EXPECT_EQ(weapon.item.category(), "OTHER");
  EXPECT_EQ(weapon.item.country_of_manufacture().basis(), "ASSUMED");
  EXPECT_EQ(taken.assumed, 1u);
  EXPECT_EQ(taken.no_type, 1u);
  EXPECT_EQ(row_of({{"type", "LW_HMG"}}).item.category(), "LIGHT_WEAPON");
}

TEST(SeizureRows, CellsBeyondTheTitlesAreAFault) {
  csv::Table table;
  table.rows = {{1, {"serial"}}, {2, {"AB1", ""}}, {3, {"AB2", "surplus"}}};
  const Rows rows = read_rows(table, {{"serial", find_field("serial")}});
  EXPECT_TRUE(rows.weapons[0].is_good()) << "an empty one is none";
  EXPECT_FALSE(rows.weapons[1].is_good());
}

TEST(SeizureRows, ManyProblemsOfARowAreCounted) {
  Weapon weapon;
  for (int i = 0; i < 15; ++i) add_problem(weapon, {2, "", "", "", std::to_string(i), "hint"});
  EXPECT_EQ(weapon.problems.size(), kProblemsOfARow);
  EXPECT_EQ(weapon.more_problems, 5u);
}

TEST(SeizureRepeats, ManyRowsWithOneNumberDoNotTakeForEver) {
  std::vector<Weapon> weapons(5000);
  for (std::size_t i = 0; i < weapons.size(); ++i) {
    weapons[i].row = static_cast<std::uint32_t>(i + 2);
    weapons[i].item.set_serial_raw("1");
    weapons[i].item.set_type(i % 2 == 0 ? "SA_PISTOL" : "SA_RIFLE");
  }
  EXPECT_EQ(find_repeats(weapons).size(), 4998u);
}

}  // namespace
}  // namespace focal::desk::seizure
