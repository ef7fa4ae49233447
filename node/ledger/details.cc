#include "node/ledger/details.h"

namespace focal::ledger {
namespace {
constexpr char kInsert[] = "INSERT INTO detail(idx,peer,kek,wrapped,ct) VALUES($1,$2,$3,$4,$5)";
constexpr char kSelect[] = "SELECT kek,wrapped,ct FROM detail WHERE idx=$1";
constexpr char kInsertAct[] = "INSERT INTO peer_act(peer,idx) VALUES($1,$2)";
constexpr char kSelectActs[] =
    "SELECT idx FROM peer_act WHERE peer=$1 ORDER BY idx DESC LIMIT $2";
constexpr char kSelectKek[] = "SELECT kek FROM detail WHERE idx=$1 AND wrapped IS NOT NULL";
constexpr char kDestroy[] = "UPDATE detail SET wrapped=$1,ct=$2 WHERE idx=$3";
constexpr std::size_t kSaltSize = 32;
}  // namespace

Result<DetailStore::Sealed> DetailStore::seal(const Hash32& ref, std::string_view detail) {
  const auto salt = p_.vault.rng().array<kSaltSize>();
  Bytes plain = to_bytes(ByteView(salt));
  focal::append(plain, detail);
  FOCAL_ASSIGN(SealedRow row, p_.vault.seal(ref, crypto::RestPart::kDetail, plain, KekClass::kActs));
  return Sealed{store::detail_commitment(salt, as_bytes(detail)), std::move(row)};
}

Status DetailStore::keep(const Sealed& sealed, store::LeafIndex first,
                         std::optional<std::int64_t> peer) {
  FOCAL_TRY(Query(p_.db, kInsert)
                .bind(first, peer, sealed.row.kek, sealed.row.sealed.wrapped, sealed.row.sealed.ct)
                .run());
  return {};
}

Status DetailStore::destroy(store::LeafIndex idx) {
  KekId kek = 0;
  {
    Query query(p_.db, kSelectKek);
    FOCAL_ASSIGN(const bool row, query.bind(idx).next());
    if (!row) return {};
    kek = query.integer(0);
  }
  FOCAL_TRY(Query(p_.db, kDestroy).bind(std::nullopt, std::nullopt, idx).run());
  return p_.keks.deleted(kek);
}

Result<store::LeafIndex> DetailStore::append(Group& group, store::LeafType type, const Hash32& ref,
                                             std::string_view detail,
                                             std::optional<std::int64_t> peer) {
  FOCAL_ASSIGN(const Sealed sealed, seal(ref, detail));
  FOCAL_ASSIGN(const store::LeafIndex idx,
               p_.log.append({type, group.now_ms, ref, sealed.commitment}));
  FOCAL_TRY(keep(sealed, idx, peer));
  if (peer && store::is_peer_act(type))
    FOCAL_TRY(Query(p_.db, kInsertAct).bind(*peer, idx).run());
  return idx;
}

std::vector<store::PeerActRow> DetailStore::acts(const std::string& party, std::size_t limit) {
  std::vector<store::PeerActRow> out;
  const auto peer = p_.parties.find(party);
  if (!peer) return out;
  {
    Query query(p_.db, kSelectActs);
    query.bind(*peer, limit);
    while (query.row()) out.push_back({query.integer(0), {}, 0, {}});
  }
  for (store::PeerActRow& act : out) {
    const auto leaf = p_.log.leaf(act.idx);
    if (!leaf) continue;
    act.type = store::leaf_type_name(leaf->type);
    act.at_ms = leaf->time_ms;
    act.detail = read(act.idx).value_or(std::string());
  }
  return out;
}

Result<std::string> DetailStore::read(store::LeafIndex idx) {
  const auto leaf = p_.log.leaf(idx);
  Query query(p_.db, kSelect);
  if (!leaf || !query.bind(idx).row() || query.is_null(1))
    return fail(ErrorCode::kNotFound, "leaf " + std::to_string(idx) + " has no detail here");
  FOCAL_ASSIGN(const Bytes plain,
               p_.vault.open(query.integer(0), leaf->ref, crypto::RestPart::kDetail, query.blob(1),
                             query.blob(2)));
  const auto salt = fixed<kSaltSize>(ByteView(plain).first(std::min(plain.size(), kSaltSize)));
  if (!salt) return fail(ErrorCode::kCorrupt, "the detail is too short");
  const ByteView text = ByteView(plain).subspan(kSaltSize);
  if (store::detail_commitment(*salt, text) != leaf->detail)
    return fail(ErrorCode::kCorrupt,
                "the detail is not the one leaf " + std::to_string(idx) + " commits to");
  return to_string(text);
}

}  // namespace focal::ledger
