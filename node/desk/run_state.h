// What goes on while this copy of the node may not sign: looking, the card that ends the state,
// backups. Everything else is refused with the words of the guard.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/desk/phrases.h"
#include "node/node/backup_keeper.h"
#include "node/node/node.h"

namespace focal::desk {

// operation: name of a route.
bool goes_on_unsigned(std::string_view operation);
// kStarting, kRolledBack. Any thread.
Status check_run_state(const node::Node& node, std::string_view operation);

// Whether this copy of the node may sign, where its anchor stands, and whether its backups can be
// restored. Only inside perform().
struct CopyWarning {
  std::string_view code;     // CHECKPOINTS_WAIT, ANCHOR_BESIDE, …
  Phrases words;
  Phrases cure{};            // may be empty
  std::string sentence() const;  // both, in English
};
std::vector<CopyWarning> copy_warnings(node::Node& node, const node::BackupState& backups,
                                       const Now& now);

}  // namespace focal::desk
