// May what a party answered be passed on to another one, and under which label does it travel
// then: a derived record bears the strictest label of its sources. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/record/record.h"

namespace focal::v1 {
class Label;
}

namespace focal::desk {

// labels: of everything that party answered in the case. today: YYYY-MM-DD. Nothing: it may.
// Otherwise why it may not, for the officer: "XB has to consent first (ask XB)".
std::optional<std::string> why_not_passed_on(const std::vector<record::Label>& labels,
                                             const std::string& party, const std::string& to,
                                             std::string_view today);

// own with every rule made as strict as the strictest of others. False: no such label exists
// (no common purpose or recipient); own is left as it was.
bool make_strictest(const std::vector<record::Label>& others, const std::string& to,
                    focal::v1::Label* own);

}  // namespace focal::desk
