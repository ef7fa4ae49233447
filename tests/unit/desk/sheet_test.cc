// Goal: the sheet of a case holds what an officer files: parties, the strictest label, items,
// results in force, restrictions, timeline with receipts, ids; in six languages; as a page that
// no text of a peer can change.
// Method: a request and its restricted answer between two whole nodes; labels made by hand.
#include "node/desk/sheet.h"

#include "node/desk/sheet_label.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

class Sheet : public DeskWorld {
 protected:
  v1::TraceSheetResponse sheet(const std::string& party, const std::string& lang = "en",
                               const std::string& format = "", bool personal = false) {
    v1::TraceSheetRequest request;
    request.set_case_number("T-1");
    request.set_lang(lang);
    request.set_format(format);
    request.set_with_personal_data(personal);
    v1::TraceSheetResponse out;
    const Status done = show_sheet(w.node(party), request, w.now(), &out);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return out;
  }
  // Request, acknowledgement, answer with one restricted item.
  void answered() {
    w.connect("XA", "XB");
    opened();
    w.advance(kMinuteMs);
    ASSERT_TRUE(ack("XB/T/26/0458").has_value());
    w.run();
    w.advance(kMinuteMs);
    auto record = example("05_trace_response_XB_XA.json");
    record.mutable_header()->mutable_label()->set_tlp("RED");
    record.mutable_header()->mutable_label()->set_retain_until("2030-01-31");
    record.mutable_header()->mutable_label()->add_named_recipients("NPC_DESK");
    const auto made = answer(record);
    ASSERT_TRUE(made.has_value()) << made.error().message;
    w.run();
  }
  static const v1::SheetSection& section(const v1::TraceSheetResponse& sheet,
                                         const std::string& key) {
    static const v1::SheetSection none;
    for (const auto& each : sheet.sections())
      if (each.key() == key) return each;
    ADD_FAILURE() << "no section " << key;
    return none;
  }
  static std::string field(const v1::SheetSection& section, const std::string& label) {
    std::string out;
    for (const auto& each : section.fields())
      if (each.label() == label)
        for (const auto& value : each.values()) out += (out.empty() ? "" : "|") + value.text();
    return out;
  }
  static std::string all_text(const v1::TraceSheetResponse& sheet) { return sheet.DebugString(); }
};

TEST_F(Sheet, HoldsWhatAnOfficerFiles) {
  answered();
  for (const char* party : {"XA", "XB"}) {
    const auto seen = sheet(party);
    const auto& head = section(seen, "case");
    EXPECT_EQ(field(head, "requesting party"), "XA");
    EXPECT_EQ(field(head, "requested party"), "XB");
    EXPECT_EQ(field(head, "reference of the requesting State"), "XA-NPC-2026-0117");
    EXPECT_EQ(field(head, "reference of the requested State"), "XB/T/26/0458");
    EXPECT_EQ(field(head, "state of the case"), "response restricted");
    EXPECT_EQ(section(seen, "items").sections_size(), 2);
    EXPECT_EQ(section(seen, "items").sections(0).title(), "Item 1");
    EXPECT_EQ(field(section(seen, "items").sections(0), "country of import"), "unknown");
    EXPECT_EQ(section(seen, "items").sections(1).tables(0).title(), "markings");
    EXPECT_NE(field(section(seen, "questions"), "questions"), "");
    EXPECT_NE(field(section(seen, "searches"), "national register"), "");
    EXPECT_EQ(field(section(seen, "circumstances"), "found in"), "XA");
    const auto& results = section(seen, "results");
    ASSERT_EQ(results.sections_size(), 2);
    EXPECT_EQ(field(results.sections(1), "completeness"), "response restricted");
    EXPECT_FALSE(results.sections(0).tables().empty()) << "the lines of supply";
    const auto& restrictions = section(seen, "restrictions");
    ASSERT_EQ(restrictions.tables(0).rows_size(), 1);
    EXPECT_EQ(restrictions.tables(0).rows(0).cells(1).values(0).text(), "2");
    EXPECT_EQ(restrictions.tables(0).rows(0).cells(2).values(0).code(), "NATIONAL_SECURITY");
    const auto& line = section(seen, "timeline").tables(0);
    ASSERT_EQ(line.rows_size(), 3);
    EXPECT_EQ(line.rows(0).cells(2).values(0).text(), "tracing request");
    const auto& receipt = line.rows(0).cells(5).values(0);
    EXPECT_EQ(receipt.label() + ": " + receipt.text(),
              party == std::string("XA")
                  ? "XB: stored at the other end"
                  : "arrived: " + sheet_time(show("XB").timeline(0).received_at()));
    const auto& ids = section(seen, "ids");
    ASSERT_EQ(ids.fields_size(), 3);
    EXPECT_EQ(ids.fields(2).values(0).text(), show(party).timeline(2).rid());
    EXPECT_EQ(ids.fields(2).label().size(), 8u);
    EXPECT_EQ(seen.notices(0), "No personal data were left out.");
  }
}

TEST_F(Sheet, TheLabelIsTheStrictestOfAllRecords) {
  w.connect("XA", "XB");
  opened();
  EXPECT_EQ(sheet("XA").label(0).code(), "AMBER+STRICT");
  w.crash("XA");
  w.connect("XA", "XB");
  w.advance(kMinuteMs);
  auto record = example("07_trace_refusal_XB_XA.json");
  record.mutable_trace_refusal()->clear_case_ref_requester();  // taken from the case
  record.mutable_header()->mutable_label()->set_tlp("RED");
  record.mutable_header()->mutable_label()->add_named_recipients("NPC_DESK");
  v1::TraceRefuseRequest refuse;
  refuse.set_case_number("T-1");
  ASSERT_TRUE(json::to_struct(record, *refuse.mutable_record()).has_value());
  const auto made = release_act(w.node("XB"), refuse, w.now());
  ASSERT_TRUE(made.has_value()) << made.error().message;
  w.run();
  const auto seen = sheet("XA");
  EXPECT_EQ(seen.label(0).code(), "RED");
  EXPECT_GE(section(seen, "handling").sections_size(), 2);
  EXPECT_EQ(section(seen, "restrictions").tables(0).rows_size(), 1);
}

TEST(SheetLabelTest, EachRuleIsTheStrictest) {
  record::Label a;
  a.tlp = "GREEN";
  a.h_codes = {"H2"};
  a.purposes = {"CRIMINAL_INVESTIGATION", "STATISTICS"};
  a.onward = "FREE";
  a.use = "INTELLIGENCE_ONLY";
  a.retain_until = "2031-01-01";
  a.provider = "XA";
  record::Label b = a;
  b.tlp = "AMBER";
  b.h_codes = {"H3", "H1"};
  b.h3_text = "not to be shown in XD";
  b.purposes = {"STATISTICS"};
  b.onward = "NAMED";
  b.use = "EVIDENCE";
  b.retain_until = "2030-01-01";
  b.provider = "XB";
  b.personal_data = true;
  const auto both = strictest({a, b});
  ASSERT_TRUE(both.has_value());
  EXPECT_EQ(both->tlp, "AMBER");
  EXPECT_EQ(both->h_codes, (std::vector<std::string>{"H1", "H2", "H3"}));
  EXPECT_EQ(both->purposes, std::vector<std::string>{"STATISTICS"});
  EXPECT_EQ(both->onward, "NAMED");
  EXPECT_EQ(both->use, "INTELLIGENCE_ONLY");
  EXPECT_EQ(both->retain_until, "2030-01-01");
  EXPECT_EQ(both->providers, (std::vector<std::string>{"XA", "XB"}));
  EXPECT_TRUE(both->personal_data);
  EXPECT_FALSE(strictest({}));
  b.tlp = "A_NEWER_ONE";
  EXPECT_EQ(strictest({a, b})->tlp, "A_NEWER_ONE") << "what is not known counts as strictest";
  b.h3_text = std::string(900, '\n') + std::string(100, 'x');
  Tally tally;
  v1::TraceSheetResponse out;
  label_line(*strictest({a, b}), {"en", false}, tally, out.mutable_label());
  for (const auto& value : out.label()) EXPECT_EQ(value.text().find('\n'), std::string::npos);
  EXPECT_LT(out.DebugString().size(), 1500u) << "it has to fit on every page";
}

TEST_F(Sheet, SixLanguagesWithoutAMissingWord) {
  answered();
  std::set<std::string> titles;
  for (const auto lang : record::languages()) {
    const auto seen = sheet("XB", std::string(lang));
    titles.insert(seen.title());
    EXPECT_EQ(seen.right_to_left(), lang == "ar");
    for (const auto& each : seen.sections())
      EXPECT_EQ(each.title().find("section."), std::string::npos) << lang;
    const std::string text = all_text(seen);
    for (const auto word : sheet_words().keys())
      if (word.find('.') != std::string_view::npos) {
        EXPECT_EQ(text.find("\"" + std::string(word) + "\""), std::string::npos) << word;
      }
    const std::string page = sheet("XB", std::string(lang), "html").page();
    EXPECT_NE(page.find("<html lang=\"" + std::string(lang) + "\" dir=\"" +
                        (lang == "ar" ? "rtl" : "ltr")),
              std::string::npos);
  }
  EXPECT_EQ(titles.size(), 6u);
}

// After an Arabic letter "2026-11-23" is laid out as 23-11-2026: a date stands in a value of its
// own, or after a Latin word.
TEST_F(Sheet, NoDateFollowsAnArabicLetter) {
  answered();
  const std::string page = sheet("XB", "ar", "html").page();
  for (auto at = page.find("2026-"); at != std::string::npos; at = page.find("2026-", at + 1)) {
    const std::string before = page.substr(page.rfind('>', at) + 1, at - page.rfind('>', at) - 1);
    const bool latin = before.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos;
    EXPECT_TRUE(before.empty() || latin) << before;
  }
}

TEST_F(Sheet, ThePageRunsNothingAndFetchesNothing) {
  answered();
  const std::string page = sheet("XA", "en", "html").page();
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  for (const char* never :
       {"<script", "<img", "<link", "<iframe", "src=", "href", "url(", "@import", "javascript:",
        " on"
        "load",
        "margin-left", "padding-left", "text-align: left"})
    EXPECT_EQ(page.find(never), std::string::npos) << never;
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  // The label stands in the parts of the table that are repeated on every page.
  const auto head = page.find("<thead><tr><td><div class=\"mark\">");
  const auto foot = page.find("<tfoot><tr><td><div class=\"mark\">");
  ASSERT_NE(head, std::string::npos);
  ASSERT_NE(foot, std::string::npos);
  EXPECT_NE(page.find("TLP:RED", head), std::string::npos);
  EXPECT_LT(page.find("TLP:RED", head), foot);
  EXPECT_NE(page.find("TLP:RED", foot), std::string::npos);
  EXPECT_TRUE(sheet("XA", "en", "html").sections().empty());
}

TEST_F(Sheet, HostileTextStaysText) {
  w.connect("XA", "XB");
  std::string text = example_text("01_trace_request_XA_XB.json");
  const auto put = [&](const std::string& old, const std::string& hostile) {
    const auto at = text.find(old);
    ASSERT_NE(at, std::string::npos) << old;
    text.replace(at, old.size(), hostile);
  };
  put("Two weapons seized at Kestrel Gap: request to trace",
      "</bdi></td><script>alert(1)</script><img src=x onerror=alert(1)>&amp;'\\\"");
  put("double rear panel", "rear \\u202Elenap\\u2066 \\u200Bpanel");
  put("Arsenal Delta", "\\u0410rsenal");  // a Cyrillic A
  put("land border post Kestrel Gap", std::string(280, 'W'));
  const auto made = open(text);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  w.run();
  const std::string page = sheet("XB", "ar", "html").page();
  for (const char* never : {"<script", "<img", "\u202E", "\u2066", "\u200B", "&amp;amp;'"})
    EXPECT_EQ(page.find(never), std::string::npos) << never;
  EXPECT_NE(page.find("&lt;script&gt;alert(1)&lt;/script&gt;"), std::string::npos);
  EXPECT_NE(page.find("⟨U+202E⟩"), std::string::npos);
  // No tag is opened or closed by a text: they still pair.
  const auto count = [&page](const std::string& word) {
    std::size_t n = 0;
    for (auto at = page.find(word); at != std::string::npos; at = page.find(word, at + 1)) ++n;
    return n;
  };
  for (const std::string name : {"bdi", "td", "tr", "table", "div", "th"})
    EXPECT_EQ(count("<" + name + ">") + count("<" + name + " "), count("</" + name + ">")) << name;
  const auto seen = sheet("XB");
  EXPECT_EQ(seen.notices_size(), 3) << "both warnings are explained";
  EXPECT_NE(all_text(seen).find("LOOK_ALIKES"), std::string::npos);
}

TEST_F(Sheet, PersonalDataOnlyWhenAskedFor) {
  w.connect("XA", "XB");
  std::string text = example_text("01_trace_request_XA_XB.json");
  const auto at = text.find("\"pseudonym\": \"SUBJECT-1\"");
  text.insert(at, "\"name\": \"Jane Example\", ");
  for (const char* flag : {"\"personal_data\": ", "\"personal_data_included\": "})
    text.replace(text.find(flag) + std::string(flag).size(), 5, "true");
  const auto made = open(text);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  w.run();
  const auto without = sheet("XB");
  EXPECT_EQ(all_text(without).find("Jane"), std::string::npos);
  EXPECT_EQ(without.fields_left_out(), 1u);
  EXPECT_EQ(without.notices(0), "Personal data are left out of this sheet. Fields left out: 1");
  EXPECT_EQ(sheet("XB", "en", "html").page().find("Jane"), std::string::npos);
  const auto with = sheet("XB", "en", "", true);
  EXPECT_NE(all_text(with).find("Jane Example"), std::string::npos);
  EXPECT_EQ(with.notices(0), "This sheet contains personal data.");
}

TEST_F(Sheet, APersonsNameThatWasSuppliedLaterIsPersonalDataToo) {
  w.connect("XA", "XB");
  opened();
  ASSERT_TRUE(ack().has_value());
  w.run();
  v1::TraceAskRequest ask;
  ask.set_case_number("T-1");
  ask.add_missing()->set_path("circumstances.persons");
  ask.mutable_missing(0)->set_text("Who carried them?");
  w.advance(kMinuteMs);
  ASSERT_TRUE(release_act(w.node("XB"), ask, w.now()).has_value());
  w.run();
  v1::TraceSupplyRequest supply;
  supply.set_case_number("T-1");
  supply.add_answers()->set_path("circumstances.persons[0].name");
  supply.mutable_answers(0)->set_value("Jane Example");
  supply.mutable_answers(0)->set_note("as Jane's passport has it");
  w.advance(kMinuteMs);
  ASSERT_TRUE(release_act(w.node("XA"), supply, w.now()).has_value());
  w.run();
  const auto without = sheet("XB");
  EXPECT_EQ(all_text(without).find("Jane"), std::string::npos);
  EXPECT_EQ(without.fields_left_out(), 2u);
  EXPECT_NE(all_text(sheet("XB", "en", "", true)).find("Jane Example"), std::string::npos);
}

TEST_F(Sheet, WhatANewerVersionSentIsCounted) {
  w.connect("XA", "XB");
  auto request = example("01_trace_request_XA_XB.json");
  std::string body = request.SerializeAsString();
  body += "\xF8\x3E\x01";  // field 1007 of a later schema
  const auto ref = w.send("XA", "XB", "trace.request", to_bytes(body));
  w.run();
  ASSERT_TRUE(w.has("XB", ref));
  const auto seen = sheet("XB");
  EXPECT_EQ(seen.newer_fields(), 1u);
  EXPECT_EQ(seen.notices(1), "Fields of a newer version, kept but not shown: 1");
  EXPECT_EQ(section(seen, "legal").notes(0), "Fields of a newer version, kept but not shown: 1");
}

TEST_F(Sheet, WhatIsAskedWronglyIsRefused) {
  w.connect("XA", "XB");
  opened();
  v1::TraceSheetResponse out;
  const auto refused = [&](const std::string& number, const std::string& lang,
                           const std::string& format) {
    v1::TraceSheetRequest request;
    request.set_case_number(number);
    request.set_lang(lang);
    request.set_format(format);
    const Status done = show_sheet(w.node("XA"), request, w.now(), &out);
    return done.has_value() ? std::string("accepted") : done.error().path;
  };
  EXPECT_EQ(refused("T-9", "en", ""), "case_number");
  EXPECT_EQ(refused("T-1", "de", ""), "lang");
  EXPECT_EQ(refused("T-1", "", "pdf"), "format");
  EXPECT_EQ(refused("T-1", "", ""), "accepted");
}

}  // namespace
}  // namespace focal::desk
