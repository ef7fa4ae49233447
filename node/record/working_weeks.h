// Which days of the week a party's offices work: data/working_weeks.tsv, general knowledge and
// not official; a `check` in its note column asks somebody who knows. A node's configuration
// can say otherwise, and only there stand holidays.
#pragma once

#include <optional>
#include <string_view>

#include "base/calendar.h"

namespace focal::record {

// Of the party, or of the State that it acts for (XA of "XA-ITI"); nothing: not known.
std::optional<Week> working_week(std::string_view party);

}  // namespace focal::record
