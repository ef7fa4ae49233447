// Verification of a ledger as a person asks for it: with the keys that stand in
// cards, and the report as the API shows it. Used by the node's route and by the
// command line without a node.
#pragma once

#include "node/exchange/card.h"
#include "node/exchange/own_log.h"
#include "node/ledger/verify.h"

namespace focal::api::v1 {
class LedgerVerifyResponse;
}

namespace focal::desk {

// What the ledger of the node with this card is checked with: every checkpoint and
// every statement has to carry a signature that verifies.
ledger::VerifyOptions verify_options(const exchange::Card& own);

// One line for each part with its own verdict, then the problems that are listed.
void fill_verify(const ledger::VerifyReport& report, api::v1::LedgerVerifyResponse* out);
// How far others vouch for it, which a running node knows. A checkpoint that is not published yet
// is for its witnesses alone: its text goes.
void fill_witness(const exchange::Coverage& coverage, api::v1::LedgerVerifyResponse* out);
// "WITNESSED" or "UNWITNESSED": is any part of the log?
const char* witness_word(const exchange::Coverage& coverage);

}  // namespace focal::desk
