// Of each party the signed statement with the latest time, of any purpose: what HELLO shows it, so
// that a node that was set back to an older copy of itself finds out.
#pragma once

#include <optional>
#include <string>

#include "node/ledger/parts.h"

namespace focal::ledger {

// Inside a transaction. Nothing if signed_ms is 0 or no later than that of the one kept.
Status keep_statement(Parts& parts, std::int64_t party, std::uint64_t signed_ms, ByteView stmt,
                      ByteView sig);
std::optional<store::SignedStmtRow> newest_statement(Parts& parts, const std::string& party);

}  // namespace focal::ledger
