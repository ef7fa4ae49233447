// Bodies of records that officers release: valid by the schema, small.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "node/node/cases.h"
#include "tests/sim/story.h"

namespace focal::sim {

// A record of a known kind from one party to others, accepted by every rule.
// supersedes: for a correction, the answer it corrects.
Bytes valid_body(const std::string& kind, const std::string& from,
                 const std::optional<store::RecordRef>& supersedes = {});

// The record of a move in a story.
Bytes body_of(const Move& move, const std::string& from,
              const std::optional<store::RecordRef>& supersedes);

// The answer that a correction would correct.
std::optional<store::RecordRef> last_answer(const node::OpenedCase& opened);

// How often protobuf wrote to standard error of its own accord since the last call.
std::size_t protobuf_lines();

}  // namespace focal::sim
