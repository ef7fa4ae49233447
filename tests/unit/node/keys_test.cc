// Goal: what peers may have sealed to can be opened: the schedule never names a week
// whose secret is not here, and a secret that is here is never replaced.
// Method: keystores that are complete, older than the schedule, newer than it.
#include <gtest/gtest.h>

#include <set>

#include "node/node/keys.h"
#include "node/node/setup.h"
#include "tests/support/party_fixture.h"
#include "tests/support/temp_folder.h"

namespace focal::node {
namespace {

constexpr std::uint64_t kMonday = 1'795'392'000'000;  // 2026-11-23T00:00:00Z

struct KeysTest : ::testing::Test {
  test::TempFolder temp;
  crypto::SystemRng rng;
  crypto::Secret passphrase = crypto::Secret::copy_of(as_bytes("words for a test"));
  config::NodeConfig config;
  Now now{0, kMonday + 10 * kHourMs};
  SetupResult made;

  void SetUp() override {
    SetupOptions options;
    options.folder = temp.path() / "node";
    options.root_folder = temp.path() / "root";
    options.party = "XA";
    options.listen = "tcp://127.0.0.1:7117";
    options.endpoints = {"tcp://127.0.0.1:7117"};
    options.authority = {"Office for tests"};
    options.kdf = crypto::kKdfTest;
    auto result = set_up(options, passphrase, passphrase, now, rng);
    ASSERT_TRUE(result.has_value()) << result.error().message;
    made = std::move(*result);
    config.endpoints = options.endpoints;
  }
  std::filesystem::path keystore_file() const { return temp.path() / "node" / kKeystoreFile; }
  crypto::Keystore open() { return std::move(*crypto::Keystore::open(keystore_file(), passphrase)); }
  exchange::Identity identity(const crypto::Keystore& keystore, const std::string& schedule) {
    return std::move(*load_identity(made.card.note, *load_online_keys(keystore), keystore, schedule));
  }
  // Every week of the schedule opens with a key of the identity.
  void expect_all_weeks_open(const exchange::Identity& self, const std::string& note) {
    const auto schedule = exchange::parse_schedule(note);
    ASSERT_TRUE(schedule.has_value());
    ASSERT_GE(schedule->keys.size(), 9u);
    for (const auto& key : schedule->keys) {
      const auto* held = self.find_sealing(key.kid);
      ASSERT_NE(held, nullptr);
      EXPECT_EQ(held->key.pk, key.pk);
    }
  }
};

TEST_F(KeysTest, ACompleteScheduleIsLeftAlone) {
  auto keystore = open();
  const auto self = identity(keystore, made.schedule_note);
  expect_all_weeks_open(self, made.schedule_note);
  const auto next = next_schedule(self, keystore, config, now, rng);
  ASSERT_TRUE(next.has_value());
  EXPECT_FALSE(next->has_value());
}

TEST_F(KeysTest, AWeekLaterOneWeekIsAddedAndNothingIsOursBeforeItIsAdopted) {
  auto keystore = open();
  auto self = identity(keystore, made.schedule_note);
  now.wall_ms += 7 * kDayMs;
  auto next = next_schedule(self, keystore, config, now, rng);
  ASSERT_TRUE(next.has_value() && next->has_value());
  EXPECT_EQ((*next)->keys.size(), 1u);
  EXPECT_EQ(self.schedule_note, made.schedule_note);
  const std::string note = (*next)->note;
  adopt(self, std::move(**next));
  EXPECT_EQ(self.schedule_note, note);
  expect_all_weeks_open(self, note);
}

// The commit of the note failed: the next try publishes the same key, because the
// keystore holds it already.
TEST_F(KeysTest, ASecretThatIsHereIsNeverReplaced) {
  auto keystore = open();
  const auto self = identity(keystore, made.schedule_note);
  now.wall_ms += 7 * kDayMs;
  const auto first = next_schedule(self, keystore, config, now, rng);
  const auto again = next_schedule(self, keystore, config, now, rng);
  ASSERT_TRUE(first && *first && again && *again);
  ASSERT_EQ((*first)->keys.size(), 1u);
  ASSERT_EQ((*again)->keys.size(), 1u);
  EXPECT_EQ((*first)->keys[0].kid, (*again)->keys[0].kid);
  // A clock that was a year ahead made weeks far away; put right, the weeks of today
  // are still those that were published.
  auto later = open();
  now.wall_ms += 365 * kDayMs;
  auto ahead = next_schedule(self, later, config, now, rng);
  ASSERT_TRUE(ahead && *ahead);
  auto wrong = identity(later, made.schedule_note);
  adopt(wrong, std::move(**ahead));
  now.wall_ms -= 372 * kDayMs;
  auto back = next_schedule(wrong, later, config, now, rng);
  ASSERT_TRUE(back && *back);
  std::set<Id16> kids;
  const auto now_published = exchange::parse_schedule((*back)->note);
  const auto before = exchange::parse_schedule(made.schedule_note);
  for (const auto& key : now_published->keys) kids.insert(key.kid);
  for (const auto& key : before->keys)
    EXPECT_TRUE(kids.contains(key.kid));
}

// As after an upgrade to a program that knows more of its form, or under a card that has taken
// a suite back.
TEST_F(KeysTest, AStoredScheduleThatIsOfNoUseIsReplacedByOneWithTheSameKeys) {
  auto keystore = open();
  const auto good = exchange::parse_schedule(made.schedule_note);
  exchange::ScheduleFields f = *good;
  f.keys.resize(2);
  for (std::uint8_t week = 0; week < 2; ++week)
    f.keys.push_back(exchange::make_seal_key(Bytes(40, static_cast<std::uint8_t>(week + 1)),
                                             f.keys[week].not_before_ms, 2));
  f.serial = now.wall_ms / kSecondMs + 1000;  // published by a clock that was ahead
  const auto other = exchange::make_schedule(f, load_online_keys(keystore)->sign);
  ASSERT_TRUE(other.has_value());
  std::string damaged = made.schedule_note;
  damaged[damaged.size() / 2] ^= 1;
  for (const std::string& stored : {*other, damaged}) {
    auto self = identity(keystore, stored);
    EXPECT_EQ(self.schedule_note, "");
    auto next = next_schedule(self, keystore, config, now, rng);
    ASSERT_TRUE(next && *next);
    const auto published = exchange::parse_schedule((*next)->note);
    ASSERT_TRUE(published.has_value());
    EXPECT_EQ(published->keys[0].kid, good->keys[0].kid);
    EXPECT_TRUE(stored != *other || published->serial > f.serial) << "or nobody would take it";
    expect_all_weeks_open(self, (*next)->note);
  }
  EXPECT_FALSE(load_identity(made.card.note, *load_online_keys(keystore), keystore,
                             test::TestParty("XC", 51).schedule_note()))
      << "of another party: the folder is mixed up";
}

TEST_F(KeysTest, AnOlderKeystoreGetsNewKeysForTheWeeksItLacks) {
  const auto backup = temp.path() / "backup";
  std::filesystem::copy(keystore_file(), backup);
  auto keystore = open();
  auto self = identity(keystore, made.schedule_note);
  now.wall_ms += 14 * kDayMs;
  auto next = next_schedule(self, keystore, config, now, rng);
  ASSERT_TRUE(next && *next);
  const std::string published = (*next)->note;
  std::filesystem::copy_file(backup, keystore_file(),
                             std::filesystem::copy_options::overwrite_existing);
  auto older = open();
  auto restored = identity(older, published);
  auto repaired = next_schedule(restored, older, config, now, rng);
  ASSERT_TRUE(repaired && *repaired) << "two published weeks have no secret here";
  EXPECT_EQ((*repaired)->keys.size(), 2u);
  const std::string note = (*repaired)->note;
  adopt(restored, std::move(**repaired));
  expect_all_weeks_open(restored, note);
}

TEST_F(KeysTest, AnEntryThatIsNoKeyOrUnderAnotherNameIsDamage) {
  const auto names = *seal_names(open(), kSealPrefix);
  ASSERT_EQ(names.size(), 9u);
  const std::string week = seal_name(kSealPrefix, names[0]);
  for (const std::string& wrong :
       {std::string("seal/2026-11-23"), std::string("seal/2026-13-01/") + hex(names[0].kid),
        week + "00", seal_name(kSealPrefix, {names[0].monday_ms, Id16{}}),
        std::string("gone/2026-11-23/") + hex(names[0].kid)}) {
    auto keystore = open();
    keystore.put(wrong, keystore.find(week)->clone());
    EXPECT_EQ(load_identity(made.card.note, *load_online_keys(keystore), keystore,
                            made.schedule_note).error().code, ErrorCode::kKeystore) << wrong;
  }
}

// The end of a process at every point of a replacement.
TEST_F(KeysTest, AReplacementThatWasNotCommittedIsTakenBack) {
  const auto before = *seal_names(open(), kSealPrefix);
  auto keystore = open();
  const auto self = identity(keystore, made.schedule_note);
  auto next = replacing_schedule(self, keystore, config, now, rng);
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->keys.size(), 9u) << "every key is new";
  auto reopened = open();
  EXPECT_EQ(seal_names(reopened, kLastPrefix)->size(), 9u) << "saved before anybody sees the note";
  auto again = identity(reopened, made.schedule_note);
  expect_all_weeks_open(again, made.schedule_note);
  ASSERT_TRUE(undo_replacing(reopened, made.schedule_note, rng).has_value());
  auto undone = open();
  ASSERT_EQ(seal_names(undone, kSealPrefix)->size(), before.size());
  EXPECT_TRUE(seal_names(undone, kLastPrefix)->empty());
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(seal_names(undone, kSealPrefix)->at(i).kid, before[i].kid);
}

// A copy from before the keys were replaced: whoever they were replaced for may have it.
TEST_F(KeysTest, AnOlderKeystoreDoesNotPublishReplacedKeysAgain) {
  const auto backup = temp.path() / "backup";
  std::filesystem::copy(keystore_file(), backup);
  auto keystore = open();
  auto self = identity(keystore, made.schedule_note);
  auto next = replacing_schedule(self, keystore, config, now, rng);
  ASSERT_TRUE(next.has_value());
  const std::string published = next->note;
  std::filesystem::copy_file(backup, keystore_file(),
                             std::filesystem::copy_options::overwrite_existing);
  auto older = open();
  auto restored = identity(older, published);
  auto repaired = next_schedule(restored, older, config, now, rng);
  ASSERT_TRUE(repaired && *repaired);
  const auto fresh = exchange::parse_schedule((*repaired)->note);
  const auto replaced = exchange::parse_schedule(made.schedule_note);
  std::set<Id16> kids;
  for (const auto& key : fresh->keys) kids.insert(key.kid);
  for (const auto& key : replaced->keys) EXPECT_FALSE(kids.contains(key.kid));
  const auto again = next_schedule(restored, older, config, now, rng);  // the commit failed
  ASSERT_TRUE(again && *again);
  const auto same = exchange::parse_schedule((*again)->note);
  for (const auto& key : same->keys)
    EXPECT_TRUE(kids.contains(key.kid)) << "tried again with the same keys";
  adopt(restored, std::move(**repaired));
  expect_all_weeks_open(restored, restored.schedule_note);
  EXPECT_EQ(seal_names(open(), kLastPrefix)->size(), 9u) << "saved, to be destroyed";
}

// The names of such weeks would not be read again: the keystore would never open.
TEST_F(KeysTest, NoWeekPastTheYear9999IsMade) {
  constexpr std::uint64_t kYear10000 = 253'402'300'800'000;
  auto keystore = open();
  const auto self = identity(keystore, made.schedule_note);
  const auto before = keystore.names();
  for (const std::uint64_t wall : {kYear10000 - 30 * kDayMs, kYear10000, kYear10000 + 200 * 365 * kDayMs}) {
    now.wall_ms = wall;
    EXPECT_EQ(next_schedule(self, keystore, config, now, rng).error().code, ErrorCode::kInvalid);
    EXPECT_EQ(replacing_schedule(self, keystore, config, now, rng).error().code, ErrorCode::kInvalid);
    EXPECT_EQ(keystore.names(), before);
  }
  ASSERT_TRUE(keystore.save(rng).has_value());
  const auto again = open();
  EXPECT_TRUE(load_identity(made.card.note, *load_online_keys(again), again, made.schedule_note));
  now.wall_ms = kYear10000 - 100 * kDayMs;
  EXPECT_TRUE(next_schedule(self, keystore, config, now, rng));
}

}  // namespace
}  // namespace focal::node
