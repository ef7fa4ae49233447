// Which States the answers of a case point to: those that an answer names as the next to ask, and
// those to which a weapon went. Called on the node's loop thread, inside Node::perform().
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "node/desk/views.h"
#include "proto/trace.pb.h"

namespace focal::desk {

inline constexpr std::size_t kMaxTargets = 20;  // States of one case that are offered

// What the other side has answered in a case.
struct Answers {
  std::map<std::uint32_t, focal::v1::ItemResult> results;  // by weapon, those that stand
  std::vector<record::Label> labels;                       // of all records that answer
};
Answers answers_of(store::View& view, const node::OpenedCase& opened);

struct Target {
  std::string party;                 // the State's code
  std::vector<std::uint32_t> items;  // weapons for which the answer points there
};
// In the order in which the answer names them, at most kMaxTargets. Left out: ourselves, the
// party that answered, and what is no State today (SUHH, ZZ): nobody can be asked there.
std::vector<Target> targets_of(const Answers& answers, const std::string& own_party,
                               const std::string& answered_by);

// Country of a party: "XC" of "XC-ITI".
std::string_view state_of(std::string_view party);

}  // namespace focal::desk
