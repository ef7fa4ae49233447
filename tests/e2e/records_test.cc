// Goal: a record that breaks a rule is refused with the path of the field, and nothing
// of it is stored or sent. Method: the example records with one piece changed.
#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

struct Defect {
  std::string what;
  std::string from, to;   // replaced in the example
  std::string code, path;
};

TEST_F(Friends, AnErrorInARequestNamesItsFieldAndStoresNothing) {
  start_both();
  const std::size_t before = xa_.ledger_entries();
  const std::string seal = "\"unknown_fields\": [\n    \"trace_request.items[0].country_of_import\"\n  ],";
  const Defect defects[] = {
      {"required: absent", "\"case_ref_requester\": \"XA-NPC-2026-0117\",", "", "RECORD",
       "trace_request.case_ref_requester"},
      {"required: empty", "\"subject\": \"Two weapons seized at Kestrel Gap: request to trace\"",
       "\"subject\": \"\"", "RECORD", "header.subject"},
      {"coded: not in the list", "\"action\": \"SEMI_AUTO\"", "\"action\": \"WATER_PISTOL\"", "RECORD",
       "trace_request.items[0].action"},
      {"coded: not in the list, in a list", "\"DRUG_TRAFFICKING\"", "\"JAYWALKING\"", "RECORD",
       "trace_request.offence_types[1]"},
      {"prompted: neither given nor marked unknown", seal, "", "RECORD",
       "trace_request.items[0].country_of_import"},
      {"marked unknown, but given", "items[0].country_of_import\"\n",
       "items[0].country_of_import\", \"trace_request.items[0].make\"\n", "RECORD",
       "trace_request.items[0].make"},
      {"marked unknown, but no such field", "items[0].country_of_import\"\n",
       "items[0].country_of_import\", \"trace_request.items[0].colour\"\n", "RECORD",
       "unknown_fields[1]"},
      {"of the label", "\"tlp\": \"AMBER+STRICT\",", "", "RECORD", "header.label.tlp"},
      {"a field that does not exist", "\"from_desk\": \"TRACE\",",
       "\"from_desk\": \"TRACE\", \"colour\": \"red\",", "RECORD", "header.colour"},
      {"wrong type", "\"item_no\": 2,", "\"item_no\": \"two\",", "RECORD",
       "trace_request.items[1].item_no"},
  };
  for (const Defect& defect : defects) {
    SCOPED_TRACE(defect.what);
    const std::string file = edited_example(xa_, "01", defect.from, defect.to);
    const Json problem = xa_.refused({"trace", "open", "--from", file, "--to", "XB"}, defect.code);
    EXPECT_EQ(problem["path"], defect.path) << problem["detail"];
  }
  EXPECT_EQ(xa_.ledger_entries(), before);
  EXPECT_EQ(xa_.ask({"trace", "list"})["total"], "0");
  EXPECT_EQ(xa_.ask({"outbox", "--all"})["total"], "0");

  const std::string broken = edited_example(xa_, "01", "\"language\": \"en\",", "\"language\" \"en\",");
  const Json problem = xa_.refused({"trace", "open", "--from", broken, "--to", "XB"}, "INVALID");
  EXPECT_NE(problem["detail"].find("line 5"), std::string::npos) << problem["detail"];
  xa_.refused({"trace", "open", "--from", broken + "-none", "--to", "XB"}, "NOT_FOUND");
  EXPECT_EQ(xa_.focal({"trace", "open", "--to", "XB"}).code, 2);
  EXPECT_EQ(xa_.ledger_entries(), before);
  EXPECT_TRUE(xb_.ids_in_ledger(store::LeafType::kReceived).empty());
}

TEST_F(Friends, NoRefusalAndNoRestrictionWithoutGroundAndReason) {
  start_both();
  xa_.ask({"trace", "open", "--from", example("01"), "--to", "XB"});
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "1"); }));
  ASSERT_TRUE(xa_.settles());
  const std::size_t before = xb_.ledger_entries();
  const std::string ground = "trace_refusal.ground", reason = "trace_refusal.reason_text";
  const auto path_of = [&](Words words) {
    words.insert(words.begin(), {"trace", "refuse", "T-1"});
    return xb_.refused(words, "RECORD")["path"];
  };
  const std::string why = "The answer would disclose an open operation.";
  EXPECT_EQ(path_of({"--ground", "NO_TIME", "--reason", why}), ground);
  EXPECT_EQ(path_of({"--ground", "NATIONAL_SECURITY", "--reason", "No."}), reason);
  const std::string no_ground =
      edited_example(xb_, "07", "\"ground\": \"NO_CONFIDENTIALITY_GUARANTEE\",", "");
  EXPECT_EQ(path_of({"--from", no_ground}), ground);
  // Left out altogether, the command line asks for them before it asks the node.
  for (const Words& words : {Words{}, Words{"--reason", why}, Words{"--ground", "NATIONAL_SECURITY"},
                             Words{"--from", no_ground, "--reason", why}}) {
    Words all{"trace", "refuse", "T-1", "--json"};
    all.insert(all.end(), words.begin(), words.end());
    const Ran ran = xb_.focal(all);
    EXPECT_EQ(ran.code, 2) << ran.out;
    EXPECT_EQ(Json(ran.out)["code"], "USAGE");
    EXPECT_NE(Json(ran.out)["hint"], "");
  }

  const Defect answers[] = {
      {"restricted without a ground", "\"ground\": \"NATIONAL_SECURITY\",", "", "RECORD",
       "trace_response.results[1].ground"},
      {"restricted without a reason", "\"reason_text\": \"Details", "\"note\": \"Details", "RECORD",
       "trace_response.results[1].reason_text"},
  };
  for (const Defect& defect : answers) {
    SCOPED_TRACE(defect.what);
    const std::string file = edited_example(xb_, "05", defect.from, defect.to);
    EXPECT_EQ(xb_.refused({"trace", "answer", "T-1", "--from", file}, defect.code)["path"],
              defect.path);
  }
  EXPECT_EQ(xb_.ledger_entries(), before);
  EXPECT_EQ(xb_.ask({"trace", "show", "T-1"})["trace.state"], "RECEIVED");
  EXPECT_EQ(xb_.ask({"outbox", "--all"})["total"], "0");
}

TEST_F(Friends, AnActThatTheCaseDoesNotAllow) {
  start_both();
  xa_.ask({"trace", "open", "--from", example("06"), "--to", "XB"});
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "1"); }));
  xa_.refused({"trace", "refuse", "T-1", "--from", example("07")}, "CASE");  // its own request
  xb_.refused({"trace", "answer", "T-1", "--from", example("07")}, "USAGE");
  xb_.refused({"trace", "refuse", "T-2", "--from", example("07")}, "NOT_FOUND");
  xb_.refused({"trace", "refuse", "seven", "--from", example("07")}, "USAGE");
  xb_.ask({"trace", "refuse", "T-1", "--from", example("07")});
  const std::size_t before = xb_.ledger_entries();
  xb_.refused({"trace", "refuse", "T-1", "--from", example("07")}, "CASE");
  ASSERT_TRUE(xb_.settles());
  EXPECT_EQ(xb_.ask({"outbox", "--all"})["total"], "1");
  EXPECT_GE(xb_.ledger_entries(), before);
  xa_.refused({"trace", "open", "--from", example("07"), "--to", "XB"}, "USAGE");
  xa_.refused({"trace", "open", "--from", example("01"), "--to", "XC"}, "NOT_FOUND");
}

}  // namespace
}  // namespace focal::e2e
