// Goal: the local API keeps what its OpenAPI document promises. Every operation of the document
// answers in the form that stands there, or with a Problem that stands there; a field that is not
// described and a value of another type are refused; and who has not the role that
// docs/operations.md, "Who may do what", asks for is refused, for every role and operation. What the
// console's port alone answers is asked there, by a session.
// Method: the document is fetched from the node itself and walked; nothing is known here of the
// routes but for a few bodies that make an operation do something. The node is a real one, with a
// case, an act that waits, persons of each role and a peer. The check of forms is run on planted
// defects too.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "node/api/desk_routes.h"
#include "tests/support/any_json.h"
#include "tests/support/json_schema.h"
#include "tests/unit/desk/desk_port.h"
#include "tests/unit/desk/permission_table.h"
#include "tests/unit/desk/release_fixture.h"
#include "tests/unit/desk/some_port.h"

namespace focal::desk {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using test::JsonSchema;

// One operation of the document.
struct Op {
  std::string name, method, path;
  Struct described;
  bool of_port() const { return described.fields().count("x-focal-port") != 0; }
};

constexpr uid_t kNobody = 40'099;
// One person for each role, with that role alone.
constexpr std::pair<Role, uid_t> kPersons[] = {{Role::kOfficer, 40'051},
                                               {Role::kSupervisor, 40'052},
                                               {Role::kAuditor, 40'053},
                                               {Role::kCustodian, 40'054},
                                               {Role::kAdministrator, 40'055}};

class Contract : public ReleaseTest {
 protected:
  void SetUp() override {
    ReleaseTest::SetUp();
    for (const auto& [role, uid] : kPersons)
      must(add("p" + std::to_string(uid), uid, {std::string(role_name(role))}, kAda));
    api::add_desk_routes(router_, *desk_);
    api::add_port_routes(router_, port_);
    must(open(kJo, false));
    ASSERT_EQ(code(open(kJo, true)), ErrorCode::kAwaitsRelease);
    const auto answer = ask("GET", "/v1/openapi.json", "", owner_);
    ASSERT_EQ(answer.status, 200);
    document_ = test::any_json(answer.body);
    for (const auto& [path, item] : member("paths").fields())
      for (const auto& [method, described] : item.struct_value().fields())
        ops_.push_back({JsonSchema::text(described.struct_value(), "operationId"),
                        method == "get" ? "GET" : "POST", path, described.struct_value()});
  }

  const Struct& member(const std::string& name) const { return JsonSchema::member(document_, name); }

  api::http::Response ask(const std::string& method, const std::string& target,
                          const std::string& body, uid_t by) {
    const std::string path = target.substr(0, target.find('?'));
    for (const Op& op : ops_)
      if (op.of_port() && op.method == method && op.path == path)
        return console_.ask(method, target, body, console_.session(by));
    api::http::Request request;
    request.method = method;
    request.caller = as(by);
    request.body = body;
    auto parsed = api::http::parse_target(target, {});
    EXPECT_TRUE(parsed.has_value()) << target;
    if (parsed) {
      request.segments = parsed->segments;
      request.query = parsed->query;
    }
    return router_.handle(request);
  }

  // The path with something in the place of its parameters: what is there, as far as it is.
  static std::string target_of(const Op& op) {
    std::string out = op.path;
    for (const auto& [name, value] : std::map<std::string, std::string>{{"{case_number}", "T-1"},
                                                                        {"{party}", "XB"},
                                                                        {"{introducer}", "XB"},
                                                                        {"{leaf}", "1"},
                                                                        {"{name}", "jo"},
                                                                        {"{id}", "1-XB"}})
      if (const auto at = out.find(name); at != std::string::npos) {
        const bool release = out.find("/releases/") != std::string::npos;
        const bool draft = out.find("/drafts/") != std::string::npos;
        out.replace(at, name.size(), name != "{id}" ? value : release ? "R-1" : draft ? "D-1" : value);
      }
    EXPECT_EQ(out.find('{'), std::string::npos) << out << ": give this parameter a value above";
    return out;
  }
  // What an operation needs, beside the path, to do something here.
  std::string body_of(const Op& op) {
    if (op.name == "session_open" || op.name == "session_confirm")
      return R"({"link":")" + console_.link(kJo) + "\"}";
    static const std::map<std::string, std::string> kBodies{
        {"find", R"({"serial":"DA017342"})"},
        {"ledger_find", R"({"party":"XB"})"},
        {"evidence_export", R"({"target":"T-1","withhold":["all"]})"},
        {"suggest", R"({"what":"MAKE","text":"Kal"})"},
        {"record_check", R"({"record":{"header":{"subject":"x"}},"to":["XB"]})"},
        {"draft_save", R"({"draft":{"kind":"trace.request","title":"t","content":{"a":"b"}}})"},
        {"preferences_set", R"({"preferences":{"lang":"fr"}})"},
        {"trace_follow", R"({"to":"XC"})"},
        {"peer_suspend", R"({"reason":"a test"})"},
        {"people_passphrase",
         R"({"officer_passphrase":"a passphrase","officer_new_passphrase":"another one"})"},
        {"people_key", R"({"officer_passphrase":"a passphrase"})"},
        {"release_approve", R"({"officer_passphrase":"a passphrase"})"},
        {"pair_finish", R"({"code":"FOCAL:1:NONSENSE"})"}};
    const auto found = kBodies.find(op.name);
    return op.method == "GET" ? "" : found == kBodies.end() ? "{}" : found->second;
  }

  // Is the answer one of those that the document has for this operation, in that form?
  std::string fault(const Op& op, const api::http::Response& answer) const {
    const Struct& responses = JsonSchema::member(op.described, "responses");
    const std::string status = std::to_string(answer.status);
    if (responses.fields().count(status) == 0) return "status " + status + " is not described";
    const JsonSchema forms(document_);
    const Struct& response = forms.resolve(JsonSchema::member(responses, status));
    const Struct& content = JsonSchema::member(response, "content");
    if (content.fields().count(answer.content_type) == 0) return answer.content_type;
    if (answer.stream) return {};  // EventsComeInTheFormThatIsDescribed
    const Struct said = test::any_json(answer.body);
    const auto faults = forms.faults(
        JsonSchema::member(JsonSchema::member(content, answer.content_type), "schema"), said);
    if (!faults.empty()) return faults.front();
    if (answer.status == 200) return {};
    const std::string code_said = JsonSchema::text(said, "code");
    for (const auto& each : response.fields().at("x-focal-codes").list_value().values())
      if (each.string_value() == code_said) return {};
    return "code " + code_said + " is not described for status " + status;
  }
  static std::string code_of(const api::http::Response& answer) {
    v1::Problem problem;
    if (answer.status == 200 || !json::read(answer.body, problem)) return {};
    return problem.code();
  }
  // Somebody who may: sam has two roles, and keys; else the person of that role.
  static uid_t somebody(Roles roles) {
    if (has(roles, Role::kOfficer)) return kJo;
    if (has(roles, Role::kSupervisor)) return kSam;
    for (const auto& [role, uid] : kPersons)
      if (has(roles, role)) return uid;
    return kNobody;
  }
  Roles described_roles(const Op& op) const {
    Roles out = 0;
    for (const auto& each : op.described.fields().at("x-focal-roles").list_value().values())
      if (const auto role = parse_role(each.string_value())) out = out | *role;
    return out;
  }

  SomePort port_;
  api::Router router_{
      [this](std::string_view name, const Caller& caller) { return desk_->permit(name, caller); }};
  DeskPort console_{router_, [this]() -> Desk& { return *desk_; }};
  Struct document_;
  std::vector<Op> ops_;
};

// Those that end something for who comes after go last, and what opens the node anew is not driven
// to its end by any body here.
TEST_F(Contract, EveryOperationAnswersInTheFormThatIsDescribed) {
  std::stable_sort(ops_.begin(), ops_.end(), [](const Op& a, const Op& b) {
    const auto ends = [](const Op& op) {
      return op.method == "POST" && op.name != "draft_save" && op.name != "preferences_set";
    };
    return ends(a) < ends(b);
  });
  const auto save = std::find_if(ops_.begin(), ops_.end(),
                                 [](const Op& op) { return op.name == "draft_save"; });
  ASSERT_NE(save, ops_.end());
  EXPECT_EQ(ask("POST", "/v1/drafts", body_of(*save), kJo).status, 200);
  std::set<std::string> done;
  for (const Op& op : ops_) {
    const auto answer = ask(op.method, target_of(op), body_of(op), somebody(described_roles(op)));
    EXPECT_EQ(fault(op, answer), "") << op.name << " " << answer.body.substr(0, 400);
    if (answer.status == 200) done.insert(op.name);
  }
  EXPECT_GE(ops_.size(), 100u);
  EXPECT_GE(done.size(), 50u) << "most answer, and do not only refuse";
  for (const char* each : {"status", "trace_show", "trace_list", "inbox", "outbox_show", "peer_show",
                           "release_show", "ledger_show", "find", "schema_show", "codes_show",
                           "draft_show", "people_show", "keys_show", "trace_sheet", "openapi"})
    EXPECT_TRUE(done.count(each)) << each;
}

TEST_F(Contract, AFieldThatIsNotDescribedIsRefused) {
  for (const Op& op : ops_) {
    const uid_t by = somebody(described_roles(op));
    const std::string target = target_of(op);
    const std::string body = body_of(op);
    const auto answer =
        op.method == "GET" ? ask("GET", target + "?nonsense=1", "", by)
                           : ask("POST", target, "{\"nonsense\":1" +
                                 (body.size() > 2 ? "," + body.substr(1) : std::string("}")), by);
    EXPECT_EQ(answer.status, 400) << op.name << " " << answer.body;
    EXPECT_EQ(fault(op, answer), "") << op.name;
    if (op.name == "openapi") continue;  // it takes nothing at all, and says so
    EXPECT_NE(answer.body.find("\"path\":\"nonsense\""), std::string::npos) << op.name << answer.body;
  }
}

TEST_F(Contract, EventsComeInTheFormThatIsDescribed) {
  const auto op = std::find_if(ops_.begin(), ops_.end(),
                               [](const Op& one) { return one.name == "events"; });
  ASSERT_NE(op, ops_.end());
  auto answer = ask(op->method, op->path, "", kJo);
  ASSERT_EQ(answer.status, 200) << answer.body;
  ASSERT_TRUE(answer.stream);
  EXPECT_EQ(answer.stream(), ":\n\n");
  must(open(kJo, false));
  const std::string events = answer.stream().value_or("");
  const JsonSchema forms(document_);
  const Struct& ok = JsonSchema::member(JsonSchema::member(op->described, "responses"), "200");
  const Struct& form = JsonSchema::member(
      JsonSchema::member(JsonSchema::member(ok, "content"), "text/event-stream"), "x-focal-event");
  std::istringstream lines(events);
  std::string id;
  std::size_t read = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("id: ", 0) == 0) id = line.substr(4);
    if (line.rfind("data: ", 0) != 0) continue;
    const Struct event = test::any_json(line.substr(6));
    EXPECT_TRUE(forms.faults(form, event).empty()) << line;
    EXPECT_EQ(JsonSchema::text(event, "seq"), id) << line;
    ++read;
  }
  EXPECT_GE(read, 1u) << events;
}

// A value that no reading of that type can be.
std::string wrong_value(const Struct& schema) {
  const std::string type = JsonSchema::text(schema, "type");
  if (type == "string") return "{\"x\":1}";
  if (type == "array") return "{\"x\":1}";
  if (type == "boolean") return "\"maybe\"";
  return "\"x\"";  // numbers, and objects
}

TEST_F(Contract, AValueOfAnotherTypeIsRefused) {
  const JsonSchema forms(document_);
  std::size_t tried = 0;
  for (const Op& op : ops_) {
    const uid_t by = somebody(described_roles(op));
    const std::string target = target_of(op);
    const auto refused = [&](const api::http::Response& answer, const std::string& field) {
      EXPECT_EQ(answer.status, 400) << op.name << "." << field << " " << answer.body;
      EXPECT_EQ(fault(op, answer), "") << op.name << "." << field;
      ++tried;
    };
    const auto parameters = op.described.fields().find("parameters");
    if (op.method == "GET" && parameters != op.described.fields().end())
      for (const auto& each : parameters->second.list_value().values()) {
        const Struct& one = each.struct_value();
        const std::string type = JsonSchema::text(JsonSchema::member(one, "schema"), "type");
        const bool text = type == "string" || type == "array";  // any text is one
        if (JsonSchema::text(one, "in") == "query" && !text)
          refused(ask("GET", target + "?" + JsonSchema::text(one, "name") + "=x", "", by),
                  JsonSchema::text(one, "name"));
      }
    const Struct& content = JsonSchema::member(JsonSchema::member(op.described, "requestBody"),
                                               "content");
    const Struct& body = forms.resolve(
        JsonSchema::member(JsonSchema::member(content, "application/json"), "schema"));
    for (const auto& [name, field] : JsonSchema::member(body, "properties").fields()) {
      if (field.struct_value().fields().count("$ref") != 0 ||
          op.path.find("{" + name + "}") != std::string::npos || op.method == "GET")
        continue;
      // The operation's own secrets stand, where it is not they that are wrong.
      std::string secrets;
      const auto required = body.fields().find("required");
      const google::protobuf::ListValue all =
          required == body.fields().end() ? google::protobuf::ListValue()
                                          : required->second.list_value();
      for (const auto& needed : all.values())
        if (needed.string_value() != name)
          secrets += ",\"" + needed.string_value() + "\":\"a passphrase\"";
      refused(ask("POST", target, "{\"" + name + "\":" + wrong_value(field.struct_value()) + secrets +
                                      "}", by), name);
    }
  }
  EXPECT_GE(tried, 150u);
}

// Every role × operation, by the table that people read.
TEST_F(Contract, WhoHasNotTheRoleIsRefused) {
  const auto table = test::permission_document();
  ASSERT_EQ(table.size(), ops_.size());
  std::size_t refused = 0, let_in = 0;
  for (const Op& op : ops_) {
    const auto row = table.find(act_word(op.name));
    ASSERT_NE(row, table.end()) << op.name;
    EXPECT_EQ(described_roles(op), row->second) << op.name << ": x-focal-roles";
    for (const auto& [role, uid] : kPersons) {
      const bool may = has(row->second, role);
      // With a body of no use, so that hardly anything changes.
      const auto answer = ask(op.method, target_of(op), op.method == "GET" ? "" : "{\"nonsense\":1}", uid);
      if (may) {
        ++let_in;
        EXPECT_NE(code_of(answer), "PERMISSION") << op.name << " as " << role_name(role);
      } else {
        ++refused;
        EXPECT_EQ(answer.status, 403) << op.name << " as " << role_name(role) << " " << answer.body;
        EXPECT_EQ(code_of(answer), "PERMISSION") << op.name << " as " << role_name(role);
        EXPECT_EQ(fault(op, answer), "") << op.name;
      }
    }
    // Who is no person has no session.
    EXPECT_EQ(code_of(ask(op.method, target_of(op), op.method == "GET" ? "" : "{}", kNobody)),
              op.name == "session_open" ? "INVALID" : op.of_port() ? "SESSION" : "PERMISSION")
        << op.name << " by no person";
  }
  EXPECT_EQ(refused + let_in, ops_.size() * std::size(kPersons));
  EXPECT_GE(refused, 150u);
  EXPECT_GE(let_in, 150u);
}

// ---- the check of forms sees what it is to see

TEST(JsonForms, SeePlantedDefects) {
  const Struct document = test::any_json(R"({"components":{"schemas":{
    "A":{"type":"object","properties":{"s":{"type":"string","pattern":"^[0-9]+$"},
         "n":{"type":"integer","minimum":0,"maximum":9},"b":{"type":"boolean"},
         "l":{"type":"array","items":{"$ref":"#/components/schemas/B"}},
         "o":{"type":"object"}},"required":["s","l"]},
    "B":{"type":"object","properties":{"x":{"type":"string"}},"required":["x"]}}}})");
  const Struct schema = test::any_json(R"({"$ref":"#/components/schemas/A"})");
  const JsonSchema forms(document);
  const auto faults = [&](const char* text) {
    const auto found = forms.faults(schema, test::any_json(text));
    return found.empty() ? std::string() : found.front();
  };
  EXPECT_EQ(faults(R"({"s":"1","l":[{"x":"y"}],"n":9,"b":true,"o":{"any":1}})"), "");
  EXPECT_EQ(faults(R"({"l":[]})"), ".s is missing");
  EXPECT_EQ(faults(R"({"s":1,"l":[]})"), ".s is not of type string");
  EXPECT_EQ(faults(R"({"s":"a","l":[]})"), ".s does not match ^[0-9]+$");
  EXPECT_EQ(faults(R"({"s":"1","l":{}})"), ".l is not of type array");
  EXPECT_EQ(faults(R"({"s":"1","l":[{}]})"), ".l[0].x is missing");
  EXPECT_EQ(faults(R"({"s":"1","l":[{"x":null}]})"), ".l[0].x is not of type string");
  EXPECT_EQ(faults(R"({"s":"1","l":[],"n":1.5})"), ".n is not of type integer");
  EXPECT_EQ(faults(R"({"s":"1","l":[],"n":-1})"), ".n is too small");
  EXPECT_EQ(faults(R"({"s":"1","l":[],"n":10})"), ".n is too large");
  EXPECT_EQ(faults(R"({"s":"1","l":[],"b":"true"})"), ".b is not of type boolean");
  EXPECT_EQ(faults(R"({"s":"1","l":[],"z":1})"), ".z is not described");
}

}  // namespace
}  // namespace focal::desk
