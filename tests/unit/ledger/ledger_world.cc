#include "ledger_world.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <sstream>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "node/ledger/sqlite_driver.h"
#include "proto/envelope.pb.h"

namespace focal::ledger {
namespace {

Bytes receipt_item(const store::RecordRef& ref, std::uint32_t status, const Hash32& leaf,
                   std::uint64_t at_ms) {
  v1::ReceiptItem item;
  item.set_rid(to_string(ref.rid));
  item.set_status(status);
  item.set_leaf(to_string(leaf));
  item.set_at_ms(at_ms);
  item.set_created_ms(ref.created_ms);
  return to_bytes(item.SerializeAsString());
}

}  // namespace

World::Signed World::sign(const std::string& from, std::uint32_t purpose,
                          const std::vector<Hash32>& leaves) const {
  const auto signer = signers.find(from);
  const bool known = signer != signers.end();
  v1::BatchStmt stmt;
  stmt.set_v(1);
  stmt.set_from(from);
  stmt.set_card(known ? to_string(signer->second.card_id) : std::string(32, 'c'));
  stmt.set_purpose(purpose);
  stmt.set_size(static_cast<std::uint32_t>(leaves.size()));
  const Hash32 root = crypto::merkle_root(leaves);
  stmt.set_root(to_string(root));
  stmt.set_signed_ms(now);
  const Bytes bytes = to_bytes(stmt.SerializeAsString());
  if (!known) return {bytes, Bytes(64, 's'), root};
  const auto sig = crypto::sign(signer->second.key, crypto::pae(crypto::kBatchType, bytes));
  return {bytes, to_bytes(ByteView(sig)), root};
}

void World::add_signer(const std::string& party) {
  TestSigner signer;
  signer.key = crypto::make_signing_key(rng);
  crypto::Note note;
  note.text = "a card\nparty " + party + "\n" + base64(signer.key.pk) + "\n";
  crypto::sign_note(note, party, signer.key);
  signer.card_note = crypto::format_note(note);
  signer.card_id = crypto::sha256(std::string_view(note.text));
  signers.insert_or_assign(party, std::move(signer));
}

std::string World::note(const std::string& text) {
  crypto::Note note{text, {}};
  crypto::sign_note(note, "somebody", crypto::make_signing_key(rng));
  return crypto::format_note(note);
}

store::CheckpointRow World::their_checkpoint(const std::string& origin, const std::string& party,
                                             std::uint64_t size, const Hash32& root) const {
  crypto::Note note{store::checkpoint_text(origin, size, root), {}};
  crypto::sign_note(note, origin, signers.at(party).key);
  return {size, root, crypto::format_note(note)};
}

std::string World::line_of(const std::string& party, const std::string& checkpoint_note,
                           std::uint64_t at_s) const {
  auto note = crypto::parse_note(checkpoint_note);
  EXPECT_TRUE(note) << checkpoint_note;
  if (!note) return {};
  note->signatures.clear();
  crypto::cosign_note(*note, "focal/" + party + "/witness", signers.at(party).key, at_s);
  return crypto::format_note(*note).substr(note->text.size() + 1);
}

store::PutPeer World::pin(const std::string& party) const {
  const TestSigner& signer = signers.at(party);
  store::PutPeer op;
  op.row.party = party;
  op.row.card_note = signer.card_note;
  op.row.added_ms = now;
  op.card_id = signer.card_id;
  return op;
}

VerifyOptions World::keys() const {
  VerifyOptions out;
  if (const auto own = signers.find(kParty); own != signers.end())
    out.sign_key = own->second.key.pk;
  out.read_card = [this](const std::string& note) -> Result<Signer> {
    for (const auto& [party, signer] : signers)
      if (signer.card_note == note) return Signer{party, signer.card_id, signer.key.pk, signer.key.pk};
    return fail(ErrorCode::kCard, "nobody's card");
  };
  return out;
}

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "focal-ledger-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Result<Kek> MemoryKek::current(KekClass kek_class, std::uint64_t now_ms) {
  if (refuse) return fail(ErrorCode::kNoSpace, "no room for a new key");
  const KekId id = newest_generation(*this, kek_id(kek_class, now_ms));
  auto found = keys.find(id);
  if (found == keys.end()) found = keys.emplace(id, rng_.array<32>()).first;
  return Kek{id, found->second};
}

Result<Kek> MemoryKek::renew(KekId id) {
  if (refuse) return fail(ErrorCode::kNoSpace, "no room for a new key");
  const KekId next = next_generation(newest_generation(*this, id));
  const auto found = keys.emplace(next, rng_.array<32>()).first;
  return Kek{next, found->second};
}

Status MemoryKek::destroy(KekId id) {
  keys.erase(id);
  return {};
}

std::vector<KekId> MemoryKek::ids() {
  std::vector<KekId> out;
  for (const auto& [id, key] : keys) out.push_back(id);
  return out;
}

std::optional<ByteView> MemoryKek::find(KekId id) {
  const auto found = keys.find(id);
  if (found == keys.end()) return std::nullopt;
  return ByteView(found->second);
}

World::World(std::uint64_t seed) : rng((crypto::init(), seed)), keks(seed + 1) {}

void World::create() {
  auto made = Ledger::create(folder.path(), kParty, kOrigin, keks, rng);
  ASSERT_TRUE(made) << made.error().message;
  ledger = std::move(*made);
}

Status World::open() {
  ledger.reset();
  FOCAL_ASSIGN(ledger, Ledger::open(folder.path(), keks, rng));
  return {};
}

Result<store::Committed> World::try_commit(std::vector<store::Op> ops) {
  return ledger->commit({now, std::move(ops)});
}

store::Committed World::commit(std::vector<store::Op> ops) {
  auto done = try_commit(std::move(ops));
  EXPECT_TRUE(done) << done.error().message;
  return done ? *done : store::Committed{};
}

store::NewRecord World::record(const std::string& item, const std::string& kind) {
  return {{rng.array<32>(), now}, kind, to_bytes(item)};
}

store::PutSentBatch World::sent(std::size_t n, std::vector<std::string> to,
                                const std::string& item) {
  store::PutSentBatch op;
  std::vector<Hash32> leaves;
  for (std::size_t i = 0; i < n; ++i) {
    op.records.push_back(record(item));
    leaves.push_back(op.records.back().ref.rid);
  }
  const Signed stmt = sign(kParty, 1, leaves);
  op.stmt = stmt.stmt;
  op.root = stmt.root;
  op.sig = stmt.sig;
  op.to = std::move(to);
  return op;
}

store::PutReceivedBatch World::received(std::size_t n, const std::string& from,
                                        std::uint32_t status, const std::string& item) {
  store::PutReceivedBatch op;
  for (std::size_t i = 0; i < n; ++i) {
    op.records.push_back({record(item), status, static_cast<std::uint32_t>(i)});
    op.rids.push_back(op.records.back().record.ref.rid);
  }
  op.from = from;
  const Signed stmt = sign(from, 1, op.rids);
  op.stmt = stmt.stmt;
  op.sig = stmt.sig;
  return op;
}

store::PutReceiptsOut World::receipts_out(const std::string& to,
                                          const std::vector<TestRecord>& records) {
  store::PutReceiptsOut op;
  std::vector<Hash32> leaves;
  for (const TestRecord& record : records) {
    const auto type =
        store::is_rejected(record.status) ? store::LeafType::kRejected : store::LeafType::kReceived;
    const auto known = ledger->find(record.ref);
    const std::uint64_t at_ms = known ? known->at_ms : now;
    const Hash32 leaf = store::leaf_hash({type, at_ms, record.ref.rid, Hash32{}});
    leaves.push_back(crypto::merkle_leaf(receipt_item(record.ref, record.status, leaf, at_ms)));
    op.records.push_back(record.ref);
  }
  const Signed stmt = sign(kParty, 2, leaves);
  op.to = to;
  op.stmt = stmt.stmt;
  op.root = stmt.root;
  op.sig = stmt.sig;
  return op;
}

store::PutReceiptsIn World::receipts_in(const std::string& from, store::BatchId batch,
                                        const std::vector<store::RecordRef>& refs,
                                        const std::vector<std::uint32_t>& statuses) {
  store::PutReceiptsIn op;
  std::vector<Hash32> leaves;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    op.items.push_back(receipt_item(refs[i], statuses[i], rng.array<32>(), now));
    leaves.push_back(crypto::merkle_leaf(op.items.back()));
    op.outcomes.push_back({batch, static_cast<std::uint32_t>(i), statuses[i]});
  }
  const Signed stmt = sign(from, 2, leaves);
  op.from = from;
  op.stmt = stmt.stmt;
  op.root = stmt.root;
  op.sig = stmt.sig;
  return op;
}

VerifyReport World::check() {
  auto report = verify(folder.ledger());
  EXPECT_TRUE(report) << report.error().message;
  if (!report) return {};
  for (const std::string& problem : report->problems) ADD_FAILURE() << problem;
  return *report;
}

std::vector<store::RecordRef> refs_of(const store::PutSentBatch& op) {
  std::vector<store::RecordRef> out;
  for (const store::NewRecord& record : op.records) out.push_back(record.ref);
  return out;
}

std::vector<TestRecord> records_of(const store::PutReceivedBatch& op) {
  std::vector<TestRecord> out;
  for (const auto& received : op.records) out.push_back({received.record.ref, received.status});
  return out;
}

void run_sql(const std::filesystem::path& ledger_file, const std::string& sql) {
  auto db = open_sqlite(ledger_file, SqliteMode::kWrite);
  ASSERT_TRUE(db) << db.error().message;
  const auto done = (*db)->run_script(sql.c_str());
  ASSERT_TRUE(done) << done.error().message;
}

std::string back_to_schema_3() {
  std::string sql;
  for (const char* guard : {"cosig_u", "cosig_d", "publication_u", "publication_d", "witness_policy_u",
                            "witness_policy_d", "witnessed_u", "witnessed_d", "witness_state_u",
                            "witness_state_d", "rec_shred_u"})
    sql.append("DROP TRIGGER ").append(guard).append(";");
  for (const char* table : {"cosig", "publication", "witness_policy", "peer_policy", "witness_state",
                            "witnessed", "peer_checkpoint", "newest_stmt", "proof", "promise", "kek",
                            "opened", "signed_lost"})
    sql.append("DROP TABLE ").append(table).append(";");
  return sql +
         "DROP INDEX rec_due; DROP INDEX rec_bare; ALTER TABLE outbox DROP COLUMN receipts;"
         "ALTER TABLE rec DROP COLUMN del_after; ALTER TABLE rec DROP COLUMN shred;"
         "UPDATE meta SET v='3' WHERE k='schema'; DELETE FROM meta WHERE k IN ('dated','to_date');";
}

void tamper(const std::filesystem::path& ledger_file, const std::string& sql) {
  static constexpr char kGuards[] = "SELECT name,sql FROM sqlite_schema WHERE type='trigger'";
  auto db = open_sqlite(ledger_file, SqliteMode::kWrite);
  ASSERT_TRUE(db) << db.error().message;
  std::string off, on;
  {
    Query guard(**db, kGuards);
    while (guard.row()) {
      off += "DROP TRIGGER " + guard.text(0) + ";";
      on += guard.text(1) + ";";
    }
  }
  const auto done = (*db)->run_script((off + sql + on).c_str());
  ASSERT_TRUE(done) << done.error().message;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace focal::ledger
