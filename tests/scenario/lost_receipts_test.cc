// Goal: a receipt that is lost on its way comes again with the next link, not after the
// hour of the resend timer, also when the acknowledgement of the link did arrive; and
// however often it comes, the sender keeps it once.
// Method: the receiver's ACK is delivered and its receipts are not (with two links
// between two nodes they take different ways); then the link, or the process, ends.
#include <gtest/gtest.h>

#include <algorithm>

#include "node/exchange/frame.h"
#include "node/ledger/verify.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

using exchange::AckFrame;
using exchange::DataFrame;
using store::LeafType;

std::optional<DataFrame> data_of(const Bytes& frame) {
  auto parsed = exchange::parse_frame(frame);
  if (!parsed || !std::holds_alternative<DataFrame>(*parsed)) return std::nullopt;
  return std::get<DataFrame>(std::move(*parsed));
}

struct LostReceipts : ::testing::Test {
  World w;
  store::RecordRef first, second;
  DataFrame lost;  // XB's receipt batch over both

  // XA has the acknowledgement of its two records, XB has stored them, the receipts are lost.
  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
    AckFrame ack;
    w.on_frame = [&](const auto& from, const auto&, const Bytes& frame) {
      const auto parsed = exchange::parse_frame(frame);
      const auto* seen = parsed ? std::get_if<AckFrame>(&*parsed) : nullptr;
      if (from == "XB" && seen != nullptr) ack = *seen;
      return true;
    };
    const auto link = w.connect("XA", "XB");
    first = w.send("XA", "XB", "peer.ping", ping_body("first"));
    second = w.send("XA", "XB", "peer.ping", ping_body("second"));
    ack.cum_seq = 2;
    w.inject(link, "XB", exchange::encode_frame(ack));
    w.on_frame = [&](const auto& from, const auto&, const Bytes& frame) {
      const auto data = from == "XB" ? data_of(frame) : std::nullopt;
      if (data) lost = *data;
      return !data;
    };
    w.run();
    w.on_frame = nullptr;
    ASSERT_EQ(w.leaves("XB", LeafType::kReceived), 2u);
    ASSERT_EQ(w.leaves("XB", LeafType::kReceiptOut), 1u);
    ASSERT_EQ(w.status_of("XA", first, "XB"), 0u) << "the receipt was not to arrive";
  }

  void expect_ended_once() {
    EXPECT_EQ(w.status_of("XA", first, "XB"), 1u);
    EXPECT_EQ(w.status_of("XA", second, "XB"), 1u);
    EXPECT_EQ(w.leaves("XB", LeafType::kReceived), 2u);
    auto ids = *ledger::record_ids(w.folder("XA") / ledger::kLedgerFile, LeafType::kReceiptIn);
    std::sort(ids.begin(), ids.end());
    EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end()) << "a record receipted twice";
    EXPECT_EQ(ids.size(), 2u);
  }
};

TEST_F(LostReceipts, ComeAgainOnTheNextLink) {
  std::size_t sent = 0;
  w.on_frame = [&](const auto& from, const auto&, const Bytes& frame) {
    sent += from == "XA" && data_of(frame) ? 1 : 0;
    return true;
  };
  w.connect("XA", "XB");
  expect_ended_once();
  EXPECT_EQ(sent, 0u) << "what was acknowledged is not sent again to the same process";
  EXPECT_EQ(w.leaves("XB", LeafType::kReceiptOut), 1u) << "the same receipts, no second ones";
}

TEST_F(LostReceipts, AreMadeAgainWhenTheReceiverWasStartedAnew) {
  w.crash("XB");
  w.connect("XA", "XB");
  expect_ended_once();
}

TEST_F(LostReceipts, ARepeatGoesAlone) {
  w.crash("XB");
  const auto next = w.send("XA", "XB", "peer.ping", ping_body("new"));
  w.connect("XA", "XB");  // arrives together with the two repeats
  EXPECT_EQ(w.status_of("XA", first, "XB"), 1u);
  EXPECT_EQ(w.status_of("XA", next, "XB"), 1u);
  EXPECT_EQ(w.leaves("XB", LeafType::kReceiptOut), 4u);
  EXPECT_EQ(w.leaves("XA", LeafType::kReceiptIn), 3u);
}

TEST_F(LostReceipts, TwoReceiptsInOneGroupCountOnce) {
  w.crash("XB");
  bool done = false;
  w.on_frame = [&](const auto& from, const auto&, const Bytes& frame) {
    auto data = from == "XB" && !done ? data_of(frame) : std::nullopt;
    if (!data) return true;
    // The lost batch arrives after all, in the same turn as a receipt made anew.
    data->envelopes.insert(data->envelopes.begin(), lost.envelopes.begin(), lost.envelopes.end());
    w.core("XA").machine().frame(w.now(), 2, exchange::encode_frame(*data));
    done = true;
    return false;
  };
  ASSERT_EQ(w.connect("XA", "XB"), 2u);
  w.on_frame = nullptr;
  EXPECT_TRUE(done);
  expect_ended_once();
  w.connect("XA", "XB");
  expect_ended_once();
}

}  // namespace
}  // namespace focal::test
