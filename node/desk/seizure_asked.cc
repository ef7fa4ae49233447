#include "node/desk/seizure_asked.h"

#include <algorithm>
#include <charconv>

#include "node/desk/seizure_repeats.h"
#include "node/desk/views.h"
#include "node/desk/weapon_search.h"

namespace focal::desk::seizure {
namespace {

constexpr std::size_t kHitsLookedAt = 20;    // of one weapon, best first
constexpr std::size_t kCasesLookedAt = 256;  // of one reference, newest first

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
                                                 const focal::v1::WeaponItem& item) {
  if (item.serial_raw().empty()) return std::nullopt;
  store::View& view = node.core().view();
  const auto found = search_weapon(view, weapon_text(item), Depth::kEqual, kHitsLookedAt);
  for (const WeaponHit& hit : found.hits) {
    if (!hit.by_us || !is_same(hit.match.tier, contradicts(hit))) continue;
    api::v1::WeaponMatch out;
    fill_match(view, hit, &out);
    return out;
  }
  return std::nullopt;
}

std::uint32_t next_number(node::Node& node, const std::string& reference) {
  store::View& view = node.core().view();
  std::uint32_t highest = 0;
  for (const store::CaseId id : cases_by_reference(view, reference, kCasesLookedAt)) {
    const auto row = view.case_by_id(id);
    const auto root = row ? root_record(view, *row) : std::nullopt;
    if (!root || !root->record || root->record->from() != node.core().self().party()) continue;
    const std::string& written =
        root->record->message().trace_request().case_ref_requester();
    highest = std::max(highest, number_of(written, reference));
  }
  return highest + 1;
}

}  // namespace focal::desk::seizure
