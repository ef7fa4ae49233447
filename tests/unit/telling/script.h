// A program of the operator's for tests: a script that notes what it is given.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace focal::test {

inline std::filesystem::path write_script(const std::filesystem::path& file,
                                          const std::string& body) {
  std::ofstream(file, std::ios::trunc) << "#!/bin/sh\n" << body << "\n";
  ::chmod(file.c_str(), 0700);
  return file;
}

inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace focal::test
