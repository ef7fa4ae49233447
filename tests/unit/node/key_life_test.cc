// Goal: a sealing key is kept exactly as long as somebody may rightly use it, and then it is
// gone from file and memory and the ledger says so; whatever ends the process in between is
// made up for. Method: a whole node whose weeks pass, stopped at every step.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <map>

#include "tests/support/world.h"

namespace focal::node {
namespace {

using exchange::kWeekMs;
using store::LeafType;

constexpr std::uint64_t kFirstMonday = 1'795'392'000'000;  // 2026-11-23T00:00:00Z
constexpr std::uint64_t kFirstEnd = kFirstMonday + kWeekMs + exchange::kSealKeptMs;

struct KeyLifeTest : ::testing::Test {
  test::World w;
  void SetUp() override { w.add("XA"); }
  exchange::Identity& self() { return w.core("XA").self(); }
  // By week: in the keystore's file; also what memory holds must be the same.
  std::vector<std::uint64_t> weeks(std::string_view prefix = kSealPrefix) {
    const auto keystore = w.keystore("XA");
    const auto names = *seal_names(keystore, prefix);
    std::vector<std::uint64_t> out;
    out.reserve(names.size());
    for (const SealName& name : names) {
      out.push_back(name.monday_ms);
      EXPECT_EQ(self().find_sealing(name.kid) != nullptr, prefix != kGonePrefix);
      EXPECT_EQ(self().is_gone(name.kid), prefix == kGonePrefix);
    }
    return out;
  }
  void until(std::uint64_t wall_ms) { w.advance(wall_ms - w.now().wall_ms); }
  // An hour before the first key ends; and what the clocks say two hours later.
  void nearly_over() {
    for (int week = 0; week < 3; ++week) w.advance(kWeekMs);
    until(kFirstEnd - kHourMs);
  }
  Now later() const { return {w.now().mono_ms + 2 * kHourMs, w.now().wall_ms + 2 * kHourMs}; }
  // How often the ledger says that a key of that week was destroyed.
  std::map<std::uint64_t, int> noted() {
    std::map<std::uint64_t, int> out;
    const auto keystore = w.keystore("XA");
    const auto gone = *seal_names(keystore, kGonePrefix);
    for (const SealName& name : gone)
      for (store::LeafIndex i = 0; i < w.view("XA").log_size(); ++i) {
        const auto leaf = w.node("XA").ledger().leaf(i);
        if (leaf->type != LeafType::kAdmin || leaf->ref != store::seal_end_ref(name.kid)) continue;
        ++out[name.monday_ms];
        EXPECT_NE(w.node("XA").ledger().detail(i)->find(format_date(name.monday_ms)),
                  std::string::npos);
      }
    return out;
  }
  // What the ledger says of the end of that week's key.
  std::string words_of(std::uint64_t monday_ms) {
    const auto keystore = w.keystore("XA");
    const auto gone = *seal_names(keystore, kGonePrefix);
    for (const SealName& name : gone)
      for (store::LeafIndex i = 0; name.monday_ms == monday_ms && i < w.view("XA").log_size(); ++i)
        if (w.node("XA").ledger().leaf(i)->ref == store::seal_end_ref(name.kid))
          return *w.node("XA").ledger().detail(i);
    return "";
  }
};

TEST_F(KeyLifeTest, IsKeptThreeWeeksAfterItsWeekToTheHourAndThenNowhere) {
  const Id16 first = exchange::parse_schedule(self().schedule_note)->keys[0].kid;
  for (int week = 0; week < 3; ++week) w.advance(kWeekMs);
  EXPECT_EQ(exchange::parse_schedule(self().schedule_note)->keys[0].not_before_ms,
            kFirstMonday + 3 * kWeekMs) << "the schedule left it out long ago";
  until(kFirstEnd - 1);
  EXPECT_EQ(weeks().front(), kFirstMonday);
  EXPECT_EQ(weeks().size(), 12u) << "nine weeks ahead and three behind";
  EXPECT_TRUE(weeks(kGonePrefix).empty());
  until(kFirstEnd);
  w.advance(kHourMs);
  EXPECT_EQ(weeks().front(), kFirstMonday + kWeekMs);
  EXPECT_EQ(weeks().size(), 12u) << "one came, one went";
  EXPECT_EQ(weeks(kGonePrefix), std::vector<std::uint64_t>{kFirstMonday});
  EXPECT_EQ(self().find_sealing(first), nullptr);
  EXPECT_EQ(noted(), (std::map<std::uint64_t, int>{{kFirstMonday, 1}}));
  EXPECT_NE(words_of(kFirstMonday).find("was overwritten"), std::string::npos);
  w.crash("XA");
  w.advance(kDayMs);
  EXPECT_EQ(noted(), (std::map<std::uint64_t, int>{{kFirstMonday, 1}})) << "once";
  EXPECT_TRUE(self().is_gone(first)) << "a bounce says so also after a start";
}

TEST_F(KeyLifeTest, AYearLaterTheNumberOfKeysIsTheSameAndOldTracesGo) {
  for (int week = 0; week < 70; ++week) w.advance(kWeekMs);
  EXPECT_EQ(weeks().size(), 12u);
  const auto gone = weeks(kGonePrefix);
  EXPECT_GE(gone.front() + 400 * kDayMs + kWeekMs, w.now().wall_ms);
  EXPECT_NEAR(static_cast<double>(gone.size()), (400.0 - 28) / 7, 1.5);
}

// The keystore is written, the process ends before the group is.
TEST_F(KeyLifeTest, AnEndBeforeTheLedgerSaysSoIsMadeUpFor) {
  nearly_over();
  w.node("XA").tend(later());
  EXPECT_FALSE(weeks(kGonePrefix).empty());
  EXPECT_TRUE(noted().empty());
  w.stop("XA");
  w.advance(2 * kHourMs);
  w.start("XA");
  EXPECT_EQ(noted().size(), 1u) << "the next process finds the name in the keystore";
  EXPECT_NE(words_of(kFirstMonday).find("may still exist"), std::string::npos)
      << "it saved the keystore since, but that was another file";
  w.advance(2 * kHourMs);
  w.crash("XA");
  w.advance(kHourMs);
  for (const auto& [week, times] : noted()) EXPECT_EQ(times, 1) << format_date(week);
  EXPECT_EQ(noted().size(), weeks(kGonePrefix).size());
}

struct Limited {
  rlimit before{};
  Limited() {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{16, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~Limited() { ::setrlimit(RLIMIT_FSIZE, &before); }
};

TEST_F(KeyLifeTest, AKeyThatCannotBeErasedFromTheFileIsNotCalledDestroyed) {
  nearly_over();
  const auto before = weeks();
  {
    const Limited no_file_grows;
    w.node("XA").tend(later());
  }
  EXPECT_EQ(weeks(), before);
  EXPECT_TRUE(noted().empty());
  w.advance(4 * kHourMs);
  EXPECT_LT(before.front(), weeks().front()) << "tried again";
  EXPECT_EQ(noted().size(), weeks(kGonePrefix).size());
}

TEST_F(KeyLifeTest, ReplacedAtOnceEveryOldKeyIsDestroyedAndTheLedgerSaysWhy) {
  for (int week = 0; week < 3; ++week) w.advance(kWeekMs);
  const auto old = exchange::parse_schedule(self().schedule_note);
  const std::size_t admin = w.leaves("XA", LeafType::kAdmin);
  ASSERT_TRUE(w.node("XA").replace_seal_keys(w.now(), "SEALING KEYS REPLACED by jo: stolen").has_value());
  EXPECT_EQ(w.node("XA").replace_seal_keys(w.now(), "again").error().code, ErrorCode::kBusy);
  EXPECT_NE(self().find_sealing(old->keys[0].kid), nullptr) << "until the new schedule is ours";
  w.run();
  const auto fresh = exchange::parse_schedule(self().schedule_note);
  EXPECT_GT(fresh->serial, old->serial);
  EXPECT_EQ(fresh->keys.size(), 9u);
  EXPECT_EQ(weeks().size(), 9u);
  EXPECT_TRUE(weeks(kLastPrefix).empty());
  for (const auto& key : fresh->keys) EXPECT_NE(self().find_sealing(key.kid), nullptr);
  for (const auto& key : old->keys) {
    EXPECT_EQ(self().find_sealing(key.kid), nullptr);
    EXPECT_TRUE(self().is_gone(key.kid));
  }
  EXPECT_EQ(w.leaves("XA", LeafType::kAdmin), admin + 1 + 12) << "the act, and each key";
  ASSERT_TRUE(w.node("XA").replace_seal_keys(w.now(), "once more").has_value());
  w.run();
  EXPECT_EQ(weeks().size(), 9u);
}

TEST_F(KeyLifeTest, AProcessThatEndsBeforeTheCommitHasReplacedNothing) {
  const auto before = weeks();
  const auto note = self().schedule_note;
  ASSERT_TRUE(w.node("XA").replace_seal_keys(w.now(), "lost with the process").has_value());
  w.crash("XA");
  EXPECT_EQ(self().schedule_note, note);
  EXPECT_EQ(weeks(), before);
  EXPECT_TRUE(weeks(kLastPrefix).empty());
  const auto published = *exchange::parse_schedule(note);
  for (const auto& key : published.keys)
    EXPECT_NE(self().find_sealing(key.kid), nullptr);
  EXPECT_EQ(self().sealing.size(), 9u);
}

TEST_F(KeyLifeTest, AProcessThatEndsAfterTheCommitFinishesAtItsNextStart) {
  const auto old = exchange::parse_schedule(self().schedule_note);
  ASSERT_TRUE(w.node("XA").replace_seal_keys(w.now(), "stolen").has_value());
  ASSERT_TRUE(w.core("XA").finish_group(w.now()).status.has_value());  // and nothing after it
  w.crash("XA");
  w.run();
  for (const auto& key : old->keys) EXPECT_TRUE(self().is_gone(key.kid));
  EXPECT_EQ(weeks().size(), 9u);
  EXPECT_TRUE(weeks(kLastPrefix).empty());
  EXPECT_EQ(noted().size(), 9u);
}

TEST_F(KeyLifeTest, AnOlderKeystoreDoesNotBringReplacedKeysBack) {
  const auto file = w.folder("XA") / kKeystoreFile;
  const auto copy = w.folder("XA") / "copy";
  const auto old = exchange::parse_schedule(self().schedule_note);
  std::filesystem::copy_file(file, copy);
  ASSERT_TRUE(w.node("XA").replace_seal_keys(w.now(), "stolen").has_value());
  w.run();
  w.stop("XA");
  std::filesystem::copy_file(copy, file, std::filesystem::copy_options::overwrite_existing);
  w.start("XA");
  w.run();
  const auto fresh = exchange::parse_schedule(self().schedule_note);
  EXPECT_EQ(fresh->keys.size(), 9u);
  for (const auto& key : old->keys) {
    EXPECT_TRUE(self().is_gone(key.kid));
    EXPECT_EQ(self().find_sealing(key.kid), nullptr);
    for (const auto& published : fresh->keys) EXPECT_NE(published.kid, key.kid);
  }
  EXPECT_EQ(weeks().size(), 9u);
  EXPECT_TRUE(weeks(kLastPrefix).empty());
}

}  // namespace
}  // namespace focal::node
