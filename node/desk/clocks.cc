#include "node/desk/clocks.h"

#include <algorithm>

#include "node/desk/views.h"
#include "node/record/working_weeks.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

config::Priority priority_of(std::string_view code) {
  return code == "FLASH"    ? config::Priority::kFlash
         : code == "URGENT" ? config::Priority::kUrgent
                            : config::Priority::kRoutine;
}

// "2 working days of XB (sun-thu, 3 holidays known, UTC+03:00)".
std::string basis_text(const Term& term, std::string_view party, const Calendar& calendar) {
  std::string out = format_term(term);
  if (term.unit == Term::Unit::kHours) return out + ", around the clock";
  if (term.unit == Term::Unit::kDays)
    return out + ", to the end of the day (" + format_utc_offset(calendar.utc_offset_min) + ")";
  const std::size_t holidays = calendar.holidays.size();
  out.append(" of ").append(party).append(" (" + format_week(calendar.week) + ", ");
  out += holidays == 0   ? "no holidays known"
         : holidays == 1 ? "1 holiday known"
                         : std::to_string(holidays) + " holidays known";
  return out + ", " + format_utc_offset(calendar.utc_offset_min) + ")";
}

// What the requester wished for, as the case stands.
Clocks wished(const casework::Case& fold, std::uint64_t now_ms) {
  Clocks out;
  out.acknowledge.at_ms = fold.ack_due_ms;
  out.answer.at_ms = fold.answer_due_ms;
  out.acknowledge.since_ms = out.answer.since_ms = fold.answer_since_ms;
  if (!fold.clock_paused) return out;
  out.paused_since_ms = fold.paused_since_ms;
  const std::uint64_t pause = now_ms > fold.paused_since_ms ? now_ms - fold.paused_since_ms : 0;
  if (fold.paused_due_ms != 0) out.answer.at_ms = fold.paused_due_ms + pause;
  out.answer.since_ms += pause;
  return out;
}

const casework::Event* root_event(const node::OpenedCase& opened) {
  const auto found =
      std::find_if(opened.events.begin(), opened.events.end(),
                   [&](const casework::Event& e) { return e.rid == opened.row.root.rid; });
  return found == opened.events.end() ? nullptr : &*found;
}

// Fills what the request leaves open with targets of our own, from when it came here; of a
// reopened case, whose first times are over, from the reopening.
void add_own(store::View& view, const config::NodeConfig& config, const node::OpenedCase& opened,
             std::uint64_t now_ms, Clocks& out) {
  const casework::Case& fold = opened.fold;
  const casework::Event* request = root_event(opened);
  if (opened.row.ours || request == nullptr || !fold.started || !fold.open) return;
  const bool ack = request->ack_due_ms == 0 && fold.head == fold.root;
  const bool answer = (request->due_ms == 0 || fold.reopened) && out.answer.at_ms == 0;
  if (!ack && !answer) return;
  const auto root = root_record(view, opened.row);
  if (!root || !root->record) return;
  const config::Terms& terms = config.clocks.terms.at(priority_of(root->record->header().priority));
  const Calendar calendar = calendar_of(config, config.party);
  const std::uint64_t from =
      fold.reopened ? fold.answer_since_ms - fold.paused_ms : opened.row.opened_ms;
  std::uint64_t pauses = fold.paused_ms;
  if (fold.clock_paused && now_ms > fold.paused_since_ms) pauses += now_ms - fold.paused_since_ms;
  if (answer)
    out.answer = {end_of_term(calendar, from, terms.answer) + pauses, from + pauses, true};
  if (ack) out.acknowledge = {end_of_term(calendar, from, terms.acknowledge), from, true};
}

}  // namespace

Calendar calendar_of(const config::NodeConfig& config, std::string_view party) {
  Calendar out;
  out.week = record::working_week(party).value_or(kMondayToFriday);
  auto found = config.calendars.find(std::string(party));
  if (found == config.calendars.end())
    found = config.calendars.find(std::string(party.substr(0, party.find('-'))));
  if (found == config.calendars.end()) return out;
  const config::CalendarSettings& settings = found->second;
  out.week = settings.week.value_or(out.week);
  out.holidays = settings.holidays;
  out.utc_offset_min = settings.utc_offset_min.value_or(0);
  return out;
}

DueBasis fill_due_times(pb::Record& record, const config::NodeConfig& config,
                        std::string_view responder, std::uint64_t now_ms) {
  if (!record.has_header()) return {};  // the rules say so
  pb::Header& header = *record.mutable_header();
  const config::Terms& terms = config.clocks.terms.at(priority_of(header.priority()));
  const Calendar calendar = calendar_of(config, responder);
  DueBasis out;
  if (header.answer_by_ms() == 0) {
    const std::uint64_t usual = end_of_term(calendar, now_ms, terms.answer);
    header.set_answer_by_ms(std::max(usual, header.ack_by_ms()));
    out.answer = header.answer_by_ms() == usual ? basis_text(terms.answer, responder, calendar)
                                                : "not before the acknowledgement";
  }
  if (header.ack_by_ms() == 0) {
    const std::uint64_t usual = end_of_term(calendar, now_ms, terms.acknowledge);
    header.set_ack_by_ms(std::min(usual, header.answer_by_ms()));
    out.acknowledge = header.ack_by_ms() == usual
                          ? basis_text(terms.acknowledge, responder, calendar)
                          : "not after the answer";
  }
  return out;
}

std::string_view reminder_name(Reminder level) {
  switch (level) {
    case Reminder::kNone: return "";
    case Reminder::kReminder: return "REMINDER";
    case Reminder::kOverdue: return "OVERDUE";
    case Reminder::kEscalate: return "ESCALATE";
  }
  return "";
}

Standing standing_of(const Target& target, const config::Clocks& clocks, std::uint64_t now_ms) {
  if (target.at_ms == 0) return {};
  // A target that was past when its time began has no span: it is overdue and no more.
  const std::uint64_t span = target.at_ms > target.since_ms ? target.at_ms - target.since_ms : 0;
  const auto part = [&](std::uint32_t percent) { return span / 100 * percent; };
  if (now_ms <= target.at_ms) {
    if (span == 0 || now_ms < target.since_ms + part(clocks.remind_percent)) return {};
    return {Reminder::kReminder, 1};
  }
  const std::uint64_t late = now_ms - target.at_ms;
  const std::uint64_t again = late / (clocks.remind_again_days * kDayMs);
  Standing out{Reminder::kOverdue,
               static_cast<std::uint32_t>(2 + std::min<std::uint64_t>(again, 9998))};
  if (span != 0 && late >= part(clocks.escalate_percent - 100)) out.level = Reminder::kEscalate;
  return out;
}

Target Clocks::running() const {
  if (acknowledge.at_ms != 0) return acknowledge;
  return paused_since_ms == 0 ? answer : Target{};
}

std::string_view Clocks::running_act() const {
  if (acknowledge.at_ms != 0) return "ACKNOWLEDGE";
  return running().at_ms == 0 ? "" : "ANSWER";
}

bool Clocks::is_overdue(std::uint64_t now_ms) const {
  const std::uint64_t at_ms = running().at_ms;
  return at_ms != 0 && at_ms < now_ms;
}

Clocks clocks_of(store::View& view, const config::NodeConfig& config,
                 const node::OpenedCase& opened, std::uint64_t now_ms) {
  Clocks out = wished(opened.fold, now_ms);
  add_own(view, config, opened, now_ms, out);
  return out;
}

bool row_says_clocks(const store::CaseRow& row) {
  const bool nothing = row.ack_due_ms == 0 && row.answer_due_ms == 0;
  const bool no_ack = row.ack_due_ms == 0 && row.state == "RECEIVED";
  return row.ours || !(nothing || no_ack) || !casework::may_owe_answer(row.state);
}

Clocks clocks_of_row(store::View& view, const config::NodeConfig& config, const store::CaseRow& row,
                     std::uint64_t now_ms) {
  if (!row_says_clocks(row)) return clocks_of(view, config, node::open_case(view, row), now_ms);
  Clocks out;
  out.acknowledge.at_ms = row.ack_due_ms;
  out.answer.at_ms = row.answer_due_ms;
  return out;
}

void fill_clocks(const Clocks& clocks, const config::Clocks& settings, std::uint64_t now_ms,
                 focal::api::v1::TraceCase* out) {
  out->set_ack_due_at(time_text(clocks.acknowledge.at_ms));
  out->set_ack_own(clocks.acknowledge.own);
  out->set_answer_due_at(time_text(clocks.answer.at_ms));
  out->set_answer_own(clocks.answer.own);
  out->set_paused_since_at(time_text(clocks.paused_since_ms));
  const Target running = clocks.running();
  out->set_due_at(time_text(running.at_ms));
  out->set_due_act(std::string(clocks.running_act()));
  out->set_overdue(clocks.is_overdue(now_ms));
  const Standing standing = standing_of(running, settings, now_ms);
  out->set_reminder(std::string(reminder_name(standing.level)));
  out->set_reminders(standing.reminders);
}

void copy_clocks(const focal::api::v1::TraceCase& from, focal::api::v1::InboxEntry* out) {
  out->set_due_at(from.due_at());
  out->set_due_act(from.due_act());
  out->set_paused_since_at(from.paused_since_at());
  out->set_own_target(from.due_act() == "ACKNOWLEDGE" ? from.ack_own() : from.answer_own());
}

void fill_standing(const Target& target, const config::Clocks& settings, std::uint64_t now_ms,
                   focal::api::v1::InboxEntry* out) {
  const Standing standing = standing_of(target, settings, now_ms);
  out->set_overdue(target.at_ms != 0 && target.at_ms < now_ms);
  out->set_reminder(std::string(reminder_name(standing.level)));
  out->set_reminders(standing.reminders);
}

}  // namespace focal::desk
