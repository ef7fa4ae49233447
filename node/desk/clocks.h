// How long acknowledging and answering should take, and how it stands with that. Every time
// here is a target that parties set themselves, never law: the instrument says "reasonable".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "config/config.h"
#include "node/node/cases.h"

namespace focal::api::v1 {
class InboxEntry;
class TraceCase;
}  // namespace focal::api::v1
namespace focal::v1 {
class Header;
class Record;
}  // namespace focal::v1

namespace focal::desk {

// The days a party works: what the configuration says of it or, for a second focal point
// (XB-ITI), of its State (XB); what it leaves open, as the program knows it.
Calendar calendar_of(const config::NodeConfig& config, std::string_view party);

// How the times of a request were found. Empty: the officer gave them.
struct DueBasis {
  std::string acknowledge;  // "2 working days of XB (sun-thu, 3 holidays known, UTC+03:00)"
  std::string answer;
};
// Due times left open become those of the configuration for the record's priority, in the
// calendar of the party that has to act; what the officer wrote stands, and the other is
// fitted to it.
DueBasis fill_due_times(focal::v1::Record& record, const config::NodeConfig& config,
                        std::string_view responder, std::uint64_t now_ms);

enum class Reminder : std::uint8_t { kNone, kReminder, kOverdue, kEscalate };
std::string_view reminder_name(Reminder level);  // "", "REMINDER", "OVERDUE", "ESCALATE"

struct Target {
  std::uint64_t at_ms = 0;     // 0 = none
  std::uint64_t since_ms = 0;  // when its time began
  bool own = false;            // this node's, because the request names none
};

struct Standing {
  Reminder level = Reminder::kNone;
  std::uint32_t reminders = 0;  // that have come: the first, at the end, then again and again
};
Standing standing_of(const Target& target, const config::Clocks& clocks, std::uint64_t now_ms);

struct Clocks {
  Target acknowledge;
  Target answer;                      // paused: as if the pause ended now
  std::uint64_t paused_since_ms = 0;  // information is awaited since; 0 = not paused

  // The target that runs now: none while paused.
  Target running() const;
  std::string_view running_act() const;  // ACKNOWLEDGE, ANSWER; empty: none runs
  bool is_overdue(std::uint64_t now_ms) const;
};

// The requester's wishes; where the request has none, at its responder the node's own.
Clocks clocks_of(store::View& view, const config::NodeConfig& config,
                 const node::OpenedCase& opened, std::uint64_t now_ms);
// The same from the row alone where that says enough; otherwise the case is opened.
bool row_says_clocks(const store::CaseRow& row);
Clocks clocks_of_row(store::View& view, const config::NodeConfig& config, const store::CaseRow& row,
                     std::uint64_t now_ms);

void fill_clocks(const Clocks& clocks, const config::Clocks& settings, std::uint64_t now_ms,
                 focal::api::v1::TraceCase* out);
// But for how it stands at the moment, which is fill_standing().
void copy_clocks(const focal::api::v1::TraceCase& from, focal::api::v1::InboxEntry* out);
// target: the one that runs.
void fill_standing(const Target& target, const config::Clocks& settings, std::uint64_t now_ms,
                   focal::api::v1::InboxEntry* out);

}  // namespace focal::desk
