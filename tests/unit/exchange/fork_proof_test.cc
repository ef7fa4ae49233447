// Goal: a fork proof convinces only where one key of the party really said two things.
// Method: honest pairs of each kind, then pairs with one part of the claim wrong.
#include "node/exchange/fork_proof.h"

#include <gtest/gtest.h>

#include "node/store/leaf.h"
#include "tests/support/notes_fixture.h"

namespace focal::exchange {
namespace {

using test::TestParty;

class ForkProofTest : public ::testing::Test {
 protected:
  Result<ForkProof> check(const std::string& a, const std::string& b) {
    return check_fork_proof(a, b, pinned_, {first_});
  }
  void refuses(const std::string& a, const std::string& b, ErrorCode code) {
    const auto one = check(a, b);
    ASSERT_FALSE(one.has_value());
    EXPECT_EQ(one.error().code, code) << one.error().message;
    EXPECT_FALSE(check(b, a).has_value());
  }
  std::string schedule(std::uint64_t serial, std::size_t weeks, const crypto::SigningKey& key) {
    ScheduleFields f = xb_.schedule_fields(weeks);
    f.serial = serial;
    return TestParty::must(make_schedule(f, key));
  }

  TestParty xb_{"XB", 51};
  TestParty xc_{"XC", 101};
  Card first_ = xb_.card();
  Card pinned_ = test::update_of(xb_, first_, "second");
};

TEST_F(ForkProofTest, N014_TwoCardsOfOneSerial) {
  const Card twin = test::update_of(xb_, first_, "another office");
  for (const bool swapped : {false, true}) {
    const auto proof = swapped ? check(twin.note, pinned_.note) : check(pinned_.note, twin.note);
    ASSERT_TRUE(proof.has_value()) << proof.error().message;
    EXPECT_EQ(proof->kind, ForkKind::kCard);
    EXPECT_EQ(proof->party, "XB");
    EXPECT_EQ(proof->serial, 2u);
    EXPECT_EQ(proof->id, store::fork_proof_ref(twin.card_id, pinned_.card_id));
    EXPECT_EQ(std::min(proof->a, proof->b), std::min(twin.note, pinned_.note));
    const bool smaller_first = twin.card_id < pinned_.card_id;
    EXPECT_EQ(proof->a, smaller_first ? twin.note : pinned_.note) << "one form of one proof";
  }
}

TEST_F(ForkProofTest, TheAnnouncedNextRootCountsAsTheSameParty) {
  EXPECT_TRUE(check(pinned_.note, test::recovery_of(xb_, first_).note).has_value());
  const Card one = test::recovery_of(xb_, pinned_, nullptr, "one");
  const Card two = test::recovery_of(xb_, pinned_, nullptr, "two");
  EXPECT_TRUE(check(one.note, two.note).has_value()) << "the next root itself says two things";
}

TEST_F(ForkProofTest, NobodyCanMakeAProofAgainstAnotherParty) {
  const TestParty stranger("XB", 151);
  CardFields f = stranger.fields();
  f.serial = 2;
  f.prev = first_.card_id;
  const Card forged = test::made_card(f, stranger.keys());
  refuses(pinned_.note, forged.note, ErrorCode::kCardKey);
  f.authority = {"two of the stranger's own"};
  refuses(forged.note, test::made_card(f, stranger.keys()).note, ErrorCode::kCardKey);
  // A stranger's card that "announces" the true root does not make the root say anything.
  f.next = next_root_hash(xb_.root.pk);
  refuses(test::made_card(f, stranger.keys()).note, forged.note, ErrorCode::kCardKey);
  const auto against = check(test::made_card(f, stranger.keys()).note, pinned_.note);
  EXPECT_FALSE(against.has_value());
}

TEST_F(ForkProofTest, NotesThatAgreeProveNothing) {
  refuses(pinned_.note, pinned_.note, ErrorCode::kInvalid);
  refuses(first_.note, pinned_.note, ErrorCode::kInvalid);  // two serials
  refuses(pinned_.note, xc_.card().note, ErrorCode::kInvalid);
  // The same text under another unknown signature is the same statement.
  EXPECT_FALSE(check(pinned_.note, pinned_.note + "\xe2\x80\x94 somebody AAAAAAAA\n").has_value());
}

TEST_F(ForkProofTest, DamagedOrForeignNotesAreRefused) {
  const Card twin = test::update_of(xb_, first_, "another office");
  std::string bad = twin.note;
  bad[bad.find("another")] = 'A';
  refuses(pinned_.note, bad, ErrorCode::kSignature);
  refuses(pinned_.note, schedule(1, 3, xb_.sign), ErrorCode::kCard);
  refuses("hello\n", pinned_.note, ErrorCode::kInvalid);
  refuses(test::revocation_of(first_, xb_.root), test::revocation_of(first_, xb_.next_root),
          ErrorCode::kInvalid);
}

TEST_F(ForkProofTest, TwoSchedulesOfOneSerial) {
  const auto proof = check(schedule(5, 3, xb_.sign), schedule(5, 4, xb_.sign));
  ASSERT_TRUE(proof.has_value()) << proof.error().message;
  EXPECT_EQ(proof->kind, ForkKind::kSchedule);
  EXPECT_EQ(proof->serial, 5u);
  refuses(schedule(5, 3, xb_.sign), schedule(6, 4, xb_.sign), ErrorCode::kInvalid);
  refuses(schedule(5, 3, xc_.sign), schedule(5, 4, xc_.sign), ErrorCode::kCardKey);
}

TEST_F(ForkProofTest, N024_TwoDirectoriesOfOneSerial) {
  const std::string one = test::directory_of(xb_, 4, {{xc_, xc_.root.pk}});
  const std::string two = test::directory_of(xb_, 4, {});
  const auto proof = check(one, two);
  ASSERT_TRUE(proof.has_value()) << proof.error().message;
  EXPECT_EQ(proof->kind, ForkKind::kDirectory);
  EXPECT_EQ(proof->party, "XB");
  refuses(one, test::directory_of(xb_, 5, {}), ErrorCode::kInvalid);
  refuses(one, one, ErrorCode::kInvalid);
  const TestParty rogue("XB", 151);
  refuses(one, test::directory_of(rogue, 4, {}), ErrorCode::kCardKey);
}

TEST_F(ForkProofTest, EveryKindHasAName) {
  for (const ForkKind kind : {ForkKind::kCard, ForkKind::kSchedule, ForkKind::kDirectory})
    EXPECT_FALSE(fork_kind_name(kind).empty());
  EXPECT_EQ(party_of_note(pinned_.note), "XB");
  EXPECT_EQ(party_of_note(test::directory_of(xb_, 4, {})), "XB");
  EXPECT_EQ(party_of_note("focal-card/v1\nparty xb\n"), "");
  EXPECT_EQ(party_of_note("something else\n"), "");
}

}  // namespace
}  // namespace focal::exchange
