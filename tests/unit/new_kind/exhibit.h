// The life of the kind that only this test has.
#pragma once

#include "node/casework/life.h"

namespace focal::casework {

const Life& exhibit_life();

}  // namespace focal::casework
