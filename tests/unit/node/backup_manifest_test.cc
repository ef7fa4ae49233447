// Goal: the list of a backup has one text, and every other text is refused.
// Method: one list written and read; each byte changed, each line cut, words replaced.
#include "node/node/backup_manifest.h"

#include <gtest/gtest.h>

namespace focal::node {
namespace {

constexpr std::uint64_t kMadeMs = 1'795'428'000'000;  // 2026-11-23T10:00:00Z

TEST(BackupManifest, HasOneTextAndRefusesEveryOther) {
  BackupManifest m;
  m.party = "XA";
  m.log = "focal/XA/log/1";
  m.made_ms = kMadeMs;
  m.schema = 4;
  m.leaves = 64;
  m.checkpoint = "a note\n";
  m.keys = {"kek/acts/2026-10", "kek/acts/2026-11"};
  m.files = {{"card.note", 7, Hash32{1}}, {"officers/mia.focalkey", 0, Hash32{2}}};
  const std::string text = format_manifest(m);
  const auto read = parse_manifest(text);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(*read, m);
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(parse_manifest(text.substr(0, i)).has_value()) << i;
    std::string bent = text;
    bent[i] = '\n';
    if (bent != text) {
      EXPECT_FALSE(parse_manifest(bent).has_value()) << i;
    }
  }
  const auto refuses = [&](const char* from, const char* to) {
    std::string bent = text;
    const std::size_t at = bent.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    bent.replace(at, std::string(from).size(), to);
    EXPECT_EQ(parse_manifest(bent).error().code, ErrorCode::kCorrupt) << to;
  };
  refuses("focal-backup/v1", "focal-backup/v2");
  refuses("leaves 64", "leaves 064");
  refuses("leaves 64", "leaves +64");
  refuses("leaves 64", "leaves -4");
  refuses("leaves 64", "leaves 18446744073709551616");
  refuses("T10:00:00Z", "T10:00:61Z");
  refuses("card.note", "../card.note");
  refuses("card.note", "/card.note");
  refuses("card.note", "a//card.note");
  refuses("card.note", ".card.note");
  refuses("card.note", "backup.txt");
  refuses("card.note", "zzz");           // no longer sorted
  refuses("end\n", "end\nend\n");
  refuses("\nparty XA", "");
  EXPECT_EQ(parse_manifest(std::string(kMaxBackupManifest + 1, 'x')).error().code, ErrorCode::kLimit);
  BackupManifest twice = m;
  twice.files.push_back(twice.files.back());
  EXPECT_FALSE(parse_manifest(format_manifest(twice)).has_value());
  BackupManifest many = m;
  many.files.clear();
  for (std::size_t i = 0; i <= kMaxBackupFiles; ++i)
    many.files.push_back({"f" + std::to_string(10'000 + i), 1, {}});
  EXPECT_FALSE(parse_manifest(format_manifest(many)).has_value());
}

}  // namespace
}  // namespace focal::node
