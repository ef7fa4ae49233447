// What the configuration says of trust and of release, in the words of the exchange.
#pragma once

#include <set>
#include <string>

#include "config/config.h"
#include "node/exchange/directory.h"
#include "node/exchange/kind_policy.h"

namespace focal::node {

exchange::IntroducerPolicy introducers_of(const config::NodeConfig& config);
// kConfig, with file, line and column: a line of [trust] names no kind, or asks for less than the
// kind itself.
Result<exchange::KindPolicy> kinds_of(const config::NodeConfig& config);
// kConfig, with the place of [release]: a name in `require` is no rule and covers no kind that
// officers send, so it would never ask.
Status check_release_rules(const config::ReleasePolicy& policy);
// The kinds of `of_peers`, families spelled out. kConfig likewise.
Result<std::set<std::string>> approved_kinds(const config::ReleasePolicy& policy);

}  // namespace focal::node
