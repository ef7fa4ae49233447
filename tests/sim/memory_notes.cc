// Notes about parties in the ledger in memory: held cards, revocations, directories, fork
// proofs.
#include <algorithm>
#include <utility>

#include "tests/sim/memory_store.h"

namespace focal::sim {

Result<std::size_t> MemoryStore::peer_number(const std::string& party) const {
  const auto number = known_number(party);
  if (number && t_.peers.contains(*number)) return *number;
  return fail(ErrorCode::kState, party + " is not a peer of this node");
}

Status MemoryStore::put(const store::PutHeldCard& op) {
  FOCAL_ASSIGN(const std::size_t number_of_party, peer_number(op.party));
  if (!op.card.from.empty()) number(op.card.from);
  store::PeerRow row = t_.peers.at(number_of_party);
  const auto there = std::find_if(row.held.begin(), row.held.end(), [&](const auto& held) {
    return held.card_id == op.card.card_id;
  });
  if (there == row.held.end())
    row.held.push_back(op.card);
  else
    *there = op.card;
  set(t_.peers, number_of_party, std::move(row));
  return {};
}

Status MemoryStore::put(const store::DropHeldCard& op) {
  FOCAL_ASSIGN(const std::size_t number_of_party, peer_number(op.party));
  store::PeerRow row = t_.peers.at(number_of_party);
  std::erase_if(row.held, [&](const auto& held) { return held.card_id == op.card_id; });
  set(t_.peers, number_of_party, std::move(row));
  return {};
}

Status MemoryStore::put(const store::PutRevocation& op) {
  FOCAL_TRY(peer_number(op.party));
  if (t_.revocations.contains(op.id)) return {};
  const store::RevocationRow row{log_size(), now_ms_, op.note};
  add_detail(store::LeafType::kPeerCard, op.id, op.detail, op.party);
  set(t_.revocations, op.id, std::pair(op.party, row));
  return {};
}

Status MemoryStore::put(const store::PutDirectory& op) {
  FOCAL_ASSIGN(const std::size_t introducer, peer_number(op.introducer));
  for (const auto& [key, there] : t_.directories)
    if (key.first == introducer && there.id == op.id) return {};
  const store::DirectoryRow row{log_size(), now_ms_, op.introducer, op.serial, op.note};
  add_detail(store::LeafType::kPeerCard, op.id, op.detail, op.introducer);
  set(t_.directories, std::pair(introducer, row.idx), MemoryTables::Directory{op.id, row});
  return {};
}

Status MemoryStore::put(const store::PutForkProof& op) {
  if (t_.forks.contains(op.id)) return {};
  number(op.party);
  const store::ForkProofRow row{log_size(), now_ms_, op.party, op.a, op.b};
  add_detail(store::LeafType::kForkProof, op.id, op.detail, op.party);
  set(t_.forks, op.id, row);
  return {};
}

std::vector<store::DirectoryRow> MemoryStore::directories() {
  std::vector<store::DirectoryRow> out;
  for (const auto& [key, each] : t_.directories) {  // by party, then as they came
    if (!out.empty() && out.back().introducer == each.row.introducer)
      out.back() = each.row;
    else
      out.push_back(each.row);
  }
  return out;
}

std::optional<store::DirectoryRow> MemoryStore::directory(const std::string& introducer,
                                                          std::uint64_t serial) {
  const auto known = known_number(introducer);
  if (!known) return std::nullopt;
  std::optional<store::DirectoryRow> out;
  for (const auto& [key, each] : t_.directories)
    if (key.first == *known && each.row.serial == serial) out = each.row;
  return out;
}

std::vector<store::ForkProofRow> MemoryStore::fork_proofs(std::size_t limit) {
  std::vector<store::ForkProofRow> out;
  for (const auto& [id, row] : t_.forks) out.push_back(row);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.idx > b.idx; });
  if (out.size() > limit) out.resize(limit);
  return out;
}

std::vector<store::PeerActRow> MemoryStore::peer_acts(const std::string& party,
                                                      std::size_t limit) {
  std::vector<store::PeerActRow> out;
  for (auto it = t_.leaf_party.rbegin(); it != t_.leaf_party.rend() && out.size() < limit; ++it) {
    const store::Leaf& leaf = t_.leaves.at(static_cast<std::size_t>(it->first));
    const auto detail = t_.details.find(it->first);
    if (it->second != party || !store::is_peer_act(leaf.type) || detail == t_.details.end())
      continue;
    out.push_back({it->first, std::string(store::leaf_type_name(leaf.type)), leaf.time_ms,
                   detail->second});
  }
  return out;
}

}  // namespace focal::sim
