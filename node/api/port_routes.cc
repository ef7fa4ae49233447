#include "node/api/port_routes.h"

#include "proto/console.pb.h"

namespace focal::api {
namespace {

template <typename Request, typename Response>
PortRoute route(PortAct act, bool for_strangers, std::string name, std::string method,
                std::vector<std::string> path) {
  Operation operation;
  operation.request = Request::descriptor();
  operation.response = Response::descriptor();
  return {act, for_strangers,
          {std::move(name), std::move(method), std::move(path), std::move(operation)}};
}

// Either of two secrets will do.
PortRoute entering(PortRoute out) {
  out.entry.operation.secrets = {kSessionLink, kSessionPassword};
  out.entry.operation.any_secret = true;
  return out;
}

PortRoute streaming(PortRoute out) {
  out.entry.operation.streams = true;
  return out;
}

std::vector<PortRoute> make_routes() {
  return {entering(route<v1::SessionOpenRequest, v1::SessionResponse>(
              PortAct::kOpen, true, "session_open", "POST", {"v1", "session"})),
          entering(route<v1::SessionConfirmRequest, v1::SessionResponse>(
              PortAct::kConfirm, false, "session_confirm", "POST", {"v1", "session", "confirm"})),
          route<v1::SessionEndRequest, v1::SessionEndResponse>(PortAct::kEnd, false, "session_end",
                                                               "POST", {"v1", "session", "end"}),
          streaming(route<v1::EventsRequest, v1::Event>(PortAct::kEvents, false, "events", "GET",
                                                        {"v1", "events"}))};
}

}  // namespace

const std::vector<PortRoute>& port_routes() {
  static const std::vector<PortRoute> kRoutes = make_routes();
  return kRoutes;
}

const PortRoute* find_port_route(const http::Request& request) {
  for (const PortRoute& route : port_routes())
    if (route.entry.method == request.method && route.entry.pattern == request.segments)
      return &route;
  return nullptr;
}

std::string port_methods(const http::Request& request) {
  std::string out;
  for (const PortRoute& route : port_routes())
    if (route.entry.pattern == request.segments)
      out += (out.empty() ? "" : ", ") + route.entry.method;
  return out;
}

}  // namespace focal::api
