// The level each kind of record needs at this node: what its schema asks for, raised by rules
// of the configuration ("alert.*" = VERIFIED). A rule never lowers. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/record/kinds.h"

namespace focal::exchange {

struct KindRule {
  std::string kinds;  // "alert.denial", or "alert.*" for every kind of the family
  record::TrustLevel level = record::TrustLevel::kVerified;
};

// Is it that kind, or does the family ("alert.*") hold it?
bool covers(std::string_view kinds, std::string_view kind);

// kInvalid: this is neither a kind nor a family, or a kind it covers needs more by its schema (the
// message names it). A kind newer than this program needs VERIFIED.
Status check_kind_rule(const KindRule& rule);
// Does the rule cover a kind of this program? If not, it changes nothing.
bool covers_known_kind(const KindRule& rule);

class KindPolicy {
 public:
  KindPolicy() = default;
  // Each rule passed check_kind_rule.
  explicit KindPolicy(std::vector<KindRule> rules) : rules_(std::move(rules)) {}

  record::TrustLevel required_level(std::string_view kind) const;
  const std::vector<KindRule>& rules() const { return rules_; }

 private:
  std::vector<KindRule> rules_;
};

}  // namespace focal::exchange
