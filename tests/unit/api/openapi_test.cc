// Goal: docs/openapi.json is what the routes and messages of today make, and it says of every
// operation what holds: path, roles, form of request and answer, secrets.
// Method: the document of the real routes is compared with the file, and read as JSON and walked
// beside the routes and descriptors; routes made for the test show what those have not.
#include "node/api/openapi.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "proto/comments.h"
#include "proto/console.pb.h"
#include "tests/support/any_json.h"
#include "tests/support/paths.h"
#include "tests/unit/api/described.h"

namespace focal::api {
namespace {

namespace pb = google::protobuf;

class OpenApi : public ::testing::Test {
 protected:
  OpenApi() {
    desk_.rights = real_rights();
    add_desk_routes(router_, desk_);
    add_port_routes(router_, desk_);
    document_ = test::any_json(described());
  }
  static const pb::Value& at(const pb::Struct& in, const std::string& name) {
    static const pb::Value kNone;
    const auto found = in.fields().find(name);
    return found == in.fields().end() ? kNone : found->second;
  }
  static const pb::Value& at(const pb::Value& in, const std::string& name) {
    return at(in.struct_value(), name);
  }
  const pb::Value& schema(const std::string& name) const {
    return at(at(at(document_, "components"), "schemas"), name);
  }
  static std::set<std::string> texts(const pb::Value& list) {
    std::set<std::string> out;
    for (const auto& value : list.list_value().values()) out.insert(value.string_value());
    return out;
  }
  static std::string path_of(const Router::Entry& entry) {
    std::string out;
    for (const std::string& word : entry.pattern) out += "/" + word;
    return out;
  }
  // Of the node and of the port.
  std::vector<Router::Entry> entries() const {
    std::vector<Router::Entry> out = router_.entries();
    for (const PortRoute& route : port_routes()) out.push_back(route.entry);
    return out;
  }
  // Every text under a name, wherever it stands.
  static void collect(const pb::Value& in, const std::string& name, std::set<std::string>& out) {
    for (const auto& [key, value] : in.struct_value().fields()) {
      if (key == name && value.has_string_value()) out.insert(value.string_value());
      collect(value, name, out);
    }
    for (const auto& value : in.list_value().values()) collect(value, name, out);
  }

  FakeDesk desk_;
  Router router_{[](std::string_view, const http::Caller&) { return Status{}; }};
  pb::Struct document_;
};

TEST_F(OpenApi, IsTheFileInTheTree) {
  std::ifstream in(test::in_tree("docs/openapi.json"), std::ios::binary);
  std::stringstream file;
  file << in.rdbuf();
  EXPECT_TRUE(file.str() == described())
      << "docs/openapi.json is not of these routes and messages; renew it:\n"
         "  build/dev/tests/api_openapi > docs/openapi.json";
}

TEST_F(OpenApi, IsServed) {
  http::Request request;
  request.method = "GET";
  request.segments = {"v1", "openapi.json"};
  for (int i = 0; i < 2; ++i) {
    const http::Response response = router_.handle(request);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_TRUE(response.body == described());
  }
  request.query = {{"x", "1"}};
  EXPECT_EQ(router_.handle(request).status, 400);
}

TEST_F(OpenApi, EveryRouteStandsInItWithItsRolesAndParameters) {
  std::set<std::string> operations;
  const pb::Value& paths = at(document_, "paths");
  for (const Router::Entry& entry : entries()) {
    const pb::Value& item = at(at(paths, path_of(entry)), entry.method == "GET" ? "get" : "post");
    ASSERT_EQ(at(item, "operationId").string_value(), entry.name);
    operations.insert(entry.name);
    const auto roles = desk::role_names(desk::roles_for(entry.name));
    EXPECT_EQ(texts(at(item, "x-focal-roles")), std::set<std::string>(roles.begin(), roles.end()));
    EXPECT_EQ(at(item, "x-focal-confirm").bool_value(), desk::asks_again(entry.name)) << entry.name;
    EXPECT_EQ(at(item, "x-focal-port").bool_value(), entry.operation.run == nullptr) << entry.name;
    std::set<std::string> in_path, in_query;
    for (const auto& one : at(item, "parameters").list_value().values()) {
      (at(one, "in").string_value() == "path" ? in_path : in_query)
          .insert(at(one, "name").string_value());
      EXPECT_EQ(at(one, "required").bool_value(), at(one, "in").string_value() == "path");
    }
    std::size_t braces = 0;
    for (const std::string& word : entry.pattern)
      if (word.front() == '{') braces += in_path.count(word.substr(1, word.size() - 2));
    EXPECT_EQ(braces, in_path.size()) << entry.name;
    const pb::Descriptor* request = entry.operation.request;
    const int fields = request == nullptr ? 0 : request->field_count();
    if (entry.method == "GET") {
      EXPECT_EQ(in_path.size() + in_query.size(), static_cast<std::size_t>(fields)) << entry.name;
    } else {
      EXPECT_TRUE(in_query.empty()) << entry.name;
      EXPECT_TRUE(at(item, "requestBody").has_struct_value()) << entry.name;
    }
    const pb::Value& responses = at(item, "responses");
    for (const char* status : {"200", "400", "403", "404", "409", "422", "500", "503"})
      EXPECT_TRUE(at(responses, status).has_struct_value()) << entry.name << status;
    EXPECT_EQ(at(responses, "202").has_struct_value(), entry.method == "POST") << entry.name;
  }
  std::set<std::string> named;
  collect(paths, "operationId", named);
  EXPECT_EQ(named, operations) << "and nothing else";
}

TEST_F(OpenApi, EveryReferenceLeadsSomewhereAndEveryComponentIsUsed) {
  pb::Value whole;
  *whole.mutable_struct_value() = document_;
  std::set<std::string> references, components;
  collect(whole, "$ref", references);
  for (const char* kind : {"schemas", "responses"})
    for (const auto& [name, value] : at(at(document_, "components"), kind).struct_value().fields())
      components.insert("#/components/" + std::string(kind) + "/" + name);
  EXPECT_EQ(references, components);
  EXPECT_GE(components.size(), 150u);
}

TEST_F(OpenApi, EveryCodeOfAProblemStandsUnderItsStatus) {
  std::set<std::string> said;
  for (const auto& [name, value] :
       at(at(document_, "components"), "responses").struct_value().fields()) {
    for (const std::string& code : texts(at(value, "x-focal-codes"))) {
      EXPECT_TRUE(said.insert(code).second) << code;
      for (int i = 0; i <= static_cast<int>(ErrorCode::kAwaitsRelease); ++i)
        if (error_name(static_cast<ErrorCode>(i)) == code) {
          EXPECT_EQ(name, "Problem" + std::to_string(http_status(static_cast<ErrorCode>(i))));
        }
    }
  }
  for (int i = 0; i <= static_cast<int>(ErrorCode::kAwaitsRelease); ++i)
    EXPECT_EQ(said.count(std::string(error_name(static_cast<ErrorCode>(i)))), 1u) << i;
}

TEST_F(OpenApi, SecretsAreMarked) {
  std::size_t in = 0, out = 0;
  for (const auto& [name, value] : at(at(document_, "components"), "schemas").struct_value().fields())
    for (const auto& [field, form] : at(value, "properties").struct_value().fields()) {
      in += at(form, "writeOnly").bool_value() ? 1 : 0;
      out += at(form, "readOnly").bool_value() ? 1 : 0;
      if (field.find("passphrase") != std::string::npos) {
        EXPECT_TRUE(at(form, "writeOnly").bool_value()) << name << "." << field;
      }
    }
  std::size_t bring = 0, show = 0;
  for (const Router::Entry& entry : entries()) {
    bring += entry.operation.secrets.size();
    show += entry.operation.secret_answer.empty() ? 0 : 1;
  }
  EXPECT_EQ(in, bring);
  EXPECT_EQ(out, show);
  EXPECT_GE(in, 5u);
  EXPECT_TRUE(at(at(schema("PairBeginResponse"), "properties"), "code").struct_value().fields().count(
      "readOnly"));
  EXPECT_EQ(texts(at(schema("PeopleKeyRequest"), "required")),
            std::set<std::string>{"officer_passphrase"});
  EXPECT_EQ(texts(at(schema("SessionOpenRequest"), "required")), std::set<std::string>())
      << "a link or a password";
}

TEST_F(OpenApi, AStreamSaysWhatItsEventsHold) {
  const pb::Value& content =
      at(at(at(at(at(at(document_, "paths"), "/v1/events"), "get"), "responses"), "200"), "content");
  EXPECT_EQ(content.struct_value().fields_size(), 1);
  EXPECT_EQ(at(at(at(content, "text/event-stream"), "x-focal-event"), "$ref").string_value(),
            "#/components/schemas/Event");
}

TEST_F(OpenApi, FieldsHaveTheFormThatTheirJsonHas) {
  const pb::Value& ledger = at(schema("LedgerStatus"), "properties");
  EXPECT_EQ(at(at(ledger, "size"), "type").string_value(), "string") << "64 bits";
  EXPECT_EQ(at(at(ledger, "size"), "description").string_value(), "leaves");
  const pb::Value& gate = at(schema("GateStatus"), "properties");
  EXPECT_EQ(at(at(gate, "restarts"), "type").string_value(), "integer");
  EXPECT_EQ(at(at(gate, "restarts"), "description").string_value(), "since focald started");
  const pb::Value& status = at(schema("StatusResponse"), "properties");
  EXPECT_EQ(at(at(status, "card"), "$ref").string_value(), "#/components/schemas/CardInfo");
  EXPECT_EQ(at(at(status, "peers"), "type").string_value(), "array");
  const auto needed = texts(at(schema("StatusResponse"), "required"));
  EXPECT_TRUE(needed.count("party") && needed.count("peers")) << "always printed";
  EXPECT_FALSE(needed.count("card")) << "a message may be absent";
  const pb::Value& open = at(schema("TraceOpenRequest"), "properties");
  EXPECT_EQ(at(at(open, "record"), "type").string_value(), "object");
  EXPECT_TRUE(at(schema("TraceOpenRequest"), "additionalProperties").has_bool_value());
  EXPECT_TRUE(at(schema("TraceOpenRequest"), "required").list_value().values().empty());
  EXPECT_NE(at(schema("Problem"), "description").string_value().find("RFC 9457"),
            std::string::npos);
}

// A message that is asked with and answered has two forms.
TEST(OpenApiOfOne, AMessageOfBothWaysHasTwoForms) {
  Router router{Gate{}};
  router.add("keep", "POST", "/v1/keep/{id}",
             json_operation<v1::Draft, v1::Draft>(
                 [](const v1::Draft& draft) -> Result<v1::Draft> { return draft; }));
  const pb::Struct document =
      test::any_json(openapi_document(router, {}, [](std::string_view) {
        return Rights{{"OFFICER"}, false};
      }));
  const auto& schemas =
      document.fields().at("components").struct_value().fields().at("schemas").struct_value();
  std::set<std::string> names;
  for (const auto& [name, value] : schemas.fields()) names.insert(name);
  EXPECT_EQ(names, (std::set<std::string>{"Draft", "DraftInput", "Problem"}));
  const auto& input = schemas.fields().at("DraftInput").struct_value().fields();
  EXPECT_EQ(input.count("required"), 0u);
  EXPECT_EQ(input.count("additionalProperties"), 1u);
  const auto& answer = schemas.fields().at("Draft").struct_value().fields();
  EXPECT_EQ(answer.count("required"), 1u);
  EXPECT_EQ(answer.count("additionalProperties"), 0u);
}

// What is part of the program is the text that was compiled: each message of the API has its file.
TEST_F(OpenApi, TheCommentsAreOfEveryFile) {
  std::map<std::string, std::size_t> found;
  std::function<void(const pb::Descriptor&)> walk = [&](const pb::Descriptor& message) {
    found[message.file()->name()] += proto::comment_of(message).empty() ? 0 : 1;
    for (int i = 0; i < message.field_count(); ++i)
      found[message.file()->name()] += proto::comment_of(*message.field(i)).empty() ? 0 : 1;
  };
  for (const Router::Entry& entry : entries())
    for (const pb::Descriptor* message : {entry.operation.request, entry.operation.response})
      if (message != nullptr) walk(*message);
  EXPECT_GE(found.size(), 12u);
  for (const auto& [file, comments] : found) EXPECT_GT(comments, 0u) << file;
  EXPECT_EQ(proto::comment_of(*pb::Struct::descriptor()), "") << "not of this project";
}

}  // namespace
}  // namespace focal::api
