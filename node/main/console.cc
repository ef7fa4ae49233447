#include "node/main/console.h"

#include "base/clock.h"
#include "base/log.h"
#include "node/api/web_guard.h"
#include "node/desk/views.h"
#include "node/main/console_assets.h"
#include "proto/console.pb.h"

namespace focal {
namespace {

api::Web::Inside inside(api::Door& door) {
  return {[&door](uid_t uid) { return door.person_of(uid); },
          [&door](const api::http::Request& request) { return door.handle(request); },
          [&door](const std::string& name, std::optional<uid_t> of,
                  const crypto::Secret& password) {
            return door.console_user(name, of, password);
          },
          [&door](std::optional<std::uint64_t> after) { return door.events(after); }};
}

api::SessionLimits session_limits(const config::ConsoleSettings& settings) {
  constexpr std::uint64_t kMinuteMs = 60'000;
  api::SessionLimits out;
  out.idle_ms = settings.idle_minutes * kMinuteMs;
  out.confirmed_ms = settings.confirm_minutes * kMinuteMs;
  return out;
}

// A browser opens half a dozen connections for each window.
api::http::Limits limits() {
  api::http::Limits out;
  out.connections = 96;
  out.of_strangers = 96;  // by its connection nobody is known
  return out;
}

}  // namespace

Console::Console(api::Door& door, const config::ConsoleSettings& settings,
                 std::function<void(int status)> answered)
    : sessions_(rng_, session_limits(settings)),
      web_(sessions_, inside(door), console_assets(), [] { return read_clocks().mono_ms; }) {
  if (!settings.enabled) {
    opened_ = fail(ErrorCode::kUnavailable, "this node has no console",
                   "Set enabled = true in [console] of focal.toml.");
    return;
  }
  api::http::Options options;
  options.listen = config::LoopbackAddress{"127.0.0.1", static_cast<std::uint16_t>(settings.port)};
  options.limits = limits();
  options.dress = api::harden;
  options.answered = std::move(answered);
  options.enter = [this](const api::http::Head& head) { return web_.enter(head); };
  auto server = api::http::Server::start(
      std::move(options), [this](const api::http::Request& request) { return web_.handle(request); });
  if (!server) {
    opened_ = fail(ErrorCode::kUnavailable,
                   "the console's port cannot be opened: " + server.error().message,
                   server.error().hint);
    log::error("console", "no port", {{"error", server.error().message}});
    return;
  }
  server_ = std::move(*server);
  web_.set_port(server_->port());
  log::info("console", "listening", {{"port", std::to_string(server_->port())}});
}

Console::~Console() = default;

Result<api::v1::ConsoleLinkResponse> Console::console_link(const api::v1::ConsoleLinkRequest&,
                                                           const Caller& caller) {
  if (!opened_) return opened_.error();
  if (caller.came != Came::kSocket)
    return fail(ErrorCode::kPermission, "a link is given on the machine alone",
                "Run 'focal console'.");
  api::v1::ConsoleLinkResponse out;
  out.set_url(web_.make_link(caller.uid));
  out.set_expires_at(desk::time_text(read_clocks().wall_ms + sessions_.limits().link_ms));
  return out;
}

}  // namespace focal
