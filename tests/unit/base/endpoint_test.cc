// Goal: only what a peer can dial counts as an endpoint, in one spelling; every endpoint
// fits through focal-gate, so that one peer's address cannot spoil the dial plan of all.
// Method: good and bad forms, each limit from both sides.
#include "base/endpoint.h"

#include <gtest/gtest.h>

#include <string>

namespace focal {
namespace {

TEST(Endpoint, GoodForms) {
  for (const char* good :
       {"tcp://h:1", "tcp://a:80", "tcp://127.0.0.1:7117", "tcp://198.51.100.7:1",
        "tcp://focal.example:65535", "tcp://node.focal.example:65535", "tcp://a-b.c:1",
        "tcp://xn--bcher-kva.example:7117", "tcp://3com.example:7117", "tcp://[::1]:7117",
        "tcp://[2001:db8::7]:80", "tcp://[1:2:3:4:5:6:7:8]:1"})
    EXPECT_TRUE(is_endpoint(good)) << good;
}

TEST(Endpoint, BadForms) {
  using std::string_literals::operator""s;
  for (const std::string& bad : {""s,
                                 "tcp://"s,
                                 "127.0.0.1:7117"s,
                                 "udp://127.0.0.1:7117"s,
                                 "ipc:///tmp/x"s,
                                 "ipc://x:1"s,
                                 "TCP://h:1"s,
                                 "tcp://h"s,
                                 "tcp://h:"s,
                                 "tcp://:1"s,
                                 "tcp://h:0"s,
                                 "tcp://h:01"s,
                                 "tcp://h:+1"s,
                                 "tcp://h:65536"s,
                                 "tcp://h:99999999999999999999"s,
                                 "tcp://h:1/"s,
                                 "tcp://h:1 "s,
                                 "tcp:// h:1"s,
                                 "tcp://a b:1"s,
                                 "tcp://*:1"s,
                                 "tcp://*:*"s,
                                 "tcp://0.0.0.0:1"s,
                                 "tcp://127.0.0.256:1"s,
                                 "tcp://127.1:1"s,
                                 "tcp://127.0.0.1;h:1"s,
                                 "tcp://127.0.0.1\0:1"s,
                                 "tcp://eth0;h:1"s,
                                 "tcp://H:1"s,
                                 "tcp://Focal.example:1"s,
                                 "tcp://h_:1"s,
                                 "tcp://-h:1"s,
                                 "tcp://h-:1"s,
                                 "tcp://h..i:1"s,
                                 "tcp://.h:1"s,
                                 "tcp://h.:1"s,
                                 "tcp://caf\xc3\xa9:1"s,
                                 "tcp://::1:1"s,
                                 "tcp://[]:1"s,
                                 "tcp://[::1:1"s,
                                 "tcp://[:1]:1"s,
                                 "tcp://[:::]:1"s,
                                 "tcp://[::]:1"s,
                                 "tcp://[0:0::0]:1"s,
                                 "tcp://[1::2::3]:1"s,
                                 "tcp://[12345::]:1"s,
                                 "tcp://[::g]:1"s,
                                 "tcp://[2001:DB8::7]:1"s,
                                 "tcp://[::ffff:10.0.0.1]:1"s,
                                 "tcp://[1:2:3:4:5:6:7]:1"s,
                                 "tcp://[1:2:3:4:5:6:7:8:9]:1"s,
                                 "tcp://[::1%eth0]:1"s})
    EXPECT_FALSE(is_endpoint(bad)) << bad;
}

TEST(Endpoint, LimitsOfANameAndOfTheWhole) {
  const std::string label63(63, 'a');
  EXPECT_TRUE(is_endpoint("tcp://" + label63 + ":1"));
  EXPECT_FALSE(is_endpoint("tcp://" + label63 + "a:1"));
  std::string host = label63 + "." + label63 + "." + label63 + ".";
  host += std::string(kMaxEndpointSize - host.size() - 12, 'b');  // "tcp://" and ":65535"
  EXPECT_TRUE(is_endpoint("tcp://" + host + ":65535"));
  EXPECT_FALSE(is_endpoint("tcp://" + host + "b:65535"));
}

}  // namespace
}  // namespace focal
