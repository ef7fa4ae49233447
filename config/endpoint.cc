#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>

#include "config/config.h"

namespace focal::config {
namespace {

constexpr std::string_view kScheme = "tcp://";
constexpr std::size_t kMaxHost = 253;  // RFC 1035 2.3.4
constexpr std::size_t kMaxLabel = 63;
constexpr unsigned kMaxPort = 65535;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || text.front() == '0') return false;
  if (!std::all_of(text.begin(), text.end(), is_digit)) return false;
  return std::stoul(std::string(text)) <= kMaxPort;
}

bool parses_as(int family, std::string_view text) {
  std::array<std::uint8_t, 16> address{};
  return ::inet_pton(family, std::string(text).c_str(), address.data()) == 1;
}

bool is_label(std::string_view text) {
  if (text.empty() || text.size() > kMaxLabel) return false;
  if (text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_digit(c) || is_letter(c) || c == '-'; });
}

bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxHost) return false;
  std::size_t dot = 0;
  while ((dot = text.find('.')) != std::string_view::npos) {
    if (!is_label(text.substr(0, dot))) return false;
    text.remove_prefix(dot + 1);
  }
  // An all-numeric last label would be a misspelt IPv4 address.
  return is_label(text) && !std::all_of(text.begin(), text.end(), is_digit);
}

bool is_host(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']')
    return parses_as(AF_INET6, text.substr(1, text.size() - 2));
  return parses_as(AF_INET, text) || is_host_name(text);
}

}  // namespace

bool is_endpoint(std::string_view text, bool wildcard_allowed) {
  if (!text.starts_with(kScheme)) return false;
  text.remove_prefix(kScheme.size());
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) return false;
  const std::string_view host = text.substr(0, colon);
  const bool wildcard = host == "*" || host == "0.0.0.0" || host == "[::]";
  if (wildcard) return wildcard_allowed;
  return is_host(host);
}

}  // namespace focal::config
