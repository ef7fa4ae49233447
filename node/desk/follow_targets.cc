#include "node/desk/follow_targets.h"

#include <algorithm>

#include "node/desk/case_views.h"
#include "node/desk/record_parts.h"
#include "node/record/codes.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

bool left_for_another_state(const pb::ItemResult& result) {
  return result.result() == "EXPORTED" || result.result() == "IMPORTED_THEN_REEXPORTED";
}

}  // namespace

std::string_view state_of(std::string_view party) { return party.substr(0, party.find('-')); }

Answers answers_of(store::View& view, const node::OpenedCase& opened) {
  Answers out;
  for (const ShownRecord& taken : taken_records(view, opened)) {
    const pb::Record& record = taken.record->message();
    if (taken.manifest.from != opened.row.peer) continue;
    const auto results = results_of(record);
    if (results.empty() && !record.has_trace_refusal()) continue;
    if (taken.record->header().label) out.labels.push_back(*taken.record->header().label);
    for (const pb::ItemResult* result : results) out.results[result->item_no()] = *result;
  }
  return out;
}

std::vector<Target> targets_of(const Answers& answers, const std::string& own_party,
                               const std::string& answered_by) {
  std::vector<Target> out;
  const auto point = [&](const std::string& country, std::uint32_t item_no) {
    if (!record::is_current_country(country) || country == state_of(own_party) ||
        country == state_of(answered_by))
      return;
    auto found = std::find_if(out.begin(), out.end(),
                              [&](const Target& each) { return each.party == country; });
    if (found == out.end()) {
      if (out.size() == kMaxTargets) return;
      found = out.insert(out.end(), {country, {}});
    }
    if (found->items.empty() || found->items.back() != item_no) found->items.push_back(item_no);
  };
  for (const auto& [item_no, result] : answers.results) {
    for (const std::string& country : result.suggested_next()) point(country, item_no);
    if (left_for_another_state(result)) point(result.country(), item_no);
  }
  return out;
}

}  // namespace focal::desk
