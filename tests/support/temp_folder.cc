#include "tests/support/temp_folder.h"

#include <stdlib.h>

#include <stdexcept>

namespace focal::test {

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "focal-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace focal::test
