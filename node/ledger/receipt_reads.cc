// Receipts and statements as evidence, and as what a party gets back that lost its ledger's end.
#include <algorithm>

#include "node/ledger/blobs.h"
#include "node/ledger/receipt_items.h"
#include "node/ledger/receipts.h"

namespace focal::ledger {
namespace {

constexpr char kOne[] = "SELECT id,peer,stmt,sig,items FROM receipt_in WHERE id=$1";
constexpr char kFrom[] =
    "SELECT id,peer,stmt,sig,items FROM receipt_in WHERE peer=$1 AND id>$2 ORDER BY id LIMIT $3";
constexpr char kScan[] = "SELECT id,items FROM receipt_in WHERE peer=$1 AND id>$2 ORDER BY id";
constexpr char kIssued[] =
    "SELECT id,first_idx,n,idxs,stmt,sig FROM receipt_batch WHERE peer=$1 AND id>$2 ORDER BY id";
constexpr char kStatements[] =
    "SELECT b.id,b.stmt,b.sig FROM batch b JOIN rec r ON r.idx=b.first_idx "
    "WHERE b.id>$1 AND b.dir=$2 AND r.peer=$3 ORDER BY b.id LIMIT $4";

bool names(ByteView items, const Hash32& rid) {
  const auto rids = receipt_rids(items);
  return rids && std::find(rids->begin(), rids->end(), rid) != rids->end();
}

}  // namespace

store::ReceiptRow ReceiptStore::read_in(const Query& query) {
  auto items = decode_list(query.blob(4));
  if (!items) damaged("receipts at leaf " + std::to_string(query.integer(0)));
  return {query.integer(0), p_.parties.name(query.integer(1)), to_bytes(query.blob(2)),
          to_bytes(query.blob(3)), std::move(*items)};
}

std::optional<store::ReceiptRow> ReceiptStore::read_one(store::LeafIndex id, const Hash32& rid) {
  Query query(p_.db, kOne);
  if (!query.bind(id).row() || !names(query.blob(4), rid)) return std::nullopt;
  return read_in(query);
}

// Which receipts ended a sending stands beside it, but for those of schema 3.
std::optional<store::ReceiptRow> ReceiptStore::receipt_for(store::LeafIndex sent,
                                                           const std::string& party) {
  const auto record = records_.record(sent);
  const auto peer = p_.parties.find(party);
  if (!record || !record->sent || !peer) return std::nullopt;
  const auto row = outbox_.get(record->batch, party);
  if (!row || record->position >= row->item_status.size()) return std::nullopt;
  for (const store::LeafIndex id : row->receipts)
    if (auto found = read_one(id, record->ref.rid)) return found;
  const std::uint32_t status = row->item_status[record->position];
  if (!store::is_accepted(status) && !store::is_rejected(status)) return std::nullopt;
  Query scan(p_.db, kScan);
  scan.bind(*peer, sent);
  while (scan.row())
    if (names(scan.blob(1), record->ref.rid)) return read_one(scan.integer(0), record->ref.rid);
  return std::nullopt;
}

std::vector<store::LeafIndex> ReceiptStore::covered(const Query& query) {
  if (!query.is_null(3)) {
    auto list = decode_indexes(query.blob(3));
    if (!list) damaged("receipt batch at leaf " + std::to_string(query.integer(0)));
    return std::move(*list);
  }
  std::vector<store::LeafIndex> out(query.number<std::size_t>(2));
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = query.integer(1) + static_cast<store::LeafIndex>(i);
  return out;
}

std::optional<store::ReceiptRow> ReceiptStore::issued_receipt(store::LeafIndex received) {
  const auto record = records_.record(received);
  if (!record || record->sent) return std::nullopt;
  const auto peer = p_.parties.find(record->peer);
  if (!peer) return std::nullopt;
  Query query(p_.db, kIssued);
  query.bind(*peer, received);
  while (query.row()) {
    const std::vector<store::LeafIndex> leaves = covered(query);
    if (std::find(leaves.begin(), leaves.end(), received) == leaves.end()) continue;
    store::ReceiptRow out{query.integer(0), p_.own_party, to_bytes(query.blob(4)),
                          to_bytes(query.blob(5)), {}};
    out.items.reserve(leaves.size());
    for (const store::LeafIndex idx : leaves) {
      const auto leaf = p_.log.leaf(idx);
      const auto each = records_.record(idx);
      if (!leaf || !each) damaged("receipt batch at leaf " + std::to_string(out.id));
      out.items.push_back(receipt_item(*leaf, each->status, each->ref.created_ms));
    }
    return out;
  }
  return std::nullopt;
}

std::vector<store::ReceiptRow> ReceiptStore::receipts_of(const std::string& signer,
                                                         store::LeafIndex after,
                                                         std::size_t limit) {
  std::vector<store::ReceiptRow> out;
  const auto peer = p_.parties.find(signer);
  if (!peer) return out;
  Query query(p_.db, kFrom);
  query.bind(*peer, after, limit);
  while (query.row()) out.push_back(read_in(query));
  return out;
}

std::vector<store::BatchStmtRow> ReceiptStore::statements_of(const std::string& signer,
                                                             store::BatchId after,
                                                             std::size_t limit) {
  std::vector<store::BatchStmtRow> out;
  const auto peer = p_.parties.find(signer);
  if (!peer) return out;
  Query query(p_.db, kStatements);
  query.bind(after, kReceivedRow, *peer, limit);
  while (query.row())
    out.push_back({query.integer(0), to_bytes(query.blob(1)), to_bytes(query.blob(2))});
  return out;
}

}  // namespace focal::ledger
