#include "tests/sim/watch.h"

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "node/exchange/inner.h"
#include "node/exchange/statement.h"
#include "tests/sim/letters.h"
#include "tests/sim/text.h"
#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

constexpr std::uint8_t kDataType = 0x03, kAckType = 0x04, kCosigType = 0x0A, kByeType = 0x10;
constexpr int kCardStep = 5;  // of the checks on arrival: whose card, and is it revoked
constexpr std::uint64_t kTimerSlackMs = 20 * kMinuteMs;  // ticks are far apart when all is quiet

exchange::Manifest manifest_of(ByteView item) {
  const auto parsed = exchange::parse_manifest(exchange::parse_item(item).manifest);
  if (!parsed) throw Violation("ledger", "a stored item has no manifest");
  return *parsed;
}

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string quoted(const Hash32& rid) { return "record " + short_hex(rid); }

}  // namespace

Watch::Watch(Queue& queue, Counts& counts)
    : queue_(queue), counts_(counts), slack_ms_(kTimerSlackMs) {}

void Watch::fail(const std::string& invariant, const std::string& words,
                 std::vector<std::string> where) const {
  throw Violation(invariant, words, std::move(where));
}

void Watch::mix(std::uint64_t tag, ByteView bytes) {
  Bytes head;
  put_u64be(head, queue_.now_ms());
  put_u64be(head, tag);
  transcript_ = crypto::sha256({transcript_, head, bytes});
}

void Watch::delivered(exchange::LinkId link, std::size_t to, const Bytes& frame) {
  mix(link, frame);
  if (sim::contains(frame, canary()))
    fail("I5", "a body travels in the clear to " + sim::party(to).name, {});
}

void Watch::started(Node& node) {
  State& state = states_[node.name()];
  state.taken.clear();
  state.settled.clear();
  state.waiting.clear();
  state.differs.clear();
  state.refused_for_card = 0;
  for (const auto& head : node.store().waiting())
    if (auto inner = node.store().waiting_inner(head.inner_hash))
      state.waiting.emplace(head.inner_hash, store::PutWaiting{head, std::move(*inner)});
  read_keys(node);
  read_witnessed(node);
  check_leaves(node);
  check_outbox(node);
}

void Watch::frame_in(Node& node, exchange::LinkId link, const Bytes& frame) {
  notes_in(node, link, frame);
  if (frame.empty() || frame[0] != kDataType) return;
  const auto parsed = exchange::parse_frame(frame);
  if (!parsed) return;
  states_[node.name()].taken[link] += std::get<exchange::DataFrame>(*parsed).envelopes.size();
}

void Watch::committed(Node& node, const store::Txn& txn, const store::Committed& done) {
  State& state = states_[node.name()];
  mix(static_cast<std::uint64_t>(done.size), as_bytes(node.name()));
  check_keys(node, txn);
  check_log_ops(node, txn);
  std::size_t batch = 0;
  for (const store::Op& op : txn.ops) {
    if (const auto* sent = std::get_if<store::PutSentBatch>(&op))
      check(node, txn, *sent, done.batches.at(batch++));
    else if (const auto* received = std::get_if<store::PutReceivedBatch>(&op))
      check(node, txn, *received);
    else if (const auto* in = std::get_if<store::PutReceiptsIn>(&op))
      check(node, *in);
    else if (const auto* set = std::get_if<store::SetOutbox>(&op))
      check(node, txn, *set);
    else if (const auto* put = std::get_if<store::PutWaiting>(&op))
      state.waiting.emplace(put->head.inner_hash, *put);
  }
  for (const store::Op& op : txn.ops) {
    if (const auto* out = std::get_if<store::PutReceiptsOut>(&op)) check(node, txn, *out);
    if (const auto* drop = std::get_if<store::DropWaiting>(&op)) {
      const auto it = state.waiting.find(drop->inner_hash);
      if (it == state.waiting.end()) continue;
      check_dropped(node, it->second, txn.now_ms);
      state.waiting.erase(it);
    }
  }
  check_leaves(node);
}

void Watch::check(Node& node, const store::Txn&, const store::PutSentBatch& op,
                  store::BatchId id) {
  for (const store::NewRecord& record : op.records) {
    Letter letter;
    letter.manifest = manifest_of(record.item);
    letter.item = crypto::sha256(record.item);
    if (letter.manifest.to != op.to || letter.manifest.rid != record.ref.rid)
      fail("ledger", node.name() + " stores a batch that is not what its manifests say",
           {node.name()});
    const auto info = node.store().find(record.ref);
    if (!info) fail("ledger", "a committed record cannot be found", {node.name()});
    check_has_case(node, letter.manifest, info->idx);
    letters_.emplace(record.ref.rid, std::move(letter));
    counts_.released += op.to.size();
  }
  for (const std::string& to : op.to)
    if (!node.store().outbox(id, to))
      fail("I7", "the outbox row of batch " + std::to_string(id) + " to " + to +
                     " was not stored with the batch", {node.name()});
}

void Watch::check(Node& node, const store::Txn& txn, const store::PutReceivedBatch& op) {
  State& state = states_[node.name()];
  for (const store::ReceivedRecord& received : op.records) {
    const exchange::Manifest m = manifest_of(received.record.item);
    if (!contains(m.to, node.name()))
      fail("audience", node.name() + " stored " + quoted(m.rid) + ", which is not addressed to it",
           {node.name(), m.from});
    if (m.from != op.from)
      fail("sender", node.name() + " stored a record of " + m.from + " as one of " + op.from,
           {node.name()});
    const auto info = node.store().find(received.record.ref);
    if (!info) fail("ledger", "a committed record cannot be found", {node.name()});
    state.ever[m.rid] = {received.status, info->at_ms};
    if (store::is_accepted(received.status)) {
      const exchange::Peer* peer = node.core().peers().find(m.from);
      if (peer == nullptr || !exchange::allows(m.kind, peer->standing))
        fail("trust", node.name() + " accepted a " + m.kind + " of " + m.from +
                          ", whom it has not verified", {node.name(), m.from});
      if (m.created_ms > txn.now_ms + exchange::kMaxAheadMs)
        fail("clock", node.name() + " accepted a record written more than a day ahead of its clock",
             {node.name(), m.from});
      check_has_case(node, m, info->idx);
    }
    if (!is_honest(m.from)) continue;
    if (forged_.contains(m.rid)) {  // under stolen keys; check_keys() judges that
      counts_.saw(Effect::kBelieved, store::is_accepted(received.status) ? 1 : 0);
      continue;
    }
    const auto letter = letters_.find(m.rid);
    if (letter == letters_.end())
      fail("commit-first", node.name() + " holds " + quoted(m.rid) +
                               ", which its sender never committed", {node.name(), m.from});
    if (letter->second.item != crypto::sha256(received.record.item))
      fail("content", node.name() + " holds other content of " + quoted(m.rid) +
                          " than its sender released", {node.name(), m.from});
  }
}

void Watch::check_has_case(Node& node, const exchange::Manifest& manifest, store::LeafIndex idx) {
  const record::KindInfo* kind = record::find_kind(manifest.kind);
  if (kind != nullptr && kind->is_case_event && !node.store().case_of(idx))
    fail("cases", node.name() + " stored a " + manifest.kind + " without its case", {node.name()});
}

// A receipt says what the ledger says, in the same bytes every time.
void Watch::check(Node& node, const store::Txn& txn, const store::PutReceiptsOut& op) {
  std::vector<Hash32> leaves;
  std::set<Hash32> rids;
  for (const store::RecordRef& ref : op.records) {
    const auto info = node.store().find(ref);
    if (!info || info->sent)
      fail("I1", node.name() + " signed a receipt for a record that it has not received",
           {node.name(), op.to});
    if (info->peer != op.to)
      fail("I1", node.name() + " signed a receipt to " + op.to + " for a record of " + info->peer,
           {node.name(), op.to});
    if (!rids.insert(ref.rid).second)
      fail("receipts", "one receipt batch of " + node.name() + " names " + quoted(ref.rid) + " twice",
           {node.name(), op.to});
    leaves.push_back(crypto::merkle_leaf(exchange::encode_receipt_item(
        exchange::receipt_for(ref, info->status, info->at_ms))));
  }
  if (crypto::merkle_root(leaves) != op.root)
    fail("receipts", "a receipt of " + node.name() + " differs from the leaf it is about",
         {node.name(), op.to});
  // In one group a record is receipted once.
  std::size_t with_this = 0;
  for (const store::Op& other : txn.ops)
    if (const auto* out = std::get_if<store::PutReceiptsOut>(&other))
      for (const auto& ref : out->records) with_this += rids.contains(ref.rid) ? 1 : 0;
  if (with_this != op.records.size())
    fail("receipts", node.name() + " receipts a record twice in one group", {node.name(), op.to});
}

void Watch::check(Node& node, const store::PutReceiptsIn& op) {
  for (const store::ItemOutcome& outcome : op.outcomes) {
    const auto batch = node.store().batch(outcome.batch);
    if (!batch || !batch->sent || outcome.position >= batch->rids.size())
      fail("I1", node.name() + " counts a receipt for what it did not send", {node.name()});
    const store::RecordInfo& info = batch->records.at(outcome.position);
    const auto row = node.store().outbox(outcome.batch, op.from);
    if (!row)
      fail("I1", node.name() + " counts a receipt of " + op.from + " for " + quoted(info.ref.rid) +
                     ", which was not sent to it", {node.name(), op.from});
    const auto receiver = nodes_.find(op.from);
    if (receiver == nodes_.end()) continue;  // a hostile party may say what it likes of its own
    if (is_lost_to_thief(op.from, info.ref.rid)) continue;
    ++counts_.exchanged;
    exchanged_.push_back({node.name(), op.from, info.ref, outcome.status});
    const State& state = states_[op.from];
    const auto had = state.ever.find(info.ref.rid);
    if (had == state.ever.end() || had->second.status != outcome.status)
      fail("I1", node.name() + " has a receipt of " + op.from + " with status " +
                     std::to_string(outcome.status) + " for " + quoted(info.ref.rid) +
                     ", which never stood in the ledger of " + op.from, {node.name(), op.from});
    if (receiver->second->was_restored()) continue;  // an older copy may have lost it again
    const auto stored = receiver->second->store().find(info.ref);
    if (!stored || stored->sent || stored->status != outcome.status)
      fail("I1", node.name() + " has a receipt of " + op.from + " for " + quoted(info.ref.rid) +
                     ", which does not stand in the ledger of " + op.from, {node.name(), op.from});
  }
}

void Watch::check(Node& node, const store::Txn& txn, const store::SetOutbox& op) {
  if (op.state == store::OutboxState::kWaitSchedule) counts_.saw(Effect::kWaitedForKeys);
  if (!store::is_ended(op.state)) return;
  const auto row = node.store().outbox(op.batch, op.peer);
  if (!row || row->state != op.state) return;  // it had ended before
  if (op.state == store::OutboxState::kExpired &&
      (row->expires_ms == 0 || row->expires_ms > txn.now_ms))
    fail("I7", "a row of " + node.name() + " to " + op.peer + " expired before its time",
         {node.name()});
  if (op.state != store::OutboxState::kCancelled) return;
  const auto batch = node.store().batch(op.batch);
  for (const auto& record : batch->records)
    if (!letters_.at(record.ref.rid).cancelled.contains(op.peer))
      fail("I7", quoted(record.ref.rid) + " of " + node.name() + " to " + op.peer +
                     " ended as CANCELLED, and nobody cancelled it", {node.name()});
}

// What waited was judged before it was dropped: it stands in the ledger, or could
// never stand there.
void Watch::check_dropped(Node& node, const store::PutWaiting& row, std::uint64_t now_ms) {
  if (now_ms > row.head.since_ms + exchange::kWaitLimitMs) return;
  const auto inner = exchange::parse_inner(row.inner);
  const auto* batch = inner ? std::get_if<exchange::BatchView>(&*inner) : nullptr;
  if (batch == nullptr) return;
  const auto stmt = exchange::parse_statement(batch->stmt);
  if (stmt && is_revoked(node, stmt->from, stmt->card, exchange::RevocationScope::kSign))
    return counts_.saw(Effect::kRefusedWaiting);
  for (const auto& view : batch->items) {
    if (view.manifest.empty()) continue;
    const auto m = exchange::parse_manifest(view.manifest);
    if (!m || !letters_.contains(m->rid) || !contains(m->to, node.name())) continue;
    if (letters_.at(m->rid).item != crypto::sha256(view.raw)) continue;  // not the true content
    if (!node.store().find({m->rid, m->created_ms}))
      fail("I12", node.name() + " dropped " + quoted(m->rid) + ", which waited, without judging it",
           {node.name(), m->from});
  }
}

void Watch::check_leaves(Node& node) {
  State& state = states_[node.name()];
  const auto size = static_cast<std::size_t>(node.store().log_size());
  if (size < state.leaves.size())
    fail("I3", "the log of " + node.name() + " became shorter", {node.name()});
  while (state.leaves.size() < size) {
    const auto idx = static_cast<store::LeafIndex>(state.leaves.size());
    const auto leaf = node.store().leaf(idx);
    if (!leaf) fail("I3", "the log of " + node.name() + " has a gap", {node.name()});
    ++counts_.leaves;
    state.leaves.push_back(store::leaf_hash(*leaf));
    if (leaf->type != store::LeafType::kReceived && leaf->type != store::LeafType::kRejected)
      continue;
    if (!state.received_leaf.emplace(leaf->ref, idx).second)
      fail("I2", quoted(leaf->ref) + " has two leaves RECEIVED or REJECTED at " + node.name(),
           {node.name()});
  }
}

void Watch::check_log(Node& node) {
  const State& state = states_[node.name()];
  for (std::size_t i = 0; i < state.leaves.size(); ++i) {
    const auto leaf = node.store().leaf(static_cast<store::LeafIndex>(i));
    if (!leaf || store::leaf_hash(*leaf) != state.leaves[i])
      fail("I3", "leaf " + std::to_string(i) + " of " + node.name() + " changed", {node.name()});
  }
}

void Watch::group_done(Node& node, bool stored, const std::vector<exchange::Output>& outputs) {
  State& state = states_[node.name()];
  if (stored)
    state.settled = state.taken;
  else
    state.taken = state.settled;  // every link ends; nothing of the group has happened
  for (const auto& output : outputs) {
    const auto* sent = std::get_if<exchange::SendFrame>(&output);
    if (sent == nullptr || sent->bytes.empty()) continue;
    if (sent->bytes[0] == kCosigType) check_cosigs_sent(node, sent->bytes);
    if (sent->bytes[0] == kDataType) {
      check_modes(node, sent->link, sent->bytes);
      check_sent(node, sent->link, sent->bytes);
    }
    if (sent->bytes[0] != kAckType && sent->bytes[0] != kByeType) continue;
    const auto parsed = exchange::parse_frame(sent->bytes);
    if (!parsed) fail("frames", node.name() + " sends a frame that does not parse", {node.name()});
    if (const auto* ack = std::get_if<exchange::AckFrame>(&*parsed)) {
      if (ack->cum_seq > state.settled[sent->link])
        fail("I1", node.name() + " acknowledges envelopes that it has not committed", {node.name()});
    } else {
      check_bye(node, sent->link, std::get<exchange::ByeFrame>(*parsed));
    }
  }
}

// To whom a node shares a confirmed pair secret with it never writes without.
void Watch::check_modes(Node& node, exchange::LinkId link, const Bytes& frame) {
  const std::string other = other_end(node, link);
  if (!node.core().self().pairs.is_confirmed(other)) return;
  const auto parsed = exchange::parse_frame(frame);
  const auto* data = parsed ? std::get_if<exchange::DataFrame>(&*parsed) : nullptr;
  if (data == nullptr) fail("frames", node.name() + " sends a frame that does not parse", {node.name()});
  for (const Bytes& envelope : data->envelopes) {
    const auto header = exchange::parse_envelope(envelope);
    if (!header || header->mode != exchange::kModePsk)
      fail("pair", node.name() + " seals to " + other + " without the pair secret they share",
           {node.name(), other});
  }
}

// Honest nodes never break the rules of the link for each other.
void Watch::check_bye(Node& node, exchange::LinkId link, const exchange::ByeFrame& bye) {
  const auto code = static_cast<exchange::ByeCode>(bye.code);
  if (code == exchange::ByeCode::kShutdown || code == exchange::ByeCode::kStopped ||
      code == exchange::ByeCode::kReplaced)
    return;
  const std::string other = other_end(node, link);
  if (is_honest(other))
    fail("I8", node.name() + " ended its link to " + other + ", which is honest too: " +
                   std::string(exchange::bye_name(bye.code)) + ", " + bye.text,
         {node.name(), other});
}

void Watch::cancelled(const store::RecordRef& ref, const std::string& recipient) {
  const auto it = letters_.find(ref.rid);
  if (it != letters_.end()) it->second.cancelled.insert(recipient);
}

// I8 and the outbox in memory: it holds what the ledger holds, neither more nor less.
void Watch::check_outbox(Node& node) {
  const exchange::Outbox& memory = node.core().machine().outbox();
  const auto rows = node.store().open_outbox();
  if (memory.size() != rows.size())
    fail("I8", "the outbox of " + node.name() + " holds " + std::to_string(memory.size()) +
                   " rows in memory, " + std::to_string(rows.size()) + " in its ledger",
         {node.name()});
  for (const auto& row : rows) {
    const auto* entry = memory.find(row.batch, row.peer);
    if (entry == nullptr)
      fail("I8", "batch " + std::to_string(row.batch) + " to " + row.peer +
                     " is owed in the ledger of " + node.name() + " and forgotten in memory",
           {node.name()});
    // A change made after a commit is written with the next group.
    const std::pair key(row.batch, row.peer);
    auto& differs = states_[node.name()].differs;
    if (entry->row.state == row.state) {
      differs.erase(key);
    } else if (const auto since = differs.emplace(key, node.group()).first->second;
               node.group() > since + 1) {
      fail("I8", "batch " + std::to_string(row.batch) + " to " + row.peer +
                     " has another state in memory than in the ledger of " + node.name(),
           {node.name()});
    }
  }
}

void Watch::step(Node& node) {
  if (protobuf_lines() != 0)
    fail("I8", "what arrived at " + node.name() + " made protobuf write to the log, past its limit",
         {node.name()});
  check_links(node);
  check_destroyed(node);
  check_alarms(node);
  const exchange::Machine& machine = node.core().machine();
  const auto& silent = machine.counters().silent;
  if (const auto at_card = silent.find(kCardStep); at_card != silent.end()) {
    auto& before = states_[node.name()].refused_for_card;
    counts_.saw(Effect::kRefusedCard, at_card->second - before);
    before = at_card->second;
  }
  const std::uint64_t mono_ms = node.now().mono_ms;
  std::size_t entries = 0;
  machine.outbox().for_each([&](const exchange::OutboxEntry& entry) {
    ++entries;
    if (entry.flight != exchange::Flight::kIdle && entry.resend_at_mono_ms + slack_ms_ < mono_ms)
      fail("I7", "batch " + std::to_string(entry.row.batch) + " of " + node.name() + " to " +
                     entry.row.peer + " has no receipt, and its timer did not send it again",
           {node.name(), entry.row.peer});
    if (entry.env_ids.size() > exchange::kRememberedEnvelopes)
      fail("I8", node.name() + " remembers too many envelopes of a row", {node.name()});
  });
  check_outbox(node);
  std::map<std::string, std::uint64_t> bytes;
  machine.waiting().for_each(
      [&](const store::WaitingHead& head) { bytes[head.link_peer] += head.size; });
  for (const auto& [peer, sum] : bytes)
    if (sum > (64u << 20))
      fail("I8", node.name() + " keeps more waiting for " + peer + " than its share",
           {node.name()});
}

}  // namespace focal::sim
