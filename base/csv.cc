#include "base/csv.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace focal::csv {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::string_view kHowToSave =
    "In the spreadsheet choose \"Save as\" and the type \"CSV UTF-8\"; elsewhere the character set "
    "UTF-8.";
constexpr std::array<char, 3> kSeparators = {',', ';', '\t'};
// What begins a formula; the last four are the wide forms that some spreadsheets take for it.
constexpr std::array<std::string_view, 8> kFormulaStarts = {
    "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

std::string row_name(std::uint32_t number) { return "row " + std::to_string(number); }

Error bad(std::uint32_t row, std::string_view what, std::string hint) {
  return fail(ErrorCode::kInvalid, row_name(row) + ": " + std::string(what), std::move(hint),
              row_name(row));
}

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// The physical line of a byte: what an editor shows, near enough to find it.
std::size_t line_of(std::string_view text, std::size_t at) {
  return 1 + static_cast<std::size_t>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

std::size_t first_control(std::string_view text) {
  const auto found = std::find_if(text.begin(), text.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u < 0x20 && c != '\t' && !is_line_end(c)) || u == 0x7f;
  });
  return static_cast<std::size_t>(found - text.begin());
}

// The line that does not read as UTF-8, looked for: only for the error.
std::size_t bad_line(std::string_view text) {
  std::size_t at = 0;
  for (std::size_t line = 1;; ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (!is_utf8(text.substr(at, end - at)) || end == text.size()) return line;
    at = end + 1;
  }
}

bool starts_formula(std::string_view cell) {
  cell.remove_prefix(std::min(cell.find_first_not_of("' \t\r\n"), cell.size()));
  return std::any_of(kFormulaStarts.begin(), kFormulaStarts.end(),
                     [cell](std::string_view start) { return cell.starts_with(start); });
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || is_line_end(c); };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

class Reader {
 public:
  Reader(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

  Result<Table> run() {
    if (text_.starts_with(kBom)) text_.remove_prefix(kBom.size());
    take_separator();
    for (std::uint32_t number = 1; at_ < text_.size(); ++number) {
      Row row;
      row.number = number;
      FOCAL_TRY(take_row(row));
      const bool blank = std::all_of(row.cells.begin(), row.cells.end(),
                                     [](const std::string& c) { return trimmed(c).empty(); });
      if (blank) continue;
      if (table_.rows.size() > limits_.rows)
        return fail(ErrorCode::kLimit,
                    "the list has more than " + std::to_string(limits_.rows) + " rows",
                    "Split it into several files.", row_name(number));
      table_.rows.push_back(std::move(row));
    }
    if (table_.rows.empty())
      return fail(ErrorCode::kInvalid, "the list is empty",
                  "The first row names the columns; below it stands one weapon a row.");
    return std::move(table_);
  }

 private:
  // "sep=;" as some programs write it, or what stands most often in the first row.
  void take_separator() {
    constexpr std::string_view kSep = "sep=";
    const std::size_t end = std::min(text_.find_first_of("\r\n"), text_.size());
    if (end == kSep.size() + 1 && text_.starts_with(kSep) && is_separator(text_[kSep.size()])) {
      table_.separator = text_[kSep.size()];
      at_ = end;
      skip_line_end();
      return;
    }
    std::array<std::size_t, kSeparators.size()> counts{};
    bool quoted = false;
    const std::size_t first = std::min(text_.find_first_not_of(" \r\n"), text_.size());
    for (const char c : text_.substr(first)) {
      if (c == '"') quoted = !quoted;
      if (!quoted && is_line_end(c)) break;
      for (std::size_t i = 0; i < kSeparators.size(); ++i)
        if (!quoted && c == kSeparators[i]) ++counts[i];
    }
    const auto most = std::max_element(counts.begin(), counts.end());
    table_.separator = kSeparators[static_cast<std::size_t>(most - counts.begin())];
  }

  static bool is_separator(char c) {
    return std::find(kSeparators.begin(), kSeparators.end(), c) != kSeparators.end();
  }

  void skip_line_end() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
  }

  Status take_row(Row& row) {
    for (;;) {
      if (row.cells.size() == limits_.columns)
        return fail(
            ErrorCode::kLimit,
            row_name(row.number) + ": more than " + std::to_string(limits_.columns) + " columns",
            "Leave out columns that do not describe the weapon.", row_name(row.number));
      std::string cell;
      FOCAL_TRY(at_ < text_.size() && text_[at_] == '"' ? take_quoted(row.number, cell)
                                                        : take_plain(row.number, cell));
      row.cells.push_back(std::move(cell));
      if (at_ == text_.size()) return {};
      if (text_[at_] == table_.separator) {
        ++at_;
        continue;
      }
      skip_line_end();
      return {};
    }
  }

  Status check_size(std::uint32_t row, std::size_t size) const {
    if (size <= limits_.cell_bytes) return {};
    return fail(
        ErrorCode::kLimit,
        row_name(row) + ": a cell is longer than " + std::to_string(limits_.cell_bytes) + " bytes",
        "If it should not be, a quote before it was not closed.", row_name(row));
  }

  Status take_plain(std::uint32_t row, std::string& cell) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != table_.separator && !is_line_end(text_[at_])) {
      if (text_[at_] == '"')
        return bad(row, "a quotation mark stands inside a cell that does not begin with one",
                   "Put the whole cell into quotes and double the mark: \"5\"\" barrel\". A "
                   "spreadsheet does this when it saves.");
      ++at_;
    }
    FOCAL_TRY(check_size(row, at_ - begin));
    cell.assign(text_.substr(begin, at_ - begin));
    return {};
  }

  Status take_quoted(std::uint32_t row, std::string& cell) {
    for (++at_;;) {
      const std::size_t end = text_.find('"', at_);
      if (end == std::string_view::npos)
        return bad(row, "a quotation mark is opened and never closed",
                   "Close it, or leave it out.");
      FOCAL_TRY(check_size(row, cell.size() + (end - at_)));
      cell.append(text_.substr(at_, end - at_));
      at_ = end + 1;
      if (at_ == text_.size() || text_[at_] != '"') break;
      cell += '"';  // doubled
      ++at_;
    }
    if (at_ < text_.size() && text_[at_] != table_.separator && !is_line_end(text_[at_]))
      return bad(row, "something stands behind a closed quotation mark",
                 "Double the quotation marks that belong to the text.");
    return {};
  }

  std::string_view text_;
  const Limits& limits_;
  std::size_t at_ = 0;
  Table table_;
};

}  // namespace

Status check_text(std::string_view text, const Limits& limits) {
  if (text.starts_with("PK\x03\x04") || text.starts_with("\xD0\xCF\x11\xE0"))
    return fail(ErrorCode::kInvalid, "this is a workbook of a spreadsheet program, not CSV",
                std::string(kHowToSave));
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return fail(ErrorCode::kInvalid, "the file is UTF-16, not UTF-8", std::string(kHowToSave));
  if (text.size() > limits.bytes)
    return fail(ErrorCode::kLimit,
                "the list is longer than " + std::to_string(limits.bytes) + " bytes",
                "Split it into several files, or leave out columns that do not describe the "
                "weapon.");
  if (!is_utf8(text)) {
    const std::string line = "line " + std::to_string(bad_line(text));
    return fail(ErrorCode::kInvalid, line + ": the text is not UTF-8", std::string(kHowToSave),
                line);
  }
  if (const std::size_t at = first_control(text); at < text.size()) {
    const std::string line = "line " + std::to_string(line_of(text, at));
    return fail(ErrorCode::kInvalid,
                line + (text[at] == '\0' ? ": a NUL byte; this is no text, or it is UTF-16"
                                         : ": a control character"),
                std::string(kHowToSave), line);
  }
  return {};
}

Result<Table> read(std::string_view text, const Limits& limits) {
  FOCAL_TRY(check_text(text, limits));
  return Reader(text, limits).run();
}

std::string write_row(const std::vector<std::string>& cells, char separator) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i != 0) out += separator;
    std::string cell = starts_formula(cells[i]) ? "'" + cells[i] : cells[i];
    const bool quoted = cell.find_first_of("\"\r\n,;\t") != std::string::npos ||
                        cell.starts_with(' ') || cell.ends_with(' ');
    if (!quoted) {
      out += cell;
      continue;
    }
    out += '"';
    for (const char c : cell) out.append(c == '"' ? 2 : 1, c);
    out += '"';
  }
  return out + "\r\n";
}

std::string_view shown_cell(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.starts_with('\'') && starts_formula(cell)) cell = trimmed(cell.substr(1));
  return cell;
}

std::string_view separator_name(char separator) {
  return separator == ';' ? "SEMICOLON" : separator == '\t' ? "TAB" : "COMMA";
}

}  // namespace focal::csv
