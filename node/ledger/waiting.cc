#include "node/ledger/waiting.h"

namespace focal::ledger {
namespace {

constexpr char kInsert[] =
    "INSERT INTO waiting(inner_hash,link_peer,size,reason,since_ms,env_id,kek,wrapped,ct,id) "
    "SELECT $1,$2,$3,$4,$5,$6,$7,$8,$9,COALESCE(MAX(id),0)+1 FROM waiting WHERE true "
    "ON CONFLICT DO NOTHING";
constexpr char kHave[] = "SELECT 1 FROM waiting WHERE inner_hash=$1";
constexpr char kSelectKek[] = "SELECT kek FROM waiting WHERE inner_hash=$1";
constexpr char kDelete[] = "DELETE FROM waiting WHERE inner_hash=$1";
constexpr char kAll[] =
    "SELECT inner_hash,link_peer,reason,since_ms,env_id,size FROM waiting ORDER BY id";
constexpr char kInner[] = "SELECT kek,wrapped,ct FROM waiting WHERE inner_hash=$1";

}  // namespace

Status WaitingStore::put(const store::PutWaiting& op) {
  const store::WaitingHead& head = op.head;
  {
    Query have(p_.db, kHave);
    FOCAL_ASSIGN(const bool there, have.bind(head.inner_hash).next());
    if (there) return {};  // before the cost of sealing
  }
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(head.link_peer));
  FOCAL_ASSIGN(const SealedRow sealed,
               p_.vault.seal(head.inner_hash, crypto::RestPart::kWaiting, op.inner,
                            KekClass::kWaiting));
  FOCAL_TRY(Query(p_.db, kInsert)
                .bind(head.inner_hash, peer, op.inner.size(), head.reason, head.since_ms,
                      head.env_id, sealed.kek, sealed.sealed.wrapped, sealed.sealed.ct)
                .run());
  return {};
}

Status WaitingStore::drop(const store::DropWaiting& op) {
  KekId kek = 0;
  {
    Query query(p_.db, kSelectKek);
    FOCAL_ASSIGN(const bool row, query.bind(op.inner_hash).next());
    if (!row) return {};
    kek = query.integer(0);
  }
  FOCAL_TRY(Query(p_.db, kDelete).bind(op.inner_hash).run());
  // What waited may be erased later as a record: an old copy of it must not outlive that.
  return p_.keks.deleted(kek);
}

std::vector<store::WaitingHead> WaitingStore::all() {
  std::vector<store::WaitingHead> out;
  Query query(p_.db, kAll);
  while (query.row()) {
    store::WaitingHead head;
    head.inner_hash = query.hash(0);
    head.link_peer = p_.parties.name(query.integer(1));
    head.reason = query.number<store::WaitReason>(2);
    head.since_ms = query.number<std::uint64_t>(3);
    head.env_id = query.hash(4);
    head.size = query.number<std::uint64_t>(5);
    out.push_back(std::move(head));
  }
  return out;
}

Result<Bytes> WaitingStore::inner(const Hash32& inner_hash) {
  Query query(p_.db, kInner);
  if (!query.bind(inner_hash).row())
    return fail(ErrorCode::kNotFound, "nothing of that name waits");
  return p_.vault.open(query.integer(0), inner_hash, crypto::RestPart::kWaiting, query.blob(1),
                       query.blob(2));
}

}  // namespace focal::ledger
