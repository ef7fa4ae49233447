// Who is connected to the local socket at this moment, so that nobody keeps the others out by
// holding connections. Three limits (http::Limits): all together, of one user, and of strangers.
// A user over the limit, and strangers together, lose the connection that has waited longest
// without asking; a request under way is never cut. Whoever takes longer than timeout_s to say what
// he wants loses the connection as soon as somebody else comes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <list>
#include <mutex>

#include "node/api/http.h"

namespace focal::api::http {

class Connections {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct One {
    int socket = -1;
    uid_t uid = 0;
    bool is_person = false;
    bool asks = false;  // a whole head has come, and its answer has not gone yet
    bool cut = false;   // shut down by us, and counted no more
    Time since{};       // of connecting, or of the last answer
  };

  explicit Connections(const Limits& limits) : limits_(limits) {}

  // Any thread. A new connection; never null, valid until forget(). Where there is no room it is
  // cut at once: it has been shut down in both directions, and its thread ends by itself.
  One* add(int socket, uid_t uid, bool is_person, Time now);
  // A head has come whole. False: the connection has been cut meanwhile.
  bool begins(One& one);
  void ends(One& one, Time now);
  // Before the socket is closed.
  void forget(One* one);

 private:
  bool make_room(uid_t uid, bool is_person, Time now);  // false: there is none
  std::size_t count() const;

  const Limits limits_;
  std::mutex mutex_;
  std::list<One> all_;  // oldest first; guarded by mutex_
};

}  // namespace focal::api::http
