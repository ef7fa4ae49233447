// Records and cases that several searches of one turn of the loop have opened: a list of weapons
// does not open the same one for each of them. Holds what was stored when it was opened: not to be
// kept beyond one call on the loop. Bounded; beyond the bound it forgets and opens anew.
#pragma once

#include <map>

#include "node/desk/views.h"

namespace focal::desk {

class OpenedRecords {
 public:
  static constexpr std::size_t kMost = 32;  // of each; a record is at most 240 KiB as it is stored

  // nullptr: it cannot be read, or is of a kind not known here. Valid until the next call.
  const ShownRecord* record(store::View& view, store::LeafIndex idx) {
    if (records_.size() >= kMost && !records_.contains(idx)) records_.clear();
    auto [place, added] = records_.try_emplace(idx);
    if (added) place->second = show_record(view, idx);
    return place->second && place->second->record ? &*place->second : nullptr;
  }

  // Valid until the next call.
  const node::OpenedCase& of_case(store::View& view, const store::CaseRow& row) {
    if (cases_.size() >= kMost && !cases_.contains(row.id)) cases_.clear();
    const auto found = cases_.find(row.id);
    if (found != cases_.end()) return found->second;
    return cases_.emplace(row.id, node::open_case(view, row)).first->second;
  }

 private:
  std::map<store::LeafIndex, std::optional<ShownRecord>> records_;
  std::map<store::CaseId, node::OpenedCase> cases_;
};

}  // namespace focal::desk
