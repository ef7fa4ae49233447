#include "node/api/connections.h"

#include <sys/socket.h>

#include <algorithm>

namespace focal::api::http {
namespace {

void cut(Connections::One& one) {
  ::shutdown(one.socket, SHUT_RDWR);
  one.cut = true;
}

}  // namespace

std::size_t Connections::count() const {
  return static_cast<std::size_t>(
      std::count_if(all_.begin(), all_.end(), [](const One& one) { return !one.cut; }));
}

bool Connections::make_room(uid_t uid, bool is_person, Time now) {
  std::size_t alike = 0;
  One* idle = nullptr;  // longest, of those that count against the same limit
  for (One& one : all_) {
    if (one.cut) continue;
    if (!one.asks && now - one.since > std::chrono::seconds(limits_.timeout_s)) {
      cut(one);
      continue;
    }
    if (one.is_person != is_person || (is_person && one.uid != uid)) continue;
    ++alike;
    if (!one.asks && (idle == nullptr || one.since < idle->since)) idle = &one;
  }
  if (alike >= (is_person ? limits_.of_a_user : limits_.of_strangers)) {
    if (idle == nullptr) return false;
    cut(*idle);
  }
  return count() < limits_.connections;
}

Connections::One* Connections::add(int socket, uid_t uid, bool is_person, Time now) {
  const std::lock_guard lock(mutex_);
  const bool room = make_room(uid, is_person, now);
  One& one = all_.emplace_back(One{socket, uid, is_person, false, false, now});
  if (!room) cut(one);
  return &one;
}

bool Connections::begins(One& one) {
  const std::lock_guard lock(mutex_);
  one.asks = !one.cut;
  return one.asks;
}

void Connections::ends(One& one, Time now) {
  const std::lock_guard lock(mutex_);
  one.asks = false;
  one.since = now;
}

void Connections::forget(One* one) {
  const std::lock_guard lock(mutex_);
  all_.remove_if([one](const One& each) { return &each == one; });
}

}  // namespace focal::api::http
