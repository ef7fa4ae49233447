#include <algorithm>

#include "node/cli/families.h"
#include "node/cli/ledger_text.h"
#include "node/cli/progress.h"
#include "node/cli/session.h"
#include "proto/evidence.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr std::uint32_t kDefaultFound = 100;
constexpr std::uint32_t kMostFound = 1000;
constexpr std::size_t kHashShown = 64;  // hex digits in a line

std::string next_page(std::uint64_t next) {
  return "Further back: --before " + std::to_string(next) + "\n";
}

// The bytes of a leaf in lines.
std::string in_lines(const std::string& hex) {
  std::string out;
  for (std::size_t at = 0; at < hex.size(); at += kHashShown)
    out.append(out.empty() ? "" : "\n").append(hex.substr(at, kHashShown));
  return out;
}

std::string record_text(const v1::LedgerRecord& record, const Look& look) {
  const std::string content =
      record.content() == "ERASED"     ? "erased, by leaf " + std::to_string(record.erased_by())
      : record.content() == "NOT_HERE" ? "not here: only its receipt came back"
                                       : "stored";
  return labelled({{"record", record.rid()},
                   {"created", past_time(record.created_at(), look)},
                   {"direction", record.sent() ? "sent" : "received"},
                   {"case", record.case_number()},
                   {"in its batch", "number " + std::to_string(record.position())},
                   {"content", content}},
                  look);
}

std::string witnesses_text(const v1::LedgerCoverage& coverage) {
  std::string out;
  for (const v1::LedgerWitness& witness : coverage.witnesses())
    out.append(out.empty() ? "" : ", ")
        .append(witness.party())
        .append(" (")
        .append(short_time(witness.at()))
        .append(" UTC)");
  return out.empty() ? "nobody yet" : out;
}

std::string coverage_text(const v1::LedgerEntry& entry, const Look& look) {
  if (!entry.has_coverage())
    return labelled({{"checkpoint", {"not in a published checkpoint yet", Style::kWarn}}}, look);
  const v1::LedgerCoverage& coverage = entry.coverage();
  return labelled(
      {{"checkpoint", "the first with it has " + count(coverage.size(), "leaf", "leaves") +
                          ", published " + past_time(coverage.published_at(), look)},
       {"root", coverage.root()},
       {"witnessed by", witnesses_text(coverage)},
       {"proof", count(static_cast<std::uint64_t>(coverage.proof_size()), "hash", "hashes") +
                     " (--json prints them)"}},
      look);
}

std::string entry_text(const v1::LedgerEntry& entry, const Look& look) {
  const v1::LedgerView& leaf = entry.leaf();
  std::string who = leaf.who();
  if (!leaf.released_by().empty()) who.append(", released by ").append(leaf.released_by());
  std::string out = paint("Leaf " + std::to_string(leaf.index()), Style::kBold, look) + "\n";
  out += labelled({{"type", leaf.type()},
                   {"time", past_time(leaf.at(), look)},
                   {"party", leaf.party()},
                   {"kind", leaf.kind()},
                   {"who", who},
                   {"act", leaf.act()},
                   {"why", leaf.reason()},
                   {"remark", leaf.remark()},
                   {"reference", leaf.ref()},
                   {"leaf hash", leaf.hash()},
                   {"bytes", in_lines(entry.bytes())}},
                  look);
  if (entry.has_record()) out += record_text(entry.record(), look);
  out += coverage_text(entry, look);
  if (entry.receipts_size() == 0) return out;
  Table table({"RECEIPT BY", "STORED (UTC)", "STATUS", "<LEAF"});
  for (const v1::LedgerReceipt& receipt : entry.receipts())
    table.add({receipt.by(),
               short_time(receipt.at()),
               {receipt.status(), receipt.status() == "ACCEPTED" ? Style::kGood : Style::kBad},
               std::to_string(receipt.index())});
  return out + table.text(look);
}

v1::LedgerFindRequest asked(const Values& values, std::uint32_t limit) {
  v1::LedgerFindRequest out;
  out.set_party(values.text("--party"));
  out.set_kind(values.text("--kind"));
  out.set_case_number(values.text("--case"));
  out.set_from(values.text("--from"));
  out.set_to(values.text("--to"));
  out.set_officer(values.text("--officer"));
  out.set_type(values.text("--type"));
  out.set_before(values.number("--before", 0));
  out.set_limit(limit);
  return out;
}

}  // namespace

Result<int> run_ledger_log(Session& session, const Values& values) {
  std::string target = "/v1/ledger/log";
  add_query(target, "limit", values.text("--limit"));
  add_query(target, "before", values.text("--before"));
  v1::LedgerLogResponse answer;
  FOCAL_TRY(session.get(target, answer));
  if (session.show_json()) return kExitOk;
  const std::string table = leaves_of(answer, session.look());
  session.print(table.empty() ? "No leaf stands there.\n" : table);
  if (answer.next() != 0) session.print(next_page(answer.next()));
  return kExitOk;
}

Result<int> run_ledger_show(Session& session, const Values& values) {
  v1::LedgerShowResponse answer;
  FOCAL_TRY(session.get(target_of({"v1", "ledger", "leaves", values.text("LEAF")}), answer));
  if (session.show_json()) return kExitOk;
  std::string out;
  for (const v1::LedgerEntry& entry : answer.entries())
    out.append(out.empty() ? "" : "\n").append(entry_text(entry, session.look()));
  session.print(out);
  return kExitOk;
}

// The node looks at a part of the log for each question, so that it can go on meanwhile.
Result<int> run_ledger_find(Session& session, const Values& values) {
  const std::uint32_t limit =
      std::clamp(values.number("--limit", kDefaultFound), std::uint32_t{1}, kMostFound);
  v1::LedgerFindRequest request = asked(values, limit);
  v1::LedgerFindResponse all;
  {
    Progress progress(session.io());
    for (;;) {
      v1::LedgerFindResponse page;
      FOCAL_TRY(session.post("/v1/ledger/find", request, page));
      for (v1::LedgerView& leaf : *page.mutable_leaves()) *all.add_leaves() = std::move(leaf);
      all.set_size(page.size());
      all.set_looked_at(all.looked_at() + page.looked_at());
      const bool further =
          page.next() != 0 && (request.before() == 0 || page.next() < request.before());
      all.set_next(further ? page.next() : 0);
      const auto found = static_cast<std::uint32_t>(all.leaves_size());
      if (!further || found >= limit) break;
      progress.show(all.looked_at(), all.size(), 0);
      request.set_before(page.next());
      request.set_limit(limit - found);
    }
  }
  if (session.show_json(all)) return kExitOk;
  const std::string table = leaves_of(all, session.look());
  session.print(table.empty() ? "No leaf of the ledger fits.\n" : table);
  if (all.next() != 0) session.print(next_page(all.next()));
  return kExitOk;
}

}  // namespace focal::cli
