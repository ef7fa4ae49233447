// Goal: wherever the power goes, the space ends or the disk fails while a ledger of schema 3 is
// brought to schema 4, there is one or the other, whole, and the next start ends where every start
// ends; the copy that is kept was whole before the first byte of the ledger changed. Method: one
// upgrade is recorded change by change; every change is cut as in cut_test.cc, and fails as in
// no_space_test.cc and io_error_test.cc. Nothing is promised yet, so an error is told, not fatal.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "crypto/hash.h"
#include "node/ledger/migrate.h"
#include "node/ledger/schema.h"
#include "node/ledger/schema_check.h"
#include "node/ledger/sqlite_driver.h"
#include "tests/crash/matrix.h"

namespace focal::crash {
namespace {

namespace fs = std::filesystem;
using Act = Change::Act;

constexpr int kStride = 5;
constexpr std::uint64_t kOldSeed = 77;
constexpr int kNeither = -1;

bool is_of_the_ledger(const std::string& name) {
  return name == ledger::kLedgerFile || name == std::string(ledger::kLedgerFile) + "-wal";
}

Files ledger_files(const Files& all) {
  Files out;
  for (const auto& [name, bytes] : all)
    if (is_of_the_ledger(name)) out.emplace(name, bytes);
  return out;
}

Status upgrade(const fs::path& folder, const ledger::MigrateHook& hook = {}) {
  FOCAL_ASSIGN(const auto db,
               ledger::open_sqlite(folder / ledger::kLedgerFile, ledger::SqliteMode::kWrite));
  return ledger::migrate_older(*db, folder, hook);
}

// 3 or 4 where the file is all of that schema and nothing else, kNeither where it is not.
int schema_of(const fs::path& file) {
  const auto db = ledger::open_sqlite(file, ledger::SqliteMode::kWrite);
  if (!db) return kNeither;
  const auto version = ledger::schema_version(**db);
  if (!version) return kNeither;
  const auto found = ledger::compare_schema(**db, *version);
  const bool whole = found && !found->meta && found->tables.empty() && found->others.empty();
  return whole ? static_cast<int>(*version) : kNeither;
}

// A ledger of schema 3 with records, receipts and a checkpoint, and what becomes of it.
struct Old {
  Files files;
  std::map<ledger::KekId, Hash32> keys;
  Hash32 before{}, after{};
};

const Old& old_ledger() {
  static const Old old = [] {
    Old out;
    World world(kOldSeed);
    begin_run(kOldSeed);
    world.create();
    const auto sent = world.sent(5, {"XB", "XC"});
    world.commit({sent});
    const auto in = world.received(40, "XB");
    world.commit({in, world.receipts_out("XB", ledger::records_of(in))});
    world.commit({world.receipts_in("XB", 1, ledger::refs_of(sent), {1, 1, 19, 1, 1})});
    crypto::SeededRng rng(kOldSeed);
    EXPECT_TRUE(world->make_checkpoint(world.now + kHourMs, crypto::make_signing_key(rng)));
    out.keys = world.keks.keys;
    world.close();
    const fs::path file = world.folder.ledger();
    ledger::run_sql(file, ledger::back_to_schema_3());
    out.before = digest(file);
    out.files[ledger::kLedgerFile] = to_bytes(as_bytes(ledger::read_file(file)));
    EXPECT_EQ(schema_of(file), 3);
    EXPECT_TRUE(upgrade(world.folder.path()));
    out.after = digest(file);
    return out;
  }();
  return old;
}

class UpgradeJudge {
 public:
  UpgradeJudge() : world_(kOldSeed + 100) { world_.keks.keys = old_ledger().keys; }

  // told: migrate_older() had returned. Empty: all is well.
  std::string look(const Files& files, bool told) {
    ++images_;
    Bytes all;
    for (const auto& [name, bytes] : files)
      put_lp(all, name), append(all, crypto::sha256(ByteView(bytes)));
    all.push_back(told ? 1 : 0);
    if (!seen_.insert(crypto::sha256(ByteView(all))).second) return {};
    const Pause pause;
    begin_run(kOldSeed + 1);
    put_files(world_.folder.path(), files);
    std::string wrong = judge(told);
    world_.close();
    return wrong;
  }
  std::string look_here(const fs::path& folder, bool told) {
    Files files;
    for (const auto& entry : fs::directory_iterator(folder))
      if (is_of_the_ledger(entry.path().filename()))
        files[entry.path().filename()] = to_bytes(as_bytes(ledger::read_file(entry.path())));
    return look(files, told);
  }
  int images() const { return images_; }
  std::size_t different() const { return seen_.size(); }
  int old_ones() const { return old_; }
  int new_ones() const { return new_; }

 private:
  std::string judge(bool told) {
    const fs::path file = world_.folder.ledger();
    const int schema = schema_of(file);
    if (schema != 3 && schema != 4) return "of neither schema";
    if (told && schema == 3) return "was told, and is of schema 3";
    ++(schema == 3 ? old_ : new_);
    if (digest(file) != (schema == 3 ? old_ledger().before : old_ledger().after))
      return "other rows";
    if (const Status opened = world_.open(); !opened)
      return "does not start: " + opened.error().message;
    if (digest(file) != old_ledger().after) return "ended elsewhere";
    const auto report = ledger::verify(file);
    if (!report || !report->ok()) return "does not verify";
    const auto more = world_.try_commit({world_.sent(1, {"XB"})});
    return more ? "" : "takes nothing more: " + more.error().message;
  }

  World world_;
  std::set<Hash32> seen_;
  int images_ = 0, old_ = 0, new_ = 0;
};

struct Upgrade {
  Recording run;
  int copied = 0;  // points when the copy was kept
};

const Upgrade& recorded_upgrade() {
  static const Upgrade upgrade_run = [] {
    Upgrade out;
    World world(kOldSeed);
    put_files(world.folder.path(), old_ledger().files);
    begin_run(kOldSeed + 2);
    Progress progress;
    progress.acknowledged = 0;
    Tape tape({}, &progress);
    const Status done = upgrade(world.folder.path(), [&](ledger::MigrateStep step) {
      if (step == ledger::MigrateStep::kChange) out.copied = progress.points;
      if (step == ledger::MigrateStep::kDone) tape.acknowledge();
    });
    if (!done) out.run.failure = done.error().message;
    out.run.events = tape.events();
    out.run.points = progress.points;
    return out;
  }();
  return upgrade_run;
}

// The numbers of the ledger's own files on the tape.
std::set<int> numbers_of_the_ledger(const Recording& run) {
  std::set<int> out;
  for (const Event& event : run.events)
    if (event.change.act == Act::kCreate && is_of_the_ledger(event.change.name))
      out.insert(event.change.file);
  return out;
}

TEST(CrashUpgrade, TheCopyIsWholeBeforeTheLedgerChanges) {
  const auto& [run, copied] = recorded_upgrade();
  ASSERT_EQ(run.failure, "");
  const auto ours = numbers_of_the_ledger(run);
  int before = 0, behind = 0;
  for (const Event& event : run.events) {
    if (event.point == 0 || event.change.act == Act::kUnlink) continue;
    const bool is_ours = ours.contains(event.change.file);
    EXPECT_EQ(is_ours, event.point > copied) << event.point;
    ++(is_ours ? behind : before);
  }
  EXPECT_GT(before, 10);
  EXPECT_GT(behind, 10);
}

TEST(CrashUpgrade, N101_CutAtEveryChangeItIsTheOldOneOrTheNewOne) {
  const Recording& run = recorded_upgrade().run;
  ASSERT_EQ(run.failure, "");
  const auto ours = numbers_of_the_ledger(run);
  const std::vector<int> points = points_to_try(run, kStride);
  UpgradeJudge judge;
  Disk disk;
  int tried = 0;
  const auto look = [&](const Event& event, const Change* certain) {
    for (const Left left : kAllLeft) {
      std::mt19937_64 dice(kOldSeed * 7919 + static_cast<std::uint64_t>(event.point) * 31 +
                           static_cast<std::uint64_t>(left));
      ASSERT_EQ(judge.look(ledger_files(disk.image(left, dice, certain)), event.acknowledged > 0),
                "")
          << "cut at point " << event.point << "; " << name_of(left);
    }
  };
  for (const Event& event : run.events) {
    const bool is_ours = ours.contains(event.change.file);
    if (is_ours && std::binary_search(points.begin(), points.end(), event.point)) {
      ++tried;
      ASSERT_NO_FATAL_FAILURE(look(event, nullptr));
      ASSERT_NO_FATAL_FAILURE(look(event, &event.change));
    }
    disk.apply(event.change);
  }
  ASSERT_NO_FATAL_FAILURE(look(run.events.back(), nullptr));
  EXPECT_GT(judge.old_ones(), 3);
  EXPECT_GT(judge.new_ones(), 3);
  std::printf(
      "crash matrix, upgrade cut: %d points tried x 2 versions x %zu remains = %d images, %zu of "
      "them different; schema 3 in %d, schema 4 in %d\n",
      tried, std::size(kAllLeft), judge.images(), judge.different(), judge.old_ones(),
      judge.new_ones());
}

// Every change fails in turn, the copy's own included; the error is told, and the next start goes
// on.
TEST(CrashUpgrade, N102_AFailureIsToldAndLeavesTheOldOneOrTheNewOne) {
  const Recording& run = recorded_upgrade().run;
  const std::vector<int> points = points_to_try(run, 2 * kStride);
  UpgradeJudge judge;
  int runs = 0, refused = 0;
  for (const Event& event : run.events) {
    if (event.point == 0 || event.change.act == Act::kUnlink ||
        !std::binary_search(points.begin(), points.end(), event.point))
      continue;
    for (const auto kind : {Fault::Kind::kNoSpace, Fault::Kind::kIoError})
      for (const auto effect :
           {Fault::Effect::kNone, Fault::Effect::kHalf, Fault::Effect::kWhole}) {
        const bool is_write = event.change.act == Act::kWrite;
        if (!is_write && (kind == Fault::Kind::kNoSpace || effect == Fault::Effect::kHalf))
          continue;
        SCOPED_TRACE("point " + std::to_string(event.point));
        World world(kOldSeed);
        put_files(world.folder.path(), old_ledger().files);
        begin_run(kOldSeed + 2);
        Progress progress;
        progress.acknowledged = 0;
        Status done;
        {
          Tape tape({kind, event.point, effect, kind == Fault::Kind::kNoSpace}, &progress, false);
          done = upgrade(world.folder.path());
        }
        ++runs;
        ASSERT_TRUE(progress.failed);
        if (!done) {
          ++refused;
          EXPECT_EQ(done.error().code,
                    kind == Fault::Kind::kNoSpace ? ErrorCode::kNoSpace : ErrorCode::kIo)
              << done.error().message;
        }
        ASSERT_EQ(judge.look_here(world.folder.path(), done.has_value()), "");
      }
  }
  EXPECT_GT(refused, 20);
  std::printf(
      "crash matrix, upgrade with a failing disk: %d runs, %d refused, %zu different files "
      "afterwards; schema 3 in %d, schema 4 in %d\n",
      runs, refused, judge.different(), judge.old_ones(), judge.new_ones());
}

}  // namespace
}  // namespace focal::crash
