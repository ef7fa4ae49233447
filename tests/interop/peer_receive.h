// Our verdict on one envelope: the receiver's steps 1 to 11 as the node goes through them;
// receipts are given to a whole machine over a ledger in memory.
#pragma once

#include <string>

#include "tests/interop/peer_world.h"

namespace focal::test {

// "accept RID:STATUS,leaf:HASH,…", or "refuse STEP/CODE WORDS…". STATUS is that of a record which
// was here before, or of the receipt where the outer form alone decides it (2, 16, 25, 26), else R.
std::string judge_envelope(PeerWorld& world, ByteView envelope);

}  // namespace focal::test
