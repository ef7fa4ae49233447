// Goal: a person's drafts and preferences are that person's alone, whoever else asks and whatever
// role he has; they are no part of the ledger and in no backup; they go with the person, and those
// about a case with its erasure.
// Method: a node with its loop and named persons; leaves counted; every byte of every file searched
// for planted words; the names of the keystore read.
#include <algorithm>
#include <fstream>

#include "node/node/backup.h"
#include "node/node/keys.h"
#include "proto/console.pb.h"
#include "proto/evidence.pb.h"
#include "proto/retention.pb.h"
#include "tests/unit/desk/release_fixture.h"

namespace focal::desk {
namespace {

namespace fs = std::filesystem;

class Drafts : public ReleaseTest {
 protected:
  Result<v1::DraftSaveResponse> save(uid_t by, const std::string& title,
                                     const std::string& case_number = {}) {
    v1::DraftSaveRequest request;
    v1::Draft* draft = request.mutable_draft();
    draft->set_kind(case_number.empty() ? "trace.request" : "trace.response");
    draft->set_title(title);
    draft->set_case_number(case_number);
    (*draft->mutable_content()->mutable_fields())["narrative"].set_string_value("word of " + title);
    return desk_->draft_save(request, as(by));
  }
  std::string titles(uid_t by) {
    const auto list = desk_->draft_list({}, as(by));
    if (!list) return std::string(error_name(list.error().code));
    std::string out;
    for (const auto& each : list->drafts()) out += (out.empty() ? "" : ", ") + each.title();
    return out;
  }
  Result<v1::DraftShowResponse> show_draft(uid_t by, const std::string& id) {
    v1::DraftShowRequest request;
    request.set_id(id);
    return desk_->draft_show(request, as(by));
  }
  std::size_t files() {
    std::error_code none;
    return static_cast<std::size_t>(std::distance(
        fs::directory_iterator(folder_ / "node" / kDraftsFolder, none), fs::directory_iterator{}));
  }
  std::vector<std::string> person_keys() {
    std::vector<std::string> out;
    EXPECT_TRUE(node_->perform([&](const Now&) -> Status {
      for (const std::string& name : node_->key_names())
        if (name.starts_with("person/")) out.push_back(name);
      return {};
    }).has_value());
    return out;
  }
  std::uint64_t leaves() {
    std::uint64_t out = 0;
    EXPECT_TRUE(node_->perform([&](const Now&) -> Status {
      for (store::LeafIndex i = 0; i < node_->ledger().log_size(); ++i)
        out += node_->ledger().leaf(i)->type == store::LeafType::kPad ? 0 : 1;
      return {};
    }).has_value());
    return out;
  }
  bool stands_in_a_file(const std::string& word) {
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      if (bytes.find(word) != std::string::npos) return true;
    }
    return false;
  }
  Status remove_person(const std::string& name) {
    v1::PeopleRemoveRequest request;
    request.set_name(name);
    request.set_reason("left");
    const auto done = desk_->people_remove(request, as(kAda));
    return done ? Status{} : Status(done.error());
  }
};

TEST_F(Drafts, AreThePersonsAloneAndOutsideTheLedger) {
  const std::uint64_t before = leaves();
  const auto saved = must(save(kJo, "Quolqexelgap"));
  EXPECT_EQ(saved.draft().id(), "D-1");
  EXPECT_FALSE(saved.draft().has_content());
  EXPECT_FALSE(saved.draft().saved_at().empty());
  EXPECT_EQ(titles(kJo), "Quolqexelgap");
  EXPECT_EQ(must(desk_->draft_list({}, as(kJo))).kept_days(), 90u);
  EXPECT_EQ(titles(kSam), "");
  EXPECT_EQ(titles(kMia), "");
  EXPECT_EQ(code(show_draft(kSam, "D-1")), ErrorCode::kNotFound);
  v1::DraftDropRequest drop;
  drop.set_id("D-1");
  EXPECT_EQ(code(desk_->draft_drop(drop, as(kSam))), ErrorCode::kNotFound);
  for (const char* each : {"draft_list", "draft_show", "draft_save", "draft_drop"})
    EXPECT_FALSE(desk_->permit(each, as(kAda)).has_value()) << "an administrator: " << each;
  EXPECT_EQ(titles(60'000), "PERMISSION") << "no person at all";
  EXPECT_FALSE(stands_in_a_file("Quolqexelgap"));
  EXPECT_EQ(leaves(), before) << "no leaf tells of it";
  stop();
  start();
  EXPECT_EQ(titles(kJo), "Quolqexelgap");
  EXPECT_EQ(must(show_draft(kJo, "D-1")).draft().content().fields().at("narrative").string_value(),
            "word of Quolqexelgap");
  must(desk_->draft_drop(drop, as(kJo)));
  EXPECT_EQ(titles(kJo), "");
}

TEST_F(Drafts, LookingMakesNoKeyAndNoFile) {
  EXPECT_EQ(titles(kJo), "");
  EXPECT_TRUE(must(desk_->preferences_show({}, as(kAda))).preferences().fields().empty());
  EXPECT_EQ(person_keys(), std::vector<std::string>());
  EXPECT_FALSE(fs::exists(folder_ / "node" / kDraftsFolder));
}

TEST_F(Drafts, PreferencesAreOfEveryRole) {
  v1::PreferencesSetRequest request;
  (*request.mutable_preferences()->mutable_fields())["theme"].set_string_value("Quolqexelgap");
  for (const uid_t by : {kJo, kMia, kAda})
    EXPECT_TRUE(desk_->permit("preferences_set", as(by)).has_value());
  must(desk_->preferences_set(request, as(kAda)));
  EXPECT_EQ(must(desk_->preferences_show({}, as(kAda)))
                .preferences().fields().at("theme").string_value(), "Quolqexelgap");
  EXPECT_TRUE(must(desk_->preferences_show({}, as(kJo))).preferences().fields().empty());
  EXPECT_FALSE(stands_in_a_file("Quolqexelgap"));
}

TEST_F(Drafts, GoWithThePersonAndItsKey) {
  must(save(kJo, "jo's"));
  must(save(kSam, "sam's"));
  must(desk_->preferences_set({}, as(kJo)));
  EXPECT_EQ(person_keys().size(), 2u);
  EXPECT_EQ(files(), 3u);
  ASSERT_TRUE(remove_person("jo").has_value());
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(person_keys().size(), 1u);
  EXPECT_EQ(titles(kJo), "PERMISSION");
  must(add("jo", kJo, {"OFFICER"}, kAda));
  EXPECT_EQ(titles(kJo), "") << "the same name is another person";
  EXPECT_EQ(titles(kSam), "sam's");
}

// A node that was killed between the removal and the files.
TEST_F(Drafts, WhatIsLeftOfAPersonGoesAtTheNextStart) {
  must(save(kJo, "jo's"));
  const fs::path kept = folder_ / "kept";
  for (const auto& entry : fs::directory_iterator(folder_ / "node" / kDraftsFolder))
    fs::copy_file(entry.path(), kept);
  const std::string name = fs::directory_iterator(folder_ / "node" / kDraftsFolder)->path().filename();
  ASSERT_TRUE(remove_person("jo").has_value());
  ASSERT_EQ(files(), 0u);
  fs::copy_file(kept, folder_ / "node" / kDraftsFolder / name);
  stop();
  start();
  EXPECT_EQ(files(), 0u);
}

TEST_F(Drafts, AreInNoBackup) {
  must(save(kJo, "jo's"));
  const auto made = must(node::make_backup(folder_ / "node", folder_ / "backups", read_clocks().wall_ms));
  for (const auto& entry : fs::recursive_directory_iterator(made.folder))
    EXPECT_EQ(entry.path().string().find(kDraftsFolder), std::string::npos) << entry.path();
  EXPECT_EQ(files(), 1u);
}

TEST_F(Drafts, ThoseAboutACaseGoWithItsErasure) {
  require({});
  must(open(kJo));
  must(save(kJo, "an answer", "T-1"));
  must(save(kSam, "another answer", "T-1"));
  must(save(kSam, "a question", "T-2"));
  stop();
  start();  // nothing of them is known yet
  v1::RecordEraseRequest request;
  request.set_case_number("T-1");
  request.set_authority("decision 4/2027");
  request.set_reason("kept in error");
  must(desk_->record_erase(request, as(kJo)));
  EXPECT_EQ(titles(kJo), "");
  EXPECT_EQ(titles(kSam), "a question");
}

TEST_F(Drafts, ThoseAboutACaseGoWithTheErasureOfOneRecord) {
  require({});
  const auto opened = must(open(kJo));
  must(save(kJo, "an answer", "T-1"));
  v1::RecordEraseRequest request;
  request.set_rid(opened.rid());
  request.set_authority("decision 4/2027");
  request.set_reason("kept in error");
  must(desk_->record_erase(request, as(kJo)));
  EXPECT_EQ(titles(kJo), "");
}

// While nobody is named the owner keeps drafts; with the first person he is another.
class OwnersDrafts : public Drafts {
 protected:
  void SetUp() override {}
};

TEST_F(OwnersDrafts, GoWhenPersonsAreNamed) {
  must(save(owner_, "the owner's"));
  EXPECT_EQ(titles(owner_), "the owner's");
  stop();
  start();
  EXPECT_EQ(titles(owner_), "the owner's");
  must(add("jo", kJo, {"OFFICER"}, owner_));
  EXPECT_EQ(files(), 0u);
  EXPECT_EQ(titles(owner_), "");
  EXPECT_EQ(titles(kJo), "");
}

}  // namespace
}  // namespace focal::desk
