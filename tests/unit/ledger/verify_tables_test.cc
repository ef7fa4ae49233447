// Goal: no table can be emptied or changed without `verify` saying so, except
// where verify.h says that nothing can tell. Method: each change that matters by
// name (verify_evidence_test.cc: every column of every table).
#include "verify_fixture.h"

namespace focal::ledger {
namespace {

TEST_F(Verify, EveryRecordStandsInASignedBatch) {
  expect("DELETE FROM batch WHERE id%2=0;", "leaf 3 has a record in no batch");
  expect("UPDATE batch SET sig=zeroblob(64);", "batch 1 has a signature that does not verify");
  expect("UPDATE batch SET sig=zeroblob(64);", "batch 2 has a signature that does not verify");
  expect("UPDATE batch SET sig=x'00';", "batch 1 has no signature");
  expect("UPDATE batch SET first_idx=-1 WHERE id=1;", "batch 1 covers leaves that no batch can");
  expect("UPDATE batch SET n=1000000 WHERE id=1;", "batch 1 covers leaves that no batch can");
  expect("UPDATE batch SET n=9223372036854775807 WHERE id=1;", "batch 1 covers leaves");
  expect("UPDATE batch SET first_idx=64 WHERE id=1;", "batches behind the end of the log");
  expect("DELETE FROM rec WHERE idx=1;", "batch 1 lacks records");
  expect("INSERT INTO signed VALUES(zeroblob(32));", "roots of statements that are not here");
}

TEST_F(Verify, ARecordKeepsItsParty) {
  const std::string party = "INSERT INTO party VALUES(99,'XQ');";
  expect(party + "UPDATE rec SET peer=99 WHERE idx=4;", "batch 2 has records of two parties");
  expect(party + "UPDATE rec SET peer=99;", "batch 2 has a statement of XB, not XQ");
  expect(party + "UPDATE rec SET peer=99;", "batch 1 was sent and its outbox row is missing");
  expect(party + "UPDATE receipt_batch SET peer=99 WHERE id=7;", "names records of another party");
  expect(party + "UPDATE receipt_in SET peer=99;", "has a statement of XB, not XQ");
  expect("UPDATE party SET name='XQ' WHERE name='XB';", "has a statement of XB, not XQ");
  expect(party + "UPDATE rec SET peer=99 WHERE idx=1;", "batch 1 has records to two first");
  expect("UPDATE outbox SET peer=99;", "batch 1 has an outbox row of a party without a name");
  expect("UPDATE cases SET peer=99;", "case 1 is with a party without a name");
  expect("UPDATE rec SET peer=99 WHERE idx=4;", "leaf 4 has a record of a party without a name");
  expect("UPDATE rec SET kind=99 WHERE idx=4;", "leaf 4 has a record of a kind without a name");
}

TEST_F(Verify, ReceiptsAreSigned) {
  expect("UPDATE receipt_batch SET sig=zeroblob(64) WHERE id=7;",
         "receipt batch at leaf 7 has a signature that does not verify");
  expect("UPDATE receipt_in SET sig=zeroblob(64);",
         "receipt batch received at leaf 9 has a signature that does not verify");
  expect("DELETE FROM signed;", "receipt batch at leaf 7 is missing among the signed statements");
}

TEST_F(Verify, WithoutKeysSignaturesAreOnlyMeasured) {
  tamper(world.folder.ledger(), "UPDATE batch SET sig=zeroblob(64);");
  const auto report = verify(world.folder.ledger());
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->ok());
  EXPECT_EQ(report->signatures, 0u);
  EXPECT_FALSE(look().ok());  // with keys
}

TEST_F(Verify, NoRowIsWithoutItsLeaf) {
  expect("INSERT INTO detail SELECT 500,peer,kek,wrapped,ct FROM detail WHERE idx=10;",
         "table detail has details without a leaf");
  expect(
      "INSERT INTO rec SELECT 500,dir,peer,kind,created_ms,status,batch,pos,kek,wrapped,ct,"
      "shred,del_after FROM rec WHERE idx=0;",
      "table rec has records without a leaf");
  expect("UPDATE receipt_batch SET id=20 WHERE id=7;", "receipt batch at leaf 20 has no leaf");
  expect("UPDATE receipt_batch SET id=500 WHERE id=7;", "table receipt_batch has rows without");
  expect("UPDATE receipt_in SET id=20;", "receipts at leaf 20 have no leaf");
  expect("UPDATE receipt_in SET id=500;", "table receipt_in has rows without a leaf");
  expect("UPDATE receipt_in SET items=x'00';", "receipts at leaf 9 do not parse");
  expect("INSERT INTO receipt_seen VALUES(zeroblob(32),1,3);", "table receipt_seen has rows");
}

TEST_F(Verify, ASignatureOfACardThatIsNotHereShows) {
  world.add_signer("XB");  // its old key is nobody's now
  ASSERT_TRUE(world.open());
  world.commit({world.received(1, "XB")});
  world.close();
  EXPECT_NE(all_problems(look()).find("batch 4 is signed under a card of XB that is not here"),
            std::string::npos);
}

TEST_F(Verify, CardsAndSchedulesAreThoseOfTheirLeaves) {
  expect("UPDATE card SET note='someone else';", "card at leaf 11 is not the one of its leaf");
  expect("UPDATE card SET note=replace(note,'XB','XC');", "card at leaf 11 is not the one");
  expect("DELETE FROM card;", "has leaves of cards, revocations or directories that are not here");
  expect("INSERT INTO party VALUES(99,'XQ'); UPDATE card SET peer=99;",
         "card at leaf 11 is no card of its party");
  expect("UPDATE own_schedule SET note='x';", "own schedule at leaf 13 is not the one of its leaf");
  expect("DELETE FROM own_schedule;", "has leaves of own schedules that are not here");
  expect("INSERT INTO own_schedule VALUES(500,'x');", "a note has no leaf");
}

TEST_F(Verify, NotesAboutPeersAreThoseOfTheirLeaves) {
  expect("UPDATE revocation SET note=replace(note,'XB','XC');", "revocation at leaf 19 is not the");
  expect("UPDATE revocation SET id=zeroblob(32);", "revocation at leaf 19 is not the one of its");
  expect("INSERT INTO party VALUES(99,'XQ'); UPDATE revocation SET peer=99;",
         "revocation at leaf 19 is of a party that is no peer");
  expect("DELETE FROM revocation;", "has leaves of cards, revocations or directories that are not");
  expect("UPDATE revocation SET idx=500;", "a note has no leaf");
  expect("UPDATE directory SET serial=5;", "directory at leaf 20 is not the one of its row");
  expect("UPDATE directory SET note=note||'x';", "directory at leaf 20 is not the one of its leaf");
  expect("DELETE FROM directory;", "has leaves of cards, revocations or directories that are not");
  expect("UPDATE fork_proof SET a=b;", "fork proof at leaf 21 is not the one of its leaf");
  expect("UPDATE fork_proof SET id=zeroblob(32);", "fork proof at leaf 21 is not the one of its");
  expect("INSERT INTO party VALUES(99,'XQ'); UPDATE fork_proof SET peer=99;",
         "fork proof at leaf 21 is not the one of its row");
  expect("DELETE FROM fork_proof;", "has leaves of fork proofs that are not here");
  expect("UPDATE held_card SET note=replace(note,'XB','XC');", "a held card is not the one of its");
  expect("INSERT INTO party VALUES(99,'XQ'); UPDATE held_card SET peer=99;",
         "a held card is of a party that is no peer");
}

// Where a note stands decides what it does: in another table it would do nothing.
TEST_F(Verify, ANoteDoesNotHideInAnotherTable) {
  const auto move = [](const char* from, const char* into, int idx) {
    const std::string at = " FROM " + std::string(from) + " WHERE idx=" + std::to_string(idx) + ";";
    return "INSERT INTO " + std::string(into) + " SELECT " +
           (std::string_view(into) == "card" ? "idx,peer,note" : "idx,note") + at + "DELETE" + at;
  };
  const char* not_ours = "is no revocation of this node's card";
  expect(move("revocation", "own_revocation", 19), not_ours);
  expect(move("revocation", "own_revocation", 19), "note at leaf 19 is in no row of its party");
  expect(move("card", "own_revocation", 11), not_ours);
  expect(move("directory", "own_revocation", 20), not_ours);
  expect(move("revocation", "card", 19), "card at leaf 19 is no card of its party");
  expect("INSERT INTO revocation SELECT idx,peer,zeroblob(32),note FROM card WHERE idx=11;"
         "DELETE FROM card WHERE idx=11;", "revocation at leaf 11");
  expect("INSERT INTO revocation SELECT idx,peer,id,note FROM directory WHERE idx=20;"
         "DELETE FROM directory WHERE idx=20;", "is no note of its table");
}

TEST_F(Verify, DecisionsAboutPartiesAreThoseOfTheLog) {
  expect("DELETE FROM peer_act;", "has decisions about parties that are not listed");
  expect("UPDATE peer_act SET idx=3 WHERE idx=21;", "act at leaf 3 is not about its party");
  expect("UPDATE peer_act SET peer=99;", "is not about its party");
  expect("UPDATE peer_act SET idx=500 WHERE idx=21;", "a note has no leaf");
}

TEST_F(Verify, TrustHasALeaf) {
  expect("UPDATE detail SET peer=NULL;", "peer XB is trusted without a leaf that says so");
  expect("UPDATE peer SET verified_ms=verified_ms+1;", "peer XB is trusted without a leaf");
  expect("INSERT INTO party VALUES(99,'XQ'); INSERT INTO peer VALUES(99,2,0,0,'',0,0,'','',x'');",
         "peer XQ has no card");
  expect("DELETE FROM peer;", "a card is of a party that is no peer");
}

TEST_F(Verify, WhatWasSentIsInTheOutbox) {
  expect("DELETE FROM outbox;", "batch 1 was sent and its outbox row is missing");
  expect("UPDATE outbox SET done=x'0401';", "an outbox row for another number of items");
  expect("UPDATE outbox SET done=x'0300';", "an outbox row that ended with open items");
  expect(
      "INSERT INTO outbox SELECT 9,peer,lane,state,tries,next_ms,created_ms,expires_ms,done,"
      "kek,wrapped,reason,receipts FROM outbox;",
      "table outbox has rows of batches that were not sent");
}

TEST_F(Verify, CasesConsistOfTheirRecords) {
  expect("DELETE FROM case_event;", "case 1 has no event");
  expect("DELETE FROM cases;", "table case_event has events of no case");
  expect("DELETE FROM case_event; DELETE FROM cases;", "does not name every record of a case once");
  expect("UPDATE case_event SET idx=63;", "case 1 has an event that is no record");
  expect("UPDATE case_event SET idx=3;", "case 1 has an event that is not what its record says");
  expect("UPDATE case_event SET sender=sender+1;", "an event that is not what its record says");
  expect("UPDATE case_event SET kind=kind+1;", "an event that is not what its record says");
  expect("UPDATE cases SET root_rid=zeroblob(32);", "case 1 has another root than its events");
  expect("UPDATE rec SET kind=(SELECT kind FROM rec WHERE idx=3) WHERE idx=14;",
         "an event that is not what its record says");
  expect("INSERT INTO case_event SELECT 1,200,reply_rid,reply_ms,kind,sender FROM case_event "
         "WHERE case_id=1;",
         "table case_event has events of no case");
}

TEST_F(Verify, DecisionsAboutCasesAreThoseOfTheLog) {
  expect("UPDATE case_link SET verdict=2;", "a link of case 1 is not what its newest leaf says");
  expect("UPDATE case_link SET idx=10;", "a link of case 1 is not what its newest leaf says");
  expect("UPDATE case_link SET idx=900;", "a link of case 1 is not what its newest leaf says");
  expect("UPDATE case_link SET b=3;", "a link of case 1 is with a case that is not here");
  expect("DELETE FROM case_link;", "has lost a decision about two cases");
  expect("INSERT INTO case_link VALUES(2,7,1,18);", "a link of case 2 is not what its newest leaf");
}

TEST_F(Verify, RowsOfTheDeskAreThoseOfTheLog) {
  EXPECT_EQ(look().desk_rows, 1u);
  expect("UPDATE desk_row SET idx=24;", "person 1 is not what its newest leaf says");
  expect("UPDATE desk_row SET idx=900;", "person 1 is not what its newest leaf says");
  expect("UPDATE desk_row SET open=0;", "person 1 is not what its newest leaf says");
  expect("UPDATE desk_row SET id=2;", "person 2 is not what its newest leaf says");
  expect("UPDATE desk_row SET tab=2;", "act for release 1 is not what its newest leaf says");
  expect("DELETE FROM desk_row;", "table desk_row has lost a person or an act for release");
}

TEST_F(Verify, TheDetailOfABatchIsOneAndStandsBesideItsFirstLeaf) {
  expect("DELETE FROM detail WHERE idx=0;", "leaf 0 has lost its detail");
  expect("UPDATE detail SET idx=1 WHERE idx=0;", "leaf 1 commits to another detail than its batch");
  expect("UPDATE leaf SET bytes=CAST(substr(bytes,1,42)||zeroblob(32) AS BLOB) WHERE idx=1;",
         "leaf 1 commits to another detail than its batch");
  expect("UPDATE leaf SET bytes=CAST(substr(bytes,1,42)||zeroblob(32) AS BLOB) WHERE idx=0;",
         "leaf 0 has a detail it does not commit to");
}

TEST_F(Verify, TheSearchIndexIsOfRecords) {
  EXPECT_EQ(look().index_tags, 1u);
  expect("UPDATE index_tag SET idx=7;", "table index_tag has tags of no record");
  expect("UPDATE index_tag SET idx=700;", "table index_tag has tags of no record");
  expect("UPDATE index_block SET last_idx=700;", "table index_block has blocks of no leaves");
  expect("UPDATE index_block SET first_idx=last_idx+1;", "table index_block has blocks of no");
  expect("DELETE FROM index_state;", "table index_state does not say what is indexed");
  expect("UPDATE index_state SET target=700;", "table index_state does not say what is indexed");
}

}  // namespace
}  // namespace focal::ledger
