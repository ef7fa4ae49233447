// Goal: parties that met send each other everything in mode psk, from both confirms on,
// through restarts and weeks, and nothing but an operator brings them back to mode base.
// Method: whole nodes; the test looks at every envelope that crosses, cuts links, ends
// processes, and lets weeks pass.
#include <gtest/gtest.h>

#include "node/exchange/envelope.h"
#include "node/node/pair_keys.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

using exchange::kModeBase;
using exchange::kModePsk;

constexpr std::uint64_t kContextIsOverMs = exchange::kOpenContextLifeMs + kSecondMs;

struct PairScenario : ::testing::Test {
  World w;
  exchange::LinkId link = 0;
  std::map<std::string, std::vector<std::uint8_t>> modes;  // of what each sent, since clear()

  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
    w.on_frame = [this](const std::string& from, const std::string&, const Bytes& frame) {
      const auto parsed = exchange::parse_frame(frame);
      if (const auto* data = parsed ? std::get_if<exchange::DataFrame>(&*parsed) : nullptr)
        for (const Bytes& e : data->envelopes)
          modes[from].push_back(exchange::parse_envelope(e)->mode);
      return true;
    };
    link = w.connect("XA", "XB");
  }
  exchange::PairBook& book(const std::string& at) { return w.core(at).self().pairs; }
  exchange::LinkState state(const std::string& at, const std::string& of) {
    return w.core(at).machine().link_state(of);
  }
  store::RecordRef ping(const std::string& from = "XA", const std::string& to = "XB") {
    const auto ref = w.send(from, to, "peer.ping", ping_body());
    w.run();
    return ref;
  }
  bool only(const std::string& from, std::uint8_t mode) {
    return !modes[from].empty() && std::all_of(modes[from].begin(), modes[from].end(),
                                               [mode](std::uint8_t m) { return m == mode; });
  }
  store::OutboxRow row(const std::string& at, const store::RecordRef& ref, const std::string& to) {
    return *w.view(at).outbox(w.view(at).find(ref)->batch, to);
  }
  // Another week, at both ends, with the links that this costs.
  void pass_weeks(int weeks) {
    for (int i = 0; i < weeks; ++i) {
      w.advance(7 * kDayMs);
      w.crash("XA");  // a node extends its schedule when it opens; here is no loop that would
      w.crash("XB");
      link = w.connect("XA", "XB");
    }
    modes.clear();
  }
};

TEST_F(PairScenario, EverythingGoesInModePskAfterBothConfirms) {
  ping();
  EXPECT_TRUE(only("XA", kModeBase));
  EXPECT_TRUE(only("XB", kModeBase));
  w.meet("XA", "XB");
  EXPECT_TRUE(book("XA").is_confirmed("XB"));
  EXPECT_TRUE(book("XB").is_confirmed("XA"));
  modes.clear();
  const auto there = ping("XA", "XB");
  const auto back = ping("XB", "XA");
  EXPECT_EQ(w.status_of("XA", there, "XB"), 1u);
  EXPECT_EQ(w.status_of("XB", back, "XA"), 1u);
  EXPECT_TRUE(only("XA", kModePsk)) << "records and receipts";
  EXPECT_TRUE(only("XB", kModePsk));
  EXPECT_EQ(modes["XA"].size(), 2u);
  EXPECT_GE(state("XA", "XB").psk_sent, 2u);
  EXPECT_GE(state("XA", "XB").psk_opened, 2u);
  EXPECT_GE(state("XA", "XB").base_sent, 1u);
}

TEST_F(PairScenario, NotBeforeTheirConfirmCame) {
  const auto psk = crypto::Secret::copy_of(Bytes(32, 9));
  w.met("XA", "XB", psk);  // XB's people are slower
  w.run();
  modes.clear();
  ping("XA", "XB");
  ping("XB", "XA");
  EXPECT_TRUE(only("XA", kModeBase));
  EXPECT_TRUE(only("XB", kModeBase)) << "XA's confirm fits nothing there yet";
  w.met("XB", "XA", psk);
  EXPECT_TRUE(book("XB").is_confirmed("XA")) << "it was remembered";
  w.run();
  EXPECT_TRUE(book("XA").is_confirmed("XB"));
  modes.clear();
  ping("XA", "XB");
  EXPECT_TRUE(only("XA", kModePsk));
}

TEST_F(PairScenario, AConfirmOfAnotherSecretMakesNoPair) {
  w.met("XA", "XB", crypto::Secret::copy_of(Bytes(32, 9)));
  w.met("XB", "XA", crypto::Secret::copy_of(Bytes(32, 8)));
  w.run();
  EXPECT_FALSE(book("XA").is_confirmed("XB"));
  EXPECT_FALSE(book("XB").is_confirmed("XA"));
  EXPECT_TRUE(book("XA").standing("XB").strange_confirm);
  EXPECT_TRUE(book("XB").standing("XA").strange_confirm);
  EXPECT_EQ(state("XA", "XB").trouble, "") << "the link is not to blame";
  modes.clear();
  const auto ref = ping();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_TRUE(only("XA", kModeBase));
}

TEST_F(PairScenario, AConfirmIsNeverSealedWithAPairSecret) {
  w.meet("XA", "XB");
  modes.clear();
  w.meet("XA", "XB");  // a second ceremony: the first secret is in use
  EXPECT_EQ(std::count(modes["XA"].begin(), modes["XA"].end(), kModeBase), 1);
  EXPECT_EQ(std::count(modes["XB"].begin(), modes["XB"].end(), kModeBase), 1);
  modes.clear();
  ping();
  EXPECT_TRUE(only("XA", kModePsk));
}

TEST_F(PairScenario, AConfirmThatWaitedThroughARestartStillGoesInModeBase) {
  w.meet("XA", "XB");
  w.cut(link);
  w.meet("XA", "XB");
  w.crash("XA");
  modes.clear();
  link = w.connect("XA", "XB");
  EXPECT_EQ(std::count(modes["XA"].begin(), modes["XA"].end(), kModeBase), 1);
  EXPECT_EQ(std::count(modes["XB"].begin(), modes["XB"].end(), kModeBase), 1);
  ping();
  EXPECT_EQ(modes["XA"].back(), kModePsk);
}

// XA's node ends when its keystore has the secret and its ledger not yet the confirm. The
// code of the meeting is gone with it, so no officer can do it again.
TEST_F(PairScenario, AConfirmThatNeverGotToTheLedgerIsSentByTheNextStart) {
  for (const std::uint8_t meeting : {1, 2}) {  // the first secret; the one that replaces it
    const auto psk = crypto::Secret::copy_of(Bytes(32, meeting));
    w.core("XA").machine().pair_made(w.now("XA"), "XB", psk);
    w.run();
    w.cut(link);  // what XA seals with the secret would prove the same
    w.met("XB", "XA", psk);
    w.run();
    const std::uint64_t made_ms = book("XA").standing("XB").unconfirmed_ms;
    EXPECT_NE(book("XB").standing("XA").unconfirmed_ms, 0u) << "nobody told it";
    w.advance(kMinuteMs);
    w.crash("XA");
    link = w.connect("XA", "XB");
    EXPECT_EQ(book("XA").made_ms("XB"), made_ms);
    EXPECT_EQ(book("XB").standing("XA").unconfirmed_ms, 0u);
    modes.clear();
    const auto there = ping("XA", "XB");
    const auto back = ping("XB", "XA");
    EXPECT_EQ(w.status_of("XA", there, "XB"), 1u);
    EXPECT_EQ(w.status_of("XB", back, "XA"), 1u);
    EXPECT_TRUE(only("XA", kModePsk));
    EXPECT_TRUE(only("XB", kModePsk));
    w.advance(kMinuteMs);
    w.crash("XA");
    modes.clear();
    link = w.connect("XA", "XB");
    EXPECT_EQ(std::count(modes["XA"].begin(), modes["XA"].end(), kModeBase), 0) << "told once";
  }
}

TEST_F(PairScenario, SurvivesTheRestartOfBothAndGoesOnWeekByWeek) {
  w.meet("XA", "XB");
  const auto keystore = [&](const std::string& at) {
    return crypto::Keystore::open(w.folder(at) / node::kKeystoreFile,
                                  crypto::Secret::copy_of(as_bytes("a test passphrase")));
  };
  const auto kept = [&](const std::string& at, const std::string& of) {
    return exchange::PairSecret::decode(keystore(at)->find("pair/" + of)->view());
  };
  const std::uint64_t first = kept("XA", "XB")->out.week();
  EXPECT_LE(first, 2968u) << "the running week can be sealed to";
  for (int week = 1; week <= 4; ++week) {
    pass_weeks(1);
    const auto there = ping("XA", "XB");
    const auto back = ping("XB", "XA");
    EXPECT_EQ(w.status_of("XA", there, "XB"), 1u);
    EXPECT_EQ(w.status_of("XB", back, "XA"), 1u);
    EXPECT_TRUE(only("XA", kModePsk)) << week;
    EXPECT_TRUE(only("XB", kModePsk)) << week;
    w.advance(2 * kSecondMs);
    EXPECT_EQ(kept("XA", "XB")->out.week(), first + static_cast<std::uint64_t>(week))
        << "what is past is in no file";
  }
  EXPECT_EQ(keystore("XA")->find("pair-new/XB"), nullptr);
}

TEST_F(PairScenario, ALostEnvelopeAndWeeksOfSilenceBreakNothing) {
  w.meet("XA", "XB");
  const auto look = w.on_frame;
  w.on_frame = [&look](const std::string& from, const std::string& to, const Bytes& frame) {
    const auto parsed = exchange::parse_frame(frame);
    const bool lost = from == "XA" && parsed && std::holds_alternative<exchange::DataFrame>(*parsed);
    return look(from, to, frame) && !lost;
  };
  const auto ref = ping();
  ASSERT_FALSE(w.has("XB", ref));
  w.on_frame = look;
  for (int week = 0; week < 6; ++week) {
    w.advance(7 * kDayMs);
    w.crash("XA");
    w.crash("XB");
  }
  modes.clear();
  link = w.connect("XA", "XB");
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_EQ(w.status_of("XB", ping("XB", "XA"), "XA"), 1u);
  EXPECT_TRUE(only("XA", kModePsk));
  EXPECT_TRUE(only("XB", kModePsk));
}

TEST_F(PairScenario, NoClockErrorDestroysAKey) {
  w.meet("XA", "XB");
  const Now right = w.now();
  w.set_wall(right.wall_ms + 60 * kDayMs);
  w.advance(kMinuteMs);
  w.set_wall(right.wall_ms + kMinuteMs);
  w.advance(kMinuteMs);
  modes.clear();
  const auto ref = ping();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_TRUE(only("XA", kModePsk));
}

// XB lost its secret (an older keystore came back).
struct LostSecret : PairScenario {
  void SetUp() override {
    PairScenario::SetUp();
    w.meet("XA", "XB");
    ASSERT_TRUE(book("XB").drop("XA"));
    w.run();
    ASSERT_FALSE(book("XB").is_confirmed("XA"));
    modes.clear();
  }
};

TEST_F(LostSecret, WaitsAndIsNotWeakened) {
  const auto ref = ping();
  EXPECT_EQ(row("XA", ref, "XB").state, store::OutboxState::kWaitPsk);
  EXPECT_FALSE(row("XA", ref, "XB").reason.empty());
  EXPECT_TRUE(only("XA", kModePsk));
  const std::size_t before = modes["XA"].size();
  w.advance(23 * kHourMs);
  EXPECT_EQ(modes["XA"].size(), before);
  w.advance(2 * kHourMs);
  EXPECT_EQ(modes["XA"].size(), before + 1) << "once a day";
  EXPECT_TRUE(only("XA", kModePsk));
  EXPECT_EQ(row("XA", ref, "XB").state, store::OutboxState::kWaitPsk);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u);
  EXPECT_FALSE(w.has("XB", ref));
}

TEST_F(LostSecret, ANewMeetingLetsItGo) {
  const auto ref = ping();
  w.meet("XA", "XB");
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u) << "at once, on the new confirm";
  EXPECT_EQ(modes["XA"].back(), kModePsk);
}

TEST_F(LostSecret, AnOperatorsRetryTriesAgainInModePsk) {
  const auto ref = ping();
  w.core("XA").machine().retry(w.view("XA").find(ref)->batch, "XB");
  w.run();
  EXPECT_EQ(modes["XA"].size(), 2u);
  EXPECT_TRUE(only("XA", kModePsk));
}

TEST_F(LostSecret, OnlyAnOperatorDropsIt) {
  const auto ref = ping();
  ASSERT_TRUE(book("XA").drop("XB"));
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_EQ(modes["XA"].back(), kModeBase);
}

TEST_F(LostSecret, WhatTheySendInModeBaseIsTaken) {
  const auto ref = ping("XB", "XA");
  EXPECT_TRUE(only("XB", kModeBase));
  EXPECT_TRUE(w.has("XA", ref)) << "a receiver accepts both modes";
  EXPECT_TRUE(only("XA", kModePsk)) << "its receipt waits for the pair secret at the other end";
}

// No row waits for a receipt. XB's record came in mode base; XA's receipt cannot be opened.
TEST_F(LostSecret, AReceiptIsNotLost) {
  const auto ref = ping("XB", "XA");
  EXPECT_EQ(w.status_of("XB", ref, "XA"), 0u);
  EXPECT_NE(state("XA", "XB").psk_unknown_ms, 0u);
  EXPECT_EQ(modes["XA"].size(), 1u);
  w.advance(20 * kMinuteMs);
  EXPECT_EQ(modes["XA"].size(), 1u) << "not sent again and again";
  ASSERT_TRUE(book("XA").drop("XB"));
  w.run();
  EXPECT_EQ(w.status_of("XB", ref, "XA"), 1u) << "at once";
  EXPECT_EQ(modes["XA"].back(), kModeBase);
  EXPECT_EQ(state("XA", "XB").psk_unknown_ms, 0u);
}

TEST_F(LostSecret, AReceiptGoesOnANewMeeting) {
  const auto ref = ping("XB", "XA");
  w.meet("XA", "XB");
  EXPECT_EQ(w.status_of("XB", ref, "XA"), 1u);
  EXPECT_EQ(modes["XA"].back(), kModePsk);
}

TEST_F(LostSecret, AReceiptIsTriedOnceADay) {
  ping("XB", "XA");
  w.advance(kMinuteMs);
  modes.clear();
  w.on_frame = [look = w.on_frame](const std::string& from, const std::string& to,
                                   const Bytes& frame) {
    const auto parsed = exchange::parse_frame(frame);
    const bool data = parsed && std::holds_alternative<exchange::DataFrame>(*parsed);
    if (data && from == "XB") return true;  // XB's own resends ask for receipts as well
    return look(from, to, frame);
  };
  w.core("XB").machine().cancel(w.view("XB").open_outbox().front().batch, "XA", "a test");
  w.run();
  w.advance(23 * kHourMs);
  EXPECT_EQ(modes["XA"].size(), 0u);
  w.advance(2 * kHourMs);
  EXPECT_EQ(modes["XA"], std::vector<std::uint8_t>{kModePsk});
}

// An older keystore came back at XA: from after its own end of the meeting, before XB's confirm.
TEST_F(PairScenario, WhatTheySealWithItConfirmsIt) {
  const auto psk = crypto::Secret::copy_of(Bytes(32, 9));
  w.met("XA", "XB", psk);
  w.run();
  const auto file = w.folder("XA") / node::kKeystoreFile;
  const auto copy = w.folder("XA") / "copy";
  std::filesystem::copy_file(file, copy);
  w.met("XB", "XA", psk);
  w.run();
  ASSERT_TRUE(book("XA").is_confirmed("XB"));
  ASSERT_TRUE(book("XB").is_confirmed("XA"));
  w.stop("XA");
  std::filesystem::rename(copy, file);
  w.start("XA");
  ASSERT_FALSE(book("XA").is_confirmed("XB"));
  link = w.connect("XA", "XB");
  modes.clear();
  const auto ref = ping("XB", "XA");
  EXPECT_TRUE(only("XB", kModePsk));
  EXPECT_TRUE(book("XA").is_confirmed("XB"));
  EXPECT_EQ(w.status_of("XB", ref, "XA"), 1u);
  modes.clear();
  ping("XA", "XB");
  EXPECT_TRUE(only("XA", kModePsk));
}

// XA is bounced for the old secret although the new one is there already.
TEST_F(PairScenario, WhatWasSealedWithTheOldSecretGoesAgainWithTheNew) {
  w.meet("XA", "XB");
  w.cut(link);
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.meet("XA", "XB");  // while there is no link; everything leaves on the next one
  link = w.connect("XA", "XB");
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_TRUE(book("XA").is_confirmed("XB"));
  modes.clear();
  ping("XB", "XA");
  EXPECT_TRUE(only("XB", kModePsk));
}

TEST_F(PairScenario, AForgedBounceDoesNotWeaken) {
  w.meet("XA", "XB");
  w.on_frame = nullptr;
  std::vector<Hash32> envelopes;
  std::vector<std::uint8_t> seen;
  w.on_frame = [&](const std::string& from, const std::string&, const Bytes& frame) {
    const auto parsed = exchange::parse_frame(frame);
    const auto* data = parsed ? std::get_if<exchange::DataFrame>(&*parsed) : nullptr;
    if (data == nullptr || from != "XA") return true;
    for (const Bytes& e : data->envelopes) {
      envelopes.push_back(exchange::envelope_id(e));
      seen.push_back(exchange::parse_envelope(e)->mode);
      exchange::BounceFrame bounce;  // as if from XB
      bounce.bounces.push_back({envelopes.back(), 3, 0, {}});
      w.inject(link, "XB", exchange::encode_frame(bounce));
    }
    return true;
  };
  const auto ref = ping();
  w.advance(25 * kHourMs);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_TRUE(std::all_of(seen.begin(), seen.end(), [](auto mode) { return mode == kModePsk; }));
}

TEST_F(PairScenario, ABounceForAnEnvelopeInModeBaseSaysNothing) {
  w.on_frame = [&](const std::string& from, const std::string&, const Bytes& frame) {
    const auto parsed = exchange::parse_frame(frame);
    const auto* data = parsed ? std::get_if<exchange::DataFrame>(&*parsed) : nullptr;
    if (data != nullptr && from == "XA") {
      exchange::BounceFrame bounce;
      bounce.bounces.push_back({exchange::envelope_id(data->envelopes[0]), 3, 0, {}});
      w.core("XA").machine().frame(w.now(), link, exchange::encode_frame(bounce));
    }
    return true;
  };
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

TEST_F(PairScenario, ContextsAndCeremoniesAreWipedInTime) {
  w.meet("XA", "XB");
  ping();
  w.advance(kContextIsOverMs);
  const std::uint64_t calm = crypto::Secret::alive();
  ASSERT_TRUE(book("XA").begin_ceremony("XB", *std::make_unique<crypto::SystemRng>(), w.now().mono_ms));
  EXPECT_EQ(crypto::Secret::alive(), calm + 1);
  ping();
  EXPECT_GT(crypto::Secret::alive(), calm + 1);
  w.advance(kContextIsOverMs);
  EXPECT_LE(crypto::Secret::alive(), calm + 1);
  w.advance(exchange::kCeremonyLifeMs);
  EXPECT_LE(crypto::Secret::alive(), calm);
  EXPECT_EQ(book("XA").ceremony("XB"), nullptr);
}

}  // namespace
}  // namespace focal::test
