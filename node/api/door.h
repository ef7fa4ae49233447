// Where requests meet the node. The socket stays open while the node opens itself again
// under its next card: who asks meanwhile waits here, and nobody is inside a node that ends.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

#include "node/api/routes.h"

namespace focal::api {

class Door {
 public:
  // Lets requests in; the router stays valid until close() has returned.
  void open(const Router& router);
  // Lets nobody in any more and returns when those inside have their answer. They must end by
  // themselves: the node's loop has ended and tells them so.
  void close();
  // No node comes any more: who waits is told 503, and who comes.
  void shut();

  // Any thread. Waits while the door is closed.
  http::Response handle(const http::Request& request);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  const Router* router_ = nullptr;
  std::size_t inside_ = 0;
  bool is_shut_ = false;
};

}  // namespace focal::api
