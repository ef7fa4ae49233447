#include "node/ledger/outbox.h"

#include <algorithm>
#include <map>

#include "base/defect.h"

#include "crypto/hash.h"
#include "node/ledger/blobs.h"

namespace focal::ledger {
namespace {

constexpr char kInsert[] =
    "INSERT INTO outbox(batch,peer,lane,state,tries,next_ms,created_ms,expires_ms,done) "
    "VALUES($1,$2,$3,$4,0,0,$5,$6,$7) ON CONFLICT DO NOTHING";
constexpr char kSave[] =
    "UPDATE outbox SET state=$1,tries=$2,next_ms=$3,done=$4,receipts=$5 WHERE batch=$6 AND peer=$7";
constexpr char kSaveReason[] =
    "UPDATE outbox SET kek=$1,wrapped=$2,reason=$3 WHERE batch=$4 AND peer=$5";
#define FOCAL_OUTBOX_COLUMNS                                                                 \
  "SELECT o.batch,o.peer,o.lane,o.state,o.tries,o.next_ms,o.created_ms,o.expires_ms,o.done," \
  "o.kek,o.wrapped,o.reason,b.n,o.receipts FROM outbox o JOIN batch b ON b.id=o.batch "
constexpr char kOpen[] = FOCAL_OUTBOX_COLUMNS "WHERE o.state<10 ORDER BY o.batch,o.peer";
constexpr char kRecent[] = FOCAL_OUTBOX_COLUMNS "ORDER BY o.batch DESC,o.peer LIMIT $1";
constexpr char kOne[] = FOCAL_OUTBOX_COLUMNS "WHERE o.batch=$1 AND o.peer=$2";
#undef FOCAL_OUTBOX_COLUMNS

constexpr char kRecipients[] = "SELECT peer FROM outbox WHERE batch=$1 ORDER BY peer";
constexpr char kReasonKeks[] = "SELECT kek FROM outbox WHERE batch=$1 AND kek IS NOT NULL";
constexpr char kDropReasons[] =
    "UPDATE outbox SET kek=$1,wrapped=$2,reason=$3 WHERE batch=$4";

constexpr std::string_view kReasonLabel{"focal/outbox/v1\0", 16};

bool is_local_end(std::uint32_t status) {
  return status == store::kItemExpired || status == store::kItemCancelled;
}

void end_if_done(store::OutboxRow& row) {
  const auto& all = row.item_status;
  const bool ended = std::find(all.begin(), all.end(), 0u) == all.end();
  const bool receipted = ended && std::none_of(all.begin(), all.end(), is_local_end);
  if (receipted || (ended && !store::is_ended(row.state))) row.state = store::OutboxState::kDone;
}

}  // namespace

// An operator's reason is free text, so it is sealed like a record.
Hash32 outbox_reason_ref(store::BatchId batch, const std::string& peer) {
  Bytes number;
  put_u64be(number, static_cast<std::uint64_t>(batch));
  return crypto::sha256({as_bytes(kReasonLabel), number, as_bytes(peer)});
}

Status OutboxStore::add(store::BatchId batch, const store::PutSentBatch& op, const Group& group) {
  const Bytes done = encode_statuses(std::vector<std::uint32_t>(op.records.size(), 0));
  for (const std::string& to : op.to) {
    FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(to));
    Query query(p_.db, kInsert);
    query.bind(batch, peer, op.lane, store::OutboxState::kReady, group.now_ms, op.expires_ms, done);
    FOCAL_TRY(must_insert(query, "outbox row of " + to));
  }
  return {};
}

Status OutboxStore::save(const store::OutboxRow& row, std::int64_t peer, bool with_reason) {
  const Bytes done = encode_statuses(row.item_status);
  std::optional<Bytes> receipts;
  if (!row.receipts.empty()) receipts = encode_indexes(row.receipts);
  FOCAL_TRY(
      Query(p_.db, kSave)
          .bind(row.state, row.tries, row.next_ms, done, receipts, row.batch, peer)
          .run());
  if (!with_reason) return {};
  if (row.reason.empty()) {
    FOCAL_TRY(Query(p_.db, kSaveReason)
                  .bind(std::nullopt, std::nullopt, std::nullopt, row.batch, peer)
                  .run());
    return {};
  }
  FOCAL_ASSIGN(const SealedRow sealed,
               p_.vault.seal(outbox_reason_ref(row.batch, row.peer), crypto::RestPart::kDetail,
                             as_bytes(row.reason), KekClass::kActs));
  FOCAL_TRY(Query(p_.db, kSaveReason)
                .bind(sealed.kek, sealed.sealed.wrapped, sealed.sealed.ct, row.batch, peer)
                .run());
  return {};
}

Status OutboxStore::set(const store::SetOutbox& op) {
  auto row = get(op.batch, op.peer);
  if (!row)
    return fail(ErrorCode::kState,
                "batch " + std::to_string(op.batch) + " was not sent to " + op.peer);
  if (store::is_ended(row->state)) return {};
  const bool new_reason = row->reason != op.reason;
  row->state = op.state;
  row->reason = op.reason;
  row->tries = op.tries;
  row->next_ms = op.next_ms;
  std::uint32_t end = 0;
  if (op.state == store::OutboxState::kExpired) end = store::kItemExpired;
  if (op.state == store::OutboxState::kCancelled) end = store::kItemCancelled;
  for (std::uint32_t& status : row->item_status) {
    if (status == 0 && store::is_ended(op.state)) {
      if (end == 0) return fail(ErrorCode::kState, "items of the batch are still open");
      status = end;
    }
  }
  return save(*row, p_.parties.find(op.peer).value_or(0), new_reason);
}

Status OutboxStore::apply(const std::string& from,
                          const std::vector<store::ItemOutcome>& outcomes,
                          store::LeafIndex receipt) {
  std::map<store::BatchId, std::vector<const store::ItemOutcome*>> by_batch;
  for (const store::ItemOutcome& outcome : outcomes) by_batch[outcome.batch].push_back(&outcome);
  const auto peer = p_.parties.find(from);
  if (!peer) return {};
  for (const auto& [batch, items] : by_batch) {
    auto row = get(batch, from);
    if (!row) continue;
    bool any = false;
    for (const store::ItemOutcome* item : items) {
      if (item->position >= row->item_status.size())
        return fail(ErrorCode::kState, "an outcome names a place outside its batch");
      std::uint32_t& status = row->item_status[item->position];
      if (planted(Defect::kReceiptAfterEnd) && status != 0) continue;
      if (status == 0 || (is_local_end(status) && !is_local_end(item->status))) {
        status = item->status;
        any = any || !is_local_end(status);
      }
    }
    const auto known = std::find(row->receipts.begin(), row->receipts.end(), receipt);
    if (any && known == row->receipts.end()) row->receipts.push_back(receipt);
    end_if_done(*row);
    FOCAL_TRY(save(*row, *peer, false));
  }
  return {};
}

Result<std::vector<std::string>> OutboxStore::recipients(store::BatchId batch) {
  std::vector<std::string> out;
  Query query(p_.db, kRecipients);
  query.bind(batch);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) return out;
    out.push_back(p_.parties.name(query.integer(0)));
  }
}

Status OutboxStore::cancel(store::BatchId batch, std::uint32_t position) {
  FOCAL_ASSIGN(const std::vector<std::string> peers, recipients(batch));
  for (const std::string& peer : peers) {
    auto row = get(batch, peer);
    if (!row || position >= row->item_status.size() || row->item_status[position] != 0) continue;
    row->item_status[position] = store::kItemCancelled;
    end_if_done(*row);
    FOCAL_TRY(save(*row, p_.parties.find(peer).value_or(0), false));
  }
  return {};
}

Status OutboxStore::destroy_reasons(store::BatchId batch) {
  std::vector<KekId> keks;
  {
    Query query(p_.db, kReasonKeks);
    query.bind(batch);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) break;
      keks.push_back(query.integer(0));
    }
  }
  if (keks.empty()) return {};
  FOCAL_TRY(Query(p_.db, kDropReasons).bind(std::nullopt, std::nullopt, std::nullopt, batch).run());
  for (const KekId kek : keks) FOCAL_TRY(p_.keks.deleted(kek));
  return {};
}

Status OutboxStore::reopen(const store::ReopenItems& op, const std::vector<bool>& keep) {
  auto row = get(op.batch, op.peer);
  if (!row)
    return fail(ErrorCode::kState,
                "batch " + std::to_string(op.batch) + " was not sent to " + op.peer);
  bool any = false;
  for (const std::uint32_t position : op.positions) {
    if (position >= row->item_status.size() || position >= keep.size())
      return fail(ErrorCode::kState, "a place outside its batch is to be opened again");
    if (keep[position]) continue;
    row->item_status[position] = 0;
    any = true;
  }
  if (!any) return {};
  row->state = store::OutboxState::kReady;
  row->tries = 0;
  row->next_ms = 0;
  const bool had_reason = !row->reason.empty();
  row->reason.clear();
  return save(*row, p_.parties.find(op.peer).value_or(0), had_reason);
}

store::OutboxRow OutboxStore::read(const Query& query) {
  store::OutboxRow row;
  row.batch = query.integer(0);
  row.peer = p_.parties.name(query.integer(1));
  row.lane = query.number<std::uint32_t>(2);
  row.state = query.number<store::OutboxState>(3);
  row.tries = query.number<std::uint32_t>(4);
  row.next_ms = query.number<std::uint64_t>(5);
  row.created_ms = query.number<std::uint64_t>(6);
  row.expires_ms = query.number<std::uint64_t>(7);
  auto statuses = decode_statuses(query.blob(8), query.number<std::size_t>(12));
  if (!statuses) damaged("outbox of batch " + std::to_string(row.batch));
  row.item_status = std::move(*statuses);
  if (!query.is_null(13)) {
    auto receipts = decode_indexes(query.blob(13));
    if (!receipts) damaged("outbox of batch " + std::to_string(row.batch));
    row.receipts = std::move(*receipts);
  }
  if (!query.is_null(9)) {
    const auto reason = p_.vault.open(query.integer(9), outbox_reason_ref(row.batch, row.peer),
                                      crypto::RestPart::kDetail, query.blob(10), query.blob(11));
    row.reason = reason ? to_string(*reason) : "(" + reason.error().message + ")";
  }
  return row;
}

std::vector<store::OutboxRow> OutboxStore::open() {
  std::vector<store::OutboxRow> out;
  Query query(p_.db, kOpen);
  while (query.row()) out.push_back(read(query));
  return out;
}

std::vector<store::OutboxRow> OutboxStore::recent(std::size_t limit) {
  std::vector<store::OutboxRow> out;
  Query query(p_.db, kRecent);
  query.bind(limit);
  while (query.row()) out.push_back(read(query));
  return out;
}

std::optional<store::OutboxRow> OutboxStore::get(store::BatchId batch, const std::string& peer) {
  const auto number = p_.parties.find(peer);
  if (!number) return std::nullopt;
  Query query(p_.db, kOne);
  if (!query.bind(batch, *number).row()) return std::nullopt;
  return read(query);
}

}  // namespace focal::ledger
