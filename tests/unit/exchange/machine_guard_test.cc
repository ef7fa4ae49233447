// Goal: while this copy of the node may not sign, nothing it signs leaves, nothing is taken, and
// nobody can send; what ends that state lets everything flow, in both directions.
// Method: two machines on one link; how the anchor compares is told to one of them.
#include <gtest/gtest.h>

#include "node/exchange/machine.h"
#include "node/exchange/witness_policy.h"
#include "tests/support/two_machines.h"

namespace focal::exchange {
namespace {

using test::MachineEnd;
using test::TestParty;

MachineSettings with(StartFacts facts) {
  MachineSettings settings;
  settings.start = std::move(facts);
  return settings;
}
StartFacts missing(std::vector<std::string> witnesses) {
  StartFacts facts;
  facts.anchor = AnchorState::kMissing;
  facts.reports = reports_needed(witnesses.size(), static_cast<std::uint32_t>(witnesses.size()));
  facts.cosigned = !witnesses.empty();
  facts.witnesses = std::move(witnesses);
  return facts;
}

// Before any key is made.
struct Ready {
  Ready() { crypto::init(); }
};

struct GuardedLink : Ready, ::testing::Test {
  TestParty xa, xb{"XB", 31};
  std::unique_ptr<MachineEnd> a, b;
  std::unique_ptr<test::TwoMachines> link;

  void make(StartFacts facts) {
    a = std::make_unique<MachineEnd>(xa, xa.fields(), xa.schedule_fields(), with(std::move(facts)), 1);
    b = std::make_unique<MachineEnd>(xb, xb.fields(), xb.schedule_fields(), MachineSettings(), 2);
    for (MachineEnd* end : {a.get(), b.get()}) {
      const auto schedule = TestParty::must(parse_schedule(end->self.schedule_note));
      for (std::size_t i = 0; i < schedule.keys.size(); ++i)
        end->self.sealing.push_back({schedule.keys[i].kid, schedule.keys[i].not_after_ms,
                                     test::dh_key(static_cast<std::uint8_t>(16 + i))});
    }
    a->know(*b, b->self.schedule_note);
    b->know(*a, a->self.schedule_note);
    link = std::make_unique<test::TwoMachines>(*a, *b);
  }
  std::size_t leaves(store::LeafType type) const {
    std::size_t n = 0;
    for (const store::Leaf& leaf : a->ledger.leaves()) n += leaf.type == type ? 1 : 0;
    return n;
  }
};

TEST_F(GuardedLink, WhileStartingNothingIsSignedAndNothingIsTaken) {
  make(missing({}));  // no witness: only a card ends it
  link->connect();
  EXPECT_EQ(a->machine->guard().state(), RunState::kStarting);
  const auto to_a = link->send(*b);
  Draft draft;
  draft.to = {"XB"};
  draft.kind = "future.kind";
  draft.body = Bytes(10, 1);
  a->machine->submit(link->now, std::move(draft));
  link->run();
  for (int i = 0; i < 50; ++i) link->advance(kMinuteMs);
  EXPECT_TRUE(link->seen.empty()) << "no envelope crossed, in either direction";
  EXPECT_EQ(link->status(*b, to_a), 0u);
  EXPECT_EQ(leaves(store::LeafType::kSent), 0u);
  EXPECT_EQ(leaves(store::LeafType::kReceiptOut), 0u);
  EXPECT_TRUE(a->machine->has_drafts()) << "it waits, unsigned";
  EXPECT_TRUE(a->machine->link_state("XB").up) << "and the link stays for what the peer shows";
  EXPECT_EQ(b->machine->counters().byes + a->machine->counters().byes, 0u);
}

// Nothing has left, so nothing can have arrived.
TEST_F(GuardedLink, AForgedAckWhileStartingEndsTheLinkAndNothingElse) {
  make(missing({"XC"}));
  link->connect();
  Draft draft;
  draft.to = {"XB"};
  draft.kind = "future.kind";
  draft.body = Bytes(10, 1);
  const auto ref = a->machine->submit(link->now, std::move(draft));
  link->run();
  AckFrame forged;
  forged.stream_id = link->streams.at("XA");
  forged.cum_seq = 1;
  forged.credit = forged.lane0_credit = 1u << 30;
  a->machine->frame(link->now, 1, encode_frame(forged));
  link->run();
  EXPECT_FALSE(a->machine->link_state("XB").up);
  EXPECT_EQ(a->machine->counters().byes, 1u);
  EXPECT_EQ(leaves(store::LeafType::kSent), 0u);
  EXPECT_TRUE(a->machine->has_drafts()) << "it still waits";
  a->machine->guard().hello("XC", {});
  link->connect();
  EXPECT_EQ(link->status(*a, ref), 2u) << "and goes when the state ends";
}

TEST_F(GuardedLink, TheReportThatWasMissingLetsEverythingFlow) {
  make(missing({"XB"}));
  EXPECT_EQ(a->machine->guard().state(), RunState::kStarting);
  link->connect();  // its HELLO is the report
  EXPECT_EQ(a->machine->guard().state(), RunState::kRunning);
  EXPECT_EQ(link->status(*b, link->send(*b)), 2u);
  EXPECT_EQ(link->status(*a, link->send(*a)), 2u);
}

// Links that came up before the report are told what they were not told then.
TEST_F(GuardedLink, AnOlderLinkIsToldWhenTheStateEnds) {
  make(missing({"XC"}));
  link->connect();
  const auto to_a = link->send(*b);
  EXPECT_EQ(link->status(*b, to_a), 0u);
  a->machine->guard().hello("XC", {});
  link->run();
  EXPECT_EQ(link->status(*b, to_a), 2u);
  EXPECT_EQ(link->status(*a, link->send(*a)), 2u);
}

TEST_F(GuardedLink, ARolledBackNodeAnswersAndEndsTheLink) {
  StartFacts facts;
  facts.anchor = AnchorState::kHigher;
  make(std::move(facts));
  link->connect();
  EXPECT_FALSE(a->machine->link_state("XB").up);
  EXPECT_NE(b->machine->link_state("XA").trouble.find("STOPPED"), std::string::npos)
      << b->machine->link_state("XA").trouble;
  EXPECT_EQ(a->machine->counters().byes, 1u);
}

// What shows it comes in the middle of work: the links end, what the group had signed stays here.
TEST_F(GuardedLink, ALaterOwnCardEndsEveryLink) {
  make({});
  link->connect();
  EXPECT_EQ(link->status(*a, link->send(*a)), 2u);
  auto fields = xa.fields_after(a->self.card);
  fields.serial = 9;
  fields.root = xa.next_root.pk;
  const TestParty other{"XA", 91};
  fields.next = next_root_hash(other.next_root.pk);
  const std::string later = TestParty::must(
      make_card(fields, {xa.next_root, other.sign, other.log, other.witness}));
  NotesFrame notes;
  notes.notes = {"no note", later};
  a->machine->frame(link->now, 1, encode_frame(notes));
  const auto to_a = link->send(*b);
  EXPECT_EQ(a->machine->guard().state(), RunState::kRolledBack);
  EXPECT_FALSE(a->machine->link_state("XB").up);
  EXPECT_EQ(link->status(*b, to_a), 0u);
  EXPECT_NE(a->machine->guard().words().find("XB shows card 9"), std::string::npos);
}

}  // namespace
}  // namespace focal::exchange
