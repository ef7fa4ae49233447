// Goal: no file is too long, unfinished, unexplained, tied to one machine or
// left out of the build; no test is switched off.
// Method: the real tree must have no finding; each rule must find a defect that
// is planted in a small tree, and must let the corrected line pass.
#include "tests/lint/texts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "tests/support/paths.h"

namespace focal::lint {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Tree& project() {
  static const Tree tree = read_tree(test::in_tree());
  return tree;
}

std::vector<std::string> project_build() {
  std::ifstream in(test::in_build("compile_commands.json"));
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return built_sources(text, test::in_tree());
}

Tree with(std::string path, std::string text) { return {{{std::move(path), std::move(text)}}}; }

TEST(Texts, TheProjectsFilesAreShort) { EXPECT_THAT(check_sizes(project()), IsEmpty()); }
TEST(Texts, TheProjectHasNoForbiddenWord) { EXPECT_THAT(check_words(project()), IsEmpty()); }
TEST(Texts, TheProjectsTestsEndEarlyForNobody) {
  EXPECT_THAT(check_early_ends(project()), IsEmpty());
}
TEST(Texts, TheProjectNamesNoParagraphThatWasNotRead) {
  EXPECT_THAT(check_paragraphs(project()), IsEmpty());
}
TEST(Texts, TheProjectsFilesOpenWithAComment) { EXPECT_THAT(check_openings(project()), IsEmpty()); }
TEST(Texts, TheProjectsLabelsAreKnown) { EXPECT_THAT(check_labels(project()), IsEmpty()); }
TEST(Texts, TheProjectBuildsAllItsSources) {
  const auto built = project_build();
  EXPECT_GT(built.size(), 10u);
  EXPECT_THAT(check_targets(project(), built), IsEmpty());
}

TEST(Texts, ALongFileIsRefused) {
  std::string text;
  for (std::size_t i = 0; i < kMostLines; ++i) text += "int x;\n";
  EXPECT_THAT(check_sizes(with("base/long.cc", text)), IsEmpty());
  EXPECT_THAT(check_sizes(with("base/long.cc", text + "int y;\n")),
              ElementsAre(HasSubstr("base/long.cc:501: 501 lines")));
}

TEST(Texts, ALongFileNeedsAReasonAndAFile) {
  for (const LongFile& entry : long_files()) {
    EXPECT_FALSE(entry.reason.empty()) << entry.path;
    const auto& files = project().files;
    EXPECT_TRUE(std::any_of(files.begin(), files.end(),
                            [&](const File& file) {
                              return file.path == entry.path &&
                                     split_lines(file.text).size() > kMostLines;
                            }))
        << entry.path << " is short now: take it off the list";
  }
}

// The instruments' names are put together here, so that this file has no finding itself.
TEST(Texts, AParagraphFromMemoryIsRefused) {
  const std::string iti = std::string("IT") + "I ";
  const std::string para = std::string("pa") + "ra ";
  for (const std::string& text :
       {iti + "22", "(" + iti + "(22))", iti + "7, 22", para + "15", "(" + para + "22)",
        std::string("paragra") + "ph 17", std::string("\xC2") + "\xA7 22"})
    EXPECT_EQ(check_paragraphs(with("node/record/data/codes.tsv", "ground\t" + text + "\n")).size(), 1u)
        << text;
  for (const std::string& text : {iti + "7, 8", std::string("Po") + "A II.5, " + iti + "25",
                                  para + "que", std::string("a paragra") + "ph; 22 items"})
    EXPECT_THAT(check_paragraphs(with("README.md", text + "\n")), IsEmpty()) << text;
}

// The forbidden words are put together here, so that this file does not hold them.
TEST(Texts, ForbiddenWordsAreRefused) {
  const std::string end = " here\n";
  for (const std::string& word :
       {std::string("/wo") + "rk/main", std::string("/ho") + "me/someone", std::string("TO") + "DO",
        std::string("FIX") + "ME:", std::string("../sha") + "red/data"}) {
    EXPECT_EQ(check_words(with("docs/operations.md", "a\n" + word + end)).size(), 1u) << word;
  }
  const std::string skip = std::string("  GTEST_") + "SKIP();\n";
  EXPECT_EQ(check_words(with("tests/unit/base/bytes_test.cc", skip)).size(), 1u);
  const std::string off = std::string("TEST(Bytes, DISA") + "BLED_Hex) {}\n";
  EXPECT_EQ(check_words(with("tests/unit/base/bytes_test.cc", off)).size(), 1u);
}

// The condition is put together here, so that this file has no finding itself.
TEST(Texts, ATestThatEndsEarlyForSomeUsersIsRefused) {
  const std::string uid = std::string("::gete") + "uid()";
  const auto findings = [](const std::string& body) {
    return check_early_ends(with("tests/unit/base/a_test.cc", "TEST(A, B) {\n  f();\n" + body + "}\n"));
  };
  for (const std::string& body :
       {"  if (" + uid + " == 0) return;  // root may read everything\n",
        "  if (!quick && 0 == " + uid + ")\n    return;\n", "  if (" + uid + " != 0) {\n    // why\n    return;\n  }\n",
        "  const bool root = " + uid + " == 0;\n  g();\n  if (root) return;\n",
        "  if (" + uid + " == 0) GTEST_SUCCEED() << \"root\";\n"})
    EXPECT_EQ(findings(body).size(), 1u) << body;
  EXPECT_THAT(findings("  if (" + uid + " == 0) return;\n"), ElementsAre(HasSubstr("a_test.cc:3: ")));
  for (const std::string& body :
       {"  if (" + uid + " != 0) return start_again();\n", "  EXPECT_EQ(caller.uid, " + uid + ");\n  if (x) return;\n",
        "  const bool root = " + uid + " == 0;\n  if (rooted) return;\n"})
    EXPECT_THAT(findings(body), IsEmpty()) << body;
  EXPECT_THAT(check_early_ends(with("node/node/a.cc", "if (" + uid + " == 0) return;\n")), IsEmpty());
}

TEST(Texts, AWordInsideALongerOneIsNotForbidden) {
  EXPECT_THAT(check_words(with("a.md", std::string("MAS") + "TO" + "DONS\n")), IsEmpty());
  EXPECT_THAT(check_words(with("a.md", "/usr/lib/homework/\n")), IsEmpty());
}

TEST(Texts, AHeaderOrTestWithoutOpeningIsRefused) {
  EXPECT_THAT(check_openings(with("base/a.h", "#pragma once\n\nint f();\n")),
              ElementsAre(HasSubstr("what this header is")));
  EXPECT_THAT(check_openings(with("tests/unit/base/a_test.cc", "#include <x>\n// late\n")),
              ElementsAre(HasSubstr("goal and method")));
  EXPECT_THAT(check_openings(with("base/a.h", "#pragma once\n\n// What it is.\n")), IsEmpty());
  EXPECT_THAT(check_openings(with("base/a.h", "/* What it is. */\n")), IsEmpty());
}

TEST(Texts, ASourceThatNothingBuildsIsRefused) {
  Tree tree = with("node/gate/zap.cc", "");
  tree.files.push_back({"node/gate/CMakeLists.txt",
                        "# zap.cc\nfocal_layer(gate SOURCES frames.cc big_zap.cc zap.cc.in)\n"});
  EXPECT_THAT(check_targets(tree, {}), ElementsAre(HasSubstr("node/gate/zap.cc:1:")));
  EXPECT_THAT(check_targets(tree, {"node/gate/zap.cc"}), IsEmpty());
  tree.files.back().text += "focal_program(x SOURCES zap.cc)\n";
  EXPECT_THAT(check_targets(tree, {}), IsEmpty());
  // The folder above may name it with its path, another folder may not.
  tree.files.back() = {"node/CMakeLists.txt", "add_library(x gate/zap.cc)\n"};
  EXPECT_THAT(check_targets(tree, {}), IsEmpty());
  tree.files.back() = {"node/api/CMakeLists.txt", "add_library(x zap.cc)\n"};
  EXPECT_EQ(check_targets(tree, {}).size(), 1u);
}

TEST(Texts, TheCompilationDatabaseIsRead) {
  EXPECT_THAT(built_sources("[{\n \"command\": \"g++ x\",\n \"file\": \"/t/r/base/a.cc\"},\n"
                            "{\"file\": \"/t/r/build/x.pb.cc\"}, {\"file\": \"/other/b.cc\"}]",
                            "/t/r"),
              ElementsAre("base/a.cc", "build/x.pb.cc"));
}

TEST(Texts, AnUnknownLabelIsRefused) {
  const std::string path = "tests/unit/base/CMakeLists.txt";
  EXPECT_EQ(check_labels(with(path, "focal_test(a LABEL units SOURCES a.cc)\n")).size(), 1u);
  EXPECT_EQ(check_labels(with(path, "set_tests_properties(a PROPERTIES LABELS \"sim;slower\")\n")).size(),
            1u);
  EXPECT_THAT(check_labels(with(path, "focal_test(a LABEL unit SOURCES a.cc)\n")), IsEmpty());
  EXPECT_THAT(check_labels(with(path, "set_tests_properties(a PROPERTIES LABELS \"sim;slow\")\n")), IsEmpty());
}

// From files on a disk to a finding, once.
TEST(Texts, APlantedFolderIsReadAndRefused) {
  namespace fs = std::filesystem;
  const fs::path root = fs::temp_directory_path() / ("focal_lint_" + std::to_string(getpid()));
  fs::create_directories(root / "base");
  fs::create_directories(root / "build" / "dev");
  std::ofstream(root / "base" / "a.h") << "int f();\n";
  std::ofstream(root / "base" / "picture.h") << std::string("\0\0", 2);
  std::ofstream(root / "build" / "dev" / "b.h") << "int g();\n";
  const Tree tree = read_tree(root);
  fs::remove_all(root);
  ASSERT_EQ(tree.files.size(), 1u);
  EXPECT_THAT(check_openings(tree), ElementsAre(HasSubstr("base/a.h:1:")));
}

}  // namespace
}  // namespace focal::lint
