// A request at the console's port, from its head to the answer, without a socket: guards, sessions,
// routes and messages as they are, before a desk that answers everything.
// First byte: whose session (a role, none, one that ended, a person no more), whether the
// confirmation is old, and whether the head is as the console's page sends it or says nothing but
// what stands in the input. Then "GET /v1/inbox?limit=3", lines "Cookie: …" in place of what the page
// would say, an empty line, and the body. "$token" in a cookie and "$link" in a body are real ones.
#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/log.h"
#include "crypto/random.h"
#include "node/desk/permissions.h"
#include "tests/support/in_port.h"
#include "tests/unit/api/fake_desk.h"

namespace {

using namespace focal;
using api::http::Head;
using api::http::Response;
namespace v1 = api::v1;

constexpr std::uint16_t kPort = 8787;
constexpr std::string_view kPassword = "QwPzPassphraseQwPz";
constexpr uid_t kJo = 1;  // and one user for each further role

desk::Roles roles_of(uid_t uid) {
  return uid >= 1 && uid <= desk::kAllRoles.size()
             ? static_cast<desk::Roles>(desk::kAllRoles[uid - 1])
             : desk::Roles{0};
}

constexpr api::Asset kFiles[] = {{"/index.html", "text/html", "INDEX", "\"i\"", false}};

struct Port {
  crypto::SeededRng rng{7};
  std::uint64_t now_ms = 1'000'000;
  std::set<uid_t> gone;
  api::FakeDesk desk;
  api::Sessions sessions{rng};
  api::Router router{[](std::string_view name, const Caller& caller) -> Status {
    FOCAL_TRY(desk::may(roles_of(caller.uid), name));
    return desk::check_confirmed(name, caller);
  }};
  Caller came{};  // whose request came through
  api::Web web{sessions,
               {[this](uid_t uid) -> std::optional<std::int64_t> {
                  if (roles_of(uid) == 0 || gone.count(uid) != 0) return std::nullopt;
                  return uid;
                },
                [this](const api::http::Request& request) {
                  came = request.caller;
                  return router.handle(request);
                },
                [](const std::string& name, std::optional<uid_t> of,
                   const crypto::Secret& password) -> Result<uid_t> {
                  if (as_text(password.view()) == kPassword && (name == "jo" || of == kJo)) return kJo;
                  return fail(ErrorCode::kPassphrase, "name or password is wrong");
                },
                [](std::optional<std::uint64_t>) {
                  Response out;
                  out.content_type = "text/event-stream";
                  out.stream = []() -> std::optional<std::string> { return ":\n\n"; };
                  return out;
                }},
               kFiles, [this] { return now_ms; }};

  Port() {
    api::add_desk_routes(router, desk);
    api::add_port_routes(router, desk);
    web.set_port(kPort);
  }
};

void replace(std::string& text, std::string_view what, const std::string& with) {
  if (const auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), with);
}

struct Input {
  Head head;
  std::string body;
};

std::string_view line_of(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return out;
}

Input read_input(std::string_view text, bool as_page, const std::string& cookie) {
  Input out;
  const std::string_view first = line_of(text);
  const auto blank = std::min(first.find(' '), first.size());
  const std::string method(first.substr(0, blank));
  const std::string target(first.substr(std::min(blank + 1, first.size())));
  if (as_page) {
    out.head = test::console_head(method, target, kPort);
    out.head.cookie = cookie;
  }
  out.head.method = method;
  out.head.target = target;
  std::set<std::string*> said;
  while (!text.empty()) {
    const std::string_view line = line_of(text);
    if (line.empty()) break;
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon);
    std::string* into = name == "Host"             ? &out.head.host
                        : name == "Origin"         ? &out.head.origin
                        : name == "Sec-Fetch-Site" ? &out.head.fetch_site
                        : name == "Cookie"         ? &out.head.cookie
                        : name == "X-Focal"        ? &out.head.mark
                                                   : nullptr;
    if (into == nullptr) continue;
    out.head.repeated = out.head.repeated || !said.insert(into).second;
    *into = line.substr(colon + 2);
  }
  out.body = text;
  return out;
}

// ---- what holds of every answer

void check_problem(const Response& response) {
  v1::Problem problem;
  FOCAL_CHECK(response.content_type == "application/problem+json");
  FOCAL_CHECK(json::read(response.body, problem).has_value());
  FOCAL_CHECK(problem.status() == static_cast<unsigned>(response.status));
  FOCAL_CHECK(!problem.code().empty() && !problem.title().empty() && problem.id().size() == 8);
  FOCAL_CHECK(problem.type() == "urn:focal:problem:" + problem.code());
}

void check_answer(const Response& response) {
  static const std::set<int> kStatuses{200, 400, 401, 403, 404, 405, 413, 421, 503};
  FOCAL_CHECK(kStatuses.count(response.status) == 1);
  std::set<std::string> names;
  for (const auto& [name, value] : response.headers) {
    FOCAL_CHECK(names.insert(name).second);
    for (const char c : value) FOCAL_CHECK(static_cast<unsigned char>(c) >= 0x20);
  }
  for (const char* each : {"Content-Security-Policy", "X-Frame-Options", "Referrer-Policy",
                           "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"})
    FOCAL_CHECK(names.count(each) == 1);
  if (response.status != 200) {
    check_problem(response);
    return;
  }
  if (response.body == "INDEX") return;  // the page, which everybody may have
  FOCAL_CHECK(!response.may_be_kept);
  if (response.stream) return;
  FOCAL_CHECK(response.content_type == "application/json");
  FOCAL_CHECK(json::check_text(response.body).has_value());
}

bool says(const Response& response, std::string_view secret) {
  if (response.body.find(secret) != std::string::npos) return true;
  return std::any_of(response.headers.begin(), response.headers.end(), [&](const auto& header) {
    return header.second.find(secret) != std::string::npos;
  });
}

// A secret that stands in the field where it belongs, and nowhere else, is told to nobody.
void check_secret(const Port& port, const Input& input, const Response& response) {
  const auto at = input.body.find(kPassword);
  const std::string head = input.head.target + input.head.cookie + input.head.host;
  if (at == std::string::npos || input.body.find(kPassword, at + 1) != std::string::npos ||
      head.find(kPassword) != std::string::npos)
    return;
  for (const std::string_view field :
       {api::kSessionPassword, api::kOfficerPassphrase, api::kOfficerNewPassphrase, api::kMeetingCode}) {
    const auto split = api::split_secret(input.body, field);
    if (!split || as_text(split->secret.view()) != kPassword) continue;
    FOCAL_CHECK(!says(response, kPassword));
    // Operations that take none may be given a field of that name as any other.
    if (port.desk.called.empty() || port.desk.secret.find(kPassword) != std::string::npos)
      FOCAL_CHECK(port.desk.detail.find(kPassword) == std::string::npos);
  }
}

// Whatever came through to the desk came from somebody who may.
void check_rights(const Port& port) {
  const std::string& called = port.desk.called;
  if (called.empty()) return;
  FOCAL_CHECK(port.came.came == Came::kSession);
  FOCAL_CHECK(port.gone.count(port.came.uid) == 0);
  FOCAL_CHECK((desk::roles_for(called) & roles_of(port.came.uid)) != 0);
  FOCAL_CHECK(port.came.confirmed_left_ms != 0 || !desk::asks_again(called));
}

std::string new_token(const Response& response) {
  const std::string mark = api::session_cookie(kPort) + "=";
  for (const auto& [name, value] : response.headers)
    if (name == "Set-Cookie" && value.rfind(mark, 0) == 0)
      return value.substr(mark.size(), value.find(';') - mark.size());
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  log::set_level(log::Level::kError);
  Port port;
  const unsigned who = data[0] & 7u;
  const bool old = (data[0] & 8u) != 0, as_page = (data[0] & 16u) == 0;
  const uid_t uid = who < desk::kAllRoles.size() ? who + 1 : kJo;
  const std::string token = port.sessions.open({uid, uid}, port.now_ms).value_or("");
  const std::string link = port.sessions.make_link({uid, uid}, port.now_ms);
  if (old) port.now_ms += port.sessions.limits().confirmed_ms;
  if (who == 6) port.sessions.end(token);
  if (who == 7) port.gone.insert(uid);
  const std::string cookie = who == 5 ? "" : api::session_cookie(kPort) + "=" + token;

  Input input = read_input(as_text({data + 1, size - 1}), as_page, cookie);
  replace(input.head.cookie, "$token", token);
  replace(input.body, "$link", link);
  const Response response = test::in_port(port.web, input.head, input.body);

  check_answer(response);
  check_secret(port, input, response);
  check_rights(port);
  const std::string fresh = new_token(response);
  FOCAL_CHECK(fresh.empty() || (fresh.size() == 43 && fresh != token));
  FOCAL_CHECK(response.body.find(token) == std::string::npos || input.body.find(token) != std::string::npos ||
              input.head.target.find(token) != std::string::npos);
  // What a page of somebody else sends comes to nothing.
  if (input.head.host != "127.0.0.1:8787" && input.head.host != "localhost:8787") {
    FOCAL_CHECK(response.status == 421 || response.status == 400);
    FOCAL_CHECK(port.desk.called.empty() && fresh.empty());
  }
  return 0;
}
