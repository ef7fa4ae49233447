// Goal: whatever is killed between which two steps, and whatever others have taken away by then,
// each entry appears once, whole, in order, and none is left out; what others put into the folder
// is left alone.
// Method: this program replaces the calls of the C library that sync files and change names; a
// child is killed before the n-th of them, for every n that there is, and the folder is opened as a
// start would. Somebody takes files away as soon as they have their names.
#include "node/desk/export_folder.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <map>

#include "tests/support/other_user.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/telling/script.h"

namespace {

int calls = 0;
int kill_before = 0;  // n-th from 1; 0 = never
int fail_at = 0;      // n-th fsync from 1 says that the disk is full; 0 = never

void one_more() {
  if (++calls == kill_before) ::kill(::getpid(), SIGKILL);
}

}  // namespace

extern "C" int fsync(int fd) {
  one_more();
  if (fail_at != 0 && --fail_at == 0) {
    errno = ENOSPC;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fsync, fd));
}
extern "C" int renameat(int from_fd, const char* from, int to_fd, const char* to) noexcept {
  one_more();
  return static_cast<int>(::syscall(SYS_renameat, from_fd, from, to_fd, to));
}
extern "C" int unlinkat(int fd, const char* name, int flags) noexcept {
  one_more();
  return static_cast<int>(::syscall(SYS_unlinkat, fd, name, flags));
}

namespace focal::desk {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ExportEntry entry(store::LeafIndex leaf, unsigned number = 0, bool content = false) {
  const std::string name = std::to_string(leaf) + "." + std::to_string(number);
  return {leaf, number, "notice " + name + "\n", content ? "record " + name + "\n" : ""};
}
ExportPosition at(store::LeafIndex next) {
  Hash32 hash{};
  hash[0] = static_cast<std::uint8_t>(next);
  return {next, hash};
}

class Folder : public ::testing::Test {
 protected:
  void TearDown() override { kill_before = fail_at = 0; }
  static std::vector<std::string> names(const fs::path& folder) {
    std::vector<std::string> out;
    for (const auto& each : fs::directory_iterator(folder)) out.push_back(each.path().filename());
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<std::string> names() const { return names(temp_.path()); }
  // Everything that a system behind the folder takes: name -> text. Nothing is taken twice.
  void take() {
    for (const std::string& name : names()) {
      if (name.front() == '.') continue;
      EXPECT_TRUE(taken_.emplace(name, test::text_of(temp_ / name)).second) << name << " came twice";
      fs::remove(temp_ / name);
    }
  }
  ExportPosition open() {
    const auto position = folder_.open();
    EXPECT_TRUE(position.has_value()) << (position ? "" : position.error().message);
    return position && *position ? **position : ExportPosition{};
  }

  test::TempFolder temp_;
  ExportFolder folder_{temp_.path()};
  std::map<std::string, std::string> taken_;
};

TEST_F(Folder, PutsFilesInTheOrderOfTheLedger) {
  EXPECT_EQ(*folder_.open(), std::nullopt) << "never used";
  ASSERT_TRUE(folder_.put({}, at(7)).has_value());
  EXPECT_EQ(open(), at(7));
  ASSERT_TRUE(folder_.put({entry(9), entry(10, 0, true), entry(10, 1)}, at(12)).has_value());
  EXPECT_THAT(names(), ElementsAre(".focal-position", "00000000000000000009-0000.json",
                                   "00000000000000000010-0000.json",
                                   "00000000000000000010-0000.record.json",
                                   "00000000000000000010-0001.json"));
  EXPECT_EQ(test::text_of(temp_ / "00000000000000000010-0000.record.json"), "record 10.0\n");
  EXPECT_EQ(*folder_.count(), 3u);
  struct stat st {};
  ASSERT_EQ(::stat((temp_ / "00000000000000000009-0000.json").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0640u) << "the folder's group may read";
  EXPECT_EQ(ExportFolder(temp_.path()).open()->value(), at(12));
}

// Two rounds of work, each as a start does it.
void work(const fs::path& where) {
  ExportFolder folder(where);
  for (int i = 0; i < 2; ++i) {
    const auto position = folder.open();
    if (!position) ::_exit(3);
    const store::LeafIndex next = *position ? (*position)->next : 0;
    if (next < 5 && !folder.put({entry(2, 0, true), entry(4)}, at(5))) ::_exit(4);
    if (next >= 5 && next < 9 && !folder.put({entry(6, 0, true), entry(6, 1, true)}, at(9))) ::_exit(5);
  }
}

TEST_F(Folder, AKillBetweenAnyTwoStepsLosesAndRepeatsNothing) {
  int n = 1;
  std::set<std::size_t> left;  // how many names the kills left behind: they came at many places
  for (;; ++n) {
    taken_.clear();
    for (const std::string& name : names()) fs::remove(temp_ / name);
    const pid_t child = ::fork();
    if (child == 0) {
      calls = 0;
      kill_before = n;
      work(temp_.path());
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    left.insert(names().size());
    take();
    work(temp_.path());
    take();
    work(temp_.path());
    take();
    ASSERT_EQ(taken_.size(), 7u) << "killed before call " << n;
    for (const auto& [name, text] : taken_) ASSERT_FALSE(text.empty()) << name;
    EXPECT_EQ(taken_.at("00000000000000000006-0001.record.json"), "record 6.1\n");
    EXPECT_THAT(names(), ElementsAre(".focal-position")) << "nothing else stays";
    if (WIFEXITED(status)) {
      ASSERT_EQ(WEXITSTATUS(status), 0);
      break;
    }
  }
  EXPECT_GT(n, 20) << "calls that were killed before";
  EXPECT_GT(left.size(), 4u);
}

// Whoever sees a notice finds the record beside it, also while a start finishes what was broken off.
TEST_F(Folder, TheRecordIsThereBeforeItsNotice) {
  const auto expect_pairs = [](const fs::path& folder, const std::string& when) {
    for (const std::string& name : names(folder)) {
      const bool is_notice = name.front() != '.' && name.find(".record.") == std::string::npos;
      if (is_notice && name != "00000000000000000004-0000.json") {
        EXPECT_TRUE(fs::exists(folder / (name.substr(0, 25) + ".record.json"))) << when << " " << name;
      }
    }
  };
  const auto killed = [](int n, const std::function<void()>& act) {
    const pid_t child = ::fork();
    if (child == 0) {
      calls = 0;
      kill_before = n;
      act();
      ::_exit(0);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
  };
  int n = 1, finished = 0;
  for (bool was_killed = true; was_killed; ++n) {
    const test::TempFolder first;
    was_killed = killed(n, [&] { work(first.path()); });
    expect_pairs(first.path(), "put, call " + std::to_string(n));
    for (int m = 1; m < 8; ++m) {
      const test::TempFolder again;
      fs::copy(first.path(), again.path(), fs::copy_options::recursive);
      const bool broken_off =
          killed(m, [&] { static_cast<void>(ExportFolder(again.path()).open()); });
      finished += broken_off ? 1 : 0;
      expect_pairs(again.path(), "start, calls " + std::to_string(n) + ", " + std::to_string(m));
    }
  }
  EXPECT_GT(n, 20);
  EXPECT_GT(finished, 20) << "starts that were killed while they finished something";
}

TEST_F(Folder, AFullDiskIsSaidAndTriedAgain) {
  ASSERT_TRUE(folder_.put({}, at(1)).has_value());
  for (int n = 1; n <= 5; ++n) {
    fail_at = n;
    const Status put = folder_.put({entry(n), entry(n, 1)}, at(n + 1));
    ASSERT_FALSE(put.has_value()) << n;
    EXPECT_EQ(put.error().code, ErrorCode::kNoSpace);
    take();
    if (open().next == n) {
      ASSERT_TRUE(folder_.put({entry(n), entry(n, 1)}, at(n + 1)).has_value());
    }
    take();
    EXPECT_EQ(taken_.size(), static_cast<std::size_t>(2 * n)) << "once each";
  }
}

TEST_F(Folder, WithoutAPositionItGoesOnBehindTheNewestFile) {
  ASSERT_TRUE(folder_.put({entry(3), entry(8)}, at(20)).has_value());
  fs::remove(temp_ / kExportPositionFile);
  EXPECT_EQ(open(), (ExportPosition{9, {}}));
}

TEST_F(Folder, LeavesAloneWhatIsNotItsOwn) {
  for (const char* name : {".other.part", "notes.json", ".00000000000000000003-0000.json",
                           "0000-0000.json", ".x"})
    std::ofstream(temp_ / name) << "theirs";
  std::ofstream(temp_ / ".00000000000000000099-0000.json.part") << "half";
  ASSERT_TRUE(folder_.put({entry(3)}, at(4)).has_value());
  EXPECT_EQ(open(), at(4));
  EXPECT_EQ(names().size(), 7u);
  EXPECT_FALSE(fs::exists(temp_ / ".00000000000000000099-0000.json.part")) << "ours, never finished";
  EXPECT_EQ(test::text_of(temp_ / "notes.json"), "theirs");
  EXPECT_EQ(*folder_.count(), 1u);
}

TEST_F(Folder, APositionThatIsBrokenStopsIt) {
  ASSERT_TRUE(folder_.put({}, at(4)).has_value());
  const fs::path file = temp_ / kExportPositionFile;
  const std::string whole = test::text_of(file);
  for (const std::string& wrong :
       {std::string(), std::string("focal-export/v1\n"), whole.substr(0, whole.size() - 1),
        whole + "x", std::string("focal-export/v1\nnext -4\nlast -\n"),
        std::string("focal-export/v1\nnext 4\nlast 00\n"),
        std::string("focal-export/v2\nnext 4\nlast -\n"), std::string(300, 'x')}) {
    std::ofstream(file, std::ios::trunc) << wrong;
    const auto opened = folder_.open();
    ASSERT_FALSE(opened.has_value()) << wrong;
    EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(opened.error().hint, HasSubstr("empty folder"));
  }
  fs::remove(file);
  std::ofstream(temp_ / "elsewhere") << whole;
  fs::create_symlink("elsewhere", file);
  EXPECT_FALSE(folder_.open().has_value()) << "a link is not followed";
}

// Somebody who may write there lays links where the node's files are to come.
TEST_F(Folder, WritesThroughNoLink) {
  const fs::path precious = temp_ / "precious";
  std::ofstream(precious) << "kept";
  for (const char* name : {".00000000000000000003-0000.json.part", "00000000000000000003-0000.json",
                           "..focal-position.part", ".focal-position"})
    fs::create_symlink(precious, temp_ / name);
  ASSERT_TRUE(folder_.put({entry(3)}, at(4)).has_value());
  EXPECT_EQ(test::text_of(precious), "kept");
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(temp_ / "00000000000000000003-0000.json")));
  EXPECT_EQ(open(), at(4));
}

TEST_F(Folder, AFolderThatIsNotThereOrNotOursIsAnError) {
  ExportFolder none(temp_ / "none");
  EXPECT_EQ(none.open().error().code, ErrorCode::kNotFound);
  EXPECT_EQ(none.put({}, at(1)).error().code, ErrorCode::kNotFound);
  std::ofstream(temp_ / "file") << "x";
  EXPECT_EQ(ExportFolder(temp_ / "file").open().error().code, ErrorCode::kNotFound);
  const fs::path closed = temp_ / "closed";
  fs::create_directory(closed);
  ::chmod(temp_.path().c_str(), 0755);
  ::chmod(closed.c_str(), 0555);
  EXPECT_EQ(test::unprivileged([&] {
              return static_cast<int>(ExportFolder(closed).put({}, at(1)).error().code);
            }),
            static_cast<int>(ErrorCode::kPermission));
}

}  // namespace
}  // namespace focal::desk
