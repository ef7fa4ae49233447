// Goal: of every record that ever takes effect other systems hear once, at the leaf by which it
// did, wherever reading begins and however it is cut; of no other record they hear.
// Method: event graphs of chance against the definition, leaf by leaf; example records between two
// whole nodes, in order, out of order, crossing and erased.
#include "node/desk/export_feed.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "node/exchange/outbox.h"
#include "tests/unit/casework/any_events.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

RC_GTEST_PROP(ExportProperty, EachEffectIsToldOnceAtItsFirstLeaf, ()) {
  namespace story = casework::test;
  std::vector<PlacedEvent> all;
  std::set<Hash32> seen;
  for (casework::Event& event : story::any_events())  // a rid has one leaf
    if (seen.insert(event.rid).second) all.push_back({std::move(event), 0});
  for (std::size_t i = all.size(); i > 1; --i)
    std::swap(all[i - 1], all[*rc::gen::inRange<std::size_t>(0, i)]);
  store::LeafIndex size = 0;
  for (PlacedEvent& each : all) each.idx = size += *rc::gen::inRange(1, 3);

  std::set<Hash32> taken, told;
  std::vector<casework::Event> arrived;
  std::size_t next = 0;
  for (store::LeafIndex idx = 0; idx <= size; ++idx) {
    std::set<Hash32> fresh;
    if (next < all.size() && all[next].idx == idx) arrived.push_back(all[next++].event);
    for (const auto& each : casework::fold(arrived, story::id(1)).effects)
      if (each.effect == casework::Effect::kTaken && taken.insert(each.rid).second)
        fresh.insert(each.rid);
    for (const PlacedEvent& each : first_effects(all, story::id(1), idx)) {
      RC_ASSERT(told.insert(each.event.rid).second);
      RC_ASSERT(fresh.contains(each.event.rid));
    }
    RC_ASSERT(told == taken);
  }
}

// A delay that loses its effect to an earlier answer, and has it again once the case is reopened.
TEST(ExportEffects, OneThatComesBackIsNotToldAgain) {
  namespace story = casework::test;
  story::Story told;
  told.add(1, "trace.request", 0, 1);
  told.add(2, "trace.delay", 1, 6);
  told.add(3, "trace.response", 1, 3);
  told.add(4, "trace.close", 3, 3);
  told.add(5, "trace.reopen", 3, 5);
  std::vector<PlacedEvent> all;
  std::string taken, heard;  // of the delay, and what is told, leaf by leaf
  std::vector<casework::Event> arrived;
  for (const casework::Event& event : told.events) {
    all.push_back({event, static_cast<store::LeafIndex>(all.size())});
    arrived.push_back(event);
    bool has_effect = false;
    for (const auto& each : casework::fold(arrived, story::id(1)).effects)
      has_effect = has_effect ||
                   (each.rid == story::id(2) && each.effect == casework::Effect::kTaken);
    taken += has_effect ? '1' : '0';
  }
  ASSERT_EQ(taken, "01001") << "the story is no longer one of this kind";
  for (const PlacedEvent& each : all)
    for (const PlacedEvent& one : first_effects(all, story::id(1), each.idx))
      heard += std::to_string(each.idx) + ":" + one.event.kind + " ";
  EXPECT_EQ(heard, "0:trace.request 1:trace.delay 2:trace.response 3:trace.close 4:trace.reopen ");
}

class Feed : public DeskWorld {
 protected:
  store::View& view(const std::string& party = "XA") { return w.view(party); }
  // Everything from there on, in slices.
  std::vector<ExportEntry> read(ExportPosition from, const std::string& party = "XA",
                                bool content = false) {
    std::vector<ExportEntry> out;
    for (;;) {
      auto slice = read_slice(view(party), from, content);
      EXPECT_TRUE(slice.has_value()) << (slice ? "" : slice.error().message);
      if (!slice) return out;
      for (auto& entry : slice->entries) out.push_back(std::move(entry));
      EXPECT_TRUE(slice->after.next > from.next || slice->behind == 0);
      from = slice->after;
      if (slice->behind == 0) return out;
    }
  }
  static std::vector<std::string> kinds(const std::vector<ExportEntry>& entries) {
    std::vector<std::string> out;
    for (const ExportEntry& each : entries) {
      const auto begin = each.notice.find("\"kind\":\"") + 8;
      out.push_back(each.notice.substr(begin, each.notice.find('"', begin) - begin));
    }
    return out;
  }
};

TEST_F(Feed, TellsOfRecordsOfBothSidesAndOfNothingElse) {
  w.connect("XA", "XB");
  const auto ref = opened();
  w.send("XA", "XB", "peer.ping", test::ping_body());
  ASSERT_TRUE(ack().has_value());
  w.run();
  const auto at_xa = read({});
  EXPECT_THAT(kinds(at_xa), ElementsAre("trace.request", "trace.ack")) << "a ping is of no case";
  const auto info = view().find(ref);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(at_xa[0].leaf, info->idx);
  EXPECT_EQ(at_xa[0].notice, "{\"rid\":\"" + hex(ref.rid) +
                                 "\",\"kind\":\"trace.request\",\"case_number\":\"T-1\",\"party\":"
                                 "\"XA\",\"at\":\"" + format_utc(info->at_ms) + "\"}\n");
  EXPECT_THAT(at_xa[1].notice, HasSubstr("\"party\":\"XB\""));
  EXPECT_EQ(at_xa[0].content, "") << "not asked for";
  EXPECT_THAT(kinds(read({}, "XB")), ElementsAre("trace.request", "trace.ack"));
}

TEST_F(Feed, ContentIsTheRecordAsJson) {
  w.connect("XA", "XB");
  opened();
  const auto entries = read({}, "XB", true);
  ASSERT_EQ(entries.size(), 1u);
  focal::v1::Record record;
  ASSERT_TRUE(json::read(entries[0].content, record).has_value()) << entries[0].content;
  EXPECT_EQ(record.trace_request().case_ref_requester(), "XA-NPC-2026-0117");
}

TEST_F(Feed, GoesOnWhereItStood) {
  w.connect("XA", "XB");
  opened();
  const ExportPosition middle = end_of_log(view());
  ASSERT_TRUE(ack().has_value());
  w.run();
  EXPECT_THAT(kinds(read(middle)), ElementsAre("trace.ack"));
  const ExportPosition end = end_of_log(view());
  EXPECT_THAT(read(end), IsEmpty());
  w.crash("XA");
  EXPECT_THAT(kinds(read(middle)), ElementsAre("trace.ack")) << "the same after a restart";
}

TEST_F(Feed, ARecordThatWaitsForItsParentIsToldWithIt) {
  const auto request = opened();  // no link yet: XB knows nothing
  const auto link = w.connect("XA", "XB");
  w.cut(link);
  w.advance(kMinuteMs);
  const auto ack = w.send("XB", "XA", "trace.ack",
                          test::example_body("02_trace_ack_XB_XA.json", "XB", "XA"), request, request);
  const auto held = w.view("XB").find(ack)->batch;
  w.advance(kMinuteMs);
  const auto answer =
      w.send("XB", "XA", "trace.response",
             test::example_body("05_trace_response_XB_XA.json", "XB", "XA"), request, ack);
  auto& outbox = const_cast<exchange::Outbox&>(w.core("XB").machine().outbox());
  outbox.find(held, "XA")->row.next_ms = w.now().wall_ms + kHourMs;
  w.connect("XA", "XB");
  ASSERT_TRUE(w.has("XA", answer));
  const ExportPosition before = end_of_log(view());
  EXPECT_THAT(kinds(read({})), ElementsAre("trace.request")) << "the answer has no effect yet";
  w.advance(2 * kHourMs);
  const auto later = read(before);
  EXPECT_THAT(kinds(later), ElementsAre("trace.ack", "trace.response"));
  const store::LeafIndex by = view().find(ack)->idx;
  EXPECT_EQ(later[0].leaf, by);
  EXPECT_EQ(later[1].leaf, by) << "named by the leaf that made it take effect: the order holds";
  EXPECT_EQ(later[0].number, 0u);
  EXPECT_EQ(later[1].number, 1u);
  EXPECT_THAT(later[1].notice, HasSubstr(hex(answer.rid)));
  EXPECT_EQ(read({}).size(), 3u) << "and from the beginning each once";
}

TEST_F(Feed, WhatHasNoEffectIsNotTold) {
  w.connect("XA", "XB");
  const auto request = opened();
  const Bytes body = test::example_body("02_trace_ack_XB_XA.json", "XB", "XA");
  w.advance(kMinuteMs);
  const auto first = w.send("XB", "XA", "trace.ack", body, request, request);
  w.run();
  w.advance(kMinuteMs);
  const auto again = w.send("XB", "XA", "trace.ack", body, request, first);
  w.run();
  ASSERT_TRUE(w.has("XA", again));
  EXPECT_THAT(kinds(read({})), ElementsAre("trace.request", "trace.ack"));
}

TEST_F(Feed, AnotherLedgerIsNoticed) {
  w.connect("XA", "XB");
  opened();
  ExportPosition position = end_of_log(view());
  ASSERT_TRUE(read_slice(view(), position, false).has_value());
  EXPECT_EQ(read_slice(view("XB"), position, false).error().code, ErrorCode::kState)
      << "another log, or one that was set back and grew differently";
  position.next += 1000;
  EXPECT_EQ(read_slice(view(), position, false).error().code, ErrorCode::kState) << "a shorter one";
  EXPECT_TRUE(read_slice(view(), {1, {}}, false).has_value()) << "nothing is known of it";
}

TEST_F(Feed, ASliceIsBounded) {
  w.connect("XA", "XB");
  for (int i = 0; i < 20; ++i) opened();
  const auto slice = read_slice(view("XB"), {}, true);
  ASSERT_TRUE(slice.has_value());
  EXPECT_LE(slice->entries.size(), kExportRecords);
  EXPECT_GT(slice->behind, 0);
  EXPECT_EQ(read({}, "XB").size(), 20u);
}

TEST_F(Feed, OfACaseWithErasedRecordsNothingIsToldAnyMore) {
  w.connect("XA", "XB");
  const auto ref = opened();
  w.core("XA").write(store::PutShred{ref, "test"});
  w.run();
  EXPECT_THAT(read({}), IsEmpty());
}

}  // namespace
}  // namespace focal::desk
