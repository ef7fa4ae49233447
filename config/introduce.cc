#include <algorithm>
#include <charconv>

#include "base/names.h"
#include "config/config.h"

namespace focal::config {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::optional<Introduce> parse_introduce(std::string_view text) {
  Introduce out;
  text = trimmed(text);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.needed);
  if (error != std::errc{} || out.needed == 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.starts_with(" of ")) return std::nullopt;
  text.remove_prefix(4);
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    more = comma != std::string_view::npos;
    const std::string party(trimmed(text.substr(0, comma)));
    const bool again = std::find(out.parties.begin(), out.parties.end(), party) != out.parties.end();
    if (!is_party(party) || again || out.parties.size() == kMaxIntroducers) return std::nullopt;
    out.parties.push_back(party);
    if (more) text.remove_prefix(comma + 1);
  }
  if (out.needed > out.parties.size()) return std::nullopt;
  return out;
}

}  // namespace focal::config
