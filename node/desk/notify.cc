#include "node/desk/notify.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace focal::desk {
namespace {

using exchange::RunState;

constexpr std::string_view kForm = "focal-notify/v1";
constexpr RunState kStates[] = {RunState::kRunning, RunState::kStarting, RunState::kRolledBack};

using Count = std::pair<std::string_view, std::uint32_t Told::*>;
constexpr std::array<Count, 4> kCounts = {Count{"needs_action", &Told::needs_action},
                                          Count{"overdue", &Told::overdue},
                                          Count{"releases", &Told::releases},
                                          Count{"failed", &Told::failed}};

// What is no longer so is not remembered as told.
Told lower_of(const Told& told, const Told& now) {
  Told out;
  out.state = std::min(told.state, now.state);  // in their order each is worse than the one before
  for (const auto& [name, count] : kCounts) out.*count = std::min(told.*count, now.*count);
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

}  // namespace

Told told_of(const Attention& attention) {
  return {attention.state, attention.needs_action, attention.overdue, attention.releases,
          attention.failed};
}

// The urgency rises only where a count or the state does.
NotifyStep next_step(const Told& told, const Attention& attention, bool may_start) {
  const Told now = told_of(attention);
  const Told lower = lower_of(told, now);
  if (may_start && now != lower) return {true, now};
  return {false, lower};
}

std::string notify_line(std::string_view party, const Attention& attention) {
  const Told now = told_of(attention);
  std::string out = "{\"party\":\"" + std::string(party) + "\",\"state\":\"" +
                    std::string(exchange::run_state_name(now.state)) + "\"";
  for (const auto& [name, count] : kCounts)
    out += ",\"" + std::string(name) + "\":" + std::to_string(now.*count);
  return out + ",\"urgency\":\"" + std::string(urgency_name(urgency_of(attention))) + "\"}\n";
}

std::vector<std::string> notify_environment(std::string_view party, const Attention& attention) {
  const Told now = told_of(attention);
  std::vector<std::string> out = {
      "PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "FOCAL_PARTY=" + std::string(party),
      "FOCAL_STATE=" + std::string(exchange::run_state_name(now.state))};
  for (const auto& [name, count] : kCounts)
    out.push_back("FOCAL_" + upper(name) + "=" + std::to_string(now.*count));
  out.push_back("FOCAL_URGENCY=" + std::string(urgency_name(urgency_of(attention))));
  return out;
}

std::string format_told(const Told& told) {
  std::string out(kForm);
  out.append(" ").append(exchange::run_state_name(told.state));
  for (const auto& [name, count] : kCounts) out += " " + std::to_string(told.*count);
  return out + "\n";
}

std::optional<Told> parse_told(std::string_view text) {
  Told out;
  std::array<std::string_view, 2 + kCounts.size()> words;
  if (!text.ends_with('\n')) return std::nullopt;
  text.remove_suffix(1);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t end = text.find(' ');
    if ((end == std::string_view::npos) != (i + 1 == words.size())) return std::nullopt;
    words[i] = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  const auto state = std::find_if(std::begin(kStates), std::end(kStates), [&](RunState each) {
    return exchange::run_state_name(each) == words[1];
  });
  if (words[0] != kForm || state == std::end(kStates)) return std::nullopt;
  out.state = *state;
  for (std::size_t i = 0; i < kCounts.size(); ++i) {
    const std::string_view word = words[i + 2];
    const auto [end, error] =
        std::from_chars(word.data(), word.data() + word.size(), out.*kCounts[i].second);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  }
  return out;
}

}  // namespace focal::desk
