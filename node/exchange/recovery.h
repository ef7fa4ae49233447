// What a node that was set back gets from its peers: its own receipts, statements and checkpoints,
// which it signed on the branch of its ledger that was lost (docs/protocol.md, "Rollback and
// restore"). Both sides, pure: what is asked, what is answered from the ledger, and what may be
// written of an answer. Nothing is believed that does not carry an own signature.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "node/exchange/identity.h"
#include "node/exchange/peers.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::v1 {
class RecoveryData;
class RecoveryRequest;
}  // namespace focal::v1

namespace focal::exchange {

inline constexpr std::string_view kRecoveryRequestKind = "recovery.request";
inline constexpr std::string_view kRecoveryDataKind = "recovery.data";
inline constexpr std::size_t kMaxRecoveryPage = 200 * 1024;    // bytes of an answer
inline constexpr std::size_t kMaxWanted = 1024;                // records of a request
inline constexpr std::size_t kRecoveryRows = 256;              // looked at for a page
inline constexpr std::uint32_t kRecoveryPagesPerMinute = 4;    // of a peer

// The asked side. `asker` signed what is given back. What since_ms leaves out is what was signed
// before it; the first page (after = 0) also has the asker's newest checkpoints. At least one thing
// fits a page, so it ends.
v1::RecoveryData recovery_page(store::View& view, const Peer& asker, std::uint64_t since_ms,
                               std::uint64_t after);
// Rows of `asker` whose records it wants again, in the group under way. Others are left out.
std::vector<store::ReopenItems> reopen_wanted(store::View& view, const std::string& asker,
                                              const std::vector<store::RecordRef>& wanted);

// The asking side.
struct Recovered {
  std::vector<store::Op> ops;               // PutRecovered, PutSignedRoots
  std::size_t records = 0;                  // that were not here
  std::size_t statements = 0;
  std::vector<std::string> checkpoints;     // own notes, of any generation, that verify
  std::size_t ignored = 0;                  // no own signature, or not in its form
  std::uint64_t next = 0;                   // 0: that was all
};
// What of the page of `from` is this node's own and not here. Signatures by the keys of own cards
// count; of a card that an own revocation withdraws only those from before its `since`.
Recovered take_recovery(const Identity& self, store::View& view, const std::string& from,
                        const v1::RecoveryData& data);

}  // namespace focal::exchange
