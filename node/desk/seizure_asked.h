// What the ledger says of the weapons of a seizure list: asked about before, by us. Looks for equal
// numbers only (exact, Latin, fold): numbers with unreadable characters and numbers with one
// character read otherwise are not found this way, and the preview says so.
#pragma once

#include <optional>
#include <string>

#include "node/node/node.h"
#include "proto/api.pb.h"
#include "proto/record.pb.h"

namespace focal::desk {
class OpenedRecords;  // node/desk/opened_records.h
}

namespace focal::desk::seizure {

// Weapons looked up in one turn of the loop: other work is not kept waiting by a long list.
inline constexpr std::size_t kWeaponsATurn = 100;

// On the loop's thread. The best match of a request of ours that does not contradict; nothing:
// none. opened: of this turn.
std::optional<api::v1::WeaponMatch> asked_before(node::Node& node,
                                                 const focal::v1::WeaponItem& item,
                                                 OpenedRecords& opened);

// On the loop's thread. The number after the highest one that the newest of our cases with this
// reference (REF, REF/2, …) have; 1: it was never used.
std::uint32_t next_number(node::Node& node, const std::string& reference);

}  // namespace focal::desk::seizure
