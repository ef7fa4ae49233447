#include "node/desk/doctor_facts.h"

#include <algorithm>

#include "node/desk/clock.h"
#include "node/desk/peer_trust.h"
#include "node/desk/status_code.h"
#include "node/exchange/suite_choice.h"
#include "node/record/codes.h"

namespace focal::desk {
namespace {

constexpr std::size_t kRowsSearched = 1000;   // of the newest sendings to everybody
constexpr std::size_t kReceiptsLookedAt = 20;  // of one party

bool is_own_card_revoked(node::Node& node) {
  const exchange::Card& card = node.core().self().card;
  const auto notes = node.core().view().own_revocations();
  return std::any_of(notes.begin(), notes.end(), [&](const std::string& text) {
    const auto note = exchange::parse_revocation(text);
    return note && note->card_id == card.card_id && note->scope == exchange::RevocationScope::kAll;
  });
}

void add_way(node::Node& node, const exchange::Peer& peer, const Now& now, LinkFacts& out) {
  const auto& report = node.gate_report();
  out.has_schedule = peer.schedule.has_value();
  out.schedule_trouble = peer.schedule_trouble;
  if (peer.schedule) {
    out.endpoints = peer.schedule->endpoints;
    out.only_calls = peer.schedule->reach != exchange::Reach::kDirect;
  }
  if (const node::DialTrouble* trouble = report.furthest(out.party)) out.trouble = *trouble;
  const auto said = [&](const std::map<std::string, std::string>& by_party) {
    const auto found = by_party.find(out.party);
    return found == by_party.end() ? std::string() : found->second;
  };
  out.reached_at = said(report.reached_at);
  out.called_from = said(report.called_from);
  out.link = node.core().machine().link_state(out.party);
  // This machine's clock may have been set since.
  if (out.link.hello_wall_ms != 0)
    out.link.clock_skew_ms += static_cast<std::int64_t>(out.link.hello_wall_ms + now.mono_ms) -
                              static_cast<std::int64_t>(out.link.hello_mono_ms + now.wall_ms);
  out.may_link = node.core().peers().may_link(peer);
}

void add_keys(node::Node& node, const exchange::Peer& peer, const Now& now, LinkFacts& out) {
  out.card_serial = peer.card.serial;
  out.card_expires_ms = peer.card.expires_ms;
  for (const auto& [party, other] : node.core().peers().all())
    if (party != out.party && other.card.transport == peer.card.transport &&
        !other.standing.suspended)
      out.shares_key_with = party;
  const auto suite = exchange::choose_suite(peer.card, node.config().min_suite);
  if (!suite) {
    out.suite_trouble = suite.error().message;
  } else {
    out.keys_over =
        peer.key_for(now.wall_ms, exchange::kDirectLeadMs, (*suite)->id) == nullptr;
  }
}

void add_rows(node::Node& node, const Now& now, LinkFacts& out) {
  auto& machine = node.core().machine();
  const exchange::OutboxEntry* held = nullptr;
  machine.outbox().for_each([&](const exchange::OutboxEntry& entry) {
    if (entry.row.peer != out.party) return;
    if (entry.row.state == store::OutboxState::kHeld) {
      ++out.rows_held;
      if (held == nullptr || entry.row.created_ms < held->row.created_ms) held = &entry;
    } else if (entry.row.created_ms + kReceiptLateMs < now.wall_ms) {
      ++out.rows_late;
    }
    if (entry.wait_why != 0) ++out.they_say[entry.wait_why];
  });
  if (held != nullptr) out.held_reason = held->row.reason;
  machine.waiting().for_each([&](const store::WaitingHead& head) {
    if (head.link_peer == out.party) ++out.waiting[head.reason];
  });
}

void add_receipts(node::Node& node, LinkFacts& out) {
  std::size_t looked_at = 0;
  for (const store::OutboxRow& row : node.core().view().recent_outbox(kRowsSearched)) {
    if (row.peer != out.party || row.receipts.empty()) continue;
    if (++looked_at > kReceiptsLookedAt) return;
    if (const auto leaf = node.core().view().leaf(row.receipts.back()))
      out.last_receipt_ms = std::max(out.last_receipt_ms, leaf->time_ms);
    for (const std::uint32_t status : row.item_status)
      if (store::is_rejected(status) && status < store::kItemExpired)
        ++out.refused_there[status_code(status)];
  }
}

}  // namespace

NodeFacts node_facts(node::Node& node, const node::BackupState& backups, const Now& now) {
  NodeFacts out;
  const exchange::Identity& self = node.core().self();
  const node::GateReport& report = node.gate_report();
  const exchange::RollbackGuard& guard = node.core().machine().guard();
  out.now_ms = now.wall_ms;
  out.party = self.party();
  out.gate_state = report.state;
  out.listen = report.listen;
  out.gate_error = report.last_error;
  out.run_state = guard.state();
  out.run_words = guard.words();
  out.run_next = guard.next();
  out.card_serial = self.card.serial;
  out.card_tag = exchange::card_tag(self.card.card_id);
  out.card_expires_ms = self.card.expires_ms;
  out.card_revoked = is_own_card_revoked(node);
  out.seal_serial = self.schedule_serial;
  if (const auto schedule = exchange::parse_schedule(self.schedule_note))
    out.seal_until_ms = schedule->keys.back().not_after_ms;
  out.clock = node.core().machine().safe_clock().read(now).state;
  out.clock_words = clock_warning(node, now).value_or("");
  out.disk_low = node.disk_is_low();
  out.copies = copy_warnings(node, backups, now);
  out.makes_backups = !backups.folder.empty();
  out.ledger_size = static_cast<std::uint64_t>(node.ledger().log_size());
  const store::IndexProgress index = node.core().view().index_progress();
  if (!index.complete()) out.to_index = static_cast<std::uint64_t>(index.target - index.done);
  out.witness_words = node.core().machine().witness().own().coverage().words;
  for (const auto& [party, peer] : node.core().peers().all())
    out.verified += peer.standing.level == exchange::TrustLevel::kVerified ? 1 : 0;
  return out;
}

LinkFacts link_facts(node::Node& node, const exchange::Peer& peer, NodeFacts own, bool closely,
                     const Now& now) {
  LinkFacts out;
  out.party = peer.row.party;
  out.both_states = record::is_state_party(own.party) && record::is_state_party(out.party);
  out.node = std::move(own);
  out.approved = node.config().release.of_peers;
  out.trust = facts_of(node, peer, now);
  add_way(node, peer, now, out);
  add_keys(node, peer, now, out);
  add_rows(node, now, out);
  if (closely) add_receipts(node, out);
  return out;
}

}  // namespace focal::desk
