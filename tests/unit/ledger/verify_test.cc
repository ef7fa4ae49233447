// Goal: `verify` finds every table that disagrees with the leaves, and says so by
// name; record_ids lists what a checker compares. Method: a small ledger with
// everything in it, then one change at a time to a closed copy.
#include "verify_fixture.h"

namespace focal::ledger {
namespace {

TEST_F(Verify, AWholeLedgerHasNoProblems) {
  VerifyOptions options = world.keys();
  options.log_key = key.pk;
  std::uint64_t last = 0;
  options.progress = [&](std::uint64_t done, std::uint64_t all) {
    EXPECT_LE(done, all);
    last = done;
  };
  std::uint64_t clock = 0;
  options.mono_ms = [&] { return clock += 500; };
  const auto report = verify(world.folder.ledger(), options);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->ok()) << report->problems.at(0);
  EXPECT_EQ(report->party, kParty);
  EXPECT_EQ(report->origin, kOrigin);
  EXPECT_EQ(report->leaves, 64u);
  EXPECT_EQ(report->records, 9u);
  EXPECT_EQ(report->batches, 4u);
  EXPECT_EQ(report->receipt_batches, 5u);
  EXPECT_EQ(report->signatures, 9u);
  EXPECT_EQ(report->outbox_rows, 1u);
  EXPECT_EQ(report->notes, 7u);
  EXPECT_EQ(report->cases, 2u);
  EXPECT_EQ(report->checkpoints, 1u);
  ASSERT_TRUE(report->checkpoint);
  EXPECT_EQ(report->checkpoint->size, 64u);
  EXPECT_NE(report->checkpoint->note.find(kOrigin), std::string::npos);
  EXPECT_EQ(last, 64u);
  EXPECT_DOUBLE_EQ(report->leaves_per_s, 128.0);
}

TEST_F(Verify, TheLogAloneIsLookedAtAndNothingElse) {
  more = [&](VerifyOptions& options) {
    options.log_only = true;
    options.log_key = key.pk;
  };
  const VerifyReport whole_log = look();
  EXPECT_TRUE(whole_log.ok()) << whole_log.problems.at(0);
  EXPECT_EQ(whole_log.leaves, 64u);
  EXPECT_EQ(whole_log.checkpoints, 1u);
  EXPECT_EQ(whole_log.records, 0u);
  VerifyOptions options;
  const auto root = verify(world.folder.ledger(), options);
  ASSERT_TRUE(root);
  EXPECT_EQ(whole_log.root, root->root);
  EXPECT_TRUE(after("DELETE FROM outbox;").ok()) << "a table: not looked at";
  EXPECT_TRUE(after("UPDATE rec SET status=19 WHERE idx=3;").ok());
  EXPECT_EQ(after("UPDATE leaf SET bytes=(SELECT bytes FROM leaf WHERE idx=3) WHERE idx=4;")
                .problems.at(0),
            "checkpoint of 64 leaves: its root is not the root of the leaves");
  EXPECT_EQ(after("DELETE FROM leaf WHERE idx=63;").problem_count, 2u);
  EXPECT_EQ(after("UPDATE leaf SET bytes=zeroblob(74) WHERE idx=5;").problems.at(0),
            "leaf 5 has no valid form");
  EXPECT_FALSE(after("DELETE FROM checkpoint;").ok());
  EXPECT_FALSE(after("INSERT INTO tile VALUES(0,0,zeroblob(8192));").ok());
  more = [&](VerifyOptions& log_of_others) {
    log_of_others.log_only = true;
    log_of_others.log_key = crypto::make_signing_key(world.rng).pk;
    log_of_others.read_own_card = {};
  };
  EXPECT_EQ(look().problem_count, 1u) << "another log key";
}

TEST_F(Verify, AnotherLogKeyIsAProblem) {
  VerifyOptions options;
  options.log_key = crypto::make_signing_key(world.rng).pk;
  const auto report = verify(world.folder.ledger(), options);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->problem_count, 1u);
  for (const VerifyVerdict& verdict : verdicts(*report))
    EXPECT_EQ(verdict.problems, verdict.name == "checkpoints" ? 1u : 0u) << verdict.name;
}

TEST_F(Verify, ProblemsAreListedUpToALimitAndAllCounted) {
  const VerifyReport report = after(
      "INSERT INTO rec WITH RECURSIVE n(i) AS (SELECT 19 UNION ALL SELECT i+1 FROM n WHERE i<60) "
      "SELECT i,dir,peer,77,created_ms,status,99,pos,kek,wrapped,ct,shred,"
      "del_after FROM n,rec WHERE idx=0;");
  EXPECT_GT(report.problem_count, kMaxProblemsListed);
  EXPECT_EQ(report.problems.size(), kMaxProblemsListed);
  std::uint64_t all = 0;
  for (const VerifyVerdict& verdict : verdicts(report)) all += verdict.problems;
  EXPECT_EQ(all, report.problem_count);
}

TEST_F(Verify, WorksBesideARunningOwner) {
  ASSERT_TRUE(world.open());
  world.commit({world.sent(1, {"XB"})});
  EXPECT_EQ(world.check().leaves, 65u);
}

// Padding stands only before a checkpoint: without it, one is missing.
TEST_F(Verify, ALostCheckpointShows) {
  expect("DELETE FROM checkpoint;", "the log ends in padding without its checkpoint");
  ASSERT_TRUE(world.open());
  world.commit({world.sent(1, {"XB"})});
  world.close();
  whole = read_file(world.folder.ledger());
  ASSERT_TRUE(look().ok());
  expect("DELETE FROM checkpoint;", "leaf 64 follows padding that has lost its checkpoint");
}

// Each of these once made the walk endless, or went unseen.
TEST_F(Verify, ALeafWithAnImpossibleNumberShows) {
  for (const char* number : {"-5", "4000000000000000", "9223372036854775807"}) {
    const std::string idx(number);
    expect(
        "INSERT INTO leaf SELECT " + idx + ",bytes FROM leaf WHERE idx=63;",
        "the log has a gap: 65 leaves from number " + (idx == "-5" ? "-5 to 63" : "0 to " + idx));
  }
}

TEST_F(Verify, LeavesTilesAndCheckpoints) {
  expect("UPDATE leaf SET bytes=(SELECT bytes FROM leaf WHERE idx=63) WHERE idx=62;",
         "checkpoint of 64 leaves: its root is not the root of the leaves");
  expect("UPDATE leaf SET bytes=zeroblob(74) WHERE idx=40;", "leaf 40 has no valid form");
  expect("DELETE FROM leaf WHERE idx=30;", "leaf 31 does not follow the one before it");
  expect("DELETE FROM leaf WHERE idx=63;", "a checkpoint is larger than the log");
  expect("INSERT INTO tile VALUES(0,0,zeroblob(8192));", "has tiles the leaves do not make");
  expect("UPDATE checkpoint SET root=zeroblob(32);", "says something else");
  expect("UPDATE checkpoint SET note='x';", "checkpoint of 64 leaves");
}

TEST_F(Verify, Records) {
  expect("DELETE FROM rec WHERE idx=1;", "leaf 1 has no record");
  expect(
      "INSERT INTO rec SELECT 50,dir,peer,kind,created_ms,status,batch,pos,kek,wrapped,ct,"
      "shred,del_after FROM rec WHERE idx=0;",
      "leaf 50 has a record but is no record's leaf");
  expect("UPDATE rec SET dir=2 WHERE idx=0;", "leaf 0 has a record of the other direction");
  expect("UPDATE rec SET status=1 WHERE idx=6;", "leaf 6 has a record of another status");
  expect("UPDATE rec SET status=16 WHERE idx=4;", "leaf 4 has a record of another status");
  expect("DELETE FROM seen WHERE idx=2;", "leaf 2 is not the one its record id leads to");
  expect("UPDATE seen SET idx=1 WHERE idx=2;", "leaf 2 is not the one");
  expect("INSERT INTO seen VALUES(1,zeroblob(32),3);",
         "table seen does not name every record once");
  expect("DELETE FROM detail;", "has lost its detail");
  expect("INSERT INTO detail SELECT 4,peer,kek,wrapped,ct FROM detail WHERE idx=10;",
         "leaf 4 has a detail it does not commit to");
}

TEST_F(Verify, ARecordReceivedTwiceShows) {
  // The same id at another time would pass the primary key of seen.
  expect(
      "UPDATE leaf SET bytes=(SELECT bytes FROM leaf WHERE idx=3) WHERE idx=4;"
      "DELETE FROM seen WHERE idx=4; UPDATE rec SET created_ms=5 WHERE idx=4;"
      "INSERT INTO seen SELECT 0,rid,4 FROM seen WHERE idx=3;",
      "has two leaves, 3 and 4");
}

TEST_F(Verify, BatchesAndReceipts) {
  expect("UPDATE batch SET stmt=x'00' WHERE id=1;", "batch 1 has a statement about something else");
  expect("UPDATE batch SET n=2 WHERE id=1;", "batch 1 has a statement about something else");
  expect("UPDATE rec SET pos=2 WHERE idx=4;", "batch 2 has a record that is not at its place");
  expect("UPDATE rec SET batch=7 WHERE idx=4;", "batch 2 has a record that is not at its place");
  expect("DELETE FROM signed;", "batch 1 is missing among the signed statements");
  expect("UPDATE receipt_batch SET first_idx=0 WHERE id=7;", "names leaves that are no received");
  expect("UPDATE receipt_batch SET n=3 WHERE id=7;", "does not follow from the records");
  expect("UPDATE receipt_batch SET idxs=NULL WHERE idxs IS NOT NULL;", "does not follow");
  expect("UPDATE rec SET status=2 WHERE idx=3;", "does not follow from the records it names");
  expect("UPDATE rec SET created_ms=created_ms+1 WHERE idx=3;", "does not follow from the records");
  expect("DELETE FROM receipt_batch WHERE id=7;", "receipt leaves without a receipt batch");
  expect("UPDATE receipt_in SET items=x'00000001ff';", "are not the ones of their leaf");
  expect("DELETE FROM receipt_seen;", "are not the ones their root leads to");
  expect("DELETE FROM receipt_in;", "receipt leaves without a receipt batch");
}

TEST_F(Verify, IdsForTheChecker) {
  const auto refs = [](const std::vector<store::RecordRef>& records) {
    std::vector<Hash32> out;
    for (const auto& ref : records) out.push_back(ref.rid);
    return out;
  };
  EXPECT_EQ(record_ids(world.folder.ledger(), store::LeafType::kSent).value(), refs(refs_of(sent)));
  const auto got = record_ids(world.folder.ledger(), store::LeafType::kReceived);
  ASSERT_TRUE(got);
  std::vector<Hash32> accepted(received.rids.begin(), received.rids.begin() + 3);
  accepted.push_back(request.rid);
  accepted.push_back(second.rid);
  EXPECT_EQ(*got, accepted);
  EXPECT_EQ(record_ids(world.folder.ledger(), store::LeafType::kRejected).value(),
            (std::vector<Hash32>{received.rids[3]}));
  EXPECT_EQ(record_ids(world.folder.ledger(), store::LeafType::kReceiptIn).value(),
            refs(refs_of(sent)));
  EXPECT_FALSE(record_ids(world.folder.path() / "nothing", store::LeafType::kSent));
}

}  // namespace
}  // namespace focal::ledger
