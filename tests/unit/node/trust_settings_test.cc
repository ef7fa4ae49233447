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

}  // namespace
}  // namespace focal::node
