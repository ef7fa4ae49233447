// Goal: a good file gives the values it names and defaults for the rest; a bad one is
// refused with code CONFIG, the place as file:line:column, and a hint of what is allowed.
// Method: one text per rule, with line and column counted by hand; the example file.
#include "config/config.h"

#include "base/clock.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/other_user.h"
#include "tests/support/paths.h"
#include "tests/unit/config/config_fixture.h"

namespace focal::config {
namespace {

namespace fs = std::filesystem;

TEST_F(ConfigTest, HeaderWithoutAKeyIsAnErrorAndNoCrash) {
  expect_refused("party = \"XA\"\n[=\n", "2:2", "key");
}

TEST_F(ConfigTest, LettersBeyondAsciiStandInQuotesAndCommentsOnly) {
  const NodeConfig c = good("party = \"XA\" # Minist\xC3\xA8re \"\napi_socket = \"\xC3\xA9.sock\"\n"
                            "log_level = 'info' # '\xC3\xA9\n");
  EXPECT_EQ(c.api_socket, folder / "\xC3\xA9.sock");
  good("party = \"\"\"XA\"\"\" # \xC3\xA9\n");
  expect_refused("party = \"XA\"\n\xC3\xA9 = 1\n", "2:1", "not TOML");
  expect_refused("\xCB\x83party = \"XA\"\n", "1:1", "not TOML");
  expect_refused("listen = 0..\"=\xC3\xBC=\n", "1:12", "not TOML");
}

TEST_F(ConfigTest, DefaultsOfAMinimalFile) {
  const NodeConfig c = good("party = \"XA\"\n");
  EXPECT_EQ(c.party, "XA");
  EXPECT_EQ(c.folder, folder);
  EXPECT_EQ(c.listen, "tcp://127.0.0.1:7117");
  EXPECT_EQ(c.endpoints, std::vector<std::string>{"tcp://127.0.0.1:7117"});
  EXPECT_EQ(c.reach, "direct");
  EXPECT_EQ(c.api_socket, folder / "api.sock");
  EXPECT_EQ(c.log_level, log::Level::kInfo);
  EXPECT_EQ(c.gate_program.filename(), "focal-gate");
  EXPECT_EQ(c.gate_program.parent_path(), fs::read_symlink("/proc/self/exe").parent_path());
  EXPECT_EQ(terms_text(c, Priority::kRoutine), "2 working days, 30 days");
  EXPECT_EQ(terms_text(c, Priority::kUrgent), "8 hours, 3 days");
  EXPECT_EQ(terms_text(c, Priority::kFlash), "1 hour, 8 hours");
  EXPECT_EQ(c.clocks.remind_percent, 50u);
  EXPECT_EQ(c.clocks.remind_again_days, 7u);
  EXPECT_EQ(c.clocks.escalate_percent, 150u);
  EXPECT_TRUE(c.calendars.empty());
}

TEST_F(ConfigTest, EveryKeyIsTaken) {
  fs::create_directory(folder / "state");
  fs::copy_file("/proc/self/exe", folder / "gate");
  const NodeConfig c = good(
      "party = \"XB-ITI\"\nfolder = \"state\"\nlisten = \"tcp://*:9000\"\n"
      "endpoints = [\"tcp://a.example:9000\", \"tcp://198.51.100.7:9000\"]\nreach = \"direct\"\n"
      "api_socket = \"state/../api\"\nlog_level = \"error\"\ngate_program = \"gate\"\n"
      "[clocks]\nremind_percent = 40\nremind_again_days = 3\nescalate_percent = 200\n"
      "[clocks.flash]\nacknowledge = \"2 hours\"\n"
      "[calendar.XC]\nweek = \"sun-thu\"\nholidays = [\"2026-03-20\", \"12-25\"]\n"
      "utc_offset = \"-04:30\"\n[calendar.XB-ITI]\n[gate]\nhandshakes_per_minute = 30\n"
      "[peer.XC]\ncourier_days = 49\n[peer.XD]\n[desk]\ntell_opened = false\n"
      "[doctor]\nanswer = false\n");
  EXPECT_EQ(good("party = \"XA\"\nmin_suite = 250\n").min_suite, 250u);
  EXPECT_EQ(c.min_suite, 1u);
  EXPECT_EQ(c.party, "XB-ITI");
  EXPECT_EQ(c.folder, folder / "state");
  EXPECT_EQ(c.listen, "tcp://*:9000");
  EXPECT_EQ(c.endpoints.size(), 2u);
  EXPECT_EQ(c.endpoints[1], "tcp://198.51.100.7:9000");
  EXPECT_EQ(c.api_socket, folder / "api");
  EXPECT_EQ(c.log_level, log::Level::kError);
  EXPECT_EQ(c.gate_program, folder / "gate");
  EXPECT_EQ(terms_text(c, Priority::kFlash), "2 hours, 8 hours");
  EXPECT_EQ(c.clocks.remind_percent, 40u);
  EXPECT_EQ(c.clocks.remind_again_days, 3u);
  EXPECT_EQ(c.clocks.escalate_percent, 200u);
  ASSERT_EQ(c.calendars.size(), 2u);
  EXPECT_FALSE(c.calendars.at("XB-ITI").week.has_value());
  const CalendarSettings& calendar = c.calendars.at("XC");
  EXPECT_EQ(calendar.week, parse_week("sun-thu"));
  EXPECT_EQ(calendar.holidays, (std::vector<Holiday>{{2026, 3, 20}, {0, 12, 25}}));
  EXPECT_EQ(calendar.utc_offset_min, -270);
  EXPECT_EQ(c.gate.handshakes_per_minute, 30u);
  EXPECT_FALSE(c.tell_opened);
  EXPECT_FALSE(c.answer_doctor);
  EXPECT_TRUE(good("party = \"XA\"\n").answer_doctor);
  EXPECT_EQ(c.peers.at("XC").courier_days, 49u);
  EXPECT_EQ(c.peers.at("XD").courier_days, 35u);
  EXPECT_EQ(c.gate.backoff_base_ms, 1000u);
  EXPECT_EQ(good("party = \"XA\"\napi_socket = \"/run/f.sock\"\n").api_socket, "/run/f.sock");
  const NodeConfig out = good("party = \"XA\"\nreach = \"dialout\"\n");
  EXPECT_TRUE(out.endpoints.empty());
}

TEST_F(ConfigTest, TheExampleFileIsTheDefaults) {
  const fs::path example = test::in_tree("config/examples/focal.toml");
  const auto c = load_config(example);
  ASSERT_TRUE(c.has_value()) << c.error().message;
  const NodeConfig d = good("party = \"XA\"\n");
  EXPECT_EQ(c->party, d.party);
  EXPECT_EQ(fs::weakly_canonical(c->folder / "x"),
            fs::weakly_canonical(example.parent_path() / "x"));
  EXPECT_EQ(c->listen, d.listen);
  EXPECT_EQ(c->endpoints, d.endpoints);
  EXPECT_EQ(c->reach, d.reach);
  EXPECT_EQ(c->api_socket.filename(), d.api_socket.filename());
  EXPECT_EQ(c->log_level, d.log_level);
  for (const auto& terms : d.clocks.terms)
    EXPECT_EQ(terms_text(*c, terms.first), terms_text(d, terms.first));
  EXPECT_EQ(c->clocks.remind_percent, d.clocks.remind_percent);
  EXPECT_EQ(c->clocks.remind_again_days, d.clocks.remind_again_days);
  EXPECT_EQ(c->clocks.escalate_percent, d.clocks.escalate_percent);
  EXPECT_TRUE(c->calendars.empty());
  EXPECT_TRUE(c->peers.empty());
  EXPECT_EQ(c->gate.backoff_base_ms, d.gate.backoff_base_ms);
  EXPECT_EQ(c->gate.backoff_cap_ms, d.gate.backoff_cap_ms);
  EXPECT_EQ(c->gate.handshakes_per_minute, d.gate.handshakes_per_minute);
  EXPECT_EQ(c->introduce.needed, 0u);
  EXPECT_TRUE(c->trust.empty());
  EXPECT_EQ(c->release.require, d.release.require);
  EXPECT_EQ(c->release.of_peers, d.release.of_peers);
  EXPECT_EQ(c->api_group, d.api_group);
}

TEST_F(ConfigTest, ReleaseByASecondOfficer) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(good("party = \"XA\"\n").release.require,
            (Words{"personal_data", "national_security", "peer.key_change", "record.erase"}));
  EXPECT_TRUE(good("party = \"XA\"\n[release]\nrequire = []\n").release.require.empty());
  const auto c = good("party = \"XA\"\n[release]\nrequire = [\"trace.answer\", \"all\"]\n"
                      "of_peers = [\"trace.refusal\", \"alert.brokering\"]\n");
  EXPECT_EQ(c.release.require, (Words{"trace.answer", "all"}));
  EXPECT_EQ(c.release.of_peers, (Words{"trace.refusal", "alert.brokering"}));
  EXPECT_EQ(good("party = \"XA\"\n[release]\nof_peers = [\"a\"]\n").release.require.size(), 4u)
      << "left out: the default";
  const std::string begin = "party = \"XA\"\n[release]\n";
  EXPECT_EQ(good(begin + "require = [\"trace.refusal\", \"alert.*\"]\n").release.require,
            (Words{"trace.refusal", "alert.*"})) << "kinds: the node knows which there are";
  for (const char* wrong : {"trace_burn", "personal-data", "Trace.refusal", "*", ".*", "trace.**", ""})
    expect_refused(begin + "require = [\"" + wrong + "\"]\n", "3:12", "this is not a rule");
  expect_refused(begin + "require = [\"all\", \"all\"]\n", "3:19", "stands twice");
  expect_refused(begin + "require = \"all\"\n", "3:11", "not an array");
  expect_refused(begin + "of_peers = [\"Trace\"]\n", "3:13", "this is not a kind");
  expect_refused(begin + "of_peer = []\n", "3:1", "unknown key");
}

TEST_F(ConfigTest, TheGroupOfTheSocket) {
  EXPECT_EQ(good("party = \"XA\"\napi_group = \"40100\"\n").api_group, 40100u);
  EXPECT_EQ(good("party = \"XA\"\napi_group = \"root\"\n").api_group, 0u);
  expect_refused("party = \"XA\"\napi_group = \"no such group here\"\n", "2:13", "no group");
  expect_refused("party = \"XA\"\napi_group = \"-1\"\n", "2:13", "no group");
  expect_refused("party = \"XA\"\napi_group = 7\n", "2:13", "not a string");
}

TEST_F(ConfigTest, UnknownKeys) {
  expect_refused("party = \"XA\"\nlisten_on = \"x\"\n", "2:1", "unknown key \"listen_on\"");
  expect_refused("party = \"XA\"\n  passphrase = \"x\"\n", "2:3", "unknown key");
  expect_refused("party = \"XA\"\n[clocks]\nnormal = 1\n", "3:1", "unknown key \"normal\"");
  expect_refused("party = \"XA\"\n[clocks.flash]\nanswer = \"1 day\"\nack = 1\n", "4:1",
                 "unknown key \"ack\"");
  expect_refused("party = \"XA\"\n[calendar.XB]\nweekend = \"fri\"\n", "3:1",
                 "unknown key \"weekend\"");
  expect_refused("party = \"XA\"\n[network]\n", "2:2", "unknown key \"network\"");
  expect_refused("party = \"XA\"\n[gate]\nport = 1\n", "3:1", "unknown key \"port\"");
  EXPECT_NE(load("party = \"XA\"\nx = 1\n").error().hint.find("listen"), std::string::npos);
}

TEST_F(ConfigTest, WrongTypes) {
  expect_refused("party = 7\n", "1:9", "\"party\" is not a string");
  expect_refused("party = \"XA\"\nlisten = 7117\n", "2:10", "not a string");
  expect_refused("party = \"XA\"\nendpoints = \"tcp://a:1\"\n", "2:13", "not an array");
  expect_refused("party = \"XA\"\nendpoints = [\"tcp://a:1\", 2]\n", "2:27", "not an endpoint");
  expect_refused("party = \"XA\"\nclocks = 3\n", "2:10", "not a table");
  expect_refused("party = \"XA\"\n[clocks]\nflash = 3\n", "3:9", "not a table");
  expect_refused("party = \"XA\"\n[clocks]\nremind_percent = \"5\"\n", "3:18", "whole number");
  expect_refused("party = \"XA\"\n[clocks.flash]\nanswer = 8\n", "3:10", "not a string");
  expect_refused("party = \"XA\"\ncalendar = 3\n", "2:12", "not a table");
  expect_refused("party = \"XA\"\n[calendar]\nXB = \"sun-thu\"\n", "3:6", "not a table");
  expect_refused("party = \"XA\"\n[calendar.XB]\nweek = 5\n", "3:8", "not a string");
  expect_refused("party = \"XA\"\n[calendar.XB]\nholidays = \"12-25\"\n", "3:12", "not an array");
  expect_refused("party = \"XA\"\n[calendar.XB]\nholidays = [2026-12-25]\n", "3:13",
                 "not a holiday");
  expect_refused("party = \"XA\"\ngate = true\n", "2:8", "not a table");
  expect_refused("party = \"XA\"\n[gate]\nbackoff_cap_ms = \"1s\"\n", "3:18", "whole number");
  expect_refused("party = \"XA\"\nlog_level = true\n", "2:13", "not a string");
}

TEST_F(ConfigTest, ValuesOutOfRange) {
  for (const char* party : {"\"\"", "\"X\"", "\"xa\"", "\"1A\"", "\"-A\"", "\"X A\"",
                            "\"XAXAXAXAXAXAX\"", "\"X\xc3\x84\""})
    expect_refused(std::string("party = ") + party + "\n", "1:9", "not a party code");
  expect_refused("party = \"XA\"\nlisten = \"tcp://127.0.0.1\"\n", "2:10", "address");
  expect_refused("party = \"XA\"\nreach = \"relay\"\n", "2:9", "reached");
  expect_refused("party = \"XA\"\nlog_level = \"trace\"\n", "2:13", "log level");
  expect_refused("party = \"XA\"\nendpoints = [\"tcp://*:1\"]\n", "2:14", "not an endpoint");
  // What a schedule would refuse is refused here, before there is a key.
  for (const char* wrong : {"Focal.example", "[2001:DB8::7]", "[::ffff:10.0.0.1]", "0.0.0.0"})
    expect_refused(
        "party = \"XA\"\nendpoints = [\"tcp://a:1\",\n  \"tcp://" + std::string(wrong) + ":1\"]\n",
        "3:3", "not an endpoint");
  expect_refused("party = \"XA\"\nendpoints = [\"tcp://a:1\",\n \"tcp://a:1\"]\n", "3:2", "twice");
  expect_refused(
      "party = \"XA\"\nendpoints = [\"tcp://a:1\",\"tcp://a:2\",\"tcp://a:3\",\"tcp://a:4\",\n"
      "\"tcp://a:5\"]\n",
      "3:1", "one endpoint too many");
  expect_refused("party = \"XA\"\n[gate]\nbackoff_base_ms = 9\n", "3:19", "out of range");
  expect_refused("party = \"XA\"\n[gate]\nbackoff_base_ms = 60001\n", "3:19", "out of range");
  expect_refused("party = \"XA\"\n[gate]\nbackoff_cap_ms = 3600001\n", "3:18", "out of range");
  expect_refused("party = \"XA\"\n[gate]\nhandshakes_per_minute = 0\n", "3:25", "out of range");
  expect_refused("party = \"XA\"\nmin_suite = 0\n", "2:13", "out of range");
  expect_refused("party = \"XA\"\nmin_suite = 256\n", "2:13", "out of range");
  expect_refused("party = \"XA\"\nmin_suite = \"1\"\n", "2:13", "whole number");
  expect_refused("party = \"XA\"\n[gate]\nhandshakes_per_minute = -1\n", "3:25", "out of range");
  expect_refused("party = \"XA\"\n[gate]\nbackoff_cap_ms = 900\n", "2:1", "longer than");
}

TEST_F(ConfigTest, ClocksAndCalendarsOutOfRange) {
  const std::string head = "party = \"XA\"\n";
  for (const char* term : {"", "0 hours", "8761 hours", "366 days", "2 weeks", "8"})
    expect_refused(head + "[clocks.urgent]\nanswer = \"" + term + "\"\n", "3:10", "not a time");
  expect_refused(head + "[clocks.flash]\nacknowledge = \"9 hours\"\n", "2:1", "before");
  expect_refused(head + "[clocks.routine]\nanswer = \"1 working day\"\n", "2:1", "before");
  expect_refused(head + "[clocks]\nremind_percent = 100\n", "3:18", "out of range");
  expect_refused(head + "[clocks]\nremind_again_days = 0\n", "3:21", "out of range");
  expect_refused(head + "[clocks]\nescalate_percent = 100\n", "3:20", "out of range");
  expect_refused(head + "[peer.xb]\n", "2:7", "not a party code");
  expect_refused(head + "[peer.XB]\ncourier_days = 57\n", "3:16", "out of range");
  expect_refused(head + "[desk]\ntell_opened = \"no\"\n", "3:15", "neither true nor false");
  expect_refused(head + "[doctor]\nanswer = 1\n", "3:10", "neither true nor false");
  expect_refused(head + "[doctor]\nask = true\n", "3:1", "unknown key \"ask\"");
  expect_refused(head + "[peer.XB]\nbag = 3\n", "3:1", "unknown key \"bag\"");
  expect_refused(head + "[calendar.xb]\n", "2:11", "not a party code");
  expect_refused(head + "[calendar.XB]\nweek = \"mon-fry\"\n", "3:8", "not a working week");
  for (const char* offset : {"3", "+15:00", "UTC"})
    expect_refused(head + "[calendar.XB]\nutc_offset = \"" + offset + "\"\n", "3:14",
                   "not an offset");
  expect_refused(head + "[calendar.XB]\nholidays = [\"12-25\",\n\"02-30\"]\n", "4:1",
                 "not a holiday");
  expect_refused(head + "[calendar.XB]\nholidays = [\"12-25\",\n\"12-25\"]\n", "4:1", "twice");
  std::string many;
  for (int day = 0; day <= 100; ++day) many += "\"" + std::to_string(2001 + day) + "-12-25\",\n";
  expect_refused(head + "[calendar.XB]\nholidays = [\n" + many + "]\n", "104:1", "too many");
  std::string parties;
  for (int i = 0; i <= 300; ++i) parties += "[calendar.X" + std::to_string(1000 + i) + "]\n";
  expect_refused(head + parties, "302:11", "too many");
}

TEST_F(ConfigTest, WhoIntroducesAndWhatKindsNeed) {
  const NodeConfig c = good(
      "party = \"XA\"\nintroduce = \"2 of UNODA, OSCE,ECOWAS\"\n[trust]\n"
      "\"alert.*\" = \"VERIFIED\"\n  \"peer.ping\" = \"INTRODUCED\"\n");
  EXPECT_EQ(c.introduce.needed, 2u);
  EXPECT_EQ(c.introduce.parties, (std::vector<std::string>{"UNODA", "OSCE", "ECOWAS"}));
  ASSERT_EQ(c.trust.size(), 2u);
  EXPECT_EQ(c.trust[0].kinds, "alert.*");
  EXPECT_TRUE(c.trust[0].verified);
  EXPECT_EQ(c.trust[0].where, file.string() + ":4:1");
  EXPECT_FALSE(c.trust[1].verified);
  EXPECT_EQ(c.trust[1].where, file.string() + ":5:3");
  EXPECT_EQ(good("party = \"XA\"\n").introduce.needed, 0u) << "nobody introduces";
}

TEST_F(ConfigTest, WhoIntroducesOutOfForm) {
  for (const char* wrong :
       {"", "2", "2 of", "2 of ", "0 of UNODA", "2 of UNODA", "-1 of UNODA", "1 of unoda",
        "1 of UNODA,", "1 of UNODA,,OSCE", "1 of UNODA OSCE", "2 of UNODA, UNODA", "1of UNODA",
        "UNODA", "1.5 of UNODA, OSCE", "99999999999 of UNODA"})
    expect_refused("party = \"XA\"\nintroduce = \"" + std::string(wrong) + "\"\n", "2:13",
                   "who may introduce");
  std::string many = "1 of X0";
  for (int i = 1; i <= 16; ++i) many += ",X" + std::to_string(i);
  expect_refused("party = \"XA\"\nintroduce = \"" + many + "\"\n", "2:13", "who may introduce");
  expect_refused("party = \"XA\"\nintroduce = \"1 of XA, UNODA\"\n", "2:13", "this node itself");
  expect_refused("party = \"XA\"\nintroduce = 2\n", "2:13", "not a string");
}

TEST_F(ConfigTest, RulesOfTrustOutOfForm) {
  const std::string head = "party = \"XA\"\n[trust]\n";
  expect_refused(head + "\"peer.*\" = \"NONE\"\n", "3:12", "unknown level");
  expect_refused(head + "\"peer.*\" = \"verified\"\n", "3:12", "unknown level");
  expect_refused(head + "\"peer.*\" = 2\n", "3:1", "no level");
  expect_refused(head + "peer.ping = \"VERIFIED\"\n", "3:1", "no level");  // a table in TOML
  expect_refused(head + "\"peer.*\" = \"VERIFIED\"\n\"peer.*\" = \"VERIFIED\"\n", "4:12", "not TOML");
  expect_refused("party = \"XA\"\ntrust = 1\n", "2:9", "not a table");
  std::string rules;
  for (int i = 0; i <= 200; ++i) rules += "\"k" + std::to_string(i) + "\" = \"VERIFIED\"\n";
  expect_refused(head + rules, "102:1", "too many");  // k99, the last in their order
}

TEST_F(ConfigTest, ThingsThatDoNotFitTogether) {
  expect_refused("listen = \"tcp://a:1\"\n", "1:1", "\"party\" is missing");
  expect_refused("party = \"XA\"\nreach = \"dialout\"\nendpoints = [\"tcp://a:1\"]\n", "3:13",
                 "only dials out");
  expect_refused("party = \"XA\"\nlisten = \"tcp://*:7117\"\n", "2:10", "address to dial");
}

TEST_F(ConfigTest, PathsThatAreNotThere) {
  expect_refused("party = \"XA\"\nfolder = \"nowhere\"\n", "2:10", "no readable folder");
  expect_refused("party = \"XA\"\nfolder = \"focal.toml\"\n", "2:10", "no readable folder");
  expect_refused("party = \"XA\"\ngate_program = \"gate\"\n", "2:16", "no program");
  std::ofstream(folder / "gate") << "x";  // there, but not a program
  expect_refused("party = \"XA\"\ngate_program = \"gate\"\n", "2:16", "no program");
  expect_refused("party = \"XA\"\napi_socket = \"" + std::string(108, 's') + "\"\n", "2:14",
                 "longer than 107");
}

// The place is where the TOML parser noticed.
TEST_F(ConfigTest, NotToml) {
  expect_refused("party = \"XA\"\nlisten = tcp\n", "2:11", "not TOML");
  expect_refused("party = \"XA\"\nparty = \"XB\"\n", "2:9", "not TOML");
  expect_refused("party = \"XA\n", "1:12", "not TOML");
}

TEST_F(ConfigTest, AFileThatCannotBeRead) {
  const auto refused = [](const fs::path& path) {
    const auto config = load_config(path);
    ASSERT_FALSE(config.has_value());
    EXPECT_EQ(config.error().code, ErrorCode::kConfig);
    EXPECT_NE(config.error().message.find(path.string()), std::string::npos);
    EXPECT_FALSE(config.error().hint.empty());
  };
  refused(folder / "missing.toml");
  refused(folder);
  std::ofstream(file, std::ios::binary) << "#" << std::string(kMaxConfigSize, 'x');
  refused(file);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  refused(folder / "pipe");
}

TEST_F(ConfigTest, AFileThatMayNotBeRead) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << "party = \"XA\"\n";
  ASSERT_EQ(::chmod(folder.c_str(), 0755), 0);
  const auto load_again = [&] {
    const auto config = load_config(file);
    return config ? 0 : 1 + static_cast<int>(config.error().code);
  };
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  EXPECT_EQ(test::unprivileged(load_again), 0);
  ASSERT_EQ(::chmod(file.c_str(), 0), 0);
  EXPECT_EQ(test::unprivileged(load_again), 1 + static_cast<int>(ErrorCode::kConfig));
}

TEST_F(ConfigTest, AnchorAndBackup) {
  const NodeConfig bare = good("party = \"XA\"\n");
  EXPECT_EQ(bare.anchor, bare.folder / "anchor.note");
  EXPECT_FALSE(bare.backup.folder.has_value());
  EXPECT_EQ(bare.backup.keep, 14u);
  EXPECT_EQ(bare.backup.at_minute, 120u);
  const NodeConfig full = good("party = \"XA\"\n[ledger]\nanchor = \"/mnt/a/b.note\"\n"
                               "[backup]\nfolder = \"copies\"\nkeep = 3\nat = \"23:59\"\n");
  EXPECT_EQ(full.anchor, "/mnt/a/b.note");
  EXPECT_EQ(full.backup.folder, folder / "copies");
  EXPECT_EQ(full.backup.keep, 3u);
  EXPECT_EQ(full.backup.at_minute, 23u * 60 + 59);

  expect_refused("party = \"XA\"\n[ledger]\nanker = 1\n", "3:1", "unknown key");
  expect_refused("party = \"XA\"\n[ledger]\nanchor = \"a/\"\n", "3:10", "names no file");
  expect_refused("party = \"XA\"\n[backup]\nfolder = \"\"\n", "3:10", "names no folder");
  expect_refused("party = \"XA\"\n[backup]\nkeep = 0\n", "3:8", "out of range");
  for (const char* wrong : {"24:00", "2:30", "02:60", "02-30", "02:3x", "02:300", "-1:30", ""})
    expect_refused("party = \"XA\"\n[backup]\nat = \"" + std::string(wrong) + "\"\n", "3:6",
                   "not a time of day");
}

TEST_F(ConfigTest, Retention) {
  const NodeConfig bare = good("party = \"XA\"\n");
  EXPECT_EQ(format_period(bare.retention.tracing), "10 years");
  EXPECT_EQ(format_period(bare.retention.protocol), "1 year");
  EXPECT_EQ(format_period(bare.retention.other), "1 year");
  EXPECT_EQ(bare.retention.at_minute, 210u);
  const NodeConfig full = good("party = \"XA\"\n[retention]\ntracing = \"never\"\n"
                               "protocol = \"90 days\"\nother = \"18 months\"\nat = \"00:05\"\n");
  EXPECT_TRUE(full.retention.tracing.is_never());
  EXPECT_EQ(format_period(full.retention.protocol), "90 days");
  EXPECT_EQ(format_period(full.retention.other), "18 months");
  EXPECT_EQ(full.retention.at_minute, 5u);

  expect_refused("party = \"XA\"\n[retention]\nacts = \"never\"\n", "3:1", "unknown key");
  expect_refused("party = \"XA\"\n[retention]\nat = \"24:00\"\n", "3:6", "not a time of day");
  for (const char* wrong : {"", "0 years", "1 years", "2 year", "101 years", "36501 days", "01 year",
                            "-1 year", "1  year", "1 year ", "10", "years", "Never", "99999999999 years"})
    expect_refused("party = \"XA\"\n[retention]\nother = \"" + std::string(wrong) + "\"\n", "3:9",
                   "this is no period");
}

TEST(Period, EndsByTheCalendar) {
  const auto end = [](const char* period, const char* from) {
    return format_utc(end_of_period(*parse_period(period), *parse_utc(from)));
  };
  EXPECT_EQ(end("90 days", "2026-11-23T10:00:00Z"), "2027-02-21T10:00:00Z");
  EXPECT_EQ(end("1 year", "2026-11-23T10:00:00Z"), "2027-11-23T10:00:00Z");
  EXPECT_EQ(end("10 years", "2026-11-23T23:59:59Z"), "2036-11-23T23:59:59Z");
  EXPECT_EQ(end("18 months", "2026-11-30T10:00:00Z"), "2028-05-30T10:00:00Z");
  EXPECT_EQ(end("1 month", "2027-01-31T10:00:00Z"), "2027-02-28T10:00:00Z");
  EXPECT_EQ(end("1 year", "2028-02-29T10:00:00Z"), "2029-02-28T10:00:00Z");
  EXPECT_EQ(end("1 month", "2026-12-01T00:00:00Z"), "2027-01-01T00:00:00Z");
  EXPECT_EQ(end_of_period(*parse_period("never"), 1), 0u);
}

TEST_F(ConfigTest, Console) {
  const std::string head = "party = \"XA\"\n[console]\n";
  const NodeConfig c = good(head + "port = 8787\nidle_minutes = 1\nconfirm_minutes = 60\n");
  EXPECT_EQ(c.console.port, 8787u);
  EXPECT_EQ(c.console.idle_minutes, 1u);
  EXPECT_EQ(c.console.confirm_minutes, 60u);
  for (const NodeConfig& usual :
       {good("party = \"XA\"\n"), *load_config(test::in_tree("config/examples/focal.toml"))}) {
    EXPECT_TRUE(usual.console.enabled);
    EXPECT_EQ(usual.console.idle_minutes, 15u);
    EXPECT_EQ(usual.console.confirm_minutes, 5u);
  }
  for (const char* value : {"0", "61", "-1"}) {
    expect_refused(head + "idle_minutes = " + value + "\n", "3:16", "idle_minutes");
    expect_refused(head + "confirm_minutes = " + value + "\n", "3:19", "confirm_minutes");
  }
}

}  // namespace
}  // namespace focal::config
