// One end of connections: an honest node, a thief's node, or a hostile one.
#pragma once

#include <string>

#include "base/bytes.h"
#include "node/exchange/session.h"

namespace focal::sim {

class Endpoint {
 public:
  virtual ~Endpoint() = default;
  virtual const std::string& name() const = 0;  // the party that it is, or says it is
  virtual bool is_running() const = 0;          // takes connections
  // The transport key it speaks with, as CURVE proves it to the other end.
  virtual const Hash32& transport() const = 0;
  // The party whose key that is on its allow-list; empty: it lets nobody in with it.
  virtual std::string known_by(const Hash32& transport) const = 0;
  // other: number of the endpoint; party: whose key it proved.
  virtual void link_up(exchange::LinkId link, std::size_t other, const std::string& party,
                       bool dialed) = 0;
  virtual void link_down(exchange::LinkId link) = 0;
  virtual void frame(exchange::LinkId link, Bytes bytes) = 0;
};

}  // namespace focal::sim
