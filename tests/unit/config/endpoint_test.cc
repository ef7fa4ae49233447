// Goal: a node listens on what a socket can bind, and says in which place of the file it
// cannot; what peers would refuse in a schedule is refused in the file.
// Method: endpoints (tests/unit/base) and wildcards, with right and wrong ports.
#include "base/endpoint.h"

#include <gtest/gtest.h>

#include "config/config.h"

namespace focal::config {
namespace {

TEST(ListenAddress, AnEndpointOrEveryInterface) {
  for (const char* good : {"tcp://127.0.0.1:7117", "tcp://focal.example:1", "tcp://[::1]:7117",
                           "tcp://*:7117", "tcp://0.0.0.0:7117", "tcp://[::]:7117"})
    EXPECT_TRUE(is_listen_address(good)) << good;
  for (const char* wildcard : {"tcp://*:7117", "tcp://0.0.0.0:7117", "tcp://[::]:7117"})
    EXPECT_FALSE(is_endpoint(wildcard)) << wildcard;
  for (const char* bad :
       {"", "*:7117", "tcp://*", "tcp://*:", "tcp://*:0", "tcp://*:*", "tcp://*:65536",
        "tcp://*:07117", "tcp://*h:1", "tcp://*.h:1", "tcp://[::]x:1", "tcp://0.0.0.0.0:1",
        "tcp://**:1", "ipc:///tmp/x", "tcp://Focal.example:1", "tcp://127.0.0.1:0"})
    EXPECT_FALSE(is_listen_address(bad)) << bad;
}

}  // namespace
}  // namespace focal::config
