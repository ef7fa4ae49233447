// A request to the console's port without a socket: the steps of http::Server, in its order.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "node/api/web.h"
#include "node/api/web_guard.h"

namespace focal::test {

// As the console's own page sends it.
inline api::http::Head console_head(std::string method, std::string target, std::uint16_t port) {
  api::http::Head head;
  head.host = "127.0.0.1:" + std::to_string(port);
  if (method == "POST") head.origin = "http://" + head.host;
  head.method = std::move(method);
  head.target = std::move(target);
  head.fetch_site = "same-origin";
  head.mark = "1";
  return head;
}

inline api::http::Response in_port(api::Web& web, const api::http::Head& head, std::string body) {
  const auto answer = [&]() -> api::http::Response {
    auto entry = web.enter(head);
    if (auto* refusal = std::get_if<api::http::Response>(&entry)) return std::move(*refusal);
    api::http::Request request;
    request.caller = std::get<api::http::Entry>(entry).caller;
    request.token = std::get<api::http::Entry>(entry).token;
    if (auto refusal = api::http::read_first_line(head.method, head.target, {}, request))
      return std::move(*refusal);
    if (request.method == "POST") request.body = std::move(body);
    return web.handle(request);
  };
  api::http::Response out = answer();
  api::harden(out);
  return out;
}

}  // namespace focal::test
