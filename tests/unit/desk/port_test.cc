// Goal: over the console's port every route is for the roles that docs/operations.md, "Who may do what",
// names and for nobody else; a stranger, another page, another host and a confirmation that is too old
// get nowhere near the node, on any route; and a session is gone with its person.
// Method: the real routes, desk and port without a socket; every route there is × every role × everything
// that a head can have wrong, from the tables.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "tests/unit/desk/desk_port.h"
#include "tests/unit/desk/permission_table.h"
#include "tests/unit/desk/release_fixture.h"
#include "tests/unit/desk/some_port.h"

namespace focal::desk {
namespace {

// One person for each role, with that role alone.
constexpr std::pair<Role, uid_t> kPersons[] = {{Role::kOfficer, 40'051},
                                               {Role::kSupervisor, 40'052},
                                               {Role::kAuditor, 40'053},
                                               {Role::kCustodian, 40'054},
                                               {Role::kAdministrator, 40'055}};

struct Route {
  std::string name, method, target;
  bool of_port, for_strangers;
};

class Port : public ReleaseTest {
 protected:
  void SetUp() override {
    ReleaseTest::SetUp();
    for (const auto& [role, uid] : kPersons)
      must(add("p" + std::to_string(uid), uid, {std::string(role_name(role))}, kAda));
    api::add_desk_routes(router_, *desk_);
    api::add_port_routes(router_, some_port_);
    for (const auto& entry : router_.entries()) routes_.push_back(route(entry, false, false));
    for (const auto& own : api::port_routes())
      routes_.push_back(route(own.entry, true, own.for_strangers));
    ASSERT_GE(routes_.size(), 110u);
  }
  static Route route(const api::Router::Entry& entry, bool of_port, bool for_strangers) {
    std::string target;
    for (const std::string& word : entry.pattern) target += "/" + (word.front() == '{' ? "1" : word);
    return {entry.name, entry.method, target, of_port, for_strangers};
  }
  // With a body of no use, so that nothing is done; of the port's own, what they do.
  static std::string body(const Route& route) {
    return route.method == "GET" ? "" : "{\"nonsense\":1}";
  }
  api::http::Response ask(const Route& route, const std::string& token) {
    return port_.ask(route.method, route.target, body(route), token);
  }
  static std::string code_of(const api::http::Response& answer) {
    v1::Problem problem;
    if (answer.content_type != "application/problem+json" || !json::read(answer.body, problem))
      return {};
    EXPECT_EQ(problem.status(), static_cast<unsigned>(answer.status));
    return problem.code();
  }
  // Somebody who may do it.
  static uid_t somebody(const Route& route) {
    for (const auto& [role, uid] : kPersons)
      if (has(roles_for(route.name), role)) return uid;
    ADD_FAILURE() << route.name << " is for nobody";
    return 0;
  }

  SomePort some_port_;
  api::Router router_{
      [this](std::string_view name, const Caller& caller) { return desk_->permit(name, caller); }};
  DeskPort port_{router_, [this]() -> Desk& { return *desk_; }};
  std::vector<Route> routes_;
};

TEST_F(Port, EveryRouteIsForItsRolesAlone) {
  const auto table = test::permission_document();
  std::size_t let_in = 0, refused = 0;
  for (const Route& route : routes_) {
    const auto row = table.find(act_word(route.name));
    ASSERT_NE(row, table.end()) << route.name;
    for (const auto& [role, uid] : kPersons) {
      const auto answer = ask(route, port_.session(uid));
      const std::string said = code_of(answer);
      if (has(row->second, role)) {
        ++let_in;
        EXPECT_NE(said, "PERMISSION") << route.name << " as " << role_name(role);
        EXPECT_NE(said, "SESSION") << route.name << " as " << role_name(role);
      } else {
        ++refused;
        EXPECT_EQ(answer.status, 403) << route.name << " as " << role_name(role);
        EXPECT_EQ(said, "PERMISSION") << route.name << " as " << role_name(role);
      }
    }
  }
  EXPECT_GE(let_in, 150u);
  EXPECT_GE(refused, 150u);
}

TEST_F(Port, AStrangerGetsNowhere) {
  for (const Route& route : routes_) {
    if (route.for_strangers) continue;
    for (const std::string& token : {std::string(), std::string(43, 'A'), std::string("x")}) {
      const auto answer = ask(route, token);
      EXPECT_EQ(answer.status, 401) << route.name;
      EXPECT_EQ(code_of(answer), "SESSION") << route.name;
    }
  }
  EXPECT_EQ(port_.asked(), 0u) << "nobody asked the node";
}

// Everything that a page of somebody else, or a name that was pointed here, makes wrong in a head.
std::map<std::string, std::pair<int, std::function<void(api::http::Head&)>>> wrongs() {
  using Head = api::http::Head;
  return {
      {"another host", {421, [](Head& h) { h.host = "evil.example:8787"; }}},
      {"another port", {421, [](Head& h) { h.host = "127.0.0.1:80"; }}},
      {"no host", {421, [](Head& h) { h.host.clear(); }}},
      {"another origin", {403, [](Head& h) { h.origin = "http://evil.example"; }}},
      {"origin null", {403, [](Head& h) { h.origin = "null"; }}},
      {"cross-site", {403, [](Head& h) { h.fetch_site = "cross-site"; }}},
      {"same-site", {403, [](Head& h) { h.fetch_site = "same-site"; }}},
      {"opened by hand", {403, [](Head& h) { h.fetch_site = "none"; }}},
      {"a header twice", {400, [](Head& h) { h.repeated = true; }}},
      {"a mark of another kind", {403, [](Head& h) { h.mark = "true"; }}},
      {"no mark", {403, [](Head& h) { h.mark.clear(); }}},
      {"a post without origin", {403, [](Head& h) { h.origin.clear(); }}},
  };
}

TEST_F(Port, WhatAnotherPageSendsIsRefusedOnEveryRoute) {
  std::size_t tried = 0;
  for (const Route& route : routes_) {
    const std::string token = port_.session(somebody(route));
    for (const auto& [what, wrong] : wrongs()) {
      const bool get = route.method == "GET";
      if (what == "a post without origin" && get) continue;
      // An EventSource sends no header of its own.
      if (route.name == "events" && what.find("mark") != std::string::npos) continue;
      auto head = DeskPort::head(route.method, route.target, token);
      wrong.second(head);
      const auto answer = port_.ask(head, body(route));
      EXPECT_EQ(answer.status, wrong.first) << route.name << ": " << what;
      EXPECT_EQ(code_of(answer), "HTTP_FORBIDDEN") << route.name << ": " << what;
      ++tried;
    }
  }
  EXPECT_GE(tried, 1100u);
  EXPECT_EQ(port_.asked(), 0u) << "nothing came through";
}

// The words in backticks of docs/operations.md, "The console", under "Again who you are".
std::set<std::string> again_document() {
  std::ifstream in(test::in_tree("docs/operations.md"));
  std::stringstream text;
  text << in.rdbuf();
  std::string part = text.str();
  part = part.substr(part.find("- **Again who you are.**"));
  part = part.substr(0, part.find("\n- **"));
  std::set<std::string> out;
  for (std::size_t at = 0; (at = part.find('`', at)) != std::string::npos;) {
    const auto end = part.find('`', at + 1);
    out.insert(part.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return out;
}

TEST_F(Port, WhatMovesKeysReleasesOrDestroysAsksAgainWhoOneIs) {
  const auto asks_again_by_document = again_document();
  std::set<std::string> asked_again;
  for (const Route& route : routes_) {
    const uid_t uid = somebody(route);
    const std::string token = port_.session(uid);
    EXPECT_NE(code_of(ask(route, token)), "CONFIRM") << route.name << ": has just entered";
    if (route.name == "session_end") continue;
    const std::string old = port_.session(uid);
    port_.pass(port_.limits().confirmed_ms - 1);
    EXPECT_NE(code_of(ask(route, old)), "CONFIRM") << route.name << ": still time";
    port_.pass(1);
    const auto answer = ask(route, old);
    if (code_of(answer) != "CONFIRM") continue;
    EXPECT_EQ(answer.status, 403);
    asked_again.insert(act_word(route.name));
    const auto confirmed = port_.ask("POST", "/v1/session/confirm",
                                     "{\"link\":\"" + port_.link(uid) + "\"}", old);
    EXPECT_EQ(confirmed.status, 200) << confirmed.body;
    EXPECT_NE(code_of(ask(route, old)), "CONFIRM") << route.name << ": was shown";
  }
  EXPECT_EQ(asked_again, asks_again_by_document)
      << "docs/operations.md, \"The console\", and node/desk/permissions.cc differ";
  // What is such an act is told apart from the table that could be edited.
  for (const char* each : {"keys.replace", "card.apply", "card.revoke", "people.add", "people.role",
                           "people.remove", "people.key", "people.revoke_key", "release.approve",
                           "record.erase", "retention.run", "peer.verify", "peer.confirm", "pair.finish",
                           "session.password", "start.override", "witness.set"})
    EXPECT_TRUE(asked_again.count(each)) << each;
}

// Confirming is the person's own: no word of another one, none twice.
TEST_F(Port, AConfirmationIsOnesOwn) {
  const std::string token = port_.session(kMia);
  port_.let_confirmation_end();
  const Route approve{"release_approve", "POST", "/v1/releases/R-1/approve", false, false};
  EXPECT_EQ(code_of(ask(approve, token)), "CONFIRM");
  const auto confirm = [&](const std::string& word) {
    return code_of(port_.ask("POST", "/v1/session/confirm", "{\"link\":\"" + word + "\"}", token));
  };
  EXPECT_EQ(confirm(port_.link(kSam)), "PASSPHRASE");
  EXPECT_EQ(code_of(ask(approve, token)), "CONFIRM");
  const std::string word = port_.link(kMia);
  EXPECT_EQ(confirm(word), "");
  EXPECT_EQ(confirm(word), "PASSPHRASE") << "used";
  EXPECT_NE(code_of(ask(approve, token)), "CONFIRM");
}

TEST_F(Port, ASessionItsLinkAndItsEventsAreGoneWithThePerson) {
  const std::string token = port_.session(kJo);
  const std::string link = port_.link(kJo);
  auto events = port_.ask("GET", std::string(api::kEventsPath), "", token);
  ASSERT_TRUE(events.stream);
  EXPECT_EQ(events.stream(), ":\n\n");
  v1::PeopleRemoveRequest gone;
  gone.set_name("jo");
  gone.set_reason("left the office");
  must(desk_->people_remove(gone, as(kAda)));
  EXPECT_EQ(events.stream(), std::nullopt) << "before anything else was asked";
  // The same user number is somebody else's, before the old session has asked for anything.
  must(add("kim", kJo, {"OFFICER"}, kAda));
  const auto show = port_.ask("GET", "/v1/session", "", token);
  EXPECT_EQ(code_of(show), "SESSION") << show.body;
  EXPECT_EQ(code_of(port_.ask("POST", "/v1/session", "{\"link\":\"" + link + "\"}", "")),
            "PASSPHRASE");
  EXPECT_EQ(port_.ask("GET", "/v1/session", "", port_.session(kJo)).status, 200) << "the new one is in";
}

TEST_F(Port, ARoleThatIsTakenAwayIsGoneAtOnce) {
  const std::string token = port_.session(kSam);
  EXPECT_EQ(port_.ask("GET", "/v1/ledger/log", "", token).status, 200);
  v1::PeopleRoleRequest role;
  role.set_name("sam");
  role.add_roles("OFFICER");
  role.set_reason("another desk");
  must(desk_->people_role(role, as(kAda)));
  EXPECT_EQ(code_of(port_.ask("GET", "/v1/ledger/log", "", token)), "PERMISSION");
}

}  // namespace
}  // namespace focal::desk
