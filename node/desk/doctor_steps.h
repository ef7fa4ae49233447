// How the parts of the doctor's walk make their steps.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "node/desk/doctor.h"

namespace focal::desk {

inline constexpr std::uint64_t kClockFailsMs = kDayMs;        // records wait or are refused from there
inline constexpr std::uint64_t kClockWarnsMs = 5 * kMinuteMs;
inline constexpr std::uint64_t kCardWarnsMs = 30 * kDayMs;    // of theirs

struct Said {
  std::string code;
  Phrases text, cure;
};
// The phrase of that key, and what to do as the one of key + ".do"; each takes the places it has.
inline Said told(std::string code, const std::string& key, std::vector<Place> places = {}) {
  Phrase cure = say(key + ".do", places);
  return {std::move(code), {say(key, std::move(places))}, {std::move(cure)}};
}
inline Step step_of(Walk step, Found found, Said said, End where = End::kOurs) {
  return {step, found, std::move(said.code), std::move(said.text), std::move(said.cure), where, {}};
}
inline Step fine(Walk step, Phrases text, End where = End::kOurs) {
  return step_of(step, Found::kOk, {{}, std::move(text), {}}, where);
}
inline Step warned(Walk step, Said said, End where = End::kOurs) {
  return step_of(step, Found::kWarning, std::move(said), where);
}
inline Step failed(Walk step, Said said, End where = End::kOurs) {
  return step_of(step, Found::kFailed, std::move(said), where);
}
inline Step not_reached(Walk step, Phrase text, End where = End::kOurs) {
  return step_of(step, Found::kNotReached, {{}, {std::move(text)}, {}}, where);
}
inline Step not_asked(Walk step, Said said) {
  return step_of(step, Found::kNotAsked, std::move(said), End::kTheirs);
}

// doctor_node.cc
Step node_step(const NodeFacts& node);
Step own_clock_unconfirmed(const NodeFacts& node);
Step disk_low_step();

// doctor_way.cc: how far the way to the party goes.
struct Way {
  // The step at which it ends: kAddress, kConnection or kKey; kPeer: it does not.
  Walk ends = Walk::kPeer;
  Said said{};
  std::string at{};               // the address that was tried
};
Way way_to(const LinkFacts& facts);
Step address_step(const LinkFacts& facts, const Way& way);
Step connection_step(const LinkFacts& facts, const Way& way);

// doctor_ends.cc: what this end knows by itself.
std::optional<Step> own_key_fault(const NodeFacts& node);  // that stops every party alike
Step key_step(const LinkFacts& facts, const Way& way);
Step clock_step(const LinkFacts& facts);
Step trust_step(const LinkFacts& facts);
Step policy_step(const LinkFacts& facts);
// explained: an earlier step says why something waits.
Step store_step(const LinkFacts& facts, bool explained);

// doctor_theirs.cc: the step PEER, and what the other end told, or said in bounces.
std::vector<Step> their_steps(const LinkFacts& facts);

// "XB's clock is 2 hours ahead of ours."
Phrase offset_of(const std::string& party, std::int64_t offset_ms);
// The name of a step in a sentence.
Phrase step_word(Walk step);

}  // namespace focal::desk
