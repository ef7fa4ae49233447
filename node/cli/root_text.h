// The words of `focal root`: what an act does, what follows from it at the other parties,
// what cannot be undone, and what to do next. One table for the terminal and the sheet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/cli/print.h"

namespace focal::api::v1 {
class RootAct;
}

namespace focal::cli {

struct RootWords {
  std::string_view act;                        // as in RootAct
  std::string_view title;                      // "Sign the next card"
  std::vector<std::string_view> does;
  std::vector<std::string_view> follows;       // at up to 192 other parties
  std::vector<std::string_view> cannot_undo;
  std::vector<std::string_view> next;          // steps after it; {party}, {file}
};
// An act of the table (checked).
const RootWords& root_words(std::string_view act);
// The acts of the table, SHOW first.
std::vector<std::string_view> root_acts();
// The next steps with party and file put in.
std::vector<std::string> root_next_steps(const api::v1::RootAct& act, const std::string& file);

// Laid open before it is done.
std::string root_preview_text(const api::v1::RootAct& act, const Look& look);
// Who signs a revocation, and what that means; empty for another act.
std::string_view root_signer_text(const api::v1::RootAct& act);
// What a key on a medium is: its name ("Next root"), and what a custodian does with it.
struct RoleWords {
  std::string_view name;
  std::string_view meaning;
};
RoleWords root_role_words(std::string_view role);
// The keys on the media.
std::string root_keys_text(const api::v1::RootAct& act, const Look& look);

}  // namespace focal::cli
