#include "node/exchange/witness_policy.h"

#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/exchange/card.h"
#include "node/exchange/lines.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kFirstLine = "focal-witness/v1";
constexpr std::uint64_t kMaxGeneration = 0xffffffff;

bool is_log_of(std::string_view log, std::string_view party) {
  const std::size_t slash = log.rfind('/');
  const auto generation = slash == std::string_view::npos ? std::nullopt
                                                          : read_number(log.substr(slash + 1));
  return generation && *generation >= 1 && *generation <= kMaxGeneration &&
         log == log_name(party, *generation);
}

Result<WitnessPolicyFields> read_text(std::string_view text) {
  Lines in(text, "policy");
  WitnessPolicyFields out;
  FOCAL_TRY(in.take_first(kFirstLine));
  FOCAL_ASSIGN(out.party, in.take_party("party"));
  FOCAL_ASSIGN(const std::string_view log, in.take("log"));
  if (!is_log_of(log, out.party)) return in.wrong("this is not the name of a log of the party");
  out.log = std::string(log);
  FOCAL_ASSIGN(out.serial, in.take_number("serial", 1, kMaxSerial));
  FOCAL_ASSIGN(const std::uint64_t quorum, in.take_number("quorum", 0, kMaxWitnesses));
  out.quorum = static_cast<std::uint32_t>(quorum);
  while (in.next_is("witness")) {
    FOCAL_ASSIGN(std::string witness, in.take_party("witness"));
    if (out.witnesses.size() == kMaxWitnesses) return in.wrong("more than 16 lines of this kind");
    if (witness == out.party) return in.wrong("a party is no witness of its own log");
    if (!out.witnesses.empty() && witness <= out.witnesses.back())
      return in.wrong("the witnesses are not sorted, or one stands twice");
    out.witnesses.push_back(std::move(witness));
  }
  FOCAL_TRY(in.done());
  if (!is_quorum(out.witnesses.size(), out.quorum))
    return fail(ErrorCode::kCard, "policy: " + std::to_string(out.quorum) + " of " +
                                      std::to_string(out.witnesses.size()) +
                                      " is no majority of the witnesses",
                "More than half of the witnesses make a quorum.", "policy.quorum");
  return out;
}

Result<WitnessPolicy> read_note(const crypto::Note& note, std::string_view bytes) {
  FOCAL_ASSIGN(WitnessPolicyFields fields, read_text(note.text));
  return WitnessPolicy{std::move(fields), crypto::sha256(note.text), std::string(bytes)};
}

Result<crypto::Note> bounded(std::string_view bytes) {
  if (bytes.size() > kMaxPolicySize)
    return fail(ErrorCode::kLimit, "the witness policy is larger than 4 KiB", {}, "policy");
  return crypto::parse_note(bytes);
}

}  // namespace

bool is_quorum(std::size_t witnesses, std::uint32_t quorum) {
  if (witnesses == 0) return quorum == 0;
  return quorum >= 1 && quorum <= witnesses && std::size_t{2} * quorum > witnesses;
}

std::uint32_t reports_needed(std::size_t witnesses, std::uint32_t quorum) {
  return witnesses == 0 ? 0 : static_cast<std::uint32_t>(witnesses) - quorum + 1;
}

std::string witness_policy_text(const WitnessPolicyFields& fields) {
  std::string out(kFirstLine);
  const auto line = [&out](std::string_view key, std::string_view value) {
    out.append("\n").append(key).append(" ").append(value);
  };
  line("party", fields.party);
  line("log", fields.log);
  line("serial", std::to_string(fields.serial));
  line("quorum", std::to_string(fields.quorum));
  for (const std::string& witness : fields.witnesses) line("witness", witness);
  return out.append("\n");
}

Result<WitnessPolicy> read_witness_policy(std::string_view bytes) {
  FOCAL_ASSIGN(const crypto::Note note, bounded(bytes));
  return read_note(note, bytes);
}

Result<WitnessPolicy> parse_witness_policy(std::string_view bytes,
                                           const crypto::PublicKey& log_key) {
  FOCAL_ASSIGN(const crypto::Note note, bounded(bytes));
  FOCAL_ASSIGN(WitnessPolicy policy, read_note(note, bytes));
  FOCAL_TRY(crypto::check_note(note, {{policy.log, log_key}}));
  return policy;
}

Result<WitnessPolicy> make_witness_policy(const WitnessPolicyFields& fields,
                                          const crypto::SigningKey& log_key) {
  crypto::Note note{witness_policy_text(fields), {}};
  FOCAL_TRY(read_text(note.text));  // before anything is signed
  crypto::sign_note(note, fields.log, log_key);
  return parse_witness_policy(crypto::format_note(note), log_key.pk);
}

bool is_witness_policy(std::string_view note) {
  return note.starts_with(kFirstLine) && note.substr(kFirstLine.size(), 1) == "\n";
}

}  // namespace focal::exchange
