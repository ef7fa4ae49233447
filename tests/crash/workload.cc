#include "tests/crash/workload.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "crypto/hash.h"
#include "crypto/note.h"

namespace focal::crash {
namespace {

using ledger::records_of;
using ledger::refs_of;
using ledger::TestRecord;
using store::PeerLevel;

constexpr std::uint64_t kSecond = 1000;
// Takes the place of another key; of a month in which nothing is sealed.
constexpr ledger::KekId kSpareKek = 5'209'901;

store::PutPeer peer(const std::string& party, std::uint64_t now) {
  store::PutPeer op;
  op.row.party = party;
  op.row.card_note = "card of " + party;
  op.row.schedule_note = "schedule of " + party;
  op.row.added_ms = now;
  op.card_id = crypto::sha256(std::string_view(op.row.card_note));
  return op;
}

store::CaseRow case_row(store::CaseId id, const store::RecordRef& root, std::uint64_t now) {
  store::CaseRow row;
  row.id = id;
  row.root = root;
  row.kind = "trace.request";
  row.peer = "XB";
  row.state = "RECEIVED";
  row.opened_ms = row.updated_ms = now;
  row.ack_due_ms = now + 1'000'000;
  row.needs_action = true;
  return row;
}

store::CaseEventRow event_row(store::CaseId id, const store::RecordRef& ref) {
  store::CaseEventRow row;
  row.case_id = id;
  row.ref = ref;
  row.kind = "trace.request";
  row.from = "XB";
  return row;
}

store::PutWaiting waiting(crypto::Rng& rng, std::size_t size, std::uint64_t now) {
  store::PutWaiting op;
  op.head.inner_hash = rng.array<32>();
  op.head.link_peer = "XB";
  op.head.since_ms = now;
  op.head.size = size;
  op.inner = Bytes(size, 'w');
  return op;
}

store::PutIndex index_of(const store::RecordRef& ref, std::size_t n) {
  store::PutIndex op;
  op.ref = ref;
  for (std::uint32_t item = 1; item <= 3; ++item) {
    const std::string serial = "AK" + std::to_string(100'000 * item + n);
    op.keys.push_back({"serial", serial, item});
    op.readings.push_back({item, serial, serial});
  }
  return op;
}

std::vector<store::RecordRef> new_records(const std::vector<store::Op>& ops) {
  std::vector<store::RecordRef> out;
  for (const store::Op& op : ops) {
    if (const auto* sent = std::get_if<store::PutSentBatch>(&op))
      for (const auto& each : sent->records) out.push_back(each.ref);
    if (const auto* received = std::get_if<store::PutReceivedBatch>(&op))
      for (const auto& each : received->records) out.push_back(each.record.ref);
  }
  return out;
}

std::vector<TestRecord> some(const std::vector<TestRecord>& all, std::vector<std::size_t> places) {
  std::vector<TestRecord> out;
  for (const std::size_t place : places) out.push_back(all[place]);
  return out;
}

// A read-only look at the file, past the ledger's own code.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) {
    FOCAL_CHECK(sqlite3_open_v2(file.c_str(), &db_, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  ~Reader() { sqlite3_close(db_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Rows, each the text of its first column.
  std::vector<std::string> rows(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    FOCAL_CHECK(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    std::vector<std::string> out;
    int code = 0;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
      out.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    sqlite3_finalize(statement);
    if (code != SQLITE_DONE) out.push_back("error " + std::to_string(code));
    return out;
  }

 private:
  sqlite3* db_ = nullptr;
};

}  // namespace

Hash32 digest(const std::filesystem::path& ledger_file) {
  Reader reader(ledger_file);
  std::string all;
  for (const std::string& table :
       reader.rows("SELECT name FROM sqlite_schema WHERE type='table' AND name<>'kek' ORDER BY name")) {
    std::string columns;
    for (const std::string& column :
         reader.rows("SELECT name FROM pragma_table_info('" + table + "')"))
      columns += (columns.empty() ? "quote(" : "||','||quote(") + column + ")";
    all += "\n" + table + "\n";
    const std::string where = table == "meta" ? " WHERE k<>'closed'" : "";
    for (const std::string& row :
         reader.rows("SELECT " + columns + " FROM " + table + where + " ORDER BY 1"))
      all += row + "\n";
  }
  return crypto::sha256(std::string_view(all));
}

// The first run makes the steps; what it notes is what every other must arrive at.
Workload::Workload(std::uint64_t seed) : seed_(seed) {
  begin_run(seed);
  World world(seed);
  world.keks.keys.emplace(kSpareKek, Hash32{0x51});
  FOCAL_CHECK(create(world, nullptr));
  digests_.push_back(digest(world.folder.ledger()));
  write(world);
  keys_ = world.keks.keys;
  for (const Step& step : steps_)
    for (const store::Op& op : step.txn.ops) ops_.insert(op.index());
  for (store::LeafIndex i = 0; i < world->log_size(); ++i) leaves_.insert(world->leaf(i)->type);
}

// Every group also says of one record what it is found by.
void Workload::add(World& world, std::vector<store::Op> ops) {
  const auto fresh = new_records(ops);
  records_.insert(records_.end(), fresh.begin(), fresh.end());
  if (indexed_ < records_.size()) {
    ops.push_back(index_of(records_[indexed_], indexed_));
    ++indexed_;
  }
  Step step;
  step.txn = {world.now, std::move(ops)};
  play(world, std::move(step));
}

void Workload::add(World& world, Step::Kind kind) {
  Step step;
  step.kind = kind;
  play(world, std::move(step));
}

void Workload::play(World& world, Step step) {
  step.now_ms = world.now;
  step.seed = seed_ * 1'000'000 + steps_.size();
  steps_.push_back(std::move(step));
  const Status done = run(world, size() - 1, nullptr);
  FOCAL_CHECK(done);
  digests_.push_back(digest(world.folder.ledger()));
  world.now += kSecond;
  world.rng = crypto::SeededRng(seed_ * 2'000'000 + steps_.size());  // ids of the next group
}

void Workload::write(World& world) {
  const auto card = crypto::sha256(std::string_view("card of XB"));
  add(world, {peer("XB", world.now), peer("XC", world.now),
              store::SetTrust{"XB", card, PeerLevel::kVerified, store::Suspension::kNone, "PHONE", "by jo"}});
  auto in1 = world.received(3, "XB");
  in1.records[0].record.kind = "trace.request";
  const auto root = in1.records[0].record.ref;
  add(world,
      {in1, world.receipts_out("XB", records_of(in1)), store::PutCase{case_row(1, root, world.now)},
       store::PutCaseEvent{event_row(1, root)}});
  const auto out1 = world.sent(4, {"XB", "XC"});
  add(world, {out1});
  add(world, {store::SetOutbox{2, "XB", store::OutboxState::kHeld, "why it is held", 3, 0}});
  add(world, {world.receipts_in("XB", 2, refs_of(out1), {1, 1, 19, 1})});
  add(world, Step::Kind::kCheckpoint);
  add(world, Step::Kind::kMoveLog);
  // Bodies longer than a page; the log of writes starts again from its beginning.
  const auto in2 = world.received(6, "XB", 1, std::string(20'000, 'x'));
  add(world, {in2, world.receipts_out("XB", records_of(in2))});
  const auto hold = waiting(world.rng, 12'000, world.now);
  add(world, {hold, store::PutAdmin{card, "jo looked at it"}});
  add(world, {store::SetOutbox{2, "XC", store::OutboxState::kCancelled, "not needed", 0, 0}});
  add(world, Step::Kind::kReopen);
  // The first tile of the tree becomes full in here.
  const auto in3 = world.received(180, "XC");
  add(world, {in3, world.receipts_out("XC", records_of(in3)),
              world.receipts_out("XB", some(records_of(in1), {2, 0}))});
  add(world, Step::Kind::kMoveLog);
  auto closed = case_row(1, root, world.now);
  closed.state = "CLOSED";
  closed.closed = true;
  add(world, {store::DropWaiting{hold.head.inner_hash}, store::PutCase{closed}});
  add(world, {store::PutSchedule{ledger::kParty, "own schedule, week 2"}, peer("XD", world.now)});
  const auto bad = world.received(2, "XB", 19);
  add(world, {bad, world.receipts_out("XB", records_of(bad)), world.sent(2, {"XB"})});
  add(world, Step::Kind::kCheckpoint);
  add(world, {world.sent(1, {"XD"})});
  add(world, Step::Kind::kMoveLog);
  add(world, {world.received(1, "XD")});
  // The search index merges its first sixteen blocks in here.
  while (indexed_ < ledger::kMergeBlocks) add(world, {store::PutAdmin{card, "a quiet day"}});
  add(world, {store::DropIndex{root}});
  write_evidence(world, in1.records[1].record.ref);
}

// Witnesses of both sides, an erasure, another key, and what comes back after a loss.
void Workload::write_evidence(World& world, const store::RecordRef& erased) {
  const auto key = crypto::make_signing_key(world.rng);
  const auto line = [&](const std::string& text, const std::string& party) {
    crypto::Note note{text, {}};
    crypto::cosign_note(note, "focal/" + party + "/witness", key, 7);
    return crypto::format_note(note).substr(text.size() + 1);
  };
  const auto own = crypto::parse_note(world->checkpoint(64)->note);
  FOCAL_CHECK(own.has_value());
  add(world, {store::PutCosig{{64, "XB", 7, line(own->text, "XB")}}, store::PutPublished{64}});
  const std::string theirs = store::checkpoint_text("focal/XB/log/1", 64, Hash32{1});
  crypto::Note note{theirs, {}};
  crypto::sign_note(note, "focal/XB/log/1", key);
  const std::string shown = crypto::format_note(note);
  const std::string policy = "focal-witness/v1\nparty XA\n";
  add(world, {store::PutWitnessState{{"focal/XB/log/1", "XB", 64, Hash32{1}, shown,
                                      line(theirs, ledger::kParty), 7}, 0},
              store::PutPeerCheckpoint{{"focal/XB/log/1", "XB", 64, Hash32{1}, shown, 7, 0}},
              store::PutWitnessPolicy{world.note(policy), crypto::sha256(std::string_view(policy)), "jo"}});
  add(world, Step::Kind::kCheckpoint);
  add(world, {store::PutShred{erased, "jo: its time has come"}});
  add(world, Step::Kind::kRewrap);
  const auto lost = world.received(2, "XB");
  store::PutRecovered back{"XB", {}, "recovered 2 from XB"};
  for (const auto& each : lost.records) back.items.push_back({each.record.ref, 1, world.now - kSecond});
  add(world, {back, store::PutSignedRoots{{Hash32{9}}}});
  const auto& again = lost.records[1].record;
  add(world, {store::PutBody{again.ref, "XB", again.kind, lost.stmt, lost.sig, lost.rids, 1, again.item,
                             0, 0},
              store::ReopenItems{2, "XB", {0, 1}}, store::PutOpened{again.ref},
              store::PutMark{store::Mark::kRefill, "XB 2"}});
  // What a peer shows of its log about a record here, and what it was asked for.
  const store::LeafIndex seen = world->find(again.ref)->idx;
  const auto leaf = store::encode_leaf({store::LeafType::kSent, world.now, again.ref.rid, Hash32{}});
  add(world, {store::PutPeerPolicy{"XB", 3, world.note("focal-witness/v1\nparty XB\nserial 3\n")},
              store::PutProof{{seen, "XB", to_bytes(ByteView(leaf)), "c2sp.org/tlog-proof@v1\n"}},
              store::PutPromise{{"XB", seen, world.now, store::PromiseVerdict::kAsked}}});
  add(world, {store::PutPromise{{"XB", seen, world.now, store::PromiseVerdict::kKept}},
              store::SetDelAfter{again.ref, world.now + kSecond}, store::SetDated{seen}});
}

Status Workload::create(World& world, Tape* tape, const Habits& habits) const {
  if (tape != nullptr) tape->phase(Phase::kCreate);
  world.rng = crypto::SeededRng(seed_);
  FOCAL_ASSIGN(world.ledger, ledger::Ledger::create(world.folder.path(), ledger::kParty,
                                                    ledger::kOrigin, world.keks, world.rng));
  if (habits.no_sync) FOCAL_TRY(world->driver().run_script("PRAGMA synchronous=OFF"));
  if (tape != nullptr) tape->phase(Phase::kWork), tape->acknowledge();
  return {};
}

Status Workload::open(World& world, Tape* tape, const Habits& habits) const {
  if (tape != nullptr) tape->phase(Phase::kOpen);
  FOCAL_TRY(world.open());
  if (habits.no_sync) FOCAL_TRY(world->driver().run_script("PRAGMA synchronous=OFF"));
  if (tape != nullptr) tape->phase(Phase::kWork);
  return {};
}

void Workload::close(World& world, Tape* tape) const {
  if (tape != nullptr) tape->phase(Phase::kClose);
  world.close();
}

Status Workload::run(World& world, int k, Tape* tape, const Habits& habits) const {
  const Step& step = steps_[static_cast<std::size_t>(k)];
  world.rng = crypto::SeededRng(step.seed);
  if (habits.promise_early && tape != nullptr) tape->acknowledge();
  switch (step.kind) {
    case Step::Kind::kCommit: {
      store::Txn txn = step.txn;
      if (habits.two_transactions && txn.ops.size() > 1) {
        FOCAL_TRY(world->commit({txn.now_ms, {txn.ops.front()}}));
        txn.ops.erase(txn.ops.begin());
      }
      FOCAL_TRY(world->commit(txn));
      break;
    }
    case Step::Kind::kCheckpoint: {
      crypto::SeededRng key_rng(seed_);
      FOCAL_TRY(world->make_checkpoint(step.now_ms, crypto::make_signing_key(key_rng)));
      break;
    }
    case Step::Kind::kMoveLog: world->idle(); break;
    case Step::Kind::kRewrap:
      FOCAL_TRY(world->rewrap(ledger::kek_id(ledger::KekClass::kProtocol, ledger::kNow), kSpareKek, 500));
      break;
    case Step::Kind::kReopen:
      close(world, tape);
      FOCAL_TRY(open(world, tape, habits));
      break;
  }
  if (!habits.promise_early && tape != nullptr) tape->acknowledge();
  return {};
}

Status Workload::there_and_back(World& world) const {
  crypto::SeededRng ids(seed_ + 17);
  const auto hold = waiting(ids, 3'000, ledger::kNow);
  FOCAL_TRY(world->commit({ledger::kNow, {hold}}));
  FOCAL_TRY(world->commit({ledger::kNow, {store::DropWaiting{hold.head.inner_hash}}}));
  return {};
}

}  // namespace focal::crash
