#include "node/desk/clock.h"

#include <algorithm>

#include "node/desk/operators.h"
#include "node/desk/views.h"
#include "proto/clock.pb.h"

namespace focal::desk {
namespace {

using exchange::ClockReading;
using exchange::ClockState;

constexpr std::size_t kMaxReason = 1000;

ClockReading reading(node::Node& node, const Now& now) {
  return node.core().machine().safe_clock().read(now);
}

Status check_reason(const std::string& reason) {
  if (!reason.empty() && reason.size() <= kMaxReason) return {};
  return fail(ErrorCode::kInvalid, "this needs a reason of at most 1000 bytes",
              "Say why with --reason 'TEXT'; it is kept in the ledger.", "reason");
}

std::string words_of(const ClockReading& clock, const Now& now) {
  const std::string wall = format_utc(now.wall_ms);
  switch (clock.state) {
    case ClockState::kAgreed:
      return std::to_string(clock.heard) + " verified peers agree with this machine's clock.";
    case ClockState::kAlone:
      return "Fewer than two verified peers were heard in 30 days; this machine's clock has not "
             "jumped and is believed.";
    case ClockState::kAhead:
      return "This machine's clock says " + wall + ", the peers say " +
             format_utc(clock.peers_ms.value_or(0)) +
             ". Theirs counts for everything that cannot be taken back. Set the clock right.";
    case ClockState::kBehind:
      return "This machine's clock says " + wall + ", and it is later than that " +
             (clock.peers_ms ? "by what the peers say: " + format_utc(*clock.peers_ms) + "."
                             : "by what it said before.") +
             " Set it right; if it is right, 'focal clock confirm' says so.";
    case ClockState::kUnconfirmed:
      return "This machine's clock says " + wall + ", but as far as is known it is " +
             format_utc(clock.safe_ms) +
             ": it jumped, or the node did not run for long. Deadlines, waiting periods and the "
             "end of keys are late until two verified peers are heard, or 'focal clock confirm'.";
  }
  return {};
}

bool needs_somebody(ClockState state) {
  return state != ClockState::kAgreed && state != ClockState::kAlone;
}

}  // namespace

void show_clock(node::Node& node, const Now& now, v1::ClockShowResponse* out) {
  const ClockReading clock = reading(node, now);
  out->set_state(std::string(exchange::clock_state_name(clock.state)));
  out->set_text(words_of(clock, now));
  out->set_wall_at(time_text(now.wall_ms));
  out->set_safe_at(time_text(clock.safe_ms));
  out->set_peers_heard(static_cast<std::uint32_t>(clock.heard));
  out->set_peers_at(time_text(clock.peers_ms.value_or(0)));
}

std::optional<std::string> clock_warning(node::Node& node, const Now& now) {
  const ClockReading clock = reading(node, now);
  if (!needs_somebody(clock.state)) return std::nullopt;
  return words_of(clock, now);
}

Status confirm_clock(node::Node& node, const v1::ClockConfirmRequest& request,
                     const Caller& caller, const Now& now) {
  FOCAL_TRY(check_reason(request.reason()));
  const ClockReading clock = reading(node, now);
  if (!needs_somebody(clock.state))
    return fail(ErrorCode::kState, "there is nothing to confirm: the clock is believed",
                "'focal clock' shows why.");
  if (clock.peers_ms)
    return fail(ErrorCode::kState,
                std::to_string(clock.heard) + " verified peers say that it is " +
                    format_utc(*clock.peers_ms),
                "Set this machine's clock right; nothing has to be confirmed then.");
  node.core().write(store::PutAdmin{
      {}, "CLOCK CONFIRMED " + format_utc(now.wall_ms) + " by " + operator_name(caller) +
              ", instead of " + format_utc(clock.safe_ms) + ": " + request.reason()});
  return {};
}

void show_keys(node::Node& node, v1::KeysShowResponse* out) {
  const exchange::Identity& self = node.core().self();
  const auto schedule = exchange::parse_schedule(self.schedule_note);
  out->set_seal_serial(self.schedule_serial);
  std::vector<const exchange::SealingKey*> keys;
  keys.reserve(self.sealing.size());
  for (const auto& key : self.sealing) keys.push_back(&key);
  std::stable_sort(keys.begin(), keys.end(), [](const auto* a, const auto* b) {
    return a->not_after_ms < b->not_after_ms;
  });
  for (const auto* key : keys) {
    auto* row = out->add_keys();
    row->set_kid(hex(key->kid));
    row->set_from_on(format_date(key->not_after_ms - exchange::kWeekMs));
    row->set_until_on(format_date(key->not_after_ms));
    row->set_destroyed_at(time_text(key->ends_ms()));
    row->set_published(schedule && std::any_of(schedule->keys.begin(), schedule->keys.end(),
                                               [&](const auto& k) { return k.kid == key->kid; }));
  }
}

Status replace_keys(node::Node& node, const v1::KeysReplaceRequest& request, const Caller& caller,
                    const Now& now) {
  FOCAL_TRY(check_reason(request.reason()));
  return node.replace_seal_keys(
      now, "SEALING KEYS REPLACED by " + operator_name(caller) + ": " + request.reason());
}

}  // namespace focal::desk
