// Goal: the gatekeeper admits exactly the keys on the list, no more often than
// allowed, and says so in the words that ZAP wants.
// Method: hand it requests frame by frame, right ones and each one damaged.
#include "node/gate/zap.h"

#include <gtest/gtest.h>

namespace focal::gate {
namespace {

Hash32 key_of(std::uint8_t fill) {
  Hash32 key;
  key.fill(fill);
  return key;
}

std::vector<std::string> request(const Hash32& key) {
  return {"1.0", "7", std::string(kZapDomain), "10.0.0.1", "", "CURVE", to_string(ByteView(key))};
}

Gatekeeper keeper() {
  Gatekeeper out(10);
  out.set_list(AllowList{{{"XA", key_of(1)}, {"XB", key_of(2)}}});
  return out;
}

TEST(Gatekeeper, AdmitsAKnownKeyUnderItsParty) {
  Gatekeeper gatekeeper = keeper();
  const ZapAnswer answer = gatekeeper.judge(request(key_of(2)), Now{});
  EXPECT_EQ(answer.verdict, Verdict::kAdmit);
  const std::vector<std::string> frames = answer.frames();
  ASSERT_EQ(frames.size(), 6u);
  EXPECT_EQ(frames[0], "1.0");
  EXPECT_EQ(frames[1], "7");
  EXPECT_EQ(frames[2], "200");
  EXPECT_EQ(frames[4], "XB");
  std::string metadata = "\x0bX-Focal-Key";
  metadata += std::string("\0\0\0\x40", 4);
  for (int i = 0; i < 32; ++i) metadata += "02";
  EXPECT_EQ(frames[5], metadata);
}

TEST(Gatekeeper, N072_UnknownKeyIsRefusedForGood) {
  Gatekeeper gatekeeper = keeper();
  const ZapAnswer answer = gatekeeper.judge(request(key_of(3)), Now{});
  EXPECT_EQ(answer.verdict, Verdict::kUnknown);
  EXPECT_EQ(answer.frames()[2], "400");
  EXPECT_EQ(answer.frames()[4], "");
}

TEST(Gatekeeper, AnythingOddIsRefused) {
  Gatekeeper gatekeeper = keeper();
  const std::vector<std::string> good = request(key_of(1));
  ASSERT_EQ(gatekeeper.judge(good, Now{}).verdict, Verdict::kAdmit);
  std::vector<std::vector<std::string>> odd;
  const auto with = [&good](std::size_t i, const std::string& value) {
    std::vector<std::string> changed = good;
    changed[i] = value;
    return changed;
  };
  odd.push_back(with(0, "1.1"));
  odd.push_back(with(1, std::string(256, 'r')));
  odd.push_back(with(2, ""));
  odd.push_back(with(2, "global"));
  odd.push_back(with(5, "PLAIN"));
  odd.push_back(with(5, "NULL"));
  odd.push_back(with(6, good[6].substr(1)));
  odd.push_back(with(6, good[6] + "x"));
  odd.emplace_back(good.begin(), good.end() - 1);
  odd.push_back(good);
  odd.back().push_back("one more");
  odd.emplace_back();
  for (const auto& one : odd) {
    const ZapAnswer answer = gatekeeper.judge(one, Now{});
    EXPECT_EQ(answer.verdict, Verdict::kMalformed);
    EXPECT_EQ(answer.frames()[2], "400");
    EXPECT_EQ(answer.frames().size(), 6u);
  }
}

TEST(Gatekeeper, N080_PutsOffTheEleventhHandshakeOfAMinute) {
  Gatekeeper gatekeeper = keeper();
  for (std::uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(gatekeeper.judge(request(key_of(1)), Now{i * 100, 0}).verdict, Verdict::kAdmit);
  }
  const ZapAnswer late = gatekeeper.judge(request(key_of(1)), Now{1000, 0});
  EXPECT_EQ(late.verdict, Verdict::kThrottled);
  EXPECT_EQ(late.frames()[2], "300");
  EXPECT_EQ(late.frames()[4], "");
  // Others are not concerned, a new list does not help, a minute does.
  EXPECT_EQ(gatekeeper.judge(request(key_of(2)), Now{1000, 0}).verdict, Verdict::kAdmit);
  gatekeeper.set_list(AllowList{{{"XA", key_of(1)}, {"XB", key_of(2)}}});
  EXPECT_EQ(gatekeeper.judge(request(key_of(1)), Now{1001, 0}).verdict, Verdict::kThrottled);
  EXPECT_EQ(gatekeeper.judge(request(key_of(1)), Now{59'999, 0}).verdict, Verdict::kThrottled);
  EXPECT_EQ(gatekeeper.judge(request(key_of(1)), Now{60'000, 0}).verdict, Verdict::kAdmit);
  EXPECT_EQ(gatekeeper.judge(request(key_of(1)), Now{60'001, 0}).verdict, Verdict::kThrottled);
}

TEST(Gatekeeper, EveryMessageIsCheckedAgainstTheListAsItIs) {
  Gatekeeper gatekeeper = keeper();
  const std::string one = hex(ByteView(key_of(1)));
  const std::string two = hex(ByteView(key_of(2)));
  EXPECT_TRUE(gatekeeper.is_allowed("XA", one.c_str()));
  EXPECT_FALSE(gatekeeper.is_allowed("XA", two.c_str()));  // XB's key under XA's name
  EXPECT_FALSE(gatekeeper.is_allowed(nullptr, one.c_str()));
  EXPECT_FALSE(gatekeeper.is_allowed("XA", static_cast<const char*>(nullptr)));
  EXPECT_FALSE(gatekeeper.is_allowed("", one.c_str()));
  EXPECT_FALSE(gatekeeper.is_allowed("XA", "zz"));
  gatekeeper.set_list(AllowList{{{"XA", key_of(9)}}});  // XA's key replaced, XB gone
  EXPECT_FALSE(gatekeeper.is_allowed("XA", one.c_str()));
  EXPECT_FALSE(gatekeeper.is_allowed("XB", two.c_str()));
}

TEST(Gatekeeper, SaysWhenSomebodyAdmittedHasLeft) {
  Gatekeeper gatekeeper = keeper();
  gatekeeper.judge(request(key_of(1)), Now{});
  EXPECT_FALSE(gatekeeper.set_list(AllowList{{{"XA", key_of(1)}}}));  // XB never came
  EXPECT_TRUE(gatekeeper.set_list(AllowList{}));
  EXPECT_FALSE(gatekeeper.set_list(AllowList{}));
  // The same key under another party is another entry.
  gatekeeper = keeper();
  gatekeeper.judge(request(key_of(1)), Now{});
  EXPECT_TRUE(gatekeeper.set_list(AllowList{{{"XC", key_of(1)}}}));
}

TEST(ReportLimiter, StrangersCannotFloodTheOperator) {
  ReportLimiter limiter;
  EXPECT_TRUE(limiter.may_report(key_of(1), Now{100, 0}));
  EXPECT_FALSE(limiter.may_report(key_of(1), Now{200, 0}));
  unsigned said = 0;
  for (unsigned i = 0; i < 5000; ++i) {
    Hash32 key{};
    key[0] = static_cast<std::uint8_t>(i);
    key[1] = static_cast<std::uint8_t>(i >> 8);
    key[2] = 1;
    said += limiter.may_report(key, Now{300, 0}) ? 1 : 0;
  }
  EXPECT_EQ(said, 59u);
  EXPECT_TRUE(limiter.may_report(key_of(1), Now{60'100, 0}));
}

}  // namespace
}  // namespace focal::gate
