// Goal: every command is reachable by its words, teaches by its help, and refuses a
// wrong command line with a hint.
// Method: the parser alone, over the table of commands.
#include "node/cli/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/desk/views.h"

namespace focal::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Args = std::vector<std::string>;

Args words_of(const Command& command) {
  Args out;
  std::string rest = command.words;
  while (!rest.empty()) {
    const auto blank = std::min(rest.find(' '), rest.size());
    out.push_back(rest.substr(0, blank));
    rest.erase(0, std::min(blank + 1, rest.size()));
  }
  return out;
}

std::string a_value(const Option& option) {
  if (!option.choices.empty()) return option.choices.front();
  if (option.kind == Option::Kind::kDate) return "2026-03-24";
  if (option.kind == Option::Kind::kNumber) return "7";
  return "value of " + option.name;
}

// The command with every required option, or with every option.
Args complete(const Command& command, bool all) {
  Args out = words_of(command);
  for (const Option& o : command.options) {
    if (!o.required && !all) continue;
    if (o.kind != Option::Kind::kPositional) out.push_back(o.name);
    if (o.kind != Option::Kind::kFlag) out.push_back(a_value(o));
  }
  return out;
}

std::string refusal(const Args& arguments) {
  const auto parsed = parse(arguments);
  if (parsed.has_value()) return "accepted";
  EXPECT_EQ(parsed.error().code, ErrorCode::kUsage);
  EXPECT_THAT(parsed.error().hint, HasSubstr("--help"));
  return parsed.error().message;
}

TEST(Parse, EveryCommandOfTheIssueIsThere) {
  std::vector<std::string> words;
  for (const Command& c : commands()) words.push_back(c.words);
  EXPECT_THAT(
      words, ::testing::UnorderedElementsAre(
                 "init", "card show", "card custody", "card export", "card renew", "card replace-keys",
                 "card rotate", "card recover", "card cancel", "card apply", "card revoke", "root make",
                 "root show", "root sign", "root rotate", "root recover", "root revoke", "root directory",
                 "peer add", "peer list", "peer show",
                 "peer verify", "peer ping", "peer meet", "peer pair", "peer code", "peer suspend", "peer resume", "peer confirm",
                 "peer reject", "peer seen", "notes add", "directory import", "directory list",
                 "directory show", "directory compare", "trace open", "trace follow", "trace link", "trace list", "trace show", "trace sheet", "trace ack",
                 "trace ask", "trace supply", "trace delay", "trace interim", "trace answer",
                 "trace refuse", "trace clarify", "trace reply", "trace correct", "trace withdraw",
                 "trace close", "trace reopen", "find", "inbox", "outbox", "outbox retry", "outbox cancel",
                 "ledger verify", "ledger tail", "ledger log", "ledger show", "ledger find",
                 "ledger export", "evidence export", "evidence demand", "status", "clock", "clock confirm", "witness show", "witness set",
                 "witness auto", "keys", "keys replace", "backup", "backup show",
                 "restore", "start show", "start override", "retention show", "retention run", "erase",
                 "people list", "people show", "people add", "people role", "people remove", "people key",
                 "people passphrase", "people revoke-key", "release list", "release show",
                 "release approve", "release reject", "draft list", "draft show", "draft save",
                 "draft drop", "preferences", "preferences set", "schema", "codes", "suggest",
                 "record check", "openapi", "doctor", "console", "console password"));
}

TEST(Parse, EveryCommandTakesItsOptions) {
  for (const Command& command : commands()) {
    for (const bool all : {false, true}) {
      const auto parsed = parse(complete(command, all));
      ASSERT_TRUE(parsed.has_value()) << command.words << ": " << parsed.error().message;
      EXPECT_EQ(parsed->command, &command) << command.words;
      for (const Option& o : command.options) {
        EXPECT_EQ(parsed->values.has(o.name), o.required || all) << command.words << o.name;
        if (parsed->values.has(o.name) && o.kind != Option::Kind::kFlag) {
          EXPECT_EQ(parsed->values.text(o.name), a_value(o));
        }
      }
    }
  }
}

TEST(Parse, EveryCommandTakesTheGlobalOptionsAnywhere) {
  for (const Command& command : commands()) {
    Args after = complete(command, false);
    after.insert(after.end(), {"--json", "-C", "/n", "--no-color"});
    Args before = complete(command, false);
    before.insert(before.begin(), {"--json", "--folder", "/n", "--no-color"});
    for (const Args& arguments : {after, before}) {
      const auto parsed = parse(arguments);
      ASSERT_TRUE(parsed.has_value()) << command.words << ": " << parsed.error().message;
      EXPECT_TRUE(parsed->json);
      EXPECT_TRUE(parsed->no_color);
      EXPECT_EQ(parsed->folder, "/n");
    }
  }
}

// Of words in order, it is the last one that is missing when there are too few; unless the first of
// them is one of a list, as which the next one is refused.
const Option& missed(const Command& command, const Option& left_out) {
  if (!left_out.choices.empty()) return left_out;
  const Option* last = &left_out;
  for (const Option& o : command.options)
    if (left_out.kind == Option::Kind::kPositional && o.kind == left_out.kind && o.required)
      last = &o;
  return *last;
}

TEST(Parse, EveryMissingOrExtraOrUnknownThingIsAUsageError) {
  for (const Command& command : commands()) {
    for (const Option& missing : command.options) {
      if (!missing.required) continue;
      Command less = command;
      for (Option& o : less.options) o.required = o.required && o.name != missing.name;
      EXPECT_THAT(refusal(complete(less, false)), HasSubstr(missed(command, missing).name))
          << command.words;
    }
    Args extra = complete(command, true);
    extra.push_back("surplus");
    EXPECT_NE(refusal(extra), "accepted") << command.words;
    Args unknown = complete(command, false);
    unknown.push_back("--nonsense");
    EXPECT_THAT(refusal(unknown), HasSubstr("--nonsense")) << command.words;
    for (const Option& o : command.options) {
      if (o.kind == Option::Kind::kPositional || o.kind == Option::Kind::kFlag) continue;
      Args no_value = complete(command, false);
      no_value.push_back(o.name);
      EXPECT_NE(refusal(no_value), "accepted") << command.words << o.name;
    }
  }
}

TEST(Parse, AWordThatIsNoCommandIsNamed) {
  const auto refused = [](const Args& arguments) {
    const auto parsed = parse(arguments);
    return parsed.has_value() ? std::string("accepted")
                              : parsed.error().message + "; " + parsed.error().hint;
  };
  EXPECT_EQ(refused({"trce", "list"}),
            "trce is no command of `focal`; did you mean trace? Else see `focal --help`");
  EXPECT_EQ(refused({"trace", "lst", "--json"}),
            "lst is no command of `focal trace`; did you mean list? Else see `focal trace --help`");
  EXPECT_EQ(refused({"-C", "/n", "photograph"}),
            "photograph is no command of `focal`; see `focal --help`");
  EXPECT_THAT(refused({}), HasSubstr("subcommand"));
  EXPECT_THAT(refused({"trace"}), HasSubstr("subcommand"));
}

TEST(Parse, ValuesAreChecked) {
  EXPECT_THAT(refusal({"trace", "ack", "7", "--expected-by", "24.3.2026"}),
              HasSubstr("2026-03-24"));
  EXPECT_THAT(refusal({"trace", "ack", "7", "--expected-by", "2026-02-30"}), HasSubstr("date"));
  EXPECT_THAT(refusal({"peer", "verify", "XB", "--how", "mail"}), HasSubstr("note-verbale"));
  EXPECT_THAT(refusal({"inbox", "--limit", "-3"}), HasSubstr("whole number"));
  EXPECT_THAT(refusal({"inbox", "--limit", "99999999999"}), HasSubstr("whole number"));
  EXPECT_NE(refusal({"trace", "ack", "7", "--ref", "a", "--ref", "b"}), "accepted");
}

TEST(Parse, AListMayBeRepeatedAndDoesNotSwallowThePositional) {
  const auto parsed =
      parse({"trace", "ack", "--assigned-to", "POLICE", "--assigned-to", "CUSTOMS", "7"});
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(parsed->values.list("--assigned-to"), (Args{"POLICE", "CUSTOMS"}));
  EXPECT_EQ(parsed->values.text("CASE"), "7");
}

TEST(Parse, OptionsOfOutboxDoNotBelongToItsCommands) {
  EXPECT_THAT(refusal({"outbox", "retry", "1", "--all"}), HasSubstr("--all"));
  EXPECT_THAT(refusal({"outbox", "--party", "XB", "retry", "1"}), HasSubstr("--party"));
}

TEST(Parse, WrongWords) {
  EXPECT_NE(refusal({}), "accepted");
  EXPECT_NE(refusal({"nonsense"}), "accepted");
  EXPECT_NE(refusal({"trace"}), "accepted");
  EXPECT_NE(refusal({"trace", "nonsense"}), "accepted");
  EXPECT_NE(refusal({"status", "inbox"}), "accepted");
}

TEST(Parse, NoOptionTakesAPassphraseAndNoneSkipsTheNumber) {
  for (const Command& command : commands()) {
    for (const Option& o : command.options) {
      if (o.name.find("pass") != std::string::npos) {
        EXPECT_THAT(o.name, ::testing::EndsWith("-fd")) << command.words;
      }
      if (command.words == "peer verify") {
        EXPECT_THAT((Args{"PARTY", "--how", "--number", "--code"}), ::testing::Contains(o.name));
      }
    }
  }
}

TEST(Help, EveryCommandTeachesByDescriptionAndExample) {
  for (const Command& command : commands()) {
    Args arguments = words_of(command);
    arguments.push_back("--help");
    const auto parsed = parse(arguments);
    ASSERT_TRUE(parsed.has_value()) << command.words;
    EXPECT_EQ(parsed->command, nullptr);
    EXPECT_THAT(parsed->text, HasSubstr("Example:\n  focal ")) << command.words;
    EXPECT_THAT(parsed->text, HasSubstr(command.description.substr(0, 20))) << parsed->text;
    EXPECT_GT(command.description.size(), 40u) << command.words;
    for (const Option& o : command.options) EXPECT_THAT(parsed->text, HasSubstr(o.name));
  }
}

// The examples are taken at their word: each must parse, and its case or sending must be
// one that the node could understand.
TEST(Help, EveryExampleParsesToItsCommand) {
  for (const Command& command : commands()) {
    std::string text = command.example;
    for (std::size_t at; (at = text.find("\\\n")) != std::string::npos;) text.replace(at, 2, " ");
    std::string line;
    std::istringstream lines(text);
    while (std::getline(lines, line)) {
      Args arguments;
      std::string word;
      bool quoted = false;
      for (const char c : line + " ") {
        if (c == '\'') quoted = !quoted;
        else if (c != ' ' || quoted) word += c;
        else if (!word.empty()) arguments.push_back(std::exchange(word, {}));
      }
      ASSERT_FALSE(arguments.empty());
      EXPECT_EQ(arguments.front(), "focal");
      arguments.erase(arguments.begin());
      const auto parsed = parse(arguments);
      ASSERT_TRUE(parsed.has_value()) << line << ": " << parsed.error().message;
      EXPECT_EQ(parsed->command, &command) << line;
      if (parsed->values.has("CASE")) {
        EXPECT_TRUE(desk::parse_case_number(parsed->values.text("CASE"))) << line;
      }
      if (parsed->values.has("ID") && !command.words.starts_with("release ") &&
          !command.words.starts_with("draft ")) {
        EXPECT_TRUE(desk::parse_outbox_id(parsed->values.text("ID"))) << line;
      }
    }
  }
}

TEST(Help, TheWholeListsEveryFamilyAndTheExitCodes) {
  const auto parsed = parse({"--help"});
  ASSERT_TRUE(parsed.has_value());
  for (const char* word : {"init", "card", "peer", "trace", "inbox", "outbox", "ledger", "status",
                           "Exit codes", "FOCAL_HOME", "--json"})
    EXPECT_THAT(parsed->text, HasSubstr(word));
  EXPECT_THAT(parsed->text, Not(HasSubstr("Two passphrases"))) << "summaries, not paragraphs";
  EXPECT_THAT(parse({"trace", "--help"})->text,
              HasSubstr("Refuse a request, with ground and reason"));
  EXPECT_THAT(parse({"--version"})->text, ::testing::StartsWith("focal "));
}

}  // namespace
}  // namespace focal::cli
