// The witness book of party XA on a ledger in memory, with whole groups. XB, XC and XD are VERIFIED
// there, XE is known and nothing more.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "crypto/random.h"
#include "node/exchange/witness_book.h"
#include "tests/sim/memory_store.h"
#include "tests/support/test_log.h"

namespace focal::test {

class WitnessWorld {
 public:
  WitnessWorld() : rng_((crypto::init(), 5)), store_("XA", "focal/XA/log/1", rng_) {
    self_.card = own.card();
    self_.sign = signing_key(3);
    self_.log = signing_key(4);
    self_.witness = signing_key(5);
    for (const TestParty* party : {&xb, &xc, &xd}) pin(*party, store::PeerLevel::kVerified);
    pin(xe, store::PeerLevel::kIntroduced);
    EXPECT_TRUE(book.load().has_value());
  }

  void pin(const TestParty& party, store::PeerLevel level) {
    store::PeerRow row;
    row.party = party.party;
    row.level = level;
    row.card_note = party.card_note();
    row.added_ms = now.wall_ms;
    write({store::PutPeer{row, party.card().card_id, "fixture"},
           store::SetTrust{party.party, party.card().card_id, level, store::Suspension::kNone, "PHONE",
                           "fixture"}});
  }
  void suspend(const TestParty& party) {
    write({store::SetTrust{party.party, party.card().card_id, store::PeerLevel::kVerified,
                           store::Suspension::kOperator, {}, "fixture"}});
  }
  void write(std::vector<store::Op> ops) {
    const auto done = store_.commit({now.wall_ms, std::move(ops)});
    ASSERT_TRUE(done.has_value()) << done.error().message;
    ASSERT_TRUE(peers.load(store_.peers()).has_value());
  }
  exchange::BookTime time() const { return {now, now.wall_ms, now.wall_ms}; }
  void pass(std::uint64_t ms) {
    now.mono_ms += ms;
    now.wall_ms += ms;
  }
  // The group: what both books want written, or nothing of it.
  Status commit() {
    auto ops = book.take_ops();
    for (store::Op& op : trust.take_ops()) ops.push_back(std::move(op));
    if (!ops.empty()) {
      const auto done = store_.commit({now.wall_ms, std::move(ops)});
      if (!done) {
        book.abandon();
        trust.abandon();
        return done.error();
      }
    }
    trust.committed();
    book.committed();
    return {};
  }
  void lose_group() {
    static_cast<void>(book.take_ops());
    static_cast<void>(trust.take_ops());
    book.abandon();
    trust.abandon();
  }
  void restart() { ASSERT_TRUE(book.load().has_value()); }

  // One leaf and what rounds it, then a checkpoint that the book hears of.
  store::CheckpointRow own_checkpoint() {
    pass(kHourMs);
    write({store::PutAdmin{{}, "a leaf"}});
    const auto row = TestParty::must(store_.make_checkpoint(now.wall_ms, own.log));
    book.own_checkpoint(row, time());
    EXPECT_TRUE(commit().has_value());
    return row;
  }
  void set_policy(std::vector<std::string> parties, std::uint32_t quorum) {
    auto put = book.own().set_policy(std::move(parties), quorum, time());
    ASSERT_TRUE(put.has_value()) << put.error().message;
    write({*put});
    ASSERT_TRUE(commit().has_value());
  }
  Status cosign(const TestParty& by, const store::CheckpointRow& row, std::uint64_t seconds = 0) {
    const std::string line = cosignature_of(row.note, by, seconds != 0 ? seconds : now.wall_ms / 1000);
    return book.take_cosig(by.party, {row.note, line, {}}, time());
  }
  std::uint64_t published() {
    const auto row = store_.newest_published();
    return row ? row->checkpoint.size : 0;
  }
  std::size_t proofs() { return store_.fork_proofs(99).size(); }
  sim::MemoryStore& store() { return store_; }

  TestParty own{"XA", 1};
  TestParty xb{"XB", 51}, xc{"XC", 101}, xd{"XD", 151}, xe{"XE", 201};
  Now now{1'000'000, kIssuedMs + kDayMs};

 private:
  crypto::SeededRng rng_;
  sim::MemoryStore store_;
  exchange::Identity self_;

 public:
  exchange::Peers peers;
  exchange::TrustBook trust{self_, peers, store_};
  exchange::WitnessBook book{self_, peers, store_, trust};
};

}  // namespace focal::test
