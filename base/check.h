// FOCAL_CHECK: a broken promise inside the program. Always on; never used on
// input from outside (that gets a Result with an error).
#pragma once

namespace focal {
[[noreturn]] void check_failed(const char* expression, const char* file, int line);
}  // namespace focal

#define FOCAL_CHECK(expression) \
  ((expression) ? static_cast<void>(0) : ::focal::check_failed(#expression, __FILE__, __LINE__))
