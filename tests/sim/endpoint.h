// One end of connections: an honest node, or a hostile one.
#pragma once

#include <string>

#include "base/bytes.h"
#include "node/exchange/session.h"

namespace focal::sim {

class Endpoint {
 public:
  virtual ~Endpoint() = default;
  virtual const std::string& name() const = 0;
  virtual bool is_running() const = 0;  // takes connections
  virtual void link_up(exchange::LinkId link, std::size_t other, bool dialed) = 0;
  virtual void link_down(exchange::LinkId link) = 0;
  virtual void frame(exchange::LinkId link, Bytes bytes) = 0;
};

}  // namespace focal::sim
