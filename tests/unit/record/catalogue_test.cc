// Goal: every field that a record can hold has a name in six languages; a new field without one
// fails here, and so does a name that belongs to no field any more.
// Method: walk the descriptors from Record, and compare with the keys of the data file.
#include "node/record/catalogue.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "proto/record.pb.h"
#include "tests/support/paths.h"

namespace focal::record {
namespace {

namespace pb = google::protobuf;

void walk(const pb::Descriptor* type, std::set<const pb::Descriptor*>& met) {
  if (!met.insert(type).second) return;
  for (int i = 0; i < type->field_count(); ++i)
    if (type->field(i)->message_type() != nullptr) walk(type->field(i)->message_type(), met);
}

std::set<const pb::Descriptor*> messages() {
  std::set<const pb::Descriptor*> out;
  walk(v1::Record::descriptor(), out);
  return out;
}

TEST(FieldLabels, EveryFieldOfARecordHasANameInSixLanguages) {
  std::size_t count = 0;
  for (const auto* type : messages())
    for (int i = 0; i < type->field_count(); ++i)
      for (const auto lang : languages()) {
        const auto text = field_label(*type->field(i), lang);
        EXPECT_TRUE(text && !text->empty()) << "node/record/data/field_labels.tsv has no row for "
                                            << type->name() << "." << type->field(i)->name();
        ++count;
      }
  EXPECT_GT(count, 1000u);
}

TEST(FieldLabels, NoNameIsLeftOver) {
  std::set<std::string> used;
  for (const auto* type : messages())
    for (int i = 0; i < type->field_count(); ++i) {
      used.insert(type->name() + "." + type->field(i)->name());
      used.insert("*." + type->field(i)->name());
    }
  for (const auto key : field_labels().keys()) EXPECT_TRUE(used.contains(std::string(key))) << key;
}

TEST(FieldLabels, FieldsOfOneMessageAreToldApart) {
  for (const auto* type : messages()) {
    if (type == v1::Record::descriptor()) continue;  // kinds, one at a time
    for (const auto lang : languages()) {
      std::set<std::string_view> seen;
      for (int i = 0; i < type->field_count(); ++i)
        EXPECT_TRUE(seen.insert(*field_label(*type->field(i), lang)).second)
            << type->name() << "." << type->field(i)->name() << " " << lang;
    }
  }
}

TEST(FieldLabels, ANoteSaysNothingOrCheck) {
  std::ifstream in(focal::test::in_tree("node/record/data/field_labels.tsv"));
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, "field\ten\tfr\tes\tru\tzh\tar\tnote");
  while (std::getline(in, line)) {
    const std::string note = line.substr(line.rfind('\t') + 1);
    EXPECT_TRUE(note.empty() || note == "check") << line;
  }
}

TEST(Catalogue, LanguagesAndUnknownKeys) {
  const Catalogue words("key\ten\tfr\tes\tru\tzh\tar\tnote\nyes\tyes\toui\tsí\tда\t是\tنعم\t\n");
  EXPECT_EQ(words.text("yes", "ru"), "да");
  EXPECT_EQ(words.text("yes", "xx"), "yes");
  EXPECT_FALSE(words.text("no", "en"));
  EXPECT_TRUE(is_un_language("ar"));
  EXPECT_FALSE(is_un_language("AR"));
  EXPECT_FALSE(is_un_language(""));
}

TEST(CatalogueDeath, AMissingTranslationEndsTheProgram) {
  const std::string head = "key\ten\tfr\tes\tru\tzh\tar\tnote\n";
  EXPECT_DEATH(Catalogue(head + "yes\tyes\toui\tsí\t\t是\tنعم\t\n"), "");
  EXPECT_DEATH(Catalogue(head + "yes\tyes\toui\n"), "");
  EXPECT_DEATH(Catalogue(head + "a\t1\t2\t3\t4\t5\t6\t\na\t1\t2\t3\t4\t5\t6\t\n"), "");
}

}  // namespace
}  // namespace focal::record
