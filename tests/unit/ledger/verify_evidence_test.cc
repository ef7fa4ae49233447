// Goal: verify misses nothing of witnessing, erasure and recovery, and no column of any table goes
// unchecked without being named. Method: a ledger with a row in every table, and one change at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "node/ledger/sqlite_driver.h"
#include "verify_fixture.h"

namespace focal::ledger {
namespace {

constexpr char kTheirs[] = "focal/XB/log/1";
constexpr char kProof[] = "c2sp.org/tlog-proof@v1\n";

class VerifyEvidence : public Verify {
 protected:
  void SetUp() override {
    Verify::SetUp();
    ASSERT_TRUE(world.open());
    world.now += kHourMs;
    more = [](VerifyOptions& options) {
      options.read_policy = [](const std::string& note) -> Result<WitnessRule> {
        if (note.find("\nserial 1\n") == std::string::npos) return fail(ErrorCode::kNote, "none");
        return WitnessRule{kOrigin, 1, {"XB"}};
      };
      options.check_proof = [](const store::ProofRow& row, const std::vector<LogSigner>&) -> Status {
        if (row.party == "XB" && row.proof == kProof) return {};
        return fail(ErrorCode::kSignature, "not that proof");
      };
    };
    witness_us();
    witness_them();
    add_evidence();
    for (int i = 0; i < 2; ++i) publish();
    world.close();
    whole = read_file(world.folder.ledger());
  }
  void witness_us() {
    const std::string note = world->checkpoint(64)->note;
    const std::string policy =
        "focal-witness/v1\nparty XA\nlog focal/XA/log/1\nserial 1\nquorum 1\nwitness XB\n";
    world.commit({store::PutCosig{{64, "XB", 5, world.line_of("XB", note, 5)}}, store::PutPublished{64},
                  store::PutWitnessPolicy{world.note(policy), crypto::sha256(std::string_view(policy)),
                                          "jo: one witness"},
                  store::PutPeerPolicy{"XB", 3, world.note("focal-witness/v1\nparty XB\nserial 3\n")}});
  }
  void witness_them() {
    const auto theirs = world.their_checkpoint(kTheirs, "XB", 128, Hash32{3});
    world.commit({store::PutWitnessState{{kTheirs, "XB", 128, Hash32{3}, theirs.note,
                                          world.line_of(kParty, theirs.note, 9), 9}, 0},
                  store::PutPeerCheckpoint{{kTheirs, "XB", 128, Hash32{3}, theirs.note, 7, 8}}});
  }
  void add_evidence() {
    auto got = world.received(2, "XB");
    got.signed_ms = world.now;
    world.commit({got, world.receipts_out("XB", records_of(got))});
    const auto out = world.sent(1, {"XB"});
    world.commit({out});
    const auto idx = world->find(refs_of(out)[0])->idx;
    auto leaf = store::encode_leaf({store::LeafType::kReceived, world.now, refs_of(out)[0].rid, {}});
    erased = world->find(got.records[0].record.ref)->idx;
    world.commit({store::PutAdmin{world.rng.array<32>(), "why"},
                  store::PutProof{{idx, "XB", to_bytes(ByteView(leaf)), kProof}},
                  store::PutPromise{{"XB", idx, world.now, store::PromiseVerdict::kKept}},
                  store::PutOpened{refs_of(out)[0]},
                  store::PutRecovered{"XB", {{{Hash32{9}, 9}, 1, kNow}}, "recovered 1 from XB"},
                  store::PutSignedRoots{{Hash32{8}}},
                  store::PutShred{got.records[0].record.ref, "jo: erased"}});
  }
  void publish() {
    world.now += kHourMs;
    world.commit({store::PutAdmin{world.rng.array<32>(), "why"}});
    const auto made = world->make_checkpoint(world.now, key);
    ASSERT_TRUE(made) << made.error().message;
    newest = made->size;
    world.commit({store::PutCosig{{newest, "XB", 6, world.line_of("XB", made->note, 6)}},
                  store::PutPublished{newest}});
  }
  std::uint64_t newest = 0;
  store::LeafIndex erased = 0;
};

TEST_F(VerifyEvidence, AWholeOneIsFine) {
  const VerifyReport report = look();
  EXPECT_TRUE(report.ok()) << all_problems(report);
  EXPECT_EQ(report.erased, 1u);
  EXPECT_EQ(report.recovered, 1u);
  EXPECT_GT(report.witness_rows, 8u);
  ASSERT_EQ(verdicts(report).size(), kVerifyParts);
}

TEST_F(VerifyEvidence, WhatWitnessesSaidIsChecked) {
  expect("UPDATE cosig SET at_s=7 WHERE size=64;", "is not a line of that witness and time");
  expect("UPDATE cosig SET line=(SELECT line FROM cosig WHERE size=64),at_s=5 WHERE size>64;",
         "does not verify");
  expect("UPDATE cosig SET size=63 WHERE size=64;", "is of no checkpoint");
  expect("DELETE FROM cosig WHERE size=" + std::to_string(newest) + ";", "lacks lines of its quorum");
  expect("UPDATE publication SET size=63 WHERE size=64;",
         "the published checkpoint of leaves 63 is not there");
  expect("UPDATE witness_policy SET note=(SELECT note FROM peer_policy);", "is not the one of its leaf");
  expect("UPDATE witness_policy SET idx=9000;", "stands at leaves that are not there");
}

// The checkpoint that is the first to contain a change needs the list before it: nobody, here.
TEST_F(VerifyEvidence, AChangeCountsAfterThePublicationThatContainsIt) {
  const std::string middle = std::to_string(newest - 64);
  EXPECT_TRUE(after("DELETE FROM cosig WHERE size=64;").ok());
  EXPECT_TRUE(after("DELETE FROM cosig WHERE size=" + middle + ";").ok());
  expect("DELETE FROM publication WHERE size=64; DELETE FROM cosig WHERE size=" +
             std::to_string(newest) + ";",
         "lacks lines of its quorum");
}

TEST_F(VerifyEvidence, WhatIsWitnessedIsChecked) {
  expect("DELETE FROM witnessed;", "has leaves WITNESSED whose lists are not here");
  expect("UPDATE witnessed SET size=64;", "is not the one of its leaf");
  expect("UPDATE witnessed SET idx=9000;", "stands at leaves that are not there");
  expect("DELETE FROM witness_state;", "has lost a log that was witnessed");
  expect("UPDATE witness_state SET size=192;", "is not what its checkpoint says");
  expect("UPDATE witness_state SET at_s=10;", "has no line of this node");
  expect("UPDATE peer_checkpoint SET root=zeroblob(32);", "is not what its note says");
  expect("UPDATE peer_policy SET serial=4;", "is another's, or of another serial");
  expect("UPDATE newest_stmt SET signed_ms=signed_ms+1;", "is another's, or of another time");
}

TEST_F(VerifyEvidence, ErasureIsCheckedBothWays) {
  const std::string at = " WHERE idx=" + std::to_string(erased) + ";";
  expect("UPDATE rec SET shred=NULL" + at, "has lost its record's content");
  expect("UPDATE rec SET shred=NULL" + at, "has leaves SHRED of records that are not erased");
  expect("UPDATE rec SET shred=3" + at, "was erased without a leaf that says so");
  expect("UPDATE rec SET wrapped=x'00',ct=x'00'" + at, "has content that was erased");
  expect("UPDATE rec SET wrapped=x'00'" + at, "has half of its record's content");
  expect("UPDATE rec SET wrapped=NULL,ct=NULL WHERE idx=0;", "leaf 0 has lost its record's content");
  expect("UPDATE detail SET wrapped=NULL,ct=NULL WHERE idx=10;", "leaf 10 has lost its sealed detail");
  expect("UPDATE detail SET wrapped=NULL,ct=NULL WHERE idx=0;", "leaf 0 has lost its sealed detail");
  expect("UPDATE proof SET leaf=zeroblob(74);", "is about another record");
  expect("UPDATE proof SET proof='x';", "does not verify");
  expect("UPDATE opened SET idx=10;", "names leaves that are no record");
  expect("UPDATE promise SET idx=10;", "has promises about no record");
  expect("UPDATE outbox SET receipts=zeroblob(8);", "names receipts that are none");
}

// Columns nothing can tell a change of; verify.h says why.
const std::set<std::string>& unchecked_columns() {
  static const std::set<std::string> list{
      // sealed text, and what is needed to open it
      "rec.kek", "detail.kek", "detail.wrapped", "detail.ct", "outbox.kek",
      "outbox.wrapped", "outbox.reason", "desk_row.kek", "desk_row.wrapped", "desk_row.ct", "waiting.kek", "waiting.wrapped", "waiting.ct",
      // what only the sealed text says
      "case_event.reply_ms", "case_event.reply_rid", "cases.ack_due_ms", "cases.answer_due_ms",
      "cases.closed", "cases.due_ms", "cases.needs_action", "cases.opened_ms", "cases.ours",
      "cases.state", "cases.updated_ms", "outbox.expires_ms", "peer.level",
      // what needs the index key, and can be made anew
      "index_block.ct", "index_block.id", "index_block.last_idx", "index_block.nonce",
      "index_state.id", "index_state.key_check", "index_state.rules", "index_state.target",
      "index_tag.item", "index_tag.tag",
      // what was never a leaf
      "checkpoint.time_ms", "outbox.created_ms", "outbox.lane", "outbox.next_ms", "outbox.state",
      "outbox.tries", "peer.added_ms", "peer.dead_kids", "peer.introduced_by", "peer.schedule", "peer.suspended",
      "peer.suspended_ms", "peer.verified_how", "held_card.id", "held_card.since_ms",
      "held_card.source", "held_card.why", "waiting.env_id", "waiting.id", "waiting.inner_hash",
      "waiting.link_peer", "waiting.reason", "waiting.since_ms", "waiting.size", "kek.deletions",
      "kek.first_idx", "kek.id", "kek.last_idx", "kek.next", "opened.at_ms",
      "peer_checkpoint.demanded_ms", "peer_checkpoint.seen_ms", "promise.asked_ms", "promise.peer",
      "promise.verdict", "publication.at_ms", "rec.del_after", "signed_lost.root"};
  return list;
}

struct Column {
  std::string table, name, type;
};

std::vector<Column> columns(const std::filesystem::path& file) {
  static constexpr char kColumns[] =
      "SELECT s.name,c.name,c.type FROM sqlite_schema s, pragma_table_info(s.name) c "
      "WHERE s.type='table' ORDER BY s.name,c.cid";
  auto db = open_sqlite(file, SqliteMode::kReadOnly);
  std::vector<Column> out;
  Query query(**db, kColumns);
  while (query.row()) out.push_back({query.text(0), query.text(1), query.text(2)});
  return out;
}

bool has_rows(const std::filesystem::path& file, const std::string& table) {
  auto db = open_sqlite(file, SqliteMode::kReadOnly);
  const std::string sql = "SELECT 1 FROM " + table;
  return Query(**db, sql.c_str()).row();
}

std::string changed(const Column& column) {
  if (column.type == "INTEGER") return column.name + "+1";
  if (column.type == "TEXT") return column.name + "||'x'";
  return "CAST(zeroblob(length(" + column.name + ")) AS BLOB)";
}

TEST_F(VerifyEvidence, EveryColumnIsCheckedOrKnownNotToBe) {
  std::set<std::string> unseen, empty;
  for (const Column& column : columns(world.folder.ledger())) {
    const std::string name = column.table + "." + column.name;
    if (name == "meta.k") continue;  // read_meta's: it refuses the file
    if (!has_rows(world.folder.ledger(), column.table)) {
      empty.insert(column.table);
      continue;
    }
    const std::string where = column.table == "meta" ? " WHERE k='party'" : "";
    if (after("UPDATE OR IGNORE " + column.table + " SET " + column.name + "=" + changed(column) +
              where + ";")
            .ok())
      unseen.insert(name);
  }
  EXPECT_THAT(unseen, testing::ElementsAreArray(unchecked_columns()));
  EXPECT_EQ(empty,
            std::set<std::string>{"tile"});  // Log.N092_LargeLogProvesItselfAndFlippedBitsShow
}

TEST_F(VerifyEvidence, EveryTableIsMissed) {
  // What others said or may say again, and what the node remembers for itself.
  static const std::set<std::string> in_no_leaf{
      "held_card", "kek", "newest_stmt", "opened", "peer_checkpoint", "peer_policy", "promise",
      "proof", "publication", "signed_lost", "witness_policy"};
  std::set<std::string> tables;
  for (const Column& column : columns(world.folder.ledger())) tables.insert(column.table);
  for (const std::string& table : tables) {
    // Refused at once; in no leaf; empty here.
    if (table == "meta" || table == "waiting" || table == "tile") continue;
    if (in_no_leaf.contains(table)) continue;
    if (table == "index_tag" || table == "index_block") continue;  // a record may have neither
    EXPECT_FALSE(after("DELETE FROM " + table + ";").ok()) << table;
  }
}

}  // namespace
}  // namespace focal::ledger
