#include "node/desk/seizure_asked.h"

#include <algorithm>
#include <charconv>
#include <functional>

#include "node/desk/opened_records.h"
#include "node/desk/seizure_repeats.h"
#include "node/desk/views.h"
#include "node/desk/weapon_search.h"

namespace focal::desk::seizure {
namespace {

constexpr std::size_t kHitsLookedAt = 20;  // of one weapon, best first
constexpr std::size_t kCasesFound = 1000;  // of one reference
constexpr std::size_t kCasesOpened = 8;    // the newest: numbers grow from list to list

bool contradicts(const WeaponHit& hit) {
  return std::any_of(hit.reasons.begin(), hit.reasons.end(), [](const WeaponReason& reason) {
    return reason.agreement == record::code_of(record::Agreement::kConflict);
  });
}

// 1 for "REF", 7 for "REF/7", 0 for another reference.
std::uint32_t number_of(std::string_view written, std::string_view reference) {
  if (!written.starts_with(reference)) return 0;
  written.remove_prefix(reference.size());
  if (written.empty()) return 1;
  if (!written.starts_with('/')) return 0;
  written.remove_prefix(1);
  std::uint32_t number = 0;
  const auto [end, error] =
      std::from_chars(written.data(), written.data() + written.size(), number);
  return error == std::errc{} && end == written.data() + written.size() ? number : 0;
}

}  // namespace

std::optional<api::v1::WeaponMatch> asked_before(node::Node& node,
                                                 const focal::v1::WeaponItem& item,
                                                 OpenedRecords& opened) {
  if (item.serial_raw().empty()) return std::nullopt;
  store::View& view = node.core().view();
  const auto found = search_weapon(view, weapon_text(item), Depth::kEqual, kHitsLookedAt, &opened);
  for (const WeaponHit& hit : found.hits) {
    if (!hit.by_us || !is_same(hit.match.tier, contradicts(hit))) continue;
    api::v1::WeaponMatch out;
    fill_match(view, hit, &out, &opened);
    return out;
  }
  return std::nullopt;
}

std::uint32_t next_number(node::Node& node, const std::string& reference) {
  store::View& view = node.core().view();
  auto ids = cases_by_reference(view, reference, kCasesFound);
  std::sort(ids.begin(), ids.end(), std::greater<>());
  std::uint32_t highest = 0;
  std::size_t opened = 0;
  for (const store::CaseId id : ids) {
    const auto row = view.case_by_id(id);
    if (!row || !row->ours) continue;
    if (++opened > kCasesOpened) break;
    const auto root = root_record(view, *row);
    if (!root || !root->record) continue;
    highest = std::max(
        highest,
        number_of(root->record->message().trace_request().case_ref_requester(), reference));
  }
  return highest + 1;
}

}  // namespace focal::desk::seizure
