// One find, one case, one thread for each party that is asked: the requests of one requester
// whose references are BASE, BASE/2, BASE/3 and so on (docs/protocol.md, "Threads"). No column
// says it: the reference does. Called on the node's loop thread, inside Node::perform().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/desk/views.h"

namespace focal::desk {

// As record::case_key() reads them, so that the index finds the threads of a case together.
inline constexpr std::uint32_t kMaxThreadNumber = 99;
inline constexpr std::size_t kMaxThreads = 200;  // cases of like references that are looked at

// "A-17/2" is number 2 of "A-17"; numbers are 2 to kMaxThreadNumber, without leading zeros.
// Nothing: written in another way.
struct ThreadReference {
  std::string_view base;
  std::uint32_t number = 1;
};
std::optional<ThreadReference> parse_thread_reference(std::string_view reference);
std::string thread_reference(std::string_view base, std::uint32_t number);

struct Thread {
  store::CaseRow row;
  std::string reference;
  std::uint32_t number = 1;
};

struct Threads {
  std::string base;         // the reference of the first one, without a number
  std::vector<Thread> all;  // by number, the case itself among them
};

// The threads of the case that row belongs to. "T/26/458" is a thread only where the same
// requester's "T/26" is here too: offices number their files with slashes.
Threads threads_of(store::View& view, const store::CaseRow& row);
// The same for a request of ours that is not sent yet.
Threads own_threads(store::View& view, const std::string& reference);

// The first free number of our case with that base; group: what is released but not yet
// committed counts too. 0: none is free.
std::uint32_t next_thread_number(store::View& view, const std::string& base,
                                 const node::Group& group);

// kExists: a request of ours is that thread of its case already; the hint names a free number.
// Any other reference may be used again.
Status check_thread_free(store::View& view, const std::string& reference, const node::Group& group);

}  // namespace focal::desk
