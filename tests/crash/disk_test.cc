// Goal: the disk of the crash matrix forgets exactly what a disk may forget.
// Method: small histories with known answers.
#include "tests/crash/disk.h"

#include <gtest/gtest.h>

#include <set>

namespace focal::crash {
namespace {

using Act = Change::Act;

Change create(int file, const std::string& name) { return {Act::kCreate, file, 0, {}, name}; }
Change unlink(int file, const std::string& name) { return {Act::kUnlink, file, 0, {}, name}; }
Change write(int file, std::int64_t offset, const std::string& text) {
  return {Act::kWrite, file, offset, to_bytes(std::string_view(text)), {}};
}
Change truncate(int file, std::int64_t size) { return {Act::kTruncate, file, size, {}, {}}; }
Change sync(int file) { return {Act::kSync, file, 0, {}, {}}; }

// Name and content of all that is left, "a=text b=text ".
std::string shown(const Disk& disk, Left left, std::uint64_t seed = 1,
                  const Change* certain = nullptr) {
  std::mt19937_64 dice(seed);
  std::string out;
  for (const auto& [name, bytes] : disk.image(left, dice, certain))
    out += name + "=" + to_string(bytes) + " ";
  return out;
}

Disk with(const std::vector<Change>& changes) {
  Disk disk;
  for (const Change& change : changes) disk.apply(change);
  return disk;
}

TEST(CrashDisk, WhatWasSyncedStaysWhateverElseGoes) {
  const Disk disk =
      with({create(1, "a"), write(1, 0, "one"), sync(1), write(1, 3, "two"), truncate(1, 2)});
  EXPECT_EQ(shown(disk, Left::kNothing), "a=one ");
  EXPECT_EQ(shown(disk, Left::kEverything), "a=on ");
  for (std::uint64_t seed = 0; seed < 50; ++seed)
    for (const Left left : kAllLeft)
      EXPECT_EQ(shown(disk, left, seed).substr(0, 4), "a=on") << name_of(left);
}

TEST(CrashDisk, ASyncCountsForItsFileAlone) {
  const Disk disk = with({create(1, "a"), create(2, "b"), sync(1), sync(2), write(1, 0, "A"),
                          write(2, 0, "B"), sync(2)});
  EXPECT_EQ(shown(disk, Left::kNothing), "a= b=B ");
  EXPECT_EQ(disk.unsynced(), 1u);
}

TEST(CrashDisk, ANewNameIsCertainAfterTheFirstSyncOfItsFile) {
  Disk disk = with({create(1, "a"), write(1, 0, "A")});
  EXPECT_EQ(shown(disk, Left::kNothing), "");
  disk.apply(sync(1));
  EXPECT_EQ(shown(disk, Left::kNothing), "a=A ");
  disk.apply(unlink(1, "a"));
  EXPECT_EQ(shown(disk, Left::kNothing), "a=A ");  // a deleted file may come back
  EXPECT_EQ(shown(disk, Left::kEverything), "");
  disk.apply(create(2, "a"));
  disk.apply(write(2, 0, "new"));
  disk.apply(sync(2));
  EXPECT_EQ(shown(disk, Left::kNothing), "a=new ");
}

TEST(CrashDisk, PrefixSubsetAndTornWriteAreAllReached) {
  const std::string page(2048, 'p');
  const Disk disk =
      with({create(1, "a"), sync(1), write(1, 0, "x"), write(1, 1, "y"), write(1, 2, page)});
  std::set<std::string> prefix, subset, torn;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    prefix.insert(shown(disk, Left::kPrefix, seed));
    subset.insert(shown(disk, Left::kSubset, seed));
    torn.insert(shown(disk, Left::kTorn, seed));
  }
  EXPECT_EQ(prefix, (std::set<std::string>{"a= ", "a=x ", "a=xy ", "a=xy" + page + " "}));
  const std::string hole(1, '\0');
  EXPECT_EQ(subset.size(), 8u);
  EXPECT_TRUE(subset.contains("a=" + hole + "y ")) << "a later write without an earlier one";
  EXPECT_TRUE(torn.contains("a=xy" + page.substr(0, 512) + " "));
  EXPECT_FALSE(torn.contains("a=xy" + page + " "));
}

TEST(CrashDisk, ACertainChangeIsThereAlthoughTheOthersAreNot) {
  const Disk disk = with({create(1, "a"), sync(1), write(1, 0, "lost")});
  const Change last = write(1, 0, "kept");
  EXPECT_EQ(shown(disk, Left::kNothing, 1, &last), "a=kept ");
  const Change synced = sync(1);
  EXPECT_EQ(shown(disk, Left::kNothing, 1, &synced), "a=lost ");
}

}  // namespace
}  // namespace focal::crash
