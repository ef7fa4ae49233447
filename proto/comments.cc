#include "proto/comments.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "proto/comment_table.h"

namespace focal::proto {
namespace {

std::string find(std::string_view name) {
  const Comment* end = kComments + kCommentCount;
  const Comment* found = std::lower_bound(
      kComments, end, name, [](const Comment& each, std::string_view n) { return each.name < n; });
  return found == end || found->name != name ? std::string() : std::string(found->text);
}

}  // namespace

std::string comment_of(const google::protobuf::Descriptor& message) {
  return find(message.full_name());
}
std::string comment_of(const google::protobuf::FieldDescriptor& field) {
  return find(field.full_name());
}

}  // namespace focal::proto
