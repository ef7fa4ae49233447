#include "node/api/door.h"

namespace focal::api {

void Door::open(const Router& router, Admits admits) {
  const std::lock_guard lock(mutex_);
  router_ = &router;
  admits_ = std::move(admits);
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

const Router* Door::enter() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return router_ != nullptr || is_shut_; });
  if (router_ != nullptr) ++inside_;
  return router_;
}

void Door::leave() {
  const std::lock_guard lock(mutex_);
  if (--inside_ == 0) changed_.notify_all();
}

bool Door::admits(const http::Caller& caller) {
  if (enter() == nullptr) return true;
  const bool out = admits_(caller);  // open() does not change it while somebody is inside
  leave();
  return out;
}

http::Response Door::handle(const http::Request& request) {
  const Router* router = enter();
  if (router == nullptr)
    return problem_response({ErrorCode::kUnavailable, "the node is stopping", "Start it again."},
                            new_problem_id());
  http::Response out = router->handle(request);
  leave();
  return out;
}

}  // namespace focal::api
