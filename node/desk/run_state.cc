#include "node/desk/run_state.h"

#include <algorithm>

namespace focal::desk {
namespace {

constexpr std::string_view kGoesOn[] = {
    "status",         "card_show",      "card_export",       "card_custody",   "card_prepare",
    "card_cancel",    "card_apply",     "card_code",         "peer_list",      "peer_show",
    "directory_list", "directory_show", "directory_compare", "clock_show",     "keys_show",
    "pair_show",      "trace_list",     "trace_show",        "trace_sheet",    "inbox",
    "find",           "outbox_list",    "outbox_show",       "ledger_verify",  "ledger_tail",
    "people_list",    "people_show",    "release_list",      "release_show",   "start_show",
    "start_override", "backup_show",    "backup_make"};

}  // namespace

bool goes_on_unsigned(std::string_view operation) {
  return std::find(std::begin(kGoesOn), std::end(kGoesOn), operation) != std::end(kGoesOn);
}

Status check_run_state(const node::Node& node, std::string_view operation) {
  if (goes_on_unsigned(operation)) return {};
  const node::Node::RunView view = node.run_view();
  switch (view.state) {
    case exchange::RunState::kRunning: return {};
    case exchange::RunState::kStarting:
      return fail(ErrorCode::kStarting, view.words, view.next);
    case exchange::RunState::kRolledBack:
      return fail(ErrorCode::kRolledBack, view.words, view.next);
  }
  return {};
}

}  // namespace focal::desk
