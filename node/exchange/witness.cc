#include "node/exchange/witness.h"

#include <utility>

#include "base/defect.h"
#include "crypto/merkle.h"

namespace focal::exchange {
namespace {

// The line alone, as it stands in a note.
std::string cosignature(const Identity& self, const crypto::Note& note, std::uint64_t seconds) {
  crypto::Note mine{note.text, {}};
  crypto::cosign_note(mine, witness_name(self.party()), self.witness, seconds);
  return crypto::format_note(mine).substr(mine.text.size() + 1);
}

}  // namespace

void Witness::load() {
  held_.clear();
  ops_.clear();
  for (store::WitnessStateRow& row : view_.witness_states()) {
    std::string origin = row.origin;
    held_.insert_or_assign(std::move(origin), std::move(row));
  }
}

const store::WitnessStateRow* Witness::held(const std::string& origin) const {
  const auto it = held_.find(origin);
  return it == held_.end() ? nullptr : &it->second;
}

Witness::Said Witness::take(const CkptFrame& frame, const SeenCheckpoint& seen,
                            const BookTime& time) {
  const store::Checkpoint& at = seen.at;
  const store::WitnessStateRow* held = this->held(at.origin);
  const std::uint64_t before = held == nullptr ? 0 : held->size;
  const bool compares = !planted(Defect::kCosignWithoutCompare);
  if (at.size == 0) return {{}, "an empty log has nothing to witness"};
  if (self_.witness.pk != self_.card.witness) return {{}, "this node has no witness key"};
  if (compares && frame.old_size != before) {
    if (held == nullptr) return {{}, "nothing is held of that log: it begins with old 0"};
    return {CosigFrame{{}, {}, held->note}, "another checkpoint is held"};
  }
  if (compares && held != nullptr && at.size == before) {
    if (at.root != held->root) return {{}, "another root of that size is held", true};
    return {CosigFrame{held->note, held->line, {}}, {}};  // its line was lost on the way
  }
  if (compares && held != nullptr &&
      !crypto::verify_consistency(before, held->root, at.size, at.root, frame.proof))
    return {{}, "it is not shown to continue what is held", true};
  store::WitnessStateRow row;
  row.origin = at.origin;
  row.party = seen.party;
  row.size = at.size;
  row.root = at.root;
  row.note = seen.note;
  row.at_s = time.now.wall_ms / kSecondMs;
  row.line = cosignature(self_, at.note, row.at_s);
  CosigFrame answer{row.note, row.line, {}};
  if (!compares && (frame.old_size != before || at.size < before)) return {std::move(answer), {}};
  held_[at.origin] = row;
  ops_.emplace_back(store::PutWitnessState{std::move(row), before});
  return {std::move(answer), {}};
}

}  // namespace focal::exchange
