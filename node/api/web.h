// The console's port: who is in, the files of the console, and everything of the local API for
// people who are. Knows no operation by itself but those of the session.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "crypto/secret.h"
#include "node/api/attempts.h"
#include "node/api/http.h"
#include "node/api/sessions.h"

namespace focal::api {

// Of the session cookie: "focal_session_8787", as all ports of a host share their cookies.
std::string session_cookie(std::uint16_t port);

// A file of the console as it is in the program: constant data.
struct Asset {
  std::string_view path;          // "/assets/app-1a2b3c.js"
  std::string_view content_type;
  std::string_view gzip;          // the bytes, compressed
  std::string_view etag;          // quoted
  bool forever = false;           // its name changes with its content
};

struct Streams;                   // how many go on, for whom

class Web {
 public:
  struct Inside {                 // the node behind it; each may wait while there is none
    PersonOf person_of;
    std::function<http::Response(const http::Request&)> handle;
    // The user whose name and console password these are, or whose password it is. kPassphrase:
    // they are not.
    std::function<Result<uid_t>(const std::string& name, std::optional<uid_t> of,
                                const crypto::Secret& password)> who;
    std::function<http::Response(std::optional<std::uint64_t> after)> events;
  };
  // assets: of the console; "/index.html" answers every path that is no file and not under /v1.
  Web(Sessions& sessions, Inside inside, std::span<const Asset> assets,
      std::function<std::uint64_t()> mono_ms);

  void set_port(std::uint16_t port) { port_ = port; }

  // For http::Options: whose request is it? Strangers may fetch files and enter.
  std::variant<http::Entry, http::Response> enter(const http::Head& head);
  http::Response handle(const http::Request& request);

  // A link that opens the console once for that user. Lasts as long as SessionLimits say.
  std::string make_link(uid_t uid);  // who is no person gets one that opens nothing

 private:
  http::Response asset(const http::Request& request) const;
  http::Response open_session(const http::Request& request);
  http::Response confirm_session(const http::Request& request);
  http::Response end_session(const http::Request& request);
  http::Response events(const http::Request& request);
  http::Response show_session(http::Request request, const std::string& token);
  http::Response stranger() const;
  http::Response from_node(const http::Request& request);
  bool is_still(const Holder& holder) const;
  std::string set_cookie(std::string_view token, std::string_view age) const;
  // The user that a link or a password in the body is of. `of`: only that one will do.
  Result<uid_t> who(std::string_view body, std::optional<uid_t> of);
  Result<uid_t> who_by_password(const std::string& name, std::optional<uid_t> of,
                                const crypto::Secret& password);
  Caller caller_of(const SessionView& view) const;

  Sessions& sessions_;
  const Inside inside_;
  const std::span<const Asset> assets_;
  const std::function<std::uint64_t()> mono_ms_;
  std::atomic<std::uint16_t> port_{0};
  Attempts attempts_;
  std::mutex one_at_a_time_;      // a password costs memory and time on purpose
  std::shared_ptr<Streams> streams_;
};

}  // namespace focal::api
