// Rows of a seizure list as weapons: what each cell says, what follows from it, and what is
// declared unknown. Pure: the ledger is not asked here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/csv.h"
#include "node/desk/seizure_fields.h"
#include "proto/record.pb.h"

namespace focal::desk::seizure {

inline constexpr std::size_t kProblemsOfARow = 10;  // listed; the row is bad with one

struct Problem {
  std::uint32_t row = 0;
  std::string column;  // title; empty: the whole row
  std::string field;
  std::string value;
  std::string text;
  std::string hint;
};

struct Weapon {
  std::uint32_t row = 0;
  focal::v1::WeaponItem item;        // without its number, which the request gives
  std::vector<std::string> unknown;  // prompted fields without a value, in the schema's order
  std::vector<Problem> problems;     // of this row; empty: good
  std::size_t more_problems = 0;     // beyond kProblemsOfARow
  bool is_good() const { return problems.empty(); }
};

// How things were taken that the list did not say; for the notes of the preview.
struct Taken {
  std::uint32_t without_number = 0;
  std::uint32_t patterns = 0;  // ? or * in the number
  std::uint32_t certain = 0;   // a number whose certainty the list does not name
  std::uint32_t assumed = 0;   // a country of manufacture whose basis the list does not name
  std::uint32_t no_type = 0;
  std::uint32_t calibres = 0;  // codes found for what is written
  std::uint32_t makes = 0;
};

struct Rows {
  std::vector<Weapon> weapons;  // one a row, in the order of the file
  Taken taken;
};

// table.rows[0] holds the titles of `columns`. Every weapon of the answer has the fields that a
// record needs, unless it has a problem; the rules of the record are checked by the caller.
Rows read_rows(const csv::Table& table, const std::vector<Column>& columns);

// Adds a problem, or counts it.
void add_problem(Weapon& weapon, Problem problem);

}  // namespace focal::desk::seizure
