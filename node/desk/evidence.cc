#include "node/desk/evidence.h"

#include <algorithm>
#include <set>

#include "crypto/hash.h"
#include "node/desk/case_views.h"
#include "node/desk/named_record.h"
#include "node/desk/permissions.h"
#include "node/desk/views.h"
#include "node/evidence/bundle.h"
#include "node/evidence/check.h"
#include "node/evidence/maker.h"
#include "node/evidence/words.h"
#include "node/exchange/kind_policy.h"
#include "node/exchange/safety_number.h"
#include "node/exchange/trust.h"
#include "proto/evidence.pb.h"

namespace focal::desk {
namespace {

constexpr std::string_view kAll = "all";

// What was asked for, in the order of its leaves.
struct Asked {
  std::string case_number;  // empty: one record
  std::optional<Hash32> root;
  std::vector<store::RecordInfo> records;
};

Result<Asked> asked_of(node::Node& node, const std::string& target) {
  store::View& view = node.core().view();
  Asked out;
  if (!target.starts_with("T-")) {
    FOCAL_ASSIGN(auto info, named_record(view, target, "target"));
    out.records.push_back(std::move(info));
    return out;
  }
  FOCAL_ASSIGN(const auto row, find_case(node, target));
  out.case_number = case_number(row.id);
  out.root = row.root.rid;
  for (const auto& event : view.case_events(row.id))
    if (auto info = view.record(event.idx)) out.records.push_back(std::move(*info));
  if (out.records.empty())
    return fail(ErrorCode::kNotFound, "no record of case " + out.case_number + " is here", {},
                "target");
  return out;
}

// Does that word of the request mean this record?
bool means(const std::string& word, const store::RecordInfo& info) {
  return word == kAll || word == hex(info.ref.rid) || exchange::covers(word, info.kind);
}

Result<std::set<Hash32>> withheld_of(const v1::EvidenceExportRequest& request,
                                     const std::vector<store::RecordInfo>& records) {
  if (static_cast<std::size_t>(request.withhold_size()) > kMostWithhold)
    return fail(ErrorCode::kLimit, "at most 1024 words say what is withheld", {}, "withhold");
  std::set<Hash32> out;
  for (const std::string& word : request.withhold()) {
    bool found = false;
    for (const store::RecordInfo& info : records) {
      if (!means(word, info)) continue;
      found = true;
      out.insert(info.ref.rid);
    }
    if (!found)
      return fail(
          ErrorCode::kInvalid, "nothing that would be exported is '" + word + "'",
          "Withhold a record by its id, a kind (trace.answer, trace.*), or all; nothing was "
          "exported.",
          "withhold");
  }
  return out;
}

bool is_left_out(const evidence::Made& made, const store::RecordRef& ref) {
  return std::find(made.left_out.begin(), made.left_out.end(), ref) != made.left_out.end();
}

std::string_view content_of(const evidence::Made& made, const evidence::Wish& wish,
                            const store::RecordInfo& info) {
  if (is_left_out(made, info.ref)) return info.shred ? "ERASED" : "NOT_HERE";
  return wish.withheld.contains(info.ref.rid) ? "WITHHELD" : "INCLUDED";
}

void fill_records(node::Node& node, const Asked& asked, const evidence::Made& made,
                  const evidence::Wish& wish, v1::EvidenceSummary* out) {
  std::set<std::string> labels;
  out->set_case_number(asked.case_number);
  for (const store::RecordInfo& info : asked.records) {
    auto* record = out->add_records();
    record->set_rid(hex(info.ref.rid));
    record->set_index(static_cast<std::uint64_t>(info.idx));
    record->set_kind(info.kind);
    record->set_created_at(time_text(info.ref.created_ms));
    record->set_from(info.sent ? node.core().self().party() : info.peer);
    record->set_content(std::string(content_of(made, wish, info)));
    if (record->content() != "INCLUDED") continue;
    const auto shown = show_record(node.core().view(), info.idx);
    if (shown && shown->record && shown->record->header().label)
      labels.insert(label_line(*shown->record->header().label));
  }
  for (const std::string& label : labels) out->add_labels(label);
}

// As this node holds their roots; whoever checks the bundle takes them from elsewhere.
void fill_parties(node::Node& node, ByteView archive, v1::EvidenceSummary* out) {
  const evidence::ReadBundle read = evidence::read_bundle(archive);
  if (!read.bundle) return;
  for (const auto& [party, files] : read.bundle->parties) {
    const bool ours = party == node.core().self().party();
    const exchange::Peer* peer = ours ? nullptr : node.core().peers().find(party);
    if (!ours && peer == nullptr) continue;
    const crypto::PublicKey& root = ours ? node.core().self().card.root : peer->card.root;
    auto* row = out->add_parties();
    row->set_party(party);
    row->set_fingerprint(hex(exchange::root_fingerprint(party, root)));
    row->set_known(ours ? "OURS" : std::string(exchange::standing_name(peer->standing)));
  }
}

// What the leaf of the export says.
std::string export_words(const Asked& asked, const v1::EvidenceSummary& summary,
                         const Bytes& archive) {
  const auto with = [&](std::string_view content) {
    return std::count_if(summary.records().begin(), summary.records().end(),
                         [&](const auto& record) { return record.content() == content; });
  };
  std::string out = asked.case_number.empty() ? "record " + hex(asked.records.front().ref.rid)
                                              : "case " + asked.case_number;
  out.append(": ").append(std::to_string(with("INCLUDED"))).append(" with content, ");
  out.append(std::to_string(with("WITHHELD"))).append(" with content withheld, ");
  out.append(std::to_string(with("ERASED") + with("NOT_HERE"))).append(" left out; sha256 ");
  out.append(hex(crypto::sha256(archive)));
  for (const std::string& label : summary.labels()) out.append("\n").append(label);
  return out;
}

// An auditor's session reads no content, so none leaves in its name either.
Status check_auditor(const By& by, const v1::EvidenceExportRequest& request) {
  const auto& words = request.withhold();
  if (by.actor.role != role_name(Role::kAuditor) ||
      std::find(words.begin(), words.end(), kAll) != words.end())
    return {};
  return fail(ErrorCode::kPermission, "an auditor exports no content",
              "Add --withhold all: signatures, receipts and proofs are exported without it. An "
              "officer exports the content.",
              "withhold");
}

}  // namespace

Result<Bytes> export_evidence(node::Node& node, const v1::EvidenceExportRequest& request, By& by,
                              const Now& now, v1::EvidenceSummary* out) {
  FOCAL_TRY(by.ask_rights());
  FOCAL_ASSIGN(const Asked asked, asked_of(node, request.target()));
  FOCAL_TRY(check_auditor(by, request));
  evidence::Wish wish;
  wish.root = asked.root;
  FOCAL_ASSIGN(wish.withheld, withheld_of(request, asked.records));
  wish.records.reserve(asked.records.size());
  for (const store::RecordInfo& info : asked.records) wish.records.push_back(info.idx);
  node::Core& core = node.core();
  FOCAL_ASSIGN(evidence::Made made,
               evidence::make_bundle(core.view(), core.self(), core.peers(), wish, now));
  fill_records(node, asked, made, wish, out);
  fill_parties(node, made.archive, out);
  core.write(store::PutAdmin{{}, by.detail(export_words(asked, *out, made.archive), true)});
  return std::move(made.archive);
}

void fill_verdict(ByteView archive, v1::EvidenceSummary* out) {
  evidence::Fingerprints roots;
  for (const auto& row : out->parties()) {
    const auto bytes = unhex(row.fingerprint());
    const auto fingerprint = bytes ? fixed<32>(ByteView(*bytes)) : std::nullopt;
    if (fingerprint) roots[row.party()] = *fingerprint;
  }
  const auto claims = evidence::check_bundle(archive, roots);
  out->set_verdict(std::string(evidence::whole_name(evidence::whole_of(claims))));
  out->set_claims(static_cast<std::uint32_t>(claims.size()));
  std::uint32_t proved = 0;
  for (const evidence::Claim& claim : claims) {
    if (claim.judgement.verdict == evidence::Verdict::kProved) {
      ++proved;
    } else if (static_cast<std::size_t>(out->missing_size()) < kMostMissing) {
      out->add_missing(evidence::words(claim, "en"));
    }
  }
  out->set_proved(proved);
}

}  // namespace focal::desk
