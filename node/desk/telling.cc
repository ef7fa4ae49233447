#include "node/desk/telling.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include "node/desk/board_job.h"
#include "node/desk/export_job.h"
#include "node/desk/notify_hook.h"
#include "node/desk/peer_trust.h"
#include "node/desk/views.h"
#include "node/exchange/schedule.h"

#ifndef FOCAL_VERSION
#error "FOCAL_VERSION comes from the build"
#endif

namespace focal::desk {
namespace {

double seconds(std::uint64_t ms) { return static_cast<double>(ms) / 1000; }
double seconds_until(std::uint64_t then_ms, std::uint64_t now_ms) {
  return seconds(then_ms) - seconds(now_ms);
}

// Items that a row ended with by itself: their record was never receipted.
void count_ended(const store::OutboxRow& row, EndedItems& out) {
  for (const std::uint32_t status : row.item_status) {
    if (status == store::kItemExpired) ++out.expired;
    if (status == store::kItemCancelled) ++out.cancelled;
  }
}

void fill_ledger(node::Node& node, Metrics& out) {
  out.leaves = static_cast<std::uint64_t>(node.ledger().log_size());
  if (const auto checkpoint = node.ledger().last_checkpoint()) {
    out.checkpoint_leaves = checkpoint->size;
    out.checkpoint_at_s = seconds(node.ledger().last_checkpoint_ms());
  }
  const exchange::Coverage coverage = node.core().machine().witness().own().coverage();
  out.witnessed_leaves = coverage.witnessed;
  out.witness_quorum = coverage.q;
  out.anchor_current = node.anchor_is_current();
}

void fill_outbox_counts(node::Node& node, const Now& now, Metrics& out) {
  for (const char* state : {"READY", "INFLIGHT", "WAIT_SCHEDULE", "WAIT_PSK", "HELD"})
    out.outbox[state] = 0;
  std::uint64_t oldest_ms = now.wall_ms;
  node.core().machine().outbox().for_each([&](const exchange::OutboxEntry& entry) {
    ++out.outbox[std::string(outbox_state(entry.row, &entry))];
    oldest_ms = std::min(oldest_ms, entry.row.created_ms);
  });
  out.outbox_oldest_s = seconds(now.wall_ms - oldest_ms);
  out.waiting_in = node.core().machine().waiting().size();
}

void fill_parties(node::Node& node, Metrics& out) {
  const exchange::Machine& machine = node.core().machine();
  std::map<std::string, std::uint64_t> queued;
  machine.outbox().for_each([&](const exchange::OutboxEntry& entry) { ++queued[entry.row.peer]; });
  const exchange::Peers& peers = node.core().peers();
  for (const auto& [party, peer] : peers.all()) {
    const exchange::LinkState link = machine.link_state(party);
    const bool is_wanted =
        peers.may_link(peer) && peer.standing.level == exchange::TrustLevel::kVerified;
    ++out.peers;
    out.peers_linkable += is_wanted ? 1 : 0;
    out.links_up += is_wanted && link.up ? 1 : 0;
    const double offset_s = static_cast<double>(link.clock_skew_ms) / 1000;
    if (link.up) out.clock_offset_max_s = std::max(out.clock_offset_max_s, std::fabs(offset_s));
    if (node.config().metrics.parties)
      out.parties.push_back({party, link.up, queued[party], offset_s});
  }
}

void fill_refusals(node::Node& node, const Now& now, Metrics& out) {
  const exchange::Counters& counters = node.core().machine().counters();
  out.refused = counters.silent;
  out.envelopes_received = counters.received;
  out.records_sent = counters.sent;
  const node::GateReport& gate = node.gate_report();
  out.gate_up = gate.state == "RUNNING";
  out.gate_restarts = gate.restarts;
  out.gate_refused = {{"unknown_key", gate.stats.refused_unknown},
                      {"throttled", gate.stats.refused_throttled},
                      {"malformed", gate.stats.refused_malformed},
                      {"handshake_failed", gate.stats.handshakes_failed}};
  out.alarms = trust_alarms(node, now).size();
}

void fill_keys(node::Node& node, const Now& now, Metrics& out) {
  out.card_expires_s = seconds_until(node.card_expires_ms(), now.wall_ms);
  const auto schedule = exchange::parse_schedule(node.core().self().schedule_note);
  if (schedule && !schedule->keys.empty())
    out.seal_expires_s = seconds_until(schedule->keys.back().not_after_ms, now.wall_ms);
  out.clock = node.core().machine().safe_clock().read(now).state;
}

void fill_backups(const node::BackupState& backups, std::uint64_t started_ms, const Now& now,
                  Metrics& out) {
  if (backups.folder.empty()) return;
  const std::uint64_t since_ms = backups.made_ms == 0 ? started_ms : backups.made_ms;
  out.backup_age_s = std::max(0.0, -seconds_until(since_ms, now.wall_ms));
  out.backup_failed = !backups.trouble.empty() || !backups.problems.empty();
}

}  // namespace

Telling::Telling(node::Node& node) : node_(node), events_(node.started_ms()), attention_(node) {
  board_ = std::make_unique<CaseBoard>(node);
  board_job_ = std::make_unique<BoardJob>(node, *board_);
  const auto newest = [this] { return events_.newest(); };
  const config::NodeConfig& config = node.config();
  exports_ = std::make_unique<ExportJob>(node, config.exports, newest);
  NotifyHook::Options options;
  options.settings = config.notify;
  options.party = config.party;
  options.folder = config.folder;
  options.count = [this] { return attention_.count(); };
  options.newest_event = newest;
  notify_ = std::make_unique<NotifyHook>(std::move(options));
  node.set_watch({[this](const store::Txn& txn) { committed(txn); },
                  [this](node::Watch::Moved moved) { events_.publish(topics_of(moved)); }});
}

Telling::~Telling() {
  node_.set_watch({});
  events_.close();
}

void Telling::start() {
  board_job_->start();
  exports_->start();
  notify_->start();
}

void Telling::committed(const store::Txn& txn) {
  attention_.committed(txn);
  board_->committed(txn);
  board_job_->wake();
  for (const store::Op& op : txn.ops) {
    if (const auto* in = std::get_if<store::PutReceiptsIn>(&op)) {
      for (const store::ItemOutcome& each : in->outcomes)
        ++(store::is_accepted(each.status) ? ended_.accepted : ended_.rejected);
    } else if (const auto* set = std::get_if<store::SetOutbox>(&op)) {
      const bool ends = set->state == store::OutboxState::kExpired ||
                        set->state == store::OutboxState::kCancelled;
      if (!ends) continue;
      if (const auto row = node_.core().view().outbox(set->batch, set->peer))
        count_ended(*row, ended_);
    }
  }
  events_.publish(topics_of(txn));
}

Result<Metrics> Telling::metrics(const node::BackupState& backups, const ResponseCounts& responses) {
  Metrics out;
  FOCAL_ASSIGN(out.attention, attention_.count());
  FOCAL_TRY(node_.perform([&](const Now& now) -> Status {
    if (node_.config().metrics.parties) out.party = node_.config().party;
    out.disk_low = node_.disk_is_low();
    fill_ledger(node_, out);
    fill_outbox_counts(node_, now, out);
    fill_parties(node_, out);
    fill_refusals(node_, now, out);
    fill_keys(node_, now, out);
    fill_backups(backups, node_.started_ms(), now, out);
    out.ended = ended_;
    return {};
  }));
  out.version = FOCAL_VERSION;
  out.process = read_process_stats();
  std::error_code error;
  const auto space = std::filesystem::space(node_.config().folder, error);
  if (!error) out.disk_free = space.available;
  out.responses = responses;
  if (node_.config().exports.folder) {
    const ExportState state = exports_->state();
    out.export_behind = state.behind;
    out.export_failed = !state.trouble.empty();
  }
  out.notify_failed = !notify_->trouble().empty();
  return out;
}

std::vector<std::string> Telling::warnings() const {
  std::vector<std::string> out;
  if (std::string trouble = exports_->state().trouble; !trouble.empty())
    out.push_back("Nothing is written into the export folder: " + trouble +
                  ". It is tried again every few seconds.");
  if (std::string trouble = notify_->trouble(); !trouble.empty()) out.push_back(std::move(trouble));
  return out;
}

}  // namespace focal::desk
