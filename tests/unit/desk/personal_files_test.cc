// Goal: what a person keeps comes back whole to that person alone; nothing of it stands in a file
// for anybody to read; a write that fails or is cut short leaves the old one; limits hold; and what
// is over goes.
// Method: the files alone, with keys of the test; files swapped, cut, changed and left behind by
// hand; a disk that is full for this process; a writer that is killed again and again.
#include "node/desk/personal_files.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "proto/console.pb.h"
#include "proto/json.h"
#include "tests/support/full_disk.h"
#include "tests/support/temp_folder.h"

namespace focal::desk {
namespace {

namespace fs = std::filesystem;

class Personal : public ::testing::Test {
 protected:
  Personal() {
    crypto::init();
    crypto::SystemRng rng;
    for (auto* key : {&jos_, &sams_}) rng.fill(key->bytes());
    reopen();
  }
  void reopen() {
    files_.reset();
    files_ = std::make_unique<PersonalFiles>(folder_.path());
    files_->admit({1, 2});
  }
  PersonalFiles::Owner jo() const { return {1, &jos_}; }
  PersonalFiles::Owner sam() const { return {2, &sams_}; }

  static v1::Draft draft(const std::string& title, const std::string& word = "narrative") {
    v1::Draft out;
    out.set_kind("trace.request");
    out.set_title(title);
    (*out.mutable_content()->mutable_fields())["text"].set_string_value(word);
    return out;
  }
  // The id under which it is kept, or the code of the error.
  std::string save(const PersonalFiles::Owner& owner, const v1::Draft& what,
                   std::uint64_t now_ms = 1'000'000'000'000) {
    const auto kept = files_->save(owner, what, now_ms);
    return kept ? kept->id() : std::string(error_name(kept.error().code));
  }
  std::string text(const PersonalFiles::Owner& owner, const std::string& id) {
    const auto shown = files_->show(owner, id);
    if (!shown) return std::string(error_name(shown.error().code));
    const auto found = shown->content().fields().find("text");
    return found == shown->content().fields().end() ? "" : found->second.string_value();
  }
  std::string list(const PersonalFiles::Owner& owner) {
    const auto drafts = files_->list(owner);
    if (!drafts) return std::string(error_name(drafts.error().code));
    std::string out;
    for (const v1::Draft& each : *drafts) {
      EXPECT_FALSE(each.has_content());
      out.append(out.empty() ? "" : ", ").append(each.id()).append(" ").append(each.title());
      if (each.kind().empty()) out += "(unreadable)";
    }
    return out;
  }
  fs::path file(const std::string& name) const { return folder_.path() / "drafts" / name; }
  std::size_t count() const {
    std::error_code none;
    return static_cast<std::size_t>(std::distance(
        fs::directory_iterator(folder_.path() / "drafts", none), fs::directory_iterator{}));
  }
  static std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  }

  test::TempFolder folder_;
  crypto::Secret jos_{32}, sams_{32};
  std::unique_ptr<PersonalFiles> files_;
};

TEST_F(Personal, ADraftComesBackWholeAlsoAfterARestart) {
  v1::Draft first = draft("first", "ждать \"x\"\n");
  first.set_case_number("T-x");
  EXPECT_EQ(save(jo(), first, 5000), "INVALID");
  first.set_case_number("T-12");
  EXPECT_EQ(save(jo(), first, 5000), "D-1");
  EXPECT_EQ(save(jo(), draft("second"), 6000), "D-2");
  EXPECT_EQ(list(jo()), "D-2 second, D-1 first");
  for (int i = 0; i < 2; ++i) {
    const auto shown = files_->show(jo(), "D-1");
    ASSERT_TRUE(shown.has_value());
    EXPECT_EQ(shown->kind(), "trace.request");
    EXPECT_EQ(shown->case_number(), "T-12");
    EXPECT_EQ(shown->saved_at(), "1970-01-01T00:00:05Z");
    EXPECT_EQ(text(jo(), "D-1"), "ждать \"x\"\n");
    reopen();
  }
  EXPECT_EQ(list(jo()), "D-2 second, D-1 first");
  v1::Draft again = draft("first, changed", "other");
  again.set_id("D-1");
  EXPECT_EQ(save(jo(), again, 7000), "D-1");
  EXPECT_EQ(list(jo()), "D-1 first, changed, D-2 second");
  EXPECT_EQ(text(jo(), "D-1"), "other");
  EXPECT_TRUE(files_->drop(jo(), "D-1").has_value());
  EXPECT_EQ(text(jo(), "D-1"), "NOT_FOUND");
  EXPECT_EQ(list(jo()), "D-2 second");
  for (const auto& entry : fs::directory_iterator(folder_.path() / "drafts"))
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(folder_.path() / "drafts").permissions(), fs::perms::owner_all);
}

TEST_F(Personal, NobodyElseReadsIt) {
  save(jo(), draft("Quolqexelgap", "Quolqexelgap"));
  EXPECT_EQ(list(sam()), "");
  EXPECT_EQ(text(sam(), "D-1"), "NOT_FOUND");
  EXPECT_EQ(files_->drop(sam(), "D-1").error().code, ErrorCode::kNotFound);
  v1::Draft over = draft("over it");
  over.set_id("D-1");
  EXPECT_EQ(save(sam(), over), "NOT_FOUND");
  EXPECT_EQ(save(sam(), draft("sam's")), "D-1") << "numbers are of a person";
  EXPECT_EQ(list(jo()), "D-1 Quolqexelgap");
  for (const auto& entry : fs::directory_iterator(folder_.path() / "drafts"))
    EXPECT_EQ(bytes_of(entry.path()).find("Quolq"), std::string::npos);
  // Who has the files and another key, or none, has nothing.
  EXPECT_EQ(text({1, &sams_}, "D-1"), "CORRUPT");
  EXPECT_EQ(text({1, nullptr}, "D-1"), "CORRUPT");
  reopen();
  EXPECT_EQ(list({1, &sams_}), "D-1 (unreadable)");
  EXPECT_EQ(text({3, &jos_}, "D-1"), "PERMISSION") << "no person";
  EXPECT_EQ(list({3, &jos_}), "PERMISSION");
  EXPECT_EQ(save({3, &jos_}, draft("x")), "PERMISSION");
}

TEST_F(Personal, AFileInThePlaceOfAnotherDoesNotOpen) {
  save(jo(), draft("one", "first"));
  save(jo(), draft("two", "second"));
  save(sam(), draft("sam's"));
  fs::copy_file(file("1-1.draft"), file("1-2.draft"), fs::copy_options::overwrite_existing);
  fs::copy_file(file("1-1.draft"), file("2-1.draft"), fs::copy_options::overwrite_existing);
  reopen();
  EXPECT_EQ(text(jo(), "D-1"), "first");
  EXPECT_EQ(text(jo(), "D-2"), "CORRUPT");
  EXPECT_EQ(text({2, &jos_}, "D-1"), "CORRUPT") << "even with that key";
  EXPECT_EQ(list(jo()), "D-2 (unreadable), D-1 one");
  EXPECT_TRUE(files_->drop(jo(), "D-2").has_value()) << "it can be thrown away";
  EXPECT_EQ(list(jo()), "D-1 one");
}

TEST_F(Personal, EveryCutAndEveryChangedByteIsSeen) {
  save(jo(), draft("one", "first"));
  const std::string whole = bytes_of(file("1-1.draft"));
  for (std::size_t n = 1; n < whole.size(); n += 7) {
    write(file("1-1.draft"), whole.substr(0, n));
    EXPECT_EQ(text(jo(), "D-1"), "CORRUPT") << n;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write(file("1-1.draft"), changed);
    EXPECT_EQ(text(jo(), "D-1"), "CORRUPT") << at;
  }
  write(file("1-1.draft"), whole + "x");
  EXPECT_EQ(text(jo(), "D-1"), "CORRUPT");
  write(file("1-1.draft"), std::string(3u << 20, 'x'));
  EXPECT_EQ(text(jo(), "D-1"), "LIMIT");
  write(file("1-1.draft"), whole);
  EXPECT_EQ(text(jo(), "D-1"), "first");
}

TEST_F(Personal, AFullDiskLeavesTheOldOne) {
  save(jo(), draft("one", "first"));
  google::protobuf::Struct preferences;
  (*preferences.mutable_fields())["lang"].set_string_value("fr");
  ASSERT_TRUE(files_->write_preferences(jo(), preferences).has_value());
  v1::Draft longer = draft("one", std::string(10'000, 'w'));
  longer.set_id("D-1");
  google::protobuf::Struct other;
  (*other.mutable_fields())["lang"].set_string_value("ar");
  for (const rlim_t room : {rlim_t{0}, rlim_t{60}, rlim_t{5000}}) {
    const test::FullDisk full(room);
    EXPECT_EQ(save(jo(), longer), "NO_SPACE");
    v1::Draft fresh = longer;
    fresh.clear_id();
    EXPECT_EQ(save(jo(), fresh), "NO_SPACE");
    if (room < 100) {
      EXPECT_EQ(files_->write_preferences(jo(), other).error().code, ErrorCode::kNoSpace);
    }
    EXPECT_EQ(text(jo(), "D-1"), "first");
    EXPECT_EQ(list(jo()), "D-1 one");
    EXPECT_EQ(count(), 2u) << "nothing half-written is left";
  }
  EXPECT_EQ(save(jo(), longer), "D-1");
  google::protobuf::Struct read;
  ASSERT_TRUE(files_->read_preferences(jo(), &read).has_value());
  EXPECT_EQ(read.fields().at("lang").string_value(), "fr");
}

TEST_F(Personal, AWriterThatIsKilledLeavesOneOfTheTwo) {
  const std::string a(200'000, 'a'), b(200'000, 'b');
  ASSERT_EQ(save(jo(), draft("one", a)), "D-1");
  for (int round = 0; round < 12; ++round) {
    const pid_t writer = ::fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) {
      for (;;)
        for (const std::string& word : {a, b}) {
          v1::Draft next = draft("one", word);
          next.set_id("D-1");
          if (!files_->save(jo(), next, 1000)) ::_exit(1);
        }
    }
    ::usleep(3'000 + 1'700 * static_cast<useconds_t>(round));
    ::kill(writer, SIGKILL);
    int state = 0;
    ASSERT_EQ(::waitpid(writer, &state, 0), writer);
    ASSERT_TRUE(WIFSIGNALED(state)) << "it ended by itself";
    reopen();
    const std::string left = text(jo(), "D-1");
    EXPECT_TRUE(left == a || left == b) << left.substr(0, 20);
    EXPECT_EQ(list(jo()), "D-1 one");
    EXPECT_EQ(count(), 1u) << "what it was writing is gone";
  }
}

TEST_F(Personal, WhatAKilledWriterLeftIsRemovedAndTheRestStays) {
  save(jo(), draft("one", "first"));
  write(file(".1-1.draft.0123456789abcdef"), "half");
  write(file(".1-7.draft.0123456789abcdef"), "half");
  write(file("1-x.draft"), "no draft");
  write(file("01-1.draft"), "no draft");
  write(file("notes.txt"), "somebody's");
  reopen();
  EXPECT_EQ(list(jo()), "D-1 one");
  EXPECT_EQ(count(), 4u) << "what is not ours is left alone";
}

TEST_F(Personal, LimitsHold) {
  v1::Draft big = draft("big", std::string(kMaxDraftBytes - 11, 'x'));  // {"text":""} around it
  EXPECT_EQ(save(jo(), big), "D-1");
  (*big.mutable_content()->mutable_fields())["text"].set_string_value(
      std::string(kMaxDraftBytes - 10, 'x'));
  EXPECT_EQ(save(jo(), big), "LIMIT");
  EXPECT_EQ(save(jo(), draft(std::string(200, 't'))), "D-2");
  EXPECT_EQ(save(jo(), draft(std::string(201, 't'))), "INVALID");
  EXPECT_EQ(save(jo(), draft("bad \xff")), "INVALID");
  v1::Draft odd = draft("x");
  for (const char* kind : {"", "trace", "trace.nonsense", "TRACE.REQUEST"}) {
    odd.set_kind(kind);
    EXPECT_EQ(save(jo(), odd), "INVALID") << kind;
  }
  odd = draft("x");
  for (const char* id : {"1", "D-", "D-0", "D-01", "D-1x", "d-1", "D--1", "D-1/../2", "D-4294967297"}) {
    odd.set_id(id);
    EXPECT_EQ(save(jo(), odd), "USAGE") << id;
    EXPECT_EQ(text(jo(), id), "USAGE") << id;
  }
  for (std::size_t i = 2; i < kMaxDrafts; ++i) ASSERT_EQ(save(jo(), draft("n"))[0], 'D') << i;
  EXPECT_EQ(save(jo(), draft("one more")), "LIMIT");
  EXPECT_EQ(save(sam(), draft("of another")), "D-1") << "each for himself";
  ASSERT_TRUE(files_->drop(jo(), "D-5").has_value());
  EXPECT_EQ(save(jo(), draft("one more")), "D-201");
  EXPECT_EQ(save(jo(), draft("one more")), "LIMIT");
}

TEST_F(Personal, ANumberIsNeverGivenAgain) {
  for (int i = 0; i < 3; ++i) save(jo(), draft("x"));
  ASSERT_TRUE(files_->drop(jo(), "D-3").has_value());
  reopen();
  EXPECT_EQ(list(jo()), "D-2 x, D-1 x") << "the same second: by number";
  EXPECT_EQ(text(jo(), "D-3"), "NOT_FOUND");
  EXPECT_EQ(save(jo(), draft("x")), "D-4");
  ASSERT_TRUE(files_->drop(jo(), "D-4").has_value());
  ASSERT_TRUE(files_->drop(jo(), "D-2").has_value());
  ASSERT_TRUE(files_->drop(jo(), "D-1").has_value());
  reopen();
  EXPECT_EQ(save(jo(), draft("x")), "D-5");
  EXPECT_EQ(count(), 1u) << "spent numbers are remembered by the highest alone";
}

TEST_F(Personal, WhatIsNotChangedFor90DaysGoes) {
  save(jo(), draft("old"));
  save(jo(), draft("new"));
  save(sam(), draft("sam's"));
  google::protobuf::Struct some;
  ASSERT_TRUE(files_->write_preferences(jo(), some).has_value());
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(24 * 91);
  fs::last_write_time(file("1-1.draft"), old);
  fs::last_write_time(file("2-1.draft"), old);
  fs::last_write_time(file("1.preferences"), old);
  reopen();
  const std::uint64_t now = read_clocks().wall_ms;
  files_->drop_old(now - 2 * kDayMs, 8);  // by a safe time that is behind
  EXPECT_EQ(list(jo()), "D-2 new, D-1 old");
  files_->drop_old(now, 1);
  EXPECT_EQ(list(jo()) + "; " + list(sam()), "D-2 new; D-1 sam's") << "so many at once";
  files_->drop_old(now, 1);
  EXPECT_EQ(list(sam()), "");
  files_->drop_old(now + 89 * kDayMs, 8);
  EXPECT_EQ(list(jo()), "D-2 new");
  EXPECT_EQ(fs::exists(file("1.preferences")), true) << "these stay";
}

TEST_F(Personal, WhoIsNoPersonAnyMoreKeepsNothing) {
  save(jo(), draft("jo's"));
  save(sam(), draft("sam's"));
  google::protobuf::Struct some;
  ASSERT_TRUE(files_->write_preferences(jo(), some).has_value());
  ASSERT_TRUE(files_->write_preferences(sam(), some).has_value());
  files_->admit({2});
  EXPECT_EQ(list(jo()), "PERMISSION");
  EXPECT_EQ(save(jo(), draft("late")), "PERMISSION");
  EXPECT_EQ(files_->write_preferences(jo(), some).error().code, ErrorCode::kPermission);
  files_->sweep();
  EXPECT_EQ(count(), 2u);
  EXPECT_EQ(list(sam()), "D-1 sam's");
  files_->admit({1, 2});
  EXPECT_EQ(list(jo()), "");
}

TEST_F(Personal, DraftsAboutACaseGoWithIt) {
  v1::Draft about = draft("answer");
  about.set_case_number("T-3");
  save(jo(), about);
  about.set_case_number("T-4");
  save(jo(), about);
  reopen();
  ASSERT_TRUE(files_->drop_case(jo(), "T-3").has_value());
  ASSERT_TRUE(files_->drop_case(sam(), "T-3").has_value());
  EXPECT_EQ(list(jo()), "D-2 answer");
}

TEST_F(Personal, Preferences) {
  google::protobuf::Struct read, kept;
  ASSERT_TRUE(files_->read_preferences({1, nullptr}, &read).has_value());
  EXPECT_TRUE(read.fields().empty());
  (*kept.mutable_fields())["filters"].mutable_list_value()->add_values()->set_string_value("overdue");
  ASSERT_TRUE(files_->write_preferences(jo(), kept).has_value());
  reopen();
  ASSERT_TRUE(files_->read_preferences(jo(), &read).has_value());
  EXPECT_EQ(json::write(read), json::write(kept));
  ASSERT_TRUE(files_->read_preferences(sam(), &kept).has_value());
  (*kept.mutable_fields())["x"].set_string_value(std::string(kMaxPreferences, 'x'));
  EXPECT_EQ(files_->write_preferences(jo(), kept).error().code, ErrorCode::kLimit);
  EXPECT_EQ(bytes_of(file("1.preferences")).find("overdue"), std::string::npos);
}

}  // namespace
}  // namespace focal::desk
