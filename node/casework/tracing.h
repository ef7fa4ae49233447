// The life of a tracing request, as one table.
#pragma once

#include "node/casework/life.h"

namespace focal::casework {

const Life& tracing_life();

}  // namespace focal::casework
