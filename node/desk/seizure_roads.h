// Where each weapon's request goes: to the State whose import mark it bears, else to the State that
// made it. A weapon goes nowhere when no such State is known, when it is ours, or when nobody there
// can be written to; why, and what to do, is said for each State.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/desk/seizure_rows.h"
#include "node/node/node.h"

namespace focal::desk::seizure {

struct Road {
  std::string party;  // empty: nowhere
  std::string text;   // why nowhere
  std::string hint;   // what to do
};

// By the officer: country -> party.
using Routes = std::map<std::string, std::string, std::less<>>;

// The country that decides; empty: none is known.
std::string_view country_of(const focal::v1::WeaponItem& item);

// On the loop's thread. country may be empty.
Road road_to(node::Node& node, std::string_view country, const Routes& routes, const Now& now);

}  // namespace focal::desk::seizure
