#include "node/evidence/policy.h"

#include "node/exchange/card.h"
#include "node/exchange/lines.h"

namespace focal::evidence {
namespace {

constexpr std::string_view kFirstLine = "focal-witness/v1";

// A quorum that meets every other one of the same list.
bool is_quorum(std::uint64_t quorum, std::size_t witnesses) {
  return quorum <= witnesses && (witnesses == 0 || 2 * quorum > witnesses);
}

}  // namespace

std::string policy_text(const WitnessPolicy& policy) {
  std::string out(kFirstLine);
  out.append("\nparty ").append(policy.party);
  out.append("\nlog ").append(policy.log);
  out.append("\nserial ").append(std::to_string(policy.serial));
  out.append("\nquorum ").append(std::to_string(policy.quorum)).append("\n");
  for (const std::string& witness : policy.witnesses)
    out.append("witness ").append(witness).append("\n");
  return out;
}

Result<WitnessPolicy> parse_policy(std::string_view bytes) {
  if (bytes.size() > kMaxPolicySize)
    return fail(ErrorCode::kLimit, "the witness policy is larger than 4 KiB", {}, "policy");
  WitnessPolicy out;
  FOCAL_ASSIGN(out.note, crypto::parse_note(bytes));
  exchange::Lines in(out.note.text, "policy");
  FOCAL_TRY(in.take_first(kFirstLine));
  FOCAL_ASSIGN(out.party, in.take_party("party"));
  FOCAL_ASSIGN(const std::string_view log, in.take("log"));
  if (!exchange::log_generation(out.party, log)) return in.wrong("this is no log of the party");
  out.log = log;
  FOCAL_ASSIGN(out.serial, in.take_number("serial", 1, exchange::kMaxSerial));
  FOCAL_ASSIGN(out.quorum, in.take_number("quorum", 0, kMaxWitnesses));
  while (in.next_is("witness")) {
    FOCAL_ASSIGN(std::string witness, in.take_party("witness"));
    if (witness == out.party || out.witnesses.size() == kMaxWitnesses ||
        (!out.witnesses.empty() && witness <= out.witnesses.back()))
      return in.wrong("these are not up to 16 other parties in order");
    out.witnesses.push_back(std::move(witness));
  }
  FOCAL_TRY(in.done());
  if (!is_quorum(out.quorum, out.witnesses.size()))
    return fail(ErrorCode::kCard, "policy: two quorums of these witnesses need not meet", {},
                "policy.quorum");
  return out;
}

}  // namespace focal::evidence
