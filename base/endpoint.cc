#include "base/endpoint.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace focal {
namespace {

constexpr std::string_view kScheme = "tcp://";
constexpr std::size_t kMaxHost = 253;  // RFC 1035 2.3.4
constexpr std::size_t kMaxLabel = 63;
constexpr unsigned long kMaxPort = 65535;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || text.front() == '0') return false;
  if (!std::all_of(text.begin(), text.end(), is_digit)) return false;
  return std::stoul(std::string(text)) <= kMaxPort;
}

// An address of this family that leads somewhere.
bool is_address(int family, std::string_view text) {
  std::array<std::uint8_t, 16> address{};
  if (::inet_pton(family, std::string(text).c_str(), address.data()) != 1) return false;
  return std::any_of(address.begin(), address.end(), [](std::uint8_t b) { return b != 0; });
}

bool is_ipv4(std::string_view text) {
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
  return plain && is_address(AF_INET, text);
}

// RFC 4291 2.2 without the mixed form.
bool is_ipv6(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || c == ':';
  });
  return plain && is_address(AF_INET6, text);
}

// RFC 1123 2.1
bool is_label(std::string_view text) {
  if (text.empty() || text.size() > kMaxLabel) return false;
  if (text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_digit(c) || is_lower(c) || c == '-'; });
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

}  // namespace

bool is_endpoint(std::string_view text) {
  if (text.size() > kMaxEndpointSize || !text.starts_with(kScheme)) return false;
  text.remove_prefix(kScheme.size());
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) return false;
  const std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    return is_ipv6(host.substr(1, host.size() - 2));
  return is_ipv4(host) || is_host_name(host);
}

}  // namespace focal
