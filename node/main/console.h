// The console of focald: its port, its sessions and its files, while the node behind it may open
// itself again.
#pragma once

#include <functional>
#include <memory>

#include "base/caller.h"
#include "base/result.h"
#include "config/config.h"
#include "crypto/random.h"
#include "node/api/door.h"
#include "node/api/http.h"
#include "node/api/sessions.h"
#include "node/api/web.h"

namespace focal::api::v1 {
class ConsoleLinkRequest;
class ConsoleLinkResponse;
}

namespace focal {

class Console {
 public:
  // Opens the port, unless it is switched off. One that cannot be opened is told in the log and to
  // whoever asks for a link: the node works on without it. The door outlives it. answered: as
  // api::http::Options.
  Console(api::Door& door, const config::ConsoleSettings& settings,
          std::function<void(int status)> answered);
  ~Console();  // before it: the door is shut, or it waits for what is inside
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  // For api::add_port_routes(). kUnavailable: there is no console, and why; kPermission: asked by
  // a session, which would never end.
  Result<api::v1::ConsoleLinkResponse> console_link(const api::v1::ConsoleLinkRequest& request,
                                                    const Caller& caller);

 private:
  crypto::SystemRng rng_;
  api::Sessions sessions_;
  api::Web web_;
  std::unique_ptr<api::http::Server> server_;
  Status opened_;
};

}  // namespace focal
