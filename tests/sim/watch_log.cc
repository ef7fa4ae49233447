// The invariants about logs and their witnesses: no log contradicts what was shown of it, through
// crashes and older copies (I3); no witness goes back, cosigns what it did not store, or what
// contradicts it, and nothing is published without its quorum (I4).
#include <algorithm>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/exchange/frame.h"
#include "node/store/checkpoint.h"
#include "tests/sim/text.h"
#include "tests/sim/violation.h"
#include "tests/sim/watch.h"

namespace focal::sim {
namespace {

struct List {
  std::vector<std::string> witnesses;
  std::uint32_t quorum = 0;
};

// Written without own_log.cc: the newest list whose leaf an earlier published checkpoint contains;
// after a continuation the newest one before it.
List list_in_force(Store& store, std::uint64_t size) {
  store::LeafIndex continuation = -1;
  std::string name;
  for (const store::OwnCardRow& row : store.own_cards()) {
    if (!name.empty() && row.origin != name) continuation = row.idx - 1;
    name = row.origin;
  }
  auto rows = store.witness_policies();
  std::reverse(rows.begin(), rows.end());
  for (const store::WitnessPolicyRow& row : rows) {
    if (static_cast<std::uint64_t>(row.idx) >= size) continue;
    const auto first = store.first_published(static_cast<std::uint64_t>(row.idx) + 1);
    const bool is_before = row.idx < continuation;
    const bool carried = is_before && size > static_cast<std::uint64_t>(continuation);
    if (!carried && (!first || first->checkpoint.size >= size)) continue;
    const auto policy = exchange::read_witness_policy(row.note);
    if (!policy) throw Violation("I4", "a stored witness policy cannot be read");
    return {policy->witnesses, policy->quorum};
  }
  return {};
}

std::string what(const std::string& origin, std::uint64_t size) {
  return "checkpoint " + std::to_string(size) + " of " + origin;
}

}  // namespace

void Watch::restored(Node& node, bool anchor_too) {
  State& state = states_[node.name()];
  state.received_leaf.clear();
  state.leaves.clear();
  state.root = {};
  for (auto& [party, keys] : state.keys) keys.revoked.clear(), keys.held_since_ms.clear();
  for (auto& [origin, log] : state.logs) {
    log.is_checked = false;
    // With its anchor a node forgets what nobody vouches for; that it cannot know any more.
    if (anchor_too) log.newest = log.published;
  }
}

// Leaves never change (check_log), so that checkpoints over what was first seen
// cannot contradict each other.
void Watch::checkpoint(Node& node, const store::CheckpointRow& row) {
  State& state = states_[node.name()];
  ++counts_.checkpoints;
  check_leaves(node);
  if (row.size > state.leaves.size())
    fail("I3", "a checkpoint of " + node.name() + " covers leaves that are not stored",
         {node.name()});
  while (state.root.size() < row.size) state.root.append(state.leaves[state.root.size()]);
  if (state.root.root() != row.root)
    fail("I3", "a checkpoint of " + node.name() + " is not over the leaves that are stored",
         {node.name()});
  mix(row.size, row.root);
  const auto parsed = store::parse_checkpoint(row.note);
  if (!parsed) fail("I3", "a checkpoint of " + node.name() + " does not parse", {node.name()});
  Log& log = state.logs[parsed->origin];
  if (!log.newest) return;
  if (row.size <= log.newest->size)
    fail("I3",
         node.name() + " signed " + what(parsed->origin, row.size) + " after one of " +
             std::to_string(log.newest->size) + " leaves",
         {node.name()});
  if (log.is_checked) return;
  CompactRoot before;
  for (std::size_t i = 0; i < log.newest->size; ++i) before.append(state.leaves[i]);
  if (before.root() != log.newest->root)
    fail("I3",
         node.name() + " signed " + what(parsed->origin, row.size) +
             ", which contradicts the one of " + std::to_string(log.newest->size) +
             " leaves that it signed before",
         {node.name()});
  log.is_checked = true;
}

void Watch::shown(Node& node, const store::CheckpointRow& row) {
  const auto parsed = store::parse_checkpoint(row.note);
  if (!parsed) return;
  Log& log = states_[node.name()].logs[parsed->origin];
  log.newest = row;
  // Of what is shown before it is stored nobody knows yet whether it ever stands here.
  const auto stored = node.store().checkpoint(row.size);
  log.is_checked = stored && stored->root == row.root;
}

void Watch::read_witnessed(Node& node) {
  State& state = states_[node.name()];
  std::map<std::string, Cosigned> now;
  for (const store::WitnessStateRow& row : node.store().witness_states())
    now[row.origin] = {row.origin, row.size, row.root};
  if (!node.was_restored() && now != state.cosigned)
    fail("I4", node.name() + " does not hold any more what it cosigned", {node.name()});
  state.cosigned = std::move(now);
}

void Watch::check_log_ops(Node& node, const store::Txn& txn) {
  check_stopped(node, txn);
  State& state = states_[node.name()];
  for (const store::Op& op : txn.ops) {
    if (const auto* put = std::get_if<store::PutWitnessState>(&op)) check_witnessed(node, *put);
    if (const auto* put = std::get_if<store::PutPublished>(&op)) check_published(node, put->size);
    if (const auto* put = std::get_if<store::PutPeerCheckpoint>(&op))
      saw_log(node, put->row.party, {put->row.origin, put->row.size, put->row.root});
    if (const auto* put = std::get_if<store::PutForkProof>(&op)) check_proof(node, *put);
    if (const auto* put = std::get_if<store::PutBody>(&op)) {
      const auto letter = letters_.find(put->ref.rid);
      if (letter != letters_.end() && letter->second.item != crypto::sha256(put->item))
        fail("content", node.name() + " got back other content than was sent", {node.name()});
    }
    if (const auto* put = std::get_if<store::PutShred>(&op)) {
      erased_.emplace_back(node.name(), put->ref);
      if (const auto letter = letters_.find(put->ref.rid); letter != letters_.end())
        letter->second.cancelled.insert(letter->second.manifest.to.begin(),
                                        letter->second.manifest.to.end());
    }
    if (const auto* put = std::get_if<store::PutRecovered>(&op)) {
      counts_.saw(Effect::kGotBack, put->items.size());
      for (const store::RecoveredItem& item : put->items)
        state.ever.try_emplace(item.ref.rid, Received{item.status, item.at_ms});
    }
  }
}

// Nothing is signed by a node that may be an older copy of itself.
void Watch::check_stopped(Node& node, const store::Txn& txn) {
  if (!node.is_running() || node.core().machine().guard().may_sign()) return;
  for (const store::Op& op : txn.ops)
    if (std::holds_alternative<store::PutSentBatch>(op) ||
        std::holds_alternative<store::PutReceiptsOut>(op))
      fail("I3",
           node.name() + " signs although it may be an older copy of itself: " +
               node.core().machine().guard().words(),
           {node.name()});
}

void Watch::check_witnessed(Node& node, const store::PutWitnessState& op) {
  State& state = states_[node.name()];
  const Cosigned now{op.row.origin, op.row.size, op.row.root};
  const auto before = state.cosigned.find(now.origin);
  if (before != state.cosigned.end() &&
      (now.size < before->second.size ||
       (now.size == before->second.size && now.root != before->second.root)))
    fail("I4",
         node.name() + " went back as a witness: it cosigns " + what(now.origin, now.size) +
             " after the one of " + std::to_string(before->second.size) + " leaves",
         {node.name(), op.row.party});
  // Of an honest log I3 says so. One after the other is enough: they are beginnings of each other.
  if (fits && hostile_.contains(op.row.party) && before != state.cosigned.end() &&
      !fits(now.origin, before->second.size, before->second.root, now.size, now.root))
    fail("I4",
         node.name() + " cosigned " + what(now.origin, before->second.size) + " and the one of " +
             std::to_string(now.size) + " leaves, which contradict each other",
         {node.name(), op.row.party});
  state.cosigned[now.origin] = now;
  state.lines.insert(now);
  counts_.saw(Effect::kCosigned);
  saw_log(node, op.row.party, now);
}

// Nobody is proved a liar whose keys nobody else ever had.
void Watch::check_proof(Node& node, const store::PutForkProof& op) {
  if (hostile_.contains(op.party)) states_[node.name()].accused.insert(op.party);
  if (thefts_ || !is_honest(op.party)) return;
  fail("I3", node.name() + " holds a proof that " + op.party + " contradicts itself",
       {node.name(), op.party});
}

void Watch::check_published(Node& node, std::uint64_t size) {
  const auto row = node.store().checkpoint(size);
  if (!row) fail("I4", node.name() + " publishes a checkpoint that it has not", {node.name()});
  const List list = list_in_force(node.store(), size);
  const auto text = crypto::parse_note(row->note);
  std::uint32_t count = 0;
  for (const store::CosigRow& line : node.store().cosigs(size)) {
    const Party* who = find_party(line.witness);
    if (who == nullptr || !text ||
        std::find(list.witnesses.begin(), list.witnesses.end(), line.witness) ==
            list.witnesses.end())
      continue;
    std::vector<exchange::Card> cards{who->card};
    if (const auto own = issued_.find(line.witness); own != issued_.end())
      cards.insert(cards.end(), own->second.begin(), own->second.end());
    const auto note = crypto::parse_note(text->text + "\n" + line.line);
    const bool is_true =
        note && std::any_of(cards.begin(), cards.end(), [&](const exchange::Card& card) {
          return crypto::check_note(*note, {{exchange::witness_name(line.witness), card.witness,
                                             crypto::NoteKeyType::kCosignature}})
              .has_value();
        });
    if (!is_true && !thefts_)  // else a thief's key may have signed it
      fail("I4",
           node.name() + " holds a false line of " + line.witness + " over its checkpoint of " +
               std::to_string(size) + " leaves",
           {node.name(), line.witness});
    ++count;
  }
  if (count < list.quorum)
    fail("I4",
         node.name() + " publishes its checkpoint of " + std::to_string(size) + " leaves with " +
             std::to_string(count) + " of " + std::to_string(list.quorum) + " lines",
         {node.name()});
  if (list.quorum != 0) counts_.saw(Effect::kPublished);
  const auto parsed = store::parse_checkpoint(row->note);
  if (parsed) states_[node.name()].logs[parsed->origin].published = row;
}

// A line leaves only over what stands in the ledger as witnessed.
void Watch::check_cosigs_sent(Node& node, const Bytes& frame) {
  const auto parsed = exchange::parse_frame(frame);
  const auto* cosig = parsed ? std::get_if<exchange::CosigFrame>(&*parsed) : nullptr;
  if (cosig == nullptr)
    fail("frames", node.name() + " sends a frame that does not parse", {node.name()});
  if (cosig->lines.empty()) return;
  const auto over = store::parse_checkpoint(cosig->checkpoint);
  if (over && states_[node.name()].lines.contains({over->origin, over->size, over->root})) return;
  fail("I4",
       node.name() + " gives its line over " +
           (over ? what(over->origin, over->size) : std::string("no checkpoint")) +
           ", which it has not stored",
       {node.name()});
}

}  // namespace focal::sim
