// Goal: an auditor reads the ledger in every way there is and changes nothing (docs/operations.md,
// "For the auditor"). Method: every route of the API is asked as an auditor, with small, large and
// odd values; what is refused is refused for the role; then log, files of officers and persons are
// as they were.
#include <set>

#include "node/api/desk_routes.h"
#include "tests/unit/desk/desk_node.h"
#include "tests/unit/desk/some_port.h"

namespace focal::desk {
namespace {

class Auditor : public DeskNode {
 protected:
  static constexpr uid_t kAuditor = 40'009;

  api::http::Response ask(const api::Router::Entry& entry, const std::string& value) {
    api::http::Request request;
    request.method = entry.method;
    request.caller = as(kAuditor);
    for (const std::string& part : entry.pattern)
      request.segments.push_back(part.starts_with("{") ? value : part);
    if (entry.method == "POST") request.body = "{}";
    return router_.handle(request);
  }
  std::uint64_t leaves() {
    std::uint64_t out = 0;
    EXPECT_TRUE(node_
                    ->perform([&](const Now&) -> Status {
                      out = static_cast<std::uint64_t>(node_->ledger().log_size());
                      return {};
                    })
                    .has_value());
    return out;
  }

  SomePort port_;
  api::Router router_{
      [this](std::string_view name, const Caller& caller) { return desk_->permit(name, caller); }};
};

TEST_F(Auditor, EveryRouteIsWalkedAndNothingIsChanged) {
  name_everybody();
  must(add("ann", kAuditor, {"AUDITOR"}, kAda));
  api::add_desk_routes(router_, *desk_);
  api::add_port_routes(router_, port_);
  const std::uint64_t before = leaves();
  const std::string persons = people(true).ShortDebugString();
  std::set<std::string> allowed, posts;
  for (const api::Router::Entry& entry : router_.entries()) {
    const bool may_ask = has(roles_for(entry.name), Role::kAuditor);
    if (may_ask) allowed.insert(entry.name);
    if (may_ask && entry.method == "POST") posts.insert(entry.name);
    for (const std::string& value : {std::string("1"), std::string("XB"), std::string(64, 'a'),
                                     std::string("'; DROP TABLE leaf; --")}) {
      const api::http::Response answer = ask(entry, value);
      EXPECT_NE(answer.status, 500) << entry.name << " " << answer.body;
      if (may_ask) {
        EXPECT_NE(answer.status, 403) << entry.name << " " << answer.body;
      } else {
        EXPECT_EQ(answer.status, 403) << entry.name << " " << answer.body;
        EXPECT_NE(answer.body.find("PERMISSION"), std::string::npos) << entry.name;
      }
    }
  }
  for (const char* each :
       {"ledger_verify", "ledger_job", "ledger_tail", "ledger_log", "ledger_show", "ledger_find",
        "ledger_checkpoint", "ledger_tiles", "ledger_entries"})
    EXPECT_TRUE(allowed.contains(each)) << each;
  EXPECT_EQ(posts, (std::set<std::string>{"evidence_export", "ledger_find", "preferences_set",
                                          "session_password", "console_link"}))
      << "the questions with a body, and what is the auditor's own";
  EXPECT_EQ(leaves(), before) << "no leaf";
  EXPECT_EQ(people(true).ShortDebugString(), persons);
}

}  // namespace
}  // namespace focal::desk
