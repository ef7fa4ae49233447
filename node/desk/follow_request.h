// Our own request as it stands now, cut down to some of its weapons: what a follow-up carries of
// ourselves. Pure; it is given no answer of anybody, so nothing of one can get in here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proto/record.pb.h"

namespace focal::desk {

struct OwnRequest {
  focal::v1::Record record;          // header, trace_request, unknown_fields
  std::vector<std::string> carried;  // sentences for the officer
  std::vector<std::string> left_out;
};

// request: a trace.request of ours. supplies: our trace.info_supply records that took effect, in
// that order: the last word about a weapon or a field stands. items: numbers that the request
// has; they become 1, 2, … in that order. Without with_persons everything that the schema calls
// personal data is left out; role and pseudonym stay.
OwnRequest own_request_now(const focal::v1::Record& request,
                           const std::vector<const focal::v1::Record*>& supplies,
                           const std::vector<std::uint32_t>& items, bool with_persons);

}  // namespace focal::desk
