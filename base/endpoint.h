// Where a peer can be dialed (docs/protocol.md, "Sealing schedule"). Pure grammar, said
// once, for the configuration and for what peers publish; no name is looked up.
#pragma once

#include <cstddef>
#include <string_view>

namespace focal {

inline constexpr std::size_t kMaxEndpointSize = 255;  // bytes; what focal-gate takes

// "tcp://HOST:PORT". HOST: a DNS name in lower-case letters, digits and inner hyphens, an
// IPv4 address, or an IPv6 address in brackets (lower-case, not the mixed form); neither
// 0.0.0.0 nor [::], which lead nowhere. PORT: 1..65535 without leading zeros. At most
// kMaxEndpointSize in all.
bool is_endpoint(std::string_view text);

}  // namespace focal
