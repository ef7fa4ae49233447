#include "node/evidence/check.h"

#include <set>

#include "node/evidence/bundle.h"
#include "node/evidence/ledgers.h"
#include "node/evidence/record_check.h"

namespace focal::evidence {
namespace {

std::vector<Claim> form(Reason reason) {
  Claim claim;
  claim.judgement = broken(reason);
  return {std::move(claim)};
}

// Every party of which there is a CARD.
std::set<std::string> parties_of(const Bundle& bundle) {
  std::set<std::string> out;
  for (const auto& [party, files] : bundle.parties) out.insert(party);
  for (const RecordFiles& record : bundle.records) {
    out.insert(record.manifest.from);
    for (const auto& [party, files] : record.receipts) out.insert(party);
    for (const auto& [party, files] : record.leaves) out.insert(party);
    for (const auto& [party, files] : record.erased) out.insert(party);
  }
  return out;
}

}  // namespace

std::vector<Claim> unreadable() { return form(Reason::kForm); }

std::vector<Claim> check_bundle(ByteView archive, const Fingerprints& fingerprints) {
  const ReadBundle read = read_bundle(archive);
  if (!read.bundle) return form(read.broken.reason);
  const Bundle& bundle = *read.bundle;
  std::vector<Claim> out;
  Chains chains;
  for (const std::string& party : parties_of(bundle)) {
    const auto files = bundle.parties.find(party);
    const auto fingerprint = fingerprints.find(party);
    const Chain& chain =
        chains
            .try_emplace(party, party, files == bundle.parties.end() ? nullptr : &files->second,
                         fingerprint == fingerprints.end() ? nullptr : &fingerprint->second)
            .first->second;
    out.push_back(chain.claim());
    out.back().party = party;
  }
  for (const RecordFiles& record : bundle.records) check_record(chains, record, out);
  return out;
}

}  // namespace focal::evidence
