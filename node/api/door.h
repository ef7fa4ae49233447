// Where requests meet the node. The socket stays open while the node opens itself again
// under its next card: who asks meanwhile waits here, and nobody is inside a node that ends.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "node/api/routes.h"

namespace focal::api {

class Door {
 public:
  // The node behind it.
  struct Inside {
    const Router& router;
    PersonOf person_of;
    // Desk::console_user().
    std::function<Result<uid_t>(const std::string& name, std::optional<uid_t> of,
                                const crypto::Secret& password)> console_user;
    // What changes, as it does, after the event of that number; ends when the node does.
    std::function<http::Response(std::optional<std::uint64_t> after)> events;
  };
  // Lets requests in; what it refers to stays valid until close() has returned.
  void open(Inside inside);
  // Lets nobody in any more and returns when those inside have their answer. They must end by
  // themselves: the node's loop has ended and tells them so.
  void close();
  // No node comes any more: who waits is told 503, and who comes.
  void shut();

  // Any thread; all wait while the door is closed. Who is no person may ask nothing. Once it is shut
  // everybody may, to be told so: kAnyPerson.
  std::optional<std::int64_t> person_of(uid_t uid);
  http::Response handle(const http::Request& request);
  Result<uid_t> console_user(const std::string& name, std::optional<uid_t> of,
                             const crypto::Secret& password);
  http::Response events(std::optional<std::uint64_t> after);

 private:
  const Inside* enter();  // nullptr: shut
  void leave();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Inside> node_;
  bool closing_ = false;
  std::size_t inside_ = 0;
  bool is_shut_ = false;
};

}  // namespace focal::api
