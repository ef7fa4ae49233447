// Weapons that can be the same, as commands print them: asked before, and links between cases.
#pragma once

#include <string>

#include "node/cli/print.h"
#include "proto/api.pb.h"

namespace focal::cli {

// "97 equal but for letters that look alike; calibre: equal": score and reasons in a few words.
std::string match_reason(const api::v1::WeaponMatch& match);

// What a preview found of its weapons: a table, or that nothing was found.
std::string asked_before_text(const api::v1::TraceOpenResponse& ahead, const Look& look);
// Other cases with a weapon of this one; empty where there are none.
std::string links_text(const api::v1::TraceShowResponse& shown, const Look& look);

}  // namespace focal::cli
