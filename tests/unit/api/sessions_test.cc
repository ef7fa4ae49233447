// Goal: a link opens one session once, a session ends when it should and never sooner, nobody takes
// all the places, and what a client holds can be guessed from nothing that is kept.
// Method: a clock of the test; every limit at its edge.
#include "node/api/sessions.h"

#include <gtest/gtest.h>

#include <set>

#include "crypto/secret.h"
#include "node/api/attempts.h"

namespace focal::api {
namespace {

constexpr std::uint64_t kStart = 1'000'000;
constexpr Holder kJo{1001, 3}, kSam{1002, 4};
constexpr Holder kNext{1001, 5};  // the user of jo, named again

class SessionsTest : public ::testing::Test {
 protected:
  SessionsTest() { crypto::init(); }
  std::string open(Holder holder) {
    const auto token = sessions_.open(holder, now_);
    EXPECT_TRUE(token) << token.error().message;
    return token.value_or("");
  }
  bool is_in(const std::string& token) {
    return sessions_.find(token, now_, true).has_value();
  }
  crypto::SeededRng rng_{7};
  Sessions sessions_{rng_};
  std::uint64_t now_ = kStart;
};

TEST_F(SessionsTest, ALinkOpensOnceAndNotForLong) {
  const std::string word = sessions_.make_link(kJo, now_);
  EXPECT_EQ(word.size(), 43u);
  EXPECT_EQ(sessions_.use_link(word, now_ + sessions_.limits().link_ms - 1), kJo);
  EXPECT_EQ(sessions_.use_link(word, now_), std::nullopt) << "used";
  const std::string late = sessions_.make_link(kJo, now_);
  EXPECT_EQ(sessions_.use_link(late, now_ + sessions_.limits().link_ms), std::nullopt);
  EXPECT_EQ(sessions_.use_link("", now_), std::nullopt);
  EXPECT_EQ(sessions_.use_link(std::string(43, 'A'), now_), std::nullopt);
}

TEST_F(SessionsTest, OfAUsersLinksTheOldestGoes) {
  const std::string sams = sessions_.make_link(kSam, now_);
  std::vector<std::string> words;
  for (std::size_t i = 0; i <= sessions_.limits().links_of_a_user; ++i)
    words.push_back(sessions_.make_link(kJo, now_));
  EXPECT_EQ(sessions_.use_link(words.front(), now_), std::nullopt);
  EXPECT_EQ(sessions_.use_link(words.back(), now_), kJo);
  EXPECT_EQ(sessions_.use_link(sams, now_), kSam) << "another's stays";
}

TEST_F(SessionsTest, EverySessionHasATokenOfItsOwn) {
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) seen.insert(open({static_cast<uid_t>(2000 + i), i}));
  EXPECT_EQ(seen.size(), 50u);
  EXPECT_FALSE(is_in("")) << "nothing is no token";
  EXPECT_FALSE(is_in(std::string(43, '-')));
}

TEST_F(SessionsTest, AnIdleOneEndsAndARequestKeepsIt) {
  const std::string token = open(kJo);
  now_ += sessions_.limits().idle_ms - 1;
  EXPECT_TRUE(sessions_.find(token, now_));  // a request
  now_ += sessions_.limits().idle_ms - 1;
  EXPECT_TRUE(is_in(token)) << "looked at, as the event stream does";
  now_ += 1;
  EXPECT_FALSE(is_in(token)) << "looking did not keep it";
  EXPECT_EQ(sessions_.count(), 0u);
}

TEST_F(SessionsTest, NoneLastsForEver) {
  const std::string token = open(kJo);
  const std::uint64_t end = now_ + sessions_.limits().longest_ms;
  while (now_ + sessions_.limits().idle_ms / 2 < end) {
    now_ += sessions_.limits().idle_ms / 2;
    ASSERT_TRUE(sessions_.find(token, now_));
  }
  EXPECT_FALSE(sessions_.find(token, end));
}

TEST_F(SessionsTest, WhoEntersIsConfirmedForAWhile) {
  const std::string token = open(kJo);
  EXPECT_TRUE(sessions_.find(token, now_)->confirmed);
  now_ += sessions_.limits().confirmed_ms;
  EXPECT_FALSE(sessions_.find(token, now_)->confirmed);
  EXPECT_TRUE(sessions_.confirm(token, now_));
  EXPECT_EQ(sessions_.find(token, now_)->confirmed_left_ms, sessions_.limits().confirmed_ms);
  EXPECT_FALSE(sessions_.confirm(std::string(43, 'x'), now_));
}

TEST_F(SessionsTest, ItEndsForGood) {
  const std::string one = open(kJo), two = open(kJo), other = open(kSam), next = open(kNext);
  sessions_.end(one);
  EXPECT_FALSE(is_in(one));
  EXPECT_TRUE(is_in(two));
  const std::string link = sessions_.make_link(kJo, now_);
  sessions_.end_all_of(kJo);
  EXPECT_FALSE(is_in(two));
  EXPECT_EQ(sessions_.use_link(link, now_), std::nullopt);
  EXPECT_TRUE(is_in(other));
  EXPECT_TRUE(is_in(next)) << "the same user number, another person";
}

TEST_F(SessionsTest, OneUserKeepsNobodyOut) {
  const std::string sams = open(kSam);
  const std::string first = open(kJo);
  for (std::size_t i = 1; i < sessions_.limits().sessions_of_a_user; ++i) {
    now_ += 1;
    open(kJo);
  }
  now_ += 1;
  const auto used = sessions_.find(first, now_);  // the oldest, used last
  ASSERT_TRUE(used);
  open(kJo);
  EXPECT_TRUE(is_in(first)) << "the one unused for longest went";
  EXPECT_EQ(sessions_.count(), 1 + sessions_.limits().sessions_of_a_user);
  EXPECT_TRUE(is_in(sams));
}

TEST_F(SessionsTest, ThereAreOnlySoMany) {
  for (std::size_t i = 0; i < sessions_.limits().sessions; ++i)
    open({static_cast<uid_t>(3000 + i), 1});
  const auto none = sessions_.open(kJo, now_);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kLimit);
  now_ += sessions_.limits().idle_ms;
  EXPECT_TRUE(sessions_.open(kJo, now_)) << "the idle ones are gone";
}

TEST(AttemptsTest, FiveWrongOnesLockTheNameForLongerAndLonger) {
  Attempts attempts;
  for (int i = 0; i < 4; ++i) attempts.failed("jo", kStart);
  EXPECT_EQ(attempts.wait_ms("jo", kStart), 0u);
  attempts.failed("jo", kStart);
  EXPECT_EQ(attempts.wait_ms("jo", kStart), 60'000u);
  EXPECT_EQ(attempts.wait_ms("jo", kStart + 60'000), 0u);
  EXPECT_EQ(attempts.wait_ms("sam", kStart), 0u) << "others are not concerned";
  attempts.failed("jo", kStart);
  EXPECT_EQ(attempts.wait_ms("jo", kStart), 120'000u);
  for (int i = 0; i < 20; ++i) attempts.failed("jo", kStart);
  EXPECT_EQ(attempts.wait_ms("jo", kStart), 3'600'000u) << "at most an hour";
  attempts.succeeded("jo");
  EXPECT_EQ(attempts.wait_ms("jo", kStart), 0u);
}

TEST(AttemptsTest, NamesThatNobodyHasTakeNoMemoryWithoutEnd) {
  Attempts attempts;
  for (int i = 0; i < 6; ++i) attempts.failed("jo", kStart);
  for (int i = 0; i < 511; ++i) attempts.failed("n" + std::to_string(i), kStart);
  for (int i = 0; i < 5000; ++i) attempts.failed("m" + std::to_string(i), kStart);
  EXPECT_NE(attempts.wait_ms("jo", kStart), 0u) << "names that are made up end no lock";
  for (int i = 0; i < 4; ++i) attempts.failed("m4999", kStart);
  EXPECT_NE(attempts.wait_ms("m4999", kStart), 0u) << "the newest one is still counted";
  for (int i = 0; i < 4; ++i) attempts.failed("m0", kStart);
  EXPECT_EQ(attempts.wait_ms("m0", kStart), 0u) << "forgotten, so they are its first four";
}

}  // namespace
}  // namespace focal::api
