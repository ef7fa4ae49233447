#include "node/store/vouched.h"

namespace focal::store {

// A log that has witnesses keeps some, so halving finds where they began; where they came and went
// it finds one of the checkpoints that they cosigned.
std::optional<PublishedRow> best_published(View& view, LeafIndex idx) {
  auto first = view.first_published(static_cast<std::uint64_t>(idx) + 1);
  if (!first || !first->cosigs.empty()) return first;
  auto best = view.newest_published();
  if (!best || best->cosigs.empty()) return first;
  std::uint64_t low = first->checkpoint.size + 1;
  std::uint64_t high = best->checkpoint.size;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    auto row = view.first_published(middle);
    if (!row) break;
    if (row->cosigs.empty()) {
      low = row->checkpoint.size + 1;
      continue;
    }
    high = middle;
    if (row->checkpoint.size < best->checkpoint.size) best = std::move(row);
  }
  return best;
}

}  // namespace focal::store
