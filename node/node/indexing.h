// Keeping the search index in step with the records: what a group brings is indexed in the
// same transaction, and what an older program left is indexed again in slices small enough
// for the loop to stay responsive (docs/protocol.md, "Blind index").
#pragma once

#include <vector>

#include "node/node/cases.h"
#include "node/record/search_fields.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::node {

// One group's share of indexing again: so many leaves looked at, records opened, bytes of them.
struct SliceLimits {
  store::LeafIndex leaves = 256;
  std::size_t records = 64;
  std::size_t bytes = 512 * 1024;
};

store::PutIndex index_of(const store::RecordRef& ref, const record::CheckedRecord& record);

// Of the group's fresh records; appended after the records themselves.
std::vector<store::Op> index_writes(const Group& group);

// The next slice of what is not indexed yet; empty when everything is. A record that cannot
// be read or is destroyed is passed over.
std::vector<store::Op> index_slice(store::View& view, const SliceLimits& limits = {});

}  // namespace focal::node
