// Goal: every cell of the table of rotation, revocation and recovery has the effect it names.
// Method: for each verdict a card that has it, brought by each of the three sources to a node
// that has pinned XB; what the node holds afterwards is compared with a table of its own.
#include "node/exchange/card_rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <set>

#include "tests/unit/exchange/book_world.h"

namespace focal::exchange {
namespace {

using store::HoldWhy;
using store::Suspension;
using test::BookWorld;
using test::TestParty;

// What can be seen after a card came.
struct Seen {
  std::string result{};  // of the call: "nothing", "stored", "held", "ask", or the error's name
  bool pinned = false;
  std::optional<HoldWhy> held = std::nullopt;
  Suspension suspended = Suspension::kNone;
  std::size_t proofs = 0;
  bool alarm = false;
  bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  out << seen.result << (seen.pinned ? ", pinned" : "");
  if (seen.held) out << ", held " << static_cast<int>(*seen.held);
  return out << ", suspended " << static_cast<int>(seen.suspended) << ", proofs " << seen.proofs
             << (seen.alarm ? ", alarm" : "");
}

struct Expected {
  Succession verdict;
  Seen own, elsewhere, officer;
};

const std::vector<Expected>& expected() {
  using V = Succession;
  const Seen nothing{"nothing"};
  const Seen pinned{"stored", true};
  const Seen to_hold{"held", false, HoldWhy::kElsewhere};
  const Seen new_next{"held", false, HoldWhy::kNewNext, Suspension::kNone, 0, true};
  const Seen recovery{"held", false, HoldWhy::kRecovery, Suspension::kRecovery, 0, true};
  const Seen earlier{"held", false, HoldWhy::kRecovery, Suspension::kRecovery, 1, true};
  const Seen fork{"stored", false, {}, Suspension::kTwoCards, 1, true};
  const Seen fork_by_officer{"CARD_CHAIN", false, {}, Suspension::kTwoCards, 1, true};
  const Seen alarm{"CARD_CHAIN", false, {}, Suspension::kNone, 0, true};
  const Seen useless{"CARD_CHAIN"};
  const Seen behind{"held", false, HoldWhy::kBehind, Suspension::kRecovery, 0, false};
  const Seen copied{"held", false, HoldWhy::kTransportKey, Suspension::kNone, 0, true};
  static const std::vector<Expected> table{
      {V::kSame, nothing, nothing, nothing},
      {V::kOlder, nothing, nothing, nothing},
      {V::kUpdate, pinned, to_hold, pinned},
      {V::kNewNext, new_next, new_next, new_next},
      {V::kRotate, pinned, pinned, pinned},
      {V::kRecover, recovery, recovery, recovery},
      {V::kFork, fork, fork, fork_by_officer},
      {V::kGap, {"ask"}, {"ask"}, useless},
      {V::kPrevMismatch, alarm, alarm, alarm},
      {V::kBadRotation, alarm, alarm, alarm},
      {V::kUnknownRoot, useless, useless, useless},
      {V::kRecoverEarlier, earlier, earlier, earlier},
      {V::kUndecided, behind, behind, behind},
      {V::kRevokedRoot, alarm, alarm, alarm},
      {V::kCopiedKey, alarm, alarm, alarm},
      {V::kCopiedTransport, copied, copied, copied},
  };
  return table;
}

std::string words(const Result<NoteTaken>& taken) {
  if (!taken) return std::string(error_name(taken.error().code));
  switch (*taken) {
    case NoteTaken::kNothing: return "nothing";
    case NoteTaken::kStored: return "stored";
    case NoteTaken::kHeld: return "held";
    case NoteTaken::kAskChain: return "ask";
  }
  return "?";
}

// XB at serial 2, verified; XC, verified, from whom keys can be copied.
class Table : public ::testing::Test {
 protected:
  void fresh() {
    world_ = std::make_unique<BookWorld>();
    world_->pin(world_->xc.card());
    first_ = world_->xb.card();
    world_->pin(first_);
    pinned_ = test::update_of(world_->xb, first_, "second");
    ASSERT_EQ(world_->taken(pinned_.note, test::kByOwn), NoteTaken::kStored);
    ASSERT_EQ(world_->pinned(), pinned_.note);
  }

  // A card of XB that stands so, and what makes it so.
  Card card_for(Succession verdict) {
    const TestParty& xb = world_->xb;
    const TestParty& xc = world_->xc;
    CardFields f = xb.fields_after(pinned_);
    switch (verdict) {
      case Succession::kSame: return pinned_;
      case Succession::kOlder: return first_;
      case Succession::kUpdate: return test::update_of(xb, pinned_);
      case Succession::kNewNext:
        f.next = next_root_hash(test::third_root().pk);
        return test::made_card(f, xb.keys());
      case Succession::kRotate: return test::recovery_of(xb, pinned_, &xb.root);
      case Succession::kRecover: return test::recovery_of(xb, pinned_);
      case Succession::kFork: return test::update_of(xb, first_, "somebody else");
      case Succession::kGap: return test::update_of(xb, test::update_of(xb, pinned_));
      case Succession::kPrevMismatch: f.prev = first_.card_id; return test::made_card(f, xb.keys());
      case Succession::kBadRotation:
        return test::made_card(f, {test::third_root(), xb.sign, xb.log, xb.witness, &xb.root});
      case Succession::kUnknownRoot:
        return test::made_card(f, {test::third_root(), xb.sign, xb.log, xb.witness});
      case Succession::kRecoverEarlier: return test::recovery_of(xb, first_);
      case Succession::kUndecided:
        EXPECT_EQ(world_->taken(test::recovery_of(xb, pinned_).note, test::kByOther),
                  NoteTaken::kHeld);
        return test::update_of(xb, pinned_);
      case Succession::kRevokedRoot:
        EXPECT_EQ(world_->taken(test::revocation_of(pinned_, xb.next_root), test::kByOther),
                  NoteTaken::kStored);
        return test::update_of(xb, pinned_);
      case Succession::kCopiedKey:
        return test::made_card(f, {xb.root, xb.sign, xb.log, xc.witness});
      case Succession::kCopiedTransport:
        f.transport = xc.transport.pk;
        return test::made_card(f, xb.keys());
      case Succession::kOtherParty: break;
    }
    ADD_FAILURE() << "no card stands so";
    return pinned_;
  }

  Seen bring(const Card& card, const NoteOrigin& origin) {
    const std::size_t alarms = world_->book.alarms().size();
    const Suspension before = world_->peer().row.suspended;
    Seen seen{words(world_->take(card.note, origin))};
    const std::size_t leaves = static_cast<std::size_t>(world_->store().log_size());
    world_->commit();
    const Peer& peer = world_->peer();
    seen.pinned = peer.card.card_id == card.card_id && card.card_id != pinned_.card_id;
    for (const store::HeldCard& held : peer.row.held)
      if (held.card_id == card.card_id) seen.held = held.why;
    seen.suspended = peer.row.suspended;
    seen.proofs = world_->proofs();
    seen.alarm = world_->book.alarms().size() != alarms;
    // Nothing changes a party without a leaf, and a leaf names who brought it.
    const bool changed = seen.pinned || seen.suspended != before || seen.proofs != 0;
    EXPECT_EQ(static_cast<std::size_t>(world_->store().log_size()) != leaves, changed);
    if (changed) {
      EXPECT_NE(world_->last_detail(), "");
    }
    return seen;
  }

  std::unique_ptr<BookWorld> world_;
  Card first_, pinned_;
};

TEST_F(Table, EveryCell) {
  const std::pair<NoteSource, NoteOrigin> sources[] = {{NoteSource::kOwnLink, test::kByOwn},
                                                       {NoteSource::kElsewhere, test::kByOther},
                                                       {NoteSource::kOfficer, test::kByOfficer}};
  for (const Expected& row : expected()) {
    for (const auto& [source, origin] : sources) {
      fresh();
      const Card card = card_for(row.verdict);
      SCOPED_TRACE(std::string(describe(row.verdict)) + ", source " +
                   std::to_string(static_cast<int>(source)));
      ASSERT_EQ(judge_card(world_->peer(), card, world_->peers.pinned_keys()), row.verdict);
      const Seen& wanted = source == NoteSource::kOwnLink     ? row.own
                           : source == NoteSource::kElsewhere ? row.elsewhere
                                                              : row.officer;
      EXPECT_EQ(bring(card, origin), wanted);
    }
  }
}

TEST_F(Table, HasARowForEveryVerdict) {
  std::set<Succession> rows, tested{Succession::kOtherParty};
  for (const CardRule& rule : kCardRules) rows.insert(rule.verdict);
  for (const Expected& row : expected()) tested.insert(row.verdict);
  EXPECT_EQ(rows.size(), kSuccessions);
  EXPECT_EQ(tested, rows);
  for (const NoteSource source : {NoteSource::kOwnLink, NoteSource::kElsewhere, NoteSource::kOfficer})
    EXPECT_EQ(action_for(Succession::kOtherParty, source), CardAction::kIgnore);
}

// Where a card has two faults, the worse one decides.
TEST_F(Table, TheOrderOfWhatIsLookedAtOnceMore) {
  struct Both {
    bool copied_key, revoked_root, undecided, copied_transport;
    Succession verdict;
  };
  const Both pairs[] = {
      {true, true, false, false, Succession::kCopiedKey},
      {true, false, true, false, Succession::kCopiedKey},
      {true, false, false, true, Succession::kCopiedKey},
      {false, true, true, false, Succession::kRevokedRoot},
      {false, true, false, true, Succession::kRevokedRoot},
      {false, false, true, true, Succession::kUndecided},
  };
  for (const Both& each : pairs) {
    SCOPED_TRACE(std::string(describe(each.verdict)) + (each.copied_key ? ", copied key" : "") +
                 (each.revoked_root ? ", revoked root" : "") + (each.undecided ? ", undecided" : "") +
                 (each.copied_transport ? ", copied transport key" : ""));
    fresh();
    const TestParty& xb = world_->xb;
    const TestParty& xc = world_->xc;
    if (each.revoked_root) {
      EXPECT_EQ(world_->taken(test::revocation_of(pinned_, xb.next_root), test::kByOther),
                NoteTaken::kStored);
    }
    if (each.undecided) {
      EXPECT_EQ(world_->taken(test::recovery_of(xb, pinned_).note, test::kByOther), NoteTaken::kHeld);
    }
    CardFields f = xb.fields_after(pinned_);
    if (each.copied_transport) f.transport = xc.transport.pk;
    const Card card =
        test::made_card(f, {xb.root, xb.sign, xb.log, each.copied_key ? xc.witness : xb.witness});
    EXPECT_EQ(judge_card(world_->peer(), card, world_->peers.pinned_keys()), each.verdict);
  }
}

// The three that no other card may take away.
TEST_F(Table, TheWayBackIsOpenFromEveryCardOfTheChain) {
  fresh();
  const TestParty& xb = world_->xb;
  Card thief = pinned_;
  for (int i = 0; i < 3; ++i) {
    thief = test::update_of(xb, thief, "thief " + std::to_string(i));
    ASSERT_EQ(world_->taken(thief.note, test::kByOwn), NoteTaken::kStored);
  }
  for (const Card* known : {&first_, &pinned_}) {
    const Card recovery = test::recovery_of(xb, *known);
    EXPECT_EQ(judge_card(world_->peer(), recovery, world_->peers.pinned_keys()),
              Succession::kRecoverEarlier);
  }
  // Not by the thief, and not from a card that is not in the chain.
  EXPECT_EQ(judge_card(world_->peer(), test::update_of(xb, first_, "again"),
                       world_->peers.pinned_keys()),
            Succession::kOlder);
  const Card stray = test::update_of(xb, first_, "stray");
  EXPECT_EQ(judge_card(world_->peer(), test::recovery_of(xb, stray), world_->peers.pinned_keys()),
            Succession::kOlder);
}

}  // namespace
}  // namespace focal::exchange
