// What the C++ judge of tests/interop/README.md knows: told in lines, so that each
// implementation is asked about the same objects in the same world.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "node/exchange/identity.h"
#include "node/exchange/peers.h"
#include "node/store/txn.h"

namespace focal::test {

struct PeerWorld {
  exchange::Identity self;               // party and sealing keys; no card, no schedule
  std::uint64_t now_ms = 0;
  std::map<std::string, store::PeerRow> rows;
  std::string subject;                   // the party told last: whose notes are asked about
  std::vector<store::PutSentBatch> sent;  // one batch of one record each

  // One line of the stream. False: no such word, or its arguments do not parse.
  bool tell(const std::vector<std::string>& words);

  exchange::Peers peers() const;         // aborts if a pinned note does not parse
  exchange::Card subject_card() const;   // the pinned card of the subject
  const store::PeerRow& subject_row() const { return rows.at(subject); }
};

std::vector<std::string> split_words(std::string_view line);

}  // namespace focal::test
