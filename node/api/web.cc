#include "node/api/web.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/log.h"
#include "node/api/port_routes.h"
#include "node/api/web_guard.h"
#include "proto/console.pb.h"

namespace focal::api {
namespace {

constexpr std::string_view kIndex = "/index.html";
constexpr unsigned kStreamsOfASession = 4;

http::Response refused(const Error& error) { return problem_response(error, new_problem_id()); }

}  // namespace

struct Streams {
  std::mutex mutex;
  std::map<std::uint64_t, unsigned> of_session;  // guarded by mutex
};

Web::Web(Sessions& sessions, Inside inside, std::span<const Asset> assets,
         std::function<std::uint64_t()> mono_ms)
    : sessions_(sessions),
      inside_(std::move(inside)),
      assets_(assets),
      mono_ms_(std::move(mono_ms)),
      streams_(std::make_shared<Streams>()) {}

std::string session_cookie(std::uint16_t port) { return "focal_session_" + std::to_string(port); }

std::string Web::make_link(uid_t uid) {
  const Holder holder{uid, inside_.person_of(uid).value_or(kAnyPerson)};
  return "http://127.0.0.1:" + std::to_string(port_) +
         "/#enter=" + sessions_.make_link(holder, mono_ms_());
}

// HttpOnly: no script reads it; Strict: no page of another place makes the browser send it. Not
// Secure, as there is no TLS to one's own machine.
std::string Web::set_cookie(std::string_view token, std::string_view age) const {
  std::string out = session_cookie(port_);
  out.append("=").append(token).append("; Path=/; HttpOnly; SameSite=Strict");
  return out.append(age);
}

Caller Web::caller_of(const SessionView& view) const {
  Caller out;
  out.uid = view.holder.uid;
  out.came = Came::kSession;
  out.session = view.number;
  out.left_ms = view.left_ms;
  out.idle_ms = sessions_.limits().idle_ms;
  out.confirmed_left_ms = view.confirmed_left_ms;
  return out;
}

std::variant<http::Entry, http::Response> Web::enter(const http::Head& head) {
  if (auto refusal = refuse_head(head, port_)) return std::move(*refusal);
  http::Entry out;
  out.caller.came = Came::kStranger;
  auto token = cookie_of(head.cookie, session_cookie(port_));
  if (!token) return out;
  // The event stream asks by itself, and so does a page that shows what changed: whoever does
  // nothing is idle all the same.
  const bool by_itself = is_event_stream(head) || head.mark == kByItself;
  const auto view = sessions_.find(*token, mono_ms_(), by_itself);
  if (!view) return out;
  out.caller = caller_of(*view);
  if (!is_still(view->holder)) {
    sessions_.end_all_of(view->holder);
    out.caller = Caller{};
    out.caller.came = Came::kStranger;
    return out;
  }
  out.token = std::move(*token);
  return out;
}

// Is the user still the person that entered? Not: removed, and perhaps somebody else by now.
bool Web::is_still(const Holder& holder) const {
  const auto person = inside_.person_of(holder.uid);
  return person && (*person == holder.person || *person == kAnyPerson);
}

http::Response Web::handle(const http::Request& request) {
  if (request.segments.empty() || request.segments.front() != "v1") return asset(request);
  const PortRoute* own = find_port_route(request);
  const bool for_strangers = own != nullptr && own->for_strangers;
  if (!for_strangers && request.caller.came != Came::kSession) return stranger();
  if (own == nullptr) return from_node(request);
  switch (own->act) {
    case PortAct::kOpen: return open_session(request);
    case PortAct::kConfirm: return confirm_session(request);
    case PortAct::kEnd: return end_session(request);
    case PortAct::kEvents: return events(request);
  }
  return stranger();
}

// The event stream. A stream holds a thread and a connection, so a session has few; it ends when its
// session does, which is looked at with every piece.
http::Response Web::events(const http::Request& request) {
  v1::EventsRequest asked;
  if (const Status read = read_request(request, {}, asked); !read) return refused(read.error());
  const auto after = asked.has_after() ? std::optional<std::uint64_t>(asked.after()) : std::nullopt;
  const std::uint64_t session = request.caller.session;
  {
    const std::lock_guard lock(streams_->mutex);
    unsigned& open = streams_->of_session[session];
    if (open >= kStreamsOfASession)
      return refused(fail(ErrorCode::kBusy, "this session hears of events four times already",
                          "Close a window, or ask every now and then."));
    ++open;
  }
  // Given back when the stream goes, however it ends.
  const std::shared_ptr<void> place(nullptr, [streams = streams_, session](void*) {
    const std::lock_guard lock(streams->mutex);
    const auto found = streams->of_session.find(session);
    if (found != streams->of_session.end() && --found->second == 0)
      streams->of_session.erase(found);
  });
  http::Response out = inside_.events(after);
  if (!out.stream) return out;
  out.stream = [this, place, token = request.token,
                next = std::move(out.stream)]() -> std::optional<std::string> {
    const auto view = sessions_.find(token, mono_ms_(), true);
    if (!view || !is_still(view->holder)) return std::nullopt;
    return next();
  };
  return out;
}

// A path that only the port knows, asked by another method, is no unknown one.
http::Response Web::from_node(const http::Request& request) {
  http::Response out = inside_.handle(request);
  const std::string methods = out.status == 404 ? port_methods(request) : std::string();
  return methods.empty() ? std::move(out) : http::method_refused(methods);
}

http::Response Web::stranger() const {
  return refused(fail(ErrorCode::kSession, "nobody is in, or the session has ended",
                      "Enter again: 'focal console' prints a link."));
}

http::Response Web::asset(const http::Request& request) const {
  if (request.method != "GET")
    return http::method_refused("GET");
  std::string path;
  for (const std::string& segment : request.segments) path += "/" + segment;
  const auto find = [this](std::string_view wanted) {
    return std::find_if(assets_.begin(), assets_.end(),
                        [&](const Asset& asset) { return asset.path == wanted; });
  };
  auto found = find(path);
  // A page of the console, which its own script shows; a file that is not there is none.
  if (found == assets_.end() && path.find('.') == std::string::npos) found = find(kIndex);
  if (found == assets_.end())
    return http::plain_problem(404, "HTTP_NO_ROUTE", "There is no such thing.",
                               "The console has no such file.");
  http::Response out;
  out.body = std::string(found->gzip);
  out.content_type = std::string(found->content_type);
  out.may_be_kept = true;
  out.headers = {{"Content-Encoding", "gzip"},
                 {"ETag", std::string(found->etag)},
                 {"Cache-Control",
                  found->forever ? "private, max-age=31536000, immutable" : "no-cache"}};
  return out;
}

Result<uid_t> Web::who_by_password(const std::string& name, std::optional<uid_t> of,
                                   const crypto::Secret& password) {
  // No name begins with it.
  const std::string key = of ? "#" + std::to_string(*of) : name;
  const std::lock_guard lock(one_at_a_time_);
  const std::uint64_t wait_ms = attempts_.wait_ms(key, mono_ms_());
  if (wait_ms != 0)
    return fail(ErrorCode::kBusy, "too many wrong passwords for this name",
                "Wait " + std::to_string((wait_ms + 999) / 1000) +
                    " seconds, or enter by the link that 'focal console' prints.");
  auto uid = inside_.who(name, of, password);
  if (uid) {
    attempts_.succeeded(key);
  } else if (uid.error().code == ErrorCode::kPassphrase) {
    attempts_.failed(key, mono_ms_());
    log::warn("api", "wrong console password", {});
  }
  return uid;
}

Result<uid_t> Web::who(std::string_view body, std::optional<uid_t> of) {
  FOCAL_ASSIGN(SplitBody with_password, split_secret(body, kSessionPassword));
  auto with_link = split_secret(with_password.rest, kSessionLink);
  wipe_text(with_password.rest);
  if (!with_link) return with_link.error();
  v1::SessionOpenRequest rest;
  FOCAL_TRY(json::read(with_link->rest, rest));
  if (!with_link->secret.empty()) {
    std::string word(as_text(with_link->secret.view()));
    const auto holder = sessions_.use_link(word, mono_ms_());
    wipe_text(word);
    if (holder && (!of || *of == holder->uid) && is_still(*holder)) return holder->uid;
    return fail(ErrorCode::kPassphrase, "this link has been used, or is too old",
                "'focal console' prints another one; each opens the console once.", "link");
  }
  if (with_password.secret.empty())
    return fail(ErrorCode::kInvalid, "neither a link nor a password is given",
                "Give name and password, or the word of a link.", "password");
  if (of && !rest.name().empty())
    return fail(ErrorCode::kInvalid, "a session is somebody's already", "Leave out the name.",
                "name");
  return who_by_password(rest.name(), of, with_password.secret);
}

// What SessionResponse says of a session, from the node.
http::Response Web::show_session(http::Request request, const std::string& token) {
  const auto view = sessions_.find(token, mono_ms_());
  if (!view) return stranger();
  request.method = "GET";
  request.segments = {"v1", "session"};
  request.query.clear();
  wipe_text(request.body);
  request.caller = caller_of(*view);
  return inside_.handle(request);
}

http::Response Web::open_session(const http::Request& request) {
  if (!request.query.empty())
    return refused(fail(ErrorCode::kInvalid, "a POST request has no query"));
  const auto uid = who(request.body, std::nullopt);
  if (!uid) return refused(uid.error());
  const auto person = inside_.person_of(*uid);
  if (!person)
    return refused(fail(ErrorCode::kPermission, "this user is no person of this node",
                        "An administrator names persons with 'focal people add'."));
  // Whatever session the browser had: it ends here, and its token is worth nothing.
  sessions_.end(request.token);
  auto token = sessions_.open({*uid, *person}, mono_ms_());
  if (!token) return refused(token.error());
  http::Response out = show_session(request, *token);
  if (out.status == 200) out.headers.emplace_back("Set-Cookie", set_cookie(*token, ""));
  else sessions_.end(*token);
  log::info("api", "console session begun", {{"uid", std::to_string(*uid)}});
  wipe_text(*token);
  return out;
}

http::Response Web::confirm_session(const http::Request& request) {
  if (!request.query.empty())
    return refused(fail(ErrorCode::kInvalid, "a POST request has no query"));
  const auto uid = who(request.body, request.caller.uid);
  if (!uid) return refused(uid.error());
  if (!sessions_.confirm(request.token, mono_ms_())) return stranger();
  return show_session(request, request.token);
}

http::Response Web::end_session(const http::Request& request) {
  v1::SessionEndRequest asked;
  if (const Status read = read_request(request, {}, asked); !read) return refused(read.error());
  sessions_.end(request.token);
  http::Response out;
  out.body = json::write(v1::SessionEndResponse());
  out.headers.emplace_back("Set-Cookie", set_cookie("", "; Max-Age=0"));
  return out;
}

}  // namespace focal::api
