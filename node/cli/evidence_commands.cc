// Evidence for others: bundles, and proofs that other parties are asked for.
#include "crypto/hash.h"
#include "node/cli/families.h"
#include "node/cli/new_file.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/evidence.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using Kind = Option::Kind;

constexpr std::size_t kMaxBundle = 64u << 20;  // bytes; docs/protocol.md, "Evidence bundle"

// Pages until it is whole; the first answer stays in `first`.
Result<std::string> fetch(Session& session, v1::EvidenceExportRequest request,
                          v1::EvidenceExportResponse& first) {
  FOCAL_TRY(session.post("/v1/evidence", request, first));
  std::string out = std::move(*first.mutable_data());
  if (first.size() > kMaxBundle)
    return fail(ErrorCode::kCorrupt, "the answer is larger than a bundle may be",
                "Is the node of the same version as this program?");
  request.Clear();
  request.set_bundle(first.bundle());
  for (std::uint64_t next = first.next(); next != 0;) {
    v1::EvidenceExportResponse page;
    request.set_offset(next);
    FOCAL_TRY(session.post("/v1/evidence", request, page));
    out += page.data();
    const bool goes_on = !page.data().empty() && page.next() == out.size();
    if (out.size() > first.size() || (page.next() != 0 && !goes_on)) break;
    next = page.next();
  }
  if (out.size() == first.size() && hex(crypto::sha256(std::string_view(out))) == first.sha256())
    return out;
  return fail(ErrorCode::kCorrupt, "the pages of the bundle do not make the whole",
              "Export it once more.");
}

// "'case of today.focalproof'": as a shell takes it.
std::string quoted(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out.append("'\\''");
    else
      out.push_back(c);
  }
  return out.append("'");
}

std::string check_command(const std::string& file, const v1::EvidenceSummary& summary) {
  std::string out = "focal-verify ";
  out.append(quoted(file));
  for (const v1::EvidenceParty& each : summary.parties())
    out.append(" --root ").append(each.party()).append("=").append(each.fingerprint());
  return out;
}

std::string contents_text(const v1::EvidenceSummary& summary) {
  std::uint64_t whole = 0, withheld = 0, erased = 0, not_here = 0;
  for (const v1::EvidenceRecord& each : summary.records()) {
    if (each.content() == "INCLUDED") ++whole;
    if (each.content() == "WITHHELD") ++withheld;
    if (each.content() == "ERASED") ++erased;
    if (each.content() == "NOT_HERE") ++not_here;
  }
  std::string out = count(whole, "record", "records") + " with content";
  const auto add = [&out](std::uint64_t n, const char* words) {
    if (n != 0) out.append(", ").append(std::to_string(n)).append(words);
  };
  add(withheld, " with its content withheld");
  add(erased, " left out: the content was erased");
  add(not_here, " left out: only its receipt is here");
  return out;
}

std::string known_words(const std::string& known) {
  if (known == "OURS") return "ours";
  return known == "VERIFIED" ? "compared with them by this node" : "not compared with them yet";
}

std::string export_text(const v1::EvidenceExportResult& result, const Look& look) {
  const v1::EvidenceSummary& summary = result.summary();
  std::string labels;
  for (const std::string& label : summary.labels())
    labels.append(labels.empty() ? "" : "\n").append(label);
  std::string out = paint("The bundle is written.", Style::kGood, look) + "\n";
  out += labelled(
      {{"file", result.file() + ", " + std::to_string((result.size() + 1023) / 1024) + " KiB"},
       {"of", summary.case_number().empty() ? "one record" : "case " + summary.case_number()},
       {"holds", contents_text(summary)},
       {"handling", labels},
       {"sha256", result.sha256()},
       {"proves",
        {std::to_string(summary.proved()) + " of " + count(summary.claims(), "claim", "claims") +
             " (" + summary.verdict() + ")",
         summary.verdict() == "PROVED" ? Style::kGood : Style::kWarn}}},
      look);
  for (const std::string& words : summary.missing())
    out.append("  ").append(clean(words)).append("\n");
  std::vector<std::pair<std::string, Cell>> roots;
  for (const v1::EvidenceParty& each : summary.parties())
    roots.emplace_back(clean("root of " + each.party()),
                       each.fingerprint() + ", " + known_words(each.known()));
  out.append("\n").append(labelled(roots, look));
  out.append(
      "\nWhoever checks it needs no node, and takes each fingerprint from that party itself, not "
      "from here:\n  ");
  return out.append(clean(result.check())).append("\n");
}

std::string demand_text(const v1::EvidenceDemandResponse& answer, const Look& look) {
  std::vector<std::pair<std::string, Cell>> out;
  for (const v1::EvidenceProof& each : answer.proofs()) {
    const Style style = each.state() == "PROVED"   ? Style::kGood
                        : each.state() == "BROKEN" ? Style::kBad
                                                   : Style::kWarn;
    out.emplace_back(clean(each.party()), Cell{each.state() + ": " + each.text(), style});
  }
  return out.empty() ? "Nobody else is a party to this record.\n" : labelled(out, look);
}

}  // namespace

Result<int> run_evidence_export(Session& session, const Values& values) {
  const std::string file = values.text("--to");
  FOCAL_TRY(check_new_file(file));
  v1::EvidenceExportRequest request;
  request.set_target(values.text("CASE|RECORD"));
  for (const std::string& word : values.list("--withhold")) request.add_withhold(word);
  v1::EvidenceExportResponse first;
  FOCAL_ASSIGN(const std::string archive, fetch(session, std::move(request), first));
  FOCAL_TRY(write_whole_file(file, archive));
  v1::EvidenceExportResult result;
  result.set_file(file);
  result.set_size(first.size());
  result.set_sha256(first.sha256());
  *result.mutable_summary() = std::move(*first.mutable_summary());
  result.set_check(check_command(file, result.summary()));
  if (!session.show_json(result)) session.print(export_text(result, session.look()));
  return kExitOk;
}

Result<int> run_evidence_demand(Session& session, const Values& values) {
  v1::EvidenceDemandRequest request;
  request.set_record(values.text("RECORD"));
  request.set_again(values.has("--again"));
  v1::EvidenceDemandResponse answer;
  FOCAL_TRY(session.post("/v1/evidence/demand", request, answer));
  if (!session.show_json()) session.print(demand_text(answer, session.look()));
  return kExitOk;
}

std::vector<Command> evidence_table() {
  return {
      {"evidence export",
       "A case or a record as a file that proves itself",
       "Writes one file (.focalproof) for somebody who has no node: an auditor, a court, another "
       "authority. It holds each record with the signatures, releases and receipts for it, the "
       "cards of "
       "who signed, and, as far as there are any, the proofs that ledgers contain it and who "
       "witnessed "
       "them. `focal-verify` and the page focal-verify.html say what it proves. Records whose "
       "content "
       "was erased are left out. --withhold leaves out the content of a record, of a kind, or all "
       "of it; "
       "the rest still proves that it existed. An auditor exports with --withhold all. The ledger "
       "keeps "
       "who exported what. The file is for its owner alone and never overwrites another.",
       "focal evidence export T-12 --to T-12.focalproof\n"
       "focal evidence export T-12 --withhold trace.request --to T-12.focalproof\n"
       "focal evidence export T-12 --withhold all --to T-12.focalproof",
       {{"CASE|RECORD", Kind::kPositional, "",
         "A case, or a record: its id or the index of its leaf", true},
        {"--withhold", Kind::kList, "WHAT",
         "Leave out the content of a record id, a kind, or all; may be repeated"},
        {"--to", Kind::kText, "FILE", "The file to be written", true}},
       run_evidence_export},
      {"evidence demand",
       "Ask another party to prove that its ledger holds a record",
       "A receipt promises that the record stands in the other party's ledger. This asks for the "
       "proof, "
       "and says what is known: ASKED, PROVED, or BROKEN where none came in seven days or it "
       "failed, "
       "which is an alarm too. Of a record that came from them it asks for the leaf of its "
       "sending. A proof "
       "that is here goes into every bundle. The other node answers once its own checkpoint "
       "contains "
       "the record, which may take a minute or a day.",
       "focal evidence demand 4095\n"
       "focal evidence demand \\\n"
       "    5f1c0c6b2d9e4a7f8b3d6e1a9c4f7b2e5d8a1c4e7f0b3d6a9c2e5f8b1d4a7c0e",
       {{"RECORD", Kind::kPositional, "", "A record: its id or the index of its leaf", true},
        {"--again", Kind::kFlag, "", "Ask once more who did not prove it"}},
       run_evidence_demand},
  };
}

}  // namespace focal::cli
