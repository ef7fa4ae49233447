#include "node/desk/links.h"

#include <algorithm>
#include <map>
#include <set>

#include "node/desk/asked_before.h"
#include "node/desk/operators.h"
#include "node/desk/weapon_search.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

constexpr std::size_t kMaxDecisions = 1000;  // of one case

using Decisions = std::map<store::CaseId, store::CaseLinkRow>;  // by the other case

Decisions decisions_of(store::View& view, store::CaseId id) {
  Decisions out;
  for (auto& row : view.case_links(id, kMaxDecisions)) {
    const store::CaseId other = row.a == id ? row.b : row.a;
    out.emplace(other, std::move(row));
  }
  return out;
}

std::string verdict_code(store::LinkVerdict verdict) {
  return verdict == store::LinkVerdict::kSame ? "SAME" : "DIFFERENT";
}

void fill_decision(const store::CaseLinkRow& row, v1::WeaponLink* out) {
  out->set_verdict(verdict_code(row.verdict));
  out->set_decided_at(time_text(row.at_ms));
  out->set_decision(row.detail.empty() ? "who decided and why can no longer be read" : row.detail);
}

// The weapons as they are described now: what was amended since the request is looked for too.
std::vector<pb::WeaponItem> weapons_of(store::View& view, const node::OpenedCase& opened) {
  std::map<std::uint32_t, pb::WeaponItem> newest;
  const auto root = root_record(view, opened.row);
  if (!root || !root->record) return {};
  for (const auto& item : root->record->message().trace_request().items())
    newest[item.item_no()] = item;
  for (const ShownRecord& each : taken_records(view, opened, "trace.info_supply"))
    for (const auto& amended : each.record->message().trace_info_supply().amended())
      if (const auto known = newest.find(amended.item().item_no()); known != newest.end())
        known->second = amended.item();
  std::vector<pb::WeaponItem> out;
  out.reserve(newest.size());
  for (auto& [number, item] : newest) out.push_back(std::move(item));
  return out;
}

// A case that a person called the same stays named, also where the search does not find it again.
void add_decided_only(const Decisions& decisions, const std::set<store::CaseId>& shown, bool all,
                      v1::TraceShowResponse* out) {
  for (const auto& [other, row] : decisions) {
    if (shown.count(other) != 0) continue;
    if (row.verdict == store::LinkVerdict::kDifferent && !all) continue;
    auto* link = out->add_links();
    link->mutable_match()->set_case_number(case_number(other));
    fill_decision(row, link);
  }
}

struct Pair {
  store::CaseId a = 0;
  store::CaseId b = 0;
};
Result<Pair> pair_of(node::Node& node, const v1::TraceLinkRequest& request) {
  FOCAL_ASSIGN(const auto one, find_case(node, request.case_number()));
  FOCAL_ASSIGN(const auto other, find_case(node, request.other()));
  return Pair{std::min(one.id, other.id), std::max(one.id, other.id)};
}

}  // namespace

void fill_links(node::Node& node, const node::OpenedCase& opened, const Threads& threads, bool all,
                v1::TraceShowResponse* out) {
  store::View& view = node.core().view();
  std::set<store::CaseId> own{opened.row.id};
  for (const Thread& each : threads.all) own.insert(each.row.id);
  const Decisions decisions = decisions_of(view, opened.row.id);
  const auto weapons = weapons_of(view, opened);
  std::size_t readings = weapons.size();
  for (const pb::WeaponItem& weapon : weapons)
    readings += static_cast<std::size_t>(weapon.serial_alternatives_size());
  const bool few = weapons.size() <= kMaxThoroughLinks && readings <= kMaxThoroughReadings;
  const Depth depth = few ? Depth::kAll : Depth::kEqual;
  std::set<store::CaseId> seen;  // found, shown or not
  std::set<store::CaseId> dismissed;
  std::size_t opened_records = 0;
  for (const pb::WeaponItem& weapon : weapons) {
    if (opened_records > kMaxMatchRecords) break;
    const WeaponSearch found = search_weapon(view, weapon_text(weapon), depth, kMaxLinks);
    opened_records += found.records_read;
    for (const WeaponHit& hit : found.hits) {
      if (!hit.case_id || own.count(*hit.case_id) != 0) continue;
      const auto decided = decisions.find(*hit.case_id);
      seen.insert(*hit.case_id);
      if (decided != decisions.end() && !all &&
          decided->second.verdict == store::LinkVerdict::kDifferent) {
        dismissed.insert(*hit.case_id);
        continue;
      }
      if (static_cast<std::size_t>(out->links_size()) == kMaxLinks) continue;
      auto* link = out->add_links();
      link->set_item_no(weapon.item_no());
      fill_match(view, hit, link->mutable_match());
      if (decided != decisions.end()) fill_decision(decided->second, link);
    }
  }
  add_decided_only(decisions, seen, all, out);
  out->set_links_dismissed(static_cast<std::uint32_t>(dismissed.size()));
}

Status decide_link(node::Node& node, const v1::TraceLinkRequest& request, const Caller& caller) {
  FOCAL_ASSIGN(const Pair pair, pair_of(node, request));
  if (pair.a == pair.b)
    return fail(ErrorCode::kInvalid, "a link joins two cases",
                "Name two different ones: 'focal trace list' shows them.", "other");
  const bool same = request.verdict() == "SAME";
  if (!same && request.verdict() != "DIFFERENT")
    return fail(ErrorCode::kInvalid, "it is not said whether the weapons are the same",
                "SAME or DIFFERENT.", "verdict");
  if (request.reason().empty() || request.reason().size() > kMaxLinkReason)
    return fail(ErrorCode::kInvalid, "a decision needs a reason of at most 1000 bytes",
                "Say what was compared with --reason 'TEXT'; it is kept in the ledger.", "reason");
  node.core().write(store::PutCaseLink{
      pair.a, pair.b, same ? store::LinkVerdict::kSame : store::LinkVerdict::kDifferent,
      operator_name(caller) + ": " + request.reason()});
  return {};
}

void show_decision(node::Node& node, const v1::TraceLinkRequest& request, const Now& now,
                   v1::TraceLinkResponse* out) {
  const auto one = find_case(node, request.case_number());
  const auto other = find_case(node, request.other());
  if (!one || !other) return;
  store::View& view = node.core().view();
  fill_case(node, node::open_case(view, *one), now.wall_ms, out->mutable_trace());
  fill_case(node, node::open_case(view, *other), now.wall_ms, out->mutable_other());
  for (const auto& row : view.case_links(one->id, kMaxDecisions)) {
    if (row.a != other->id && row.b != other->id) continue;
    out->set_verdict(verdict_code(row.verdict));
    out->set_decision(row.detail);
  }
}

}  // namespace focal::desk
