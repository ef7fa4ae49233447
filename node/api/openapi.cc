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
constexpr std::string_view kEventStream = "text/event-stream";
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
  // OpenAPI 3.1 has no word for what each event of a stream holds.
  JsonTree content = entry.operation.streams
                         ? JsonTree::object().put(
                               kEventStream,
                               JsonTree::object()
                                   .put("schema", JsonTree::object().put("type", "string"))
                                   .put("x-focal-event", std::move(schema)))
                         : content_of("application/json", std::move(schema));
  JsonTree out = JsonTree::object();
  out.put("200",
          JsonTree::object().put("description", words).put("content", std::move(content)));
  for (const auto& [status, failure] : failures())
    if (entry.method != "GET" || (status != kStored && status != kUnknownMedia))
      out.put(std::to_string(status), reference("responses", failure_name(status)));
  return out;
}

// What is described: routes of the node, and those of the port.
struct Described {
  const Router::Entry* entry;
  bool of_port;
};

std::vector<Described> described(const Router& router, std::span<const PortRoute> port) {
  std::vector<Described> out;
  for (const Router::Entry& entry : router.entries()) out.push_back({&entry, false});
  for (const PortRoute& route : port) out.push_back({&route.entry, true});
  return out;
}

JsonTree operation_of(const Described& described, const RightsOf& rights, const Schemas& schemas) {
  const Router::Entry& entry = *described.entry;
  JsonTree out = JsonTree::object().put("operationId", entry.name);
  const pb::Descriptor* request = entry.operation.request;
  const std::string words = request == nullptr ? "" : proto::comment_of(*request);
  if (!words.empty()) out.put("description", words);
  const Rights who = rights(entry.name);
  out.put("x-focal-roles", JsonTree::texts(who.roles));
  if (who.confirmed) out.put("x-focal-confirm", JsonTree::truth(true));
  if (described.of_port) out.put("x-focal-port", JsonTree::truth(true));
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

Schemas schemas_of(const std::vector<Described>& all) {
  Schemas out;
  out.answered(*problem_message());
  for (const Described& one : all) {
    const Operation& operation = one.entry->operation;
    if (operation.request != nullptr) {
      if (one.entry->method == "POST") out.asked(*operation.request);
      for (const std::string_view field : operation.secrets)
        out.asks_secret(*operation.request, field, !operation.any_secret);
    }
    if (operation.response != nullptr) {
      out.answered(*operation.response);
      if (!operation.secret_answer.empty())
        out.answers_secret(*operation.response, operation.secret_answer);
    }
  }
  return out;
}

}  // namespace

std::string openapi_document(const Router& router, std::span<const PortRoute> port,
                             const RightsOf& rights) {
  const std::vector<Described> all = described(router, port);
  const Schemas schemas = schemas_of(all);
  std::map<std::string, std::map<std::string, const Described*>> by_path;
  for (const Described& one : all) {
    std::string method = one.entry->method == "GET" ? "get" : "post";
    by_path[path_of(*one.entry)][std::move(method)] = &one;
  }
  JsonTree paths = JsonTree::object();
  for (const auto& [path, methods] : by_path) {
    JsonTree item = JsonTree::object();
    for (const auto& [method, one] : methods)
      item.put(method, operation_of(*one, rights, schemas));
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
                            "that is not named here. On the unix socket the kernel says who asks. "
                            "On the console's port the cookie of a session does, and every request "
                            "has the header X-Focal: 1; the operations with x-focal-port are there "
                            "alone."))
      .put("servers", JsonTree::array().add(JsonTree::object().put("url", "/")))
      .put("paths", std::move(paths))
      .put("components",
           JsonTree::object().put("schemas", schemas.all()).put("responses", problems()))
      .print();
}

void add_openapi_route(Router& router, RightsOf rights) {
  struct Made {
    std::once_flag once;
    std::string document;
  };
  router.add("openapi", "GET", "/v1/openapi.json",
             {[&router, rights = std::move(rights), made = std::make_shared<Made>()](
                  const http::Request& request, const Params&) -> Result<std::string> {
               if (!request.query.empty() || !request.body.empty())
                 return fail(ErrorCode::kInvalid, "this takes no parameter and no body");
               std::call_once(made->once,
                              [&] { made->document = openapi_document(router, port_routes(), rights); });
               return made->document;
             }});
}

}  // namespace focal::api
