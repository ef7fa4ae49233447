#include "tests/sim/both_store.h"

#include <algorithm>
#include <utility>

#include "tests/sim/text.h"
#include "tests/sim/violation.h"

namespace focal::sim {

BothStore::BothStore(const std::string& party, const std::string& origin, std::uint64_t seed)
    : party_(party), memory_rng_(seed), sqlite_rng_(seed), memory_(party, origin, memory_rng_),
      sqlite_(party, origin, sqlite_rng_) {}

template <typename Ask>
auto BothStore::same(const std::string& what, Ask&& ask) {
  auto a = ask(static_cast<Store&>(memory_));
  const auto b = ask(static_cast<Store&>(sqlite_));
  const std::string in_memory = text_of(a), in_sqlite = text_of(b);
  if (in_memory != in_sqlite)
    throw Violation("stores", "the ledger in memory and SQLite differ at " + party_ + " in " +
                                  what + "\n  memory: " + in_memory + "\n  SQLite: " + in_sqlite,
                    {party_});
  return a;
}

Result<store::Committed> BothStore::commit(const store::Txn& txn) {
  const auto before = memory_.log_size();
  auto done = same("commit", [&](Store& s) { return s.commit(txn); });
  for (auto idx = before; idx < memory_.log_size(); ++idx) {
    static_cast<void>(leaf(idx));
    static_cast<void>(record(idx));
    static_cast<void>(item(idx));
    static_cast<void>(case_of(idx));
  }
  compare_index(txn);
  compare_evidence(txn);
  if (done)
    for (const auto id : done->batches) static_cast<void>(batch(id));
  compare_everything();
  return done;
}

void BothStore::compare_index(const store::Txn& txn) {
  bool any = false;
  for (const store::Op& op : txn.ops) {
    any = any || std::holds_alternative<store::DropIndex>(op);
    const auto* put = std::get_if<store::PutIndex>(&op);
    if (put == nullptr) continue;
    any = true;
    for (const auto& each : put->keys) static_cast<void>(index_find(each.field, each.key, 5));
  }
  if (any) static_cast<void>(serials());
  static_cast<void>(index_progress());
}

void BothStore::compare_evidence(const store::Txn& txn) {
  constexpr std::size_t kRows = 12;
  std::vector<store::RecordRef> named;
  for (const store::Op& op : txn.ops) {
    if (const auto* out = std::get_if<store::PutReceiptsOut>(&op)) named = out->records;
    if (const auto* shred = std::get_if<store::PutShred>(&op)) named.push_back(shred->ref);
    if (const auto* body = std::get_if<store::PutBody>(&op)) named.push_back(body->ref);
    if (const auto* opened = std::get_if<store::PutOpened>(&op)) named.push_back(opened->ref);
    if (const auto* dated = std::get_if<store::SetDelAfter>(&op)) named.push_back(dated->ref);
    if (const auto* roots = std::get_if<store::PutSignedRoots>(&op))
      for (const Hash32& root : roots->roots) static_cast<void>(signed_by_us(root));
    const auto* in = std::get_if<store::PutReceiptsIn>(&op);
    if (in == nullptr) continue;
    for (const auto& outcome : in->outcomes)
      if (const auto sent = batch(outcome.batch))
        for (const auto& each : sent->records) static_cast<void>(receipt_for(each.idx, in->from));
    static_cast<void>(receipts_of(in->from, log_size() / 2, kRows));
  }
  for (const store::RecordRef& ref : named) {
    const auto found = find(ref);
    if (!found) continue;
    static_cast<void>(item(found->idx));
    static_cast<void>(issued_receipt(found->idx));
    static_cast<void>(opened_ms(found->idx));
    for (const char* party : {"XB", "XC"}) static_cast<void>(proof(found->idx, party));
    if (found->sent) static_cast<void>(outbox(found->batch, found->peer));
  }
}

void BothStore::compare_everything() {
  constexpr std::size_t kRows = 12;
  static_cast<void>(log_size());
  static_cast<void>(recent_outbox(kRows));
  static_cast<void>(open_outbox());
  static_cast<void>(waiting());
  static_cast<void>(peers());
  static_cast<void>(own_schedule());
  for (const auto& row : directories())
    static_cast<void>(directory(row.introducer, row.serial - row.serial % 2));
  static_cast<void>(fork_proofs(kRows));
  static_cast<void>(safe_time_ms());
  static_cast<void>(own_cards());
  static_cast<void>(own_revocations());
  for (const auto& row : peers()) static_cast<void>(peer_acts(row.party, kRows));
  static_cast<void>(next_case_id());
  for (const auto& row : cases({false, {}, kRows})) {
    static_cast<void>(case_events(row.id));
    static_cast<void>(case_links(row.id, kRows));
    static_cast<void>(cases({true, row.peer, kRows}));
  }
  if (const auto last = last_checkpoint()) {
    static_cast<void>(checkpoint(last->size));
    static_cast<void>(cosigs(last->size));
    static_cast<void>(first_published(last->size / 2));
    const auto size = static_cast<std::uint64_t>(log_size());
    static_cast<void>(consistency(last->size, size));
    static_cast<void>(inclusion(static_cast<store::LeafIndex>(last->size / 3), size));
  }
  static_cast<void>(newest_published());
  static_cast<void>(witness_states());
  for (const auto& row : witness_states()) static_cast<void>(peer_checkpoints(row.origin, kRows));
  static_cast<void>(witness_policies());
  for (const char* party : {"XB", "XC", "XD"}) {
    static_cast<void>(newest_statement(party));
    static_cast<void>(newest_promise(party));
    static_cast<void>(statements_of(party, 1, kRows));
  }
  static_cast<void>(promises(store::PromiseVerdict::kAsked, kRows));
  static_cast<void>(without_body(kRows));
  static_cast<void>(dating_progress());
  static_cast<void>(mark(store::Mark::kRefill));
  if (const auto row = record(log_size() / 2)) static_cast<void>(due(row->at_ms, kRows));
  for (const auto& row : peers()) static_cast<void>(peer_policy(row.party));
  static_cast<void>(tail(kRows));
}

Result<store::CheckpointRow> BothStore::make_checkpoint(std::uint64_t now_ms,
                                                        const crypto::SigningKey& log_key,
                                                        const EarlyCheckpoint&) {
  return same("make_checkpoint", [&](Store& s) { return s.make_checkpoint(now_ms, log_key, {}); });
}
bool BothStore::checkpoint_due(std::uint64_t now_ms) {
  return same("checkpoint_due", [&](Store& s) { return s.checkpoint_due(now_ms); });
}
std::optional<store::Leaf> BothStore::leaf(store::LeafIndex idx) {
  return same("leaf", [&](Store& s) { return s.leaf(idx); });
}
Hash32 BothStore::root(std::uint64_t size) {
  const Bytes root = same("root", [&](Store& s) { return to_bytes(ByteView(s.root(size))); });
  return *fixed<32>(root);
}
void BothStore::reopen() {
  memory_.reopen();
  sqlite_.reopen();
  compare_everything();
}
void BothStore::put_copy_aside() {
  memory_.put_copy_aside();
  sqlite_.put_copy_aside();
}
bool BothStore::restore_copy() {
  const bool done = same("restore_copy", [](Store& s) { return s.restore_copy(); });
  compare_everything();
  return done;
}

std::optional<store::RecordInfo> BothStore::find(const store::RecordRef& ref) {
  return same("find", [&](Store& s) { return s.find(ref); });
}
std::optional<store::RecordInfo> BothStore::record(store::LeafIndex idx) {
  return same("record", [&](Store& s) { return s.record(idx); });
}
Result<Bytes> BothStore::item(store::LeafIndex idx) {
  return same("item", [&](Store& s) { return s.item(idx); });
}
std::optional<store::StoredBatch> BothStore::batch(store::BatchId id) {
  return same("batch", [&](Store& s) { return s.batch(id); });
}
std::vector<store::OutboxRow> BothStore::open_outbox() {
  return same("open_outbox", [](Store& s) { return s.open_outbox(); });
}
std::vector<store::OutboxRow> BothStore::recent_outbox(std::size_t limit) {
  return same("recent_outbox", [&](Store& s) { return s.recent_outbox(limit); });
}
std::optional<store::OutboxRow> BothStore::outbox(store::BatchId batch, const std::string& peer) {
  return same("outbox", [&](Store& s) { return s.outbox(batch, peer); });
}
std::vector<store::WaitingHead> BothStore::waiting() {
  return same("waiting", [](Store& s) { return s.waiting(); });
}
Result<Bytes> BothStore::waiting_inner(const Hash32& inner_hash) {
  return same("waiting_inner", [&](Store& s) { return s.waiting_inner(inner_hash); });
}
std::vector<store::PeerRow> BothStore::peers() {
  return same("peers", [](Store& s) { return s.peers(); });
}
std::uint64_t BothStore::safe_time_ms() {
  return same("safe_time_ms", [](Store& s) { return s.safe_time_ms(); });
}
std::string BothStore::own_schedule() {
  return same("own_schedule", [](Store& s) { return s.own_schedule(); });
}
std::vector<store::DirectoryRow> BothStore::directories() {
  return same("directories", [](Store& s) { return s.directories(); });
}
std::optional<store::DirectoryRow> BothStore::directory(const std::string& introducer,
                                                        std::uint64_t serial) {
  return same("directory", [&](Store& s) { return s.directory(introducer, serial); });
}
std::vector<store::ForkProofRow> BothStore::fork_proofs(std::size_t limit) {
  return same("fork_proofs", [&](Store& s) { return s.fork_proofs(limit); });
}
std::vector<store::OwnCardRow> BothStore::own_cards() {
  return same("own_cards", [](Store& s) { return s.own_cards(); });
}
std::vector<std::string> BothStore::own_revocations() {
  return same("own_revocations", [](Store& s) { return s.own_revocations(); });
}
std::vector<store::PeerActRow> BothStore::peer_acts(const std::string& party, std::size_t limit) {
  return same("peer_acts", [&](Store& s) { return s.peer_acts(party, limit); });
}
bool BothStore::signed_by_us(const Hash32& stmt_root) {
  return same("signed_by_us", [&](Store& s) { return s.signed_by_us(stmt_root); });
}
store::CaseId BothStore::next_case_id() {
  return same("next_case_id", [](Store& s) { return s.next_case_id(); });
}
std::optional<store::CaseRow> BothStore::case_by_id(store::CaseId id) {
  return same("case_by_id", [&](Store& s) { return s.case_by_id(id); });
}
std::optional<store::CaseRow> BothStore::case_by_root(const store::RecordRef& root) {
  return same("case_by_root", [&](Store& s) { return s.case_by_root(root); });
}
std::vector<store::CaseRow> BothStore::cases(const store::CaseFilter& filter) {
  return same("cases", [&](Store& s) { return s.cases(filter); });
}
std::vector<store::CaseEventRow> BothStore::case_events(store::CaseId id) {
  return same("case_events", [&](Store& s) { return s.case_events(id); });
}
std::optional<store::CaseId> BothStore::case_of(store::LeafIndex idx) {
  return same("case_of", [&](Store& s) { return s.case_of(idx); });
}
std::vector<store::CaseLinkRow> BothStore::case_links(store::CaseId id, std::size_t limit) {
  return same("case_links", [&](Store& s) { return s.case_links(id, limit); });
}
std::vector<store::IndexPlace> BothStore::index_find(std::string_view field, std::string_view key,
                                                     std::size_t limit) {
  return same("index_find", [&](Store& s) { return s.index_find(field, key, limit); });
}
const store::SerialArray& BothStore::serials() {
  same("serials", [](Store& s) {
    std::vector<std::string> out;
    s.serials().for_each([&out](const store::PackedReading& each) {
      out.push_back(text_of(each.place) + " " + std::string(each.fold) + " " +
                    std::string(each.digits));
    });
    std::sort(out.begin(), out.end());
    return out;
  });
  return sqlite_.serials();
}
store::IndexProgress BothStore::index_progress() {
  return same("index_progress", [](Store& s) { return s.index_progress(); });
}
store::LeafIndex BothStore::log_size() {
  return same("log_size", [](Store& s) { return s.log_size(); });
}
std::optional<store::CheckpointRow> BothStore::last_checkpoint() {
  return same("last_checkpoint", [](Store& s) { return s.last_checkpoint(); });
}
std::vector<store::LeafRow> BothStore::tail(std::size_t limit) {
  return same("tail", [&](Store& s) { return s.tail(limit); });
}

crypto::MerklePath BothStore::inclusion(store::LeafIndex idx, std::uint64_t size) {
  return same("inclusion", [&](Store& s) { return s.inclusion(idx, size); });
}
crypto::MerklePath BothStore::consistency(std::uint64_t old_size, std::uint64_t size) {
  return same("consistency", [&](Store& s) { return s.consistency(old_size, size); });
}
std::optional<store::CheckpointRow> BothStore::checkpoint(std::uint64_t size) {
  return same("checkpoint", [&](Store& s) { return s.checkpoint(size); });
}
std::vector<store::CosigRow> BothStore::cosigs(std::uint64_t size) {
  return same("cosigs", [&](Store& s) { return s.cosigs(size); });
}
std::optional<store::PublishedRow> BothStore::newest_published() {
  return same("newest_published", [](Store& s) { return s.newest_published(); });
}
std::optional<store::PublishedRow> BothStore::first_published(std::uint64_t least_size) {
  return same("first_published", [&](Store& s) { return s.first_published(least_size); });
}
std::vector<store::WitnessStateRow> BothStore::witness_states() {
  return same("witness_states", [](Store& s) { return s.witness_states(); });
}
std::vector<store::PeerCheckpointRow> BothStore::peer_checkpoints(const std::string& origin,
                                                                  std::size_t limit) {
  return same("peer_checkpoints", [&](Store& s) { return s.peer_checkpoints(origin, limit); });
}
std::optional<store::SignedStmtRow> BothStore::newest_statement(const std::string& party) {
  return same("newest_statement", [&](Store& s) { return s.newest_statement(party); });
}
std::vector<store::WitnessPolicyRow> BothStore::witness_policies() {
  return same("witness_policies", [](Store& s) { return s.witness_policies(); });
}
std::string BothStore::peer_policy(const std::string& party) {
  return same("peer_policy", [&](Store& s) { return s.peer_policy(party); });
}


std::optional<store::ProofRow> BothStore::proof(store::LeafIndex idx, const std::string& party) {
  return same("proof", [&](Store& s) { return s.proof(idx, party); });
}
std::optional<store::PromiseRow> BothStore::newest_promise(const std::string& party) {
  return same("newest_promise", [&](Store& s) { return s.newest_promise(party); });
}
std::vector<store::PromiseRow> BothStore::promises(store::PromiseVerdict verdict,
                                                   std::size_t limit) {
  return same("promises", [&](Store& s) { return s.promises(verdict, limit); });
}
std::uint64_t BothStore::opened_ms(store::LeafIndex idx) {
  return same("opened_ms", [&](Store& s) { return static_cast<std::size_t>(s.opened_ms(idx)); });
}
std::optional<store::ReceiptRow> BothStore::receipt_for(store::LeafIndex sent,
                                                        const std::string& party) {
  return same("receipt_for", [&](Store& s) { return s.receipt_for(sent, party); });
}
std::optional<store::ReceiptRow> BothStore::issued_receipt(store::LeafIndex received) {
  return same("issued_receipt", [&](Store& s) { return s.issued_receipt(received); });
}
std::vector<store::ReceiptRow> BothStore::receipts_of(const std::string& signer,
                                                      store::LeafIndex after, std::size_t limit) {
  return same("receipts_of", [&](Store& s) { return s.receipts_of(signer, after, limit); });
}
std::vector<store::BatchStmtRow> BothStore::statements_of(const std::string& signer,
                                                          store::BatchId after,
                                                          std::size_t limit) {
  return same("statements_of", [&](Store& s) { return s.statements_of(signer, after, limit); });
}
std::vector<store::LeafIndex> BothStore::due(std::uint64_t safe_ms, std::size_t limit) {
  return same("due", [&](Store& s) { return s.due(safe_ms, limit); });
}
store::IndexProgress BothStore::dating_progress() {
  return same("dating_progress", [](Store& s) { return s.dating_progress(); });
}
std::vector<store::RecordRef> BothStore::without_body(std::size_t limit) {
  return same("without_body", [&](Store& s) { return s.without_body(limit); });
}
std::string BothStore::mark(store::Mark mark) {
  return same("mark", [&](Store& s) { return s.mark(mark); });
}

}  // namespace focal::sim
