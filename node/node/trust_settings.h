// What the configuration says of trust, in the words of the exchange.
#pragma once

#include "config/config.h"
#include "node/exchange/directory.h"
#include "node/exchange/kind_policy.h"

namespace focal::node {

exchange::IntroducerPolicy introducers_of(const config::NodeConfig& config);
// kConfig, with file, line and column: a line of [trust] names no kind, or asks for less than the
// kind itself.
Result<exchange::KindPolicy> kinds_of(const config::NodeConfig& config);

}  // namespace focal::node
