// Which published checkpoint shows best that a leaf stands in this log.
#pragma once

#include <optional>

#include "node/store/view.h"

namespace focal::store {

// The first one that contains the leaf and that somebody has cosigned; while nobody has, the first
// one that contains it. Nothing: none does yet. Some twenty reads at most.
std::optional<PublishedRow> best_published(View& view, LeafIndex idx);

}  // namespace focal::store
