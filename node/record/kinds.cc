#include "node/record/kinds.h"

#include <vector>

#include "base/check.h"
#include "proto/record.pb.h"

namespace focal::record {
namespace {

KindInfo info_of(const google::protobuf::FieldDescriptor& field) {
  const auto& options = field.message_type()->options();
  FOCAL_CHECK(options.HasExtension(v1::kind));
  const v1::KindRule& rule = options.GetExtension(v1::kind);
  FOCAL_CHECK(is_kind_name(rule.name()));
  KindInfo info;
  info.name = rule.name();
  info.field_name = field.name();
  info.life = rule.life();
  info.min_level = static_cast<TrustLevel>(rule.min_level());
  info.lane = static_cast<std::uint8_t>(rule.lane());
  info.is_case_root = rule.case_root();
  info.is_case_event = !rule.life().empty();
  info.states_only = rule.states_only();
  info.label_optional = rule.label_optional();
  return info;
}

const std::vector<KindInfo>& registry() {
  static const auto* const all = [] {
    auto* made = new std::vector<KindInfo>();
    const auto* oneof = v1::Record::descriptor()->FindOneofByName("kind");
    for (int i = 0; i < oneof->field_count(); ++i) made->push_back(info_of(*oneof->field(i)));
    return made;
  }();
  return *all;
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::string_view trust_name(TrustLevel level) {
  switch (level) {
    case TrustLevel::kNone: return "NONE";
    case TrustLevel::kIntroduced: return "INTRODUCED";
    case TrustLevel::kVerified: return "VERIFIED";
  }
  return "NONE";
}

bool is_kind_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxKindBytes) return false;
  bool begins = true;  // a part begins here
  for (const char c : text) {
    if (begins && !is_lower(c)) return false;
    if (!is_lower(c) && !(c >= '0' && c <= '9') && c != '_' && c != '.') return false;
    begins = c == '.';
  }
  return !begins;
}

std::span<const KindInfo> kinds() { return registry(); }

const KindInfo* find_kind(std::string_view name) {
  for (const KindInfo& info : registry())
    if (info.name == name) return &info;
  return nullptr;
}

}  // namespace focal::record
