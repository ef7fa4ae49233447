#include "node/desk/seizure_repeats.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "node/desk/weapon_search.h"

namespace focal::desk::seizure {
namespace {

bool contradicts(const record::Match& match) {
  return std::any_of(match.attributes.begin(), match.attributes.end(), [](const auto& reason) {
    return reason.agreement == record::Agreement::kConflict;
  });
}

}  // namespace

bool is_same(record::Tier tier, bool contradicted) {
  return !contradicted && (tier == record::Tier::kExact || tier == record::Tier::kLatin ||
                           tier == record::Tier::kFold);
}

std::vector<Repeat> find_repeats(const std::vector<Weapon>& weapons) {
  std::vector<Repeat> out;
  std::vector<record::WeaponKeys> keys(weapons.size());
  std::unordered_map<std::string, std::vector<std::size_t>> by_fold;  // of rows that are kept
  for (std::size_t i = 0; i < weapons.size(); ++i) {
    if (!weapons[i].is_good()) continue;
    keys[i] = record::derive_weapon_keys(weapon_text(weapons[i].item));
    std::optional<Repeat> best;
    std::size_t compared = 0;
    for (const auto& reading : keys[i].readings) {
      if (reading.fold.empty() || reading.pattern) continue;
      for (const std::size_t earlier : by_fold[reading.fold]) {
        if (++compared > kMostCompared) break;
        const auto match = record::match_weapons(keys[earlier], keys[i]);
        if (!match || !is_same(match->serial.tier, contradicts(*match))) continue;
        if (!best || match->score > best->score)
          best = Repeat{i, earlier, match->score, match->serial.tier};
      }
    }
    if (best) {
      out.push_back(*best);
      continue;
    }
    for (const auto& reading : keys[i].readings)
      if (!reading.fold.empty() && !reading.pattern) {
        auto& rows = by_fold[reading.fold];
        if (rows.empty() || rows.back() != i) rows.push_back(i);
      }
  }
  return out;
}

}  // namespace focal::desk::seizure
