#include "node/api/routes.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/log.h"

namespace focal::api {
namespace {

bool is_parameter(std::string_view word) { return !word.empty() && word.front() == '{'; }

std::vector<std::string> split_pattern(std::string_view pattern) {
  FOCAL_CHECK(!pattern.empty() && pattern.front() == '/');
  std::vector<std::string> out;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const auto end = std::min(pattern.find('/'), pattern.size());
    FOCAL_CHECK(end > 0);
    out.emplace_back(pattern.substr(0, end));
    pattern.remove_prefix(end);
  }
  return out;
}

// Same length, and equal words wherever neither is a parameter.
bool same_shape(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (is_parameter(a[i]) != is_parameter(b[i])) return false;
    if (!is_parameter(a[i]) && a[i] != b[i]) return false;
  }
  return true;
}

// The number of fixed words that match, or -1.
int match(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return -1;
  int fixed = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_parameter(pattern[i])) continue;
    if (pattern[i] != segments[i]) return -1;
    ++fixed;
  }
  return fixed;
}

Params params_of(const std::vector<std::string>& pattern,
                 const std::vector<std::string>& segments) {
  Params out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_parameter(pattern[i]))
      out.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), segments[i]);
  }
  return out;
}

// What went wrong and for whom. The words of a 4xx may quote what a person wrote, so they go
// to that person only; the id joins the two.
void log_problem(const Router::Entry& entry, const Error& error, const http::Request& request,
                 std::string_view id) {
  const std::string uid = std::to_string(request.caller.uid);
  const std::string_view code = error_name(error.code);
  if (http_status(error.code) >= 500) {
    log::error("api", "operation failed",
               {{"id", id}, {"operation", entry.name}, {"code", code}, {"uid", uid},
                {"message", error.message}, {"path", error.path}});
  } else {
    log::info("api", "operation refused",
              {{"id", id}, {"operation", entry.name}, {"code", code}, {"uid", uid}});
  }
}

}  // namespace

void Router::add(std::string name, std::string method, std::string_view pattern,
                 Operation operation) {
  Entry entry{std::move(name), std::move(method), split_pattern(pattern), std::move(operation)};
  for (const Entry& other : entries_)
    FOCAL_CHECK(other.method != entry.method || !same_shape(other.pattern, entry.pattern));
  entries_.push_back(std::move(entry));
}

http::Response Router::handle(const http::Request& request) const {
  const Entry* best = nullptr;
  int best_fixed = -1;
  std::string allow;
  for (const Entry& entry : entries_) {
    const int fixed = match(entry.pattern, request.segments);
    if (fixed < 0) continue;
    if (allow.find(entry.method) == std::string::npos)
      allow += (allow.empty() ? "" : ", ") + entry.method;
    if (entry.method == request.method && fixed > best_fixed) {
      best = &entry;
      best_fixed = fixed;
    }
  }
  if (best == nullptr && allow.empty())
    return http::plain_problem(404, "HTTP_NO_ROUTE", "There is no such thing.",
                               "The node knows no such path.");
  if (best == nullptr) return http::method_refused(allow);
  const Status may = gate_ ? gate_(best->name, request.caller)
                           : Status(fail(ErrorCode::kPermission, "nobody may do anything here"));
  auto answer = may ? best->operation.run(request, params_of(best->pattern, request.segments))
                    : Result<std::string>(may.error());
  if (answer.has_value()) {
    http::Response out;
    out.body = std::move(answer).value();
    return out;
  }
  const std::string id = new_problem_id();
  log_problem(*best, answer.error(), request, id);
  return problem_response(answer.error(), id);
}

Error no_secret(std::string_view field) {
  if (field == kMeetingCode)
    return fail(ErrorCode::kInvalid, "the code of the other side is missing",
                "Give it as \"" + std::string(field) + "\".", std::string(field));
  if (field == kConsolePassword)
    return fail(ErrorCode::kInvalid, "the password is missing",
                "Give it as \"" + std::string(field) + "\".", std::string(field));
  return fail(ErrorCode::kPassphrase, "the officer's passphrase is missing",
              "Give it as \"" + std::string(field) + "\".", std::string(field));
}

Status read_request(const http::Request& request, const Params& params,
                    google::protobuf::Message& message) {
  message.Clear();
  if (request.method == "GET") {
    if (!request.body.empty()) return fail(ErrorCode::kInvalid, "a GET request has no body");
    std::set<std::string_view> seen;
    for (const auto& [name, value] : params) seen.insert(name);
    for (const auto& [name, value] : request.query) {
      if (!seen.insert(name).second)
        return fail(ErrorCode::kInvalid, "\"" + name + "\" is given twice", {}, name);
      FOCAL_TRY(json::set_field(message, name, value));
    }
  } else {
    if (!request.query.empty())
      return fail(ErrorCode::kInvalid, "a POST request has no query", "put it into the body",
                  request.query.front().first);
    if (!request.body.empty()) FOCAL_TRY(json::read(request.body, message));
  }
  for (const auto& [name, value] : params) {
    const std::string said = json::get_text(message, name);
    if (!said.empty() && said != value)
      return fail(ErrorCode::kInvalid,
                  "\"" + name + "\" says otherwise than the path of the request",
                  "leave it out of the body", name);
    FOCAL_TRY(json::set_field(message, name, value));
  }
  return {};
}

}  // namespace focal::api
