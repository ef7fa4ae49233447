// A record as persons name it: by its id, or by the index of its leaf. Called on the node's loop
// thread, inside Node::perform().
#pragma once

#include <string>

#include "base/result.h"
#include "node/store/view.h"

namespace focal::desk {

inline constexpr store::LeafIndex kMostLeavesLookedAt = 200'000;

// Who gives an id has the newest kMostLeavesLookedAt leaves looked through. kInvalid (neither of
// both), kNotFound; `field` is the path of both.
Result<store::RecordInfo> named_record(store::View& view, const std::string& text,
                                       const std::string& field);

}  // namespace focal::desk
