// The console's port before a desk, as focald puts it there: sessions, guards, routes and events, without
// a socket.
#pragma once

#include <functional>
#include <string>

#include "crypto/random.h"
#include "node/api/desk_routes.h"
#include "node/desk/desk.h"
#include "node/main/event_stream.h"
#include "tests/support/in_port.h"

namespace focal::desk {

class DeskPort {
 public:
  static constexpr std::uint16_t kPort = 8787;

  // The desk may be another one by and by, under the same sessions.
  DeskPort(const api::Router& router, const std::function<Desk&()>& desk)
      : person_of_([desk](uid_t uid) { return desk().person_of(uid); }),
        web_(sessions_,
             {person_of_,
              [this, &router](const api::http::Request& request) {
                ++asked_;
                return router.handle(request);
              },
              [desk](const std::string& name, std::optional<uid_t> of,
                     const crypto::Secret& password) {
                return desk().console_user(name, of, password);
              },
              [desk](std::optional<std::uint64_t> after) {
                return event_stream(desk().events(), after);
              }},
             {}, [this] { return now_ms_; }) {
    web_.set_port(kPort);
  }

  // The token of a new session.
  std::string session(uid_t uid) {
    const auto token = sessions_.open(holder(uid), now_ms_);
    EXPECT_TRUE(token.has_value());
    return token.value_or("");
  }
  std::string link(uid_t uid) { return sessions_.make_link(holder(uid), now_ms_); }
  // So that who is in has to show again who it is.
  void let_confirmation_end() { now_ms_ += sessions_.limits().confirmed_ms; }
  void pass(std::uint64_t ms) { now_ms_ += ms; }
  const api::SessionLimits& limits() const { return sessions_.limits(); }
  // How often something came through to the node.
  std::size_t asked() const { return asked_; }

  // As the console's own page asks in that session; empty token: by a stranger.
  static api::http::Head head(const std::string& method, const std::string& target,
                              const std::string& token) {
    auto out = test::console_head(method, target, kPort);
    if (!token.empty()) out.cookie = api::session_cookie(kPort) + "=" + token;
    return out;
  }
  api::http::Response ask(const api::http::Head& head, const std::string& body) {
    return test::in_port(web_, head, body);
  }
  api::http::Response ask(const std::string& method, const std::string& target,
                          const std::string& body, const std::string& token) {
    return ask(head(method, target, token), body);
  }

 private:
  api::Holder holder(uid_t uid) const { return {uid, person_of_(uid).value_or(kAnyPerson)}; }

  PersonOf person_of_;
  std::size_t asked_ = 0;
  crypto::SystemRng rng_;
  std::uint64_t now_ms_ = 1'000'000;
  api::Sessions sessions_{rng_};
  api::Web web_;
};

}  // namespace focal::desk
