#include "node/desk/doctor.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "node/desk/doctor_steps.h"

namespace focal::desk {
namespace {

bool is_failed(const Step& step) { return step.found == Found::kFailed; }

}  // namespace

std::string_view walk_name(Walk step) {
  switch (step) {
    case Walk::kNode: return "NODE";
    case Walk::kAddress: return "ADDRESS";
    case Walk::kConnection: return "CONNECTION";
    case Walk::kKey: return "KEY";
    case Walk::kClock: return "CLOCK";
    case Walk::kTrust: return "TRUST";
    case Walk::kPolicy: return "POLICY";
    case Walk::kStore: return "STORE";
    case Walk::kPeer: return "PEER";
  }
  FOCAL_CHECK(false);
}

Phrase step_word(Walk step) {
  switch (step) {
    case Walk::kNode: return say("step.node");
    case Walk::kAddress: return say("step.address");
    case Walk::kConnection: return say("step.connection");
    case Walk::kKey: return say("step.key");
    case Walk::kClock: return say("step.clock");
    case Walk::kTrust: return say("step.trust");
    case Walk::kPolicy: return say("step.policy");
    case Walk::kStore: return say("step.store");
    case Walk::kPeer: return say("step.peer");
  }
  FOCAL_CHECK(false);
}

std::string_view found_name(Found found) {
  switch (found) {
    case Found::kOk: return "OK";
    case Found::kWarning: return "WARNING";
    case Found::kFailed: return "FAILED";
    case Found::kNotReached: return "NOT_REACHED";
    case Found::kNotAsked: return "NOT_ASKED";
  }
  FOCAL_CHECK(false);
}

std::string_view end_name(End end) { return end == End::kOurs ? "OURS" : "THEIRS"; }

std::vector<Step> walk_link(const LinkFacts& f) {
  std::vector<Step> out{node_step(f.node)};
  const Way way = way_to(f);
  out.push_back(address_step(f, way));
  out.push_back(connection_step(f, way));
  out.push_back(key_step(f, way));
  out.push_back(clock_step(f));
  out.push_back(trust_step(f));
  out.push_back(policy_step(f));
  out.push_back(store_step(f, std::any_of(out.begin(), out.end(), is_failed)));
  std::vector<Step> theirs = their_steps(f);
  std::move(theirs.begin(), theirs.end(), std::back_inserter(out));
  return out;
}

Step party_line(const LinkFacts& f) {
  const std::vector<Step> all = walk_link(f);
  // What stops every party alike stands in the node's own walk.
  const auto is_of_party = [](Found found) {
    return [found](const Step& step) {
      return step.found == found && step.step != Walk::kNode && !step.code.starts_with("OWN_");
    };
  };
  auto worst = std::find_if(all.begin(), all.end(), is_of_party(Found::kFailed));
  if (worst == all.end())
    worst = std::find_if(all.begin(), all.end(), is_of_party(Found::kWarning));
  Step out;
  if (worst != all.end()) {
    out = *worst;
    out.text = {say("party.step", {{"step", step_word(worst->step)}, {"text", std::move(out.text)}})};
  } else {
    out.text = {say(f.link.up ? "party.well" : "party.not_connected")};
  }
  out.step = Walk::kPeer;
  out.party = f.party;
  return out;
}

bool is_well(const std::vector<Step>& steps) { return first_failing(steps) == nullptr; }

const Step* first_failing(const std::vector<Step>& steps) {
  const auto found = std::find_if(steps.begin(), steps.end(), is_failed);
  return found == steps.end() ? nullptr : &*found;
}

}  // namespace focal::desk
