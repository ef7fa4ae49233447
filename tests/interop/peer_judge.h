// Our verdict on one object from outside, as one line of tests/interop/README.md:
//   accept MEANING
//   refuse STEP/CODE WORDS…    of envelopes; for notes STEP/CODE is "-"
// Judged by the public functions that the node itself uses.
#pragma once

#include <string>

#include "tests/interop/peer_world.h"

namespace focal::test {

std::string judge_object(PeerWorld& world, const std::string& kind, ByteView bytes);

}  // namespace focal::test
