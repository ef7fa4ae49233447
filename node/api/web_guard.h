// What a browser may be made to send to the console's port by a page of somebody else, and what of
// it is let in. Pure.
//   Host            has to name this machine and this port: a name that somebody pointed at
//                   127.0.0.1 (DNS rebinding) is another host
//   Origin          where one is said, ours; a POST of a browser always says one
//   Sec-Fetch-Site  where it is said: same-origin; a page that is opened by hand may say none
//   X-Focal: 1      on every request under /v1 but the event stream: no form and no link of
//                   another page can send it. "by-itself" in place of 1: a page shows what changed,
//                   nobody asked
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/api/http.h"

namespace focal::api {

// What X-Focal says.
inline constexpr std::string_view kByPerson = "1";
inline constexpr std::string_view kByItself = "by-itself";  // does not keep a session from idling

// GET of the event stream: asked by itself, perhaps by an EventSource, which sends no header of its own.
bool is_event_stream(const http::Head& head);

// Nothing: let in.
std::optional<http::Response> refuse_head(const http::Head& head, std::uint16_t port);

// The value of a cookie in a Cookie header; nothing: absent, twice, or no token.
std::optional<std::string> cookie_of(std::string_view header, std::string_view name);

// Of every answer on that port: Content-Security-Policy and its like.
void harden(http::Response& response);

}  // namespace focal::api
