#include "node/desk/asked_before.h"

#include <algorithm>

#include "node/desk/threads.h"
#include "node/desk/weapon_search.h"
#include "node/record/serial_keys.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

bool is_equal(const WeaponHit& hit) {
  const bool equal =
      hit.match.tier == record::Tier::kExact || hit.match.tier == record::Tier::kLatin;
  return equal && std::none_of(hit.reasons.begin(), hit.reasons.end(),
                               [](const auto& reason) { return reason.agreement == "CONFLICT"; });
}

// Ours, to that party, and an answer can still come.
bool is_open_request(store::View& view, const WeaponHit& hit, const std::string& to) {
  if (!hit.case_id || !hit.by_us || hit.party != to) return false;
  const auto row = view.case_by_id(*hit.case_id);
  if (!row || !row->ours) return false;
  const auto opened = node::open_case(view, *row);
  return opened.fold.open && !opened.request_failed();
}

// In another thread of the same case with that party, still open, in the same writing: numbers that
// are read in part have no equal key.
std::optional<OpenTwin> twin_in_case(store::View& view, const pb::TraceRequest& request,
                                     const std::string& to) {
  const Threads threads = own_threads(view, request.case_ref_requester());
  for (const Thread& each : threads.all) {
    if (each.row.peer != to) continue;
    const auto opened = node::open_case(view, each.row);
    const auto root = root_record(view, each.row);
    if (!opened.fold.open || opened.request_failed() || !root || !root->record) continue;
    for (const auto& asked : root->record->message().trace_request().items())
      for (const pb::WeaponItem& item : request.items())
        if (!item.serial_raw().empty() && item.serial_raw() == asked.serial_raw())
          return OpenTwin{item.item_no(), case_number(each.row.id)};
  }
  return std::nullopt;
}

std::string equal_key(const std::string& serial) {
  return record::derive_serial_keys(serial).latin;
}

// In the group under way, which no index knows yet.
bool is_being_sent(const pb::WeaponItem& item, const std::string& to, const node::Group& group) {
  const std::string key = equal_key(item.serial_raw());
  if (key.empty()) return false;
  for (const auto& fresh : group) {
    const exchange::Manifest& m = fresh.manifest;
    if (fresh.record != nullptr || m.kind != "trace.request" || m.to.front() != to) continue;
    const auto own = record::parse_checked(fresh.body, m.kind, m.from, m.to);
    if (!own) continue;
    for (const pb::WeaponItem& each : own->message().trace_request().items())
      if (equal_key(each.serial_raw()) == key) return true;
  }
  return false;
}

}  // namespace

void fill_asked_before(store::View& view, const pb::TraceRequest& request,
                       v1::TraceOpenResponse* out) {
  const bool thorough = request.items_size() <= kMaxThoroughWeapons;
  if (!thorough)
    out->set_asked_note("more than " + std::to_string(kMaxThoroughWeapons) +
                        " weapons: only numbers that are equal, or read as equal, were looked for");
  std::size_t opened = 0;
  for (const pb::WeaponItem& item : request.items()) {
    if (opened > kMaxMatchRecords) {
      out->set_asked_note("many like numbers: from weapon " + std::to_string(item.item_no()) +
                          " on nothing was looked for");
      return;
    }
    const WeaponSearch found = search_weapon(
        view, weapon_text(item), thorough ? Depth::kAll : Depth::kEqual, kMaxShownMatches);
    opened += found.records_read;
    if (found.hits.empty()) continue;
    auto* asked = out->add_asked_before();
    asked->set_item_no(item.item_no());
    asked->set_serial(item.serial_raw());
    asked->set_total(static_cast<std::uint32_t>(found.found));
    for (const WeaponHit& hit : found.hits) fill_match(view, hit, asked->add_matches());
  }
}

std::optional<OpenTwin> find_open_twin(store::View& view, const pb::TraceRequest& request,
                                       const std::string& to, const node::Group& group) {
  if (auto twin = twin_in_case(view, request, to)) return twin;
  std::size_t opened = 0;
  for (const pb::WeaponItem& item : request.items()) {
    if (is_being_sent(item, to, group)) return OpenTwin{item.item_no(), {}};
    if (opened > kMaxMatchRecords) continue;
    const WeaponSearch found =
        search_weapon(view, weapon_text(item), Depth::kEqual, kMaxCandidateRecords);
    opened += found.records_read;
    for (const WeaponHit& hit : found.hits)
      if (is_equal(hit) && is_open_request(view, hit, to))
        return OpenTwin{item.item_no(), case_number(*hit.case_id)};
  }
  return std::nullopt;
}

}  // namespace focal::desk
