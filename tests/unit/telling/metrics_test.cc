// Goal: the page is in the text form that Prometheus reads, each name once, with help and type;
// no party stands in it unless it is asked for.
// Method: a reader of that form, written here; numbers that a page got wrong before it was written
// (large, negative, fractions); names that need escaping.
#include "node/desk/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace focal::desk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// "name{labels}" -> value; fails on any line that is not of the form.
std::map<std::string, double> samples_of(const std::string& page) {
  static const std::regex kHelp(R"(# HELP (focal_[a-z_]+) [ -~]+)");
  static const std::regex kType(R"(# TYPE (focal_[a-z_]+) (gauge|counter))");
  static const std::regex kSample(
      R"((focal_[a-z_]+)(\{[a-z]+="(?:[^"\\]|\\.)*"(?:,[a-z]+="(?:[^"\\]|\\.)*")*\})? (-?[0-9.e+-]+))");
  std::map<std::string, double> out;
  std::set<std::string> helped;
  std::string current, type;
  EXPECT_TRUE(page.ends_with('\n'));
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    std::smatch m;
    if (std::regex_match(line, m, kHelp)) {
      current = m[1];
      EXPECT_TRUE(helped.insert(current).second) << current << " twice";
    } else if (std::regex_match(line, m, kType)) {
      EXPECT_EQ(m[1], current);
      type = m[2];
    } else if (std::regex_match(line, m, kSample)) {
      EXPECT_EQ(m[1], current) << line;
      EXPECT_EQ(m[1].str().ends_with("_total"), type == "counter") << line;
      EXPECT_TRUE(out.emplace(m[1].str() + m[2].str(), std::stod(m[3])).second) << line << " twice";
    } else {
      ADD_FAILURE() << "not of the form: " << line;
    }
  }
  return out;
}

Metrics full() {
  Metrics m;
  m.version = "0.1\"\\\n";
  m.process = {1.5, 1795428000.25, 123456789, 7, 33};
  m.attention.needs_action = 3;
  m.attention.state = exchange::RunState::kStarting;
  m.disk_free = 8'000'000'000'000;
  m.leaves = 1'000'000'007;
  m.outbox = {{"READY", 2}, {"HELD", 0}};
  m.refused = {{6, 4}, {0, 1}};
  m.gate_refused = {{"throttled", 9}};
  m.card_expires_s = -86'400.5;
  m.backup_age_s = 60;
  m.clock_offset_max_s = 0.25;
  m.responses = {0, 10, 0, 2, 1};
  m.export_behind = 5;
  return m;
}

TEST(MetricsPage, IsInTheFormOfPrometheus) {
  const auto samples = samples_of(render(full()));
  EXPECT_EQ(samples.at("focal_ledger_leaves"), 1'000'000'007);
  EXPECT_EQ(samples.at("focal_disk_free_bytes"), 8e12);
  EXPECT_EQ(samples.at("focal_card_expires_in_seconds"), -86'400.5);
  EXPECT_EQ(samples.at("focal_process_start_time_seconds"), 1795428000.25);
  EXPECT_EQ(samples.at("focal_outbox_sendings{state=\"READY\"}"), 2);
  EXPECT_EQ(samples.at("focal_outbox_sendings{state=\"HELD\"}"), 0);
  EXPECT_EQ(samples.at("focal_refused_total{step=\"6\"}"), 4);
  EXPECT_EQ(samples.at("focal_api_responses_total{class=\"4xx\"}"), 2);
  EXPECT_EQ(samples.at("focal_run_state{state=\"STARTING\"}"), 1);
  EXPECT_EQ(samples.at("focal_run_state{state=\"RUNNING\"}"), 0);
  EXPECT_EQ(samples.at("focal_clock_state{state=\"ALONE\"}"), 1);
  EXPECT_EQ(samples.at("focal_build_info{version=\"0.1\\\"\\\\\\n\"}"), 1);
}

TEST(MetricsPage, LeavesOutWhatThereIsNot) {
  const auto samples = samples_of(render(Metrics{}));
  for (const char* name : {"focal_backup_age_seconds", "focal_export_behind_leaves",
                           "focal_disk_free_bytes", "focal_link_up"})
    EXPECT_FALSE(samples.contains(name)) << name;
  EXPECT_TRUE(samples.contains("focal_backup_failed"));
}

TEST(MetricsPage, NamesPartiesOnlyWhereItIsTold) {
  Metrics m = full();
  EXPECT_THAT(render(m), Not(HasSubstr("party=\"")));
  m.party = "XA";
  m.parties = {{"XB", true, 4, -1.5}, {"XC", false, 0, 0}};
  const auto samples = samples_of(render(m));
  EXPECT_EQ(samples.at("focal_link_up{party=\"XB\"}"), 1);
  EXPECT_EQ(samples.at("focal_link_up{party=\"XC\"}"), 0);
  EXPECT_EQ(samples.at("focal_party_queued_sendings{party=\"XB\"}"), 4);
  EXPECT_EQ(samples.at("focal_party_clock_offset_seconds{party=\"XB\"}"), -1.5);
}

TEST(MetricsPage, EveryNameIsListed) {
  Metrics m = full();
  m.party = "XA";
  m.parties = {{"XB", true, 1, 1}};
  std::set<std::string> written, listed;
  for (const auto& [name, value] : samples_of(render(m))) written.insert(name.substr(0, name.find('{')));
  for (const std::string_view name : metric_names()) listed.emplace(name);
  EXPECT_EQ(written, listed);
}

TEST(ProcessStats, AreThoseOfThisProcess) {
  const ProcessStats stats = read_process_stats();
  EXPECT_GT(stats.resident_bytes, 1'000'000u);
  EXPECT_GE(stats.threads, 1u);
  EXPECT_GE(stats.open_files, 3u);
  EXPECT_LT(stats.open_files, 1000u);
  EXPECT_GT(stats.cpu_s, 0);
  const double now_s = static_cast<double>(read_clocks().wall_ms) / 1000;
  EXPECT_LT(stats.started_s, now_s + 1);
  EXPECT_GT(stats.started_s, now_s - 24 * 3600);
}

}  // namespace
}  // namespace focal::desk
