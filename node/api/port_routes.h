// What the console's port answers by itself, before anything goes to the node: entering, showing again
// who one is, leaving, and the event stream. One table: the port routes by it (web.h) and the
// description of the API is made from it (openapi.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/api/routes.h"

namespace focal::api {

inline constexpr std::string_view kEventsPath = "/v1/events";

// Fields of SessionOpenRequest that bring a secret.
inline constexpr std::string_view kSessionPassword = "password";
inline constexpr std::string_view kSessionLink = "link";

enum class PortAct { kOpen, kConfirm, kEnd, kEvents };

struct PortRoute {
  PortAct act;
  bool for_strangers;   // else: for whoever has a session
  Router::Entry entry;  // its operation has no `run`: the port does it
};

const std::vector<PortRoute>& port_routes();

// nullptr: the port has none, the node is asked.
const PortRoute* find_port_route(const http::Request& request);
// That the port has for this path, as a header field Allow names them; "": none.
std::string port_methods(const http::Request& request);

}  // namespace focal::api
