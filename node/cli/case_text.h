// A tracing case in a few words, as several commands show it.
#pragma once

#include <string>

#include "node/cli/print.h"
#include "proto/api.pb.h"

namespace focal::cli {

Style style_of(const api::v1::TraceCase& c);
std::string direction(const api::v1::TraceCase& c);   // "to XB"
std::string flag_words(const api::v1::TraceCase& c);  // " REOPENED", or nothing
// "T-1  request to XB  SENT (sent)" and a line break.
std::string case_head(const api::v1::TraceCase& c, const Look& look);
// Whose act it waits for: "ours", "XB", or nothing. turn: a code of TraceCase.turn.
std::string turn_words(const std::string& turn, const std::string& party);

// A word of the command line as the code it stands for: not-useful, NOT_USEFUL.
std::string as_code(std::string text);

}  // namespace focal::cli
