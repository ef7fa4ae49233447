// Goal: what an operator changes about a party overwrites nothing that happened in the same
// group. Method: the two halves of a change around the commit of a whole node's group.
#include "node/desk/peer_changes.h"

#include "node/exchange/safety_number.h"
#include "tests/support/party_fixture.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

using test::TestParty;

class PeerChanges : public ::testing::Test {
 protected:
  void SetUp() override { w.add("XA"); }
  node::Node& node() { return w.node("XA"); }
  exchange::Introduction intro(const std::string& text) {
    return TestParty::must(exchange::parse_intro(text));
  }
  void pin(const std::string& text) {
    const auto parsed = intro(text);
    const auto written = pin_peer(node(), parsed, w.now());
    ASSERT_TRUE(written.has_value()) << written.error().message;
    w.run();
    peer_pinned(node(), parsed, *written, w.now());
  }
  v1::PeerVerifyRequest verification() {
    v1::PeerVerifyRequest request;
    request.set_party("XB");
    request.set_how("IN_PERSON");
    request.set_number(safety_number_of(node(), *w.core("XA").peers().find("XB")));
    return request;
  }
  const store::PeerRow& in_memory() { return w.core("XA").peers().find("XB")->row; }
  store::PeerRow in_ledger() { return w.view("XA").peers().at(0); }
  std::string schedule(const TestParty& party, std::uint64_t serial) {
    exchange::ScheduleFields fields = party.schedule_fields();
    fields.serial = serial;
    return TestParty::must(exchange::make_schedule(fields, party.sign));
  }

  test::World w;
};

TEST_F(PeerChanges, AddingInTheGroupOfAVerificationKeepsTheLevel) {
  const TestParty xb("XB", 51);
  pin(xb.card_note() + xb.schedule_note());
  const auto request = verification();
  ASSERT_TRUE(raise_trust(node(), request, By{}, w.now()).has_value());
  const auto again = pin_peer(node(), intro(xb.card_note() + xb.schedule_note()), w.now());
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::kBusy);
  w.run();
  trust_raised(node(), request, w.now());
  EXPECT_EQ(in_memory().level, store::PeerLevel::kVerified);
  EXPECT_EQ(in_memory().verified_how, "IN_PERSON");
  EXPECT_EQ(in_ledger().level, store::PeerLevel::kVerified);
  EXPECT_TRUE(pin_peer(node(), intro(xb.card_note() + xb.schedule_note()), w.now()).has_value());
}

TEST_F(PeerChanges, TwoCardsOfOneStrangerDoNotBothGetIn) {
  ASSERT_TRUE(pin_peer(node(), intro(TestParty("XB", 51).card_note()), w.now()).has_value());
  EXPECT_FALSE(pin_peer(node(), intro(TestParty("XB", 151).card_note()), w.now()).has_value());
  EXPECT_TRUE(pin_peer(node(), intro(TestParty("XC", 101).card_note()), w.now()).has_value());
  w.run();
  EXPECT_EQ(w.leaves("XA", store::LeafType::kPeerCard), 2u);
}

// The commit has put a newer schedule in place between the two halves.
TEST_F(PeerChanges, AScheduleThatCameMeanwhileStays) {
  const TestParty xb("XB", 51);
  pin(xb.card_note() + schedule(xb, 10));
  const auto newer = schedule(xb, 12);
  const auto meanwhile = [&] {
    store::PeerRow row = in_memory();
    row.schedule_note = newer;
    ASSERT_TRUE(w.core("XA").peers().put(row).has_value());
  };
  const auto request = verification();
  ASSERT_TRUE(raise_trust(node(), request, By{}, w.now()).has_value());
  w.run();
  meanwhile();
  trust_raised(node(), request, w.now());
  EXPECT_EQ(in_memory().schedule_note, newer);
  EXPECT_EQ(in_memory().level, store::PeerLevel::kVerified);

  const auto older = intro(xb.card_note() + schedule(xb, 13));
  const auto written = pin_peer(node(), older, w.now());
  ASSERT_TRUE(written.has_value());
  w.run();
  store::PeerRow row = in_memory();
  row.schedule_note = schedule(xb, 14);
  ASSERT_TRUE(w.core("XA").peers().put(row).has_value());
  peer_pinned(node(), older, *written, w.now());
  w.run();
  EXPECT_EQ(in_memory().schedule_note, schedule(xb, 14));
  EXPECT_EQ(in_ledger().schedule_note, schedule(xb, 14)) << "memory and ledger agree";
}

}  // namespace
}  // namespace focal::desk
