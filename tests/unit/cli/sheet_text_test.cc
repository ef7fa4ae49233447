// Goal: the sheet as text is aligned in every script, stays within its columns, bears the label
// on every printed page, and no text of a peer can pass for a line of the sheet.
// Method: sheets made by hand; the command against a node whose answers are canned.
#include "node/cli/sheet_text.h"

#include <sys/stat.h>

#include "node/cli/width.h"
#include "proto/sheet.pb.h"
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

v1::SheetField* add_field(v1::SheetSection* section, const std::string& label,
                          const std::string& text) {
  auto* field = section->add_fields();
  field->set_label(label);
  field->add_values()->set_text(text);
  return field;
}

v1::TraceSheetResponse a_sheet() {
  v1::TraceSheetResponse sheet;
  sheet.set_case_number("T-1");
  sheet.set_title("Case sheet T-1");
  sheet.add_label()->set_text("TLP:RED");
  auto* keep = sheet.add_label();
  keep->set_label("keep until");
  keep->set_text("2031-03-31");
  sheet.add_notices("No personal data were left out.");
  auto* section = sheet.add_sections();
  section->set_title("Case");
  add_field(section, "subject", "Two weapons");
  return sheet;
}

TEST(SheetText, FieldsAreAlignedByColumnsNotBytes) {
  auto sheet = a_sheet();
  auto* section = sheet.add_sections();
  section->set_title("案件");
  add_field(section, "序列号", "5??8841");
  add_field(section, "номер", "5??8841");
  std::set<std::size_t> places;
  for (const std::string& line : lines_of(sheet_text(sheet, 60)))
    if (const auto at = line.find("5??8841"); at != std::string::npos)
      places.insert(display_width(line.substr(0, at)));
  EXPECT_EQ(places.size(), 1u);
}

TEST(SheetText, NothingIsWiderThanTheColumns) {
  auto sheet = a_sheet();
  auto* section = sheet.mutable_sections(0);
  add_field(section, "narrative", std::string(500, 'W') + " " + std::string(90, 'x'));
  add_field(section, "经过", [] {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "追";
    return text;
  }());
  auto* table = section->add_tables();
  for (int c = 0; c < 4; ++c) table->add_columns("column " + std::to_string(c));
  for (int r = 0; r < 3; ++r) {
    auto* row = table->add_rows();
    for (int c = 0; c < 4; ++c)
      row->add_cells()->add_values()->set_text(std::string(c == 2 ? 120 : 9, 'v'));
  }
  for (const std::size_t columns :
       {std::size_t{40}, std::size_t{60}, kSheetColumns, std::size_t{200}})
    for (const std::string& line : lines_of(sheet_text(sheet, columns))) {
      EXPECT_LE(display_width(line), columns) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
}

TEST(SheetText, ATableTooWideBecomesRows) {
  auto sheet = a_sheet();
  auto* table = sheet.mutable_sections(0)->add_tables();
  auto* row = table->add_rows();
  for (int c = 0; c < 12; ++c) {
    table->add_columns("column " + std::to_string(c));
    row->add_cells()->add_values()->set_text("value " + std::to_string(c));
  }
  const std::string text = sheet_text(sheet, 60);
  for (int c = 0; c < 12; ++c) EXPECT_THAT(text, HasSubstr("column " + std::to_string(c))) << text;
  EXPECT_THAT(text, HasSubstr("value 11"));
}

// A person with an address of several lines: a column of eleven letters would be a ribbon.
TEST(SheetText, ALongCellBecomesARowAndNotARibbon) {
  auto sheet = a_sheet();
  auto* table = sheet.mutable_sections(0)->add_tables();
  auto* row = table->add_rows();
  const std::string address =
      "c/o Meridian Forwarding, Warehouse 14, Gate C, Old Harbour Road 114, 4th floor, rear "
      "entrance, until spring in the annexe of the customs house";
  for (const auto& [column, text] : std::vector<std::pair<std::string, std::string>>{
           {"role", "consignee"}, {"name", "A. Example"}, {"born", "1970"},
           {"nationality", "XA"}, {"address", address}, {"further", "passport 12345678"}}) {
    table->add_columns(column);
    row->add_cells()->add_values()->set_text(text);
  }
  const std::string text = sheet_text(sheet, 60);
  EXPECT_THAT(text, HasSubstr("c/o Meridian Forwarding, Warehouse 14")) << text;
  EXPECT_THAT(text, HasSubstr("consignee")) << text;
}

TEST(SheetText, AWordIsBrokenOnlyWhenNoOtherColumnCanGive) {
  auto sheet = a_sheet();
  auto* table = sheet.mutable_sections(0)->add_tables();
  for (const char* column : {"kind", "summary", "effect"}) table->add_columns(column);
  auto* row = table->add_rows();
  for (const char* text :
       {"acknowledgement", "one two three four five six seven eight nine ten", "acknowledgement"})
    row->add_cells()->add_values()->set_text(text);
  const std::string text = sheet_text(sheet, 50);
  const auto first = text.find("acknowledgement");
  ASSERT_NE(first, std::string::npos) << text;
  EXPECT_NE(text.find("acknowledgement", first + 1), std::string::npos) << text;
}

TEST(SheetText, TheLabelStandsOnEveryPrintedPage) {
  auto sheet = a_sheet();
  for (int i = 0; i < 300; ++i) add_field(sheet.mutable_sections(0), "field", "value");
  const auto lines = lines_of(sheet_text(sheet, 78));
  std::size_t since = 0;
  std::size_t labels = 0;
  for (const std::string& line : lines) {
    since = line.find("TLP:RED") == std::string::npos ? since + 1 : 0;
    labels += since == 0 ? 1 : 0;
    EXPECT_LE(since, 58u);
  }
  EXPECT_GE(labels, 7u);
  EXPECT_THAT(lines[1], HasSubstr("T-1 | TLP:RED | keep until: 2031-03-31"));
  EXPECT_EQ(lines[lines.size() - 2].substr(0, 5), "* T-1");
}

TEST(SheetText, NoTextPassesForALineOfTheSheet) {
  auto sheet = a_sheet();
  add_field(sheet.mutable_sections(0), "reason",
            "none\n== Case ====\nrequesting party  XZ\n\x1b[2J\u202Eend");
  const std::string text = sheet_text(sheet, 78);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\u202E")));
  for (const std::string& line : lines_of(text)) {
    EXPECT_FALSE(line.starts_with("requesting party")) << text;
    if (line.starts_with("== ")) {
      EXPECT_TRUE(line.starts_with("== Case ")) << line;
    }
  }
  std::size_t headings = 0;
  for (const std::string& line : lines_of(text)) headings += line.starts_with("==") ? 1 : 0;
  EXPECT_EQ(headings, 1u);
}

TEST(SheetText, ADateAfterArabicWordsKeepsItsOrder) {
  auto sheet = a_sheet();
  sheet.set_right_to_left(true);
  add_field(sheet.mutable_sections(0), "فتحت في", "2026-11-23 10:00 UTC");
  const std::string text = sheet_text(sheet, 78);
  EXPECT_THAT(text, HasSubstr("\u20682026-11-23 10:00 UTC\u2069"));
  for (const std::string& line : lines_of(text)) {
    EXPECT_TRUE(line.empty() || line.starts_with("\u200F"));
    EXPECT_LE(display_width(line), 78u);
  }
  sheet.set_right_to_left(false);
  EXPECT_THAT(sheet_text(sheet, 78), Not(HasSubstr("\u2068")));
}

TEST(SheetText, AWarningIsMarkedBesideTheText) {
  auto sheet = a_sheet();
  add_field(sheet.mutable_sections(0), "make", "ARSENAL")
      ->mutable_values(0)
      ->add_warnings("LOOK_ALIKES");
  EXPECT_THAT(sheet_text(sheet, 78), HasSubstr("ARSENAL (!)"));
}

TEST_F(App, TheSheetIsAskedForAndPrinted) {
  serve();
  answer("GET /v1/traces/T-1/sheet", a_sheet());
  const Done done = focal({"trace", "sheet", "T-1", "--lang", "fr", "--with-personal-data"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("== Case "));
  EXPECT_THAT(query_, ::testing::UnorderedElementsAre(
                          std::pair<std::string, std::string>("lang", "fr"),
                          std::pair<std::string, std::string>("with_personal_data", "true")));
}

TEST_F(App, TheSheetGoesIntoAFileOfItsOwnerAndOverwritesNone) {
  serve();
  auto page = a_sheet();
  page.set_page("<!DOCTYPE html>\n");
  answer("GET /v1/traces/T-1/sheet", page);
  const std::string name = folder_ / "sheet.html";
  Done done = focal({"trace", "sheet", "T-1", "--html", "--out", name});
  EXPECT_EQ(done.code, 0) << done.err;
  struct stat made {};
  ASSERT_EQ(::stat(name.c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 0777, 0600u);
  std::ifstream in(name);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_EQ(text.str(), "<!DOCTYPE html>\n");
  done = focal({"trace", "sheet", "T-1", "--html", "--out", name});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("the file is there already"));
  EXPECT_EQ(focal({"trace", "sheet", "T-1", "--lang", "de"}).code, 2);
}

}  // namespace
}  // namespace focal::cli
