// Test help: a shell script run in a scratch folder, with stand-ins for the programs it calls.
#pragma once

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "tests/support/paths.h"
#include "tests/support/temp_folder.h"

namespace focal::lint {

namespace fs = std::filesystem;
inline const fs::path kRoot = test::in_tree();

struct Ran {
  int code = -1;  // exit code; -1: ended by a signal
  std::string out;
};

class Scripts : public testing::Test {
 protected:
  static constexpr int kPatienceMs = 60'000;

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((dir_ / name).parent_path());
    std::ofstream(dir_ / name) << text;
  }
  std::string program(const std::string& name, const std::string& body) {
    write(name, "#!/bin/sh\n" + body + "\n");
    fs::permissions(dir_ / name, fs::perms::owner_all);
    return (dir_ / name).string();
  }
  // The same path as in the project.
  void take(const std::string& name) {
    fs::create_directories((dir_ / name).parent_path());
    fs::copy_file(kRoot / name, dir_ / name);
  }
  std::string text_of(const std::string& name) {
    std::ifstream in(dir_ / name);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  static bool wait_until(const std::function<bool()>& done) {
    for (int waited = 0; waited < kPatienceMs; waited += 20) {
      if (done()) return true;
      usleep(20'000);
    }
    return false;
  }
  // Both outputs. Programs of bin/ in the scratch folder come first.
  Ran run(const std::string& command) {
    const std::string line =
        "PATH='" + (dir_ / "bin").string() + "':\"$PATH\" " + command + " 2>&1 </dev/null";
    Ran ran;
    FILE* const pipe = popen(line.c_str(), "r");
    if (pipe == nullptr) return ran;
    std::array<char, 256> part{};
    while (std::fgets(part.data(), part.size(), pipe) != nullptr) ran.out += part.data();
    const int status = pclose(pipe);
    if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
    return ran;
  }

  const test::TempFolder folder_;
  const fs::path dir_ = folder_.path();
};

inline bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace focal::lint
