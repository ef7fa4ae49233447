// Bodies of records that officers release: valid by the schema, small.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "node/store/rows.h"

namespace focal::sim {

// A record of a known kind from one party to others, accepted by every rule.
// supersedes: for a correction, the answer it corrects.
Bytes valid_body(const std::string& kind, const std::string& from,
                 const std::optional<store::RecordRef>& supersedes = {});

// How often protobuf wrote to standard error of its own accord since the last call.
std::size_t protobuf_lines();

}  // namespace focal::sim
