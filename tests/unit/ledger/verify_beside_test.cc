// Goal: a node may go on writing while its ledger is verified, at any moment,
// without a problem being seen that is none. Method: the reader's connection is
// wrapped; before its n-th statement the owner commits one of everything and a
// checkpoint, for every n.
#include "node/ledger/sqlite_driver.h"
#include "node/ledger/verify_parts.h"
#include "verify_fixture.h"

namespace focal::ledger {
namespace {

class Interrupted final : public Driver {
 public:
  Interrupted(Driver& real, int before, std::function<void()> what)
      : real_(real), left_(before), what_(std::move(what)) {}
  Result<Statement*> prepare(const char* sql) override {
    if (left_-- == 0) what_();
    return real_.prepare(sql);
  }
  Status run_script(const char* sql) override { return real_.run_script(sql); }
  Status begin() override { return real_.begin(); }
  Status commit() override { return real_.commit(); }
  void rollback() override { real_.rollback(); }
  std::int64_t changes() const override { return real_.changes(); }
  Status quick_check() override {
    if (left_-- == 0) what_();
    return real_.quick_check();
  }
  void tidy(bool idle) override { real_.tidy(idle); }
  Result<bool> truncate_wal() override { return real_.truncate_wal(); }
  void begin_reading() override { real_.begin_reading(); }
  void end_reading() override { real_.end_reading(); }
  void end_process_on_failure() override { real_.end_process_on_failure(); }
  bool reached() const { return left_ < 0; }

 private:
  Driver& real_;
  int left_;
  std::function<void()> what_;
};

class VerifyBeside : public Verify {
 protected:
  // The n-th group: records both ways, receipts both ways, a case, a new peer that
  // is verified, a schedule, a checkpoint.
  void commit_everything(int n) {
    world.now += 60'000;
    const std::string party = "X" + std::to_string(100 + n);
    world.add_signer(party);
    const auto card = world.pin(party);
    auto in = world.received(2, "XB");
    in.records[0].record.kind = "trace.request";
    const auto root = in.records[0].record.ref;
    const store::CaseId id = world->next_case_id();
    const auto out = world.sent(2, {"XB", party});
    world.commit(
        {card,
         store::SetTrust{party, card.card_id, store::PeerLevel::kVerified, store::Suspension::kNone, "PHONE", "by jo"},
         in, world.receipts_out("XB", records_of(in)), store::PutCase{case_of(root, world.now, id)},
         event_of(root, id), out, store::PutSchedule{kParty, "schedule " + std::to_string(n)}});
    world.commit(
        {world.receipts_in("XB", world->find(out.records[0].ref)->batch, refs_of(out), {1, 1})});
    ASSERT_TRUE(world->make_checkpoint(world.now, key));
  }
};

TEST_F(VerifyBeside, NothingIsMistakenForAProblem) {
  int n = 0;
  for (bool reached = true; reached; ++n) {
    ASSERT_TRUE(world.open());
    {
      auto db = open_sqlite(world.folder.ledger(), SqliteMode::kReadOnly);
      ASSERT_TRUE(db);
      const auto meta = read_meta(**db);
      ASSERT_TRUE(meta);
      Interrupted driver(**db, n, [&] { commit_everything(n); });
      VerifyReport report;
      VerifyOptions options = world.keys();
      options.log_key = key.pk;
      ASSERT_TRUE(verify_ledger(driver, *meta, options, report));
      EXPECT_TRUE(report.ok()) << "before statement " << n << ": " << report.problems.front();
      reached = driver.reached();
    }
    world.close();
    put_back();
  }
  EXPECT_GT(n, 20);
}

}  // namespace
}  // namespace focal::ledger
