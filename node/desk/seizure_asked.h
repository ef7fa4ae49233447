// What the ledger says of the weapons of a seizure list: asked about before, by us. Looks for equal
// numbers only (exact, Latin, fold): numbers with unreadable characters and numbers with one
// character read otherwise are not found this way, and the preview says so.
#pragma once

#include <optional>
#include <string>

#include "node/node/node.h"
#include "proto/api.pb.h"
#include "proto/record.pb.h"

namespace focal::desk::seizure {

// Weapons looked up in one turn of the loop: other work is not kept waiting by a long list.
inline constexpr std::size_t kWeaponsATurn = 50;

// On the loop's thread. The best match of a request of ours that does not contradict; nothing: none.
std::optional<api::v1::WeaponMatch> asked_before(node::Node& node,
                                                 const focal::v1::WeaponItem& item);

// On the loop's thread. The number after the highest one used with this reference (REF, REF/2, …);
// 1: it was never used.
std::uint32_t next_number(node::Node& node, const std::string& reference);

}  // namespace focal::desk::seizure
