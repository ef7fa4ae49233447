// What a command is: its words, its help, its options, and the function that does
// it. The table in commands.cc is the only list; parse.cc makes the parser from it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace focal::cli {

class Session;

// Exit codes of the program.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;      // refused or failed
inline constexpr int kExitUsage = 2;       // the command line is wrong
inline constexpr int kExitNotRunning = 3;  // no focald runs for this folder
inline constexpr int kExitAwaits = 4;      // stored: a second officer has to release it

struct Option {
  enum class Kind { kPositional, kText, kList, kFlag, kDate, kNumber };
  std::string name;        // "CASE" (positional) or "--expected-by"
  Kind kind;
  std::string value_name;  // DATE; empty for flags and positionals
  std::string help;
  bool required = false;
  std::vector<std::string> choices{};  // allowed values, if closed here
};

// What was typed for one command, by option name. Absent = not given.
class Values {
 public:
  void set(const std::string& name, std::vector<std::string> values);
  bool has(std::string_view name) const;
  std::string text(std::string_view name) const;                // "" if absent
  std::vector<std::string> list(std::string_view name) const;   // empty if absent
  std::uint32_t number(std::string_view name, std::uint32_t otherwise) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

struct Command {
  std::string words;        // "trace ack"
  std::string summary;      // one line, for the list of commands
  std::string description;  // a paragraph
  std::string example;      // complete command lines, one a line
  std::vector<Option> options;
  // Returns the exit code, or the error to print.
  Result<int> (*run)(Session&, const Values&);
};

// A word that only groups others ("trace"), or does something by itself too ("outbox").
struct Group {
  std::string word;
  std::string summary;
  std::string description;
};

const std::vector<Command>& commands();
const std::vector<Group>& groups();

}  // namespace focal::cli
