// Goal: everybody a request may go to has a name in six languages, from one place.
// Method: every State, every row of the data file, and codes that are no party.
#include "node/record/parties.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "node/record/catalogue.h"
#include "node/record/codes.h"
#include "tests/support/paths.h"

namespace focal::record {
namespace {

TEST(Parties, ChosenNames) {
  EXPECT_EQ(party_name("ES", "en"), "Spain");
  EXPECT_EQ(party_name("ES", "fr"), "Espagne");
  EXPECT_EQ(party_name("ES", "de"), "Spain") << "a language that is not there gives English";
  EXPECT_EQ(party_name("ES-ITI", "es"), "España") << "a second focal point of that State";
  EXPECT_EQ(party_name("XB", "en"), "Fictional State B");
  EXPECT_EQ(party_name("INTERPOL", "en").value_or("").substr(0, 13), "International");
  EXPECT_EQ(party_with_name("XB", "fr"), "État fictif B (XB)");
  EXPECT_EQ(party_with_name("XA-ITI", "en"), "Fictional State A (XA-ITI)");
  EXPECT_EQ(party_with_name("XZ", "en"), "XZ");
  for (const char* none : {"", "ZZ", "SUHH", "-ES", "XZ", "NOBODY", "es"})
    EXPECT_FALSE(party_name(none, "en").has_value()) << none;
}

std::set<std::string> codes_of(const std::string& file, const std::string& kind) {
  std::set<std::string> codes;
  std::ifstream in(focal::test::in_tree("node/record/data/" + file));
  for (std::string line; std::getline(in, line);) {
    const auto tab = line.find('\t');
    if (line.compare(tab, kind.size() + 2, "\t" + kind + "\t") == 0)
      codes.insert(line.substr(0, tab));
  }
  return codes;
}

TEST(Parties, EveryPartyHasItsOwnNameInSixLanguages) {
  auto all = codes_of("countries.tsv", "STATE");
  EXPECT_EQ(all.size(), 195u);
  EXPECT_EQ(codes_of("parties.tsv", "ORG").size(), 37u);
  EXPECT_EQ(codes_of("parties.tsv", "FICTIONAL").size(), 7u);
  all.merge(codes_of("parties.tsv", "ORG"));
  all.merge(codes_of("parties.tsv", "FICTIONAL"));
  for (const auto lang : languages()) {
    std::set<std::string_view> names;
    for (const auto& code : all) {
      const auto name = party_name(code, lang);
      ASSERT_TRUE(name.has_value() && !name->empty()) << code << " " << lang;
      EXPECT_TRUE(names.insert(*name).second) << code << " " << lang << ": name of another party";
    }
  }
}

}  // namespace
}  // namespace focal::record
