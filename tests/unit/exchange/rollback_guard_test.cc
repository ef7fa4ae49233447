// Goal: a node that is an older copy of itself signs nothing that contradicts what it signed
// before, nobody but itself can stop it, and r reports meet every quorum that ever published.
// Method: a ledger in memory; what a later copy signed is signed here with the same keys and never
// committed. Each claim alone, forged, and of an earlier generation; all quorums of small lists
// against all sets of reports.
#include "node/exchange/rollback_guard.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/exchange/statement.h"
#include "node/exchange/witness_policy.h"
#include "node/store/checkpoint.h"
#include "tests/sim/memory_store.h"
#include "tests/support/party_fixture.h"

namespace focal::exchange {
namespace {

using test::TestParty;
constexpr Now kStart{1'000, test::kIssuedMs};
constexpr Hash32 kRoot{1}, kOtherRoot{2};

std::string checkpoint(const crypto::SigningKey& key, const std::string& origin,
                       std::uint64_t size, const Hash32& root) {
  crypto::Note note;
  note.text = store::checkpoint_text(origin, size, root);
  crypto::sign_note(note, origin, key);
  return crypto::format_note(note);
}

// The line alone, as HELLO carries it.
std::string line_of(const crypto::SigningKey& key, const std::string& party,
                    const std::string& checkpoint) {
  crypto::Note note;
  note.text = TestParty::must(crypto::parse_note(checkpoint)).text;
  crypto::cosign_note(note, witness_name(party), key, 1'795'428'000);
  return crypto::format_note(note).substr(note.text.size() + 1);
}

// Before any key is made.
struct Ready {
  Ready() { crypto::init(); }
};

class Guarded : Ready {
 public:
  Guarded() : rng_(7), store("XA", "focal/XA/log/1", rng_) {
    self.card = xa.card();
    self.schedule_serial = 100;
    store::PeerRow row;
    row.party = "XB";
    row.card_note = xb.card_note();
    write({store::PutPeer{row, xb.card().card_id, "fixture"}});
  }
  void write(std::vector<store::Op> ops) {
    const auto done = store.commit({kStart.wall_ms, std::move(ops)});
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  store::CheckpointRow own_checkpoint() {
    return TestParty::must(store.make_checkpoint(kStart.wall_ms, xa.log));
  }
  void start(StartFacts facts) { guard.start(std::move(facts), kStart); }
  std::string own(std::uint64_t size, const Hash32& root = kRoot) const {
    return checkpoint(xa.log, "focal/XA/log/1", size, root);
  }
  Shown stmt(const crypto::SigningKey& key, const std::string& from = "XA") const {
    const Hash32 leaf = crypto::sha256("a leaf");
    const auto made = sign_statement(key, from, self.card.card_id, Purpose::kReceipts,
                                     std::span(&leaf, 1), kStart.wall_ms);
    Shown shown;
    shown.stmt = made.statement.bytes;
    shown.sig = to_bytes(ByteView(made.signature));
    return shown;
  }
  Shown cosig(const crypto::SigningKey& key, std::uint64_t size, const Hash32& root) const {
    Shown shown;
    shown.cosigned = checkpoint(xb.log, "focal/XB/log/1", size, root);
    shown.lines = line_of(key, "XA", shown.cosigned);
    return shown;
  }
  void hold_of_xb(std::uint64_t old_size, std::uint64_t size, const Hash32& root) {
    const Shown shown = cosig(xa.witness, size, root);
    write({store::PutWitnessState{
        {"focal/XB/log/1", "XB", size, root, shown.cosigned, shown.lines, 1}, old_size}});
  }

  TestParty xa, xb{"XB", 31}, thief{"XA", 61};
  Identity self;

 private:
  crypto::SeededRng rng_;

 public:
  sim::MemoryStore store;
  RollbackGuard guard{self, store};
};

const std::vector<std::string> kFive{"XB", "XC", "XD", "XE", "XF"};

StartFacts watched(AnchorState anchor = AnchorState::kEqual) {
  StartFacts facts;
  facts.anchor = anchor;
  facts.witnesses = kFive;
  facts.reports = reports_needed(5, 3);
  facts.cosigned = true;
  return facts;
}

Shown note(std::string text) {
  Shown shown;
  shown.note = std::move(text);
  return shown;
}

TEST(RollbackGuard, ReportsAndQuorumAlwaysMeet) {
  EXPECT_EQ(reports_needed(0, 0), 0u);
  EXPECT_EQ(reports_needed(1, 1), 1u);
  EXPECT_EQ(reports_needed(2, 2), 1u);
  EXPECT_EQ(reports_needed(5, 3), 3u);
  for (std::uint32_t n = 1; n <= 16; ++n)
    for (std::uint32_t q = n / 2 + 1; q <= n; ++q) EXPECT_EQ(q + reports_needed(n, q), n + 1);
}

TEST(RollbackGuard, N098_AHigherAnchorClosesTheLog) {
  Guarded g;
  StartFacts facts = watched(AnchorState::kHigher);
  facts.anchor_note = g.own(640);
  g.start(facts);
  EXPECT_EQ(g.guard.state(), RunState::kRolledBack);
  EXPECT_FALSE(g.guard.may_sign());
  EXPECT_FALSE(g.guard.may_sign_checkpoint());
  EXPECT_EQ(g.guard.check_may_sign().error().code, ErrorCode::kRolledBack);
  EXPECT_EQ(g.guard.higher(), std::vector{g.own(640)});
  for (const std::string& party : kFive) g.guard.hello(party, {});
  EXPECT_FALSE(g.guard.may_sign()) << "no report is a way out";
  EXPECT_EQ(g.guard.override_start({kStart.mono_ms + 30 * kDayMs, 0}).error().code,
            ErrorCode::kState);
  EXPECT_NE(g.guard.next().find("focal card replace-keys"), std::string::npos);
}

TEST(RollbackGuard, N099_ACheckpointThatIsNotHereClosesTheLog) {
  Guarded g;
  const auto held = g.own_checkpoint();
  g.start(watched());
  g.guard.hello("XB", note(held.note));
  g.guard.saw_note(held.note, "XC");
  EXPECT_TRUE(g.guard.may_sign()) << "what is here says nothing";
  EXPECT_EQ(g.guard.reported(), 1u);
  g.guard.hello("XC", note(g.own(held.size + 64)));
  EXPECT_EQ(g.guard.state(), RunState::kRolledBack);
  EXPECT_NE(g.guard.words().find("XC shows a checkpoint of "), std::string::npos)
      << g.guard.words();
  EXPECT_EQ(g.guard.reported(), 1u) << "what shows an older copy is no report";
  EXPECT_EQ(g.guard.higher(), std::vector{g.own(held.size + 64)});

  // Of the same size and another root, and smaller than what is here.
  for (const std::uint64_t size : {held.size, held.size - 1}) {
    g.start(watched());
    g.guard.saw_note(g.own(size, kOtherRoot), "XD");
    EXPECT_EQ(g.guard.state(), RunState::kRolledBack) << size;
  }
}

TEST(RollbackGuard, N099_AStatementThatIsNotHereClosesTheLog) {
  Guarded g;
  g.start(watched());
  g.guard.hello("XQ", g.stmt(g.xa.sign));  // any party, not a witness only
  EXPECT_EQ(g.guard.state(), RunState::kRolledBack);
  EXPECT_NE(g.guard.closed_by().find("XQ shows a statement"), std::string::npos);
}

TEST(RollbackGuard, N099_ACosignatureThatIsNotHereClosesTheLog) {
  Guarded g;
  g.hold_of_xb(0, 128, kRoot);
  g.start(watched());
  g.guard.hello("XB", g.cosig(g.xa.witness, 128, kRoot));
  g.guard.hello("XB", g.cosig(g.xa.witness, 64, kOtherRoot));  // older: whether it held is not known
  EXPECT_TRUE(g.guard.may_sign());
  g.guard.hello("XB", g.cosig(g.xa.witness, 128, kOtherRoot));
  EXPECT_EQ(g.guard.state(), RunState::kRolledBack);
  g.start(watched());
  g.guard.hello("XB", g.cosig(g.xa.witness, 192, kRoot));
  EXPECT_EQ(g.guard.state(), RunState::kRolledBack);
  g.start(watched());
  Shown other = g.cosig(g.xa.witness, 64, kRoot);
  other.cosigned = checkpoint(g.xb.log, "focal/XB/log/2", 64, kRoot);  // of a log not known at all
  other.lines = line_of(g.xa.witness, "XA", other.cosigned);
  g.guard.hello("XB", other);
  EXPECT_EQ(g.guard.state(), RunState::kRolledBack);
}

TEST(RollbackGuard, N100_WhatThisNodeDidNotSignIsIgnored) {
  Guarded g;
  g.start(watched());
  std::uint64_t ignored = 0;
  const auto lie = [&](const Shown& shown) {
    g.guard.hello("XB", shown);
    EXPECT_EQ(g.guard.ignored(), ++ignored);
    EXPECT_TRUE(g.guard.may_sign());
  };
  lie(note("no note"));
  lie(note(checkpoint(g.thief.log, "focal/XA/log/1", 6400, kRoot)));  // right name, other key
  lie(note(checkpoint(g.xb.log, "focal/XB/log/1", 6400, kRoot)));     // another log
  lie(note(g.xa.card_note()));                                        // signed, but no checkpoint
  std::string bent = g.own(640);
  bent.replace(bent.find("640"), 3, "641");
  lie(note(bent));
  lie(g.stmt(g.thief.sign));
  lie(g.stmt(g.xb.sign, "XB"));
  lie(g.stmt(g.xa.log));
  Shown cut = g.stmt(g.xa.sign);
  cut.sig.pop_back();
  lie(cut);
  cut = g.stmt(g.xa.sign);
  cut.stmt.pop_back();
  lie(cut);
  lie(g.cosig(g.thief.witness, 640, kRoot));
  Shown moved = g.cosig(g.xa.witness, 640, kRoot);
  moved.cosigned = checkpoint(g.xb.log, "focal/XB/log/1", 704, kRoot);  // the line is of another
  lie(moved);
  moved = g.cosig(g.xa.witness, 640, kRoot);
  moved.lines.clear();
  lie(moved);
  moved.lines = std::string(70'000, 'x');
  lie(moved);
  EXPECT_EQ(g.guard.reported(), 1u) << "whoever lies says no more than who says nothing";
}

TEST(RollbackGuard, WhatAClosedGenerationSignedSaysNothing) {
  Guarded g;
  const TestParty before = TestParty("XA", 91);
  Card old = g.xa.card();
  auto fields = g.xa.fields_after(old);
  fields.log_generation = 2;
  g.self.card = TestParty::must(
      parse_card(TestParty::must(make_card(fields, {g.xa.root, before.sign, before.log, before.witness}))));
  g.self.old_cards = {old};
  g.start(watched());
  g.guard.hello("XB", note(g.own(6400)));
  g.guard.hello("XB", g.stmt(g.xa.sign));
  g.guard.hello("XB", g.cosig(g.xa.witness, 640, kRoot));
  EXPECT_TRUE(g.guard.may_sign());
  EXPECT_EQ(g.guard.ignored(), 0u) << "it is the node's own, and serves the refill";
  g.guard.hello("XB", note(checkpoint(before.log, "focal/XA/log/2", 64, kRoot)));
  EXPECT_FALSE(g.guard.may_sign());
}

TEST(RollbackGuard, ALaterCardOrScheduleClosesTheLog) {
  Guarded g;
  const Card now = g.self.card;
  const auto next = [&](const TestParty& by, const crypto::SigningKey& root) {
    auto fields = by.fields_after(now);
    fields.root = root.pk;
    fields.serial = 7;
    return TestParty::must(
        parse_card(TestParty::must(make_card(fields, {root, by.sign, by.log, by.witness}))));
  };
  g.start(watched());
  g.guard.saw_own_card(now, "XB");
  g.guard.saw_own_card(g.xb.card(), "XB");
  g.guard.saw_own_card(next(g.thief, g.thief.root), "XB");
  EXPECT_TRUE(g.guard.may_sign()) << "anybody can make a card";
  for (const auto* root : {&g.xa.root, &g.xa.next_root, &g.thief.root}) {
    const Card later = next(root == &g.thief.root ? g.xa : g.thief, *root);
    StartFacts facts = watched();
    facts.next_card = later.card_id;
    g.start(facts);
    g.guard.saw_own_card(later, "XB");
    EXPECT_TRUE(g.guard.may_sign()) << "it is under way here";
    g.start(watched());
    g.guard.saw_own_card(later, "XB");
    EXPECT_EQ(g.guard.state(), RunState::kRolledBack);
  }

  auto fields = g.xa.schedule_fields();
  const auto schedule = [&](std::uint64_t serial, const crypto::SigningKey& key) {
    fields.serial = serial;
    return TestParty::must(parse_schedule(TestParty::must(make_schedule(fields, key))));
  };
  g.start(watched());
  g.guard.saw_own_schedule(schedule(100, g.xa.sign), "XB");
  g.guard.saw_own_schedule(schedule(101, g.thief.sign), "XB");
  EXPECT_TRUE(g.guard.may_sign());
  g.guard.saw_own_schedule(schedule(101, g.xa.sign), "XB");
  EXPECT_EQ(g.guard.state(), RunState::kRolledBack);
}

// Whatever q witnesses published a checkpoint, whichever r report: one of them saw it.
TEST(RollbackGuard, N133_EveryReportingSetMeetsEveryQuorum) {
  Guarded g;
  const std::string published_note = g.own(640);
  for (std::uint32_t n = 1; n <= 5; ++n)
    for (std::uint32_t q = n / 2 + 1; q <= n; ++q)
      for (std::uint32_t published = 0; published < 1u << n; ++published) {
        if (static_cast<std::uint32_t>(__builtin_popcount(published)) != q) continue;
        for (std::uint32_t up = 0; up < 1u << n; ++up) {
          StartFacts facts = watched();
          facts.witnesses.resize(n);
          facts.reports = reports_needed(n, q);
          g.start(facts);
          for (std::uint32_t i = 0; i < n; ++i)
            if ((up >> i & 1) != 0)
              g.guard.hello(kFive[i], (published >> i & 1) != 0 ? note(published_note) : Shown{});
          EXPECT_FALSE(g.guard.may_sign_checkpoint()) << n << " " << q << " " << published << " " << up;
        }
      }
}

TEST(RollbackGuard, N133_ASnapshotWaitsForThreeOfFiveWithTwoOffline) {
  Guarded g;
  g.start(watched());  // anchor and ledger were set back together: they agree
  EXPECT_TRUE(g.guard.may_sign()) << "messages flow";
  for (const char* stranger : {"XQ", "XR", "XS"}) g.guard.hello(stranger, {});
  EXPECT_FALSE(g.guard.may_sign_checkpoint());
  for (const char* up : {"XD", "XE", "XD", "XE"}) g.guard.hello(up, {});
  EXPECT_FALSE(g.guard.may_sign_checkpoint()) << "a witness counts once";
  EXPECT_NE(g.guard.words().find("2 of 3 reports"), std::string::npos) << g.guard.words();
  g.guard.hello("XF", {});
  EXPECT_TRUE(g.guard.may_sign_checkpoint());
  EXPECT_EQ(g.guard.words(), "Running.");
  EXPECT_EQ(g.guard.next(), "");
}

TEST(RollbackGuard, N134_ANewLogWaitsForNobody) {
  Guarded g;
  g.start({});  // no witnesses
  EXPECT_TRUE(g.guard.may_sign_checkpoint());
  StartFacts facts = watched();
  facts.cosigned = false;  // witnesses are named, none has answered yet
  g.start(facts);
  EXPECT_TRUE(g.guard.may_sign_checkpoint());
  // Two nodes, one off: messages flow, the checkpoint waits for the other.
  facts = watched();
  facts.witnesses = {"XB"};
  facts.reports = reports_needed(1, 1);
  g.start(facts);
  EXPECT_TRUE(g.guard.may_sign());
  EXPECT_FALSE(g.guard.may_sign_checkpoint());
  g.guard.hello("XB", {});
  EXPECT_TRUE(g.guard.may_sign_checkpoint());
}

TEST(RollbackGuard, AMissingAnchorWaitsForReports) {
  Guarded g;
  g.start(watched(AnchorState::kMissing));
  EXPECT_EQ(g.guard.state(), RunState::kStarting);
  EXPECT_EQ(g.guard.check_may_sign().error().code, ErrorCode::kStarting);
  for (const char* up : {"XB", "XC"}) g.guard.hello(up, {});
  EXPECT_FALSE(g.guard.may_sign());
  g.guard.hello("XD", {});
  EXPECT_EQ(g.guard.state(), RunState::kRunning);
  EXPECT_TRUE(g.guard.may_sign_checkpoint());

  // Nobody can say anything: only a new card helps.
  for (const bool has_list : {true, false}) {
    StartFacts facts = watched(AnchorState::kMissing);
    facts.cosigned = !has_list;
    if (!has_list) facts.witnesses.clear(), facts.reports = 0;
    g.start(facts);
    for (const std::string& party : kFive) g.guard.hello(party, {});
    EXPECT_EQ(g.guard.state(), RunState::kStarting);
    EXPECT_NE(g.guard.next().find("focal card replace-keys"), std::string::npos);
  }
}

TEST(RollbackGuard, N141_OverrideOnlyWithTheAnchorAndAfterADay) {
  Guarded g;
  const Now day{kStart.mono_ms + kOverrideAfterMs, kStart.wall_ms};
  const Now before{day.mono_ms - 1, day.wall_ms + kDayMs};  // the wall clock does not count
  g.start(watched(AnchorState::kMissing));
  EXPECT_EQ(g.guard.override_start(day).error().code, ErrorCode::kState);
  EXPECT_FALSE(g.guard.may_sign());

  g.start(watched());
  EXPECT_EQ(g.guard.override_start(before).error().code, ErrorCode::kState);
  EXPECT_FALSE(g.guard.may_sign_checkpoint());
  EXPECT_TRUE(g.guard.override_start(day).has_value());
  EXPECT_TRUE(g.guard.may_sign_checkpoint());
  EXPECT_EQ(g.guard.override_start(day).error().code, ErrorCode::kState) << "once";
  g.guard.hello("XB", note(g.own(640)));
  EXPECT_FALSE(g.guard.may_sign()) << "a verdict stands above the override";

  g.start(watched());
  for (const std::string& party : kFive) g.guard.hello(party, {});
  EXPECT_EQ(g.guard.override_start(day).error().code, ErrorCode::kState) << "nothing waits";
}

// Only a log that a witness ever vouched for has somebody to ask.
TEST(RollbackGuard, KnowsWhetherTheLogEverHadALine) {
  Guarded g;
  const std::string origin = "focal/XA/log/1";
  EXPECT_FALSE(ever_cosigned(g.store, origin));
  const auto first = g.own_checkpoint();
  g.write({store::PutPublished{first.size}});
  EXPECT_FALSE(ever_cosigned(g.store, origin));
  g.write({store::PutWitnessPolicy{"a policy note\n", Hash32{9}, "who"}});
  const auto second = g.own_checkpoint();  // goes by the list before
  g.write({store::PutPublished{second.size}});
  EXPECT_FALSE(ever_cosigned(g.store, origin));
  g.write({store::PutAdmin{{}, "act"}});
  const auto third = g.own_checkpoint();
  EXPECT_FALSE(ever_cosigned(g.store, origin));
  g.write({store::PutCosig{{third.size, "XB", 1, "a line\n"}}});
  EXPECT_TRUE(ever_cosigned(g.store, origin)) << "one that is not published yet";
  EXPECT_FALSE(ever_cosigned(g.store, "focal/XA/log/2")) << "a new name asks nobody";
  g.write({store::PutPublished{third.size}, store::PutAdmin{{}, "act"}});
  const auto fourth = g.own_checkpoint();
  g.write({store::PutPublished{fourth.size}});  // the list was taken back
  EXPECT_TRUE(ever_cosigned(g.store, origin)) << "the first under the list had one";
}

TEST(RollbackGuard, AVerdictOfAnEarlierProcessStands) {
  Guarded g;
  StartFacts facts = watched();
  facts.closed_by = "XB shows a statement";
  g.start(facts);
  EXPECT_EQ(g.guard.state(), RunState::kRolledBack);
  EXPECT_EQ(g.guard.closed_by(), "XB shows a statement");
}

TEST(RollbackGuard, HigherCheckpointsAreKeptInOrderAndBounded) {
  Guarded g;
  g.start(watched());
  for (const std::uint64_t size : {640u, 128u, 640u, 256u}) g.guard.saw_note(g.own(size), "XB");
  EXPECT_EQ(g.guard.higher(), (std::vector{g.own(128), g.own(256), g.own(640)}));
  for (std::uint64_t size = 1; size < 100; ++size) g.guard.saw_note(g.own(1000 + size), "XB");
  EXPECT_EQ(g.guard.higher().size(), kMaxHigher);
}

}  // namespace
}  // namespace focal::exchange
