// I10: what was exchanged can be shown to outsiders. At the end of a world a few records are made
// into evidence bundles by their sender and by a recipient; the verifier finds nothing broken in
// them, and something broken in every one of which a byte was changed.
#include "crypto/random.h"
#include "node/evidence/check.h"
#include "node/evidence/maker.h"
#include "node/exchange/card.h"
#include "node/exchange/safety_number.h"
#include "tests/sim/text.h"
#include "tests/sim/watch.h"

namespace focal::sim {
namespace {

constexpr std::size_t kRecords = 2;  // of a world
constexpr std::size_t kMutants = 3;  // of a bundle
constexpr std::string_view kRecordFolder = "rec/";
constexpr std::size_t kBlock = 512, kEndBlocks = 2 * kBlock;

std::uint64_t load(const Hash32& bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8 | bytes[i];
  return out;
}

// What has to be proved wherever no key was ever replaced. Proofs of the other's log, lines of
// witnesses and receipts of other recipients may not be there.
bool has_to_be_proved(const evidence::Claim& claim, const std::string& to) {
  switch (claim.kind) {
    case evidence::ClaimKind::kForm:
    case evidence::ClaimKind::kCard:
    case evidence::ClaimKind::kSigned:
    case evidence::ClaimKind::kContent: return true;
    case evidence::ClaimKind::kAccepted:
    case evidence::ClaimKind::kRejected: return claim.party == to;
    default: return false;
  }
}

std::string name_of(const evidence::Claim& claim) {
  return std::string(evidence::claim_name(claim.kind)) + " " + claim.party + " " + claim.by + " " +
         std::string(evidence::verdict_name(claim.judgement.verdict)) + " " +
         std::string(evidence::reason_name(claim.judgement.reason));
}

// Where the first file of a record begins: behind the index.
std::size_t first_of_records(ByteView archive) {
  std::size_t at = 0;
  while (at + kBlock < archive.size() &&
         !as_text(archive.subspan(at, kRecordFolder.size())).starts_with(kRecordFolder))
    at += kBlock;
  return at;
}

}  // namespace

void Watch::check_bundles() {
  crypto::SeededRng rng(load(transcript_));
  std::map<std::string, Hash32> fingerprints;
  for (std::size_t n = 0; n < kMaxNodes; ++n) {
    const Party& party = sim::party(n);
    const auto own = issued_.find(party.name);
    const crypto::PublicKey& root =
        own == issued_.end() ? party.card.root : own->second.back().root;
    fingerprints.emplace(party.name, exchange::root_fingerprint(party.name, root));
  }
  for (std::size_t i = 0; i < kRecords && !exchanged_.empty(); ++i) {
    const Exchanged& one = exchanged_[rng.below(exchanged_.size())];
    check_bundle(*nodes_.at(one.from), one, rng, fingerprints);
    check_bundle(*nodes_.at(one.to), one, rng, fingerprints);
  }
}

void Watch::check_bundle(Node& node, const Exchanged& one, crypto::Rng& rng,
                         const std::map<std::string, Hash32>& fingerprints) {
  const auto known = node.store().find(one.ref);
  if (!known || !known->has_body) return;  // lost with an older copy, or destroyed
  evidence::Wish wish;
  wish.records = {known->idx};
  const auto made = evidence::make_bundle(node.store(), node.core().self(), node.core().peers(),
                                          wish, node.now());
  const std::string words =
      "the bundle that " + node.name() + " makes of record " + short_hex(one.ref.rid);
  if (!made) fail("I10", words + " is none: " + made.error().message, {node.name()});
  for (const evidence::Claim& claim : evidence::check_bundle(made->archive, fingerprints)) {
    const bool is_bad = claim.judgement.verdict == evidence::Verdict::kBroken ||
                        (issued_.empty() && has_to_be_proved(claim, one.to) &&
                         claim.judgement.verdict != evidence::Verdict::kProved);
    if (is_bad) fail("I10", words + " says " + name_of(claim), {node.name()});
  }
  counts_.saw(Effect::kBundles);
  // The index is the one file whose own bytes nothing in the bundle vouches for.
  const Bytes& archive = made->archive;
  const std::size_t first = first_of_records(archive);
  for (std::size_t i = 0; i < kMutants && first + kEndBlocks < archive.size(); ++i) {
    Bytes mutant = archive;
    mutant[first + rng.below(archive.size() - kEndBlocks - first)] ^=
        static_cast<std::uint8_t>(1u << rng.below(8));
    if (evidence::whole_of(evidence::check_bundle(mutant, fingerprints)) !=
        evidence::Whole::kBroken)
      fail("I10", words + " is not BROKEN with another byte in it", {node.name()});
    counts_.saw(Effect::kMutants);
  }
}

}  // namespace focal::sim
