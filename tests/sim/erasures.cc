// Records are destroyed in a world whose ledgers are files; later the keys that sealed them.
#include <algorithm>

#include "node/store/txn.h"
#include "tests/sim/world.h"

namespace focal::sim {
namespace {

constexpr std::size_t kLeavesLookedAt = 400;

}  // namespace

void World::erase(const Action& action) {
  Node* at = node(action.a);
  if (at == nullptr) return;
  if (action.what == What::kNight) {
    if (at->is_running() && at->store().replace_keys(at->now())) counts_.did(What::kNight);
    return;
  }
  at->perform([this, seed = action.seed](Node& of, const Now& now) { erase_one(of, now, seed); });
}

// By an officer and a second one; of what the ledger got last. A copy of before is put aside.
void World::erase_one(Node& at, const Now&, std::uint64_t seed) {
  crypto::SeededRng rng(seed);
  std::vector<store::RecordRef> refs;
  for (const store::LeafRow& row : at.store().tail(kLeavesLookedAt)) {
    const auto record = at.store().record(row.idx);
    const auto same = [&](const store::Op& op) {
      const auto* put = std::get_if<store::PutShred>(&op);
      return put != nullptr && record && put->ref == record->ref;
    };
    const auto& written = at.core().written();
    if (std::any_of(written.begin(), written.end(), same)) continue;  // in the group under way
    if (record && !record->shred && at.store().item(record->idx)) refs.push_back(record->ref);
  }
  if (refs.empty()) return;
  const store::RecordRef ref = refs[rng.below(refs.size())];
  if (rng.below(2) == 0) at.store().put_copy_aside();
  at.core().write(store::PutShred{ref, "authority: a simulated court; reason: its order"});
  counts_.did(What::kErase);
}

}  // namespace focal::sim
