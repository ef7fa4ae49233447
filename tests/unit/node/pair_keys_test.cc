// Goal: pair secrets are in the keystore before they count, and what was forgotten is in it
// no more; a keystore that cannot be written changes nothing.
// Method: a real keystore file, opened again; a folder that is moved away; a core whose
// keystore and ledger write down when they are asked.
#include "node/node/pair_keys.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/node/core.h"
#include "tests/fuzz/memory_ledger.h"
#include "tests/support/party_fixture.h"
#include "tests/support/temp_folder.h"

namespace focal::node {
namespace {

namespace fs = std::filesystem;
constexpr exchange::PairWeeks kWeeks{2967, 2966};

exchange::PairSecret secret_with(const std::string& peer) {
  return exchange::PairSecret::make(crypto::Secret::copy_of(Bytes(32, 9)), "XA", peer, kWeeks,
                                    test::kIssuedMs);
}

struct PairKeys : ::testing::Test {
  test::TempFolder temp;
  crypto::SystemRng rng;
  crypto::Secret passphrase = crypto::Secret::copy_of(as_bytes("words for a test"));
  fs::path folder = temp / "node";
  exchange::PairBook book;

  void SetUp() override {
    crypto::init();
    fs::create_directory(folder);
    ASSERT_TRUE(crypto::Keystore::create(folder / "k", passphrase, crypto::kKdfTest, rng));
  }
  crypto::Keystore open() { return std::move(*crypto::Keystore::open(folder / "k", passphrase)); }
  bool file_holds(const crypto::Secret& what) {
    const auto keystore = open();
    for (const std::string& name : keystore.names()) {
      const ByteView v = keystore.find(name)->view();
      if (std::search(v.begin(), v.end(), what.view().begin(), what.view().end()) != v.end())
        return true;
    }
    return false;
  }
};

TEST_F(PairKeys, ComeBackFromTheFile) {
  auto keystore = open();
  keystore.put("sign", crypto::Secret(32));
  book.put("XB", secret_with("XB"));
  book.put("XC", secret_with("XC"));
  ASSERT_TRUE(keep_pairs(book, keystore, rng));
  book.saved();
  exchange::PairBook again;
  const auto reopened = open();
  ASSERT_TRUE(load_pairs(reopened, again));
  EXPECT_EQ(again.standing("XB").unconfirmed_ms, test::kIssuedMs);
  EXPECT_EQ(again.standing("XC").unconfirmed_ms, test::kIssuedMs);
  EXPECT_NE(reopened.find("sign"), nullptr);

  ASSERT_TRUE(book.drop("XC"));
  ASSERT_TRUE(keep_pairs(book, keystore, rng));
  EXPECT_NE(open().find("pair-new/XC"), nullptr) << "until the ledger has it";
  book.drops_committed();
  ASSERT_TRUE(keep_pairs(book, keystore, rng));
  EXPECT_EQ(open().find("pair-new/XC"), nullptr);
  EXPECT_NE(open().find("pair-new/XB"), nullptr);
  EXPECT_NE(open().find("sign"), nullptr) << "only pairs are replaced";
}

TEST_F(PairKeys, AForgottenWeekIsInTheFileNoMore) {
  auto keystore = open();
  book.put("XB", secret_with("XB"));
  ASSERT_TRUE(keep_pairs(book, keystore, rng));
  book.saved();
  const auto made = secret_with("XB");
  const auto old_out = made.out.at(2967), old_in = made.in.at(2966), new_in = made.in.at(2970);
  EXPECT_TRUE(file_holds(*old_out));
  EXPECT_TRUE(file_holds(*old_in));
  book.forget_before({2971, 2970});
  ASSERT_TRUE(keep_pairs(book, keystore, rng));
  EXPECT_FALSE(file_holds(*old_out));
  EXPECT_FALSE(file_holds(*old_in));
  EXPECT_TRUE(file_holds(*new_in));
}

TEST_F(PairKeys, AFailedSaveLeavesTheKeystoreInMemoryAsItWas) {
  auto keystore = open();
  book.put("XB", secret_with("XB"));
  ASSERT_TRUE(keep_pairs(book, keystore, rng));
  book.saved();
  ASSERT_TRUE(book.drop("XB"));
  book.drops_committed();
  book.put("XC", secret_with("XC"));
  fs::rename(folder, temp / "away");
  EXPECT_FALSE(keep_pairs(book, keystore, rng));
  fs::rename(temp / "away", folder);
  ASSERT_TRUE(keystore.save(rng));  // for another reason
  EXPECT_NE(open().find("pair-new/XB"), nullptr);
  EXPECT_EQ(open().find("pair-new/XC"), nullptr);
}

TEST_F(PairKeys, ADamagedEntryStopsTheStart) {
  auto keystore = open();
  keystore.put("pair/XB", crypto::Secret(161));
  EXPECT_EQ(load_pairs(keystore, book).error().code, ErrorCode::kKeystore);
}

// A core by hand.
struct PairOrder : ::testing::Test {
  test::TestParty xa{"XA", 1};
  exchange::Identity self;
  exchange::Peers peers;
  test::MemoryLedger ledger;
  crypto::SeededRng rng{8};
  std::vector<std::string> asked;
  bool keystore_works = true, ledger_works = true, in_use_when_asked = true;
  std::unique_ptr<Core> core;
  Now now{1'000'000, test::kIssuedMs};

  void SetUp() override {
    crypto::init();
    self.card = xa.card();
    self.sign = crypto::signing_key_from_seed(xa.sign.seed.clone());
    core = std::make_unique<Core>(
        self, peers, ledger,
        [this](const store::Txn& txn) -> Result<store::Committed> {
          asked.push_back("ledger");
          if (!ledger_works) return fail(ErrorCode::kNoSpace, "full");
          return ledger.commit(txn);
        },
        rng, exchange::MachineSettings{}, [](exchange::LinkId) { return true; }, Probe{},
        [this](const exchange::PairBook& book) -> Status {
          asked.push_back("keystore");
          in_use_when_asked = book.standing("XB").unconfirmed_ms != 0;
          if (!keystore_works) return fail(ErrorCode::kNoSpace, "full");
          return {};
        });
    ASSERT_TRUE(core->machine().load(now));
  }
  void act() {
    core->machine().pair_made(now, "XB", crypto::Secret::copy_of(Bytes(32, 9)));
    core->write(store::PutAdmin{{}, "something that belongs to it"});
  }
};

TEST_F(PairOrder, KeystoreThenLedgerThenUse) {
  act();
  ASSERT_TRUE(core->finish_group(now).status);
  EXPECT_EQ(asked, (std::vector<std::string>{"keystore", "ledger"}));
  EXPECT_FALSE(in_use_when_asked);
  EXPECT_EQ(self.pairs.standing("XB").unconfirmed_ms, now.wall_ms);
  asked.clear();
  ASSERT_TRUE(core->finish_group(now).status);
  EXPECT_TRUE(asked.empty()) << "nothing new";
}

TEST_F(PairOrder, WithoutTheKeystoreNothingHappens) {
  keystore_works = false;
  act();
  EXPECT_EQ(core->finish_group(now).status.error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(asked, std::vector<std::string>{"keystore"}) << "the ledger was not asked";
  EXPECT_EQ(self.pairs.standing("XB").unconfirmed_ms, 0u);
  EXPECT_FALSE(self.pairs.has_unsaved());
  EXPECT_TRUE(core->written().empty());
  keystore_works = true;
  ASSERT_TRUE(core->finish_group(now).status);
  EXPECT_EQ(self.pairs.standing("XB").unconfirmed_ms, 0u) << "and not later either";
}

// The act of an officer is in the ledger before the secret is gone.
TEST_F(PairOrder, ADropGoesLedgerThenKeystore) {
  act();
  ASSERT_TRUE(core->finish_group(now).status);
  const auto drop = [this] {
    ASSERT_TRUE(self.pairs.drop("XB"));
    core->write(store::PutAdmin{{}, "PAIR SECRET with XB dropped"});
    asked.clear();
  };
  drop();
  ledger_works = false;
  EXPECT_EQ(core->finish_group(now).status.error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(asked, std::vector<std::string>{"ledger"});
  EXPECT_NE(self.pairs.standing("XB").unconfirmed_ms, 0u);
  ledger_works = true;
  ASSERT_TRUE(core->finish_group(now).status);
  EXPECT_NE(self.pairs.standing("XB").unconfirmed_ms, 0u) << "and not later either";
  drop();
  ASSERT_TRUE(core->finish_group(now).status);
  EXPECT_EQ(asked, (std::vector<std::string>{"ledger", "keystore"}));
  EXPECT_EQ(self.pairs.standing("XB").unconfirmed_ms, 0u);
  EXPECT_FALSE(self.pairs.has_unsaved());
}

TEST_F(PairOrder, ADropIsStoredAsSoonAsTheKeystoreTakesIt) {
  act();
  ASSERT_TRUE(core->finish_group(now).status);
  ASSERT_TRUE(self.pairs.drop("XB"));
  keystore_works = false;
  ASSERT_TRUE(core->finish_group(now).status) << "the act stands";
  EXPECT_EQ(self.pairs.standing("XB").unconfirmed_ms, 0u);
  EXPECT_TRUE(self.pairs.has_unsaved());
  keystore_works = true;
  now.mono_ms += kMinuteMs;
  asked.clear();
  ASSERT_TRUE(core->finish_group(now).status);
  EXPECT_EQ(asked, std::vector<std::string>{"keystore"});
  EXPECT_FALSE(self.pairs.has_unsaved());
}

TEST_F(PairOrder, AConfirmThatTheLedgerDidNotTakeIsSentAgain) {
  core->machine().send_confirm(now, "XB", core->machine().pair_made(
                                              now, "XB", crypto::Secret::copy_of(Bytes(32, 9))));
  ledger_works = false;
  EXPECT_FALSE(core->finish_group(now).status);
  EXPECT_EQ(self.pairs.untold().size(), 1u) << "the keystore has the secret already";
  ledger_works = true;
  core->machine().tick(now);
  ASSERT_TRUE(core->finish_group(now).status);
  EXPECT_TRUE(ledger.open_outbox().empty()) << "a ledger that fails is not asked in every turn";
  now.mono_ms += kMinuteMs;
  now.wall_ms += kMinuteMs;
  core->machine().tick(now);
  ASSERT_TRUE(core->finish_group(now).status);
  EXPECT_EQ(ledger.open_outbox().size(), 1u);
  EXPECT_TRUE(self.pairs.untold().empty());
  now.mono_ms += kHourMs;
  core->machine().tick(now);
  ASSERT_TRUE(core->finish_group(now).status);
  EXPECT_EQ(ledger.open_outbox().size(), 1u) << "once";
}

TEST_F(PairOrder, ForgettingCanWaitForAKeystoreThatTakesIt) {
  act();
  ASSERT_TRUE(core->finish_group(now).status);
  keystore_works = false;
  self.pairs.forget_before({3000, 3000});
  asked.clear();
  core->write(store::PutAdmin{{}, "an act of an officer"});
  EXPECT_TRUE(core->finish_group(now).status) << "work goes on";
  EXPECT_EQ(asked, (std::vector<std::string>{"keystore", "ledger"}));
  asked.clear();
  EXPECT_TRUE(core->finish_group(now).status);
  EXPECT_TRUE(asked.empty()) << "not asked again and again";
  keystore_works = true;
  now.mono_ms += kMinuteMs;
  EXPECT_TRUE(core->finish_group(now).status);
  EXPECT_EQ(asked, std::vector<std::string>{"keystore"});
  EXPECT_FALSE(self.pairs.has_unsaved());
}

}  // namespace
}  // namespace focal::node
