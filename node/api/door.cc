#include "node/api/door.h"

namespace focal::api {

void Door::open(const Router& router) {
  const std::lock_guard lock(mutex_);
  router_ = &router;
  changed_.notify_all();
}

void Door::close() {
  std::unique_lock lock(mutex_);
  router_ = nullptr;
  changed_.wait(lock, [this] { return inside_ == 0; });
}

void Door::shut() {
  const std::lock_guard lock(mutex_);
  is_shut_ = true;
  changed_.notify_all();
}

http::Response Door::handle(const http::Request& request) {
  const Router* router = nullptr;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return router_ != nullptr || is_shut_; });
    if (router_ == nullptr)
      return problem_response({ErrorCode::kUnavailable, "the node is stopping", "Start it again."},
                              new_problem_id());
    router = router_;
    ++inside_;
  }
  http::Response out = router->handle(request);
  const std::lock_guard lock(mutex_);
  if (--inside_ == 0) changed_.notify_all();
  return out;
}

}  // namespace focal::api
