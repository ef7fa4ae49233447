// Reads JSON of any names: the program's own reader takes only those that fields can have.
#pragma once

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <string>

namespace focal::test {

inline google::protobuf::Struct any_json(const std::string& text) {
  google::protobuf::Struct out;
  const auto status = google::protobuf::util::JsonStringToMessage(text, &out);
  EXPECT_TRUE(status.ok()) << std::string(status.message().data(), status.message().size());
  return out;
}

}  // namespace focal::test
