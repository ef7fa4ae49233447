// Goal: each way an incoming card can stand to the pinned one gets its verdict.
// Method: chains of cards with fixed keys, honest and forged, against one pinned card.
#include "node/exchange/succession.h"

#include <gtest/gtest.h>

#include "crypto/note.h"
#include "tests/support/party_fixture.h"

namespace focal::exchange {
namespace {

using test::TestParty;

class SuccessionTest : public ::testing::Test {
 protected:
  static Card make(const CardFields& fields, const CardKeys& keys) {
    return TestParty::must(parse_card(TestParty::must(make_card(fields, keys))));
  }
  // Keys of the party after the next root took over.
  CardKeys rotated(const crypto::SigningKey* old_root) const {
    return {party_.next_root, party_.sign, party_.log, party_.witness, old_root};
  }
  CardFields rotated_fields() const {
    CardFields f = party_.fields_after(pinned_);
    f.next = next_root_hash(third_root_.pk);
    return f;
  }

  TestParty party_;
  crypto::SigningKey third_root_ = test::signing_key(40);
  TestParty stranger_{"XA", 51};
  Card first_ = party_.card();
  Card pinned_ = make(party_.fields_after(first_), party_.keys());  // serial 2
};

TEST_F(SuccessionTest, Same) { EXPECT_EQ(check_successor(pinned_, pinned_), Succession::kSame); }

TEST_F(SuccessionTest, Update) {
  CardFields f = party_.fields_after(pinned_);
  f.authority = {"moved"};
  EXPECT_EQ(check_successor(pinned_, make(f, party_.keys())), Succession::kUpdate);
  EXPECT_EQ(check_successor(first_, pinned_), Succession::kUpdate);
}

// The whole product: serial x root and the old root's line x prev x next, 28 x 4, by hand. A card
// by the pinned root is signed by it, so that there are seven ways of signing.
enum class Signed { kPinned, kNext, kNextAndPinned, kNextAndForged, kOther, kOtherAndPinned,
                    kOtherAndForged };

TEST_F(SuccessionTest, EveryCombinationByHand) {
  using V = Succession;
  using S = Signed;
  struct Row {
    int serial;  // to that of the pinned card
    Signed by;
    // prev names the pinned card, next is kept; …, next is another; prev names another card, …
    V right_kept, right_other, wrong_kept, wrong_other;
  };
  const auto all = [](int serial, Signed by, V v) { return Row{serial, by, v, v, v, v}; };
  const Row rows[] = {
      all(-1, S::kPinned, V::kOlder),
      all(-1, S::kNext, V::kOlder),
      all(-1, S::kNextAndPinned, V::kOlder),
      all(-1, S::kNextAndForged, V::kOlder),
      all(-1, S::kOther, V::kOlder),
      all(-1, S::kOtherAndPinned, V::kOlder),
      all(-1, S::kOtherAndForged, V::kOlder),
      all(0, S::kPinned, V::kFork),
      all(0, S::kNext, V::kFork),
      all(0, S::kNextAndPinned, V::kFork),
      all(0, S::kNextAndForged, V::kFork),
      all(0, S::kOther, V::kUnknownRoot),
      all(0, S::kOtherAndPinned, V::kFork),
      all(0, S::kOtherAndForged, V::kUnknownRoot),
      {1, S::kPinned, V::kUpdate, V::kNewNext, V::kPrevMismatch, V::kPrevMismatch},
      {1, S::kNext, V::kRecover, V::kRecover, V::kPrevMismatch, V::kPrevMismatch},
      {1, S::kNextAndPinned, V::kRotate, V::kRotate, V::kPrevMismatch, V::kPrevMismatch},
      {1, S::kNextAndForged, V::kBadRotation, V::kBadRotation, V::kPrevMismatch, V::kPrevMismatch},
      all(1, S::kOther, V::kUnknownRoot),
      all(1, S::kOtherAndPinned, V::kBadRotation),
      all(1, S::kOtherAndForged, V::kUnknownRoot),
      all(2, S::kPinned, V::kGap),
      all(2, S::kNext, V::kGap),
      all(2, S::kNextAndPinned, V::kGap),
      all(2, S::kNextAndForged, V::kGap),
      all(2, S::kOther, V::kGap),
      all(2, S::kOtherAndPinned, V::kGap),
      all(2, S::kOtherAndForged, V::kGap),
  };
  const auto forged = [this](const Card& card) {
    crypto::Note note = TestParty::must(crypto::parse_note(card.note));
    for (auto& s : note.signatures)
      if (s.key_id == crypto::note_key_id(s.name, crypto::NoteKeyType::kEd25519, party_.root.pk))
        s.signature.back() ^= 1;
    return TestParty::must(parse_card(crypto::format_note(note)));
  };
  const Card top = make(party_.fields_after(pinned_), party_.keys());  // serial 3: there is a lower one
  for (const Row& row : rows) {
    for (int cell = 0; cell < 4; ++cell) {
      SCOPED_TRACE("serial " + std::to_string(row.serial) + ", signed " +
                   std::to_string(static_cast<int>(row.by)) + ", cell " + std::to_string(cell));
      CardFields f = party_.fields_after(top);
      f.serial = static_cast<std::uint64_t>(static_cast<int>(top.serial) + row.serial);
      f.authority = {"another office"};
      if (cell >= 2) f.prev = pinned_.card_id;
      if (cell % 2 == 1) f.next = next_root_hash(third_root_.pk);
      const bool by_next =
          row.by == S::kNext || row.by == S::kNextAndPinned || row.by == S::kNextAndForged;
      if (by_next && cell % 2 == 0) {  // its own root announced once more: no card
        EXPECT_FALSE(make_card(f, {party_.next_root, party_.sign, party_.log, party_.witness}));
        continue;
      }
      const crypto::SigningKey& root = row.by == S::kPinned ? party_.root
                                       : by_next            ? party_.next_root
                                                            : stranger_.root;
      const bool lone = row.by == S::kPinned || row.by == S::kNext || row.by == S::kOther;
      Card card = make(f, {root, party_.sign, party_.log, party_.witness, lone ? nullptr : &party_.root});
      if (row.by == S::kNextAndForged || row.by == S::kOtherAndForged) card = forged(card);
      const V wanted = cell == 0   ? row.right_kept
                       : cell == 1 ? row.right_other
                       : cell == 2 ? row.wrong_kept
                                   : row.wrong_other;
      EXPECT_EQ(describe(check_successor(top, card)), describe(wanted));
    }
  }
}

// A thief of the root could take the way back from its owner.
TEST_F(SuccessionTest, AnUpdateThatAnnouncesAnotherNextRootIsNoPlainUpdate) {
  CardFields f = party_.fields_after(pinned_);
  f.next = next_root_hash(third_root_.pk);
  EXPECT_EQ(check_successor(pinned_, make(f, party_.keys())), Succession::kNewNext);
}

TEST_F(SuccessionTest, N012_Gap) {
  CardFields f = party_.fields_after(pinned_);
  f.serial = pinned_.serial + 2;
  EXPECT_EQ(check_successor(pinned_, make(f, party_.keys())), Succession::kGap);
}

TEST_F(SuccessionTest, N013_PrevMismatch) {
  CardFields f = party_.fields_after(pinned_);
  f.prev = first_.card_id;
  EXPECT_EQ(check_successor(pinned_, make(f, party_.keys())), Succession::kPrevMismatch);
  f = rotated_fields();
  f.prev = first_.card_id;
  EXPECT_EQ(check_successor(pinned_, make(f, rotated(&party_.root))), Succession::kPrevMismatch);
}

TEST_F(SuccessionTest, N014_SameSerialOtherTextIsAFork) {
  CardFields f = party_.fields_after(first_);
  f.authority = {"another office"};
  EXPECT_EQ(check_successor(pinned_, make(f, party_.keys())), Succession::kFork);
  // By the committed next root, and by a strange root the pinned one signed for.
  f.next = next_root_hash(third_root_.pk);
  EXPECT_EQ(check_successor(pinned_, make(f, rotated(nullptr))), Succession::kFork);
  const CardKeys sponsored{stranger_.root, stranger_.sign, stranger_.log, stranger_.witness,
                           &party_.root};
  EXPECT_EQ(check_successor(pinned_, make(f, sponsored)), Succession::kFork);
  // Anybody can write a card with any serial: that is no evidence against the party.
  EXPECT_EQ(check_successor(pinned_, make(f, stranger_.keys())), Succession::kUnknownRoot);
}

TEST_F(SuccessionTest, N015_LowerSerialIsAReplay) {
  EXPECT_EQ(check_successor(pinned_, first_), Succession::kOlder);
  EXPECT_EQ(check_successor(pinned_, stranger_.card()), Succession::kOlder);
}

TEST_F(SuccessionTest, Rotation) {
  EXPECT_EQ(check_successor(pinned_, make(rotated_fields(), rotated(&party_.root))),
            Succession::kRotate);
}

TEST_F(SuccessionTest, RecoveryByTheNextRootAlone) {
  EXPECT_EQ(check_successor(pinned_, make(rotated_fields(), rotated(nullptr))),
            Succession::kRecover);
}

TEST_F(SuccessionTest, RotationWithAForgedOldSignature) {
  crypto::Note note =
      crypto::parse_note(make(rotated_fields(), rotated(&party_.root)).note).value();
  for (auto& s : note.signatures)
    if (s.key_id == crypto::note_key_id(s.name, crypto::NoteKeyType::kEd25519, party_.root.pk))
      s.signature.back() ^= 1;
  const Card card = TestParty::must(parse_card(crypto::format_note(note)));
  EXPECT_EQ(check_successor(pinned_, card), Succession::kBadRotation);
}

TEST_F(SuccessionTest, N016_RotationToARootThatWasNotCommitted) {
  CardFields f = party_.fields_after(pinned_);
  const CardKeys keys{stranger_.root, party_.sign, party_.log, party_.witness, &party_.root};
  EXPECT_EQ(check_successor(pinned_, make(f, keys)), Succession::kBadRotation);
}

TEST_F(SuccessionTest, N017_RotationSignedOnlyByTheOldRoot) {
  // The new root's own line is missing: no card at all.
  crypto::Note note =
      crypto::parse_note(make(rotated_fields(), rotated(&party_.root)).note).value();
  std::erase_if(note.signatures, [this](const crypto::NoteSignature& s) {
    return s.key_id ==
           crypto::note_key_id(s.name, crypto::NoteKeyType::kEd25519, party_.next_root.pk);
  });
  ASSERT_EQ(note.signatures.size(), 4u);
  EXPECT_EQ(parse_card(crypto::format_note(note)).error().code, ErrorCode::kSignature);
}

TEST_F(SuccessionTest, StrangersAndOtherParties) {
  EXPECT_EQ(check_successor(pinned_, make(stranger_.fields_after(pinned_), stranger_.keys())),
            Succession::kUnknownRoot);
  EXPECT_EQ(check_successor(pinned_, TestParty("XB", 51).card()), Succession::kOtherParty);
}

TEST_F(SuccessionTest, EveryVerdictIsDescribed) {
  for (std::size_t v = 0; v < kSuccessions; ++v)
    EXPECT_FALSE(describe(static_cast<Succession>(v)).empty());
}

TEST_F(SuccessionTest, N020_KeyPinnedToAnotherParty) {
  PinnedKeys pinned;
  add_pinned(pinned, party_.card());
  EXPECT_TRUE(check_keys_unpinned(pinned_, pinned).has_value());  // its own keys
  const TestParty other("XB", 51);
  EXPECT_TRUE(check_keys_unpinned(other.card(), pinned).has_value());
  const auto code = [&](const crypto::SigningKey& root, const crypto::SigningKey& sign,
                        const crypto::SigningKey& log, const crypto::SigningKey& witness) {
    return check_keys_unpinned(make(other.fields(), {root, sign, log, witness}), pinned);
  };
  EXPECT_EQ(code(party_.root, other.sign, other.log, other.witness).error().path, "card.root");
  EXPECT_EQ(code(other.root, party_.sign, other.log, other.witness).error().path, "card.sign");
  EXPECT_EQ(code(other.root, other.sign, party_.log, other.witness).error().path, "card.log");
  EXPECT_EQ(code(other.root, other.sign, other.log, party_.witness).error().path, "card.witness");
  // In another role it is as bad.
  EXPECT_EQ(code(other.root, party_.witness, other.log, other.witness).error().code,
            ErrorCode::kCardKey);
}

TEST_F(SuccessionTest, TransportKeyOfAnotherPartyIsReportedNotRefused) {
  PinnedKeys pinned;
  add_pinned(pinned, party_.card());
  const TestParty other("XB", 51);
  CardFields f = other.fields();
  f.transport = party_.transport.pk;
  const Card copied = make(f, other.keys());
  EXPECT_TRUE(check_keys_unpinned(copied, pinned).has_value());
  EXPECT_EQ(transport_key_owner(copied, pinned), "XA");
  EXPECT_EQ(transport_key_owner(other.card(), pinned), std::nullopt);
  EXPECT_EQ(transport_key_owner(party_.card(), pinned), std::nullopt);
  PinnedKeys old;
  add_superseded(old, party_.card());
  EXPECT_EQ(transport_key_owner(copied, old), std::nullopt) << "it links nobody any more";
}

}  // namespace
}  // namespace focal::exchange
