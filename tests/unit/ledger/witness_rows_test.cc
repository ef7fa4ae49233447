// Goal: what this node witnessed never goes back and never contradicts itself; lines and
// publications belong to checkpoints that exist; what others show stays within bounds.
// Method: typed transactions, each refused one followed by a look at what is stored; reopened.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "ledger_world.h"
#include "node/ledger/witness_rows.h"

namespace focal::ledger {
namespace {

constexpr char kTheirs[] = "focal/XB/log/1";

class Witnessing : public ::testing::Test {
 protected:
  void SetUp() override {
    world.add_signer(kParty);
    world.add_signer("XB");
    world.create();
    world.commit({world.pin("XB")});
  }
  std::uint64_t checkpoint() {
    world.now += kHourMs;
    world.commit({world.sent(1, {"XB"})});
    const auto row = world->make_checkpoint(world.now, world.signers.at(kParty).key);
    EXPECT_TRUE(row) << row.error().message;
    return row ? row->size : 0;
  }
  static store::PutWitnessState state(std::uint64_t size, std::uint64_t old_size,
                                      std::uint8_t root = 1) {
    return {{kTheirs, "XB", size, Hash32{root}, "note " + std::to_string(size), "line\n", 7}, old_size};
  }
  void refused(store::Op op) {
    const auto done = world.try_commit({std::move(op)});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::kState) << done.error().message;
  }
  std::uint64_t held() {
    const auto rows = world->witness_states();
    return rows.empty() ? 0 : rows.front().size;
  }

  World world;
};

TEST_F(Witnessing, WhatIsCosignedIsComparedWithWhatIsHeld) {
  refused(state(64, 32));
  world.commit({state(64, 0)});
  refused(state(128, 0));
  refused(state(32, 64));
  refused(state(64, 64, 2));
  EXPECT_EQ(held(), 64u);
  world.commit({state(64, 64)});
  world.commit({state(128, 64, 3)});
  // The second of one group meets what the first leaves; then nothing of the group has happened.
  EXPECT_FALSE(world.try_commit({state(192, 128), state(256, 128)}));
  EXPECT_EQ(held(), 128u);
  world.commit({state(192, 128), state(256, 192)});
  ASSERT_TRUE(world.open());
  EXPECT_EQ(held(), 256u);
  EXPECT_EQ(world->witness_states().front(), state(256, 0).row);
}

TEST_F(Witnessing, LinesAndPublicationsAreOfCheckpointsThatExist) {
  const store::PutCosig early{{64, "XB", 5, "line\n"}};
  refused(early);
  refused(store::PutPublished{64});
  const std::uint64_t first = checkpoint(), second = checkpoint();
  EXPECT_FALSE(world->newest_published());
  world.add_signer("XC");
  const std::string note = world->checkpoint(first)->note;
  const std::string line = world.line_of("XB", note, 5), of_xc = world.line_of("XC", note, 9);
  world.commit({store::PutCosig{{first, "XB", 5, line}}, store::PutPublished{first}});
  world.commit({store::PutCosig{{first, "XB", 6, "another\n"}}});  // the first one stays
  world.commit({store::PutCosig{{first, "XC", 9, of_xc}}});
  const std::uint64_t when = world.now;
  world.now += kHourMs;
  world.commit({store::PutPublished{first}});
  ASSERT_TRUE(world.open());
  const auto published = world->newest_published();
  ASSERT_TRUE(published);
  EXPECT_EQ(published->checkpoint.size, first);
  EXPECT_EQ(published->at_ms, when);
  ASSERT_EQ(published->cosigs.size(), 2u);
  EXPECT_EQ(published->cosigs[0], (store::CosigRow{first, "XB", 5, line}));
  EXPECT_EQ(world->first_published(1)->checkpoint.size, first);
  EXPECT_FALSE(world->first_published(first + 1)) << "the second one is published nowhere";
  EXPECT_EQ(world->checkpoint(second)->root, world->root(second));
  EXPECT_FALSE(world->checkpoint(second + 64));
  world.check();
}

TEST_F(Witnessing, TheLatestStatementOfAPartyIsKept) {
  EXPECT_FALSE(world->newest_statement("XB"));
  const auto batch = [&](std::uint64_t signed_ms) {
    const std::uint64_t now = std::exchange(world.now, signed_ms == 0 ? world.now : signed_ms);
    auto op = world.received(1, "XB");
    world.now = now;
    op.signed_ms = signed_ms;
    world.commit({op});
    return store::SignedStmtRow{signed_ms, op.stmt, op.sig};
  };
  batch(0);
  EXPECT_FALSE(world->newest_statement("XB")) << "its time was not said";
  const auto first = batch(kNow);
  world.now += kHourMs;
  batch(kNow - 1);
  batch(kNow);
  EXPECT_EQ(world->newest_statement("XB"), first) << "the first of one time";
  const auto later = batch(kNow + 1);
  const auto sent = world.sent(1, {"XB"});
  world.commit({sent});
  world.now = kNow + 2;
  auto receipts = world.receipts_in("XB", world->open_outbox().front().batch, refs_of(sent), {1});
  receipts.signed_ms = kNow + 2;
  world.commit({receipts});
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->newest_statement("XB"),
            (store::SignedStmtRow{kNow + 2, receipts.stmt, receipts.sig}));
  EXPECT_NE(world->newest_statement("XB"), later);
  EXPECT_FALSE(world->newest_statement("XZ"));
  world.check();
}

TEST_F(Witnessing, ProofsAreReadThroughTheView) {
  const std::uint64_t first = checkpoint(), second = checkpoint();
  store::View& view = *world;
  EXPECT_TRUE(crypto::verify_consistency(first, world->root(first), second, world->root(second),
                                         view.consistency(first, second)));
  const auto leaf = view.leaf(2);
  ASSERT_TRUE(leaf);
  const auto path = view.inclusion(2, second);
  EXPECT_TRUE(crypto::verify_inclusion(store::leaf_hash(*leaf), 2, second, path, world->root(second)));
  EXPECT_FALSE(crypto::verify_inclusion(store::leaf_hash(*leaf), 3, second, path, world->root(second)));
  EXPECT_FALSE(view.leaf(world->log_size()));
}

// The list stands in the log from the next checkpoint on, once for every change, and an idle node
// falls silent.
TEST_F(Witnessing, WhatIsWitnessedIsLoggedWithTheNextCheckpoint) {
  const auto lists = [&] {
    std::vector<store::Leaf> out;
    for (store::LeafIndex i = 0; i < world->log_size(); ++i)
      if (const auto leaf = world->leaf(i); leaf->type == store::LeafType::kWitnessed)
        out.push_back(*leaf);
    return out;
  };
  const auto held = [&](std::uint64_t size, std::uint64_t old_size, const char* origin = kTheirs) {
    const auto theirs = world.their_checkpoint(origin, "XB", size, Hash32{1});
    return store::PutWitnessState{{origin, "XB", size, Hash32{1}, theirs.note,
                                   world.line_of(kParty, theirs.note, 7), 7}, old_size};
  };
  checkpoint();
  EXPECT_TRUE(lists().empty()) << "nothing is witnessed yet";
  world.commit({held(64, 0)});
  world.now += kDayMs - 1;
  EXPECT_FALSE(world->checkpoint_due(world.now));
  world.now += 1;
  EXPECT_TRUE(world->checkpoint_due(world.now)) << "once a day, with nothing else to say";
  const auto made = world->make_checkpoint(world.now, world.signers.at(kParty).key);
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(lists().size(), 1u);
  const std::string one = std::string(kTheirs) + " 64 " + base64(Hash32{1}) + "\n";
  EXPECT_EQ(lists()[0].ref, crypto::sha256(std::string_view(one)));
  EXPECT_EQ(lists()[0].detail, Hash32{});
  world.now += 9 * kDayMs;
  EXPECT_FALSE(world->checkpoint_due(world.now));
  EXPECT_FALSE(world->make_checkpoint(world.now, world.signers.at(kParty).key));
  ASSERT_TRUE(world.open());
  EXPECT_FALSE(world->checkpoint_due(world.now));
  checkpoint();
  EXPECT_EQ(lists().size(), 1u) << "it did not change";
  world.commit({held(128, 64), held(64, 0, "focal/XB/log/2")});
  checkpoint();
  ASSERT_EQ(lists().size(), 2u);
  const std::string two = std::string(kTheirs) + " 128 " + base64(Hash32{1}) + "\n" +
                          "focal/XB/log/2 64 " + base64(Hash32{1}) + "\n";
  EXPECT_EQ(lists()[1].ref, crypto::sha256(std::string_view(two)));
  world.check();
}

TEST_F(Witnessing, CheckpointsOfOthersStayWithinBounds) {
  const auto seen = [](std::uint64_t size, std::uint64_t day) {
    return store::PutPeerCheckpoint{
        {kTheirs, "XB", size, Hash32{1}, "note", kNow + day * kDayMs, 0}};
  };
  for (std::uint64_t n = 1; n <= 60; ++n) world.commit({seen(64 * n, n / 30)});
  const auto rows = world->peer_checkpoints(kTheirs, 100);
  ASSERT_EQ(rows.size(), 18u) << "the newest sixteen, and the first of the two days before";
  EXPECT_EQ(rows.front().size, 64u * 60);
  EXPECT_EQ(rows[15].size, 64u * 45);
  EXPECT_EQ(rows[16].size, 64u * 30);
  EXPECT_EQ(rows[17].size, 64u * 1);
  EXPECT_EQ(world->peer_checkpoints(kTheirs, 2).size(), 2u);
  EXPECT_TRUE(world->peer_checkpoints("focal/XB/log/2", 9).empty());
  auto fork = seen(64 * 60, 9);
  fork.row.root = Hash32{2};
  refused(fork);
  auto asked = seen(64 * 60, 9);
  asked.row.demanded_ms = 77;
  world.commit({asked});
  EXPECT_EQ(world->peer_checkpoints(kTheirs, 1).front().demanded_ms, 77u);
  EXPECT_EQ(world->peer_checkpoints(kTheirs, 1).front().seen_ms, rows.front().seen_ms);
}

TEST_F(Witnessing, PoliciesStandAtTheirLeavesAndTheFirstOfASerialStays) {
  const auto before = world->log_size();
  const std::string note = world.note("focal-witness/v1\n"), next = world.note("focal-witness/v1\nb\n");
  const Hash32 id = crypto::sha256(std::string_view("focal-witness/v1\n"));
  world.commit({store::PutWitnessPolicy{note, id, "jo: two witnesses"}});
  world.commit({store::PutWitnessPolicy{note, id, "again"}});
  ASSERT_EQ(world->log_size(), before + 1);
  const auto leaf = world->leaf(before);
  EXPECT_EQ(leaf->type, store::LeafType::kAdmin);
  EXPECT_EQ(leaf->ref, id);
  EXPECT_EQ(*world->detail(before), "jo: two witnesses");
  const Hash32 next_id = crypto::sha256(std::string_view("focal-witness/v1\nb\n"));
  world.commit({store::PutWitnessPolicy{next, next_id, "jo"}});
  ASSERT_EQ(world->witness_policies().size(), 2u);
  EXPECT_EQ(world->witness_policies().front(), (store::WitnessPolicyRow{before, note}));

  refused(store::PutPeerPolicy{"XZ", 1, note});
  const std::string five = world.note("focal-witness/v1\nparty XB\nserial 5\n");
  const std::string six = world.note("focal-witness/v1\nparty XB\nserial 6\n");
  world.commit({store::PutPeerPolicy{"XB", 5, five}, store::PutPeerPolicy{"XB", 5, "another"},
                store::PutPeerPolicy{"XB", 4, "four"}});
  EXPECT_EQ(world->peer_policy("XB"), five);
  world.commit({store::PutPeerPolicy{"XB", 6, six}});
  EXPECT_EQ(world->peer_policy("XB"), six);
  EXPECT_EQ(world->peer_policy("XZ"), "");
  world.check();
}

}  // namespace
}  // namespace focal::ledger
