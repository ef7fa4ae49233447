#include "node/api/door.h"

namespace focal::api {

namespace {

Error stopping() {
  return fail(ErrorCode::kUnavailable, "the node is stopping", "Start it again.");
}

}  // namespace

void Door::open(Inside inside) {
  const std::lock_guard lock(mutex_);
  node_.emplace(std::move(inside));
  changed_.notify_all();
}

void Door::close() {
  std::unique_lock lock(mutex_);
  closing_ = true;
  changed_.wait(lock, [this] { return inside_ == 0; });
  node_.reset();
  closing_ = false;
}

void Door::shut() {
  const std::lock_guard lock(mutex_);
  is_shut_ = true;
  changed_.notify_all();
}

const Door::Inside* Door::enter() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return (node_ && !closing_) || is_shut_; });
  if (!node_ || closing_) return nullptr;
  ++inside_;
  return &*node_;
}

void Door::leave() {
  const std::lock_guard lock(mutex_);
  if (--inside_ == 0) changed_.notify_all();
}

std::optional<std::int64_t> Door::person_of(uid_t uid) {
  const Inside* node = enter();
  if (node == nullptr) return kAnyPerson;
  const auto out = node->person_of(uid);  // close() waits for whoever is inside
  leave();
  return out;
}

http::Response Door::handle(const http::Request& request) {
  const Inside* node = enter();
  if (node == nullptr) return problem_response(stopping(), new_problem_id());
  http::Response out = node->router.handle(request);
  leave();
  return out;
}

http::Response Door::events(std::optional<std::uint64_t> after) {
  const Inside* node = enter();
  if (node == nullptr) return problem_response(stopping(), new_problem_id());
  http::Response out = node->events(after);  // whose stream may outlive the node
  leave();
  return out;
}

Result<uid_t> Door::console_user(const std::string& name, std::optional<uid_t> of,
                                 const crypto::Secret& password) {
  const Inside* node = enter();
  if (node == nullptr) return stopping();
  auto out = node->console_user(name, of, password);
  leave();
  return out;
}

}  // namespace focal::api
