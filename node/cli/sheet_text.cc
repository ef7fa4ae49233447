#include "node/cli/sheet_text.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/utf8.h"
#include "node/cli/width.h"
#include "proto/sheet.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using Lines = std::vector<std::string>;
using Values = google::protobuf::RepeatedPtrField<v1::SheetValue>;

constexpr std::size_t kGap = 2;
constexpr std::size_t kWidestLabel = 28;
constexpr std::size_t kNarrowestColumn = 8;
constexpr std::size_t kLongestWhole = 16;  // a word so long is not broken if other columns can give
constexpr std::size_t kTallestCell = 8;    // lines; a longer text reads better across the page
constexpr std::size_t kShortValue = 40;
constexpr std::size_t kDeepestIndent = 8;

std::string spaces(std::size_t n) { return std::string(n, ' '); }

// The longest beginning of word that fits; at least one character.
std::string cut(std::string& word, std::size_t columns) {
  std::size_t end = 0;
  for (std::string_view rest = word; !rest.empty();) {
    take_utf8(rest);
    const std::size_t next = word.size() - rest.size();
    if (end > 0 && display_width(std::string_view(word).substr(0, next)) > columns) break;
    end = next;
  }
  std::string out = word.substr(0, end);
  word.erase(0, end);
  return out;
}

// Lines of at most columns, broken at blanks, in a word only where it is longer than a line.
Lines wrapped(std::string_view text, std::size_t columns) {
  Lines out;
  std::string line;
  const auto flush = [&] {
    out.push_back(line);
    line.clear();
  };
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" \n"), text.size());
    std::string word(text.substr(0, end));
    const bool ends_line = end < text.size() && text[end] == '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && display_width(line) + 1 + display_width(word) > columns) flush();
    while (display_width(word) > columns) {
      line = cut(word, columns);
      flush();
    }
    if (!word.empty()) line += (line.empty() ? "" : " ") + word;
    if (ends_line) flush();
  }
  if (!line.empty() || out.empty()) flush();
  return out;
}

// Invisible marks of direction, ours alone (clean() takes away those of others). In a sheet from
// right to left every line runs so, and every cell finds its own direction: else a date after
// Arabic words is laid out backwards.
constexpr std::string_view kRightToLeft = "\u200F";
constexpr std::string_view kIsolate = "\u2068";
constexpr std::string_view kEndIsolate = "\u2069";

std::string isolated(const std::string& text, bool right_to_left) {
  if (!right_to_left || text.empty()) return text;
  return std::string(kIsolate) + text + std::string(kEndIsolate);
}

std::string value_text(const v1::SheetValue& value, bool rtl) {
  std::string out;
  if (!value.label().empty()) out += clean(value.label()) + ": ";
  const std::string text = clean_lines(value.text());
  out += value.label().empty() ? text : isolated(text, rtl);
  return value.warnings().empty() ? out : out + " (!)";
}

// Short ones in one line, others one below the other.
Lines value_lines(const Values& values, std::size_t columns, bool rtl) {
  bool in_line = true;
  for (const v1::SheetValue& value : values)
    in_line = in_line && display_width(value.text()) <= kShortValue &&
              value.text().find('\n') == std::string::npos;
  if (in_line) {
    std::string all;
    for (const v1::SheetValue& value : values)
      all += (all.empty() ? "" : "; ") + value_text(value, rtl);
    return wrapped(all, columns);
  }
  Lines out;
  for (const v1::SheetValue& value : values) {
    const Lines lines = wrapped(value_text(value, rtl), columns);
    out.insert(out.end(), lines.begin(), lines.end());
  }
  return out;
}

// How much room a column would like.
struct Extent {
  std::size_t line = 0;
  std::size_t word = 0;

  void add(const Lines& lines) {
    for (const std::string& each : lines) {
      line = std::max(line, display_width(each));
      for (std::string_view rest = each; !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        word = std::max(word, display_width(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
  }
  std::size_t least(bool whole_words) const {
    return whole_words ? std::max(kNarrowestColumn, std::min(word, kLongestWhole))
                       : kNarrowestColumn;
  }
};

class Writer {
 public:
  Writer(std::size_t columns, bool right_to_left)
      : columns_(columns), right_to_left_(right_to_left) {}

  void line(const std::string& text, std::size_t indent = 0) {
    std::string out = spaces(indent) + text;
    out.erase(out.find_last_not_of(' ') + 1);
    if (right_to_left_ && !out.empty()) out.insert(0, kRightToLeft);
    lines_.push_back(std::move(out));
  }
  void paragraph(std::string_view text, std::size_t indent = 0) {
    for (const std::string& each : wrapped(clean(text), columns_ - indent)) line(each, indent);
  }

  void section(const v1::SheetSection& section, std::size_t indent) {
    line("");
    if (indent == 0) {
      const std::string title = clean(section.title());
      const std::size_t used = std::min(columns_ - 4, display_width(title) + 4);
      line("== " + title + " " + std::string(columns_ - used, '='));
    } else {
      paragraph("- " + section.title(), indent - 2);
    }
    for (const std::string& note : section.notes()) paragraph(note, indent);
    fields(section, indent);
    for (const v1::SheetTable& each : section.tables()) table(each, indent);
    for (const v1::SheetSection& part : section.sections())
      this->section(part, std::min(indent + 2, kDeepestIndent));
  }

  // The label goes in again before a page can be full: between lines, where it cuts least.
  std::string text(const Lines& label) const {
    std::string out;
    std::size_t since = 0;
    const auto add = [&](const std::string& each) { out += each + "\n"; };
    for (const std::string& each : lines_) {
      if (since >= kLinesToNextLabel && (each.empty() || since >= kLinesToNextLabel + 10)) {
        add("");
        for (const std::string& mark : label)
          add(right_to_left_ ? std::string(kRightToLeft) + mark : mark);
        since = label.size();
      }
      add(each);
      ++since;
    }
    return out;
  }

 private:
  void fields(const v1::SheetSection& section, std::size_t indent) {
    std::size_t width = 0;
    for (const v1::SheetField& field : section.fields())
      width = std::max(width, display_width(clean(field.label())));
    width = std::min(width, std::min(kWidestLabel, columns_ / 3));
    const std::size_t room = columns_ - indent - width - kGap;
    for (const v1::SheetField& field : section.fields())
      side_by_side(
          {wrapped(clean(field.label()), width), value_lines(field.values(), room, right_to_left_)},
          {width, room}, indent);
  }

  // Cells of one row beside each other, each as many lines as it needs.
  void side_by_side(const std::vector<Lines>& cells, const std::vector<std::size_t>& widths,
                    std::size_t indent) {
    std::size_t height = 0;
    for (const Lines& cell : cells) height = std::max(height, cell.size());
    for (std::size_t i = 0; i < height; ++i) {
      std::string out;
      for (std::size_t c = 0; c < cells.size(); ++c) {
        const std::string text = i < cells[c].size() ? cells[c][i] : std::string();
        out += isolated(text, right_to_left_) +
               spaces(kGap + widths[c] - std::min(widths[c], display_width(text)));
      }
      line(out, indent);
    }
  }

  Lines cell_lines(const v1::SheetRow& row, std::size_t column, std::size_t width) const {
    if (static_cast<int>(column) >= row.cells_size()) return {};
    return value_lines(row.cells(static_cast<int>(column)).values(), width, right_to_left_);
  }

  // Of every column the longest line, when a line is at most so wide, and the longest word.
  std::vector<Extent> extents(const v1::SheetTable& table, std::size_t room) const {
    std::vector<Extent> out;
    for (int c = 0; c < table.columns_size(); ++c) {
      const auto column = static_cast<std::size_t>(c);
      Extent extent;
      extent.add(wrapped(clean(table.columns(c)), room));
      for (const v1::SheetRow& row : table.rows()) extent.add(cell_lines(row, column, room));
      out.push_back(extent);
    }
    return out;
  }

  // Widths that fit: the widest column gives way first, but one whose words would break only
  // when no other can. Empty: there are too many columns, or a cell would be a ribbon.
  std::vector<std::size_t> widths_of(const v1::SheetTable& table, std::size_t room) const {
    const std::vector<Extent> wanted = extents(table, room);
    std::vector<std::size_t> out(wanted.size());
    std::transform(wanted.begin(), wanted.end(), out.begin(),
                   [](const Extent& each) { return each.line; });
    std::size_t sum = std::accumulate(out.begin(), out.end(), kGap * out.size()) - kGap;
    for (bool whole_words = true; sum > room;) {
      std::size_t widest = out.size();
      for (std::size_t i = 0; i < out.size(); ++i)
        if (out[i] > wanted[i].least(whole_words) && (widest == out.size() || out[i] > out[widest]))
          widest = i;
      if (widest == out.size() && !whole_words) return {};
      if (widest == out.size()) {
        whole_words = false;
        continue;
      }
      --out[widest];
      --sum;
    }
    for (const v1::SheetRow& row : table.rows())
      for (std::size_t i = 0; i < out.size(); ++i)
        if (cell_lines(row, i, out[i]).size() > kTallestCell) return {};
    return out;
  }

  void table(const v1::SheetTable& table, std::size_t indent) {
    line("");
    if (!table.title().empty()) paragraph(table.title(), indent);
    const auto widths = widths_of(table, columns_ - indent);
    if (widths.empty()) return stacked(table, indent);
    std::vector<Lines> head;
    std::vector<Lines> rule;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      head.push_back(wrapped(clean(table.columns(static_cast<int>(i))), widths[i]));
      rule.push_back({std::string(widths[i], '-')});
    }
    side_by_side(head, widths, indent);
    side_by_side(rule, widths, indent);
    for (const v1::SheetRow& row : table.rows()) {
      std::vector<Lines> cells;
      for (std::size_t i = 0; i < widths.size(); ++i)
        cells.push_back(cell_lines(row, i, widths[i]));
      side_by_side(cells, widths, indent);
    }
  }

  // A row as fields, where the columns have no room beside each other.
  void stacked(const v1::SheetTable& table, std::size_t indent) {
    for (int r = 0; r < table.rows_size(); ++r) {
      v1::SheetSection part;
      part.set_title(std::to_string(r + 1));
      for (int c = 0; c < table.columns_size() && c < table.rows(r).cells_size(); ++c) {
        if (table.rows(r).cells(c).values().empty()) continue;
        auto* field = part.add_fields();
        field->set_label(table.columns(c));
        *field->mutable_values() = table.rows(r).cells(c).values();
      }
      section(part, indent + 2);
    }
  }

  std::size_t columns_;
  bool right_to_left_;
  Lines lines_;
};

Lines label_lines(const v1::TraceSheetResponse& sheet, std::size_t columns) {
  std::string all = clean(sheet.case_number());
  for (const v1::SheetValue& value : sheet.label())
    all += " | " + value_text(value, sheet.right_to_left());
  Lines out{std::string(columns, '*')};
  for (const std::string& each : wrapped(all, columns - 4)) out.push_back("* " + each);
  out.push_back(std::string(columns, '*'));
  return out;
}

}  // namespace

std::string sheet_text(const v1::TraceSheetResponse& sheet, std::size_t columns) {
  columns = std::max(columns, kNarrowestSheet);
  const Lines label = label_lines(sheet, columns);
  Writer writer(columns, sheet.right_to_left());
  for (const std::string& each : label) writer.line(each);
  writer.line("");
  writer.paragraph(sheet.title());
  for (const std::string& notice : sheet.notices()) writer.paragraph(notice);
  for (const v1::SheetSection& section : sheet.sections()) writer.section(section, 0);
  writer.line("");
  for (const std::string& each : label) writer.line(each);
  return writer.text(label);
}

}  // namespace focal::cli
