// Paths of a request's fields as people write and read them: "item2.serial" for what a record
// calls "trace_request.items[1].serial_raw".
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace focal::v1 {
class TraceRequest;
}

namespace focal::desk {

// The path of a record. Understood: "item2.serial" (the weapon with the number 2), a path within
// the request ("circumstances.narrative", "items[1].serial": this counts from 0), the whole path;
// "_raw" at the end may be left out. kInvalid: names no field, or no weapon, of this request.
Result<std::string> full_path(std::string_view typed, const focal::v1::TraceRequest& request);

// The other way round; what is not of this request stays as it is.
std::string short_path(std::string_view path, const focal::v1::TraceRequest& request);

// kInvalid: a path of a record that names a weapon this request does not have.
Status check_path(std::string_view path, const focal::v1::TraceRequest& request);

}  // namespace focal::desk
