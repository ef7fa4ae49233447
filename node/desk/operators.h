// The person at this node who did something, in the words the ledger keeps.
#pragma once

#include <string>

#include "base/caller.h"

namespace focal::desk {

// "jo (uid 1000)", or "uid 1000" where the system has no name for it.
std::string operator_name(const Caller& caller);

}  // namespace focal::desk
