// Records that are here and were signed under a card that is revoked since (docs/protocol.md,
// "Revocation"): what was here before the keys may have been in other hands stands, the rest is
// disputed. Nothing is deleted.
#pragma once

#include <optional>
#include <string>

#include "node/exchange/peers.h"
#include "node/store/view.h"

namespace focal::exchange {

enum class Provenance : std::uint8_t {
  kSound,         // its card's sign key is not revoked
  kRevokedLater,  // it is, but the record was here before `since`
  kDisputed,      // it may be somebody else's
};

struct Dispute {
  Provenance provenance = Provenance::kSound;
  std::uint64_t since_ms = 0;  // of the revocation; 0 = none
};

// leaf_ms: when the leaf of the record was written here. witnessed_ms: cosignature time of the
// first checkpoint that contains a leaf of it anywhere, if one is known. Either is enough.
Dispute judge_provenance(const Peer& peer, const Card& card, std::uint64_t leaf_ms,
                         std::optional<std::uint64_t> witnessed_ms = {});

// Of a received record, by the card its batch was signed under. kSound for own records, and
// where party or card are not known here.
Dispute dispute_of(store::View& view, const Peers& peers, const store::RecordInfo& record);

}  // namespace focal::exchange
