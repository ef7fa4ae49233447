// Witnessing and proofs in the ledger in memory.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "tests/sim/memory_store.h"

namespace focal::sim {
namespace {

constexpr std::size_t kNewest = 16;  // checkpoints of a log of others

Error no(std::string words) { return fail(ErrorCode::kState, std::move(words)); }

}  // namespace

Status MemoryStore::put(const store::PutCosig& op) {
  if (!t_.checkpoints.contains(op.row.size)) return no("there is no checkpoint of that size");
  const std::pair key(op.row.size, number(op.row.witness));
  if (!t_.cosigs.contains(key)) set(t_.cosigs, key, op.row);
  return {};
}

Status MemoryStore::put(const store::PutPublished& op) {
  if (!t_.checkpoints.contains(op.size)) return no("there is no checkpoint of that size");
  if (!t_.published.contains(op.size)) set(t_.published, op.size, now_ms_);
  return {};
}

Status MemoryStore::put(const store::PutWitnessState& op) {
  const auto held = t_.witness_states.find(op.row.origin);
  const bool any = held != t_.witness_states.end();
  const std::uint64_t size = any ? held->second.size : 0;
  if (size != op.old_size || op.row.size < size) return no("another checkpoint is held");
  if (any && op.row.size == size && held->second.root != op.row.root)
    return no("another root of that size is held");
  number(op.row.party);
  set(t_.witness_states, op.row.origin, op.row);
  return {};
}

Status MemoryStore::put(const store::PutPeerCheckpoint& op) {
  const std::pair key(op.row.origin, op.row.size);
  store::PeerCheckpointRow row = op.row;
  if (const auto there = t_.peer_checkpoints.find(key); there != t_.peer_checkpoints.end()) {
    if (there->second.root != row.root) return no("another root of that size is here");
    row.party = there->second.party;
    row.seen_ms = there->second.seen_ms;
  }
  number(op.row.party);
  undo_.push_back([this, old = t_.peer_checkpoints] { t_.peer_checkpoints = old; });
  t_.peer_checkpoints[key] = row;
  const auto all = peer_checkpoints(op.row.origin, t_.peer_checkpoints.size());  // largest first
  std::map<std::uint64_t, std::uint64_t> first_of_day;
  for (const auto& each : all) first_of_day[each.seen_ms / kDayMs] = each.size;
  for (std::size_t i = kNewest; i < all.size(); ++i)
    if (first_of_day.at(all[i].seen_ms / kDayMs) != all[i].size)
      t_.peer_checkpoints.erase({all[i].origin, all[i].size});
  return {};
}

Status MemoryStore::put(const store::PutWitnessPolicy& op) {
  auto& all = t_.witness_policies;
  if (!all.empty() && all.back().note == op.note) return {};
  const store::LeafIndex idx = log_size();
  add_detail(store::LeafType::kAdmin, op.id, op.detail, {});
  undo_.push_back([&all] { all.pop_back(); });
  all.push_back({idx, op.note});
  return {};
}

Status MemoryStore::put(const store::PutPeerPolicy& op) {
  FOCAL_ASSIGN(const std::size_t peer, peer_number(op.party));
  for (const auto& [key, note] : t_.peer_policies)
    if (key.first == peer && key.second >= op.serial) return {};
  set(t_.peer_policies, std::pair(peer, op.serial), op.note);
  return {};
}

Status MemoryStore::apply(const store::Op& op) {
  return std::visit([this](const auto& what) { return put(what); }, op);
}

void MemoryStore::keep_statement(const std::string& party, store::SignedStmtRow row) {
  const auto there = t_.newest_stmts.find(party);
  if (row.signed_ms == 0) return;
  if (there != t_.newest_stmts.end() && there->second.signed_ms >= row.signed_ms) return;
  set(t_.newest_stmts, party, std::move(row));
}

std::optional<store::SignedStmtRow> MemoryStore::newest_statement(const std::string& party) {
  const auto it = t_.newest_stmts.find(party);
  if (it == t_.newest_stmts.end()) return std::nullopt;
  return it->second;
}

crypto::MerklePath MemoryStore::inclusion(store::LeafIndex idx, std::uint64_t size) {
  return crypto::inclusion_path(static_cast<std::uint64_t>(idx), size, at());
}

crypto::MerklePath MemoryStore::consistency(std::uint64_t old_size, std::uint64_t size) {
  return crypto::consistency_path(old_size, size, at());
}

std::optional<store::CheckpointRow> MemoryStore::checkpoint(std::uint64_t size) {
  const auto it = t_.checkpoints.find(size);
  if (it == t_.checkpoints.end()) return std::nullopt;
  return it->second;
}

std::vector<store::CosigRow> MemoryStore::cosigs(std::uint64_t size) {
  std::vector<store::CosigRow> out;
  for (const auto& [key, row] : t_.cosigs)
    if (key.first == size) out.push_back(row);
  return out;
}

store::PublishedRow MemoryStore::published(std::uint64_t size, std::uint64_t at_ms) {
  return {t_.checkpoints.at(size), at_ms, cosigs(size)};
}

std::optional<store::PublishedRow> MemoryStore::newest_published() {
  if (t_.published.empty()) return std::nullopt;
  return published(t_.published.rbegin()->first, t_.published.rbegin()->second);
}

std::optional<store::PublishedRow> MemoryStore::first_published(std::uint64_t least_size) {
  const auto it = t_.published.lower_bound(least_size);
  if (it == t_.published.end()) return std::nullopt;
  return published(it->first, it->second);
}

std::vector<store::WitnessStateRow> MemoryStore::witness_states() {
  std::vector<store::WitnessStateRow> out;
  for (const auto& [origin, row] : t_.witness_states) out.push_back(row);
  return out;
}

std::vector<store::PeerCheckpointRow> MemoryStore::peer_checkpoints(const std::string& origin,
                                                                    std::size_t limit) {
  std::vector<store::PeerCheckpointRow> out;
  for (auto it = t_.peer_checkpoints.rbegin(); it != t_.peer_checkpoints.rend(); ++it)
    if (it->first.first == origin && out.size() < limit) out.push_back(it->second);
  return out;
}

std::vector<store::WitnessPolicyRow> MemoryStore::witness_policies() { return t_.witness_policies; }

std::string MemoryStore::peer_policy(const std::string& party) {
  const auto peer = known_number(party);
  std::string newest;
  for (const auto& [key, note] : t_.peer_policies)
    if (peer && key.first == *peer) newest = note;
  return newest;
}

}  // namespace focal::sim
