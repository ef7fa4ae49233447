// The generated table of comments; internal to comments.cc.
#pragma once

#include <cstddef>
#include <string_view>

namespace focal::proto {

struct Comment {
  std::string_view name;  // full name of a message or field; ascending
  std::string_view text;
};
extern const Comment kComments[];
extern const std::size_t kCommentCount;

}  // namespace focal::proto
