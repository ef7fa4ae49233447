// Goal: every life and every kind fit together, whichever are added: a kind stands in the table of
// its life once, a state is a code with six labels, and the first state has the name that delivery
// is told by.
// Method: all lives against the schema's kinds and the code lists.
#include <gtest/gtest.h>

#include <algorithm>

#include "node/casework/life.h"
#include "node/casework/writers.h"
#include "node/record/codes.h"
#include "node/record/kinds.h"

namespace focal::casework::test {
namespace {

TEST(Lives, EveryKindStandsOnceInTheTableOfItsLife) {
  for (const record::KindInfo& kind : record::kinds()) {
    if (!kind.is_case_event) continue;
    const Life* life = find_life(kind.life);
    ASSERT_NE(life, nullptr) << kind.name << " names the life '" << kind.life << "'";
    const auto steps = std::count_if(life->steps.begin(), life->steps.end(),
                                     [&](const Step& step) { return step.kind == kind.name; });
    EXPECT_EQ(steps, kind.is_case_root ? 0 : 1) << kind.name;
    EXPECT_EQ(life->root_kind == kind.name, kind.is_case_root) << kind.name;
  }
}

TEST(Lives, WhatTheRequesterMayWrite) {
  for (const char* kind : {"trace.request", "trace.info_supply", "trace.clarify", "trace.withdraw",
                           "trace.close", "trace.reopen"})
    EXPECT_TRUE(may_be_requesters(kind)) << kind;
  for (const char* kind : {"trace.ack", "trace.info_request", "trace.delay", "trace.interim",
                           "trace.response", "trace.refusal", "trace.clarify_reply",
                           "trace.correction", "ping", ""})
    EXPECT_FALSE(may_be_requesters(kind)) << kind;
}

TEST(Lives, EveryStepIsOfAKindOfThisLife) {
  for (const Life* life : lives()) {
    EXPECT_EQ(find_life(life->name), life) << "one life of a name";
    EXPECT_EQ(life_of_root(life->root_kind), life) << "one life of a root";
    for (const Step& step : life->steps) {
      const record::KindInfo* kind = record::find_kind(step.kind);
      ASSERT_NE(kind, nullptr) << step.kind;
      EXPECT_EQ(kind->life, life->name) << step.kind;
      EXPECT_TRUE(step.to < life->phases.size() || step.to == kBack || step.to == kByItems);
      EXPECT_TRUE(step.to != kByItems || life->by_items != nullptr) << step.kind;
      EXPECT_EQ(step.from >> life->phases.size(), 0u) << step.kind << " comes from no phase";
    }
  }
}

TEST(Lives, EveryStateIsACodeOfItsList) {
  for (const Life* life : lives()) {
    EXPECT_EQ(state_list(life->root_kind, Side::kRequester), life->requester_states);
    EXPECT_EQ(state_list(life->root_kind, Side::kResponder), life->responder_states);
    for (const PhaseNames& names : life->phases) {
      EXPECT_TRUE(record::is_code(life->requester_states, names.requester)) << names.requester;
      EXPECT_TRUE(record::is_code(life->responder_states, names.responder)) << names.responder;
    }
    EXPECT_EQ(life->phases[life->first].requester, "SENT");
    EXPECT_EQ(life->phases[life->first].responder, "RECEIVED");
    EXPECT_TRUE(record::is_code(life->requester_states, "DELIVERED")) << life->name;
  }
  EXPECT_EQ(state_list("peer.ping", Side::kRequester), "");
}

}  // namespace
}  // namespace focal::casework::test
