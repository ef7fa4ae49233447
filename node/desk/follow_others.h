// Who has been asked already, for prior_searches of a follow-up: every thread of the case, with
// what its party answered where that may be passed on, and without a word of it where not.
// Called on the node's loop thread, inside Node::perform().
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/desk/threads.h"

namespace focal::v1 {
class Record;
}

namespace focal::desk {

struct Chosen {
  store::CaseId source = 0;          // the case whose weapons are carried
  std::vector<std::uint32_t> items;  // their numbers there; in the record they are 1, 2, …
  std::string to;
};

// Fills record's prior_searches and makes its label as strict as what is carried asks. Sentences
// for the officer go to carried and left_out.
void add_others_asked(node::Node& node, const Threads& threads, const Chosen& chosen,
                      const Now& now, focal::v1::Record* record, std::vector<std::string>* carried,
                      std::vector<std::string>* left_out);

}  // namespace focal::desk
