// Goal: what the API can do the command line and the console can do too, or docs/parity.md says why
// not; nothing is in one of them that the table does not know, and no reason outlives its gap.
// Method: the table is parsed and compared, both ways, with the routes, the commands and the names of
// operations in the sources of the console. The comparison is run on planted defects too.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "node/api/port_routes.h"
#include "node/cli/command.h"
#include "tests/support/paths.h"
#include "tests/unit/api/fake_desk.h"

namespace focal::cli {
namespace {

using Words = std::set<std::string>;

struct Line {
  std::string route;  // "GET /v1/status"
  Words commands;     // "peer ping"
  std::string place;  // "peers", "shell"; empty: not in the console
  std::string reason;
};
struct Parity {
  std::map<std::string, Line> acts;  // by act: "trace.open"
  Words offline;                     // commands that ask no node
};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) {
    const auto first = cell.find_first_not_of(' ');
    out.push_back(first == std::string::npos
                      ? "" : cell.substr(first, cell.find_last_not_of(' ') - first + 1));
  }
  return out;
}

Words in_backticks(const std::string& cell) {
  static const std::regex kWord("`([^`]+)`");
  Words out;
  for (std::sregex_iterator it(cell.begin(), cell.end(), kWord), end; it != end; ++it)
    out.insert((*it)[1]);
  return out;
}

Parity parse_parity(const std::string& text) {
  Parity out;
  std::istringstream in(text);
  bool offline = false;
  for (std::string line; std::getline(in, line);) {
    offline = offline || line.rfind("## ", 0) == 0;
    if (line.rfind("| `", 0) != 0) continue;
    const auto cells = cells_of(line);
    if (offline) {
      out.offline.merge(in_backticks(cells[0]));
      continue;
    }
    EXPECT_EQ(cells.size(), 5u) << line;
    if (cells.size() != 5) continue;
    const Words act = in_backticks(cells[0]), route = in_backticks(cells[1]);
    EXPECT_TRUE(act.size() == 1 && route.size() == 1) << line;
    if (act.empty() || route.empty()) continue;
    const bool once =
        out.acts.emplace(*act.begin(), Line{*route.begin(), in_backticks(cells[2]), cells[3], cells[4]})
            .second;
    EXPECT_TRUE(once) << line << " stands twice";
  }
  return out;
}

std::string act_of(std::string name) {
  if (const auto at = name.find('_'); at != std::string::npos) name[at] = '.';
  return name;
}

// By act: "GET /v1/status".
std::map<std::string, std::string> routes() {
  api::FakeDesk desk;
  api::Router router{api::Gate{}};
  api::add_desk_routes(router, desk);
  api::add_port_routes(router, desk);
  std::map<std::string, std::string> out;
  const auto put = [&](const api::Router::Entry& entry) {
    std::string path;
    for (const std::string& word : entry.pattern) path += "/" + word;
    out[act_of(entry.name)] = entry.method + " " + path;
  };
  for (const auto& entry : router.entries()) put(entry);
  for (const auto& route : api::port_routes()) put(route.entry);
  return out;
}

Words all_commands() {
  Words out;
  for (const Command& command : commands()) out.insert(command.words);
  return out;
}

// The operations that a source of the console names: 'trace_open', STREAMS.events. Whether somebody
// may do it (may('trace_open')) is no use of it, nor is what a comment says.
Words named_in(std::string text, const Words& operations) {
  text = std::regex_replace(text, std::regex(R"(may\('\w+'\))"), "");
  text = std::regex_replace(text, std::regex(R"(//[^\n]*)"), "");
  static const std::regex kName(R"('(\w+)'|STREAMS\.(\w+))");
  Words out;
  for (std::sregex_iterator it(text.begin(), text.end(), kName), end; it != end; ++it) {
    const std::string name = (*it)[1].matched ? (*it)[1] : (*it)[2];
    if (operations.count(name) != 0) out.insert(name);
  }
  return out;
}

// Names of all that call('…') asks for, whether there is such an operation or not.
Words called_in(const std::string& text) {
  static const std::regex kCall(R"(\bcall(?:<[^>]*>)?\(\s*'(\w+)')");
  Words out;
  for (std::sregex_iterator it(text.begin(), text.end(), kCall), end; it != end; ++it)
    out.insert((*it)[1]);
  return out;
}

// By act: the places that ask for it.
std::map<std::string, Words> console() {
  Words operations;
  for (const auto& [act, route] : routes()) {
    std::string name = act;
    if (const auto at = name.find('.'); at != std::string::npos) name[at] = '_';
    operations.insert(name);
  }
  const std::filesystem::path root = test::in_tree("console/src");
  std::map<std::string, Words> out;
  std::size_t files = 0;
  for (const auto& each : std::filesystem::recursive_directory_iterator(root)) {
    const std::string path = std::filesystem::relative(each.path(), root).generic_string();
    const bool source = each.path().extension() == ".ts" || each.path().extension() == ".svelte";
    if (!each.is_regular_file() || !source || path.find("generated") != std::string::npos ||
        path.find(".test.") != std::string::npos)
      continue;
    ++files;
    std::string place = "shell";
    if (path.rfind("pages/", 0) == 0) place = path.substr(6, path.find('/', 6) - 6);
    const std::string text = read_file(each.path());
    Words found = path == "api/call.ts" ? Words() : named_in(text, operations);
    found.merge(path.rfind("api/", 0) == 0 ? Words() : called_in(text));
    for (const std::string& name : found) out[act_of(name)].insert(place);
  }
  EXPECT_GE(files, 100u);
  return out;
}

Words compare(const Parity& parity, const std::map<std::string, std::string>& routes,
              const Words& commands, const std::map<std::string, Words>& console) {
  Words out;
  for (const auto& [act, route] : routes) {
    const auto line = parity.acts.find(act);
    if (line == parity.acts.end()) out.insert(act + " has no line");
    else if (line->second.route != route) out.insert(act + " is " + route);
  }
  Words known = parity.offline;
  for (const auto& [act, line] : parity.acts) {
    if (routes.count(act) == 0) out.insert(act + " has no route");
    for (const std::string& command : line.commands)
      if (commands.count(command) == 0) out.insert(act + ": no command " + command);
    known.insert(line.commands.begin(), line.commands.end());
    const auto places = console.find(act);
    const bool there = places != console.end() && places->second.count(line.place) != 0;
    if (!line.place.empty() && !there) out.insert(act + " is not in the console's " + line.place);
    if (line.place.empty() && places != console.end()) out.insert(act + " is in the console");
    const bool gap = line.commands.empty() || line.place.empty();
    if (gap && line.reason.size() < 10) out.insert(act + " has a gap without a reason");
    if (!gap && !line.reason.empty()) out.insert(act + " has a reason without a gap");
  }
  for (const std::string& command : commands)
    if (known.count(command) == 0) out.insert("focal " + command + " has no line");
  for (const std::string& command : parity.offline)
    if (commands.count(command) == 0) out.insert("no command " + command);
  for (const auto& [act, places] : console)
    if (parity.acts.count(act) == 0) out.insert("the console asks for " + act);
  return out;
}

TEST(Parity, TheTableIsWhatThereIs) {
  const Parity parity = parse_parity(read_file(test::in_tree("docs/parity.md")));
  ASSERT_GE(parity.acts.size(), 100u);
  for (const std::string& each : compare(parity, routes(), all_commands(), console()))
    ADD_FAILURE() << "docs/parity.md: " << each;
}

TEST(Parity, TheComparisonSeesPlantedDefects) {
  const Parity parity = parse_parity("| act | API | `focal` | console | why |\n|---|---|---|---|---|\n"
                                     "| `a.b` | `GET /v1/a` | `a b`, `a c` | home |  |\n"
                                     "| `c` | `POST /v1/c` |  |  | because it is so |\n"
                                     "## Commands\n\n| `root make` | x |\n");
  const std::map<std::string, std::string> routes{{"a.b", "GET /v1/a"}, {"c", "POST /v1/c"}};
  const Words commands{"a b", "a c", "root make"};
  const std::map<std::string, Words> console{{"a.b", {"home", "shell"}}};
  EXPECT_EQ(compare(parity, routes, commands, console), Words());
  EXPECT_EQ(compare(parity, {{"a.b", "POST /v1/a"}, {"d", "GET /v1/d"}}, commands, console),
            (Words{"a.b is POST /v1/a", "c has no route", "d has no line"}));
  EXPECT_EQ(compare(parity, routes, {"a b", "x", "root make"}, console),
            (Words{"a.b: no command a c", "focal x has no line"}));
  EXPECT_EQ(compare(parity, routes, commands, {{"c", {"home"}}, {"e", {"home"}}}),
            (Words{"a.b is not in the console's home", "c is in the console", "the console asks for e"}));
  Parity other = parity;
  other.acts["c"].reason.clear();
  other.acts["a.b"].reason = "no longer true";
  other.offline.insert("gone");
  EXPECT_EQ(compare(other, routes, commands, console),
            (Words{"a.b has a reason without a gap", "c has a gap without a reason", "no command gone"}));
  EXPECT_EQ(named_in("call('a_b', { x: 'c' }); may('d_e'); // 'f_g'\nfetch(STREAMS.h)",
                     {"a_b", "d_e", "f_g", "h"}),
            (Words{"a_b", "h"}));
  EXPECT_EQ(called_in("await call<'x'>(\n 'no_such')"), Words{"no_such"});
}

}  // namespace
}  // namespace focal::cli
