// Bodies of records that officers release: valid by the schema, small. Each that has room for
// free text carries the canary, which may never be seen in the clear outside.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "crypto/random.h"
#include "node/node/cases.h"
#include "tests/sim/story.h"

namespace focal::sim {

ByteView canary();
bool contains(ByteView all, ByteView part);

// A body of a kind that nobody knows: the canary and noise.
Bytes filling(crypto::Rng& rng, std::size_t size);

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
