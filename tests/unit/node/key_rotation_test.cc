// Goal: after an erasure and the night that follows nothing opens what was erased: no file of the ledger,
// no older copy of it, with all that the keystore still holds; and everything else still opens.
// Method: a real ledger and keystore with words planted wherever content may be; copies of the files at
// several moments, searched as they are and opened with the keystore of today; a child killed behind
// every step of the rotation; a reader in the way, a backup that fails.
#include "node/node/key_rotation.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "node/ledger/keystore_kek.h"
#include "node/ledger/ledger_copy.h"
#include "node/ledger/sqlite_driver.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/ledger/ledger_world.h"

namespace focal::node {
namespace {

namespace fs = std::filesystem;
using ledger::kNow;

constexpr char kCanary[] = "content KALASHNIKOWORD";
constexpr char kOther[] = "content OCELOTWORD";
constexpr char kSerial[] = "GIRAFFE77";

struct Opened {  // a ledger in a folder, with a keystore
  std::unique_ptr<crypto::SystemRng> rng = std::make_unique<crypto::SystemRng>();
  std::unique_ptr<crypto::Keystore> keystore;
  std::unique_ptr<ledger::KeystoreKek> ring;
  std::unique_ptr<ledger::Ledger> ledger;
};

class RotationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    crypto::init();
    fs::create_directory(folder());
    auto made = crypto::Keystore::create(keystore_file(), passphrase_, crypto::kKdfTest, rng_);
    ASSERT_TRUE(made.has_value()) << made.error().message;
    ledger::KeystoreKek ring(*made, rng_);
    auto created = ledger::Ledger::create(folder(), "XA", ledger::kOrigin, ring, rng_);
    ASSERT_TRUE(created.has_value()) << created.error().message;
  }
  fs::path folder() const { return temp_ / "node"; }
  fs::path keystore_file() const { return temp_ / "keystore.focalkey"; }

  // `at`: the folder of a ledger; always with the keystore of today.
  Opened open(const fs::path& at) {
    Opened out;
    out.keystore = std::make_unique<crypto::Keystore>(
        *crypto::Keystore::open(keystore_file(), passphrase_));
    out.ring = std::make_unique<ledger::KeystoreKek>(*out.keystore, *out.rng);
    auto opened = ledger::Ledger::open(at, *out.ring, *out.rng);
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    if (opened) out.ledger = std::move(*opened);
    return out;
  }
  static void commit(Opened& at, std::vector<store::Op> ops) {
    const auto done = at.ledger->commit({kNow, std::move(ops)});
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  // One batch of two records with a release, found by a serial number; and others of the same key.
  void fill(Opened& at) {
    auto sent = world_.sent(2, {"XB"}, kCanary);
    for (auto& record : sent.records) record.kind = "trace.request";
    sent.detail = "released because of KALASHNIKOWORD";
    erased_ = {sent.records[0].ref, sent.records[1].ref};
    store::PutIndex index;
    index.ref = erased_[0];
    index.keys = {{"serial", kSerial, 1}};
    index.readings = {{1, kSerial, "77"}};
    commit(at, {sent, index});
    commit(at, {store::SetOutbox{1, "XB", store::OutboxState::kHeld, "waits for KALASHNIKOWORD", 0,
                                 0}});
    auto kept = world_.sent(3, {"XB"}, kOther);
    for (auto& record : kept.records) record.kind = "trace.request";
    for (const auto& record : kept.records) kept_.push_back(record.ref);
    commit(at, {kept, store::PutAdmin{{}, "who and why OCELOTWORD"}});
    admin_ = at.ledger->log_size() - 1;
  }
  void erase(Opened& at) {
    commit(at, {store::PutShred{erased_[0], "by order of a court"},
                store::PutShred{erased_[1], "by order of a court"}});
  }
  static Status run(KeyRotation& rotation, std::uint64_t from_ms = 0) {
    rotation.begin();
    for (std::uint64_t turn = 0; turn < 10'000 && rotation.runs(); ++turn)
      FOCAL_TRY(rotation.tend({from_ms + turn * kTruncateAgainMs, kNow}));
    return rotation.runs() ? Status(fail(ErrorCode::kState, "it does not end")) : Status();
  }
  void expect_others_open(Opened& at) {
    for (const store::RecordRef& ref : kept_) {
      const auto info = at.ledger->find(ref);
      ASSERT_TRUE(info.has_value());
      const auto item = at.ledger->item(info->idx);
      ASSERT_TRUE(item.has_value()) << item.error().message;
      EXPECT_NE(to_string(*item).find("OCELOTWORD"), std::string::npos);
    }
    const auto detail = at.ledger->detail(admin_);
    ASSERT_TRUE(detail.has_value()) << detail.error().message;
    EXPECT_NE(detail->find("OCELOTWORD"), std::string::npos);
  }
  // Everything that the ledger there tells with this keystore, put together.
  std::string told_by(const fs::path& at) {
    Opened opened = open(at);
    std::string out;
    if (!opened.ledger) return out;
    for (store::LeafIndex i = 0; i < opened.ledger->log_size(); ++i) {
      if (const auto item = opened.ledger->item(i)) out += to_string(*item);
      if (const auto detail = opened.ledger->detail(i)) out += *detail;
    }
    for (const auto& row : opened.ledger->recent_outbox(100)) out += row.reason;
    if (!opened.ledger->index_find("serial", kSerial, 1).empty()) out += kSerial;
    for (const auto& name : serials_of(opened)) out += name;
    return out;
  }
  static std::vector<std::string> serials_of(Opened& at) {
    std::vector<std::string> out;
    if (at.ledger->serials().size() != 0) out.emplace_back(kSerial);
    return out;
  }
  // A copy of the files of the ledger as they lie there now.
  fs::path copy_files(const std::string& name) {
    const fs::path to = temp_ / name;
    fs::create_directory(to);
    for (const char* file : {"ledger.db", "ledger.db-wal"})
      if (fs::exists(folder() / file)) fs::copy_file(folder() / file, to / file);
    return to;
  }

  test::TempFolder temp_;
  crypto::SystemRng rng_;
  crypto::Secret passphrase_ = crypto::Secret::copy_of(as_bytes("a test passphrase"));
  ledger::World world_;  // makes rows; its own ledger is not used
  std::vector<store::RecordRef> erased_, kept_;
  store::LeafIndex admin_ = 0;
};

TEST_F(RotationTest, N104_AnOlderCopyOpensNothingOfWhatWasErased) {
  {
    Opened at = open(folder());
    fill(at);
    at.ledger->idle();
  }
  const fs::path before = copy_files("before");
  {
    Opened at = open(folder());
    erase(at);
    EXPECT_EQ(at.ledger->item(at.ledger->find(erased_[0])->idx).error().code, ErrorCode::kErased);
    expect_others_open(at);
  }
  // The erasure alone reaches no copy: that is why the night follows.
  EXPECT_NE(told_by(before).find("KALASHNIKOWORD"), std::string::npos);
  EXPECT_NE(told_by(before).find(kSerial), std::string::npos);
  {
    Opened at = open(folder());
    KeyRotation rotation(*at.ledger, *at.ring);
    EXPECT_GE(rotation.keys_due(), 1u);
    const Status done = run(rotation);
    ASSERT_TRUE(done.has_value()) << done.error().message;
    EXPECT_EQ(rotation.keys_due(), 0u);
    expect_others_open(at);
    EXPECT_FALSE(at.ledger->index_progress().complete());  // it is made anew
  }
  const std::string told = told_by(before);
  EXPECT_EQ(told.find("KALASHNIKOWORD"), std::string::npos);
  EXPECT_EQ(told.find(kSerial), std::string::npos);
  Opened again = open(folder());
  expect_others_open(again);
  EXPECT_TRUE(again.ledger->find(erased_[0])->shred.has_value());  // that it was here stays
}

TEST_F(RotationTest, N105_NoFileHoldsWhatTheKeystoreOpens) {
  Opened at = open(folder());
  fill(at);
  erase(at);
  // While somebody reads, the write-ahead log keeps the rows: the answer is "not yet".
  {
    auto reader = ledger::open_sqlite(folder() / ledger::kLedgerFile, ledger::SqliteMode::kReadOnly);
    ASSERT_TRUE(reader.has_value());
    (*reader)->begin_reading();
    {
      ledger::Query query(**reader, "SELECT COUNT(*) FROM rec");
      ASSERT_TRUE(query.row());
    }
    commit(at, {store::PutAdmin{{}, "another"}});
    const auto held = at.ledger->truncate_wal();
    ASSERT_TRUE(held.has_value());
    EXPECT_FALSE(*held);
    (*reader)->end_reading();
  }
  const auto washed = at.ledger->truncate_wal();
  ASSERT_TRUE(washed.has_value());
  EXPECT_TRUE(*washed);
  const fs::path files = copy_files("after the erasure");
  KeyRotation rotation(*at.ledger, *at.ring);
  ASSERT_TRUE(run(rotation).has_value());
  const fs::path later = copy_files("after the night");
  at.ledger.reset();
  for (const fs::path& each : {files, later, folder()}) {
    EXPECT_EQ(told_by(each).find("KALASHNIKOWORD"), std::string::npos) << each;
    for (const auto& entry : fs::directory_iterator(each)) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      EXPECT_EQ(bytes.find("KALASHNIKOWORD"), std::string::npos) << entry.path();
      EXPECT_EQ(bytes.find(kSerial), std::string::npos) << entry.path();
    }
  }
  const auto keystore = crypto::Keystore::open(keystore_file(), passphrase_);
  ASSERT_TRUE(keystore.has_value());
  EXPECT_EQ(keystore->find("kek/tracing/2026-11"), nullptr);
  EXPECT_NE(keystore->find("kek/tracing/2026-11.2"), nullptr);
}

// Killed behind every step, the next process goes on to the same end.
TEST_F(RotationTest, AKillBehindAnyStepLosesNothingAndKeepsNothing) {
  for (const RotateStep step :
       {RotateStep::kNewKey, RotateStep::kRewrapped, RotateStep::kTruncated, RotateStep::kBackedUp,
        RotateStep::kIndexKey, RotateStep::kKeyGone}) {
    erased_.clear();
    kept_.clear();
    fs::remove_all(folder());
    fs::remove(keystore_file());
    SetUp();
    {
      Opened at = open(folder());
      fill(at);
      erase(at);
    }
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Opened at = open(folder());
      KeyRotation rotation(*at.ledger, *at.ring, [step](RotateStep now) {
        if (now == step) ::_exit(7);
      });
      static_cast<void>(run(rotation));
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << static_cast<int>(step);
    Opened at = open(folder());
    ASSERT_NE(at.ledger, nullptr) << static_cast<int>(step);
    expect_others_open(at);
    KeyRotation rotation(*at.ledger, *at.ring);
    EXPECT_TRUE(rotation.was_interrupted() || step == RotateStep::kNewKey);
    ASSERT_TRUE(run(rotation).has_value()) << static_cast<int>(step);
    expect_others_open(at);
    EXPECT_EQ(rotation.keys_due(), 0u);
    EXPECT_FALSE(at.ring->find(ledger::kek_id(ledger::KekClass::kTracing, kNow)).has_value());
    std::size_t tracing = 0;
    for (const ledger::KekId id : at.ring->ids())
      tracing += ledger::class_of(id) == ledger::KekClass::kTracing ? 1 : 0;
    EXPECT_EQ(tracing, 1u) << static_cast<int>(step);
    commit(at, {world_.sent(1, {"XB"}, "and life goes on")});
  }
}

TEST_F(RotationTest, ManyRowsAreBroughtOverInSlices) {
  Opened at = open(folder());
  fill(at);
  auto many = world_.sent(3 * kRewrapRows, {"XB"}, kOther);
  for (auto& record : many.records) {
    record.kind = "trace.request";
    kept_.push_back(record.ref);
  }
  commit(at, {many});
  erase(at);
  KeyRotation rotation(*at.ledger, *at.ring);
  rotation.begin();
  int turns = 0;
  for (; rotation.runs() && turns < 1000; ++turns) {
    ASSERT_TRUE(rotation.tend({static_cast<std::uint64_t>(turns) * 1000, kNow}).has_value());
    if (turns == 2) commit(at, {world_.sent(1, {"XB"}, "between two slices")});
  }
  EXPECT_GE(turns, 5);
  expect_others_open(at);
}

TEST_F(RotationTest, WithoutAFreshBackupTheOldKeyStays) {
  Opened at = open(folder());
  fill(at);
  erase(at);
  KeyRotation rotation(*at.ledger, *at.ring);
  int asked = 0;
  Status backup = fail(ErrorCode::kNoSpace, "the disk of the backups is full");
  rotation.set_backup({[&](const Now&) { ++asked; }, [&] { return std::optional<Status>(backup); }});
  rotation.begin();
  Now now{0, kNow};
  for (int i = 0; i < 50; ++i, now.mono_ms += kSecondMs)
    static_cast<void>(rotation.tend(now));
  EXPECT_TRUE(rotation.runs());
  EXPECT_EQ(rotation.trouble(), "the disk of the backups is full");
  const auto old = ledger::kek_id(ledger::KekClass::kTracing, kNow);
  EXPECT_TRUE(at.ring->find(old).has_value());
  backup = {};
  for (int i = 0; i < 200 && rotation.runs(); ++i, now.mono_ms += kSecondMs)
    static_cast<void>(rotation.tend(now));
  EXPECT_FALSE(rotation.runs());
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(rotation.trouble(), "");
  EXPECT_FALSE(at.ring->find(old).has_value());
}

// A keystore that lacks the key of rows that still need it is not "already destroyed".
TEST_F(RotationTest, AKeyThatIsLostIsTroubleAndNothingIsForgotten) {
  Opened at = open(folder());
  fill(at);
  erase(at);
  ASSERT_TRUE(at.ring->destroy(ledger::kek_id(ledger::KekClass::kTracing, kNow)).has_value());
  KeyRotation rotation(*at.ledger, *at.ring);
  rotation.begin();
  EXPECT_EQ(rotation.tend({0, kNow}).error().code, ErrorCode::kKeystore);
  EXPECT_GE(rotation.keys_due(), 1u);
}

TEST_F(RotationTest, WithoutErasuresNothingHappens) {
  Opened at = open(folder());
  fill(at);
  const auto before = at.ring->ids();
  KeyRotation rotation(*at.ledger, *at.ring);
  ASSERT_TRUE(run(rotation).has_value());
  EXPECT_EQ(at.ring->ids(), before);
  EXPECT_TRUE(at.ledger->index_progress().complete());
}

}  // namespace
}  // namespace focal::node
