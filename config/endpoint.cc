#include "base/endpoint.h"

#include <string>

#include "config/config.h"

namespace focal::config {

bool is_listen_address(std::string_view text) {
  if (is_endpoint(text)) return true;
  for (const std::string_view every : {"tcp://*:", "tcp://0.0.0.0:", "tcp://[::]:"}) {
    // With a name in its place the rest has to be right.
    if (text.starts_with(every) && is_endpoint("tcp://h:" + std::string(text.substr(every.size()))))
      return true;
  }
  return false;
}

}  // namespace focal::config
