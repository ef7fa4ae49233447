// Goal: focal init makes a whole node or nothing, also when it is cut short.
// Method: every step is made to fail by a file that stands in its way; an
// interrupted one is played by its marker.
#include "node/node/setup.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "base/hint.h"
#include "node/ledger/folder_lock.h"
#include "node/ledger/schema.h"
#include "node/node/keys.h"
#include "node/node/node.h"
#include "tests/support/temp_folder.h"

namespace focal::node {
namespace {
namespace fs = std::filesystem;

struct SetupTest : ::testing::Test {
  test::TempFolder temp;
  crypto::SystemRng rng;
  crypto::Secret passphrase = crypto::Secret::copy_of(as_bytes("words for a test"));
  Now now{0, 1'795'428'000'000};
  SetupOptions options;

  void SetUp() override {
    options.folder = temp.path() / "node";
    options.root_folder = temp.path() / "root";
    options.party = "XA";
    options.listen = "tcp://127.0.0.1:7117";
    options.endpoints = {"tcp://127.0.0.1:7117"};
    options.authority = {"Office for tests"};
    options.kdf = crypto::kKdfTest;
  }
  Result<SetupResult> init() { return set_up(options, passphrase, passphrase, now, rng); }
  std::set<std::string> files() {
    std::set<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(temp.path()))
      out.insert(fs::relative(entry.path(), temp.path()));
    return out;
  }
};

TEST_F(SetupTest, MakesANodeThatOpens) {
  const auto made = init();
  ASSERT_TRUE(made.has_value()) << made.error().message;
  for (const auto& file : made->written) EXPECT_TRUE(fs::exists(file)) << file;
  EXPECT_FALSE(fs::exists(options.folder / kUnfinishedFile));
  auto config = config::load_config(options.folder / kConfigFile);
  ASSERT_TRUE(config.has_value());
  EXPECT_TRUE(Node::open(std::move(*config), passphrase, now).has_value());
}

// A folder stands where a file has to come: that step fails, and nothing stays.
TEST_F(SetupTest, WhateverStepFailsNothingIsLeft) {
  const fs::path steps[] = {options.folder / (std::string(ledger::kLedgerFile) + "-wal"),
                            options.folder / kUnfinishedFile, options.folder / ledger::kLockFile};
  for (const fs::path& step : steps) {
    SCOPED_TRACE(step);
    fs::create_directories(step / "in the way");
    const auto before = files();
    const auto made = init();
    EXPECT_FALSE(made.has_value());
    EXPECT_EQ(files(), before);
    fs::remove_all(options.folder);
    fs::remove_all(options.root_folder);
  }
  EXPECT_TRUE(init().has_value()) << "once nothing stands in the way";
}

TEST_F(SetupTest, AnInterruptedInitIsNoNodeAndSaysWhatToRemove) {
  ASSERT_TRUE(init().has_value());
  std::ofstream(options.folder / kUnfinishedFile) << "cut short\n";
  const auto again = init();
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::kState);
  EXPECT_NE(again.error().message.find("cut short"), std::string::npos);
  for (const char* name : {kKeystoreFile, kCardFile, ledger::kLedgerFile, kRootFile})
    EXPECT_NE(hint_of(again.error()).find(name), std::string::npos) << name;
  auto config = config::load_config(options.folder / kConfigFile);
  ASSERT_TRUE(config.has_value());
  const auto node = Node::open(std::move(*config), passphrase, now);
  ASSERT_FALSE(node.has_value());
  EXPECT_EQ(node.error().code, ErrorCode::kState);
}

TEST_F(SetupTest, ANodeOrARootThatExistsIsNotTouched) {
  ASSERT_TRUE(init().has_value());
  const auto before = files();
  EXPECT_EQ(init().error().code, ErrorCode::kExists);
  EXPECT_EQ(files(), before);
  fs::remove_all(options.folder);
  EXPECT_EQ(init().error().code, ErrorCode::kExists) << "the root is still there";
  EXPECT_FALSE(fs::exists(options.folder));
}

}  // namespace
}  // namespace focal::node
