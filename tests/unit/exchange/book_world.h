// A trust book of party XA on a ledger in memory, with whole groups: what the book holds after
// a commit is compared with what the ledger says.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "crypto/random.h"
#include "node/exchange/trust_book.h"
#include "tests/sim/memory_store.h"
#include "tests/support/notes_fixture.h"

namespace focal::test {

inline const exchange::NoteOrigin kByOwn{"XB", {}};     // the link of the party it is about
inline const exchange::NoteOrigin kByOther{"XC", {}};
inline const exchange::NoteOrigin kByOfficer{{}, "jo"};

class BookWorld {
 public:
  explicit BookWorld(exchange::IntroducerPolicy policy = {})
      : rng_((crypto::init(), 5)), store_("XA", "focal/XA/log/1", rng_) {
    self_.card = own.card();
    book.set_policy(std::move(policy));
  }

  // Pins a card with that level, past the book.
  void pin(const exchange::Card& card, store::PeerLevel level = store::PeerLevel::kVerified,
           const std::string& schedule = {}) {
    store::PeerRow row;
    row.party = card.party;
    row.level = level;
    row.card_note = card.note;
    row.schedule_note = schedule;
    row.added_ms = now.wall_ms;
    write({store::PutPeer{row, card.card_id, "fixture"},
           store::SetTrust{card.party, card.card_id, level, store::Suspension::kNone, "PHONE",
                           "fixture"}});
  }
  void write(std::vector<store::Op> ops) {
    const auto done = store_.commit({now.wall_ms, std::move(ops)});
    ASSERT_TRUE(done.has_value()) << done.error().message;
    ASSERT_TRUE(peers.load(store_.peers()).has_value());
  }

  exchange::BookTime time() const { return {now, now.wall_ms}; }
  Result<exchange::NoteTaken> take(const std::string& note, const exchange::NoteOrigin& origin) {
    return book.take(note, origin, time());
  }
  // The same and a commit; the error of a refusal as kNothing is not told apart.
  exchange::NoteTaken taken(const std::string& note, const exchange::NoteOrigin& origin) {
    const auto result = take(note, origin);
    EXPECT_TRUE(result.has_value()) << result.error().message;
    commit();
    return result.value_or(exchange::NoteTaken::kNothing);
  }
  std::optional<ErrorCode> refused(const std::string& note, const exchange::NoteOrigin& origin) {
    const auto result = take(note, origin);
    EXPECT_FALSE(result.has_value());
    commit();
    if (result) return std::nullopt;
    return result.error().code;
  }
  void tick() {
    book.tick(time());
    commit();
  }
  void pass(std::uint64_t ms) {
    now.mono_ms += ms;
    now.wall_ms += ms;
    tick();
  }
  exchange::TrustBook::Effects commit() {
    auto ops = book.take_ops();
    if (!ops.empty()) {
      const auto done = store_.commit({now.wall_ms, std::move(ops)});
      EXPECT_TRUE(done.has_value()) << done.error().message;
    }
    auto effects = book.committed();
    compare();
    return effects;
  }
  // A new process on the same ledger.
  void restart() {
    ASSERT_TRUE(peers.load(store_.peers()).has_value());
    ASSERT_TRUE(book.load().has_value());
  }

  const exchange::Peer& peer(const std::string& party = "XB") { return *peers.find(party); }
  std::string pinned(const std::string& party = "XB") { return peer(party).row.card_note; }
  std::size_t proofs() { return store_.fork_proofs(99).size(); }
  std::string last_detail() { return store_.detail(store_.log_size() - 1); }
  sim::MemoryStore& store() { return store_; }

  TestParty own{"XA", 1};
  TestParty xb{"XB", 51};
  TestParty xc{"XC", 101};
  Now now{1'000'000, kIssuedMs + kDayMs};

 private:
  void compare() {
    exchange::Peers stored;
    ASSERT_TRUE(stored.load(store_.peers()).has_value());
    ASSERT_EQ(stored.all().size(), peers.all().size());
    for (const auto& [party, there] : stored.all()) {
      const exchange::Peer* here = peers.find(party);
      ASSERT_NE(here, nullptr) << party;
      const store::PeerRow &a = there.row, &b = here->row;
      EXPECT_EQ(a.card_note, b.card_note) << party;
      EXPECT_EQ(a.old_cards, b.old_cards) << party;
      EXPECT_EQ(a.schedule_note, b.schedule_note) << party;
      EXPECT_EQ(a.level, b.level) << party;
      EXPECT_EQ(a.suspended, b.suspended) << party;
      EXPECT_EQ(a.suspended_ms, b.suspended_ms) << party;
      EXPECT_EQ(a.verified_ms, b.verified_ms) << party;
      EXPECT_EQ(a.verified_how, b.verified_how) << party;
      EXPECT_EQ(a.introduced_by, b.introduced_by) << party;
      EXPECT_EQ(a.dead_kids, b.dead_kids) << party;
      EXPECT_EQ(a.held, b.held) << party;
      EXPECT_EQ(a.revocations, b.revocations) << party;
      EXPECT_EQ(there.card.card_id, here->card.card_id) << party;
      EXPECT_EQ(there.held.size(), here->held.size()) << party;
      EXPECT_EQ(there.standing.revoked, here->standing.revoked) << party;
      EXPECT_EQ(there.standing.suspended, here->standing.suspended) << party;
      EXPECT_EQ(there.standing.level, here->standing.level) << party;
      EXPECT_EQ(there.link_revoked, here->link_revoked) << party;
    }
  }

  crypto::SeededRng rng_;
  sim::MemoryStore store_;
  exchange::Identity self_;

 public:
  exchange::Peers peers;
  exchange::TrustBook book{self_, peers, store_};
};

}  // namespace focal::test
