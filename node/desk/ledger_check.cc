#include "node/desk/ledger_check.h"

#include "node/exchange/tlog_proof.h"
#include "proto/api.pb.h"

namespace focal::desk {

namespace v1 = api::v1;

namespace {

Status check_proof(const store::ProofRow& row, const std::vector<ledger::LogSigner>& logs) {
  FOCAL_ASSIGN(const exchange::TlogProof proof, exchange::parse_tlog_proof(row.proof));
  const auto leaf = store::decode_leaf(row.leaf);
  if (!leaf) return fail(ErrorCode::kWitness, "its leaf has no valid form");
  FOCAL_ASSIGN(const store::Checkpoint shown, store::parse_checkpoint(proof.note));
  Error why = fail(ErrorCode::kWitness, "no card of " + row.party + " here names " + shown.origin);
  for (const ledger::LogSigner& log : logs) {
    if (log.origin != shown.origin) continue;
    const auto holds =
        exchange::check_tlog_proof(proof, store::leaf_hash(*leaf), log.origin, log.key);
    if (holds) return {};
    why = holds.error();
  }
  return why;
}

}  // namespace

ledger::VerifyOptions verify_options(const exchange::Card& own) {
  ledger::VerifyOptions out;
  out.log_key = own.log;
  out.sign_key = own.sign;
  out.own_card = own.card_id;
  out.read_own_card = [](const std::string& note) -> Result<ledger::OwnCard> {
    FOCAL_ASSIGN(const exchange::Card card, exchange::parse_card(note));
    return ledger::OwnCard{{card.party, card.card_id, card.sign, card.witness}, card.log_name,
                           card.log, card.prev};
  };
  out.read_card = [](const std::string& note) -> Result<ledger::Signer> {
    FOCAL_ASSIGN(const exchange::Card card, exchange::parse_card(note));
    return ledger::Signer{card.party, card.card_id, card.sign, card.witness,
                          ledger::LogSigner{card.log_name, card.log}};
  };
  out.check_proof = check_proof;
  out.read_policy = [](const std::string& note) -> Result<ledger::WitnessRule> {
    FOCAL_ASSIGN(exchange::WitnessPolicy policy, exchange::read_witness_policy(note));
    return ledger::WitnessRule{policy.log, policy.quorum, std::move(policy.witnesses)};
  };
  return out;
}

void fill_verify(const ledger::VerifyReport& report, v1::LedgerVerifyResponse* out) {
  out->set_ok(report.ok());
  out->set_log_only(report.log_only);
  out->set_size(report.leaves);
  out->set_root(base64(report.root));
  if (report.checkpoint) {
    out->set_checkpoint_size(report.checkpoint->size);
    out->set_checkpoint_text(report.checkpoint->note);
  }
  out->set_witness_text("known while the node runs: 'focal witness show'");
  out->set_problem_count(report.problem_count);
  const auto line = [&](const std::string& name, bool ok, const std::string& detail) {
    auto* check = out->add_checks();
    check->set_name(name);
    check->set_ok(ok);
    check->set_detail(detail);
  };
  for (const ledger::VerifyVerdict& part : ledger::verdicts(report)) {
    std::string detail = std::to_string(part.checked) + " checked";
    if (part.problems != 0) detail += ", problems: " + std::to_string(part.problems);
    line(std::string(part.name), part.problems == 0, detail);
  }
  for (const std::string& problem : report.problems) line("problem", false, problem);
  if (report.problem_count > report.problems.size())
    line("problem", false,
         "and " + std::to_string(report.problem_count - report.problems.size()) + " more");
}

const char* witness_word(const exchange::Coverage& coverage) {
  return coverage.witnessed != 0 ? "WITNESSED" : "UNWITNESSED";
}

void fill_witness(const exchange::Coverage& coverage, v1::LedgerVerifyResponse* out) {
  out->set_witness(witness_word(coverage));
  out->set_witness_text(coverage.words);
  if (out->checkpoint_size() > coverage.published) out->clear_checkpoint_text();
}

}  // namespace focal::desk
