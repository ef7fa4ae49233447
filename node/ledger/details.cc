#include "node/ledger/details.h"

namespace focal::ledger {
namespace {
constexpr char kInsert[] = "INSERT INTO detail(idx,peer,kek,wrapped,ct) VALUES($1,$2,$3,$4,$5)";
constexpr char kSelect[] = "SELECT kek,wrapped,ct FROM detail WHERE idx=$1";
constexpr char kInsertAct[] = "INSERT INTO peer_act(peer,idx) VALUES($1,$2)";
constexpr char kSelectActs[] =
    "SELECT idx FROM peer_act WHERE peer=$1 ORDER BY idx DESC LIMIT $2";
constexpr std::size_t kSaltSize = 32;
}  // namespace

Result<store::LeafIndex> DetailStore::append(Group& group, store::LeafType type, const Hash32& ref,
                                             std::string_view detail,
                                             std::optional<std::int64_t> peer) {
  const auto salt = p_.vault.rng().array<kSaltSize>();
  Bytes plain = to_bytes(ByteView(salt));
  focal::append(plain, detail);
  FOCAL_ASSIGN(const SealedRow row, p_.vault.seal(ref, crypto::RestPart::kDetail, plain));
  const Hash32 commitment = store::detail_commitment(salt, as_bytes(detail));
  FOCAL_ASSIGN(const store::LeafIndex idx, p_.log.append({type, group.now_ms, ref, commitment}));
  FOCAL_TRY(
      Query(p_.db, kInsert).bind(idx, peer, row.kek, row.sealed.wrapped, row.sealed.ct).run());
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
