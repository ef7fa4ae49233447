// What the checks of batches and receipts share: statements and their leaves.
#include <algorithm>

#include "crypto/merkle.h"
#include "node/ledger/verify_parts.h"
#include "proto/envelope.pb.h"
#include "proto/lint.h"

namespace focal::ledger {
namespace {

constexpr char kRange[] =
    "SELECT l.idx,l.bytes,r.dir,r.status,r.created_ms,r.batch,r.pos,r.peer FROM leaf l "
    "JOIN rec r ON r.idx=l.idx WHERE l.idx>=$1 AND l.idx<$2 ORDER BY l.idx";
constexpr char kSigned[] = "SELECT 1 FROM signed WHERE root=$1";
constexpr char kSignedCount[] =
    "SELECT COUNT(*),(SELECT COALESCE(MAX(idx),-1)+1 FROM leaf) FROM signed";
constexpr char kNewest[] = "SELECT peer,signed_ms,stmt,sig FROM newest_stmt ORDER BY peer";
constexpr std::size_t kSignatureSize = 64;

// The key a statement of `from` has to be signed with; nothing if it is not here
// or the caller gave no keys.
std::optional<crypto::PublicKey> key_of(const Scope& scope, const Subject& subject,
                                        const v1::BatchStmt& stmt) {
  const auto card_id = fixed<32>(as_bytes(stmt.card())).value_or(Hash32{});
  if (stmt.from() == scope.party) {
    if (scope.own.empty() || !scope.options.read_own_card) return scope.options.sign_key;
    for (const OwnCardAt& own : scope.own)
      if (own.card && own.id == card_id) return own.card->signer.key;
    scope.found.check(VerifyPart::kSignatures, false, subject,
                      "is signed under a card of this node that is not here");
    return std::nullopt;
  }
  if (!scope.options.read_card) return std::nullopt;
  const auto card = scope.signers.find(card_id);
  if (card != scope.signers.end() && card->second.party == stmt.from()) return card->second.key;
  scope.found.check(VerifyPart::kSignatures, false, subject,
                    "is signed under a card of " + stmt.from() + " that is not here");
  return std::nullopt;
}

}  // namespace

void check_statement(Scope& scope, VerifyPart part, const Subject& subject, std::uint32_t purpose,
                     const std::string& from, std::span<const Hash32> leaves, ByteView bytes,
                     ByteView sig) {
  v1::BatchStmt stmt;
  const bool parsed = proto::lint(proto::Msg::kBatchStmt, bytes) &&
                      stmt.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  scope.found.check(part,
                    parsed && stmt.purpose() == purpose && stmt.size() == leaves.size() &&
                        equal(as_bytes(stmt.root()), crypto::merkle_root(leaves)),
                    subject, "has a statement about something else");
  if (parsed && stmt.from() != from)
    scope.found.check(part, false, subject, "has a statement of " + stmt.from() + ", not " + from);
  scope.found.check(VerifyPart::kSignatures, sig.size() == kSignatureSize, subject,
                    "has no signature");
  if (!parsed || sig.size() != kSignatureSize) return;
  const auto key = key_of(scope, subject, stmt);
  if (!key) return;
  ++scope.found.report().signatures;
  scope.found.check(VerifyPart::kSignatures,
                    crypto::verify(*key, crypto::pae(crypto::kBatchType, bytes), sig), subject,
                    "has a signature that does not verify");
}

Status check_signed(Scope& scope, VerifyPart part, const Subject& subject, const Hash32& root) {
  scope.signed_roots.push_back(get_u64be(root));
  FOCAL_ASSIGN(const bool known, Query(scope.db, kSigned).bind(root).next());
  scope.found.check(part, known, subject, "is missing among the signed statements");
  return {};
}

Status verify_signed(Scope& scope) {
  auto& roots = scope.signed_roots;
  std::sort(roots.begin(), roots.end());
  const auto all = std::unique(roots.begin(), roots.end()) - roots.begin();
  Query query(scope.db, kSignedCount);
  FOCAL_TRY(one_row(query));
  // A node at work may have signed others since.
  scope.found.check(VerifyPart::kBatches, query.integer(1) != scope.size || query.integer(0) <= all,
                    {"table signed"}, "has roots of statements that are not here");
  return {};
}

Status verify_newest_statements(Scope& scope) {
  Query query(scope.db, kNewest);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) return {};
    const auto party = scope.parties.find(query.integer(0));
    const Subject subject{"the newest statement of party", query.integer(0)};
    v1::BatchStmt stmt;
    const ByteView bytes = query.blob(2);
    const bool right = proto::lint(proto::Msg::kBatchStmt, bytes) &&
                       stmt.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) &&
                       party != scope.parties.end() && stmt.from() == party->second &&
                       stmt.signed_ms() == query.number<std::uint64_t>(1);
    scope.found.check(VerifyPart::kSignatures, right, subject, "is another's, or of another time");
    if (!right) continue;
    const auto key = key_of(scope, subject, stmt);
    if (!key) continue;
    ++scope.found.report().signatures;
    scope.found.check(VerifyPart::kSignatures,
                      crypto::verify(*key, crypto::pae(crypto::kBatchType, bytes), query.blob(3)),
                      subject, "has a signature that does not verify");
  }
}

Result<std::vector<RecordLeaf>> record_leaves(Driver& db, std::int64_t first, std::int64_t n) {
  std::vector<RecordLeaf> out;
  Query query(db, kRange);
  query.bind(first, first + n);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) return out;
    const auto leaf = store::decode_leaf(query.blob(1));
    if (!leaf) continue;  // reported with the leaves
    out.push_back({*leaf, query.integer(2), query.number<std::uint32_t>(3),
                   query.number<std::uint64_t>(4), query.integer(5), query.number<std::size_t>(6),
                   query.integer(7)});
  }
}

}  // namespace focal::ledger
