// Goal: a node's desk tells what happens on its loop: topics to subscribers, records into the
// folder, numbers to the page; what is wrong with folder or program stands in the status; nothing
// of it holds the loop up, and a loop that stands still gives no sign of life.
// Method: a whole node with its loop and gate; acts through the desk; a folder that is full or
// away; a task that keeps the loop busy.
#include <gmock/gmock.h>

#include "node/desk/export_job.h"
#include "tests/unit/desk/release_fixture.h"
#include "tests/unit/telling/script.h"

namespace focal::desk {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Told : public ReleaseTest {
 protected:
  // With what the test configures.
  void restart(const std::function<void(config::NodeConfig&)>& configure) {
    stop();
    auto config = must(config::load_config(folder_ / "node" / node::kConfigFile));
    config.listen = "tcp://127.0.0.1:0";
    config.gate_program = test::in_build("bin/focal-gate");
    configure(config);
    node_ = must(node::Node::open(std::move(config), secret("a test passphrase"), read_clocks()));
    desk_ = std::make_unique<Desk>(*node_, crypto::kKdfTest);
    desk_->tell_others();
    loop_ = std::thread([this] { ended_ = node_->run(); });
  }
  template <typename Test>
  static bool eventually(const Test& test) {
    for (int i = 0; i < 1000; ++i) {
      if (test()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }
  std::vector<Topic> heard(EventHub::Subscription& by) {
    std::vector<Topic> out;
    for (const Event& each : by.wait(std::chrono::steady_clock::now()).events)
      out.push_back(each.topic);
    return out;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& each : std::filesystem::directory_iterator(spool()))
      if (each.is_regular_file() && each.path().filename().string().front() != '.')
        out.push_back(each.path().filename());
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<std::string> of_case(const std::string& number) const {
    std::vector<std::string> out;
    for (const std::string& name : files())
      if (test::text_of(spool() / name).find("\"case_number\":\"" + number + "\"") != std::string::npos)
        out.push_back(name);
    return out;
  }
  std::filesystem::path spool() const { return folder_ / "spool"; }
  std::vector<std::string> warnings() {
    const auto status = must(desk_->status({}));
    return {status.warnings().begin(), status.warnings().end()};
  }
};

TEST_F(Told, ActsAreHeardByTopic) {
  auto by = desk_->events().subscribe();
  must(open(kJo, false));
  EXPECT_THAT(heard(by), testing::IsSupersetOf({Topic::kCases, Topic::kOutbox, Topic::kLedger}));
  EXPECT_EQ(code(open(kJo)), ErrorCode::kAwaitsRelease);
  EXPECT_THAT(heard(by), Contains(Topic::kReleases));
  v1::PeerSuspendRequest suspend;
  suspend.set_party("XB");
  suspend.set_reason("test");
  must(desk_->peer_suspend(suspend, as(kJo)));
  EXPECT_THAT(heard(by), Contains(Topic::kPeers));
  must(add("kim", 40'021, {"OFFICER"}, kAda));
  EXPECT_THAT(heard(by), Contains(Topic::kStatus));
  // Looking changes nothing; what the gate says of its calls may come in between.
  EXPECT_TRUE(eventually([&] {
    heard(by);
    must(desk_->inbox({}));
    must(desk_->status({}));
    return heard(by).empty();
  }));
}

TEST_F(Told, TheEndOfTheDeskEndsEveryWait) {
  auto by = desk_->events().subscribe();
  std::thread ender([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    desk_->events().close();
  });
  const auto late = std::chrono::steady_clock::now() + std::chrono::minutes(5);
  bool closed = false;
  while (!closed && std::chrono::steady_clock::now() < late) closed = by.wait(late).closed;
  EXPECT_TRUE(closed);
  ender.join();
}

TEST_F(Told, APulseComesOnlyFromALoopThatTurns) {
  stop();
  std::atomic<int> pulses{0};
  auto config = must(config::load_config(folder_ / "node" / node::kConfigFile));
  config.listen = "tcp://127.0.0.1:0";
  config.gate_program = test::in_build("bin/focal-gate");
  node_ = must(node::Node::open(std::move(config), secret("a test passphrase"), read_clocks()));
  desk_ = std::make_unique<Desk>(*node_, crypto::kKdfTest);
  node_->set_pulse([&](const Now&) { ++pulses; });
  loop_ = std::thread([this] { ended_ = node_->run(); });
  ASSERT_TRUE(eventually([&] { return pulses > 3; })) << "also with nothing to do";
  int during = -1;
  ASSERT_TRUE(node_->perform([&](const Now&) -> Status {
    const int before = pulses;
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    during = pulses - before;
    return {};
  }).has_value());
  EXPECT_EQ(during, 0) << "the loop stood still";
  EXPECT_TRUE(eventually([&] { return pulses > 5; }));
}

TEST_F(Told, RecordsThatTakeEffectAppearInTheFolder) {
  std::filesystem::create_directory(spool());
  must(open(kJo, false));  // before the folder was named: not told
  restart([this](config::NodeConfig& c) { c.exports.folder = spool(); });
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(spool() / kExportPositionFile); }));
  must(open(kJo, false));
  ASSERT_TRUE(eventually([&] { return files().size() == 1; }));
  const std::string first = files()[0];
  const std::string notice = test::text_of(spool() / first);
  EXPECT_THAT(notice, HasSubstr("\"kind\":\"trace.request\",\"case_number\":\"T-2\",\"party\":\"XA\""));
  EXPECT_EQ(notice.find("Kestrel"), std::string::npos) << "no content";
  std::filesystem::remove(spool() / first);
  must(open(kJo, false));  // written by this node or by the next one
  restart([this](config::NodeConfig& c) {
    c.exports.folder = spool();
    c.exports.content = true;
  });
  must(open(kJo, false));
  ASSERT_TRUE(eventually([&] { return of_case("T-4").size() == 1; })) << testing::PrintToString(files());
  EXPECT_THAT(of_case("T-1"), IsEmpty());
  EXPECT_THAT(of_case("T-2"), IsEmpty()) << "it was taken";
  EXPECT_THAT(of_case("T-3"), SizeIs(1));
  std::string name = of_case("T-4")[0];
  name.replace(name.find(".json"), 5, ".record.json");
  EXPECT_THAT(test::text_of(spool() / name), HasSubstr("Kestrel"));
  EXPECT_TRUE(eventually([&] { return must(desk_->metrics({})).export_behind == 0; }));
}

TEST_F(Told, AFolderThatIsAwayHoldsNothingUpAndIsSaid) {
  restart([this](config::NodeConfig& c) { c.exports.folder = spool(); });
  ASSERT_TRUE(eventually([&] {
    return !warnings().empty() && testing::Value(warnings(), Contains(HasSubstr("the export folder")));
  }));
  EXPECT_TRUE(must(desk_->metrics({})).export_failed);
  must(open(kJo, false));
  std::filesystem::create_directory(spool());
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(spool() / kExportPositionFile); }));
  must(open(kJo, false));
  ASSERT_TRUE(eventually([&] { return files().size() == 1; }));
  EXPECT_FALSE(must(desk_->metrics({})).export_failed);
  EXPECT_THAT(warnings(), testing::Not(Contains(HasSubstr("the export folder"))));
}

// The job alone, a step at a time.
TEST_F(Told, AFolderThatNobodyEmptiesIsLeftAlone) {
  std::filesystem::create_directory(spool());
  config::ExportSettings settings;
  settings.folder = spool();
  ExportJob job(*node_, settings, [this] { return desk_->events().newest(); });
  Now now = read_clocks();
  const auto step = [&] {
    now.mono_ms += kExportAgainMs;
    while (job.step(now)) {}
  };
  step();
  for (std::size_t i = 0; i < kMostExported; ++i)
    std::ofstream(spool() / ExportFolder::file_name({static_cast<store::LeafIndex>(i), 0, "", ""}));
  must(open(kJo, false));
  step();
  ExportJob fresh(*node_, settings, [this] { return desk_->events().newest(); });
  while (fresh.step(now)) {}
  EXPECT_THAT(fresh.state().trouble, HasSubstr("nobody takes them"));
  const std::size_t before = files().size();
  for (const std::string& name : files()) std::filesystem::remove(spool() / name);
  must(open(kJo, false));
  now.mono_ms += kExportAgainMs;
  while (fresh.step(now)) {}
  EXPECT_EQ(fresh.state().trouble, "");
  EXPECT_GE(before, kMostExported);
  EXPECT_THAT(files(), SizeIs(1));
}

// The second of two files cannot get its name; the first has it, and is taken away.
TEST_F(Told, WhatWasBrokenOffIsFinishedAndNotDoneAgain) {
  std::filesystem::create_directory(spool());
  config::ExportSettings settings;
  settings.folder = spool();
  ExportJob job(*node_, settings, [this] { return desk_->events().newest(); });
  Now now = read_clocks();
  while (job.step(now)) {}
  must(open(kJo, false));
  must(open(kJo, false));
  store::LeafIndex second = 0;
  for (const auto& leaf : sent()) second = static_cast<store::LeafIndex>(leaf.index());
  const std::string blocked = ExportFolder::file_name({second, 0, "", ""});
  std::filesystem::create_directory(spool() / blocked);
  while (job.step(now)) {}
  EXPECT_NE(job.state().trouble, "");
  ASSERT_THAT(of_case("T-1"), SizeIs(1));
  std::filesystem::remove(spool() / of_case("T-1")[0]);
  std::filesystem::remove(spool() / blocked);
  now.mono_ms += kExportAgainMs;
  while (job.step(now)) {}
  EXPECT_EQ(job.state().trouble, "");
  EXPECT_THAT(of_case("T-1"), IsEmpty()) << "it was taken";
  EXPECT_THAT(of_case("T-2"), SizeIs(1));
}

TEST_F(Told, AFolderOfAnotherLedgerIsRefused) {
  std::filesystem::create_directory(spool());
  ASSERT_TRUE(ExportFolder(spool()).put({}, {5, Hash32{9}}).has_value());
  restart([this](config::NodeConfig& c) { c.exports.folder = spool(); });
  EXPECT_TRUE(eventually([&] {
    return testing::Value(warnings(), Contains(HasSubstr("belongs to another ledger")));
  }));
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(Told, TheNotifyProgramIsToldWhatWaits) {
  const auto noted = folder_ / "noted";
  const auto program = test::write_script(folder_ / "tell", "cat >> " + noted.string());
  EXPECT_EQ(code(open(kJo)), ErrorCode::kAwaitsRelease);
  const auto configure = [&](config::NodeConfig& c) { c.notify.program = program; };
  restart(configure);
  ASSERT_TRUE(eventually([&] { return !test::text_of(noted).empty(); }));
  const std::string line = "{\"party\":\"XA\",\"state\":\"RUNNING\",\"needs_action\":0,\"overdue\":0,"
                           "\"releases\":1,\"failed\":0,\"urgency\":\"ACTION\"}\n";
  EXPECT_EQ(test::text_of(noted), line);
  restart(configure);
  ASSERT_TRUE(eventually([&] { return must(desk_->metrics({})).attention.releases == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(test::text_of(noted), line) << "not again after a restart";
}

TEST_F(Told, ThePageSaysHowTheNodeIs) {
  must(open(kJo, false));
  const Metrics m = must(desk_->metrics({0, 7, 0, 1, 0}));
  EXPECT_EQ(m.party, "");
  EXPECT_THAT(m.parties, IsEmpty());
  EXPECT_GT(m.leaves, 5u);
  EXPECT_EQ(m.outbox.at("READY"), 1u);
  EXPECT_EQ(m.peers, 1u);
  EXPECT_EQ(m.peers_linkable, 1u);
  EXPECT_EQ(m.links_up, 0u);
  EXPECT_EQ(m.attention.open_cases, 1u);
  EXPECT_EQ(m.responses[1], 7u);
  EXPECT_GT(m.card_expires_s, 300 * 86'400.0);
  EXPECT_GT(m.seal_expires_s, 50 * 86'400.0);
  EXPECT_FALSE(m.backup_age_s.has_value());
  EXPECT_FALSE(m.export_behind.has_value());
  const std::string page = render(m);
  EXPECT_THAT(page, HasSubstr("focal_run_state{state=\"RUNNING\"} 1\n"));
  EXPECT_EQ(page.find("XB"), std::string::npos) << "no party";
  EXPECT_EQ(page.find("Kestrel"), std::string::npos) << "no content";

  v1::OutboxCancelRequest cancel;
  cancel.set_id(must(desk_->outbox_list({})).entries(0).id());
  cancel.set_reason("test");
  must(desk_->outbox_cancel(cancel, as(kJo)));
  EXPECT_EQ(must(desk_->metrics({})).ended.cancelled, 1u);

  restart([this](config::NodeConfig& c) {
    c.metrics.parties = true;
    c.backup.folder = folder_ / "backups";
  });
  const Metrics named = must(desk_->metrics({}));
  EXPECT_EQ(named.party, "XA");
  ASSERT_THAT(named.parties, SizeIs(1));
  EXPECT_EQ(named.parties[0].party, "XB");
  ASSERT_TRUE(named.backup_age_s.has_value()) << "none was made yet: since the start";
  EXPECT_LT(*named.backup_age_s, 120);
}

}  // namespace
}  // namespace focal::desk
