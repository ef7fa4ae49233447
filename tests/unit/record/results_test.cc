// Goal: a result says what makes it useful to the State that asked, or says that it is withheld,
// on which ground and why. Method: each result alone against the list of docs/operations.md,
// written by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "node/record/codes.h"
#include "tests/unit/record/filler.h"

namespace focal::record::test {
namespace {

using Names = std::vector<std::string>;

const std::map<std::string, Names>& needs() {
  static const std::map<std::string, Names> table = {
      {"MADE_HERE_DOMESTIC", {"holder"}},
      {"IMPORTED_THEN_DOMESTIC", {"holder"}},
      {"EXPORTED", {"consignee_class", "country", "date"}},
      {"IMPORTED_THEN_REEXPORTED", {"country", "date"}},
      {"STATE_HOLDING", {"force_class"}},
      {"REPORTED_LOST", {"date", "register_ref"}},
      {"REPORTED_STOLEN", {"date", "register_ref"}},
      {"REPORTED_DESTROYED", {"certificate_ref", "date"}},
      {"REPORTED_DEACTIVATED", {"certificate_ref", "date"}},
      {"NO_RECORD", {"period_covered", "registers_searched"}},
      {"RECORDS_NO_LONGER_HELD", {"retention_rule"}},
      {"NOT_OUR_MANUFACTURE", {"basis", "suggested_next"}},
      {"MULTIPLE_MATCHES", {"candidates"}},
      {"INSUFFICIENT_IDENTIFICATION", {"missing_fields"}},
      {"REFERRED", {"basis", "suggested_next"}},
  };
  return table;
}

Names asked_for(const std::string& code, const std::string& completeness) {
  v1::Record record = least_record("trace.response");
  record.clear_unknown_fields();
  auto& results = *record.mutable_trace_response()->mutable_results();
  results.Clear();
  auto* result = results.Add();
  result->set_item_no(1);
  result->set_result(code);
  result->set_completeness(completeness);
  Names out;
  const std::string prefix = "NEEDED trace_response.results[0].";
  for (const std::string& problem : problems_of(check(record))) {
    EXPECT_EQ(problem.rfind(prefix, 0), 0u) << problem;
    if (problem.size() > prefix.size()) out.push_back(problem.substr(prefix.size()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Results, EachNeedsWhatMakesItUseful) {
  EXPECT_EQ(needs().size(), codes("result_per_item").size());
  for (const auto& [code, fields] : needs()) {
    ASSERT_TRUE(is_code("result_per_item", code)) << code;
    EXPECT_EQ(asked_for(code, "FULL"), fields) << code;
  }
}

TEST(Results, WhatIsWithheldNeedsGroundReasonAndWhat) {
  for (const auto& [code, fields] : needs())
    EXPECT_EQ(asked_for(code, "RESTRICTED"), (Names{"ground", "reason_text", "withheld"})) << code;
}

}  // namespace
}  // namespace focal::record::test
