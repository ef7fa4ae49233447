#include "node/cli/import_files.h"

#include <map>

#include "base/csv.h"
#include "node/cli/session.h"
#include "proto/seizure.pb.h"

namespace focal::cli {
namespace {

constexpr std::string_view kMapHint =
    "pairs such as 'Serial No=serial,Maker=make', or a file with one pair a line; - as field: not "
    "used";

// Splits at the last =, both sides without blanks around; false: no such pair.
bool split_pair(std::string_view text, std::string& first, std::string& second) {
  const std::size_t at = text.rfind('=');
  if (at == std::string_view::npos) return false;
  first = csv::shown_cell(text.substr(0, at));
  second = csv::shown_cell(text.substr(at + 1));
  return !first.empty() && !second.empty();
}

}  // namespace

Status read_map(std::string_view text, bool lines, api::v1::TraceImportRequest& request) {
  const char separator = lines ? '\n' : ',';
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = csv::shown_cell(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
    if (part.empty() || (lines && part.starts_with('#'))) continue;
    std::string title, field;
    if (!split_pair(part, title, field))
      return fail(ErrorCode::kUsage, "'" + std::string(part) + "' is no pair of title and field",
                  std::string(kMapHint), "--map");
    auto* column = request.add_columns();
    column->set_title(title);
    column->set_field(field);
  }
  return {};
}

std::string map_text(const api::v1::TraceImportResponse& answer) {
  std::string out;
  for (const auto& column : answer.columns()) {
    if (column.field().empty()) continue;
    if (column.title().find_first_of(",='\n\r") != std::string::npos) return {};
    out += (out.empty() ? "" : ",") + column.title() + "=" + column.field();
  }
  return out;
}

Status read_route(std::string_view text, api::v1::TraceImportRequest& request) {
  std::string country, party;
  if (!split_pair(text, country, party))
    return fail(ErrorCode::kUsage, "'" + std::string(text) + "' is no route",
                "COUNTRY=PARTY, e.g. SUHH=RU", "--route");
  auto* route = request.add_routes();
  route->set_country(country);
  route->set_party(party);
  return {};
}

std::string errors_csv(std::string_view csv, const api::v1::TraceImportResponse& answer) {
  std::map<std::uint32_t, std::string> reasons;
  for (const auto& problem : answer.problems()) {
    std::string& reason = reasons[problem.row()];
    if (!reason.empty()) reason += " / ";
    if (!problem.column().empty()) reason += problem.column() + ": ";
    reason += problem.text();
    if (!problem.hint().empty()) reason += " (" + problem.hint() + ")";
  }
  const auto table = csv::read(csv);
  if (reasons.empty() || !table) return {};  // the node has read it
  // A byte order mark: without it spreadsheets do not see that it is UTF-8.
  std::string out = "\xEF\xBB\xBF";
  auto titles = table->rows.front().cells;
  const std::size_t width = titles.size();
  for (const csv::Row& row : table->rows) {
    const auto reason = reasons.find(row.number);
    const bool is_title = &row == &table->rows.front();
    if (!is_title && reason == reasons.end()) continue;
    std::vector<std::string> cells = row.cells;
    for (std::string& cell : cells) cell = csv::shown_cell(cell);
    if (cells.size() < width) cells.resize(width);
    // A list that was mended once has the column already.
    const bool again = !titles.empty() && csv::shown_cell(titles.back()) == kReasonTitle;
    if (again && cells.size() == width) cells.pop_back();
    cells.push_back(is_title ? std::string(kReasonTitle) : reason->second);
    out += csv::write_row(cells, table->separator);
  }
  return out;
}

}  // namespace focal::cli
