// The files of a seizure list: which column is what (--map), and the rows to mend (--errors).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace focal::api::v1 {
class TraceImportRequest;
class TraceImportResponse;
}  // namespace focal::api::v1

namespace focal::cli {

inline constexpr std::string_view kReasonTitle = "WHAT IS WRONG";

// "Serial No=serial,Maker=make" into the request's columns. In a file (lines): one pair a line,
// blank lines and lines with # in front do not count, and a title may hold a comma; the last = of
// a line counts. kUsage: a part without title, = or field.
Status read_map(std::string_view text, bool lines, api::v1::TraceImportRequest& request);
// The answer's columns in that form, for --map; empty: a title cannot be written so.
std::string map_text(const api::v1::TraceImportResponse& answer);

// "SUHH=RU" into the request's routes. kUsage.
Status read_route(std::string_view text, api::v1::TraceImportRequest& request);

// The bad rows as a list of their own, with the titles of the whole one and what is wrong in a
// last column, which an import passes over: mend it and import it. No cell is a formula.
// csv: the list that was sent. Empty: no row is bad.
std::string errors_csv(std::string_view csv, const api::v1::TraceImportResponse& answer);

}  // namespace focal::cli
