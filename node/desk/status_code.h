// How an item's status is called: "ACCEPTED", or the reason of a rejection.
#pragma once

#include <cstdint>
#include <string>

namespace focal::desk {

// "FORM", "REJECTED_99"; empty: not rejected (node/store/rows.h, RecordStatus).
std::string status_code(std::uint32_t status);

}  // namespace focal::desk
