// The sheet as one HTML page. Everything that is text passes escaped(); every value stands in
// <bdi>, so that words of one direction do not turn those around them. The page is one table
// whose head holds the label and whose foot its codes: browsers repeat them on every printed page.
#include <algorithm>

#include "node/desk/sheet.h"

namespace focal::desk {
namespace {

constexpr std::size_t kShortValue = 40;  // bytes; lists of such stand in one line
constexpr std::size_t kLongWord = 18;    // bytes
constexpr int kDeepestTitle = 5;

constexpr std::string_view kStyle = R"css(
@page { size: A4; margin: 12mm 14mm 16mm;
  @bottom-center { content: counter(page) " / " counter(pages); font-size: 8pt; } }
* { box-sizing: border-box; }
html { background: #fff; color: #000; }
body { margin: 0 auto; max-inline-size: 190mm; font: 9.5pt/1.35 "Noto Sans", "Noto Sans Arabic",
  "Noto Sans CJK SC", "Segoe UI", Arial, sans-serif; overflow-wrap: break-word; }
.long { overflow-wrap: anywhere; }
table { border-collapse: collapse; inline-size: 100%; }
th, td { text-align: start; vertical-align: top; padding: 0; font-weight: normal; }
.paper > thead, .paper > tfoot { break-inside: avoid; }
.mark { border: 1.5pt solid #000; padding-block: 1mm; padding-inline: 2mm; font-size: 8.5pt; }
.paper > thead .mark { margin-block-end: 4mm; }
.paper > tfoot .mark { margin-block-start: 3mm; border-width: .5pt; font-size: 7.5pt; }
.mark b { white-space: nowrap; }
h1 { font-size: 16pt; margin-block: 0 2mm; }
h2 { font-size: 12pt; margin-block: 5mm 1.5mm; border-block-end: .75pt solid #000;
  break-after: avoid; }
h3 { font-size: 10.5pt; margin-block: 3mm 1mm; break-after: avoid; }
h4, h5 { font-size: 10pt; margin-block: 2mm 1mm; break-after: avoid; }
p { margin-block: 1mm; }
.note, .notice { font-style: italic; }
:lang(zh) .note, :lang(zh) .notice, :lang(ar) .note, :lang(ar) .notice { font-style: normal; }
.part { margin-inline-start: 3mm; padding-inline-start: 3mm; border-inline-start: 1.5pt solid #bbb; }
.fields th { inline-size: 32%; padding-block: .35mm; padding-inline-end: 3mm; color: #444; }
.fields td { padding-block: .35mm; }
.ids .fields th { inline-size: 16%; }
.fields tr, .grid tr { break-inside: avoid; }
.grid { margin-block: 1mm 3mm; font-size: 8.5pt; }
.grid th, .grid td { border: .5pt solid #888; padding-block: .7mm; padding-inline: 1.2mm; }
.grid thead th { background: #eee; font-weight: bold; }
.grid caption { text-align: start; font-weight: bold; padding-block: 1mm; font-size: 10pt; }
.k { color: #444; }
.state { font-weight: bold; }
.warn { font-weight: bold; border: .75pt solid #000; padding-inline: 1mm; }
bdi { white-space: pre-line; }
@media screen { body { padding: 8mm; } .paper > tfoot .mark { margin-block-start: 8mm; } }
)css";

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string tag(std::string_view name, std::string_view inner) {
  return "<" + std::string(name) + ">" + std::string(inner) + "</" +
         std::string(name.substr(0, name.find(' '))) + ">";
}

// A word too long for a column has to be broken anywhere; others stay whole.
bool has_long_word(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) {
    length = c == ' ' || c == '\n' ? 0 : length + 1;
    if (length > kLongWord) return true;
  }
  return false;
}

class Page {
 public:
  explicit Page(const v1::TraceSheetResponse& sheet) : sheet_(sheet) {}

  // A coded value is ours and runs with the page, whatever letter it begins with; all other text
  // finds its own direction.
  std::string value(const v1::SheetValue& value) const {
    std::string out;
    if (!value.label().empty()) out += "<span class=\"k\">" + escaped(value.label()) + ":</span> ";
    std::string name = "bdi";
    if (!value.code().empty() && sheet_.right_to_left()) name += " dir=\"rtl\"";
    if (has_long_word(value.text()))
      name += " class=\"long\"";
    else if (!value.state().empty())
      name += " class=\"state\"";
    out += tag(name, escaped(value.text()));
    if (!value.warnings().empty()) out += " <span class=\"warn\">(!)</span>";
    return out;
  }

  // Short ones in one line, others one below the other.
  std::string values(const google::protobuf::RepeatedPtrField<v1::SheetValue>& values) const {
    bool in_line = true;
    for (const v1::SheetValue& each : values)
      in_line = in_line && each.text().size() <= kShortValue &&
                each.text().find('\n') == std::string::npos;
    std::string out;
    for (const v1::SheetValue& each : values) {
      if (!in_line && values.size() > 1)
        out += tag("div", value(each));
      else
        out += (out.empty() ? "" : "; ") + value(each);
    }
    return out;
  }

  std::string table(const v1::SheetTable& table) const {
    std::string out = "<table class=\"grid\">";
    if (!table.title().empty()) out += tag("caption", escaped(table.title()));
    std::string head;
    for (const std::string& column : table.columns())
      head += tag("th scope=\"col\"", escaped(column));
    out += tag("thead", tag("tr", head)) + "<tbody>";
    for (const v1::SheetRow& row : table.rows()) {
      std::string cells;
      for (const v1::SheetCell& cell : row.cells()) cells += tag("td", values(cell.values()));
      out += tag("tr", cells) + "\n";
    }
    return out + "</tbody></table>\n";
  }

  std::string section(const v1::SheetSection& section, int level) const {
    const std::string title = "h" + std::to_string(std::min(level, kDeepestTitle));
    std::string out = tag(title, escaped(section.title())) + "\n";
    for (const std::string& note : section.notes())
      out += tag("p class=\"note\"", tag("bdi", escaped(note))) + "\n";
    std::string fields;
    for (const v1::SheetField& field : section.fields())
      fields += tag("tr", tag("th scope=\"row\"", escaped(field.label())) +
                              tag("td", values(field.values()))) +
                "\n";
    if (!fields.empty()) out += tag("table class=\"fields\"", fields) + "\n";
    for (const v1::SheetTable& each : section.tables()) out += table(each);
    for (const v1::SheetSection& part : section.sections())
      out += tag("div class=\"part\"", this->section(part, level + 1)) + "\n";
    return tag("div class=\"" + escaped(section.key()) + "\"", out);
  }

  // The label whole, or only its codes.
  std::string mark(bool whole) const {
    std::string line = "<b>" + tag("bdi", escaped(sheet_.case_number())) + "</b>";
    for (const v1::SheetValue& each : sheet_.label())
      if (whole || (!each.code().empty() && each.label().empty())) line += " · " + value(each);
    return tag("tr", tag("td", tag("div class=\"mark\"", line)));
  }

 private:
  const v1::TraceSheetResponse& sheet_;
};

}  // namespace

std::string sheet_html(const v1::TraceSheetResponse& sheet) {
  const Page page(sheet);
  std::string body = tag("h1", escaped(sheet.title())) + "\n";
  for (const std::string& notice : sheet.notices())
    body += tag("p class=\"notice\"", tag("bdi", escaped(notice))) + "\n";
  for (const v1::SheetSection& section : sheet.sections()) body += page.section(section, 2);
  return "<!DOCTYPE html>\n<html lang=\"" + escaped(sheet.lang()) + "\" dir=\"" +
         (sheet.right_to_left() ? "rtl" : "ltr") +
         "\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
         "style-src 'unsafe-inline'\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
         tag("title", escaped(sheet.title())) + "\n" + tag("style", kStyle) +
         "\n</head>\n<body>\n<table class=\"paper\">\n" + tag("thead", page.mark(true)) + "\n" +
         tag("tfoot", page.mark(false)) + "\n<tbody><tr><td>\n" + body +
         "</td></tr></tbody>\n</table>\n</body>\n</html>\n";
}

}  // namespace focal::desk
