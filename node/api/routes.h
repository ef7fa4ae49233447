// The table of what can be asked: method, path and operation. An operation turns
// a request into the JSON of an answer; json_operation makes one from a function
// over api.proto messages. Before any operation runs the gate is asked whether the
// caller may do it. Failures become Problem JSON with an id that also stands in the log.
//
//   Router router([&](std::string_view name, const http::Caller& c) { return desk.permit(name, c); });
//   add_desk_routes(router, desk);            // node/api/desk_routes.h: every route there is
//   http::Server::start(options, [&](const http::Request& r) { return router.handle(r); });
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "node/api/http.h"
#include "node/api/secret_body.h"
#include "proto/json.h"

namespace google::protobuf {
class Descriptor;
}

namespace focal::api {

inline constexpr std::string_view kOfficerPassphrase = "officer_passphrase";
inline constexpr std::string_view kOfficerNewPassphrase = "officer_new_passphrase";
inline constexpr std::string_view kMeetingCode = "code";
inline constexpr std::string_view kConsolePassword = "password";

// Path parameters: field name -> value.
using Params = std::vector<std::pair<std::string, std::string>>;

// What an entry does, and what it takes and answers (for the description of the API, openapi.h).
struct Operation {
  std::function<Result<std::string>(const http::Request&, const Params&)> run;
  const google::protobuf::Descriptor* request = nullptr;   // nullptr: asks for nothing
  const google::protobuf::Descriptor* response = nullptr;  // nullptr: an object of no message
  std::vector<std::string_view> secrets{};                 // fields that bring one
  std::string_view secret_answer{};                        // field that shows one; empty: none
  bool any_secret = false;                                 // one of `secrets` will do
  bool streams = false;                                    // answers with one response after the other
};

// May the caller do what the entry of that name does? Any thread.
using Gate = std::function<Status(std::string_view name, const http::Caller& caller)>;

class Router {
 public:
  explicit Router(Gate gate) : gate_(std::move(gate)) {}
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  // name: for the log, e.g. "trace_show". pattern: "/v1/traces/{case_number}/ack"; a word in
  // braces is a path parameter and names the request's field. Two entries with the same method
  // and shape are a bug (FOCAL_CHECK). Fixed words win over parameters.
  void add(std::string name, std::string method, std::string_view pattern, Operation operation);

  // Thread-safe once every route is added. 404 no such path, 405 with Allow, what the gate says,
  // else the operation.
  http::Response handle(const http::Request& request) const;

  struct Entry {
    std::string name;
    std::string method;
    std::vector<std::string> pattern;  // "{field}" = parameter
    Operation operation;
  };
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  Gate gate_;
  std::vector<Entry> entries_;
};

// Fills the request message from the path and, for GET, the query or, for POST, the body.
// kInvalid (path = field): unknown field, value of the wrong type, a field given twice, the
// body says otherwise than the path; GET with a body, POST with a query.
Status read_request(const http::Request& request, const Params& params,
                    google::protobuf::Message& message);

// fn: Result<Resp>(const Req&) or Result<Resp>(const Req&, const http::Caller&).
template <typename Req, typename Resp, typename Fn>
Operation json_operation(Fn fn) {
  auto run = [fn = std::move(fn)](const http::Request& request,
                                  const Params& params) -> Result<std::string> {
    Req message;
    FOCAL_TRY(read_request(request, params, message));
    if constexpr (std::is_invocable_v<const Fn&, const Req&, const http::Caller&>) {
      FOCAL_ASSIGN(Resp answer, fn(message, request.caller));
      return json::write(answer);
    } else {
      FOCAL_ASSIGN(Resp answer, fn(message));
      return json::write(answer);
    }
  };
  return {std::move(run), Req::descriptor(), Resp::descriptor()};
}

Error no_secret(std::string_view field);  // kPassphrase, or kInvalid for a code

// The same for a request that brings a secret in that text field, which is taken out of the body
// first. fn: Result<Resp>(const Req&, const http::Caller&, const crypto::Secret&). no_secret():
// there is none.
template <typename Req, typename Resp, typename Fn>
Operation secret_operation(std::string_view field, Fn fn) {
  auto run = [field, fn = std::move(fn)](const http::Request& request,
                                         const Params& params) -> Result<std::string> {
    FOCAL_ASSIGN(SplitBody split, split_secret(request.body, field));
    http::Request rest;
    rest.method = request.method;
    rest.query = request.query;
    rest.body = std::move(split.rest);
    Req message;
    FOCAL_TRY(read_request(rest, params, message));
    if (split.secret.empty() || !json::get_text(message, field).empty()) return no_secret(field);
    FOCAL_ASSIGN(Resp answer, fn(message, request.caller, split.secret));
    return json::write(answer);
  };
  return {std::move(run), Req::descriptor(), Resp::descriptor(), {field}};
}

// The same for an answer that brings one: fn fills it in, and the answer has its field empty.
// fn: Result<Resp>(const Req&, crypto::Secret&). Whoever sends the body wipes it (http.h).
template <typename Req, typename Resp, typename Fn>
Operation secret_answer_operation(std::string_view field, Fn fn) {
  auto run = [field, fn = std::move(fn)](const http::Request& request,
                                         const Params& params) -> Result<std::string> {
    Req message;
    FOCAL_TRY(read_request(request, params, message));
    crypto::Secret secret;
    FOCAL_ASSIGN(const Resp answer, fn(message, secret));
    return fill_secret(json::write(answer), field, secret);
  };
  return {std::move(run), Req::descriptor(), Resp::descriptor(), {}, field};
}

// … and the one that is to take its place, in the field officer_new_passphrase.
template <typename Req, typename Resp, typename Fn>
Operation two_secrets_operation(Fn fn) {
  auto run = [fn = std::move(fn)](const http::Request& request,
                                  const Params& params) -> Result<std::string> {
    FOCAL_ASSIGN(SplitBody old, split_secret(request.body, kOfficerPassphrase));
    auto fresh = split_secret(old.rest, kOfficerNewPassphrase);
    wipe_text(old.rest);  // it still held the new one
    if (!fresh) return fresh.error();
    http::Request rest;
    rest.method = request.method;
    rest.query = request.query;
    rest.body = std::move(fresh->rest);
    Req message;
    FOCAL_TRY(read_request(rest, params, message));
    if (old.secret.empty() || !message.officer_passphrase().empty())
      return no_secret(kOfficerPassphrase);
    if (fresh->secret.empty() || !message.officer_new_passphrase().empty())
      return no_secret(kOfficerNewPassphrase);
    FOCAL_ASSIGN(Resp answer, fn(message, request.caller, old.secret, fresh->secret));
    return json::write(answer);
  };
  return {std::move(run),
          Req::descriptor(),
          Resp::descriptor(),
          {kOfficerPassphrase, kOfficerNewPassphrase}};
}

// HTTP status of an error code: 202 stored for a second officer, 400 the request, 403 not allowed,
// 404, 409 not in this state, 413 a limit, 422 the content breaks a rule, 500 ours, 503 try again,
// 507 disk full.
int http_status(ErrorCode code);
// Short sentence for the kind of failure (Problem.title).
std::string_view error_title(ErrorCode code);

// Problem JSON of an error under this id.
http::Response problem_response(const Error& error, std::string_view id);

// Eight characters a person can read over the phone (no 0/O, 1/I); random.
std::string new_problem_id();

}  // namespace focal::api
