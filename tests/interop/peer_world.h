// What the C++ judge of tests/interop/README.md knows: told in lines, so that each
// implementation is asked about the same objects in the same world.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/exchange/identity.h"
#include "node/exchange/peers.h"
#include "node/store/txn.h"
#include "tests/interop/peer_witness.h"

namespace focal::test {

// What can be told for a while: between `mark` and `back`.
struct Told : ToldWitness {
  std::map<std::string, store::PeerRow> rows;
  std::string subject;                    // the party told last: whose notes are asked about
  std::vector<store::PutSentBatch> sent;  // one batch of one record each
  std::vector<store::PutReceivedBatch> here;  // the same, of records that were received before
  std::set<std::string> approved_kinds;   // taken only with the name of a second officer
};

struct PeerWorld : Told {
  exchange::Identity self;               // party, sealing keys, pair secrets; no card, no schedule
  std::uint64_t now_ms = 0;
  Bytes witness_seed;                    // own witness key
  std::optional<Told> marked;            // as it was at `mark`

  exchange::Identity identity() const;   // a copy of self that can sign

  // One line of the stream. False: no such word, or its arguments do not parse.
  bool tell(const std::vector<std::string>& words);

  exchange::Peers peers() const;         // aborts if a pinned note does not parse
  exchange::Card subject_card() const;   // the pinned card of the subject
  const store::PeerRow& subject_row() const { return rows.at(subject); }

 private:
  bool tell_party(const std::vector<std::string>& words);
  void hold(const std::string& note);
};

std::vector<std::string> split_words(std::string_view line);

}  // namespace focal::test
