#include "node/ledger/own_cards.h"

#include "crypto/hash.h"
#include "node/ledger/schema.h"

namespace focal::ledger {
namespace {

constexpr char kInsertCard[] = "INSERT INTO own_card(idx,origin,note) VALUES($1,$2,$3)";
constexpr char kCards[] = "SELECT idx,origin,note FROM own_card ORDER BY idx";
constexpr char kNewest[] = "SELECT note FROM own_card ORDER BY idx DESC LIMIT 1";
constexpr char kHadName[] = "SELECT 1 FROM own_card WHERE origin=$1 LIMIT 1";
constexpr char kOriginAt[] = "SELECT origin FROM own_card WHERE idx<$1 ORDER BY idx DESC LIMIT 1";
constexpr char kInsertRevocation[] = "INSERT INTO own_revocation(idx,note) VALUES($1,$2)";
constexpr char kRevocations[] = "SELECT note FROM own_revocation ORDER BY idx";
constexpr char kHasRevocation[] = "SELECT 1 FROM own_revocation WHERE note=$1";

}  // namespace

Result<std::string> origin_at(Driver& db, std::uint64_t size, const std::string& otherwise) {
  Query query(db, kOriginAt);
  FOCAL_ASSIGN(const bool row, query.bind(size).next());
  return row ? query.text(0) : otherwise;
}

Status OwnCardStore::put(const store::PutOwnCard& op, Group& group) {
  {
    Query newest(p_.db, kNewest);
    FOCAL_ASSIGN(const bool any, newest.next());
    if (any && newest.text(0) == op.note) return {};
  }
  if (op.origin != p_.log.origin()) FOCAL_TRY(continue_log(op, group));
  FOCAL_ASSIGN(const store::LeafIndex idx,
               details_.append(group, store::LeafType::kPeerCard, op.card_id, op.detail, {}));
  FOCAL_TRY(Query(p_.db, kInsertCard).bind(idx, op.origin, op.note).run());
  return {};
}

Status OwnCardStore::continue_log(const store::PutOwnCard& op, Group& group) {
  FOCAL_ASSIGN(const bool had_it, Query(p_.db, kHadName).bind(op.origin).next());
  if (had_it)
    return fail(ErrorCode::kState, "the log has carried the name " + op.origin + " before",
                "A new log key needs the next generation of the log.");
  const auto& last = p_.log.last_checkpoint();
  const Hash32 before = last ? crypto::sha256(std::string_view(last->note)) : Hash32{};
  if (op.higher.empty()) {
    FOCAL_TRY(p_.log.append({store::LeafType::kContinuation, group.now_ms, before, Hash32{}}));
  } else {
    FOCAL_TRY(details_.append(group, store::LeafType::kContinuation, before, op.higher, {}));
  }
  FOCAL_TRY(put_origin(p_.db, op.origin));
  p_.log.set_origin(op.origin);
  return {};
}

Status OwnCardStore::put(const store::PutOwnRevocation& op, Group& group) {
  FOCAL_ASSIGN(const bool known, Query(p_.db, kHasRevocation).bind(op.note).next());
  if (known) return {};
  FOCAL_ASSIGN(const store::LeafIndex idx,
               details_.append(group, store::LeafType::kPeerCard, op.id, op.detail, {}));
  FOCAL_TRY(Query(p_.db, kInsertRevocation).bind(idx, op.note).run());
  return {};
}

std::vector<store::OwnCardRow> OwnCardStore::cards() {
  std::vector<store::OwnCardRow> out;
  Query query(p_.db, kCards);
  while (query.row()) out.push_back({query.integer(0), query.text(1), query.text(2)});
  return out;
}

std::vector<std::string> OwnCardStore::revocations() {
  std::vector<std::string> out;
  Query query(p_.db, kRevocations);
  while (query.row()) out.push_back(query.text(0));
  return out;
}

}  // namespace focal::ledger
