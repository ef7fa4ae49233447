// A checkpoint of another party's log, by whomever it was shown: whose it is, and that the log key
// of a card of that party signed it.
#pragma once

#include <string>
#include <string_view>

#include "node/exchange/peers.h"
#include "node/store/checkpoint.h"

namespace focal::exchange {

struct SeenCheckpoint {
  store::Checkpoint at;    // what it says
  std::string party;
  bool is_in_force = false;  // of the log of the pinned card, not of an earlier one
  std::string note;        // text and the line of the log key alone: lines of others are cut off
};

// kNote (no checkpoint), kNotFound (of no log of a party known here), kSignature.
Result<SeenCheckpoint> check_seen(std::string_view note, const Peers& peers);

}  // namespace focal::exchange
