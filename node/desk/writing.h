// The last steps before a record of ours leaves the desk, shared by opening a case and by acting
// in one. Called on the node's loop thread, inside Node::perform().
#pragma once

#include <optional>
#include <string>

#include "node/desk/views.h"

namespace focal::desk {

// May a record of that kind go to the party, as it is trusted? kNotFound: no such party. kTrust:
// the message says how it stands, the hint what to do.
Status may_pass(node::Node& node, std::string_view kind, const std::string& party,
                const Now& now);

// May a tracing record go to that party now? kNotFound: no such party. kTrust: not verified, or
// its card has expired. kNoSpace: the disk is nearly full.
Status may_write_to(node::Node& node, const std::string& party, const Now& now);

// Hands the record to the machine; its name is final at once.
store::RecordRef release(node::Node& node, const record::CheckedRecord& record,
                         std::optional<store::RecordRef> thread,
                         std::optional<store::RecordRef> reply_to, const Now& now);

}  // namespace focal::desk
