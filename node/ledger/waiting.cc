#include "node/ledger/waiting.h"

#include "base/log.h"

namespace focal::ledger {
namespace {

constexpr char kInsert[] =
    "INSERT INTO waiting(inner_hash,link_peer,size,reason,since_ms,env_id,kek,wrapped,ct,id) "
    "SELECT $1,$2,$3,$4,$5,$6,$7,$8,$9,COALESCE(MAX(id),0)+1 FROM waiting WHERE true "
    "ON CONFLICT DO NOTHING";
constexpr char kHave[] = "SELECT 1 FROM waiting WHERE inner_hash=$1";
constexpr char kDelete[] = "DELETE FROM waiting WHERE inner_hash=$1";
constexpr char kAll[] =
    "SELECT inner_hash,link_peer,reason,since_ms,env_id,kek,wrapped,ct FROM waiting ORDER BY id";
constexpr char kBytes[] = "SELECT COALESCE(SUM(size),0) FROM waiting WHERE link_peer=$1";

}  // namespace

Status WaitingStore::put(const store::PutWaiting& op) {
  const store::WaitingRow& row = op.row;
  {
    Query have(p_.db, kHave);
    FOCAL_ASSIGN(const bool there, have.bind(row.inner_hash).next());
    if (there) return {};  // before the cost of sealing
  }
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(row.link_peer));
  FOCAL_ASSIGN(const SealedRow sealed,
               p_.vault.seal(row.inner_hash, crypto::RestPart::kWaiting, row.inner));
  FOCAL_TRY(Query(p_.db, kInsert)
                .bind(row.inner_hash, peer, row.inner.size(), row.reason, row.since_ms, row.env_id,
                      sealed.kek, sealed.sealed.wrapped, sealed.sealed.ct)
                .run());
  return {};
}

Status WaitingStore::drop(const store::DropWaiting& op) {
  FOCAL_TRY(Query(p_.db, kDelete).bind(op.inner_hash).run());
  return {};
}

std::vector<store::WaitingRow> WaitingStore::all() {
  std::vector<store::WaitingRow> out;
  Query query(p_.db, kAll);
  while (query.row()) {
    store::WaitingRow row;
    row.inner_hash = query.hash(0);
    row.link_peer = p_.parties.name(query.integer(1));
    row.reason = query.number<store::WaitReason>(2);
    row.since_ms = query.number<std::uint64_t>(3);
    row.env_id = query.hash(4);
    auto inner = p_.vault.open(query.integer(5), row.inner_hash, crypto::RestPart::kWaiting,
                               query.blob(6), query.blob(7));
    if (!inner) {
      log::error("ledger", "a waiting envelope cannot be read",
                 {{"env", hex(row.env_id)}, {"error", inner.error().message}});
      continue;
    }
    row.inner = std::move(*inner);
    out.push_back(std::move(row));
  }
  return out;
}

std::size_t WaitingStore::bytes(const std::string& link_peer) {
  const auto peer = p_.parties.find(link_peer);
  if (!peer) return 0;
  Query query(p_.db, kBytes);
  return query.bind(*peer).row() ? query.number<std::size_t>(0) : 0;
}

}  // namespace focal::ledger
