// A configuration file in a folder of its own: what a text gives, or where and why it is refused.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "config/config.h"

namespace focal::config {

namespace fs = std::filesystem;

class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest() {
    std::string pattern = fs::temp_directory_path() / "focal-config-XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    file = folder / "focal.toml";
  }
  ~ConfigTest() override {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  Result<NodeConfig> load(std::string_view text) const {
    std::ofstream(file, std::ios::binary) << text;
    return load_config(file);
  }
  NodeConfig good(std::string_view text) const {
    auto config = load(text);
    EXPECT_TRUE(config.has_value()) << (config ? "" : config.error().message);
    return config ? *config : NodeConfig{};
  }
  static std::string terms_text(const NodeConfig& config, Priority priority) {
    const Terms& terms = config.clocks.terms.at(priority);
    return format_term(terms.acknowledge) + ", " + format_term(terms.answer);
  }
  // The text is refused at line:column with a message that has `what` in it.
  void expect_refused(std::string_view text, const char* at, const char* what) const {
    const auto config = load(text);
    ASSERT_FALSE(config.has_value()) << text;
    const Error& error = config.error();
    EXPECT_EQ(error.code, ErrorCode::kConfig);
    EXPECT_EQ(error.path, file.string());
    EXPECT_FALSE(error.hint.empty());
    const std::string place = file.string() + ":" + at + ": ";
    EXPECT_TRUE(error.message.starts_with(place)) << error.message << "\nwanted " << at;
    EXPECT_NE(error.message.find(what, place.size()), std::string::npos) << error.message;
  }

  fs::path folder;
  fs::path file;
};

}  // namespace focal::config
