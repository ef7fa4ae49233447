// When the notify program is started, and what it is told: counts and urgency, no content, no
// case, no other party. Pure (docs/operations.md, "The notify program").
//
// It is started when something rises above what it was told last, and not before every_s have
// passed since its last start; rises of that time are told together afterwards, if they still
// stand. What falls is remembered as fallen, so that its next rise is told again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/desk/attention.h"

namespace focal::desk {

// What the program was told last. Kept in a file, so that no rise is told twice.
struct Told {
  exchange::RunState state = exchange::RunState::kRunning;
  std::uint32_t needs_action = 0;
  std::uint32_t overdue = 0;
  std::uint32_t releases = 0;
  std::uint32_t failed = 0;
  bool operator==(const Told&) const = default;
};
Told told_of(const Attention& attention);

struct NotifyStep {
  bool start = false;  // the program, with `told`
  Told told;           // what is to be remembered, before it is started
};
// may_start: its time between two starts is over, and none runs.
NotifyStep next_step(const Told& told, const Attention& now, bool may_start);

// {"party":"XA","state":"RUNNING","needs_action":3,…,"urgency":"OVERDUE"} and a line end.
std::string notify_line(std::string_view party, const Attention& now);
// The same as "FOCAL_PARTY=XA", …, and a PATH; the whole environment of the program.
std::vector<std::string> notify_environment(std::string_view party, const Attention& now);

// The file: a line of six words. parse: nothing if it is not exactly such a text.
std::string format_told(const Told& told);
std::optional<Told> parse_told(std::string_view text);

}  // namespace focal::desk
