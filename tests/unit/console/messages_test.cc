// Goal: the messages of the console read in C++ as they do in a browser: catalogue, plural rules and
// numbers of both agree, in six languages. Method: ICU's own MessageFormat renders each message of
// console/messages with the arguments of tests/vectors/messages.jsonl, which the console's renderer
// made and whose test holds it to; the comparison is also run on planted defects.
#include <gtest/gtest.h>
#include <unicode/msgfmt.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "tests/support/any_json.h"
#include "tests/support/paths.h"

namespace focal {
namespace {

using google::protobuf::Struct;

constexpr const char* kLanguages[] = {"en", "fr", "es", "ru", "zh", "ar"};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// "ar case.title" -> text.
std::map<std::string, std::string> catalogue() {
  std::map<std::string, std::string> out;
  for (const auto& area : std::filesystem::directory_iterator(test::in_tree("console/messages")))
    for (const std::string lang : kLanguages) {
      const Struct texts = test::any_json(read_file(area.path() / (lang + ".json")));
      for (const auto& [key, value] : texts.fields()) {
        std::string id = lang;
        id.append(" ").append(area.path().filename().string()).append(".").append(key);
        out[id] = value.string_value();
      }
    }
  return out;
}

// What ICU makes of it; its name of the error, if it makes nothing.
std::string rendered(const std::string& pattern, const std::string& lang, const Struct& args) {
  UErrorCode status = U_ZERO_ERROR;
  const auto locale = icu::Locale::forLanguageTag(lang + "-u-nu-latn", status);
  icu::MessageFormat format(icu::UnicodeString::fromUTF8(pattern), locale, status);
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const auto& [name, value] : args.fields()) {
    names.push_back(icu::UnicodeString::fromUTF8(name));
    values.push_back(value.has_number_value()
                         ? icu::Formattable(static_cast<std::int64_t>(value.number_value()))
                         : icu::Formattable(icu::UnicodeString::fromUTF8(value.string_value())));
  }
  icu::UnicodeString text;
  format.format(names.data(), values.data(), static_cast<std::int32_t>(names.size()), text, status);
  if (U_FAILURE(status)) return u_errorName(status);
  std::string out;
  text.toUTF8String(out);
  return out;
}

std::string member(const Struct& in, const std::string& name) {
  return in.fields().at(name).string_value();
}

TEST(Messages, ReadAsInABrowser) {
  const auto texts = catalogue();
  std::ifstream vectors(test::in_tree("tests/vectors/messages.jsonl"), std::ios::binary);
  std::set<std::string> seen;
  std::size_t lines = 0;
  for (std::string line; std::getline(vectors, line); ++lines) {
    const Struct one = test::any_json(line);
    const std::string id = member(one, "lang") + " " + member(one, "key");
    const auto text = texts.find(id);
    ASSERT_NE(text, texts.end()) << id << ": renew tests/vectors/messages.jsonl";
    EXPECT_EQ(rendered(text->second, member(one, "lang"), one.fields().at("args").struct_value()),
              member(one, "text"))
        << line;
    seen.insert(id);
  }
  EXPECT_GE(lines, 1000u);
  for (const auto& [id, text] : texts)
    EXPECT_EQ(seen.count(id), text.find_first_of("{'") == std::string::npos ? 0u : 1u)
        << id << ": renew tests/vectors/messages.jsonl";
}

// A message without arguments is text as it stands.
TEST(Messages, WithoutArgumentsAreWhatTheyAre) {
  for (const auto& [id, text] : catalogue()) {
    if (text.find_first_of("{'") != std::string::npos) continue;
    ASSERT_EQ(rendered(text, id.substr(0, 2), Struct()), text) << id;
  }
}

TEST(Messages, TheComparisonSeesADifference) {
  const Struct two = test::any_json(R"({"n":2})");
  const std::string forms = "{n, plural, one {# a} few {# b} other {# c}}";
  EXPECT_EQ(rendered(forms, "ru", two), "2 b");
  EXPECT_EQ(rendered(forms, "en", two), "2 c");
  EXPECT_EQ(rendered("{n, number}", "ar", test::any_json(R"({"n":1234})")), "1,234") << "Latin digits";
  EXPECT_EQ(rendered("{n", "en", two), "U_UNMATCHED_BRACES");
}

}  // namespace
}  // namespace focal
