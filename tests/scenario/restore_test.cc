// Goal: a node whose ledger was set back to an older copy, its anchor with it, is told so by its
// peers, signs nothing until its root says that it goes on, gets back what it had received and goes
// on with the same peers, each record once. Method: whole nodes linked in process; folders put
// aside and back while a node is stopped, as a restored snapshot does; the ceremony of a new card
// in between.
#include <gtest/gtest.h>

#include <stdexcept>

#include "crypto/private_file.h"
#include "node/desk/ledger_check.h"
#include "node/exchange/recovery.h"
#include "node/node/root_acts.h"
#include "proto/record.pb.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

namespace fs = std::filesystem;
using exchange::RunState;
using store::LeafType;

class Restored : public ::testing::Test {
 protected:
  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
    w.connect("XA", "XB");
    w.run();
  }
  store::RecordRef ping(const std::string& from, const std::string& to) {
    w.advance(kSecondMs);  // a peer shows the newest statement by its time
    const auto ref = w.send(from, to, "peer.ping", ping_body());
    w.run();
    return ref;
  }
  fs::path aside() const { return w.folder("XB").parent_path() / "aside"; }
  void put_aside() {
    w.stop("XB");
    fs::copy(w.folder("XB"), aside(), fs::copy_options::recursive);
    w.start("XB");
    w.connect("XA", "XB");
    w.run();
  }
  // Everything as it was, the anchor too: nothing of its own tells the node.
  void set_back() {
    w.stop("XB");
    fs::remove_all(w.folder("XB"));
    fs::copy(aside(), w.folder("XB"), fs::copy_options::recursive);
    w.start("XB");
  }
  RunState state() { return w.node("XB").run_view().state; }
  exchange::Card card() {
    return must(exchange::parse_card(to_string(must(
        crypto::read_private_file(w.folder("XB") / node::kCardFile, exchange::kMaxCardSize)))));
  }
  // The root signs a card with new keys and another log; the node is opened with it.
  void goes_on() {
    const auto words = crypto::Secret::copy_of(as_bytes("a test passphrase"));
    w.stop("XB");
    crypto::SystemRng rng;
    crypto::Keystore keystore = w.keystore("XB");
    node::CardWish wish;
    wish.act = node::CardAct::kReplaceKeys;
    const auto pending = must(node::prepare_card(
        wish, card(), must(node::load_online_keys(keystore)), keystore, w.now(), rng));
    node::RootOptions roots;
    roots.folders = {w.folder("XB").parent_path() / "root-XB"};
    roots.kdf = crypto::kKdfTest;
    const auto agree = [](const node::RootPreview&) { return Status(); };
    const auto done = must(node::root_sign(roots, pending.file, words, agree, rng));
    must(node::apply_card_offline(w.folder("XB"), done.note, "restored", words, w.now(), rng));
    w.start("XB");
  }
  template <typename T>
  static T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
  }
  void expect_sound(const std::string& party) {
    const auto report = ledger::verify(w.folder(party) / ledger::kLedgerFile,
                                       desk::verify_options(w.core(party).self().card));
    ASSERT_TRUE(report.has_value()) << report.error().message;
    EXPECT_TRUE(report->ok()) << (report->problems.empty() ? "" : report->problems.front());
  }

  World w;
};

TEST_F(Restored, N123_AReceiverThatWasRestoredGoesOnWithTheSamePeers) {
  const auto before = ping("XA", "XB");
  put_aside();
  std::vector<store::RecordRef> lost;
  for (int i = 0; i < 5; ++i) lost.push_back(ping("XA", "XB"));
  const auto lost_own = ping("XB", "XA");
  for (const auto& ref : lost) ASSERT_EQ(w.status_of("XA", ref, "XB"), 1u);
  set_back();
  ASSERT_FALSE(w.has("XB", lost.front()));
  EXPECT_EQ(state(), RunState::kRunning) << "its own anchor is as old as it is";

  // What XA holds of XB, statements by its key, are not in this ledger.
  w.connect("XA", "XB");
  EXPECT_EQ(state(), RunState::kRolledBack);
  EXPECT_NE(w.node("XB").run_view().words.find("XA"), std::string::npos)
      << w.node("XB").run_view().words;
  EXPECT_NE(w.node("XB").run_view().next.find("focal card replace-keys"), std::string::npos)
      << w.node("XB").run_view().next;
  const auto signs = w.leaves("XB", LeafType::kReceiptOut);
  const auto waiting = ping("XA", "XB");
  w.connect("XA", "XB");
  w.advance(kHourMs);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceiptOut), signs) << "nothing is signed";
  EXPECT_EQ(w.status_of("XA", waiting, "XB"), 0u);
  w.crash("XB");
  EXPECT_EQ(state(), RunState::kRolledBack) << "and the next process knows it at once";

  goes_on();
  EXPECT_EQ(state(), RunState::kRunning) << w.node("XB").run_view().words;
  for (int i = 0; i < 3; ++i) {
    w.connect("XA", "XB");
    for (int minute = 0; minute < 10; ++minute) w.advance(kMinuteMs);
  }
  EXPECT_EQ(w.status_of("XA", waiting, "XB"), 1u);
  for (const auto& ref : lost) {
    const auto info = w.view("XB").find(ref);
    ASSERT_TRUE(info.has_value()) << "it was received, and XA has the receipt";
    EXPECT_TRUE(info->has_body) << "its content came again";
    EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  }
  EXPECT_TRUE(w.has("XB", before));
  EXPECT_TRUE(w.has("XA", lost_own)) << "what XB sent on the branch that is gone stays true";
  EXPECT_FALSE(w.has("XB", lost_own));
  // Each once: no second leaf here, no second record there.
  std::size_t pings = 0;
  for (store::LeafIndex i = 0; i < w.view("XB").log_size(); ++i) {
    const auto leaf = w.node("XB").ledger().leaf(i);
    pings += leaf && leaf->type == LeafType::kReceived && leaf->ref == lost[0].rid ? 1 : 0;
  }
  EXPECT_EQ(pings, 1u);
  const auto back = ping("XB", "XA");
  const auto there = ping("XA", "XB");
  w.advance(kMinuteMs);
  EXPECT_EQ(w.status_of("XB", back, "XA"), 1u);
  EXPECT_EQ(w.status_of("XA", there, "XB"), 1u);
  EXPECT_EQ(w.core("XB").self().card.log_name, "focal/XB/log/2");
  EXPECT_TRUE(w.view("XA").fork_proofs(9).empty());
  expect_sound("XA");
  expect_sound("XB");
}

// The anchor is newer than the ledger: no peer is needed to see it, and none can talk it away.
TEST_F(Restored, N098_ANewerAnchorStopsItBeforeAnyLink) {
  put_aside();
  ping("XA", "XB");
  w.advance(2 * kMinuteMs);
  w.checkpoint("XB");
  const fs::path anchor = w.node("XB").anchor().file();
  fs::copy_file(anchor, w.folder("XB").parent_path() / "newest",
                fs::copy_options::overwrite_existing);
  set_back();
  w.stop("XB");
  fs::copy_file(w.folder("XB").parent_path() / "newest", anchor,
                fs::copy_options::overwrite_existing);
  w.start("XB");
  EXPECT_EQ(state(), RunState::kRolledBack);
  const auto ref = ping("XA", "XB");
  w.connect("XA", "XB");
  w.advance(kHourMs);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u);
  EXPECT_EQ(state(), RunState::kRolledBack);
}

// An answer is a page of what was signed: whoever asks without end gets as many as one that lost its
// ledger needs.
TEST_F(Restored, AFloodOfRequestsIsAnsweredFourTimesAMinute) {
  focal::v1::Record record;
  const Bytes ping = ping_body();
  ASSERT_TRUE(record.ParseFromArray(ping.data(), static_cast<int>(ping.size())));
  record.mutable_recovery_request()->set_since_ms(0);
  const Bytes request = to_bytes(record.SerializeAsString());
  const auto before = w.leaves("XA", LeafType::kReceived);
  for (std::size_t i = 0; i < 40; ++i) w.send("XA", "XB", "recovery.request", request);
  w.run();
  const auto answers = [&] { return w.leaves("XA", LeafType::kReceived) - before; };
  EXPECT_EQ(answers(), exchange::kRecoveryPagesPerMinute);
  w.advance(kMinuteMs);
  w.send("XA", "XB", "recovery.request", request);
  w.run();
  EXPECT_EQ(answers(), exchange::kRecoveryPagesPerMinute + 1) << "the link still stands";
}

}  // namespace
}  // namespace focal::test
