#include "node/desk/erase.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "node/desk/act_detail.h"
#include "node/desk/named_record.h"
#include "node/desk/release.h"
#include "node/desk/views.h"

namespace focal::desk {
namespace {

bool is_plain_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Status check_words(const v1::RecordEraseRequest& request) {
  const std::string& authority = request.authority();
  if (authority.empty() || authority.size() > kMaxAuthority || !is_plain_line(authority))
    return fail(ErrorCode::kInvalid, "an erasure needs an authority: one line of at most 300 bytes",
                "Say who decided it with --authority 'TEXT': a court, a law, an agreement.",
                "authority");
  if (request.reason().empty() || request.reason().size() > kMaxEraseReason)
    return fail(ErrorCode::kInvalid, "an erasure needs a reason of at most 1000 bytes",
                "Say why with --reason 'TEXT'; it is kept in the ledger.", "reason");
  if (request.case_number().empty() != request.rid().empty()) return {};
  return fail(ErrorCode::kInvalid, "an erasure is of one record or of one case",
              "'focal erase T-12 …' or 'focal erase RID …'.", "case_number");
}

// Records of a case, or the one that was named.
Result<std::vector<store::RecordInfo>> records_of(node::Node& node,
                                                  const v1::RecordEraseRequest& request) {
  store::View& view = node.core().view();
  std::vector<store::RecordInfo> out;
  if (!request.case_number().empty()) {
    FOCAL_ASSIGN(const auto row, find_case(node, request.case_number()));
    for (const auto& event : view.case_events(row.id))
      if (auto info = view.record(event.idx)) out.push_back(std::move(*info));
    return out;
  }
  FOCAL_ASSIGN(auto info, named_record(view, request.rid(), "rid"));
  out.push_back(std::move(info));
  return out;
}

// What the group under way erases already.
std::set<Hash32> erased_now(node::Node& node) {
  std::set<Hash32> out;
  for (const store::Op& op : node.core().written())
    if (const auto* put = std::get_if<store::PutShred>(&op)) out.insert(put->ref.rid);
  return out;
}

std::string summary_of(const store::RecordInfo& info) {
  std::string out = "erases for ever ";
  out.append(info.kind.empty() ? "a record" : info.kind).append(info.sent ? " to " : " from ");
  out.append(info.peer).append(" of ").append(format_utc(info.ref.created_ms)).append(", ");
  return out.append(hex(info.ref.rid));
}

// What the second officer's decision is about: first whose and why, then every record.
std::vector<By::Change> changes_of(const v1::RecordEraseRequest& request,
                                   const std::vector<store::RecordInfo>& records,
                                   const std::string& own_party) {
  std::vector<By::Change> out;
  out.reserve(records.size() + 1);
  std::string words = "erases the content of ";
  words.append(std::to_string(records.size())).append(records.size() == 1 ? " record" : " records");
  if (!request.case_number().empty()) words.append(" of case ").append(request.case_number());
  words.append(" on the authority of ").append(request.authority()).append(": ");
  out.push_back({own_party, words.append(request.reason())});
  for (const auto& info : records) out.push_back({info.peer, summary_of(info)});
  return out;
}

std::uint32_t open_sendings(store::View& view, const std::vector<store::RecordInfo>& records) {
  std::set<std::pair<store::BatchId, std::uint32_t>> places;
  for (const auto& info : records)
    if (info.sent) places.emplace(info.batch, info.position);
  std::uint32_t out = 0;
  for (const auto& row : view.open_outbox())
    for (std::uint32_t at = 0; at < row.item_status.size(); ++at)
      if (row.item_status[at] == 0 && places.contains({row.batch, at})) ++out;
  return out;
}

std::string when_and_who(node::Node& node, store::LeafIndex shred) {
  std::string out = "on ";
  const auto leaf = node.core().view().leaf(shred);
  out.append(leaf ? format_date(leaf->time_ms) : "a day that cannot be read");
  const auto detail = node.ledger().detail(shred);
  if (!detail) return out.append("; by whom and why can no longer be read");
  const auto parsed = parse_detail(*detail);
  if (parsed && parsed->actor.person == kTheNode)
    return out.append(" because its time was over: ").append(parsed->reason);
  return out.append(" by ").append(detail_words(*detail));
}

}  // namespace

Status erase_records(node::Node& node, const v1::RecordEraseRequest& request, By& by,
                     const Now& now, v1::RecordEraseResponse* out) {
  FOCAL_TRY(check_words(request));
  FOCAL_ASSIGN(auto records, records_of(node, request));
  const std::set<Hash32> already = erased_now(node);
  std::erase_if(records, [&](const store::RecordInfo& info) {
    return info.shred.has_value() || already.contains(info.ref.rid);
  });
  if (records.empty())
    return fail(ErrorCode::kErased, "there is nothing left to erase",
                "'focal trace show' and 'focal ledger tail' tell when and why it went.");
  if (records.size() > kMaxErased)
    return fail(ErrorCode::kLimit, "at most 1024 records are erased in one act",
                "Erase records of the case one by one first.", "case_number");
  FOCAL_TRY(by.may_change(kEraseRule, changes_of(request, records, node.core().self().party()), now));
  const std::string detail =
      by.detail("on the authority of " + request.authority() + ": " + request.reason(), true);
  out->set_cancelled(open_sendings(node.core().view(), records));
  for (const store::RecordInfo& info : records) {
    node.core().write(store::PutShred{info.ref, detail});
    out->add_rids(hex(info.ref.rid));
  }
  out->set_records(static_cast<std::uint32_t>(records.size()));
  return {};
}

void fill_erased_state(node::Node& node, const Now& now, v1::RecordEraseResponse* out) {
  const bool gone = node.erasure().wash(now);
  out->set_state(gone ? "DONE" : "PENDING");
  std::string words = gone ? "Gone from the ledger, its index and its write-ahead log."
                           : "Gone from the ledger and its index. Somebody reads the ledger just now, so "
                             "its write-ahead log still holds it; 'focal retention show' tells when not.";
  out->set_words(words.append(" Copies of the ledger made before, with the keystore, open it until the "
                              "key is replaced tonight, or at once with 'focal retention run'. Other "
                              "parties keep what they received."));
}

Status nothing_erased(node::Node& node, const node::OpenedCase& opened) {
  if (opened.erased.empty()) return {};
  return fail(ErrorCode::kErased, "nothing can be done in this case any more: " +
              erased_words(node, opened), "If the matter goes on, open a new request.");
}

std::string erased_words(node::Node& node, store::LeafIndex record) {
  const auto info = node.core().view().record(record);
  if (!info || !info->shred) return {};
  return "its content was erased " + when_and_who(node, *info->shred);
}

// Erasures of one act share their words.
std::string erased_words(node::Node& node, const node::OpenedCase& opened) {
  if (opened.erased.empty()) return {};
  std::vector<std::string> each;
  for (const store::RecordInfo& info : opened.erased) {
    std::string words = info.shred ? when_and_who(node, *info.shred) : "at an unknown time";
    if (std::find(each.begin(), each.end(), words) == each.end()) each.push_back(std::move(words));
  }
  const std::size_t n = opened.erased.size();
  std::string out = std::to_string(n) + (n == 1 ? " record was erased " : " records were erased ");
  for (std::size_t i = 0; i < each.size(); ++i) out.append(i == 0 ? "" : "; ").append(each[i]);
  return out;
}

}  // namespace focal::desk
