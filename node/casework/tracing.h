// The life of a tracing request, as one table.
#pragma once

#include <string_view>
#include <vector>

#include "node/casework/life.h"

namespace focal::casework {

const Life& tracing_life();

// RESTRICTED if any item is; NO_RECORD if every answered item is; else ANSWERED.
// Empty if no item is answered.
std::string_view tracing_outcome(const std::vector<ItemOutcome>& items);

}  // namespace focal::casework
