// Goal: a card that was superseded is of use for 400 days and no longer, and what is signed by
// a party whose card is revoked gets nowhere, also when it came in the same moment. Numbers 41
// and 85. Method: whole nodes; records signed under the card of before, delivered over the
// party's own link.
#include "tests/attack/wire/forge.h"
#include "tests/scenario/noted.h"

namespace focal::test {
namespace {

using exchange::BounceCode;

constexpr std::uint64_t kOfUseDays = 400;

class OldCard : public Noted {
 protected:
  void SetUp() override {
    make({"XA", "XB", "XC"});
    w.connect("XA", "XB");
    w.run();
  }
  // XB's next card, which XA knows; XB's node goes on under the first one.
  void supersede() {
    Successor next = successor("XB", card("XB"));
    add("XA", next.card.note);
    ASSERT_EQ(peer("XA", "XB").card.card_id, next.card.card_id);
  }
  void live_days(std::uint64_t days) {
    for (; days > 7; days -= 7) w.advance(7 * kDayMs);
    w.advance(days * kDayMs);
  }
};

TEST_F(OldCard, N041_WhatIsSignedUnderItIsTakenFor400DaysAndBouncedAfterwards) {
  supersede();
  live_days(kOfUseDays - 1);
  Forger in_time(w, "XB", "XA");
  in_time.deliver_inner(in_time.honest().inner);
  EXPECT_TRUE(in_time.effect.bounces.empty());
  EXPECT_EQ(in_time.effect.leaves, 2u) << "RECEIVED and RECEIPT_OUT";

  live_days(2);
  Forger late(w, "XB", "XA");
  late.deliver_inner(late.honest().inner);
  ASSERT_EQ(late.effect.bounces.size(), 1u);
  EXPECT_EQ(late.effect.bounces[0].code, static_cast<std::uint32_t>(BounceCode::kUnopenable));
  EXPECT_EQ(late.effect.silent.count(5), 1u) << "step 5 says so in our own counters alone";
  EXPECT_EQ(late.effect.leaves, 0u);
  EXPECT_EQ(late.effect.waiting, 0u);
}

TEST_F(OldCard, N085_ARecordBehindTheRevocationOfTheSameMomentIsNotStored) {
  Forger forger(w, "XB", "XA");
  const Bytes envelope = forger.seal(forger.honest().inner);
  const auto other = w.connect("XA", "XC");
  w.run();
  const auto leaves = w.view("XA").log_size();
  exchange::Machine& machine = w.core("XA").machine();
  machine.frame(w.now(), other, exchange::encode_frame(exchange::NotesFrame{{revocation("XB")}}));
  ASSERT_TRUE(machine.group_is_full()) << "the node commits before it reads on";
  w.run();
  const auto noted = w.view("XA").log_size();
  EXPECT_GT(noted, leaves) << "the revocation has its leaf";
  forger.hand_over(envelope);
  w.run();
  EXPECT_EQ(w.view("XA").log_size(), noted);
  EXPECT_EQ(w.leaves("XA", store::LeafType::kReceived), 0u);
  EXPECT_EQ(w.view("XA").waiting().size(), 0u);
}

}  // namespace
}  // namespace focal::test
