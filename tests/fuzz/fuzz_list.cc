// A seizure list: any text is read within its limits or refused with a reason; what is read can be
// written again and read back the same, no cell of it as a formula; every row becomes a weapon or
// has a problem with a hint.
#include "base/bytes.h"
#include "base/check.h"
#include "base/csv.h"
#include "node/desk/seizure_repeats.h"

namespace {

using namespace focal;

void check_written(const csv::Table& table) {
  const csv::Limits limits;
  std::string text;
  for (const csv::Row& row : table.rows) {
    FOCAL_CHECK(row.number > 0 && !row.cells.empty() && row.cells.size() <= limits.columns);
    for (const std::string& cell : row.cells) FOCAL_CHECK(cell.size() <= limits.cell_bytes);
    text += csv::write_row(row.cells, table.separator);
  }
  csv::Limits wide;  // apostrophes and quotes make it longer
  wide.bytes = 8u << 20;
  wide.cell_bytes = 2 * limits.cell_bytes;
  const auto again = csv::read("sep=" + std::string(1, table.separator) + "\r\n" + text, wide);
  FOCAL_CHECK(again.has_value() && again->rows.size() == table.rows.size());
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    FOCAL_CHECK(again->rows[i].cells.size() == table.rows[i].cells.size());
    for (const std::string& cell : again->rows[i].cells) {
      const char first = cell.empty() ? ' ' : cell.front();
      FOCAL_CHECK(first != '=' && first != '+' && first != '-' && first != '@');
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto table = csv::read(as_text(ByteView(data, size)));
  if (!table) {
    FOCAL_CHECK(!table.error().message.empty());
    return 0;
  }
  check_written(*table);
  std::vector<std::string> titles;
  for (const std::string& title : table->rows.front().cells)
    titles.emplace_back(csv::shown_cell(title));
  const auto columns = desk::seizure::guess_columns(titles);
  FOCAL_CHECK(columns.size() == titles.size());
  const auto rows = desk::seizure::read_rows(*table, columns);
  FOCAL_CHECK(rows.weapons.size() + 1 == table->rows.size());
  for (const auto& weapon : rows.weapons) {
    for (const auto& problem : weapon.problems)
      FOCAL_CHECK(problem.row == weapon.row && !problem.text.empty() && !problem.hint.empty());
    if (weapon.is_good()) FOCAL_CHECK(!weapon.item.serial_confidence().empty());
  }
  for (const auto& repeat : desk::seizure::find_repeats(rows.weapons))
    FOCAL_CHECK(repeat.first < repeat.weapon);
  return 0;
}
