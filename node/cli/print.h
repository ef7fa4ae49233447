// What people see: tables, labelled fields, times. Pure: text in, text out.
// Every piece of text from outside passes clean() here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace focal::cli {

struct Look {
  bool color = false;          // only on a terminal, and not with NO_COLOR
  std::size_t width = 0;       // columns of the terminal; 0 = do not cut
  std::uint64_t now_ms = 0;    // Unix time, for "in 2 days"
};

enum class Style { kPlain, kBold, kDim, kGood, kWarn, kBad };
std::string paint(std::string_view text, Style style, const Look& look);

struct Cell {
  std::string text;
  Style style = Style::kPlain;
  Cell(std::string t, Style s = Style::kPlain) : text(std::move(t)), style(s) {}  // NOLINT
  Cell(const char* t, Style s = Style::kPlain) : text(t), style(s) {}             // NOLINT
};

// Columns as wide as their widest cell, two blanks apart, trailing blanks removed. On a
// narrow terminal the column marked flexible is cut first, then the widest ones.
class Table {
 public:
  // "<" before a title: right-aligned; "~": flexible.
  explicit Table(std::vector<std::string> titles);
  void add(std::vector<Cell> row);  // as many cells as titles
  bool empty() const { return rows_.empty(); }
  std::string text(const Look& look, std::size_t indent = 0) const;

 private:
  struct Column {
    std::string title;
    bool right = false;
    bool flexible = false;
  };
  std::vector<std::size_t> widths(const Look& look, std::size_t indent) const;
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

// "  label   value" lines with aligned values; empty values are left out, long ones wrapped.
std::string labelled(const std::vector<std::pair<std::string, Cell>>& fields, const Look& look);

std::string duration(std::uint64_t ms);                          // 12 s, 5 min, 3 h, 2 days
std::string short_time(std::string_view at);                     // 2026-03-02 09:14
std::string past_time(std::string_view at, const Look& look);    // … UTC (3 h ago)
std::string due_time(std::string_view at, const Look& look);     // … UTC (in 2 days)
std::string due_words(std::string_view at, const Look& look);    // in 2 days / overdue by 3 h
// What a list says of a target: "answer in 2 days", "… overdue by 9 days, escalate", "paused".
struct DueCell {
  std::string_view act, at, paused_since_at, reminder;
  bool own = false;
};
std::string due_cell(const DueCell& due, const Look& look);
bool is_past(std::string_view at, const Look& look);             // false for "" and nonsense

// "1 case", "3 cases".
std::string count(std::uint64_t n, std::string_view one, std::string_view many);
// "100 of 2000; go on with --after 17-XB" under a page of a list; nothing under a whole one.
std::string page_words(std::uint64_t shown, std::uint64_t total, std::string_view next);

}  // namespace focal::cli
