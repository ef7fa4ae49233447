// Goal: what a node keeps of its pairs: nothing counts before it is stored, a secret is
// used only after the other side's confirm, past keys and ceremonies leave no copy.
// Method: two books that hold a ceremony; staged, saved, discarded; forged tags, hints,
// entries; secrets counted.
#include "node/exchange/pair_book.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace focal::exchange {
namespace {

constexpr std::uint64_t kMade = 1795428000000;  // 2026-11-23T10:00:00Z
constexpr PairWeeks kWeeks{2967, 2966};

struct BookTest : ::testing::Test {
  crypto::SeededRng rng{5};
  PairBook a, b;  // of XA and XB
  const Bytes enc = Bytes(32, 0xec);

  crypto::Secret shared(std::uint8_t byte = 9) { return crypto::Secret::copy_of(Bytes(32, byte)); }
  static void save(PairBook& book) { book.saved(); }
  // Both ends after a ceremony, nothing confirmed.
  void meet(std::uint8_t byte = 9, std::uint64_t made = kMade) {
    const auto psk = shared(byte);
    a.put("XB", PairSecret::make(psk, "XA", "XB", kWeeks, made));
    b.put("XA", PairSecret::make(psk, "XB", "XA", kWeeks, made));
    save(a);
    save(b);
  }
  crypto::Secret tag_of_a(std::uint8_t byte = 9) {
    return PairSecret::make(shared(byte), "XA", "XB", kWeeks, kMade).own_tag.clone();
  }
  crypto::Secret tag_of_b(std::uint8_t byte = 9) {
    return PairSecret::make(shared(byte), "XB", "XA", kWeeks, kMade).own_tag.clone();
  }
  void confirm_both(std::uint8_t byte = 9) {
    EXPECT_TRUE(a.confirm("XB", tag_of_b(byte).view(), kMade + 1));
    EXPECT_TRUE(b.confirm("XA", tag_of_a(byte).view(), kMade + 2));
    save(a);
    save(b);
  }
  // Does XA seal for XB what XB opens?
  bool passes(std::uint64_t week = 2968) {
    const auto key = a.sealing_key("XB", week);
    if (!key) return false;
    const PairKey* other = b.opening_key(week, enc, key->hint(enc));
    return other != nullptr && other->psk.equals(key->psk.view());
  }
};

TEST_F(BookTest, UsedOnlyAfterTheirConfirm) {
  meet();
  EXPECT_FALSE(a.is_confirmed("XB"));
  EXPECT_FALSE(a.sealing_key("XB", 2968));
  EXPECT_EQ(a.standing("XB").unconfirmed_ms, kMade);
  EXPECT_EQ(a.standing("XB").made_ms, 0u);
  EXPECT_TRUE(b.confirm("XA", tag_of_a().view(), kMade + 2));
  save(b);
  // XB may send at once: XA, which confirmed, opens although XB's confirm is not here.
  const auto key = b.sealing_key("XA", 2968);
  ASSERT_TRUE(key);
  ASSERT_NE(a.opening_key(2968, enc, key->hint(enc)), nullptr);
  EXPECT_FALSE(a.is_confirmed("XB"));
  EXPECT_TRUE(a.confirm("XB", tag_of_b().view(), kMade + 3));
  save(a);
  EXPECT_EQ(a.take_changed(), std::vector<std::string>{"XB"});
  EXPECT_TRUE(a.take_changed().empty());
  EXPECT_EQ(a.standing("XB").made_ms, kMade);
  EXPECT_EQ(a.standing("XB").confirmed_ms, kMade + 3);
  EXPECT_EQ(a.standing("XB").unconfirmed_ms, 0u);
  EXPECT_TRUE(passes());
}

TEST_F(BookTest, AForgedConfirmIsNone) {
  meet();
  EXPECT_FALSE(a.confirm("XB", tag_of_a().view(), kMade)) << "our own, sent back";
  EXPECT_FALSE(a.confirm("XB", tag_of_b(8).view(), kMade)) << "of another secret";
  EXPECT_FALSE(a.confirm("XB", Bytes(31, 0), kMade));
  EXPECT_FALSE(a.confirm("XB", {}, kMade));
  EXPECT_FALSE(a.confirm("XC", tag_of_b().view(), kMade)) << "of another party";
  EXPECT_FALSE(a.has_staged());
  EXPECT_FALSE(a.is_confirmed("XB"));
}

TEST_F(BookTest, AConfirmThatComesAgainChangesNothing) {
  meet();
  confirm_both();
  EXPECT_TRUE(a.confirm("XB", tag_of_b().view(), kMade + 50));
  EXPECT_FALSE(a.has_staged());
  EXPECT_EQ(a.standing("XB").confirmed_ms, kMade + 1);
  meet(10, kMade + 1000);
  EXPECT_TRUE(a.confirm("XB", tag_of_b().view(), kMade + 2000)) << "the old one, played again";
  EXPECT_FALSE(a.has_staged());
  EXPECT_EQ(a.made_ms("XB"), kMade) << "it confirms no new secret";
}

TEST_F(BookTest, WhatWasNotToldYetIsKnownAfterARestart) {
  meet();
  const auto again = [this] {
    PairBook book;
    for (const auto& [name, value] : a.entries()) EXPECT_TRUE(book.load(name, value.view()));
    return book;
  };
  ASSERT_EQ(again().untold().size(), 1u);
  EXPECT_EQ(again().untold()[0].first, "XB");
  EXPECT_TRUE(again().untold()[0].second.equals(tag_of_a().view()));
  confirm_both();
  EXPECT_EQ(again().untold().size(), 1u) << "that they told us says nothing of us";
  a.told("XC");
  EXPECT_FALSE(a.has_unsaved());
  a.told("XB");
  EXPECT_TRUE(a.has_unsaved());
  EXPECT_TRUE(again().untold().empty());
}

TEST_F(BookTest, AConfirmThatComesBeforeTheMeetingIsOverCounts) {
  EXPECT_FALSE(a.confirm("XB", tag_of_b().view(), kMade - 5));
  EXPECT_FALSE(a.has_staged());
  meet();
  EXPECT_TRUE(a.is_confirmed("XB"));
}

TEST_F(BookTest, NothingCountsBeforeItIsSaved) {
  const auto psk = shared();
  a.put("XB", PairSecret::make(psk, "XA", "XB", kWeeks, kMade));
  EXPECT_TRUE(a.has_unsaved());
  EXPECT_EQ(a.standing("XB").unconfirmed_ms, 0u);
  EXPECT_EQ(a.entries().size(), 1u) << "what is to be saved";
  a.discard();
  EXPECT_FALSE(a.has_unsaved());
  EXPECT_TRUE(a.entries().empty());
  meet();
  EXPECT_TRUE(a.confirm("XB", tag_of_b().view(), kMade));
  EXPECT_FALSE(a.is_confirmed("XB"));
  a.discard();  // the group failed; the peer sends it again
  EXPECT_FALSE(a.is_confirmed("XB"));
  EXPECT_TRUE(a.confirm("XB", tag_of_b().view(), kMade));
  save(a);
}

// The other way round: the ledger first, then the keystore.
TEST_F(BookTest, ADropCountsOnlyWhenTheLedgerHasIt) {
  meet();
  confirm_both();
  EXPECT_TRUE(a.drop("XB"));
  EXPECT_TRUE(a.has_drops());
  EXPECT_FALSE(a.has_staged());
  EXPECT_EQ(a.entries().size(), 1u) << "what is saved meanwhile still has it";
  save(a);
  EXPECT_TRUE(a.is_confirmed("XB"));
  a.discard();  // the group was not stored
  a.drops_committed();
  EXPECT_TRUE(a.is_confirmed("XB"));
  EXPECT_TRUE(a.drop("XB"));
  a.drops_committed();
  EXPECT_FALSE(a.is_confirmed("XB"));
  EXPECT_TRUE(a.entries().empty());
  EXPECT_TRUE(a.has_unsaved());
  EXPECT_FALSE(a.has_drops());
}

TEST_F(BookTest, ADropTakesWhatWasThereAndNotWhatIsMadeInTheSameGroup) {
  meet();
  confirm_both();
  EXPECT_TRUE(a.drop("XB"));
  a.put("XB", PairSecret::make(shared(10), "XA", "XB", kWeeks, kMade + 1000));
  save(a);
  a.drops_committed();
  EXPECT_FALSE(a.is_confirmed("XB"));
  EXPECT_EQ(a.standing("XB").unconfirmed_ms, kMade + 1000);
  EXPECT_TRUE(a.confirm("XB", tag_of_b(10).view(), kMade + 2000));
}

// A confirm that came before the own end of the meeting is not lost with a keystore that
// could not be written.
TEST_F(BookTest, AnEarlyConfirmIsKeptUntilItsSecretIsStored) {
  EXPECT_FALSE(a.confirm("XB", tag_of_b().view(), kMade - 5));
  EXPECT_TRUE(a.standing("XB").strange_confirm);
  const auto psk = shared();
  a.put("XB", PairSecret::make(psk, "XA", "XB", kWeeks, kMade));
  a.discard();
  EXPECT_FALSE(a.is_confirmed("XB"));
  a.put("XB", PairSecret::make(psk, "XA", "XB", kWeeks, kMade));
  save(a);
  EXPECT_TRUE(a.is_confirmed("XB"));
  EXPECT_FALSE(a.standing("XB").strange_confirm);
}

TEST_F(BookTest, AnEarlyConfirmOfTheNextMeetingOutlivesALateOneOfTheLast) {
  meet(9);
  EXPECT_FALSE(a.confirm("XB", tag_of_b(10).view(), kMade)) << "XB has finished the next one";
  EXPECT_TRUE(a.confirm("XB", tag_of_b(9).view(), kMade));
  save(a);
  a.put("XB", PairSecret::make(shared(10), "XA", "XB", kWeeks, kMade + 1000));
  save(a);
  EXPECT_EQ(a.made_ms("XB"), kMade + 1000);
}

TEST_F(BookTest, AStrangeConfirmIsForgottenWithTheNextMeetingThatIsConfirmed) {
  EXPECT_FALSE(a.confirm("XB", tag_of_b(9).view(), kMade));
  meet(8);
  EXPECT_TRUE(a.standing("XB").strange_confirm);
  meet(7, kMade + 1000);
  EXPECT_TRUE(a.confirm("XB", tag_of_b(7).view(), kMade + 2000));
  save(a);
  EXPECT_FALSE(a.standing("XB").strange_confirm);
}

// XB came to the end of the first meeting; the second was finished here only.
TEST_F(BookTest, AnUnconfirmedSecretOutlivesASecondMeeting) {
  meet(9);
  b.confirm("XA", tag_of_a(9).view(), kMade);  // XB uses it from now on
  save(b);
  a.put("XB", PairSecret::make(shared(10), "XA", "XB", kWeeks, kMade + 1000));
  save(a);
  const auto key = b.sealing_key("XA", 2968);
  PairUse use;
  ASSERT_NE(a.opening_key(2968, enc, key->hint(enc), &use), nullptr);
  EXPECT_EQ(use.party, "XB");
  EXPECT_TRUE(use.unconfirmed_tag.equals(tag_of_b(9).view()));
  PairBook again;
  for (const auto& [name, value] : a.entries()) ASSERT_TRUE(again.load(name, value.view())) << name;
  EXPECT_EQ(again.standing("XB").unconfirmed_ms, kMade + 1000) << "the newer one is the next";
  for (PairBook* book : {&a, &again}) {
    EXPECT_TRUE(book->confirm("XB", tag_of_b(9).view(), kMade + 2000));
    save(*book);
    EXPECT_EQ(book->made_ms("XB"), kMade);
    EXPECT_EQ(book->standing("XB").unconfirmed_ms, kMade + 1000) << "it may still be confirmed";
    use = {};
    EXPECT_NE(book->opening_key(2968, enc, key->hint(enc), &use), nullptr);
    EXPECT_TRUE(use.unconfirmed_tag.empty()) << "of the secret in use";
    EXPECT_TRUE(book->confirm("XB", tag_of_b(10).view(), kMade + 3000));
    save(*book);
    EXPECT_EQ(book->entries().size(), 1u);
  }
}

TEST_F(BookTest, UnconfirmedSecretsAreBounded) {
  for (std::uint8_t i = 1; i <= 6; ++i) {
    a.put("XB", PairSecret::make(shared(i), "XA", "XB", kWeeks, kMade + i));
    a.put("XB", PairSecret::make(shared(i), "XA", "XB", kWeeks, kMade + i));  // the same again
    save(a);
  }
  EXPECT_EQ(a.entries().size(), kMaxWaitingPairs);
  EXPECT_TRUE(a.entries().contains("pair-new/XB"));
  EXPECT_TRUE(a.entries().contains("pair-new/XB/3"));
  EXPECT_FALSE(a.confirm("XB", tag_of_b(2).view(), kMade)) << "forgotten";
  EXPECT_TRUE(a.confirm("XB", tag_of_b(3).view(), kMade));
  save(a);
  EXPECT_EQ(a.entries().size(), 4u) << "three newer ones and the one in use";
  EXPECT_TRUE(a.confirm("XB", tag_of_b(6).view(), kMade));
  save(a);
  EXPECT_EQ(a.entries().size(), 1u) << "what is older than the confirmed one is over";
  EXPECT_TRUE(a.drop("XB"));
  a.drops_committed();
  EXPECT_TRUE(a.entries().empty());
}

TEST_F(BookTest, ASecondMeetingNeverWeakensTheFirst) {
  meet();
  confirm_both();
  ASSERT_TRUE(passes());
  meet(10, kMade + 1000);
  EXPECT_TRUE(a.is_confirmed("XB")) << "the older one goes on";
  EXPECT_TRUE(passes());
  EXPECT_EQ(a.standing("XB").unconfirmed_ms, kMade + 1000);
  EXPECT_EQ(a.made_ms("XB"), kMade);
  a.take_changed();
  confirm_both(10);
  EXPECT_EQ(a.made_ms("XB"), kMade + 1000);
  EXPECT_EQ(a.take_changed(), std::vector<std::string>{"XB"});
  EXPECT_TRUE(passes());
  EXPECT_EQ(a.entries().size(), 1u);
  EXPECT_FALSE(a.confirm("XB", tag_of_b(9).view(), kMade)) << "the old tag is over";
}

TEST_F(BookTest, TwoMeetingsOfOneTimeAreTwoSecrets) {
  meet();
  confirm_both();
  a.take_changed();
  const std::uint64_t first = a.made_ms("XB");
  meet(10);
  confirm_both(10);
  EXPECT_NE(a.made_ms("XB"), first);
  EXPECT_EQ(a.take_changed(), std::vector<std::string>{"XB"});
  EXPECT_TRUE(passes());
}

TEST_F(BookTest, DroppedByAnOperator) {
  EXPECT_FALSE(a.drop("XB"));
  EXPECT_FALSE(a.has_staged());
  meet();
  confirm_both();
  EXPECT_TRUE(a.drop("XB"));
  a.take_changed();
  a.drops_committed();
  EXPECT_FALSE(a.is_confirmed("XB"));
  EXPECT_TRUE(a.entries().empty());
  EXPECT_EQ(a.take_changed(), std::vector<std::string>{"XB"});
  const auto key = b.sealing_key("XA", 2968);
  EXPECT_EQ(a.opening_key(2968, enc, key->hint(enc)), nullptr);
}

TEST_F(BookTest, N057_HintOfAnotherPairWeekOrEnc) {
  meet();
  confirm_both();
  b.put("XC", PairSecret::make(shared(3), "XB", "XC", kWeeks, kMade));
  save(b);
  const auto key = a.sealing_key("XB", 2968);
  const PairHint hint = key->hint(enc);
  EXPECT_NE(b.opening_key(2968, enc, hint), nullptr);
  EXPECT_EQ(b.opening_key(2969, enc, hint), nullptr) << "of another week";
  EXPECT_EQ(b.opening_key(2968, Bytes(32, 1), hint), nullptr) << "of another enc";
  EXPECT_EQ(b.opening_key(2968, enc, ByteView(hint).first(7)), nullptr);
  EXPECT_EQ(b.opening_key(2968, enc, {}), nullptr);
  for (std::size_t bit = 0; bit < 64; ++bit) {
    PairHint changed = hint;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1u << bit % 8));
    EXPECT_EQ(b.opening_key(2968, enc, changed), nullptr) << bit;
  }
  // XC and XA give other hints to XB; XB's own direction is another one.
  const auto other = PairSecret::make(shared(3), "XC", "XB", kWeeks, kMade);
  const PairKey* of_xc = b.opening_key(2968, enc, make_pair_key(*other.out.at(2968)).hint(enc));
  ASSERT_NE(of_xc, nullptr);
  EXPECT_FALSE(of_xc->psk.equals(key->psk.view()));
  EXPECT_EQ(b.opening_key(2968, enc, b.sealing_key("XA", 2968)->hint(enc)), nullptr)
      << "what XB sent, sent back";
}

TEST_F(BookTest, ForgetsWeeksOfEachDirection) {
  meet();
  confirm_both();
  EXPECT_TRUE(passes(2967));
  a.forget_before({2969, 2968});
  EXPECT_TRUE(a.has_unsaved());
  EXPECT_FALSE(a.has_staged());
  save(a);
  EXPECT_FALSE(a.sealing_key("XB", 2968));
  EXPECT_TRUE(passes(2969));
  const auto key = b.sealing_key("XA", 2967);
  EXPECT_EQ(a.opening_key(2967, enc, key->hint(enc)), nullptr);
  EXPECT_NE(a.opening_key(2968, enc, b.sealing_key("XA", 2968)->hint(enc)), nullptr);
  a.forget_before({2969, 2968});
  EXPECT_FALSE(a.has_unsaved()) << "nothing new to forget";
}

TEST_F(BookTest, AForgottenWeekIsInNoEntry) {
  meet();
  confirm_both();
  const auto old_out = a.sealing_key("XB", 2967)->psk.clone();
  const auto holds = [](const PairBook& book, const crypto::Secret& what) {
    for (const auto& [name, value] : book.entries()) {
      const ByteView v = value.view();
      if (std::search(v.begin(), v.end(), what.view().begin(), what.view().end()) != v.end())
        return true;
    }
    return false;
  };
  EXPECT_TRUE(holds(a, old_out));
  a.forget_before({2968, 2967});
  EXPECT_FALSE(holds(a, old_out));
  EXPECT_FALSE(holds(a, shared())) << "PSK_ab itself is never kept";
  EXPECT_FALSE(holds(a, first_pair_key(shared(), "XA", "XB")));
}

TEST_F(BookTest, SurvivesARestart) {
  meet();
  confirm_both();
  meet(10, kMade + 1000);  // one waits for its confirm
  PairBook again;
  for (const auto& [name, value] : a.entries()) ASSERT_TRUE(again.load(name, value.view())) << name;
  EXPECT_EQ(a.entries().size(), 2u);
  EXPECT_TRUE(again.is_confirmed("XB"));
  EXPECT_EQ(again.standing("XB").confirmed_ms, kMade + 1);
  EXPECT_EQ(again.standing("XB").unconfirmed_ms, kMade + 1000);
  EXPECT_FALSE(again.has_unsaved());
  a = std::move(again);
  EXPECT_TRUE(passes());
  confirm_both(10);
  EXPECT_TRUE(passes());
}

TEST_F(BookTest, DamagedEntriesAreRefused) {
  meet();
  const auto entries = a.entries();
  ASSERT_EQ(entries.begin()->first, "pair-new/XB");
  const Bytes good = to_bytes(entries.begin()->second.view());
  const auto refused = [](const char* name, const Bytes& value) {
    PairBook book;
    const Status loaded = book.load(name, value);
    return !loaded && loaded.error().code == ErrorCode::kKeystore;
  };
  EXPECT_FALSE(refused("pair-new/XB", good));
  EXPECT_TRUE(refused("pair/XB", good)) << "not confirmed, and said to be";
  EXPECT_TRUE(refused("pair-new/xb", good));
  EXPECT_TRUE(refused("pair-new/", good));
  EXPECT_TRUE(refused("pair-new/XB/1", good)) << "and none before it";
  EXPECT_TRUE(refused("pair-new/XB/", good));
  EXPECT_TRUE(refused("pair-new/XB/00", good));
  EXPECT_TRUE(refused("pair-new/XB", {}));
  for (const std::size_t size : {good.size() - 1, good.size() + 1}) {
    Bytes bad = good;
    bad.resize(size);
    EXPECT_TRUE(refused("pair-new/XB", bad)) << size;
  }
  Bytes bad = good;
  bad[0] = 2;
  EXPECT_TRUE(refused("pair-new/XB", bad)) << "version";
  bad = good;
  bad.back() = 2;
  EXPECT_TRUE(refused("pair-new/XB", bad)) << "told is yes or no";
  bad = good;
  std::fill_n(bad.begin() + 81, 8, std::uint8_t{0});
  EXPECT_TRUE(refused("pair-new/XB", bad)) << "a week before the first";
}

TEST_F(BookTest, CeremoniesAreBoundedAndEnd) {
  const crypto::Secret* c = *a.begin_ceremony("XB", rng, 1000);
  EXPECT_EQ(c->size(), 32u);
  EXPECT_EQ(*a.begin_ceremony("XB", rng, 2000), c) << "the same code is shown again";
  EXPECT_TRUE(a.entries().empty()) << "a meeting outlives no process";
  EXPECT_FALSE(a.has_unsaved());
  EXPECT_EQ(a.ceremony_ends_mono_ms("XB"), 1000 + kCeremonyLifeMs);
  for (std::size_t i = 1; i < kMaxCeremonies; ++i)
    ASSERT_TRUE(a.begin_ceremony("P" + std::to_string(i), rng, 2000)) << i;
  EXPECT_EQ(a.begin_ceremony("XZ", rng, 2000).error().code, ErrorCode::kLimit);
  a.end_old_ceremonies(1000 + kCeremonyLifeMs - 1);
  EXPECT_NE(a.ceremony("XB"), nullptr);
  const std::uint64_t alive = crypto::Secret::alive();
  a.end_old_ceremonies(1000 + kCeremonyLifeMs);
  EXPECT_EQ(a.ceremony("XB"), nullptr);
  EXPECT_EQ(crypto::Secret::alive(), alive - 1) << "its c is wiped";
  EXPECT_TRUE(a.begin_ceremony("XZ", rng, 1000 + kCeremonyLifeMs)) << "there is room again";
  a.end_ceremony("XZ");
  EXPECT_EQ(a.ceremony("XZ"), nullptr);
  EXPECT_FALSE(a.has_unsaved()) << "no ceremony is ever stored";
}

TEST_F(BookTest, KeysOfPastWeeksAreWiped) {
  meet();
  confirm_both();
  for (std::uint64_t week = 2966; week < 2976; ++week)
    ASSERT_NE(a.opening_key(week, enc, b.sealing_key("XA", week < 2967 ? 2967 : week)->hint(enc)) ==
                  nullptr, week >= 2967);
  const std::uint64_t alive = crypto::Secret::alive();
  a.forget_before({2970, 2971});
  EXPECT_EQ(crypto::Secret::alive(), alive - 2 * 5) << "psk and hint key of five weeks";
}

}  // namespace
}  // namespace focal::exchange
