// The acts of a tracing case as officers know them: the word of the command, what it does, and
// a command line ready to type.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "node/desk/views.h"

namespace focal::desk {

struct Act {
  std::string_view kind;     // of the record it sends
  std::string_view word;     // focal trace WORD
  std::string_view text;     // what it does
  std::string_view subject;  // the subject of its record, before the request's reference
  std::string_view options;  // of a command line, complete but for the words in capitals
};

// In the order in which a case usually goes.
std::span<const Act> act_table();
const Act& act_of(std::string_view kind);  // one of the table's

// What this side may do now.
void fill_next(store::View& view, const node::OpenedCase& opened, v1::TraceShowResponse* out);
// The same in one sentence, for the hint of an act that is refused.
std::string possible_now(const node::OpenedCase& opened);

}  // namespace focal::desk
