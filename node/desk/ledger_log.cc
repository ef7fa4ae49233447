#include "node/desk/ledger_log.h"

#include <algorithm>

#include "node/desk/act_detail.h"
#include "node/desk/ledger_tiles.h"
#include "node/desk/ledger_view.h"
#include "node/desk/release_proof.h"
#include "node/desk/status_code.h"
#include "node/desk/views.h"
#include "node/exchange/inner.h"
#include "proto/evidence.pb.h"

namespace focal::desk {
namespace {

constexpr std::uint32_t kDefaultLog = 20;

// The item of a receipt that is about this record.
void add_receipt(const store::ReceiptRow& row, const store::RecordRef& ref, v1::LedgerEntry* out) {
  for (const Bytes& bytes : row.items) {
    const auto item = exchange::parse_receipt_item(bytes);
    if (!item || item->ref != ref) continue;
    auto* receipt = out->add_receipts();
    receipt->set_by(row.party);
    receipt->set_at(time_text(item->at_ms));
    receipt->set_status(store::is_accepted(item->status) ? "ACCEPTED" : status_code(item->status));
    receipt->set_index(static_cast<std::uint64_t>(row.id));
  }
}

void fill_record(store::View& view, const store::RecordInfo& info, v1::LedgerEntry* out) {
  auto* record = out->mutable_record();
  record->set_rid(hex(info.ref.rid));
  record->set_created_at(time_text(info.ref.created_ms));
  record->set_sent(info.sent);
  record->set_position(info.position);
  if (const auto id = view.case_of(info.idx)) record->set_case_number(case_number(*id));
  record->set_content(info.shred ? "ERASED" : info.has_body ? "STORED" : "NOT_HERE");
  if (info.shred) record->set_erased_by(static_cast<std::uint64_t>(*info.shred));
  if (!info.sent) {
    if (const auto issued = view.issued_receipt(info.idx)) add_receipt(*issued, info.ref, out);
    return;
  }
  // Its recipients: each party whose receipt for it is here.
  for (const store::PeerRow& peer : view.peers())
    if (const auto receipt = view.receipt_for(info.idx, peer.party))
      add_receipt(*receipt, info.ref, out);
}

void fill_coverage(store::View& view, store::LeafIndex idx, v1::LedgerEntry* out) {
  const auto published = view.first_published(static_cast<std::uint64_t>(idx) + 1);
  if (!published) return;
  auto* coverage = out->mutable_coverage();
  coverage->set_size(published->checkpoint.size);
  coverage->set_root(base64(published->checkpoint.root));
  coverage->set_published_at(time_text(published->at_ms));
  for (const store::CosigRow& line : published->cosigs)
    fill_witness(line, coverage->add_witnesses());
  for (const Hash32& hash : view.inclusion(idx, published->checkpoint.size))
    coverage->add_proof(base64(hash));
}

Result<std::uint64_t> day(const std::string& text, const char* field) {
  const auto begin = parse_date(text);
  if (begin) return *begin;
  return fail(ErrorCode::kInvalid, "'" + text + "' is not a date", "Write it as 2027-12-31.",
              field);
}

Result<store::LeafType> type_of(const std::string& name) {
  std::string known;
  for (unsigned type = 0; type <= static_cast<unsigned>(store::LeafType::kRejected); ++type) {
    const auto each = static_cast<store::LeafType>(type);
    if (store::leaf_type_name(each) == name) return each;
    known.append(known.empty() ? "" : ", ").append(store::leaf_type_name(each));
  }
  return fail(ErrorCode::kInvalid, "no leaf has the type '" + name + "'", "One of: " + known + ".",
              "type");
}

}  // namespace

void show_log(node::Node& node, const v1::LedgerLogRequest& request, v1::LedgerLogResponse* out) {
  ReleaseProof proof(node);
  const auto size = static_cast<std::uint64_t>(node.ledger().log_size());
  const std::uint64_t limit =
      request.limit() == 0 ? kDefaultLog : std::min(request.limit(), kMostLeavesShown);
  const std::uint64_t end = request.before() == 0 ? size : std::min(request.before(), size);
  const std::uint64_t begin = end > limit ? end - limit : 0;
  for (std::uint64_t i = end; i > begin; --i) {
    v1::LedgerView row;
    if (fill_leaf(node, proof, static_cast<store::LeafIndex>(i - 1), &row))
      *out->add_leaves() = std::move(row);
  }
  out->set_size(size);
  out->set_next(begin);
}

Status show_entry(node::Node& node, store::LeafIndex idx, v1::LedgerEntry* out) {
  ledger::Ledger& ledger = node.ledger();
  const auto leaf = idx < ledger.log_size() ? ledger.leaf(idx) : std::nullopt;
  if (!leaf)
    return fail(ErrorCode::kNotFound, "the log has no leaf " + std::to_string(idx),
                "It has " + std::to_string(ledger.log_size()) + ", from 0 on.", "leaf");
  ReleaseProof proof(node);
  fill_leaf(node, proof, idx, out->mutable_leaf());
  out->set_bytes(hex(store::encode_leaf(*leaf)));
  if (const auto record = ledger.record(idx)) fill_record(ledger, *record, out);
  fill_coverage(ledger, idx, out);
  return {};
}

Result<ledger::LeafFilter> parse_filter(const v1::LedgerFindRequest& request) {
  ledger::LeafFilter out;
  out.party = request.party();
  out.kind = request.kind();
  out.with_detail = !request.officer().empty();
  if (!request.case_number().empty()) {
    FOCAL_ASSIGN(out.case_id, parse_case_number(request.case_number()));
  }
  if (!request.type().empty()) {
    FOCAL_ASSIGN(out.type, type_of(request.type()));
  }
  if (!request.from().empty()) {
    FOCAL_ASSIGN(out.from_ms, day(request.from(), "from"));
  }
  if (!request.to().empty()) {
    FOCAL_ASSIGN(const std::uint64_t last, day(request.to(), "to"));
    out.until_ms = last + kDayMs;
  }
  return out;
}

std::vector<store::LeafIndex> acted(ledger::Ledger& ledger,
                                    const std::vector<store::LeafIndex>& leaves, std::size_t begin,
                                    const std::string& officer) {
  std::vector<store::LeafIndex> out;
  const std::size_t end = std::min(leaves.size(), begin + kDetailsAtOnce);
  for (std::size_t i = begin; i < end; ++i) {
    const auto text = ledger.detail(leaves[i]);
    if (!text) continue;
    const auto detail = parse_detail(*text);
    if (detail && (detail->actor.person == officer ||
                   (!detail->release.empty() && detail->approver.person == officer)))
      out.push_back(leaves[i]);
  }
  return out;
}

}  // namespace focal::desk
