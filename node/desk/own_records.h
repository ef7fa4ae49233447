// Records of our own in the making: from JSON or from fields to a checked record.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "node/record/record.h"

namespace google::protobuf {
class Struct;
}
namespace focal::v1 {
class Header;
class Record;
}  // namespace focal::v1

namespace focal::desk {

// Who writes to whom.
struct Route {
  std::string from;
  std::vector<std::string> to;
};

// Completes what the officer left open, before the rules are checked.
using Complete = std::function<void(focal::v1::Record&)>;

// kRecord: not a record, or a rule of the schema; path of the field.
Result<record::CheckedRecord> checked_json(const google::protobuf::Struct& json, const Route& route,
                                           const Complete& complete = {});
Result<record::CheckedRecord> checked_message(const focal::v1::Record& record, const Route& route);

// The header of a reply: addressed back, same priority, the label of the request with
// ourselves as provider.
void reply_header(const record::CheckedRecord& request, const std::string& own_party,
                  const std::string& subject, focal::v1::Header* out);

}  // namespace focal::desk
