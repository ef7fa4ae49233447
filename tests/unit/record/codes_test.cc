// Goal: the code lists are complete, in the writing the wire uses, labelled in
// six languages, and a wrong code gets a useful hint.
// Method: every row of the embedded data, and a few chosen codes.
#include "node/record/codes.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "tests/support/paths.h"

namespace focal::record {
namespace {

TEST(Codes, EveryCodeHasALabelInSixLanguages) {
  ASSERT_GT(code_lists().size(), 80u);
  std::size_t count = 0;
  for (const auto list : code_lists()) {
    EXPECT_FALSE(codes(list).empty()) << list;
    for (const auto code : codes(list)) {
      ++count;
      EXPECT_TRUE(is_code(list, code));
      for (const char* lang : {"en", "fr", "es", "ru", "zh", "ar"}) {
        const auto text = label(list, code, lang);
        EXPECT_TRUE(text && !text->empty()) << list << " " << code << " " << lang;
      }
    }
  }
  EXPECT_GT(count, 800u);
}

// Beside the lists, not in the program: where each one comes from.
TEST(Codes, EveryListHasASource) {
  std::ifstream in(focal::test::in_tree("node/record/data/code_sources.tsv"));
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, "list\tsource");
  std::set<std::string> sourced;
  while (std::getline(in, line)) {
    const std::size_t tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    EXPECT_GT(line.size(), tab + 1) << line;
    EXPECT_TRUE(sourced.insert(line.substr(0, tab)).second) << line;
  }
  const auto lists = code_lists();
  EXPECT_EQ(sourced, std::set<std::string>(lists.begin(), lists.end()));
}

TEST(Codes, WireWritingIsUpperSnakeCase) {
  for (const auto list : code_lists())
    for (const auto code : codes(list)) {
      if (list == "calibre" || code == "AMBER+STRICT") continue;  // symbols, not words
      EXPECT_EQ(code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
                std::string_view::npos)
          << list << " " << code;
    }
  EXPECT_FALSE(is_code("priority", "routine"));
  EXPECT_TRUE(is_code("tlp", "AMBER+STRICT"));
  EXPECT_TRUE(is_code("calibre", "7.62X39"));
}

TEST(Codes, ClosedListsAreAsDecided) {
  const auto as_set = [](std::string_view list) {
    const auto all = codes(list);
    return std::set<std::string_view>(all.begin(), all.end());
  };
  EXPECT_EQ(as_set("ground"),
            (std::set<std::string_view>{"ONGOING_INVESTIGATION", "CONFIDENTIALITY_LAW",
                                        "NO_CONFIDENTIALITY_GUARANTEE", "NATIONAL_SECURITY"}));
  EXPECT_EQ(as_set("completeness"), (std::set<std::string_view>{"FULL", "INTERIM", "RESTRICTED"}));
  EXPECT_EQ(as_set("onward"), (std::set<std::string_view>{"NONE", "ASK", "NAMED", "FREE"}));
  EXPECT_EQ(as_set("use_permission"),
            (std::set<std::string_view>{"INTELLIGENCE_ONLY", "INVESTIGATION",
                                        "EVIDENCE_WITH_CONSENT", "EVIDENCE"}));
  EXPECT_TRUE(is_code("trace_responder_state", "NO_RECORD"));
  EXPECT_TRUE(is_code("trace_responder_state", "WITHDRAWN"));
  EXPECT_FALSE(is_code("trace_requester_state", "REOPENED"));
  EXPECT_TRUE(is_code("requested_action", "CONSULT_BEFORE_LICENCE"));
  EXPECT_TRUE(is_code("chain_party_class", "STATE_FACTORY"));
  EXPECT_FALSE(is_code("holder_class", "STATE_FACTORY"));
}

TEST(Codes, UnknownListOrCode) {
  EXPECT_FALSE(is_code_list("no_such_list"));
  EXPECT_TRUE(codes("no_such_list").empty());
  EXPECT_FALSE(is_code("no_such_list", "FULL"));
  EXPECT_FALSE(label("ground", "NO_SUCH", "en"));
  EXPECT_EQ(label("ground", "NATIONAL_SECURITY", "xx"), label("ground", "NATIONAL_SECURITY", "en"));
}

TEST(Codes, NearMissesAreSuggested) {
  EXPECT_EQ(suggest("weapon_category", "small arm"), "SMALL_ARM");
  EXPECT_EQ(suggest("custody_status", "in_evidence"), "IN_EVIDENCE");
  EXPECT_EQ(suggest("ground", "NATIONAL_SECURTY"), "NATIONAL_SECURITY");
  EXPECT_EQ(suggest("ground", "BECAUSE"), "");
  EXPECT_EQ(suggest("ground", std::string(5000, 'A')), "");
  EXPECT_EQ(suggest("tlp", "AMBER STRICT").substr(0, 5), "AMBER");
  const std::string listed = code_hint("withdraw_reason", "x");
  EXPECT_NE(listed.find("one of SOLVED (case solved), DUPLICATE (duplicate request), "),
            std::string::npos) << listed;
  EXPECT_NE(code_hint("ground", "NATIONAL_SECURTY").find("did you mean NATIONAL_SECURITY? One of"),
            std::string::npos);
  EXPECT_NE(code_hint("weapon_type", "??").find("weapon_type"), std::string::npos);
}

TEST(Countries, CurrentFormerUnknownAndUserAssigned) {
  for (const char* code : {"FR", "CN", "TW", "XA", "XG", "SUHH", "YUCS", "CSHH", "DDDE", "ZZ"})
    EXPECT_TRUE(is_country(code)) << code;
  for (const char* code : {"", "F", "fr", "FRA", "UN", "EU", "AA", "X1", "XAA", "QQQQ"})
    EXPECT_FALSE(is_country(code)) << code;
  EXPECT_FALSE(is_current_country("SUHH"));
  EXPECT_FALSE(is_current_country("ZZ"));
  EXPECT_EQ(country_name("FR", "es"), "Francia");
  EXPECT_FALSE(country_name("XA", "en"));
}

TEST(Countries, StatePartiesAreToldFromOrganisations) {
  for (const char* party : {"XA", "FR", "XA-ITI"}) EXPECT_TRUE(is_state_party(party)) << party;
  for (const char* party : {"UNODA", "EU", "INTERPOL", "SUHH", "", "-XA", "ZZ"})
    EXPECT_FALSE(is_state_party(party)) << party;
}

}  // namespace
}  // namespace focal::record
