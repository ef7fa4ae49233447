// Goal: what the configuration says of trust reaches the exchange, or stops the start with the
// place in the file. Method: texts of configuration files.
#include "node/node/trust_settings.h"

#include <gtest/gtest.h>

namespace focal::node {
namespace {

config::NodeConfig read(const std::string& text) {
  auto config = config::parse_config("party = \"XA\"\n" + text, "/tmp/focal.toml");
  EXPECT_TRUE(config.has_value()) << (config ? "" : config.error().message);
  return config ? *config : config::NodeConfig{};
}

TEST(TrustSettings, ReachTheExchange) {
  const auto config = read("introduce = \"2 of UNODA, OSCE\"\n[trust]\n\"peer.*\" = \"VERIFIED\"\n");
  EXPECT_EQ(introducers_of(config).k, 2u);
  EXPECT_EQ(introducers_of(config).introducers, (std::vector<std::string>{"UNODA", "OSCE"}));
  const auto kinds = kinds_of(config);
  ASSERT_TRUE(kinds.has_value()) << kinds.error().message;
  EXPECT_EQ(kinds->required_level("peer.ping"), record::TrustLevel::kVerified);
  EXPECT_EQ(introducers_of(read("")).k, 0u);
}

TEST(TrustSettings, ALineThatLowersIsNamedWithItsPlace) {
  const auto kinds = kinds_of(read("[trust]\n\"peer.*\" = \"VERIFIED\"\n\"trace.ack\" = "
                                   "\"INTRODUCED\"\n"));
  ASSERT_FALSE(kinds.has_value());
  EXPECT_EQ(kinds.error().code, ErrorCode::kConfig);
  EXPECT_EQ(kinds.error().message,
            "/tmp/focal.toml:4:1: trace.ack needs VERIFIED by its definition");
  EXPECT_FALSE(kinds.error().hint.empty());
  EXPECT_FALSE(kinds_of(read("[trust]\n\"no kind\" = \"VERIFIED\"\n")).has_value());
}

TEST(ReleaseSettings, KindsAndFamiliesAreRulesToo) {
  const auto policy = read("[release]\nrequire = [\"all\", \"trace.answer\", \"trace.response\", "
                           "\"trace.*\"]\nof_peers = [\"trace.refusal\", \"trace.*\"]\n").release;
  EXPECT_TRUE(check_release_rules(policy).has_value());
  const auto kinds = approved_kinds(policy);
  ASSERT_TRUE(kinds.has_value()) << kinds.error().message;
  std::size_t family = 0;
  for (const auto& kind : record::kinds()) family += kind.name.starts_with("trace.") ? 1 : 0;
  EXPECT_GT(family, 10u);
  EXPECT_EQ(kinds->size(), family);
  EXPECT_TRUE(kinds->contains("trace.refusal"));
}

TEST(ReleaseSettings, ANameThatWouldNeverAskStopsTheStart) {
  for (const char* name : {"trace.burn", "burn.*", "trace.", "trac.*", "peer.ping", "peer.*"}) {
    const std::string line = "[\"" + std::string(name) + "\"]\n";
    const auto ours = check_release_rules(read("[release]\nrequire = " + line).release);
    ASSERT_FALSE(ours.has_value()) << name;
    EXPECT_EQ(ours.error().code, ErrorCode::kConfig);
    EXPECT_EQ(ours.error().message, "/tmp/focal.toml:2:1: [release] require: \"" +
                                        std::string(name) +
                                        "\" is no kind or family of records that officers send");
    EXPECT_NE(ours.error().hint.find("trace.refusal"), std::string::npos);
    EXPECT_FALSE(approved_kinds(read("[release]\nof_peers = " + line).release).has_value()) << name;
  }
}

}  // namespace
}  // namespace focal::node
