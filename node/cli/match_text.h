// Weapons that can be the same, as commands print them: asked before, and links between cases.
#pragma once

#include <string>

#include "node/cli/print.h"
#include "proto/api.pb.h"

namespace focal::cli {

// "look-alike letters; O read as 0; maker: equal; calibre: in conflict (7.62X39 and 9X19)": why a
// weapon was found. unknown: also what one side says nothing of.
std::string why_words(const api::v1::WeaponMatch& match, bool unknown);

// What a preview found of its weapons: a table, or that nothing was found.
std::string asked_before_text(const api::v1::TraceOpenResponse& ahead, const Look& look);
// Other cases with a weapon of this one; empty where there are none.
std::string links_text(const api::v1::TraceShowResponse& shown, const Look& look);

}  // namespace focal::cli
