#include "tests/support/paths.h"

namespace focal::test {

std::string in_tree(const std::string& path) {
  return path.empty() ? FOCAL_SOURCE_DIR : FOCAL_SOURCE_DIR "/" + path;
}
std::string in_build(const std::string& path) { return FOCAL_BINARY_DIR "/" + path; }

}  // namespace focal::test
