// Goal: what is shipped beside the programs stays true of them: every alert rule asks for metrics
// that the page has and names a section of docs/operations.md that says what to do; the unit of
// systemd keeps its walls and hands over the credential that the program reads.
// Method: the files as text; each check is also run once on a planted defect.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/paths.h"

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Names = std::set<std::string>;
using Findings = std::vector<std::string>;

std::string read(const std::string& file) {
  std::ifstream in(focal::test::in_tree(file), std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  EXPECT_FALSE(out.str().empty()) << file;
  return out.str();
}

Names all_of(const std::string& text, const char* pattern) {
  const std::regex find(pattern);
  Names out;
  for (std::sregex_iterator it(text.begin(), text.end(), find), end; it != end; ++it)
    out.insert((*it)[1].str());
  return out;
}

// Section titles as a link names them: lower case, words joined by hyphens.
Names anchors_of(const std::string& document) {
  Names out;
  for (std::string title : all_of(document, R"((?:^|\n)#+ ([^\n]+))")) {
    std::string anchor;
    for (const char c : title) {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0)
        anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      else if (c == ' ' || c == '-')
        anchor += '-';
    }
    out.insert(anchor);
  }
  return out;
}

using Rule = std::map<std::string, std::string>;  // "alert", "expr", … as they stand

std::vector<Rule> rules_of(const std::string& text) {
  static const std::regex kLine(R"(^ +(?:- )?(alert|expr|for|severity|summary|runbook): (.+)$)");
  std::vector<Rule> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch m;
    if (!std::regex_match(line, m, kLine)) continue;
    if (m[1] == "alert") out.emplace_back();
    if (!out.empty()) out.back()[m[1]] = m[2];
  }
  return out;
}

Findings check_alerts(const std::string& rules, const Names& metrics, const std::string& document) {
  const Names anchors = anchors_of(document);
  Findings found;
  Names seen, runbooks;
  for (const Rule& rule : rules_of(rules)) {
    const auto get = [&](const char* key) {
      const auto it = rule.find(key);
      return it == rule.end() ? std::string() : it->second;
    };
    const std::string name = get("alert");
    if (!seen.insert(name).second) found.push_back(name + ": twice");
    for (const char* key : {"expr", "for", "severity", "summary", "runbook"})
      if (get(key).size() < 2) found.push_back(name + ": no " + key);
    if (get("severity") != "critical" && get("severity") != "warning")
      found.push_back(name + ": severity " + get("severity"));
    if (get("summary").size() < 20) found.push_back(name + ": the summary says nothing");
    for (const std::string& metric : all_of(get("expr"), R"(\b(focal_\w+))"))
      if (!metrics.contains(metric)) found.push_back(name + ": no metric " + metric);
    const std::string runbook = get("runbook");
    const std::string file = "docs/operations.md#";
    if (runbook.rfind(file, 0) != 0 || !anchors.contains(runbook.substr(file.size())))
      found.push_back(name + ": no section " + runbook);
    runbooks.insert(runbook.substr(std::min(runbook.size(), file.size())));
  }
  for (const std::string& title : all_of(document, R"(\n### (Focal\w+)\n)")) {
    std::string anchor;
    for (const char c : title) anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (!runbooks.contains(anchor)) found.push_back(title + ": a section without a rule");
  }
  return found;
}

Names metrics_of_the_page() {
  return all_of(read("node/desk/metrics.cc"), R"re(\{"(focal_\w+)", "(?:gauge|counter)")re");
}

TEST(Alerts, NameMetricsThatThereAreAndSectionsThatHelp) {
  const std::string rules = read("packaging/alerts/focal.rules.yml");
  EXPECT_GE(rules_of(rules).size(), 20u);
  EXPECT_GE(metrics_of_the_page().size(), 30u);
  EXPECT_THAT(check_alerts(rules, metrics_of_the_page(), read("docs/operations.md")), IsEmpty());
}

TEST(Alerts, TheCheckSeesAPlantedDefect) {
  const std::string good =
      "      - alert: FocalX\n        expr: 'focal_x > 1'\n        for: 1m\n        labels:\n"
      "          severity: critical\n        annotations:\n"
      "          summary: \"Something is the matter.\"\n          runbook: docs/operations.md#focalx\n";
  const std::string document = "## When\n### FocalX\n\nDo it.\n";
  const Names metrics = {"focal_x"};
  EXPECT_THAT(check_alerts(good, metrics, document), IsEmpty());
  EXPECT_THAT(check_alerts(good, {"focal_y"}, document), ElementsAre("FocalX: no metric focal_x"));
  EXPECT_THAT(check_alerts(good, metrics, "\n### FocalX1\n"), Contains(HasSubstr("no section")));
  EXPECT_THAT(check_alerts(good + good, metrics, document), ElementsAre("FocalX: twice"));
  EXPECT_THAT(check_alerts("", metrics, document), ElementsAre("FocalX: a section without a rule"));
  std::string bad = good;
  bad.erase(bad.find("          summary"), bad.find("          runbook") - bad.find("          summary"));
  EXPECT_THAT(check_alerts(bad, metrics, document), Contains("FocalX: no summary"));
}

// "Key=value" lines by key; several of one key are joined by line ends.
std::map<std::string, std::string> settings_of(const std::string& unit) {
  static const std::regex kLine(R"(^([A-Z]\w+)=(.*)$)");
  std::map<std::string, std::string> out;
  std::istringstream lines(unit);
  for (std::string line; std::getline(lines, line);)
    if (std::smatch m; std::regex_match(line, m, kLine)) out[m[1]] += m[2].str() + "\n";
  return out;
}

Findings check_unit(const std::string& unit) {
  static const std::map<std::string, std::string> kWalls = {
      {"NoNewPrivileges", "yes"},     {"ProtectSystem", "strict"},    {"ProtectHome", "yes"},
      {"PrivateTmp", "yes"},          {"PrivateDevices", "yes"},      {"ProtectKernelTunables", "yes"},
      {"ProtectKernelModules", "yes"}, {"ProtectControlGroups", "yes"}, {"ProtectProc", "invisible"},
      {"MemoryDenyWriteExecute", "yes"}, {"RestrictNamespaces", "yes"}, {"RestrictSUIDSGID", "yes"},
      {"LockPersonality", "yes"},     {"LimitCORE", "0"},             {"CapabilityBoundingSet", ""},
      {"UMask", "0077"},              {"NotifyAccess", "main"},       {"Type", "notify"},
      {"SystemCallFilter", "@system-service\n~@privileged\n@chown"},  {"StateDirectoryMode", "0700"},
      // Persons are known by the number of their user, which a user namespace would hide.
      {"PrivateUsers", "no"}};
  auto settings = settings_of(unit);
  Findings found;
  for (const auto& [key, value] : kWalls)
    if (settings[key] != value + "\n") found.push_back(key + "=" + settings[key]);
  for (const char* key : {"WatchdogSec", "TimeoutStartSec", "Restart", "User", "ExecStart"})
    if (settings[key].size() < 2) found.push_back(std::string("no ") + key);
  if (settings["ExecStart"].find("passphrase") != std::string::npos)
    found.push_back("a passphrase in the command line");
  if (settings["LoadCredential"].rfind("focal-passphrase:", 0) != 0)
    found.push_back("LoadCredential=" + settings["LoadCredential"]);
  return found;
}

TEST(Unit, KeepsItsWalls) {
  EXPECT_THAT(check_unit(read("packaging/systemd/focald.service")), IsEmpty());
  EXPECT_THAT(read("node/cli/passphrase.h") + read("node/cli/passphrase.cc"), HasSubstr("focal-passphrase"));
}

TEST(Unit, TheCheckSeesAPlantedDefect) {
  std::string unit = read("packaging/systemd/focald.service");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string out = unit;
    const auto at = out.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return out.replace(at, from.size(), to);
  };
  EXPECT_EQ(check_unit(with("NoNewPrivileges=yes", "NoNewPrivileges=no")).size(), 1u);
  EXPECT_EQ(check_unit(with("SystemCallFilter=~@privileged\n", "")).size(), 1u);
  EXPECT_EQ(check_unit(with("PrivateUsers=no", "PrivateUsers=yes")).size(), 1u);
  EXPECT_EQ(check_unit(with("focal-passphrase:", "passphrase:")).size(), 1u);
  EXPECT_EQ(check_unit(with("WatchdogSec=3min\n", "")).size(), 1u);
}

// Every key of the sections that this part reads is explained and stands in the example.
TEST(Settings, OfTellingAreExplained) {
  const std::string source = read("config/telling.cc");
  const std::string operations = read("docs/operations.md"), example = read("config/examples/focal.toml");
  Names keys;
  static const std::regex kList(R"re(only_keys\(\*\w+, \{([^}]+)\})re");
  for (std::sregex_iterator it(source.begin(), source.end(), kList), end; it != end; ++it)
    for (const std::string& key : all_of((*it)[1].str(), R"re("(\w+)")re")) keys.insert(key);
  EXPECT_GE(keys.size(), 9u);
  for (const std::string& key : keys) {
    EXPECT_NE(operations.find("`" + key + "` |"), std::string::npos) << key;
    EXPECT_NE(example.find("# " + key + " = "), std::string::npos) << key;
  }
}

}  // namespace
