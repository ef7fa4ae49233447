// The node itself: state, counters, its card.
#include "node/desk/case_views.h"
#include "node/desk/clock.h"
#include "node/desk/desk.h"
#include "node/desk/doctor.h"
#include "node/desk/ledger_check.h"
#include "node/desk/peer_trust.h"
#include "node/desk/run_state.h"
#include "node/desk/views.h"
#include "node/exchange/intro.h"
#include "node/node/backup_keeper.h"

#ifndef FOCAL_VERSION
#error "FOCAL_VERSION comes from the build"
#endif

namespace focal::desk {
namespace {

std::optional<exchange::Schedule> own_schedule(node::Node& node) {
  const auto parsed = exchange::parse_schedule(node.core().self().schedule_note);
  if (!parsed) return std::nullopt;
  return *parsed;
}

const char* step_text(int step) {
  switch (step) {
    case 1: return "header not understood, or sealed to another key";
    case 2: return "does not open";
    case 3: return "length or padding wrong";
    case 4: return "structure, batch or root wrong";
    case 5: return "sender revoked";
    case 6: return "signature or statement wrong";
    case 7: return "not written to this party";
    case 8: return "body, approvals or attachments are not those signed";
    case 11: return "receipts for records that are not ours";
    default: return "refused";
  }
}

void fill_queues(node::Node& node, v1::StatusResponse* out) {
  auto* queues = out->mutable_queues();
  node.core().machine().outbox().for_each([&](const exchange::OutboxEntry& entry) {
    switch (entry.row.state) {
      case store::OutboxState::kHeld: queues->set_held(queues->held() + 1); break;
      case store::OutboxState::kWaitSchedule:
      case store::OutboxState::kWaitPsk: queues->set_wait_schedule(queues->wait_schedule() + 1); break;
      default:
        if (entry.flight == exchange::Flight::kIdle)
          queues->set_ready(queues->ready() + 1);
        else
          queues->set_inflight(queues->inflight() + 1);
    }
  });
  queues->set_waiting_in(static_cast<std::uint32_t>(node.core().machine().waiting().size()));
}

void fill_warnings(node::Node& node, const Now& now, v1::StatusResponse* out) {
  for (auto& alarm : trust_alarms(node, now)) out->add_warnings(std::move(alarm));
  for (const auto& rule : node.core().peers().kinds().rules())
    if (!exchange::covers_known_kind(rule))
      out->add_warnings("The line \"" + rule.kinds + "\" of [trust] fits no kind of record that this "
                        "program knows: it changes nothing yet.");
  const std::uint64_t expires = node.card_expires_ms();
  if (expires < now.wall_ms + kOwnCardWarnsMs)
    out->add_warnings("The card expires on " + format_date(expires) +
                      ": plan the root ceremony; after that nobody sends to this node.");
  if (const auto clock = clock_warning(node, now)) out->add_warnings(*clock);
  if (node.disk_is_low())
    out->add_warnings(in_words(say("store.disk_low"), kEnglish));
  for (const auto& [party, peer] : node.core().peers().all())
    if (exchange::is_expired(peer, now))
      out->add_warnings("The card of " + party + " expired on " +
                        format_date(peer.card.expires_ms) +
                        ": nothing is sent to them until 'focal peer add' brings their next one.");
  bool any_verified = false;
  for (const auto& [party, peer] : node.core().peers().all())
    any_verified = any_verified || peer.standing.level == exchange::TrustLevel::kVerified;
  if (!any_verified)
    out->add_warnings("No party is verified yet: nothing can be exchanged. "
                      "Start with 'focal peer add FILE', then 'focal peer verify PARTY'.");
  std::size_t late = 0;
  node.core().machine().outbox().for_each([&](const exchange::OutboxEntry& entry) {
    late += entry.row.created_ms + kReceiptLateMs < now.wall_ms ? 1 : 0;
  });
  if (late != 0)
    out->add_warnings(std::to_string(late) + " sending(s) have no receipt after a day: see "
                      "'focal outbox' for the reasons.");
  const store::IndexProgress index = node.core().view().index_progress();
  if (!index.complete())
    out->add_warnings(std::to_string(index.target - index.done) +
                      " entries of the ledger are being indexed again: 'focal find' does not see "
                      "them yet.");
  for (const auto& line : node.gate_report().refused)
    out->add_warnings("Turned away: " + line);
}

}  // namespace

Result<v1::StatusResponse> Desk::status(const v1::StatusRequest&) {
  v1::StatusResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    out.set_party(node_.core().self().party());
    out.set_version(FOCAL_VERSION);
    out.set_state(std::string(
        exchange::run_state_name(node_.core().machine().guard().state())));
    out.set_started_at(time_text(node_.started_ms()));
    out.set_now_at(time_text(now.wall_ms));
    fill_card(node_.core().self().card, own_schedule(node_), out.mutable_card());
    const auto& report = node_.gate_report();
    auto* gate = out.mutable_gate();
    gate->set_state(report.state);
    gate->set_listen(report.listen);
    gate->set_restarts(report.restarts);
    gate->set_since_at(time_text(report.since_wall_ms));
    gate->set_last_error(report.last_error);
    auto* ledger = out.mutable_ledger();
    ledger->set_size(static_cast<std::uint64_t>(node_.ledger().log_size()));
    if (const auto checkpoint = node_.ledger().last_checkpoint()) {
      ledger->set_checkpoint_size(checkpoint->size);
      ledger->set_checkpoint_at(time_text(node_.ledger().last_checkpoint_ms()));
    }
    const exchange::Coverage coverage = node_.core().machine().witness().own().coverage();
    ledger->set_witness(witness_word(coverage));
    ledger->set_witness_text(coverage.words);
    ledger->set_witnessed_size(coverage.witnessed);
    fill_queues(node_, &out);
    count_inbox(telling_.board(), now, out.mutable_inbox());
    for (const auto& [party, peer] : node_.core().peers().all())
      fill_peer(node_, peer, now, out.add_peers());
    for (const auto& [step, count] : node_.core().machine().counters().silent) {
      auto* refused = out.add_refused();
      refused->set_step(static_cast<std::uint32_t>(step));
      refused->set_code("STEP_" + std::to_string(step));
      refused->set_text(step_text(step));
      refused->set_count(count);
    }
    for (const CopyWarning& warning : copy_warnings(node_, keeper_->state(), now))
      out.add_warnings(warning.sentence());
    fill_warnings(node_, now, &out);
    for (std::string& warning : telling_.warnings()) out.add_warnings(std::move(warning));
    FOCAL_ASSIGN(const auto roster, people_.now());
    if (roster->nobody_named()) out.add_warnings(owner_note(*roster));
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::CardShowResponse> Desk::card_show(const v1::CardShowRequest&) {
  v1::CardShowResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    const auto& self = node_.core().self();
    fill_card(self.card, own_schedule(node_), out.mutable_card());
    out.set_card_text(self.card.note);
    out.set_schedule_text(self.schedule_note);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::CardExportResponse> Desk::card_export(const v1::CardExportRequest&) {
  v1::CardExportResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    const auto& self = node_.core().self();
    FOCAL_ASSIGN(const auto text, exchange::make_intro(self.card.note, self.schedule_note));
    out.set_party(self.party());
    out.set_card_id(hex(self.card.card_id));
    out.set_bundle(text);
    return {};
  }); !done)
    return done.error();
  return out;
}

}  // namespace focal::desk
