#include "node/ledger/proofs.h"

namespace focal::ledger {
namespace {

constexpr char kIsRecord[] = "SELECT 1 FROM rec WHERE idx=$1";
constexpr char kSaveProof[] =
    "INSERT INTO proof(idx,peer,leaf,proof) VALUES($1,$2,$3,$4) "
    "ON CONFLICT(idx,peer) DO UPDATE SET leaf=excluded.leaf,proof=excluded.proof";
constexpr char kSelectProof[] = "SELECT leaf,proof FROM proof WHERE idx=$1 AND peer=$2";
constexpr char kSavePromise[] =
    "INSERT INTO promise(peer,idx,asked_ms,verdict) VALUES($1,$2,$3,$4) "
    "ON CONFLICT(peer,idx) DO UPDATE SET asked_ms=excluded.asked_ms,verdict=excluded.verdict";
constexpr char kNewestPromise[] =
    "SELECT peer,idx,asked_ms,verdict FROM promise WHERE peer=$1 "
    "ORDER BY asked_ms DESC,idx DESC LIMIT 1";
constexpr char kPromises[] =
    "SELECT peer,idx,asked_ms,verdict FROM promise WHERE verdict=$1 "
    "ORDER BY asked_ms,peer,idx LIMIT $2";
constexpr char kInsertOpened[] =
    "INSERT INTO opened(idx,at_ms) VALUES($1,$2) ON CONFLICT DO NOTHING";
constexpr char kSelectOpened[] = "SELECT at_ms FROM opened WHERE idx=$1";

}  // namespace

Status ProofStore::must_be_record(store::LeafIndex idx) {
  FOCAL_ASSIGN(const bool there, Query(p_.db, kIsRecord).bind(idx).next());
  if (there) return {};
  return fail(ErrorCode::kState, "leaf " + std::to_string(idx) + " is no record");
}

Status ProofStore::put(const store::PutProof& op, Group&) {
  FOCAL_TRY(must_be_record(op.row.idx));
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(op.row.party));
  FOCAL_TRY(Query(p_.db, kSaveProof).bind(op.row.idx, peer, op.row.leaf, op.row.proof).run());
  return {};
}

Status ProofStore::put(const store::PutPromise& op, Group&) {
  FOCAL_TRY(must_be_record(op.row.idx));
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(op.row.party));
  FOCAL_TRY(Query(p_.db, kSavePromise)
                .bind(peer, op.row.idx, op.row.asked_ms, op.row.verdict)
                .run());
  return {};
}

Status ProofStore::put(const store::PutOpened& op, Group& group) {
  FOCAL_ASSIGN(const store::LeafIndex idx, records_.resolve(op.ref, group));
  FOCAL_TRY(Query(p_.db, kInsertOpened).bind(idx, group.now_ms).run());
  return {};
}

std::optional<store::ProofRow> ProofStore::proof(store::LeafIndex idx, const std::string& party) {
  const auto peer = p_.parties.find(party);
  if (!peer) return std::nullopt;
  Query query(p_.db, kSelectProof);
  if (!query.bind(idx, *peer).row()) return std::nullopt;
  return store::ProofRow{idx, party, to_bytes(query.blob(0)), query.text(1)};
}

store::PromiseRow ProofStore::read_promise(const Query& query) {
  return {p_.parties.name(query.integer(0)), query.integer(1), query.number<std::uint64_t>(2),
          query.number<store::PromiseVerdict>(3)};
}

std::optional<store::PromiseRow> ProofStore::newest_promise(const std::string& party) {
  const auto peer = p_.parties.find(party);
  if (!peer) return std::nullopt;
  Query query(p_.db, kNewestPromise);
  if (!query.bind(*peer).row()) return std::nullopt;
  return read_promise(query);
}

std::vector<store::PromiseRow> ProofStore::promises(store::PromiseVerdict verdict,
                                                    std::size_t limit) {
  std::vector<store::PromiseRow> out;
  Query query(p_.db, kPromises);
  query.bind(verdict, limit);
  while (query.row()) out.push_back(read_promise(query));
  return out;
}

std::uint64_t ProofStore::opened_ms(store::LeafIndex idx) {
  Query query(p_.db, kSelectOpened);
  return query.bind(idx).row() ? query.number<std::uint64_t>(0) : 0;
}

}  // namespace focal::ledger
