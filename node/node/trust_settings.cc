#include "node/node/trust_settings.h"

#include <algorithm>

namespace focal::node {
namespace {

constexpr std::string_view kEveryKind;

// The kinds that officers send of those a rule covers; lane 0 is peer.*, which nodes send.
std::set<std::string> kinds_in(std::string_view rule) {
  std::set<std::string> out;
  for (const record::KindInfo& kind : record::kinds())
    if (kind.lane != 0 && (rule == kEveryKind || exchange::covers(rule, kind.name)))
      out.insert(kind.name);
  return out;
}

Error no_kind(const config::ReleasePolicy& policy, const std::string& rule, std::string_view key) {
  std::string known;
  for (const std::string& kind : kinds_in(kEveryKind))
    known.append(known.empty() ? "" : ", ").append(kind);
  return fail(ErrorCode::kConfig,
              (policy.where.empty() ? "" : policy.where + ": ") + "[release] " + std::string(key) +
                  ": \"" + rule + "\" is no kind or family of records that officers send",
              "It would never ask. Kinds: " + known + "; for rules see docs/operations.md, \"Release "
              "by a second officer\".", policy.where);
}

}  // namespace

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

Status check_release_rules(const config::ReleasePolicy& policy) {
  for (const std::string& rule : policy.require) {
    const auto& words = config::kReleaseRules;
    if (std::find(std::begin(words), std::end(words), rule) != std::end(words)) continue;
    if (kinds_in(rule).empty()) return no_kind(policy, rule, "require");
  }
  return {};
}

Result<std::set<std::string>> approved_kinds(const config::ReleasePolicy& policy) {
  std::set<std::string> out;
  for (const std::string& each : policy.of_peers) {
    auto kinds = kinds_in(each);
    if (kinds.empty()) return no_kind(policy, each, "of_peers");
    out.merge(kinds);
  }
  return out;
}

}  // namespace focal::node
