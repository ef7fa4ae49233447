// What our own node asks of an act beyond the rules of the record and the life of the case: that
// it fits the case it is sent in. The other side would store such a record; nobody would be
// helped by it.
#pragma once

#include <map>

#include "node/desk/act_forms.h"

namespace focal::v1 {
class TraceRequest;
}

namespace focal::desk {

// kInvalid, with the path of the field:
//   the record names the reference of another request (a file of another case);
//   it asks about, or supplies, a field of a weapon that the request does not have;
//   an amended weapon is not the next version of one of the request's;
//   an answer leaves out a weapon that has no result yet.
Status check_fits(const Scene& scene, const record::CheckedRecord& record);

// kInvalid: an acknowledgement, delay or interim answer names a day that has passed. Asked of
// what was typed; a file may be a paper written earlier, and its days stand as they were.
Status check_days(const record::CheckedRecord& record, const Now& now);

// The version of each weapon's description: 1 in the request, more as it was amended.
std::map<std::uint32_t, std::uint32_t> item_versions(store::View& view,
                                                     const node::OpenedCase& opened,
                                                     const focal::v1::TraceRequest& request);

}  // namespace focal::desk
