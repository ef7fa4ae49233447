// Goal: each person has one key, made once and durable; with a person it goes, from the file too; a
// keystore that cannot be written leaves everything as it was.
// Method: a keystore in a folder, opened again after each step; a disk that is full.
#include "node/node/person_keys.h"

#include <gtest/gtest.h>

#include "tests/support/full_disk.h"
#include "tests/support/temp_folder.h"

namespace focal::node {
namespace {

class PersonKeys : public ::testing::Test {
 protected:
  PersonKeys() {
    crypto::init();
    auto made = crypto::Keystore::create(folder_ / "k", passphrase_, crypto::kKdfTest, rng_);
    made->put("sign", crypto::Secret(32));
    EXPECT_TRUE(made->save(rng_).has_value());
  }
  crypto::Keystore again() { return std::move(*crypto::Keystore::open(folder_ / "k", passphrase_)); }
  static Bytes bytes(const crypto::Secret& key) { return to_bytes(key.view()); }

  test::TempFolder folder_;
  crypto::SystemRng rng_;
  crypto::Secret passphrase_ = crypto::Secret::copy_of(as_bytes("a test passphrase"));
};

TEST_F(PersonKeys, OneForEachAndTheSameAgain) {
  crypto::Keystore keystore = again();
  EXPECT_FALSE(find_person_key(keystore, 1)->has_value());
  const Bytes one = bytes(*make_person_key(keystore, 1, rng_));
  const Bytes two = bytes(*make_person_key(keystore, 2, rng_));
  EXPECT_EQ(one.size(), 32u);
  EXPECT_NE(one, two);
  crypto::Keystore reopened = again();
  EXPECT_EQ(bytes(**find_person_key(reopened, 1)), one);
  EXPECT_EQ(bytes(*make_person_key(reopened, 2, rng_)), two);
}

TEST_F(PersonKeys, OfOthersTheyGo) {
  crypto::Keystore keystore = again();
  for (const std::int64_t person : {0, 1, 2}) ASSERT_TRUE(make_person_key(keystore, person, rng_));
  const std::vector<std::int64_t> stay{1};
  ASSERT_TRUE(keep_person_keys(keystore, stay, rng_).has_value());
  crypto::Keystore reopened = again();
  EXPECT_EQ(reopened.names(), (std::vector<std::string>{"person/1", "sign"}));
}

TEST_F(PersonKeys, AKeystoreThatCannotBeWrittenChangesNothing) {
  crypto::Keystore keystore = again();
  const Bytes one = bytes(*make_person_key(keystore, 1, rng_));
  {
    const test::FullDisk full(0);
    EXPECT_EQ(make_person_key(keystore, 2, rng_).error().code, ErrorCode::kNoSpace);
    EXPECT_EQ(keep_person_keys(keystore, {}, rng_).error().code, ErrorCode::kNoSpace);
  }
  EXPECT_FALSE(find_person_key(keystore, 2)->has_value()) << "none that a crash could lose";
  EXPECT_EQ(bytes(**find_person_key(keystore, 1)), one);
  EXPECT_EQ(bytes(**find_person_key(again(), 1)), one);
}

TEST_F(PersonKeys, ADamagedOneIsSaid) {
  crypto::Keystore keystore = again();
  keystore.put("person/7", crypto::Secret(31));
  EXPECT_EQ(find_person_key(keystore, 7).error().code, ErrorCode::kKeystore);
  EXPECT_EQ(make_person_key(keystore, 7, rng_).error().code, ErrorCode::kKeystore);
}

}  // namespace
}  // namespace focal::node
