// Goal: every field of every kind of record appears on the sheet by itself, in the reader's
// language; unknown is said, personal data are left out unless asked for.
// Method: records filled from the schema's own rules, walked field by field and looked for.
#include "node/desk/sheet_fields.h"

#include <gtest/gtest.h>

#include "node/record/kinds.h"
#include "proto/record.pb.h"
#include "tests/unit/record/filler.h"

namespace focal::desk {
namespace {

using record::test::full_record;

struct Found {
  std::map<std::string, std::string> texts;  // by path, values joined
  std::set<std::string> states;              // "path STATE"
  std::vector<std::string> labels;

  template <typename Values>
  void values(const Values& list) {
    for (const v1::SheetValue& value : list) {
      texts[value.path()] += value.text() + "|";
      if (!value.state().empty()) states.insert(value.path() + " " + value.state());
      labels.push_back(value.label());
    }
  }
  void section(const v1::SheetSection& part) {
    labels.push_back(part.title());
    for (const auto& field : part.fields()) {
      labels.push_back(field.label());
      values(field.values());
    }
    for (const auto& table : part.tables()) {
      for (const auto& column : table.columns()) labels.push_back(column);
      for (const auto& row : table.rows()) {
        EXPECT_EQ(row.cells_size(), table.columns_size()) << table.title();
        for (const auto& cell : row.cells()) values(cell.values());
      }
    }
    for (const auto& each : part.sections()) section(each);
  }
};

Found sheet_of(const focal::v1::Record& record, const Reader& reader, Tally& tally) {
  v1::SheetSection section;
  RecordFields fields(record, reader, tally);
  fields.message(record.header(), "header", &section);
  const auto* field = record.GetReflection()->GetOneofFieldDescriptor(
      record, focal::v1::Record::descriptor()->FindOneofByName("kind"));
  fields.message(record.GetReflection()->GetMessage(record, field), field->name(), &section);
  fields.unknown_rest(&section);
  Found out;
  out.section(section);
  return out;
}

// Paths of everything that holds a value: plain fields, and references to records.
std::set<std::string> filled(focal::v1::Record record) {
  std::set<std::string> out;
  record::test::for_each_field(record, "", [&](auto& m, const auto* f, const std::string& path) {
    const bool there = f->is_repeated() ? m.GetReflection()->FieldSize(m, f) > 0
                                        : m.GetReflection()->HasField(m, f);
    const bool plain =
        f->message_type() == nullptr || f->message_type() == focal::v1::Ref::descriptor();
    if (there && plain && path != "unknown_fields") out.insert(path);
  });
  return out;
}

TEST(SheetFields, EveryFilledFieldOfEveryKindAppearsInEveryLanguage) {
  std::size_t count = 0;
  for (const auto& kind : record::kinds()) {
    const auto record = full_record(kind.name);
    for (const auto lang : record::languages()) {
      Tally tally;
      const Found found = sheet_of(record, {std::string(lang), true}, tally);
      for (const std::string& path : filled(record)) {
        const auto text = found.texts.find(path);
        ASSERT_NE(text, found.texts.end()) << kind.name << ": " << path;
        EXPECT_GT(text->second.size(), 1u) << path;
        ++count;
      }
      for (const std::string& label : found.labels)
        EXPECT_EQ(label.find('_'), std::string::npos) << kind.name << " " << lang << " " << label;
      EXPECT_EQ(tally.left_out, 0u);
    }
  }
  EXPECT_GT(count, 2000u);
}

TEST(SheetFields, PersonalDataAreLeftOutAndCounted) {
  const auto record = full_record("trace.request");
  Tally tally;
  const Found found = sheet_of(record, {"en", false}, tally);
  std::uint32_t personal = 0;
  auto copy = record;
  record::test::for_each_field(copy, "", [&](auto& m, const auto* f, const std::string& path) {
    if (!f->options().GetExtension(focal::v1::rule).personal()) return;
    ++personal;
    EXPECT_TRUE(found.states.contains(path + " LEFT_OUT")) << path;
    EXPECT_EQ(found.texts.at(path), "[personal data left out]|");
    (void)m;
  });
  EXPECT_EQ(personal, 6u);
  EXPECT_EQ(tally.left_out, personal);
  EXPECT_FALSE(found.texts.contains("trace_request.circumstances.persons[0].born.value"));
  EXPECT_FALSE(tally.has_personal);
  Tally with;
  sheet_of(record, {"en", true}, with);
  EXPECT_TRUE(with.has_personal);
}

TEST(SheetFields, UnknownIsSaidWhereTheFieldStandsOrAtTheEnd) {
  auto record = record::test::least_record("trace.request");
  auto* item = record.mutable_trace_request()->mutable_items(0);
  item->clear_make();
  item->clear_markings();
  for (const char* path : {"trace_request.items[0].make", "trace_request.items[0].markings",
                           "trace_request.items[0].a_newer_field"})
    record.add_unknown_fields(path);
  Tally tally;
  const Found found = sheet_of(record, {"fr", false}, tally);
  for (const std::string& path : record.unknown_fields()) {
    EXPECT_TRUE(found.states.contains(path + " UNKNOWN")) << path;
    EXPECT_EQ(found.texts.at(path), "inconnu|") << path;
  }
}

TEST(SheetFields, CodesCountriesNumbersAndPathsAreWords) {
  auto record = full_record("trace.request");
  auto* request = record.mutable_trace_request();
  request->mutable_circumstances()->set_found_lat_tenths(-5);
  request->mutable_circumstances()->set_found_country("FR");
  request->mutable_items(0)->set_category("A_NEWER_CODE");
  record.mutable_header()->mutable_label()->set_h_codes(0, "H1");
  Tally tally;
  Found found = sheet_of(record, {"es", true}, tally);
  EXPECT_EQ(found.texts.at("trace_request.circumstances.found_lat_tenths"), "-0.5|");
  EXPECT_EQ(found.texts.at("trace_request.circumstances.found_country"), "Francia (FR)|");
  EXPECT_EQ(found.texts.at("trace_request.items[0].category"), "A_NEWER_CODE|");
  EXPECT_EQ(found.texts.at("trace_request.evidence_use_requested"), "sí|");
  EXPECT_TRUE(found.texts.at("header.label.h_codes").starts_with("H1 – "));
  EXPECT_EQ(found.texts.at("header.ack_by_ms"), "2026-01-01 00:00 UTC|");
  const Found asked = sheet_of(full_record("trace.info_request"), {"en", true}, tally);
  EXPECT_EQ(asked.texts.at("trace_info_request.missing[0].path"),
            "serial number, as seen (trace_request.items[0].serial_raw)|");
}

TEST(SheetFields, ATableWithMoreFieldsThanColumnsKeepsThemTogether) {
  v1::SheetSection section;
  Tally tally;
  const Reader reader{"en", true};
  const auto record = full_record("trace.request");
  RecordFields fields(record, reader, tally);
  fields.field(record.trace_request().items(0), "markings", "trace_request.items[0]", &section);
  ASSERT_EQ(section.tables_size(), 1);
  const auto& table = section.tables(0);
  EXPECT_EQ(table.columns_size(), 6);
  EXPECT_EQ(table.columns(1), "text, as seen");
  EXPECT_EQ(table.columns(5), "further details");
  EXPECT_GT(table.rows(0).cells(5).values_size(), 3);
  for (const auto& value : table.rows(0).cells(5).values()) EXPECT_NE(value.label(), "");
}

TEST(SheetFields, WordsOfOthersAreMarkedAndKept) {
  auto record = full_record("trace.refusal");
  record.mutable_trace_refusal()->set_reason_text("<script>\u202Eabc</script>\nАK");
  Tally tally;
  const Found found = sheet_of(record, {"en", true}, tally);
  EXPECT_EQ(found.texts.at("trace_refusal.reason_text"), "<script>⟨U+202E⟩abc</script>\nАK|");
  EXPECT_EQ(tally.warnings, (std::set<std::string>{"CONTROL_CHARACTERS", "LOOK_ALIKES"}));
}

TEST(SheetWords, EveryWordIsUsable) {
  const Reader reader{"ar", false};
  EXPECT_EQ(reader.word("unknown"), "غير معروف");
  EXPECT_EQ(reader.word("no such word"), "no such word");
  for (const auto& kind : record::kinds()) EXPECT_NE(reader.kind(kind.name), kind.name);
  EXPECT_EQ(reader.kind("newer.kind"), "newer.kind");
  EXPECT_GT(sheet_words().keys().size(), 80u);
}

}  // namespace
}  // namespace focal::desk
