// Goal: schema, codes, suggest, record check, openapi, drafts and preferences show what the node says
// and send what was typed; text of a draft never reaches the terminal raw.
// Method: tests/unit/cli/app_fixture.h.
#include "proto/console.pb.h"
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

v1::SchemaResponse a_schema() {
  v1::SchemaResponse out;
  auto* kind = out.add_kinds();
  kind->set_name("trace.request");
  kind->set_label("tracing request");
  kind->set_message("TraceRequest");
  kind->set_life("tracing");
  auto* message = out.add_messages();
  message->set_name("TraceRequest");
  auto* field = message->add_fields();
  field->set_name("items");
  field->set_label("weapons");
  field->set_type("MESSAGE");
  field->set_message("WeaponItem");
  field->set_list(true);
  field->set_required(true);
  field->set_max_items(200);
  auto* need = message->add_needs();
  need->set_field("level");
  need->add_codes("NONE");
  need->add_fields("text");
  auto* weapon = out.add_messages();
  weapon->set_name("WeaponItem");
  field = weapon->add_fields();
  field->set_name("type");
  field->set_label("type");
  field->set_type("CODE");
  field->set_code_list("weapon_type");
  return out;
}

TEST_F(App, SchemaListsKindsAndTheFieldsOfOne) {
  serve();
  answer("GET /v1/schema", a_schema());
  EXPECT_THAT(focal({"schema"}).out, HasSubstr("trace.request  tracing request  tracing"));
  const Done one = focal({"schema", "trace.request", "--lang", "fr"});
  EXPECT_EQ(query_, (std::vector<std::pair<std::string, std::string>>{{"lang", "fr"}}));
  EXPECT_THAT(one.out, HasSubstr("list of WeaponItem"));
  EXPECT_THAT(one.out, HasSubstr("required, at most 200 entries"));
  EXPECT_THAT(one.out, HasSubstr("level NONE: needs text"));
  EXPECT_THAT(one.out, HasSubstr("CODE weapon_type")) << "what it holds follows";
  EXPECT_EQ(focal({"schema", "trace.nothing"}).code, kExitFailed);
  EXPECT_EQ(focal({"schema", "--lang", "de"}).code, kExitUsage);
}

TEST_F(App, CodesListsListsAndCodes) {
  serve();
  v1::CodesResponse codes;
  auto* list = codes.add_lists();
  list->set_name("weapon_type");
  auto* code = list->add_codes();
  code->set_code("SA_PISTOL");
  code->set_label("pistol");
  auto* country = codes.add_countries();
  country->set_code("SUHH");
  country->set_label("USSR");
  country->set_kind("FORMER");
  country->add_successors("RU");
  answer("GET /v1/codes", codes);
  const Done all = focal({"codes"});
  EXPECT_THAT(all.out, HasSubstr("weapon_type      1"));
  EXPECT_THAT(all.out, HasSubstr("country          1"));
  EXPECT_THAT(focal({"codes", "weapon_type"}).out, HasSubstr("SA_PISTOL  pistol"));
  EXPECT_THAT(focal({"codes", "country"}).out, HasSubstr("SUHH  USSR  FORMER  RU"));
  EXPECT_EQ(focal({"codes", "nothing"}).code, kExitFailed);
}

TEST_F(App, SuggestSendsWhatWasSeen) {
  serve();
  v1::SuggestResponse found;
  auto* one = found.add_suggestions();
  one->set_code("IZHMASH");
  one->set_label("Izhmash");
  one->set_why("Kalashnikov Concern");
  answer("POST /v1/suggest", found);
  EXPECT_THAT(focal({"suggest", "make", "Kala"}).out, HasSubstr("IZHMASH  Izhmash  Kalashnikov Concern"));
  focal({"suggest", "weapon-type", "pistol", "--make", "x"});
  EXPECT_EQ(body_, R"({"what":"WEAPON_TYPE","text":"pistol","make":"x"})");
  EXPECT_EQ(focal({"suggest", "serial", "x"}).code, kExitUsage);
  answers_.clear();
  answer("POST /v1/suggest", v1::SuggestResponse());
  EXPECT_THAT(focal({"suggest", "make", "qq"}).out, HasSubstr("Nothing that is known"));
}

TEST_F(App, RecordCheckNamesWhatIsWrongAndEndsWithIt) {
  serve();
  const std::string record = file("r.json", R"({"header":{"subject":"x"}})");
  v1::RecordCheckResponse wrong;
  wrong.set_found(3);
  auto* one = wrong.add_problems();
  one->set_path("trace_request.items[0].type");
  one->set_label("type\x1b[31m");
  one->set_text("is missing");
  one->set_hint("one of …");
  answer("POST /v1/records/check", wrong);
  const Done found = focal({"record", "check", record, "--to", "XB", "--lang", "es"});
  EXPECT_EQ(found.code, kExitFailed);
  EXPECT_THAT(found.out, HasSubstr("trace_request.items[0].type (type"));
  EXPECT_THAT(found.out, HasSubstr("is missing\n  one of …\n2 more\n"));
  EXPECT_THAT(found.out, Not(HasSubstr("\x1b")));
  EXPECT_EQ(body_, R"({"record":{"header":{"subject":"x"}},"to":["XB"],"lang":"es"})");
  answers_.clear();
  answer("POST /v1/records/check", v1::RecordCheckResponse());
  const Done good = focal({"record", "check", record});
  EXPECT_EQ(good.code, kExitOk);
  EXPECT_THAT(good.out, HasSubstr("breaks no rule"));
  EXPECT_NE(focal({"record", "check", file("bad.json", "{")}).code, kExitOk);
}

TEST_F(App, OpenapiPrintsTheDocumentAsItIs) {
  serve();
  http::Response document;
  document.body = "{\n \"openapi\": \"3.1.0\", \"/v1/a\": {\"$ref\": \"x\"}\n}\n";
  answers_["GET /v1/openapi.json"].push_back(document);
  EXPECT_EQ(focal({"openapi"}).out, document.body);
}

TEST_F(App, DraftsAreListedShownSavedAndDropped) {
  serve();
  v1::DraftListResponse list;
  list.set_kept_days(90);
  auto* draft = list.add_drafts();
  draft->set_id("D-7");
  draft->set_kind("trace.request");
  draft->set_title("Kestrel\x1b[2J Gap");
  draft->set_saved_at("2026-03-02T09:00:00Z");
  list.add_drafts()->set_id("D-3");
  answer("GET /v1/drafts", list);
  const Done shown = focal({"draft", "list"});
  EXPECT_THAT(shown.out, HasSubstr("D-7  trace.request"));
  EXPECT_THAT(shown.out, HasSubstr("D-3  cannot be read"));
  EXPECT_THAT(shown.out, HasSubstr("not changed for 90 days is dropped"));
  EXPECT_THAT(shown.out, Not(HasSubstr("\x1b")));

  v1::DraftShowResponse one;
  *one.mutable_draft() = list.drafts(0);
  (*one.mutable_draft()->mutable_content()->mutable_fields())["a"].set_string_value("\u202ex");
  answer("GET /v1/drafts/D-7", one);
  EXPECT_THAT(focal({"draft", "show", "D-7"}).out, HasSubstr("trace.request"));
  EXPECT_THAT(focal({"draft", "show", "D-7"}).out, Not(HasSubstr("\u202e")));
  EXPECT_THAT(focal({"draft", "show", "D-7", "--content"}).out, StartsWith("{"));

  v1::DraftSaveResponse saved;
  *saved.mutable_draft() = list.drafts(0);
  answer("POST /v1/drafts", saved);
  const std::string content = file("c.json", R"({"a":"b"})");
  EXPECT_EQ(focal({"draft", "save", "--kind", "trace.ack", "--case", "T-1", "--id", "D-7", "--title",
                   "t", "--from", content}).code, kExitOk);
  EXPECT_THAT(body_, HasSubstr(R"("id":"D-7","kind":"trace.ack","case_number":"T-1","title":"t")"));
  EXPECT_THAT(body_, HasSubstr(R"("content":{"a":"b"})"));

  answer("POST /v1/drafts/D-7/drop", v1::DraftDropResponse());
  asked_.clear();
  EXPECT_EQ(focal({"draft", "drop", "D-7"}).code, kExitUsage) << "nobody to ask";
  EXPECT_EQ(focal({"draft", "drop", "D-7"}, "no\n").code, kExitFailed);
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(focal({"draft", "drop", "D-7"}, "yes\n").code, kExitOk);
  EXPECT_EQ(focal({"draft", "drop", "D-7", "--yes"}).code, kExitOk);
  answers_.clear();
  answer("GET /v1/drafts", v1::DraftListResponse());
  EXPECT_THAT(focal({"draft", "list"}).out, HasSubstr("no drafts"));
}

TEST_F(App, PreferencesAreShownAndReplaced) {
  serve();
  v1::PreferencesResponse mine;
  (*mine.mutable_preferences()->mutable_fields())["lang"].set_string_value("fr");
  answer("GET /v1/preferences", mine);
  answer("POST /v1/preferences", mine);
  EXPECT_THAT(focal({"preferences"}).out, HasSubstr("\"lang\": \"fr\""));
  EXPECT_EQ(focal({"preferences", "set", "--from", file("p.json", R"({"lang":"fr"})")}).code, kExitOk);
  EXPECT_EQ(body_, R"({"preferences":{"lang":"fr"}})");
}

}  // namespace
}  // namespace focal::cli
