// Goal: the working week of every State is known, in a form a configuration could hold too.
// Method: every row of the embedded data beside the countries; a few chosen parties.
#include "node/record/working_weeks.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/support/paths.h"

namespace focal::record {
namespace {

std::string week_of(std::string_view party) {
  const auto week = working_week(party);
  return week ? format_week(*week) : "";
}

TEST(WorkingWeeks, ChosenParties) {
  EXPECT_EQ(week_of("FR"), "mon-fri");
  EXPECT_EQ(week_of("EG"), "sun-thu");
  EXPECT_EQ(week_of("IR"), "sat-wed");
  EXPECT_EQ(week_of("BN"), "mon-thu,sat");
  EXPECT_EQ(week_of("EG-ITI"), "sun-thu") << "a second focal point of that State";
  EXPECT_EQ(week_of("LAS"), "sun-thu");
  for (const char* party : {"", "XA", "ZZ", "-EG", "SUHH"}) EXPECT_EQ(week_of(party), "") << party;
}

TEST(WorkingWeeks, EveryStateHasOneAndEveryRowIsRead) {
  std::ifstream countries(focal::test::in_tree("node/record/data/countries.tsv"));
  std::size_t states = 0;
  for (std::string line; std::getline(countries, line);) {
    if (line.find("\tSTATE\t") != 2) continue;
    ++states;
    EXPECT_TRUE(working_week(line.substr(0, 2)).has_value()) << line;
  }
  EXPECT_EQ(states, 195u);
  std::ifstream weeks(focal::test::in_tree("node/record/data/working_weeks.tsv"));
  std::string line;
  std::getline(weeks, line);
  EXPECT_EQ(line, "party\tweek\tnote");
  while (std::getline(weeks, line)) {
    std::stringstream row(line);
    std::string party, week, note;
    std::getline(row, party, '\t');
    std::getline(row, week, '\t');
    std::getline(row, note, '\t');
    EXPECT_EQ(week_of(party), week) << party;
    EXPECT_TRUE(note.empty() || note == "check") << party;
  }
}

}  // namespace
}  // namespace focal::record
