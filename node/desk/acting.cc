#include "node/desk/acting.h"

#include <google/protobuf/message.h>

#include <algorithm>

#include "crypto/hash.h"
#include "node/casework/writers.h"
#include "node/desk/act_table.h"
#include "node/desk/permissions.h"
#include "node/exchange/kind_policy.h"
#include "node/record/parties.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

constexpr std::string_view kRuleAll = "all";
constexpr std::string_view kRulePersonal = "personal_data";
constexpr std::string_view kRuleSecurity = "national_security";
constexpr std::string_view kSecurityGround = "NATIONAL_SECURITY";

// Does a text field of that name hold that value, anywhere in the message?
bool says(const google::protobuf::Message& message, std::string_view name,
          std::string_view value) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  const auto* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    const bool is_message = field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE;
    const bool is_text = field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING;
    if (is_message && field->is_repeated()) {
      for (int i = 0; i < reflection->FieldSize(message, field); ++i)
        if (says(reflection->GetRepeatedMessage(message, field, i), name, value)) return true;
    } else if (is_message) {
      if (says(reflection->GetMessage(message, field), name, value)) return true;
    } else if (is_text && !field->is_repeated() && field->name() == name &&
               reflection->GetString(message, field) == value) {
      return true;
    }
  }
  return false;
}

// How the configuration calls the act that sends such a record: "trace.answer".
std::string act_name(const record::CheckedRecord& record) {
  if (record.kind_info().is_case_root) return "trace.open";
  for (const Act& act : act_table())
    if (act.kind == record.kind()) return "trace." + std::string(act.word);
  return std::string(record.kind());
}

Effect effect_of(const record::CheckedRecord& record) {
  Effect out;
  out.what = std::string(record.kind());
  for (const std::string& party : record.audience())
    out.to.append(out.to.empty() ? "" : ",").append(party);
  focal::v1::Record content = record.message();
  content.mutable_header()->clear_ack_by_ms();
  content.mutable_header()->clear_answer_by_ms();
  out.hash = crypto::sha256(std::string_view(content.SerializeAsString()));
  out.summary = "sends " + out.what + " to " +
                (record.audience().empty() ? std::string("nobody")
                                           : record::party_with_name(record.audience().front(), "en"));
  if (!record.header().subject.empty()) out.summary += ": " + record.header().subject;
  return out;
}

Error awaits(const std::string& rule) {
  return fail(ErrorCode::kAwaitsRelease, "this needs the release by a second officer (rule " +
              rule + ")", "A supervisor looks at it with 'focal release list'.");
}

Status same_effects(const std::vector<Effect>& seen, const std::vector<Effect>& now) {
  if (std::equal(seen.begin(), seen.end(), now.begin(), now.end(),
                 [](const Effect& a, const Effect& b) { return a.same(b); }))
    return {};
  return fail(ErrorCode::kState, "what would be done now is not what was to be released",
              "Reject it, and let it be made anew.");
}

}  // namespace

std::optional<std::string> rule_for(const config::ReleasePolicy& policy,
                                    const record::CheckedRecord& record) {
  const std::string act = act_name(record);
  for (const std::string& rule : policy.require) {
    const bool asks =
        rule == act || exchange::covers(rule, record.kind()) || (rule == kRuleAll && record.kind_info().is_case_event) ||
        (rule == kRulePersonal && casework::may_be_requesters(record.kind()) &&
         record.header().label && record.header().label->personal_data) ||
        (rule == kRuleSecurity && says(record.message(), "ground", kSecurityGround));
    if (asks) return rule;
  }
  return std::nullopt;
}

Status By::ask_rights() {
  if (!rights) return {};
  FOCAL_ASSIGN(Rights by_now, rights());
  actor = std::move(by_now.actor);
  policy = by_now.policy;
  return {};
}

Status By::may_leave(std::span<const record::CheckedRecord> records, const Now& now) {
  FOCAL_TRY(ask_rights());
  if (!second && policy == nullptr) return {};
  std::vector<Effect> effects;
  effects.reserve(records.size());
  for (const auto& record : records) effects.push_back(effect_of(record));
  if (second) {
    FOCAL_TRY(second->check(now));
    return same_effects(second->effects, effects);
  }
  const auto asks = std::find_if(records.begin(), records.end(), [&](const auto& record) {
    return rule_for(*policy, record).has_value();
  });
  if (asks == records.end()) return {};
  rule = *rule_for(*policy, *asks);
  withheld = std::move(effects);
  withheld_bodies.clear();
  withheld_bodies.reserve(records.size());
  for (const auto& record : records) withheld_bodies.push_back(record.body());
  return awaits(rule);
}

Status By::may_change(std::string_view rule_name, std::vector<Change> changes, const Now& now) {
  FOCAL_TRY(ask_rights());
  std::vector<Effect> effects;
  effects.reserve(changes.size());
  for (Change& change : changes) {
    const Hash32 hash = crypto::sha256(std::string_view(change.summary));
    effects.push_back(
        {std::string(rule_name), std::move(change.party), hash, std::move(change.summary)});
  }
  if (second) {
    FOCAL_TRY(second->check(now));
    return same_effects(second->effects, effects);
  }
  if (effects.empty() || !asks(rule_name)) return {};
  rule = std::string(rule_name);
  withheld = std::move(effects);
  withheld_bodies.clear();
  return awaits(rule);
}

bool By::asks(std::string_view rule_name) const {
  return !second && policy != nullptr &&
         std::find(policy->require.begin(), policy->require.end(), rule_name) !=
             policy->require.end();
}

std::string By::detail(std::string_view reason, bool local) const {
  if (operation.empty()) return std::string(reason);
  ActDetail out;
  out.actor = actor;
  out.act = act_word(operation);
  out.reason = std::string(reason);
  if (second) {
    out.release = "R-" + std::to_string(second->id);
    out.approver = second->approver;
    if (local) {
      out.certificate = second->certificate;
      out.statement = second->statement;
      out.signature = to_bytes(ByteView(crypto::sign(
          *second->key, crypto::pae(crypto::kActType, as_bytes(second->statement)))));
    }
  }
  return detail_text(out);
}

std::vector<exchange::Approver> By::approvers() const {
  std::vector<exchange::Approver> out;
  if (second) out.push_back({second->certificate, *second->key});
  return out;
}

}  // namespace focal::desk
