#include "node/exchange/disputed.h"

#include <algorithm>

#include "node/exchange/statement.h"

namespace focal::exchange {
namespace {

// When a witness first saw a checkpoint of this log that contains the leaf.
std::optional<std::uint64_t> witnessed_ms(store::View& view, store::LeafIndex idx) {
  const auto published = view.first_published(static_cast<std::uint64_t>(idx) + 1);
  std::optional<std::uint64_t> first;
  if (!published) return first;
  for (const store::CosigRow& line : published->cosigs)
    first = std::min(first.value_or(line.at_s * kSecondMs), line.at_s * kSecondMs);
  return first;
}

}  // namespace

Dispute judge_provenance(const Peer& peer, const Card& card, std::uint64_t leaf_ms,
                         std::optional<std::uint64_t> witnessed_ms) {
  const auto since = peer.revoked_since(card, RevocationScope::kSign);
  if (!since) return {};
  const bool before = leaf_ms < *since || (witnessed_ms && *witnessed_ms < *since);
  return {before ? Provenance::kRevokedLater : Provenance::kDisputed, *since};
}

Dispute dispute_of(store::View& view, const Peers& peers, const store::RecordInfo& record) {
  if (record.sent) return {};
  const Peer* peer = peers.find(record.peer);
  if (peer == nullptr || (peer->revocations.empty() && peer->thrown_away.empty())) return {};
  const auto batch = view.batch(record.batch);
  if (!batch) return {};
  const auto statement = parse_statement(batch->stmt);
  const Card* card = statement ? peer->find_card(statement->card) : nullptr;
  if (card == nullptr) return {};
  return judge_provenance(*peer, *card, record.at_ms, witnessed_ms(view, record.idx));
}

}  // namespace focal::exchange
