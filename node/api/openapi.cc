#include "node/api/openapi.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "node/api/openapi_schemas.h"
#include "proto/comments.h"

namespace focal::api {
namespace {

namespace pb = google::protobuf;

constexpr std::string_view kProblem = "Problem";
constexpr int kStored = 202;        // for a second officer: what a GET never is
constexpr int kUnknownMedia = 415;  // said before any route is known

bool is_parameter(const std::string& word) { return word.front() == '{'; }

std::string path_of(const Router::Entry& entry) {
  std::string out;
  for (const std::string& word : entry.pattern) out.append("/").append(word);
  return out;
}

JsonTree reference(std::string_view kind, const std::string& name) {
  return JsonTree::object().put("$ref", "#/components/" + std::string(kind) + "/" + name);
}

JsonTree content_of(std::string_view type, JsonTree schema) {
  return JsonTree::object().put(
      type, JsonTree::object().put("schema", std::move(schema)));
}

// The codes that a Problem of that status can have, and its title.
struct Failure {
  std::string title;
  std::vector<std::string> codes;
};

std::map<int, Failure> failures() {
  std::map<int, Failure> out;
  for (int i = 0; error_name(static_cast<ErrorCode>(i)) != "UNKNOWN"; ++i) {
    const auto code = static_cast<ErrorCode>(i);
    Failure& one = out[http_status(code)];
    one.title = std::string(error_title(code));
    one.codes.emplace_back(error_name(code));
  }
  out[kUnknownMedia] = {"The body is not sent as application/json.", {"HTTP_MEDIA_TYPE"}};
  return out;
}

std::string failure_name(int status) { return std::string(kProblem) + std::to_string(status); }

JsonTree parameters_of(const Router::Entry& entry) {
  JsonTree out = JsonTree::array();
  const pb::Descriptor* request = entry.operation.request;
  std::set<std::string> in_path;
  const auto add = [&](const pb::FieldDescriptor& field, bool path) {
    JsonTree one = JsonTree::object().put("name", field.name()).put("in", path ? "path" : "query");
    if (path) one.put("required", JsonTree::truth(true));
    const std::string words = proto::comment_of(field);
    if (!words.empty()) one.put("description", words);
    out.add(std::move(one.put("schema", plain_schema(field))));
  };
  for (const std::string& word : entry.pattern) {
    if (!is_parameter(word)) continue;
    const std::string name = word.substr(1, word.size() - 2);
    in_path.insert(name);
    add(*request->FindFieldByName(name), true);
  }
  if (entry.method != "GET" || request == nullptr) return out;
  for (int i = 0; i < request->field_count(); ++i) {
    const pb::FieldDescriptor& field = *request->field(i);
    const bool plain = field.cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE;
    if (plain && in_path.count(field.name()) == 0) add(field, false);
  }
  return out;
}

JsonTree responses_of(const Router::Entry& entry, const Schemas& schemas) {
  const pb::Descriptor* response = entry.operation.response;
  JsonTree schema = response == nullptr ? JsonTree::object().put("type", "object")
                                        : reference("schemas", schemas.name_in_answer(*response));
  std::string words = response == nullptr ? "" : proto::comment_of(*response);
  if (words.empty()) words = "Done.";
  JsonTree out = JsonTree::object();
  out.put("200", JsonTree::object()
                     .put("description", words)
                     .put("content", content_of("application/json", std::move(schema))));
  for (const auto& [status, failure] : failures())
    if (entry.method != "GET" || (status != kStored && status != kUnknownMedia))
      out.put(std::to_string(status), reference("responses", failure_name(status)));
  return out;
}

JsonTree operation_of(const Router::Entry& entry, const RolesOf& roles, const Schemas& schemas) {
  JsonTree out = JsonTree::object().put("operationId", entry.name);
  const pb::Descriptor* request = entry.operation.request;
  const std::string words = request == nullptr ? "" : proto::comment_of(*request);
  if (!words.empty()) out.put("description", words);
  out.put("x-focal-roles", JsonTree::texts(roles(entry.name)));
  JsonTree parameters = parameters_of(entry);
  if (!parameters.empty()) out.put("parameters", std::move(parameters));
  if (entry.method == "POST" && request != nullptr) {
    JsonTree body = JsonTree::object();
    if (!entry.operation.secrets.empty()) body.put("required", JsonTree::truth(true));
    body.put("content", content_of("application/json",
                                   reference("schemas", schemas.name_in_request(*request))));
    out.put("requestBody", std::move(body));
  }
  return out.put("responses", responses_of(entry, schemas));
}

JsonTree problems() {
  JsonTree out = JsonTree::object();
  for (const auto& [status, failure] : failures())
    out.put(failure_name(status),
            JsonTree::object()
                .put("description", failure.title)
                .put("x-focal-codes", JsonTree::texts(failure.codes))
                .put("content", content_of("application/problem+json",
                                           reference("schemas", std::string(kProblem)))));
  return out;
}

Schemas schemas_of(const Router& router) {
  Schemas out;
  out.answered(*problem_message());
  for (const Router::Entry& entry : router.entries()) {
    const Operation& operation = entry.operation;
    if (entry.method == "POST" && operation.request != nullptr) out.asked(*operation.request);
    if (operation.response != nullptr) out.answered(*operation.response);
    for (const std::string_view field : operation.secrets) out.asks_secret(*operation.request, field);
    if (!operation.secret_answer.empty())
      out.answers_secret(*operation.response, operation.secret_answer);
  }
  return out;
}

}  // namespace

std::string openapi_document(const Router& router, const RolesOf& roles) {
  const Schemas schemas = schemas_of(router);
  std::map<std::string, std::map<std::string, const Router::Entry*>> by_path;
  for (const Router::Entry& entry : router.entries()) {
    std::string method = entry.method == "GET" ? "get" : "post";
    by_path[path_of(entry)][std::move(method)] = &entry;
  }
  JsonTree paths = JsonTree::object();
  for (const auto& [path, methods] : by_path) {
    JsonTree item = JsonTree::object();
    for (const auto& [method, entry] : methods)
      item.put(method, operation_of(*entry, roles, schemas));
    paths.put(path, std::move(item));
  }
  return JsonTree::object()
      .put("openapi", "3.1.0")
      .put("info", JsonTree::object()
                       .put("title", "Focal, the local API of a node")
                       .put("version", "1")
                       .put("description",
                            "What a person of a node can ask it. Times are UTC, "
                            "\"2026-03-02T09:14:00Z\"; 64-bit numbers are strings; an answer has "
                            "every plain field, also where it is empty; a request has no field "
                            "that is not named here."))
      .put("servers", JsonTree::array().add(JsonTree::object().put("url", "/")))
      .put("paths", std::move(paths))
      .put("components",
           JsonTree::object().put("schemas", schemas.all()).put("responses", problems()))
      .print();
}

void add_openapi_route(Router& router, RolesOf roles) {
  struct Made {
    std::once_flag once;
    std::string document;
  };
  router.add("openapi", "GET", "/v1/openapi.json",
             {[&router, roles = std::move(roles), made = std::make_shared<Made>()](
                  const http::Request& request, const Params&) -> Result<std::string> {
               if (!request.query.empty() || !request.body.empty())
                 return fail(ErrorCode::kInvalid, "this takes no parameter and no body");
               std::call_once(made->once,
                              [&] { made->document = openapi_document(router, roles); });
               return made->document;
             }});
}

}  // namespace focal::api
