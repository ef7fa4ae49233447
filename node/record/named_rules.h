// Rules between fields that cannot be options of one field. Internal to
// node/record.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "node/record/validate.h"

namespace google::protobuf {
class Descriptor;
class Message;
}  // namespace google::protobuf

namespace focal::record {

struct RuleContext {
  const v1::Record& record;
  const Facts& facts;
  const KindInfo& kind;
  Report& report;
  bool personal = false;  // the record holds a field of personal data
};

bool has_named_rules(const google::protobuf::Descriptor* type);

// Runs the rules of message's type. path is empty for the Record, else it ends
// with a point: "trace_request.items[0].".
void check_named_rules(RuleContext& context, const google::protobuf::Message& message,
                       const std::string& path);

std::span<const std::string_view> named_rule_names();

}  // namespace focal::record
