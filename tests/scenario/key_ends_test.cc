// Goal: a sealing key whose time is over is nowhere any more, and what was sealed to it is
// as readable as before. Method: a record is received under the key of the week;
// weeks later the bytes of that key are searched in the keystore, the file the keystore was
// before, the ledger with its write-ahead log, and every readable page of this process.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "node/exchange/frame.h"
#include "tests/support/memory_search.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

using exchange::DataFrame;
using exchange::kWeekMs;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct KeyEnds : ::testing::Test {
  World w;
  DataFrame sent;  // XA's record as it travelled
  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
    w.on_frame = [this](const auto& from, const auto&, const Bytes& frame) {
      const auto parsed = exchange::parse_frame(frame);
      const auto* data = parsed ? std::get_if<DataFrame>(&*parsed) : nullptr;
      if (data != nullptr && from == "XA" && sent.envelopes.empty()) sent = *data;
      return true;
    };
    w.connect("XA", "XB");
  }
  exchange::Identity& self() { return w.core("XB").self(); }
  Id16 key_of_this_week() { return exchange::parse_schedule(self().schedule_note)->keys[0].kid; }
  // All files of XB: the ledger, its write-ahead log, the keystore and whatever lies beside.
  std::size_t count_in_files(const Needle& needle) {
    std::size_t n = 0;
    for (const auto& file : std::filesystem::directory_iterator(w.folder("XB")))
      if (file.is_regular_file()) n += needle.count_in(as_bytes(bytes_of(file.path())));
    return n;
  }
  // In what the keystore's file holds, decrypted.
  std::size_t count_in_keystore(const Needle& needle) {
    const crypto::Keystore keystore = w.keystore("XB");
    std::size_t n = 0;
    for (const std::string& name : keystore.names()) n += needle.count_in(keystore.find(name)->view());
    return n;
  }
  bool in_keystore(const Id16& kid, std::string_view prefix) {
    const auto names = *node::seal_names(w.keystore("XB"), prefix);
    return std::any_of(names.begin(), names.end(),
                       [&](const auto& name) { return name.kid == kid; });
  }
};

TEST_F(KeyEnds, NoByteOfItIsLeftAndWhatItOpenedStaysReadable) {
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body("sealed to a key that ends"));
  w.run();
  ASSERT_EQ(w.status_of("XA", ref, "XB"), 1u);
  const Id16 kid = key_of_this_week();
  ASSERT_TRUE(equal(ByteView(sent.envelopes.at(0)).subspan(3, 16), kid)) << "sealed to that key";
  const auto body = w.view("XB").item(w.view("XB").find(ref)->idx);
  const Needle needle(self().find_sealing(kid)->key.sk.view());
  std::vector<std::string> places;
  EXPECT_GE(count_in_memory(needle, places), 2u) << "in the identity and in the keystore";
  EXPECT_EQ(count_in_files(needle), 0u) << "the keystore's file is encrypted";
  EXPECT_TRUE(in_keystore(kid, node::kSealPrefix));
  EXPECT_EQ(count_in_keystore(needle), 1u);

  for (int week = 0; week < 4; ++week) w.advance(kWeekMs - kDayMs);
  ASSERT_NE(self().find_sealing(kid), nullptr);
  const std::string before = bytes_of(w.folder("XB") / node::kKeystoreFile);
  const int old = ::open((w.folder("XB") / node::kKeystoreFile).c_str(), O_RDONLY);
  w.advance(kWeekMs);
  ASSERT_EQ(self().find_sealing(kid), nullptr);
  EXPECT_TRUE(in_keystore(kid, node::kGonePrefix));
  EXPECT_FALSE(in_keystore(kid, node::kSealPrefix));
  places.clear();
  EXPECT_EQ(count_in_memory(needle, places), 0u);
  for (const auto& place : places) ADD_FAILURE() << "still in " << place;
  EXPECT_EQ(count_in_files(needle), 0u);
  EXPECT_EQ(count_in_keystore(needle), 0u) << "under whatever name";
  std::string there(before.size(), 0);
  EXPECT_EQ(::pread(old, there.data(), there.size(), 0), static_cast<ssize_t>(there.size()));
  ::close(old);
  EXPECT_NE(there, before) << "the old keystore, which still held the key, was overwritten";
  EXPECT_NE(there.substr(0, 8), before.substr(0, 8));

  const auto still = w.view("XB").item(w.view("XB").find(ref)->idx);
  ASSERT_TRUE(still.has_value());
  EXPECT_EQ(*still, *body);
  w.crash("XB");
  EXPECT_EQ(*w.view("XB").item(w.view("XB").find(ref)->idx), *body);
}

// Keys that are replaced before their time, as after a theft, end in the same way.
TEST_F(KeyEnds, NoByteOfAReplacedKeyIsLeft) {
  const Id16 kid = key_of_this_week();
  const Needle needle(self().find_sealing(kid)->key.sk.view());
  ASSERT_EQ(count_in_keystore(needle), 1u);
  ASSERT_TRUE(w.node("XB").replace_seal_keys(w.now(), "the server was opened").has_value());
  w.run();
  ASSERT_EQ(self().find_sealing(kid), nullptr);
  std::vector<std::string> places;
  EXPECT_EQ(count_in_memory(needle, places), 0u);
  for (const auto& place : places) ADD_FAILURE() << "still in " << place;
  EXPECT_EQ(count_in_files(needle), 0u);
  EXPECT_EQ(count_in_keystore(needle), 0u);
}

// The searcher can see: a copy that somebody keeps is found.
TEST_F(KeyEnds, ACopyThatIsLeftWouldBeFound) {
  const Needle needle(self().find_sealing(key_of_this_week())->key.sk.view());
  std::vector<std::string> places;
  const std::size_t before = count_in_memory(needle, places);
  const Bytes copy = to_bytes(self().find_sealing(key_of_this_week())->key.sk.view());
  EXPECT_EQ(count_in_memory(needle, places), before + 1);
  EXPECT_EQ(needle.count_in(copy), 1u);

  // A copy in a row of the ledger stands in its write-ahead log or in its file.
  ASSERT_EQ(count_in_files(needle), 0u);
  w.core("XB").write(store::PutAdmin{*fixed<32>(copy), "a leaf with a secret in it"});
  w.run();
  EXPECT_GE(count_in_files(needle), 1u);
}

// SIGKILL between the write of the new keystore and its renaming leaves a whole copy.
TEST_F(KeyEnds, ACopyThatAKilledSaveLeftGoesWithTheNextStart) {
  const auto file = w.folder("XB") / node::kKeystoreFile;
  const auto stale = w.folder("XB") / (std::string(".") + node::kKeystoreFile + ".0123456789abcdef");
  std::filesystem::copy_file(file, stale);
  const std::string before = bytes_of(stale);
  const int copy = ::open(stale.c_str(), O_RDONLY);
  w.crash("XB");
  std::string there(before.size(), 0);
  EXPECT_EQ(::pread(copy, there.data(), there.size(), 0), static_cast<ssize_t>(there.size()));
  ::close(copy);
  EXPECT_NE(there.substr(0, 8), before.substr(0, 8)) << "overwritten";
  for (const auto& each : std::filesystem::directory_iterator(w.folder("XB")))
    EXPECT_TRUE(each.path() == file || !bytes_of(each.path()).starts_with("FOCALKS1")) << each.path();
}

}  // namespace
}  // namespace focal::test
