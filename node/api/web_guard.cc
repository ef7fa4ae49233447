#include "node/api/web_guard.h"

#include <algorithm>

#include "base/log.h"
#include "node/api/port_routes.h"

namespace focal::api {
namespace {

constexpr std::string_view kApi = "/v1/";
constexpr std::size_t kLongestCookie = 128;

http::Response refusal(int status, std::string_view why, std::string_view detail) {
  log::warn("api", "request of a browser refused", {{"why", why}});
  return http::plain_problem(status, "HTTP_FORBIDDEN", "Not allowed.", detail,
                             "Open the console by 'focal console'.");
}

bool is_ours(std::string_view host, std::uint16_t port) {
  const std::string tail = ":" + std::to_string(port);
  return host == "127.0.0.1" + tail || host == "localhost" + tail;
}

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

bool is_event_stream(const http::Head& head) {
  return head.method == "GET" && head.target.substr(0, head.target.find('?')) == kEventsPath;
}

std::optional<http::Response> refuse_head(const http::Head& head, std::uint16_t port) {
  if (head.repeated) return refusal(400, "repeated header", "A header was sent twice.");
  if (!is_ours(head.host, port))
    return refusal(421, "host", "The request names another host than this machine.");
  if (!head.origin.empty() && head.origin != "http://" + head.host)
    return refusal(403, "origin", "The request comes from a page of another place.");
  const bool api = head.target.rfind(kApi, 0) == 0;
  const std::string_view site = head.fetch_site;
  const bool by_hand = site == "none" && head.method == "GET" && !api;
  if (!site.empty() && site != "same-origin" && !by_hand)
    return refusal(403, "fetch site", "The request comes from a page of another place.");
  if (head.method != "GET" && !site.empty() && head.origin.empty())
    return refusal(403, "no origin", "The request does not say which page it comes from.");
  if (api && !is_event_stream(head) && head.mark != kByPerson && head.mark != kByItself)
    return refusal(403, "no mark", "The header X-Focal is missing.");
  return std::nullopt;
}

std::optional<std::string> cookie_of(std::string_view header, std::string_view name) {
  std::optional<std::string> out;
  while (!header.empty()) {
    const auto end = std::min(header.find(';'), header.size());
    std::string_view one = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.substr(0, name.size()) != name || one.size() <= name.size() ||
        one[name.size()] != '=')
      continue;
    if (out) return std::nullopt;
    out = std::string(one.substr(name.size() + 1));
  }
  if (out && (out->size() > kLongestCookie || !std::all_of(out->begin(), out->end(), is_token_char)))
    return std::nullopt;
  return out;
}

void harden(http::Response& response) {
  response.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
      "font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; "
      "frame-ancestors 'none'; require-trusted-types-for 'script'");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("Permissions-Policy",
                                "camera=(), microphone=(), geolocation=(), interest-cohort=()");
}

}  // namespace focal::api
