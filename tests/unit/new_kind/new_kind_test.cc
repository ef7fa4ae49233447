// Goal: a kind is its messages with field options, the table of its life and its catalogue
// entries; with nothing else touched it is checked, exchanged, folded, and shown in six languages.
// Method: a kind that only this test has (exhibit.proto, exhibit.cc, two .tsv), between two whole
// nodes; and the copies that carry it, compared with the tree line by line.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "node/casework/life.h"
#include "node/desk/sheet.h"
#include "node/record/codes.h"
#include "node/record/schema.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& file) {
  std::ifstream in(file);
  EXPECT_TRUE(in.good()) << file;
  Lines out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

// The lines that the copy of a file has and the file has not; every other line is the same.
Lines added_to(const std::string& file) {
  const Lines tree = lines_of(test::in_tree(file));
  Lines out;
  std::size_t at = 0;
  for (const std::string& line : lines_of(test::in_build("tests/unit/new_kind/made/" + file)))
    if (at < tree.size() && tree[at] == line)
      ++at;
    else
      out.push_back(line);
  EXPECT_EQ(at, tree.size()) << file << " has changed otherwise";
  return out;
}

TEST(NewKind, WhatItAddsToTheTree) {
  EXPECT_EQ(added_to("proto/record.proto"),
            (Lines{"import \"proto/exhibit.proto\";", "    ExhibitRequest exhibit_request = 900;",
                   "    ExhibitAnswer exhibit_answer = 901;",
                   "    ExhibitReturn exhibit_return = 902;"}));
  EXPECT_EQ(added_to("node/casework/lives.cc"),
            (Lines{"#include \"tests/unit/new_kind/exhibit.h\"", "      &exhibit_life(),"}));
  for (const char* table : {"codes.tsv", "field_labels.tsv"})
    EXPECT_EQ(added_to(std::string("node/record/data/") + table),
              lines_of(test::in_tree(std::string("tests/unit/new_kind/") + table)));
}

// File, as an include names it, and what it includes.
std::map<std::string, std::set<std::string>> includes_of_the_tree() {
  constexpr std::string_view kBegin = "#include \"";
  std::map<std::string, std::set<std::string>> out;
  const std::string root = test::in_tree("");
  for (const char* folder : {"node", "tests/support"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(test::in_tree(folder))) {
      if (!entry.is_regular_file()) continue;
      const std::string name = std::filesystem::relative(entry.path(), root).string();
      for (const std::string& line : lines_of(entry.path().string()))
        if (line.starts_with(kBegin))
          out[name].insert(line.substr(kBegin.size(), line.rfind('"') - kBegin.size()));
    }
  return out;
}

// A source that was compiled against another Record than this test would be a mixture.
TEST(NewKind, EverySourceThatSeesRecordWasCompiledAgain) {
  const auto tree = includes_of_the_tree();
  std::set<std::string> sees{"proto/record.pb.h"};
  for (std::size_t before = 0; before != sees.size();) {
    before = sees.size();
    for (const auto& [name, included] : tree)
      if (std::any_of(included.begin(), included.end(),
                      [&](const std::string& each) { return sees.contains(each); }))
        sees.insert(name);
  }
  std::set<std::string> wanted;
  for (const std::string& name : sees)
    if (name.ends_with(".cc")) wanted.insert(test::in_tree(name));
  const Lines again = lines_of(test::in_build("tests/unit/new_kind/made/sources.txt"));
  EXPECT_EQ(std::set<std::string>(again.begin(), again.end()), wanted) << "run cmake again";
}

TEST(NewKind, StandsInItsLife) {
  const record::KindInfo* kind = record::find_kind("exhibit.request");
  ASSERT_NE(kind, nullptr);
  EXPECT_TRUE(kind->is_case_root);
  const casework::Life* life = casework::find_life(kind->life);
  ASSERT_NE(life, nullptr);
  EXPECT_EQ(life, casework::life_of_root("exhibit.request"));
  EXPECT_NE(record::find_kind("trace.request"), nullptr) << "the others are still there";
}

class NewKindWorld : public DeskWorld {
 protected:
  // With the header and label of an example.
  static focal::v1::Record empty() {
    focal::v1::Record out = example("01_trace_request_XA_XB.json");
    out.clear_kind();
    out.clear_unknown_fields();
    out.mutable_header()->set_subject("Pistol of the Harbour Street find");
    return out;
  }
  static focal::v1::Record request() {
    auto out = empty();
    out.mutable_exhibit_request()->set_case_ref_requester("XA/EX/7");
    out.mutable_exhibit_request()->set_exhibit_purpose("COMPARISON");
    out.add_unknown_fields("exhibit_request.needed_from");
    return out;
  }
  static focal::v1::Record answer() {
    auto out = empty();
    out.mutable_header()->mutable_label()->set_provider("XB");
    out.mutable_exhibit_answer()->set_case_ref_requester("XA/EX/7");
    out.mutable_exhibit_answer()->set_decision("LENT");
    out.mutable_exhibit_answer()->set_back_by("2027-02-28");
    return out;
  }
  static focal::v1::Record given_back() {
    auto out = empty();
    out.mutable_exhibit_return()->set_case_ref_requester("XA/EX/7");
    out.mutable_exhibit_return()->set_handed_over("2027-02-20");
    return out;
  }
  // "RULE path" of each problem, from the JSON an officer would write.
  static std::vector<std::string> problems(const focal::v1::Record& record) {
    const auto made = record::from_json(json::write_set(record), "XA", {"XB"});
    std::vector<std::string> out;
    if (!made.has_value())
      for (const record::Problem& each : made.error().problems)
        out.push_back(std::string(each.rule) + " " + each.path);
    return out;
  }

  store::RecordRef send(const std::string& from, const focal::v1::Record& record,
                        std::optional<store::RecordRef> root = {},
                        std::optional<store::RecordRef> parent = {}) {
    const std::string to = from == "XA" ? "XB" : "XA";
    w.advance(kMinuteMs);
    const auto* kind = record::find_kind(record::kind_field(record)->message_type()->options()
                                             .GetExtension(focal::v1::kind).name());
    const auto ref = w.send(from, to, kind->name, body_of(record), root, parent);
    w.run();
    EXPECT_EQ(w.status_of(from, ref, to), 1u) << "ACCEPTED, whatever it does to the case";
    return ref;
  }
  node::OpenedCase only_case(const std::string& party) {
    const auto rows = w.view(party).cases({});
    EXPECT_EQ(rows.size(), 1u);
    return node::open_case(w.view(party), rows.at(0));
  }
  std::string states() {
    const auto a = only_case("XA");
    const auto b = only_case("XB");
    EXPECT_EQ(a.fold, b.fold) << "both ends fold the same";
    return a.row.state + "/" + b.row.state;
  }
};

TEST_F(NewKindWorld, RulesOfItsFieldsAreRefusedWithTheirPaths) {
  EXPECT_EQ(problems(request()), Lines{});
  auto open = request();
  open.clear_unknown_fields();
  open.mutable_exhibit_request()->set_exhibit_purpose("CURIOSITY");
  open.mutable_exhibit_request()->clear_case_ref_requester();
  EXPECT_EQ(problems(open), (Lines{"REQUIRED exhibit_request.case_ref_requester",
                                   "CODE exhibit_request.exhibit_purpose",
                                   "PROMPTED exhibit_request.needed_from"}));
  auto lent = answer();
  lent.mutable_exhibit_answer()->clear_back_by();
  EXPECT_EQ(problems(lent), Lines{"NEEDED exhibit_answer.back_by"});
  auto kept = answer();
  kept.mutable_exhibit_answer()->set_decision("KEPT");
  EXPECT_EQ(problems(kept), Lines{"ONLY_WITH exhibit_answer.back_by"});
  auto unlabelled = request();
  unlabelled.mutable_header()->clear_label();
  EXPECT_EQ(problems(unlabelled), Lines{"LABEL_MISSING header.label"});
}

TEST_F(NewKindWorld, TravelsAndIsFoldedByItsTableAtBothEnds) {
  w.connect("XA", "XB");
  const auto root = send("XA", request());
  EXPECT_EQ(states(), "DELIVERED/RECEIVED");
  EXPECT_TRUE(only_case("XB").row.needs_action);
  const auto early = send("XA", given_back(), root, root);
  EXPECT_EQ(states(), "DELIVERED/RECEIVED") << "nothing was lent yet";
  EXPECT_EQ(only_case("XB").fold.effects.back().code, casework::kNotAllowedInState);
  const auto said = send("XB", answer(), root, root);
  EXPECT_EQ(states(), "ANSWERED/ANSWERED");
  const auto events = only_case("XA").events;
  EXPECT_EQ(events.back().outcome, "LENT");
  EXPECT_EQ(events.back().due_ms, *parse_date("2027-03-01")) << "the whole day counts";
  send("XB", given_back(), root, said);
  EXPECT_EQ(states(), "ANSWERED/ANSWERED") << "not the responder's to say";
  send("XA", given_back(), root, said);
  EXPECT_EQ(states(), "CLOSED/CLOSED");
  EXPECT_TRUE(only_case("XA").row.closed);
  EXPECT_NE(early, root);
  w.crash("XB");
  EXPECT_EQ(only_case("XB").row.state, "CLOSED");
}

TEST_F(NewKindWorld, IsShownInSixLanguages) {
  w.connect("XA", "XB");
  const auto root = send("XA", request());
  send("XB", answer(), root, root);
  const auto shown = show("XB");
  EXPECT_EQ(shown.trace().their_ref(), "XA/EX/7");
  EXPECT_EQ(shown.trace().state_text(), "answered");
  ASSERT_EQ(shown.timeline_size(), 2);
  EXPECT_EQ(shown.timeline(0).kind_text(), "request for an exhibit");
  EXPECT_EQ(shown.timeline(0).summary(), "Pistol of the Harbour Street find");

  for (const auto lang : record::languages()) {
    v1::TraceSheetRequest ask;
    ask.set_case_number("T-1");
    ask.set_lang(std::string(lang));
    ask.set_format("html");
    v1::TraceSheetResponse sheet;
    const Status done = show_sheet(w.node("XB"), ask, w.now(), &sheet);
    ASSERT_TRUE(done.has_value()) << done.error().message;
    const auto says = [&](std::optional<std::string_view> text) {
      ASSERT_TRUE(text.has_value());
      EXPECT_NE(sheet.page().find(*text), std::string::npos) << *text << " " << lang;
    };
    for (const char* label :
         {"Record.exhibit_request", "Record.exhibit_answer", "ExhibitRequest.exhibit_purpose",
          "ExhibitRequest.needed_from", "ExhibitAnswer.decision", "ExhibitAnswer.back_by"})
      says(record::field_labels().text(label, lang));
    says(record::label("exhibit_purpose", "COMPARISON", lang));
    says(record::label("exhibit_decision", "LENT", lang));
    says(record::label("exhibit_responder_state", "ANSWERED", lang));
  }
}

}  // namespace
}  // namespace focal::desk
