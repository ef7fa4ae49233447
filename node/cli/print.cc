#include "node/cli/print.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"
#include "base/clock.h"
#include "node/cli/width.h"

namespace focal::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 6;     // a cut column keeps at least this
constexpr std::size_t kTextColumns = 100; // wrapped text off a terminal

std::string spaces(std::size_t n) { return std::string(n, ' '); }

std::string relative(std::uint64_t at, std::uint64_t now) {
  return at >= now ? "in " + duration(at - now) : duration(now - at) + " ago";
}

}  // namespace

std::string paint(std::string_view text, Style style, const Look& look) {
  const char* code = "";
  switch (style) {
    case Style::kPlain: return std::string(text);
    case Style::kBold: code = "1"; break;
    case Style::kDim: code = "2"; break;
    case Style::kGood: code = "32"; break;
    case Style::kWarn: code = "33"; break;
    case Style::kBad: code = "31"; break;
  }
  if (!look.color || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

Table::Table(std::vector<std::string> titles) {
  for (std::string& title : titles) {
    Column column;
    if (title.front() == '<' || title.front() == '~') {
      column.right = title.front() == '<';
      column.flexible = title.front() == '~';
      title.erase(0, 1);
    }
    column.title = std::move(title);
    columns_.push_back(std::move(column));
  }
}

void Table::add(std::vector<Cell> row) {
  FOCAL_CHECK(row.size() == columns_.size());
  for (Cell& cell : row) cell.text = clean(cell.text);
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(const Look& look, std::size_t indent) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = display_width(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, display_width(row[i].text));
    out.push_back(width);
  }
  if (look.width == 0 || out.empty()) return out;
  const auto total = [&] {
    return std::accumulate(out.begin(), out.end(), indent + kGap * (out.size() - 1));
  };
  const auto cut = [&](std::size_t i) {
    const std::size_t over = total() > look.width ? total() - look.width : 0;
    const std::size_t spare = out[i] > kNarrowest ? out[i] - kNarrowest : 0;
    out[i] -= std::min(over, spare);
  };
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (columns_[i].flexible) cut(i);
  for (std::size_t n = 0; n < out.size() && total() > look.width; ++n)
    cut(static_cast<std::size_t>(std::max_element(out.begin(), out.end()) - out.begin()));
  return out;
}

std::string Table::text(const Look& look, std::size_t indent) const {
  const std::vector<std::size_t> width = widths(look, indent);
  const auto line = [&](const auto& cell_of) {
    std::string out = spaces(indent);
    std::size_t pending = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Cell cell = cell_of(i);
      const std::string shown = fit(cell.text, std::max<std::size_t>(width[i], 1));
      const std::size_t pad = width[i] - std::min(width[i], display_width(shown));
      if (!shown.empty()) {
        out += spaces(pending + (columns_[i].right ? pad : 0)) + paint(shown, cell.style, look);
        pending = columns_[i].right ? 0 : pad;
      } else {
        pending += pad;
      }
      pending += kGap;
    }
    return out + "\n";
  };
  std::string out = line([&](std::size_t i) { return Cell(columns_[i].title, Style::kBold); });
  for (const auto& row : rows_) out += line([&row](std::size_t i) { return row[i]; });
  return out;
}

std::string labelled(const std::vector<std::pair<std::string, Cell>>& fields, const Look& look) {
  std::size_t label_width = 0;
  for (const auto& [label, cell] : fields)
    if (!cell.text.empty()) label_width = std::max(label_width, display_width(label));
  const std::string indent = spaces(2 + label_width + kGap);
  const std::size_t columns = look.width == 0 ? kTextColumns : look.width;
  const std::size_t room = columns > indent.size() + 20 ? columns - indent.size() : 20;
  std::string out;
  for (const auto& [label, cell] : fields) {
    if (cell.text.empty()) continue;
    out += "  " + paint(label, Style::kDim, look) +
           spaces(label_width - display_width(label) + kGap) +
           paint(wrap(clean_lines(cell.text), room, indent), cell.style, look) + "\n";
  }
  return out;
}

std::string duration(std::uint64_t ms) {
  if (ms < kMinuteMs) return std::to_string(ms / kSecondMs) + " s";
  if (ms < kHourMs) return std::to_string(ms / kMinuteMs) + " min";
  if (ms < 2 * kDayMs) return std::to_string(ms / kHourMs) + " h";
  return std::to_string(ms / kDayMs) + " days";
}

std::string short_time(std::string_view at) {
  if (!parse_utc(at)) return clean(at);
  std::string out(at.substr(0, 16));
  out[10] = ' ';
  return out;
}

std::string past_time(std::string_view at, const Look& look) {
  const auto ms = parse_utc(at);
  if (!ms) return clean(at);
  return short_time(at) + " UTC (" + relative(*ms, look.now_ms) + ")";
}

std::string due_words(std::string_view at, const Look& look) {
  const auto ms = parse_utc(at);
  if (!ms) return clean(at);
  return *ms >= look.now_ms ? "in " + duration(*ms - look.now_ms)
                            : "overdue by " + duration(look.now_ms - *ms);
}

std::string due_time(std::string_view at, const Look& look) {
  if (!parse_utc(at)) return clean(at);
  return short_time(at) + " UTC (" + due_words(at, look) + ")";
}

std::string due_cell(const DueCell& due, const Look& look) {
  if (due.at.empty()) return due.paused_since_at.empty() ? "" : "paused";
  std::string out = due.act == "ACKNOWLEDGE" ? "acknowledge "
                    : due.act == "ANSWER"    ? "answer "
                                             : "";
  out += due_words(due.at, look);
  if (due.reminder == "REMINDER") out += ", reminder";
  if (due.reminder == "ESCALATE") out += ", escalate";
  if (due.own) out += " (own target)";
  return out;
}

bool is_past(std::string_view at, const Look& look) {
  const auto ms = parse_utc(at);
  return ms && *ms < look.now_ms;
}

std::string count(std::uint64_t n, std::string_view one, std::string_view many) {
  return std::to_string(n) + " " + std::string(n == 1 ? one : many);
}

std::string page_words(std::uint64_t shown, std::uint64_t total, std::string_view next) {
  if (shown >= total) return {};
  std::string out = std::to_string(shown) + " of " + std::to_string(total);
  if (!next.empty()) out.append("; see more with --limit, or go on with --after ").append(next);
  return out + "\n";
}

}  // namespace focal::cli
