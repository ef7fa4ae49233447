#include "node/desk/decisions.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "node/desk/act_detail.h"

namespace focal::desk {
namespace {

constexpr std::array<std::string_view, 4> kActs = {"VERIFIED", "SUSPENDED", "RESUMED", "SEEN"};
constexpr std::string_view kBy = " by ";
constexpr std::string_view kReason = ": ";
constexpr std::string_view kUpTo = "up to leaf ";

}  // namespace

std::string seen_words(std::int64_t leaf) {
  return std::string(kUpTo) + std::to_string(leaf);
}

std::int64_t read_seen(std::string_view reason) {
  if (!reason.starts_with(kUpTo)) return -1;
  reason.remove_prefix(kUpTo.size());
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(reason.data(), reason.data() + reason.size(), out);
  return error == std::errc() && end == reason.data() + reason.size() && out >= 0 ? out : -1;
}

std::string decision_words(const Decision& d) {
  std::string out = d.act;
  if (!d.how.empty()) out.append(" ").append(d.how);
  if (!d.reason.empty()) out.append(kReason).append(d.reason);
  return out;
}

std::optional<Decision> read_decision(std::string_view text) {
  const auto detail = parse_detail(text);
  const std::string_view words = detail ? std::string_view(detail->reason) : text;
  Decision out;
  const std::size_t colon = words.find(kReason);
  std::string_view head = words.substr(0, colon);
  if (colon != std::string_view::npos) out.reason = words.substr(colon + kReason.size());
  if (const std::size_t by = head.find(kBy); by != std::string_view::npos) {
    out.who = head.substr(by + kBy.size());
    head = head.substr(0, by);
  }
  const std::size_t blank = head.find(' ');
  out.act = head.substr(0, blank);
  if (blank != std::string_view::npos) out.how = head.substr(blank + 1);
  if (std::find(kActs.begin(), kActs.end(), out.act) == kActs.end()) return std::nullopt;
  if (detail) out.who = who_text(*detail);
  return out;
}

}  // namespace focal::desk
