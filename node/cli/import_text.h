// What a person sees of a seizure list: before it is sent, and after.
#pragma once

#include <string>

#include "node/cli/print.h"

namespace focal::api::v1 {
class TraceImportResponse;
}

namespace focal::cli {

inline constexpr int kRowsShown = 20;  // of each kind; --errors and --json have all

// name: of the file. Ends with the lines `will reach:`.
std::string preview_text(const api::v1::TraceImportResponse& answer, const std::string& name,
                         const Look& look);
std::string sent_text(const api::v1::TraceImportResponse& answer, const Look& look);

// "120 weapons in 3 requests".
std::string amount_text(const api::v1::TraceImportResponse& answer);

}  // namespace focal::cli
