// Goal: what an operator may do about other parties: pin a stranger, replace a card by its
// successor and by nothing else, and write only to whom was verified.
// Method: a whole node with its loop and gate, asked through the desk; the other parties
// are cards made here.
#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

#include "crypto/keystore.h"
#include "node/desk/desk.h"
#include "node/exchange/intro.h"
#include "node/exchange/safety_number.h"
#include "node/node/setup.h"
#include "proto/api.pb.h"
#include "proto/trust.pb.h"
#include "tests/support/party_fixture.h"
#include "tests/support/paths.h"
#include "tests/support/temp_folder.h"

namespace focal::desk {
namespace {

using test::TestParty;

crypto::Secret passphrase() { return crypto::Secret::copy_of(as_bytes("a test passphrase")); }

// The fields of the card after `pinned`, and a card of such fields.
exchange::CardFields after(const TestParty& party, const exchange::Card& pinned) {
  return party.fields_after(pinned);
}
std::string note_of(const TestParty& party, const exchange::CardFields& fields) {
  return TestParty::must(exchange::make_card(fields, party.keys()));
}

class DeskPeerTest : public ::testing::Test {
 protected:
  DeskPeerTest() {
    crypto::init();
    node::SetupOptions options;
    options.folder = folder_ / "node";
    options.root_folder = folder_ / "root";
    options.party = "XA";
    options.listen = "tcp://127.0.0.1:7117";
    options.endpoints = {"tcp://127.0.0.1:7117"};
    options.authority = {"Test authority"};
    options.kdf = crypto::kKdfTest;
    crypto::SystemRng rng;
    const auto made = node::set_up(options, passphrase(), passphrase(), read_clocks(), rng);
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().message);
    own_ = made->card;
    start();
  }
  ~DeskPeerTest() override { stop(); }

  void start() {
    auto config = TestParty::must(config::load_config(folder_ / "node" / node::kConfigFile));
    config.listen = "tcp://127.0.0.1:0";
    config.gate_program = test::in_build("bin/focal-gate");
    node_ = TestParty::must(node::Node::open(std::move(config), passphrase(), read_clocks()));
    desk_ = std::make_unique<Desk>(*node_);
    loop_ = std::thread([this] { ended_ = node_->run(); });
  }
  void stop() {
    node_->stop();
    loop_.join();
    EXPECT_TRUE(ended_.has_value()) << (ended_ ? "" : ended_.error().message);
    desk_.reset();
    node_.reset();
  }

  Result<v1::PeerAddResponse> add(const std::string& card, const std::string& schedule = "") {
    v1::PeerAddRequest request;
    request.set_bundle(card + schedule);
    return desk_->peer_add(request, self());
  }
  static Caller self() { return Caller{::geteuid(), ::getegid(), ::getpid()}; }
  ErrorCode code_of_add(const std::string& card, const std::string& schedule = "") {
    const auto done = add(card, schedule);
    return done ? ErrorCode::kUsage : done.error().code;
  }
  v1::PeerDetailsResponse show(const std::string& party) {
    v1::PeerDetailsRequest request;
    request.set_party(party);
    return TestParty::must(desk_->peer_show(request));
  }
  void verify(const TestParty& party) {
    v1::PeerVerifyRequest request;
    request.set_party(party.party);
    request.set_how("PHONE");
    request.set_number(exchange::safety_number("XA", own_.root, party.party, party.root.pk));
    const auto done = desk_->peer_verify(request, self());
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  Status ping(const std::string& party) {
    v1::PeerPingRequest request;
    request.set_party(party);
    const auto done = desk_->peer_ping(request, self());
    return done ? Status() : Status(done.error());
  }

  test::TempFolder folder_;
  exchange::Card own_;
  std::unique_ptr<node::Node> node_;
  std::unique_ptr<Desk> desk_;
  std::thread loop_;
  Status ended_;
};

TEST_F(DeskPeerTest, StrangerIsPinnedAndNotTrusted) {
  const TestParty xb("XB", 51);
  const auto done = add(xb.card_note(), xb.schedule_note());
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_FALSE(done->already_known());
  const Status refused = ping("XB");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kTrust);
  v1::TraceOpenRequest open;
  open.add_to("XB");
  open.mutable_record();
  const auto opened = desk_->trace_open(open, self());
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kTrust);
  verify(xb);
  EXPECT_TRUE(ping("XB").has_value());
}

TEST_F(DeskPeerTest, TheLedgerSaysWhoVerifiedAndHow) {
  const TestParty xb("XB", 51);
  ASSERT_TRUE(add(xb.card_note(), xb.schedule_note()).has_value());
  verify(xb);
  EXPECT_EQ(show("XB").peer().verified_how(), "PHONE");
  stop();
  node_ = TestParty::must(
      node::Node::open(TestParty::must(config::load_config(folder_ / "node" / node::kConfigFile)),
                       passphrase(), read_clocks()));
  auto& ledger = node_->ledger();
  std::string said;
  for (store::LeafIndex i = 0; i < ledger.log_size(); ++i)
    if (ledger.leaf(i)->type == store::LeafType::kPeerVerified)
      said = TestParty::must(ledger.detail(i));
  const auto detail = parse_detail(said);
  ASSERT_TRUE(detail.has_value()) << said;
  EXPECT_EQ(detail->actor.uid, ::geteuid());
  EXPECT_EQ(detail->actor.role, "OWNER") << "nobody is named";
  EXPECT_EQ(detail->act, "peer.verify");
  EXPECT_EQ(detail->reason, "VERIFIED PHONE");
  node_.reset();
  start();
}

TEST_F(DeskPeerTest, SameCardAgainChangesNothing) {
  const TestParty xb("XB", 51);
  ASSERT_TRUE(add(xb.card_note(), xb.schedule_note()).has_value());
  verify(xb);
  const auto again = add(xb.card_note(), xb.schedule_note());
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->already_known());
  EXPECT_TRUE(ping("XB").has_value()) << "still verified";
}

TEST_F(DeskPeerTest, SuccessorReplacesTheCardAndKeepsTheLevel) {
  const TestParty xb("XB", 51);
  ASSERT_TRUE(add(xb.card_note(), xb.schedule_note()).has_value());
  verify(xb);
  const std::string second = note_of(xb, after(xb, xb.card()));
  ASSERT_TRUE(add(second, xb.schedule_note()).has_value());
  EXPECT_EQ(show("XB").card_text(), second);
  EXPECT_TRUE(ping("XB").has_value());
}

TEST_F(DeskPeerTest, N012_N013_N014_OnlyTheSuccessorReplacesAPinnedCard) {
  const TestParty xb("XB", 51);
  const exchange::Card first = xb.card();
  ASSERT_TRUE(add(first.note).has_value());
  exchange::CardFields f = after(xb, first);
  f.serial = 3;
  EXPECT_EQ(code_of_add(note_of(xb, f)), ErrorCode::kCardChain) << "a serial is skipped";
  f = after(xb, first);
  f.prev = Hash32{1};
  EXPECT_EQ(code_of_add(note_of(xb, f)), ErrorCode::kCardChain) << "names another predecessor";
  f = after(xb, first);
  f.serial = 1;
  f.prev.reset();
  f.authority = {"Somebody else"};
  EXPECT_EQ(code_of_add(note_of(xb, f)), ErrorCode::kCardChain) << "a fork";
  EXPECT_EQ(code_of_add(TestParty("XB", 151).card_note()), ErrorCode::kCardChain) << "another root";
  EXPECT_EQ(show("XB").card_text(), first.note);
}

TEST_F(DeskPeerTest, N020_KeysOfAnotherPartyAreRefused) {
  const TestParty xb("XB", 51);
  ASSERT_TRUE(add(xb.card_note()).has_value());
  TestParty thief("XC", 81);
  thief.log = crypto::signing_key_from_seed(xb.log.seed.clone());
  EXPECT_EQ(code_of_add(thief.card_note()), ErrorCode::kCardKey);
  // A transport key proves nothing: the officer gets the card, and decides who has the link.
  TestParty copier("XD", 91);
  copier.transport = test::dh_key(56);  // XB's
  EXPECT_EQ(copier.transport.pk, xb.transport.pk);
  EXPECT_TRUE(add(copier.card_note()).has_value());
  EXPECT_EQ(show("XD").peer().level(), "SUSPENDED");
  EXPECT_EQ(show("XB").peer().level(), "NONE");
  EXPECT_EQ(code_of_add(own_.note), ErrorCode::kInvalid) << "this node's own card";
  EXPECT_TRUE(add(TestParty("XC", 101).card_note()).has_value());
}

TEST_F(DeskPeerTest, N129_NewSignKeyTakesTheOldScheduleAway) {
  TestParty xb("XB", 51);
  const exchange::Card first = xb.card();
  ASSERT_TRUE(add(first.note, xb.schedule_note()).has_value());
  verify(xb);
  // The card alone: the schedule held is of a key that no longer speaks for XB.
  xb.sign = test::signing_key(180);
  const std::string second = note_of(xb, after(xb, first));
  ASSERT_TRUE(add(second).has_value());
  EXPECT_EQ(show("XB").schedule_text(), "");
  // Its first schedule has a lower serial than the last one of the old key.
  exchange::ScheduleFields fields = xb.schedule_fields();
  fields.serial = 5;
  const std::string schedule = TestParty::must(exchange::make_schedule(fields, xb.sign));
  ASSERT_TRUE(add(second, schedule).has_value());
  EXPECT_EQ(show("XB").schedule_text(), schedule);
  stop();
  start();  // what was stored is read again
  EXPECT_EQ(show("XB").schedule_text(), schedule);
}

TEST_F(DeskPeerTest, N129_NewSignKeyWithItsScheduleInOneFile) {
  TestParty xb("XB", 51);
  const exchange::Card first = xb.card();
  ASSERT_TRUE(add(first.note, xb.schedule_note()).has_value());
  xb.sign = test::signing_key(180);
  exchange::ScheduleFields fields = xb.schedule_fields();
  fields.serial = 5;
  const std::string schedule = TestParty::must(exchange::make_schedule(fields, xb.sign));
  const std::string second = note_of(xb, after(xb, first));
  ASSERT_TRUE(add(second, schedule).has_value());
  EXPECT_EQ(show("XB").schedule_text(), schedule);
  stop();
  start();
  EXPECT_EQ(show("XB").card_text(), second);
}

}  // namespace
}  // namespace focal::desk
