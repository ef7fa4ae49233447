// Goal: only what a socket can bind or dial counts as an endpoint.
// Method: good and bad forms; wildcards only where allowed.
#include <gtest/gtest.h>

#include "config/config.h"

namespace focal::config {
namespace {

TEST(Endpoint, GoodForms) {
  for (const char* good :
       {"tcp://127.0.0.1:7117", "tcp://198.51.100.7:1", "tcp://focal.example:65535", "tcp://a:80",
        "tcp://xn--bcher-kva.example:7117", "tcp://[::1]:7117", "tcp://[2001:db8::7]:7117",
        "tcp://3com.example:7117"})
    EXPECT_TRUE(is_endpoint(good, false)) << good;
}

TEST(Endpoint, BadForms) {
  const std::string label64(64, 'a');
  for (const std::string bad : {"",
                                "tcp://",
                                "127.0.0.1:7117",
                                "udp://127.0.0.1:7117",
                                "TCP://127.0.0.1:7117",
                                "tcp://127.0.0.1",
                                "tcp://127.0.0.1:",
                                "tcp://127.0.0.1:0",
                                "tcp://127.0.0.1:65536",
                                "tcp://127.0.0.1:07117",
                                "tcp://127.0.0.1:+7117",
                                "tcp://127.0.0.1:7117 ",
                                "tcp://127.0.0.1:7117/",
                                "tcp://:7117",
                                "tcp://127.0.0.256:7117",
                                "tcp://127.1:7117",
                                "tcp://a..b:7117",
                                "tcp://-a:7117",
                                "tcp://a-:7117",
                                "tcp://a_b:7117",
                                "tcp://a b:7117",
                                "tcp://::1:7117",
                                "tcp://[::1:7117",
                                "tcp://[::g]:7117",
                                "tcp://[]:7117",
                                "tcp://*:*",
                                "tcp://caf\xc3\xa9:7117",
                                "tcp://127.0.0.1:7117;127.0.0.1:1",
                                "ipc:///tmp/x",
                                "tcp://127.0.0.1:99999999999999999999"})
    EXPECT_FALSE(is_endpoint(bad, true)) << bad;
  EXPECT_FALSE(is_endpoint("tcp://" + label64 + ":7117", true));
}

TEST(Endpoint, WildcardsOnlyWhereAllowed) {
  for (const char* wildcard : {"tcp://*:7117", "tcp://0.0.0.0:7117", "tcp://[::]:7117"}) {
    EXPECT_TRUE(is_endpoint(wildcard, true)) << wildcard;
    EXPECT_FALSE(is_endpoint(wildcard, false)) << wildcard;
  }
}

}  // namespace
}  // namespace focal::config
