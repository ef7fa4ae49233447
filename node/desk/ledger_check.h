// A verification report of the ledger as the API shows it; used by the node's
// route and by the command line without a node.
#pragma once

#include "node/ledger/verify.h"

namespace focal::api::v1 {
class LedgerVerifyResponse;
}

namespace focal::desk {

void fill_verify(const ledger::VerifyReport& report, const std::string& checkpoint_note,
                 std::uint64_t checkpoint_size, api::v1::LedgerVerifyResponse* out);

}  // namespace focal::desk
