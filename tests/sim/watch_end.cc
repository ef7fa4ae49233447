// What must hold when the world has been quiet for long enough.
#include <algorithm>

#include "node/exchange/statement.h"
#include "node/node/cases.h"
#include "tests/sim/letters.h"
#include "tests/sim/text.h"
#include "tests/sim/watch.h"

namespace focal::sim {

// Ended rows are gone from the outbox; what may remain is what waits for its hour
// at the other end, and what is held with a reason.
bool Watch::is_settled(Node& sender, const exchange::OutboxEntry& entry) const {
  const auto to = nodes_.find(entry.row.peer);
  if (to == nodes_.end()) return true;  // a hostile party owes nothing to anybody
  if (strangers_stay_ && !(has_verified(sender, entry.row.peer) &&
                           has_verified(*to->second, sender.name())))
    return true;
  const auto batch = sender.store().batch(entry.row.batch);
  if (!batch) return false;
  // Under a card that its own custodian revoked it is taken nowhere; officers release it anew.
  const auto stmt = exchange::parse_statement(batch->stmt);
  if (stmt && disowned_.contains(stmt->card) && entry.row.state == store::OutboxState::kHeld)
    return true;
  // Written more than a day ahead of the recipient's clock: WAIT CLOCK.
  const std::uint64_t their_now = to->second->now().wall_ms;
  return std::all_of(batch->records.begin(), batch->records.end(), [&](const auto& record) {
    const bool open = entry.row.item_status.at(record.position) == 0;
    return !open || record.ref.created_ms > their_now + exchange::kMaxAheadMs;
  });
}

bool Watch::has_verified(Node& at, const std::string& party) const {
  const exchange::Peer* peer = at.core().peers().find(party);
  return peer != nullptr && peer->row.level == store::PeerLevel::kVerified;
}

bool Watch::all_settled() const {
  for (const auto& at : nodes_) {
    Node& node = *at.second;
    if (!node.is_running()) return false;
    bool settled = true;
    node.core().machine().outbox().for_each([&](const exchange::OutboxEntry& entry) {
      settled = settled && is_settled(node, entry);
    });
    if (!settled) return false;
  }
  return true;
}

void Watch::at_end() {
  for (const auto& at : nodes_) {  // clang 14 captures no structured binding
    const std::string& name = at.first;
    const auto node = at.second;
    if (!node->is_running()) fail("I7", name + " does not run at the end", {name});
    if (const auto& guard = node->core().machine().guard(); !guard.may_sign())
      fail("I7", name + " still signs nothing: " + guard.words(), {name});
    node->core().machine().outbox().for_each([&](const exchange::OutboxEntry& entry) {
      if (is_settled(*node, entry)) return;
      fail("I7", "all links are up and nothing fails any more, but batch " +
                     std::to_string(entry.row.batch) + " of " + name + " to " + entry.row.peer +
                     " does not end: " + text_of(entry.row) +
                     (entry.note.empty() ? "" : " (" + entry.note + ")") + "; link: " +
                     node->core().machine().link_state(entry.row.peer).trouble,
           {name, entry.row.peer});
    });
  }
  check_exchanged();
  check_liars();
  check_erased();
  for (const auto& [name, node] : nodes_) {
    check_log(*node);
    if (node->store().files_contain(canary()))
      fail("I5", "a body stands in the clear in the files of " + name, {name});
    for (const auto& row : node->store().cases({}))
      if (row.ours) check_case(*node, row);
  }
  check_bundles();
}

// I1 at last: what a receipt promised stands in the ledger of whoever gave it, and where that was
// set back it came back, with its content. Who was set back as the sender may have lost it for good.
void Watch::check_exchanged() {
  for (const Exchanged& each : exchanged_) {
    Node& from = *nodes_.at(each.from);
    Node& to = *nodes_.at(each.to);
    if (from.was_restored() || is_lost_to_thief(each.to, each.ref.rid)) continue;
    const auto stored = to.store().find(each.ref);
    const std::string words = each.to + " gave a receipt for a record of " + each.from + " (" +
                              short_hex(each.ref.rid) + ")";
    if (!stored || stored->sent || stored->status != each.status)
      fail("I1", words + ", which does not stand in its ledger at the end", {each.to, each.from});
    if (!to.store().item(stored->idx) && !stored->shred)
      fail("I1", words + ", of which it has no content at the end", {each.to, each.from});
  }
}

// Both ends of a case hold the same records, so they must hold the same case.
void Watch::check_case(Node& a, const store::CaseRow& row) {
  const auto other = nodes_.find(row.peer);
  if (other == nodes_.end()) return;
  Node& b = *other->second;
  const auto theirs = b.store().case_by_root(row.root);
  std::set<Hash32> at_a, at_b;
  for (const auto& event : a.store().case_events(row.id)) at_a.insert(event.ref.rid);
  if (theirs)
    for (const auto& event : b.store().case_events(theirs->id)) at_b.insert(event.ref.rid);
  const auto is_erased = [this, &at_a](const auto& one) { return at_a.contains(one.second.rid); };
  if (std::any_of(erased_.begin(), erased_.end(), is_erased)) return;  // never folded again
  if (at_a != at_b) {
    // A record that has not come over must have a reason.
    std::vector<Hash32> differ;
    std::set_symmetric_difference(at_a.begin(), at_a.end(), at_b.begin(), at_b.end(),
                                  std::back_inserter(differ));
    for (const Hash32& rid : differ) {
      Node& from = at_a.contains(rid) ? a : b;
      const auto letter = letters_.find(rid);
      if (letter == letters_.end() || is_lost_to_thief(a.name(), rid) ||
          is_lost_to_thief(b.name(), rid))
        continue;
      const auto info = from.store().find({rid, letter->second.manifest.created_ms});
      const auto out =
          info && info->sent ? from.store().outbox(info->batch, (&from == &a ? b : a).name())
                             : std::nullopt;
      const std::uint32_t status = out ? out->item_status.at(info->position) : 0;
      if (status == static_cast<std::uint32_t>(store::RecordStatus::kAccepted))
        fail("cases", "a record of a case was accepted by " + (&from == &a ? b : a).name() +
                          " and is missing in its case", {a.name(), b.name()});
    }
    return;
  }
  ++counts_.cases_compared;
  const auto case_a = node::open_case(a.store(), row);
  const auto case_b = node::open_case(b.store(), *theirs);
  if (!(case_a.fold == case_b.fold))
    fail("cases", "both ends hold the same records of a case, but it is " +
                      case_a.fold.requester_state + " at " + a.name() + " and " +
                      case_b.fold.requester_state + " at " + b.name(), {a.name(), b.name()});
  const auto by_rid = [](std::vector<casework::Event> events) {
    std::sort(events.begin(), events.end(),
              [](const auto& x, const auto& y) { return x.rid < y.rid; });
    return events;
  };
  if (by_rid(case_a.events) != by_rid(case_b.events))
    fail("cases", "the ends of a case read different things in its records",
         {a.name(), b.name()});
  if (row.state != casework::shown_state(case_a.fold, casework::Side::kRequester, {}) ||
      theirs->state != casework::shown_state(case_b.fold, casework::Side::kResponder, {}))
    fail("cases", "the stored state of a case is not what its records say",
         {a.name(), b.name()});
  const auto is_closed = [](const std::string& state) {
    return state == "CLOSED" || state == "WITHDRAWN";
  };
  if (row.needs_action != (case_a.fold.turn == casework::Side::kRequester) ||
      theirs->needs_action != (case_b.fold.turn == casework::Side::kResponder) ||
      row.closed != is_closed(row.state) || theirs->closed != is_closed(theirs->state))
    fail("cases", "whose turn a case is, or whether it is closed, is not what its records say",
         {a.name(), b.name()});
}

}  // namespace focal::sim
