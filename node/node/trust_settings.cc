#include "node/node/trust_settings.h"

namespace focal::node {

exchange::IntroducerPolicy introducers_of(const config::NodeConfig& config) {
  return {config.introduce.needed, config.introduce.parties};
}

Result<exchange::KindPolicy> kinds_of(const config::NodeConfig& config) {
  std::vector<exchange::KindRule> rules;
  rules.reserve(config.trust.size());
  for (const config::TrustRule& each : config.trust) {
    exchange::KindRule rule{each.kinds, each.verified ? record::TrustLevel::kVerified
                                                      : record::TrustLevel::kIntroduced};
    if (const Status checked = check_kind_rule(rule); !checked)
      return fail(ErrorCode::kConfig, each.where + ": " + checked.error().message,
                  checked.error().hint, each.where);
    rules.push_back(std::move(rule));
  }
  return exchange::KindPolicy(std::move(rules));
}

}  // namespace focal::node
