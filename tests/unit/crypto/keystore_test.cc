// Goal: a keystore gives back what was put in, to the right passphrase alone; says
// truly whether the passphrase or the file is wrong; and a failed save loses nothing.
// Method: every length and every byte of a small file; real permissions and links;
// a real write failure (file-size limit of the process).
#include "crypto/keystore.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "crypto/private_file.h"
#include "tests/support/full_disk.h"
#include "tests/support/other_user.h"
#include "tests/unit/crypto/scratch_folder.h"

namespace focal::crypto {
namespace {

namespace fs = std::filesystem;
using test::read_text;
using test::ScratchFolder;
using test::write_text;

class KeystoreTest : public ::testing::Test {
 protected:
  Keystore made() {
    auto store = Keystore::create(file, passphrase, kKdfTest, rng);
    FOCAL_CHECK(store.has_value());
    store->put("node/sign", Secret::copy_of(Bytes(32, 1)));
    store->put("node/log", Secret::copy_of(Bytes(32, 2)));
    store->put("empty", Secret());
    FOCAL_CHECK(store->save(rng).has_value());
    return std::move(*store);
  }
  ErrorCode open_error(const Secret& with) const {
    const auto store = Keystore::open(file, with);
    return store ? ErrorCode::kUsage : store.error().code;
  }
  ErrorCode open_error() const { return open_error(passphrase); }

  ScratchFolder folder;
  fs::path file = folder.path() / "keys";
  SeededRng rng{51};
  Secret passphrase = Secret::copy_of(as_bytes("correct horse"));
};

TEST_F(KeystoreTest, GivesBackWhatWasPutIn) {
  made();
  auto store = Keystore::open(file, passphrase);
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ(store->names(), (std::vector<std::string>{"empty", "node/log", "node/sign"}));
  ASSERT_NE(store->find("node/sign"), nullptr);
  EXPECT_TRUE(store->find("node/sign")->equals(Bytes(32, 1)));
  EXPECT_TRUE(store->find("empty")->empty());
  EXPECT_EQ(store->find("node"), nullptr);
  store->erase("node/log");
  store->erase("not there");
  store->put("node/sign", Secret::copy_of(Bytes(64, 9)));
  ASSERT_TRUE(store->save(rng).has_value());
  const auto again = Keystore::open(file, passphrase);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->names(), (std::vector<std::string>{"empty", "node/sign"}));
  EXPECT_TRUE(again->find("node/sign")->equals(Bytes(64, 9)));
}

// The old file has no name any more, but a thief of the disk could still read it.
TEST_F(KeystoreTest, TheOldFileIsOverwrittenUnlessItHasAnotherName) {
  Keystore store = made();
  const auto old_bytes = [&](int fd, std::size_t size) {
    std::string text(size, 0);
    EXPECT_EQ(::pread(fd, text.data(), size, 0), static_cast<ssize_t>(size));
    return text;
  };
  const std::string before = read_text(file);
  const int old = ::open(file.c_str(), O_RDONLY);
  ASSERT_GE(old, 0);
  store.erase("node/log");
  ASSERT_TRUE(store.save(rng).has_value());
  EXPECT_TRUE(store.old_file_overwritten());
  const std::string after = old_bytes(old, before.size());
  ::close(old);
  std::size_t same = 0;
  for (std::size_t i = 0; i < before.size(); ++i) same += before[i] == after[i] ? 1 : 0;
  EXPECT_LT(same, before.size() / 16) << "noise in every place";

  const std::string second = read_text(file);
  fs::create_hard_link(file, folder.path() / "kept by somebody");
  ASSERT_TRUE(store.save(rng).has_value());
  EXPECT_FALSE(store.old_file_overwritten());
  EXPECT_EQ(read_text(folder.path() / "kept by somebody"), second);
  EXPECT_TRUE(Keystore::open(file, passphrase).has_value());
}

TEST_F(KeystoreTest, PutWithoutSaveIsNotKept) {
  Keystore store = made();
  store.put("late", Secret(1));
  EXPECT_EQ(Keystore::open(file, passphrase)->find("late"), nullptr);
}

TEST_F(KeystoreTest, TheFileShowsNoSecretAndNoNameAndIsPrivate) {
  Keystore store = made();
  store.put("planted-name", Secret::copy_of(as_bytes("planted-secret")));
  ASSERT_TRUE(store.save(rng).has_value());
  const std::string bytes = read_text(file);
  EXPECT_EQ(bytes.find("planted"), std::string::npos);
  EXPECT_EQ(bytes.substr(0, 8), "FOCALKS1");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(folder.file_count(), 1u);
}

TEST_F(KeystoreTest, TwoSavesOfTheSameContentsDiffer) {
  Keystore store = made();
  const std::string first = read_text(file);
  ASSERT_TRUE(store.save(rng).has_value());
  EXPECT_NE(read_text(file).substr(72, 24), first.substr(72, 24));  // the nonce
}

TEST_F(KeystoreTest, WrongPassphraseIsSaidToBeThat) {
  made();
  for (const char* wrong : {"", "correct hors", "correct horse ", "Correct horse"})
    EXPECT_EQ(open_error(Secret::copy_of(as_bytes(wrong))), ErrorCode::kPassphrase) << wrong;
}

TEST_F(KeystoreTest, TruncatedAtEveryLength) {
  made();
  const std::string whole = read_text(file);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    write_text(file, whole.substr(0, n));
    ASSERT_EQ(open_error(), ErrorCode::kKeystore) << n;
  }
  // Even to somebody who mistypes: it is the file that needs help first.
  EXPECT_EQ(open_error(Secret::copy_of(as_bytes("wrong"))), ErrorCode::kKeystore);
  write_text(file, whole + '\0');
  EXPECT_EQ(open_error(), ErrorCode::kKeystore);
  write_text(file, whole);
  EXPECT_TRUE(Keystore::open(file, passphrase).has_value());
}

TEST_F(KeystoreTest, EveryChangedByteIsDamageAndNotAWrongPassphrase) {
  made();
  const std::string whole = read_text(file);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << i % 8));
    write_text(file, bytes);
    ASSERT_EQ(open_error(), ErrorCode::kKeystore) << i;
  }
}

TEST_F(KeystoreTest, TwoFilesCannotBeMixed) {
  made();
  const std::string first = read_text(file);
  fs::remove(file);
  made();
  const std::string second = read_text(file);
  ASSERT_EQ(first.size(), second.size());
  write_text(file, first.substr(0, 72) + second.substr(72));
  EXPECT_EQ(open_error(), ErrorCode::kKeystore);
}

TEST_F(KeystoreTest, NotAKeystoreAndTooLarge) {
  write_text(file, "hello");
  fs::permissions(file, fs::perms::owner_all);
  EXPECT_EQ(open_error(), ErrorCode::kKeystore);
  write_text(file, "FOCALKS2" + std::string(200, 'x'));
  EXPECT_EQ(open_error(), ErrorCode::kKeystore);
  write_text(file, "FOCALKS1" + std::string(1024 * 1024, 'x'));
  EXPECT_EQ(open_error(), ErrorCode::kKeystore);
}

TEST_F(KeystoreTest, ReadableByOthersIsRefused) {
  made();
  for (const mode_t mode : {0604, 0640, 0602, 0620, 0601, 0610, 0644, 0666}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    EXPECT_EQ(open_error(), ErrorCode::kPermission) << std::oct << mode;
  }
  ASSERT_EQ(::chmod(file.c_str(), 0400), 0);
  EXPECT_TRUE(Keystore::open(file, passphrase).has_value());
}

TEST_F(KeystoreTest, LinksPipesAndFoldersAreRefused) {
  EXPECT_EQ(open_error(), ErrorCode::kNotFound);
  made();
  const fs::path real = folder.path() / "real";
  fs::rename(file, real);
  fs::create_symlink(real, file);
  EXPECT_EQ(open_error(), ErrorCode::kPermission);
  fs::remove(file);
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_EQ(open_error(), ErrorCode::kPermission);
  fs::remove(file);
  fs::create_directory(file);
  EXPECT_EQ(open_error(), ErrorCode::kPermission);
}

// Even one that it could read, and before a byte of it is judged: by root, who may read every
// file, and by another user. Who is not root cannot be another: there a file of root stands in.
TEST_F(KeystoreTest, AFileOfAnotherUserIsRefused) {
  made();
  const auto refuses = [this](const fs::path& path) {
    const auto store = Keystore::open(path, passphrase);
    if (store) return 1;
    if (store.error().code != ErrorCode::kPermission) return 2;
    return store.error().message.find("another user") == std::string::npos ? 3 : 0;
  };
  if (::geteuid() != 0) {
    struct stat info {};
    ASSERT_EQ(::stat("/etc/passwd", &info), 0);
    ASSERT_NE(info.st_uid, ::geteuid());
    EXPECT_EQ(test::unprivileged([&] { return refuses("/etc/passwd"); }), 0);
  } else {
    ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
    ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
    EXPECT_EQ(test::unprivileged([&] { return refuses(file); }), 0);
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    ASSERT_EQ(::chown(file.c_str(), 1, 1), 0);
    EXPECT_EQ(refuses(file), 0);
    EXPECT_EQ(test::as_user({1, 1, {}}, [&] { return refuses(file); }), 1) << "his own he may open";
  }
}

TEST_F(KeystoreTest, CreateNeverReplacesAFile) {
  made();
  const std::string before = read_text(file);
  const auto second = Keystore::create(file, passphrase, kKdfTest, rng);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kExists);
  EXPECT_EQ(read_text(file), before);
  EXPECT_EQ(folder.file_count(), 1u);
  const auto empty = Keystore::create(folder.path() / "k2", Secret(), kKdfTest, rng);
  ASSERT_FALSE(empty.has_value());
  EXPECT_EQ(empty.error().code, ErrorCode::kInvalid);
  const auto nowhere = Keystore::create(folder.path() / "no/k", passphrase, kKdfTest, rng);
  ASSERT_FALSE(nowhere.has_value());
  EXPECT_EQ(nowhere.error().code, ErrorCode::kIo);
}

TEST_F(KeystoreTest, AFailedWriteKeepsTheOldFileWhole) {
  Keystore store = made();
  const std::string before = read_text(file);
  store.put("new", Secret(100));
  for (const rlim_t limit : {rlim_t{0}, rlim_t{50}, rlim_t{200}}) {
    Status status;
    {
      const test::FullDisk full(limit);
      status = store.save(rng);
    }
    ASSERT_FALSE(status.has_value()) << limit;
    EXPECT_EQ(status.error().code, ErrorCode::kNoSpace);
    EXPECT_EQ(read_text(file), before);
    EXPECT_EQ(folder.file_count(), 1u) << "a temporary file is left";
  }
  EXPECT_TRUE(store.save(rng).has_value());  // and works once there is space
  EXPECT_NE(Keystore::open(file, passphrase)->find("new"), nullptr);
}

TEST_F(KeystoreTest, ARemovedFileIsGoneAndItsBytesWereOverwritten) {
  write_text(file, std::string(5000, 'k'));
  ASSERT_EQ(::link(file.c_str(), (folder.path() / "other").c_str()), 0);
  ASSERT_TRUE(remove_private_file(file).has_value());
  EXPECT_FALSE(fs::exists(file));
  EXPECT_EQ(read_text(folder.path() / "other"), std::string(5000, 'k')) << "another name leads to it";
  write_text(file, std::string(5000, 'k'));
  const int open_before = ::open(file.c_str(), O_RDONLY);
  ASSERT_TRUE(remove_private_file(file).has_value());
  std::string left(5000, ' ');
  ASSERT_EQ(::pread(open_before, left.data(), left.size(), 0), 5000);
  ::close(open_before);
  EXPECT_EQ(left.find("kkkkkkkk"), std::string::npos);
  EXPECT_TRUE(remove_private_file(file).has_value()) << "and where there was none";
}

TEST_F(KeystoreTest, AFailedRenameLeavesNoTemporaryFile) {
  Keystore store = made();
  fs::remove(file);
  fs::create_directory(file);
  const Status status = store.save(rng);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
  EXPECT_EQ(folder.file_count(), 1u);
}

TEST_F(KeystoreTest, LimitsAreKeptAndTheFullStoreOpens) {
  Keystore store = made();
  for (int i = 0; i < 4093; ++i) store.put("k" + std::to_string(i), Secret(4));
  ASSERT_TRUE(store.save(rng).has_value());
  EXPECT_EQ(Keystore::open(file, passphrase)->names().size(), 4096u);
  store.put("one more", Secret(1));
  EXPECT_EQ(store.save(rng).error().code, ErrorCode::kLimit);
  store.erase("one more");
  store.put("large", Secret(1024 * 1024));
  EXPECT_EQ(store.save(rng).error().code, ErrorCode::kLimit);
}

TEST_F(KeystoreTest, DefaultCostOpensToo) {
  ASSERT_TRUE(Keystore::create(file, passphrase, kKdfDefault, rng).has_value());
  EXPECT_TRUE(Keystore::open(file, passphrase).has_value());
}

TEST_F(KeystoreTest, WhatIsBegunHasNoFileBeforeItIsSaved) {
  auto store = Keystore::begin(file, passphrase, kKdfTest, rng);
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ(folder.file_count(), 0u);
  store->put("node/sign", Secret::copy_of(Bytes(32, 1)));
  ASSERT_TRUE(store->save(rng).has_value());
  EXPECT_NE(Keystore::open(file, passphrase)->find("node/sign"), nullptr);
  store->put("node/log", Secret::copy_of(Bytes(32, 2)));
  EXPECT_TRUE(store->save(rng).has_value()) << "from now on it is replaced";
  const std::string before = read_text(file);
  auto other = Keystore::begin(file, passphrase, kKdfTest, rng);
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ(other->save(rng).error().code, ErrorCode::kExists);
  EXPECT_EQ(read_text(file), before);
}

// A process that was killed while it saved leaves the old file or the new one, whole.
TEST_F(KeystoreTest, StaleCopiesAreOverwrittenAndRemovedAndNothingElseIs) {
  made();
  const std::string text = read_text(file);
  const fs::path stale = folder.path() / ("." + file.filename().string() + ".0123456789abcdef");
  const fs::path linked = folder.path() / ("." + file.filename().string() + ".fedcba9876543210");
  fs::copy_file(file, stale);
  fs::create_hard_link(file, linked);
  const fs::path others[] = {folder.path() / ("." + file.filename().string() + ".0123456789abcdeg"),
                             folder.path() / ("." + file.filename().string() + ".0123"),
                             folder.path() / (file.filename().string() + ".0123456789abcdef")};
  for (const fs::path& other : others) fs::copy_file(file, other);
  const int copy = ::open(stale.c_str(), O_RDONLY);
  ASSERT_GE(copy, 0);
  ASSERT_TRUE(remove_stale_copies(file).has_value());
  EXPECT_FALSE(fs::exists(stale));
  EXPECT_FALSE(fs::exists(linked));
  for (const fs::path& other : others) EXPECT_EQ(read_text(other), text);
  std::string there(text.size(), 0);
  EXPECT_EQ(::pread(copy, there.data(), there.size(), 0), static_cast<ssize_t>(there.size()));
  ::close(copy);
  EXPECT_NE(there.substr(0, 8), text.substr(0, 8));
  EXPECT_EQ(read_text(file), text) << "though it had another name";
  EXPECT_TRUE(Keystore::open(file, passphrase).has_value());
  EXPECT_EQ(remove_stale_copies(folder.path() / "no/such").error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace focal::crypto
