// Goal: the rest of the table of rotation, revocation and recovery, cell by cell: how each kind of
// hold ends, and who may revoke what. Method: for each cell a fresh node, one act, and what the
// node holds afterwards against a table of its own.
#include <memory>
#include <ostream>

#include "tests/unit/exchange/hold_fixture.h"

namespace focal::exchange {
namespace {

enum class What { kUpdate, kRecovery, kEarlier, kNewNext, kTransport, kBehind };
enum class End { kAlmost, kWallOnly, kSafe, kOneIntroducer, kIntroducersEarly, kIntroducers,
                 kOwnLink, kConfirmed, kRefused };

struct Seen {  // what is seen afterwards
  bool pinned;
  PeerLevel level;
  Suspension suspended;
  bool operator==(const Seen&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << (seen.pinned ? "pinned" : "not pinned") << ", level " << static_cast<int>(seen.level)
             << ", suspended " << static_cast<int>(seen.suspended);
}

// XB at serial 2, verified; a card of it that came from elsewhere and is held.
class HoldEnds : public ::testing::Test {
 protected:
  void fresh(What what) {
    w = std::make_unique<BookWorld>(IntroducerPolicy{2, {"UNODA", "OSCE"}});
    for (const TestParty* each : {&w->xc, &unoda, &osce}) w->pin(each->card());
    const Card first = w->xb.card();
    w->pin(first);
    const Card second = test::update_of(w->xb, first, "second");
    ASSERT_EQ(w->taken(second.note, kByOwn), NoteTaken::kStored);
    CardFields f = w->xb.fields_after(second);
    switch (what) {
      case What::kUpdate: card = test::update_of(w->xb, second); break;
      case What::kRecovery: card = test::recovery_of(w->xb, second); break;
      case What::kEarlier: card = test::recovery_of(w->xb, first); break;
      case What::kNewNext:
        f.next = next_root_hash(test::third_root().pk);
        card = test::made_card(f, w->xb.keys());
        break;
      case What::kTransport:
        f.transport = w->xc.transport.pk;
        card = test::made_card(f, w->xb.keys());
        break;
      case What::kBehind:
        ASSERT_EQ(w->taken(test::recovery_of(w->xb, second).note, kByOther), NoteTaken::kHeld);
        card = test::update_of(w->xb, second);
        break;
    }
    ASSERT_EQ(w->taken(card.note, kByOther), NoteTaken::kHeld);
  }
  void list(const TestParty& introducer) {
    EXPECT_EQ(w->taken(test::directory_of(introducer, 1, {{w->xb, card.root}}), kByOfficer),
              NoteTaken::kStored);
  }
  void end(End how) {
    switch (how) {
      case End::kAlmost: w->pass(kHoldMs - 1); break;
      case End::kWallOnly: {
        BookTime jumped = w->time();
        jumped.now.wall_ms += 60 * kDayMs;
        jumped.now.mono_ms += 60 * kDayMs;
        w->book.tick(jumped);
        w->commit();
        break;
      }
      case End::kSafe: w->pass(kHoldMs); break;
      case End::kOneIntroducer: list(unoda); w->pass(kHoldMs); break;
      case End::kIntroducersEarly: list(unoda); list(osce); w->pass(kHoldMs - 1); break;
      case End::kIntroducers: list(unoda); list(osce); w->pass(kHoldMs); break;
      case End::kOwnLink: w->taken(card.note, kByOwn); break;
      case End::kConfirmed:
        static_cast<void>(w->book.confirm("XB", card.card_id, "jo", w->time()));
        w->commit();
        break;
      case End::kRefused:
        ASSERT_TRUE(w->book.refuse("XB", card.card_id, "jo", w->time()).has_value());
        w->commit();
        list(unoda);
        list(osce);
        w->pass(kHoldMs);
        w->taken(card.note, kByOwn);
        break;
    }
  }
  std::unique_ptr<BookWorld> w;
  Card card;
  TestParty unoda{"UNODA", 151};
  TestParty osce{"OSCE", 161};
};

TEST_F(HoldEnds, EveryCell) {
  using L = PeerLevel;
  using S = Suspension;
  const Seen stays{false, L::kVerified, S::kNone};
  const Seen taken{true, L::kVerified, S::kNone};
  const Seen doubt{false, L::kVerified, S::kRecovery};
  const Seen still{true, L::kVerified, S::kRecovery};
  const Seen vouched{true, L::kIntroduced, S::kNone};
  struct Row {
    What what;
    Seen cells[9];  // in the order of End
  };
  const Row rows[] = {
      //                 71:59  wall   72 h   1 of 2 early  2 of 2   own    confirm refuse
      {What::kUpdate,   {stays, stays, taken, taken, stays, taken,   taken, taken, stays}},
      {What::kRecovery, {doubt, doubt, doubt, doubt, doubt, vouched, doubt, taken, stays}},
      {What::kEarlier,  {doubt, doubt, doubt, doubt, doubt, vouched, doubt, taken, stays}},
      {What::kNewNext,  {stays, stays, stays, stays, stays, stays,   stays, taken, stays}},
      {What::kTransport,{stays, stays, stays, stays, stays, stays,   stays, taken, stays}},
      // Behind a recovery: time does not pass it by. An officer may, and the doubt stays.
      {What::kBehind,   {doubt, doubt, doubt, doubt, doubt, doubt,   doubt, still, doubt}},
  };
  for (const Row& row : rows) {
    for (int how = 0; how < 9; ++how) {
      SCOPED_TRACE("what " + std::to_string(static_cast<int>(row.what)) + ", end " +
                   std::to_string(how));
      ASSERT_NO_FATAL_FAILURE(fresh(row.what));
      end(static_cast<End>(how));
      const store::PeerRow& peer = w->peer().row;
      EXPECT_EQ((Seen{w->pinned() == card.note, peer.level, peer.suspended}), row.cells[how]);
      EXPECT_EQ(peer.verified_ms != 0, peer.level == L::kVerified);
    }
  }
}

// Of XB, whose root was rotated: the pinned card is by the announced root and announces a third.
class RevokeTable : public Hold {
 protected:
  void SetUp() override {
    ASSERT_EQ(w.taken(rotated.note, kByOther), NoteTaken::kStored);
    CardFields f = w.xb.fields_after(rotated);
    f.next = rotated.next;
    later = test::made_card(f, {w.xb.next_root, w.xb.sign, w.xb.log, w.xb.witness});
  }
  Card rotated = test::recovery_of(w.xb, first, &w.xb.root);
  Card later;  // not here yet
};

TEST_F(RevokeTable, EverySignerAndCard) {
  struct Row {
    const char* who;
    const crypto::SigningKey& key;
    bool speaks;
  };
  const Row rows[] = {{"the root", w.xb.next_root, true},
                      {"the announced next root", test::third_root(), true},
                      {"the root that was replaced", w.xb.root, false},
                      {"the sign key", w.xb.sign, false},
                      {"the root of another party", w.xc.root, false}};
  const std::pair<const char*, const Card*> cards[] = {
      {"the pinned card", &rotated}, {"a superseded card", &first}, {"a later card", &later}};
  for (const Row& row : rows) {
    for (const auto& [name, named] : cards) {
      for (const NoteOrigin& origin : {kByOwn, kByOther, kByOfficer}) {
        SCOPED_TRACE(std::string(row.who) + ", " + name + ", " + origin_words(origin));
        BookWorld fresh;
        fresh.pin(fresh.xc.card());
        fresh.pin(first);
        ASSERT_EQ(fresh.taken(rotated.note, kByOther), NoteTaken::kStored);
        const std::string note = test::revocation_of(*named, row.key);
        if (!row.speaks) {
          EXPECT_EQ(fresh.refused(note, origin), ErrorCode::kCardKey);
          EXPECT_TRUE(fresh.peer().revocations.empty());
          EXPECT_FALSE(fresh.peer().standing.revoked);
          continue;
        }
        EXPECT_EQ(fresh.taken(note, origin), NoteTaken::kStored);
        EXPECT_EQ(fresh.peer().standing.revoked, named == &rotated);
        EXPECT_EQ(fresh.peer().revocations.size(), 1u);
        EXPECT_EQ(fresh.pinned(), rotated.note) << "nothing is deleted";
        EXPECT_FALSE(fresh.book.alarms().empty());
      }
    }
  }
}

}  // namespace
}  // namespace focal::exchange
