// Looks once whether somebody answers at an endpoint, and whether it speaks as a Focal node does:
// for whoever asks why a link does not work. Runs in the asking thread, with a time limit; never
// on the loop's. Says nothing to the other end and uses no key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "node/gate/resolver.h"

namespace focal::gate {

inline constexpr int kProbeMs = 3000;  // for all of it

// Later ones came further.
enum class ProbeOutcome : std::uint8_t {
  kFailed,       // this machine could not try
  kNameServer,   // nobody says what the name means, or too many names are being looked up
  kNoName,       // the name is not known
  kNoRoute,      // the network says that there is no way
  kNoAnswer,     // nothing came back
  kRefused,      // the machine there says that nobody listens
  kSilent,       // somebody takes the connection and says nothing
  kOther,        // … and speaks otherwise than a Focal node
  kFocal,        // … and begins as a Focal node does
};

struct Probe {
  std::string endpoint;
  std::string address;     // that was tried: "198.51.100.7:7117"; empty: it did not come to that
  ProbeOutcome outcome = ProbeOutcome::kFailed;
};

// endpoint: base/endpoint.h. Blocks for at most about limit_ms.
Probe probe(std::string_view endpoint, Resolver& resolver, int limit_ms = kProbeMs);

}  // namespace focal::gate
