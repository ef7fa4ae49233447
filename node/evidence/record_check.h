// Every claim about one record of a bundle (docs/protocol.md, "Claims", from SIGNED on).
#pragma once

#include <vector>

#include "node/evidence/bundle.h"
#include "node/evidence/claims.h"
#include "node/evidence/ledgers.h"

namespace focal::evidence {

// Adds them in their order.
void check_record(const Chains& chains, const RecordFiles& record, std::vector<Claim>& out);

}  // namespace focal::evidence
