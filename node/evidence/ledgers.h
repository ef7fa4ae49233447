// What the ledgers of the parties say of one record of a bundle, and who saw those ledgers
// (docs/protocol.md, "Claims": LOGGED, WITNESSED, QUORUM, ERASED).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/evidence/bundle.h"
#include "node/evidence/chain.h"
#include "node/exchange/inner.h"
#include "node/store/checkpoint.h"
#include "node/store/leaf.h"

namespace focal::evidence {

using Chains = std::map<std::string, Chain, std::less<>>;
// That of a party that is not in the map has no card.
const Chain& chain_of(const Chains& chains, std::string_view party);

// The item of a receipt in its form: 5.2, and a status that is sent.
std::optional<exchange::ReceiptItem> read_item(ByteView bytes);

// A leaf with its proof, judged up to the standing of the log key.
struct LogEntry {
  std::string party;
  Judgement judgement;                   // kProven: every rule before the standing holds
  std::string by, at;                    // NAME#I and the leaf's time; empty before rule 5
  const exchange::Card* card = nullptr;  // that names the log; there if the judgement is kProven
  store::Checkpoint checkpoint;          // the same
  bool stands() const { return judgement == kProven; }
};

// The leaf of this record in the ledger of a party.
LogEntry read_logged(const Chains& chains, const RecordFiles& record, const std::string& party);
// The leaf that says that the party destroyed the content; the party has such files.
LogEntry read_erased(const Chains& chains, const RecordFiles& record, const std::string& party);

// A line of a witness key of another party than the log's.
struct WitnessLine {
  std::string party;
  const WitnessKey* key = nullptr;
  std::optional<std::uint64_t> at_s;  // nothing: it does not verify, stands twice, has no time
  Judgement judgement;                // with the standing of the key
};
// By party, then in the order of the chain.
std::vector<WitnessLine> witness_lines(const Chains& chains, std::string_view owner,
                                       const crypto::Note& checkpoint);

// Is this checkpoint witnessed as its owner asks: verdict, `by` and `at` of QUORUM.
Claim quorum_of(const Chain& owner, const LogEntry& entry, const std::vector<WitnessLine>& lines);

}  // namespace focal::evidence
