#include "node/evidence/ledgers.h"

#include <algorithm>
#include <set>

#include "base/clock.h"
#include "crypto/merkle.h"
#include "node/evidence/proofs.h"
#include "proto/lint.h"

namespace focal::evidence {
namespace {

using exchange::Card;

constexpr std::size_t kSaltSize = 32;
// How much younger than the newest cosignature a policy may be and still be looked at: its serial
// is a time of another clock.
constexpr std::uint64_t kPolicyLeadS = kDayMs / kSecondMs;

bool is_zero(const Hash32& hash) { return hash == Hash32{}; }

// Rule 2 of LOGGED.
bool is_leaf_of(const store::Leaf& leaf, const RecordFiles& record, const std::string& party) {
  if (party == record.manifest.from) return leaf.type == store::LeafType::kSent;
  if (leaf.type != store::LeafType::kReceived && leaf.type != store::LeafType::kRejected)
    return false;
  if (!is_zero(leaf.detail)) return false;
  const auto receipt = record.receipts.find(party);
  if (receipt == record.receipts.end()) return true;
  const auto item = read_item(*receipt->second.item);
  return !item || item->leaf == store::leaf_hash(leaf);
}

// The rule between 2 and 3 of ERASED.
bool is_detail_of(const store::Leaf& leaf, ByteView detail) {
  if (detail.size() < kSaltSize) return false;
  const auto salt = *fixed<kSaltSize>(detail.first(kSaltSize));
  return store::detail_commitment(salt, detail.subspan(kSaltSize)) == leaf.detail;
}

// Rules 3 to 7 of LOGGED, after the leaf was found in order.
void read_proof_of(const Chain& chain, const store::Leaf& leaf, ByteView proof_bytes,
                   LogEntry& entry) {
  const auto proof = read_proof(as_text(proof_bytes));
  if (!proof.has_value()) {
    entry.judgement = broken(Reason::kProof);
    return;
  }
  auto checkpoint = store::parse_checkpoint(proof->note);
  if (!checkpoint.has_value() || !exchange::log_generation(entry.party, checkpoint->origin)) {
    entry.judgement = broken(Reason::kCheckpoint);
    return;
  }
  entry.checkpoint = std::move(*checkpoint);
  const store::Checkpoint& tree = entry.checkpoint;
  entry.by = tree.origin + "#" + std::to_string(proof->index);
  entry.at = claim_time(leaf.time_ms);
  if (!crypto::verify_inclusion(store::leaf_hash(leaf), proof->index, tree.size, proof->hashes,
                                tree.root)) {
    entry.judgement = broken(Reason::kProof);
    return;
  }
  entry.card = chain.card_of_log(tree.origin);
  if (entry.card == nullptr) {
    entry.judgement = chain.missing();
  } else if (!crypto::check_note(tree.note, {{tree.origin, entry.card->log}}).has_value()) {
    entry.judgement = broken(Reason::kCheckpoint);
  }
}

std::optional<store::Leaf> read_leaf(ByteView bytes, const Hash32& rid) {
  auto leaf = store::decode_leaf(bytes);
  if (leaf && (leaf->time_ms >= proto::kEndOfTimeMs || leaf->ref != rid)) leaf.reset();
  return leaf;
}

// K/Q/N of a policy, and whether it is met.
struct Count {
  std::uint64_t met = 0, quorum = 0, witnesses = 0;
  bool is_met() const { return quorum != 0 && met >= quorum; }
  std::string text() const {
    std::string out = std::to_string(met);
    return out.append("/")
        .append(std::to_string(quorum))
        .append("/")
        .append(std::to_string(witnesses));
  }
};

Count count(const WitnessPolicy& policy, const std::set<std::string_view>& seen_by) {
  Count out{0, policy.quorum, policy.witnesses.size()};
  for (const std::string& witness : policy.witnesses)
    if (seen_by.contains(witness)) ++out.met;
  return out;
}

}  // namespace

const Chain& chain_of(const Chains& chains, std::string_view party) {
  static const Chain kNone({}, nullptr, nullptr);
  const auto at = chains.find(party);
  return at == chains.end() ? kNone : at->second;
}

std::optional<exchange::ReceiptItem> read_item(ByteView bytes) {
  const auto item = exchange::parse_receipt_item(bytes);
  if (!item.has_value() || !exchange::is_receipt_status(item->status)) return std::nullopt;
  return *item;
}

LogEntry read_logged(const Chains& chains, const RecordFiles& record, const std::string& party) {
  LogEntry entry;
  entry.party = party;
  const auto files = record.leaves.find(party);
  if (files == record.leaves.end()) {
    entry.judgement = not_shown(Reason::kAbsent);
    return entry;
  }
  const auto leaf = read_leaf(*files->second.leaf, record.manifest.rid);
  if (!leaf || !is_leaf_of(*leaf, record, party)) {
    entry.judgement = broken(Reason::kLeaf);
    return entry;
  }
  read_proof_of(chain_of(chains, party), *leaf, *files->second.proof, entry);
  return entry;
}

LogEntry read_erased(const Chains& chains, const RecordFiles& record, const std::string& party) {
  LogEntry entry;
  entry.party = party;
  const ErasedFiles& files = record.erased.at(party);
  const auto leaf = read_leaf(*files.leaf, record.manifest.rid);
  if (!leaf || leaf->type != store::LeafType::kShred) {
    entry.judgement = broken(Reason::kLeaf);
  } else if (files.detail && !is_detail_of(*leaf, *files.detail)) {
    entry.judgement = broken(Reason::kCommitment);
  } else {
    read_proof_of(chain_of(chains, party), *leaf, *files.proof, entry);
  }
  if (!entry.stands()) return entry;
  if (files.detail) entry.by += " detail";
  const auto lines = witness_lines(chains, party, entry.checkpoint.note);
  const bool all_good = std::all_of(lines.begin(), lines.end(),
                                    [](const WitnessLine& line) { return line.at_s.has_value(); });
  if (!all_good) entry.judgement = broken(Reason::kCheckpoint);
  return entry;
}

std::vector<WitnessLine> witness_lines(const Chains& chains, std::string_view owner,
                                       const crypto::Note& checkpoint) {
  std::vector<WitnessLine> out;
  for (const auto& [party, chain] : chains) {
    if (party == owner || !chain.stands()) continue;
    for (const WitnessKey& key : chain.witness_keys()) {
      const auto line =
          std::find_if(checkpoint.signatures.begin(), checkpoint.signatures.end(),
                       [&key](const crypto::NoteSignature& each) {
                         return each.name == key.verifier.name && each.key_id == key.key_id;
                       });
      if (line == checkpoint.signatures.end()) continue;
      WitnessLine said{party, &key, crypto::cosignature_time(*line), broken(Reason::kSignature)};
      if (!crypto::check_note(checkpoint, {key.verifier}).has_value()) said.at_s.reset();
      if (said.at_s) said.judgement = chain.standing(*key.card, KeyRole::kWitness);
      out.push_back(std::move(said));
    }
  }
  return out;
}

Claim quorum_of(const Chain& owner, const LogEntry& entry, const std::vector<WitnessLine>& lines) {
  Claim out;
  out.kind = ClaimKind::kQuorum;
  out.party = entry.party;
  const auto policies = owner.policies(entry.checkpoint.origin);
  std::set<std::string_view> seen_by;
  std::uint64_t latest_s = 0;
  for (const WitnessLine& line : lines) {
    if (line.judgement != kProven) continue;
    seen_by.insert(line.party);
    latest_s = std::max(latest_s, *line.at_s);
  }
  out.judgement = not_shown(policies.empty() ? Reason::kAbsent : Reason::kPolicy);
  if (seen_by.empty()) return out;
  int looked_at = 0;
  for (auto policy = policies.rbegin(); policy != policies.rend() && looked_at < 2; ++policy) {
    // Neither side can pass 2^64: both numbers are below 2^63.
    if ((*policy)->serial > latest_s + kPolicyLeadS) continue;
    const Count counted = count(**policy, seen_by);
    if (looked_at++ == 0 || counted.is_met()) out.by = counted.text();
    if (!counted.is_met()) continue;
    out.judgement = kProven;
    out.at = claim_time_of_seconds(latest_s);
    return out;
  }
  return out;
}

}  // namespace focal::evidence
