#include "node/exchange/kind_policy.h"

#include <algorithm>

#include "node/exchange/trust.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kEvery = ".*";

// "alert." of "alert.*"; empty for a single kind.
std::string_view family_of(std::string_view kinds) {
  return kinds.ends_with(kEvery) ? kinds.substr(0, kinds.size() - 1) : std::string_view();
}

}  // namespace

bool covers(std::string_view kinds, std::string_view kind) {
  const std::string_view family = family_of(kinds);
  return family.empty() ? kind == kinds : kind.starts_with(family);
}

Status check_kind_rule(const KindRule& rule) {
  const std::string_view family = family_of(rule.kinds);
  if (!record::is_kind_name(family.empty() ? std::string_view(rule.kinds)
                                           : family.substr(0, family.size() - 1)))
    return fail(ErrorCode::kInvalid,
                "\"" + rule.kinds + "\" is neither a kind of record nor a family of kinds",
                "write a kind like \"trace.request\", or \"alert.*\" for all kinds of a family");
  if (!covers_known_kind(rule) && rule.level < record::TrustLevel::kVerified)
    return fail(ErrorCode::kInvalid,
                "\"" + rule.kinds + "\" is no kind that this program knows, and such kinds need "
                "VERIFIED", "remove the line; a rule can only ask for more");
  for (const record::KindInfo& kind : record::kinds())
    if (covers(rule.kinds, kind.name) && rule.level < kind.min_level)
      return fail(ErrorCode::kInvalid,
                  kind.name + " needs " + std::string(record::trust_name(kind.min_level)) +
                      " by its definition",
                  "remove the line or raise the level; a rule can only ask for more");
  return {};
}

bool covers_known_kind(const KindRule& rule) {
  const auto kinds = record::kinds();
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const record::KindInfo& kind) { return covers(rule.kinds, kind.name); });
}

record::TrustLevel KindPolicy::required_level(std::string_view kind) const {
  record::TrustLevel level = exchange::required_level(kind);
  for (const KindRule& rule : rules_)
    if (covers(rule.kinds, kind)) level = std::max(level, rule.level);
  return level;
}

}  // namespace focal::exchange
