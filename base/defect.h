// Defects that the simulator plants, one at a time, to show that its invariants see
// them (tests/sim). A hook is one line: `if (planted(Defect::kX)) …`. Shipped
// libraries are built without FOCAL_DEFECTS: planted() is a constant false, and the
// compiler leaves the line out (test: no_defects_shipped). Hooks stand in .cc files
// only, so that both builds agree on every header.
#pragma once

#include <cstdint>

namespace focal {

enum class Defect : std::uint8_t {
  kNone,
  kAckBeforeCommit,      // a group fails, its envelopes are acknowledged all the same
  kReceiptBeforeCommit,  // a group fails, its receipts leave all the same
  kLinksSurviveFailure,  // a group fails, and the links go on as if nothing was lost
  kNoRecordIdCheck,      // a record that came again is taken for a new one
  kDoubleReceipt,        // a record that came twice in one group has two receipts
  kNewReceiptForRepeat,  // a repeat is answered with another receipt than the first
  kSkippedSignature,     // step 6
  kSkippedAudience,      // step 7
  kSkippedBody,          // step 8
  kSkippedTrust,         // step 9
  kSkippedClock,         // step 10
  kForeignReceipt,       // anybody's receipt counts as the recipient's
  kLostOutboxRow,        // of several recipients the last one is forgotten in memory
  kOutboxNotReloaded,    // after a restart nothing is owed any more
  kResendNeverFires,
  kBounceEndsRow,        // an unsigned hint cancels a record
  kExpiresAtOnce,        // a deadline counts before it passes
  kWaitingDropped,       // what waits is dropped when it is judged again too early
  kWrongCredit,          // a sender does not count what it used
  kLaneForgotten,        // bulk is never sent
  kReceiptAfterEnd,      // the ledger lets no receipt overwrite EXPIRED or CANCELLED
  kRevocationIgnored,    // a revocation is stored and changes nothing
  kHoldSkipped,          // an update that did not come over the party's own link counts at once
  kFoldByArrival,        // a case depends on the order in which its records came
  kCaseNotWritten,       // a record is stored without its case
  kGroupNotSeen,         // an act is checked without what the group under way holds
  kWithdrawalWins,       // an answer that met a withdrawal is lost
  kGroundLost,           // the ground of a refusal is not read
  kTurnNotWritten,       // a case that waits for us is not on our desk
  kCheckpointFromMemory, // leaves of a group that was rolled back stay in the tree
  kKeyKept,              // a sealing key whose time is over stays (tests/scenario/two_years_test.cc)
  kDowngradeAccepted,    // a sender falls back to a weaker suite or mode than it may
  kCosignWithoutCompare, // a witness cosigns what it did not compare with what it holds
  kCheckpointBeforeCommit,  // a checkpoint is given away before it is stored
  kRestoreSkipsWitness,  // a restored node signs without asking what its witnesses hold
  kKeyKeptAfterShred,    // the night after an erasure the old key-encryption key stays
  kEnd,
};

#ifdef FOCAL_DEFECTS
extern Defect planted_defect;  // set by the simulator
inline bool planted(Defect defect) { return planted_defect == defect; }
#else
constexpr bool planted(Defect) { return false; }
#endif

}  // namespace focal
