// What the .proto files say in words: the comments beside messages and fields. Compiled messages do
// not keep them, so the build makes a table of them from the same files (proto/comments_maker.cc).
#pragma once

#include <string>

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace focal::proto {

// The comment in front of a message, in one line, or the one behind its brace; empty: it has none,
// or its file is not one of this project.
std::string comment_of(const google::protobuf::Descriptor& message);
// … and of a field: the one behind it, or the one in front.
std::string comment_of(const google::protobuf::FieldDescriptor& field);

}  // namespace focal::proto
