// Test help: records filled from the schema's own rules, and the example files.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "node/record/record.h"
#include "proto/record.pb.h"

namespace focal::record::test {

// A valid record of the kind with every field filled that may stand together.
v1::Record full_record(std::string_view kind);
// Only what required, prompted and needed fields ask for.
v1::Record least_record(std::string_view kind);

std::string bytes_of(const v1::Record& record);
// parse_checked from XA to XB, with the kind that the record holds.
Checked check(const v1::Record& record);

// Calls visit for every field of every message in the record that is no list
// of messages' container itself: the message, the field, its path.
using Visit = std::function<void(google::protobuf::Message&,
                                 const google::protobuf::FieldDescriptor*, const std::string&)>;
void for_each_field(google::protobuf::Message& message, const std::string& path,
                    const Visit& visit);

struct Example {
  std::string name;  // 01_trace_request_XA_XB
  std::string from;
  std::string to;
  std::string json;
};
std::vector<Example> examples();  // tests/vectors/examples, sorted by name

// "rule path" of each problem; empty if the record is accepted.
std::vector<std::string> problems_of(const Checked& checked);

}  // namespace focal::record::test
