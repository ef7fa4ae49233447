// The case sheet as text: for a terminal, a mail, a printer. Pure.
#pragma once

#include <cstddef>
#include <string>

namespace focal::api::v1 {
class TraceSheetResponse;
}

namespace focal::cli {

inline constexpr std::size_t kSheetColumns = 78;  // off a terminal
inline constexpr std::size_t kNarrowestSheet = 40;
inline constexpr std::size_t kLinesToNextLabel = 40;  // the label stands on every printed page

// Lines of at most so many columns, none with trailing blanks. Each begins with our own words
// or with blanks: nobody's text can pass for a line of the sheet.
std::string sheet_text(const api::v1::TraceSheetResponse& sheet, std::size_t columns);

}  // namespace focal::cli
