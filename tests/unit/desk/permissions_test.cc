// Goal: the table operation × role, the routes there are and the table people read in
// docs/operations.md say the same, and nothing is allowed that stands in none of them.
// Method: the routes of the real desk and the document are parsed and compared with the table
// both ways; the comparison is also run on planted defects.
#include "node/desk/permissions.h"

#include <map>
#include <set>

#include "node/api/desk_routes.h"
#include "node/desk/people.h"
#include "node/desk/run_state.h"
#include "tests/unit/desk/desk_node.h"
#include "tests/unit/desk/permission_table.h"
#include "tests/unit/desk/some_port.h"

namespace focal::desk {
namespace {

std::map<std::string, Roles> table() {
  std::map<std::string, Roles> out;
  for (const Permission& each : permissions()) {
    const bool once = out.emplace(act_word(each.operation), each.roles).second;
    EXPECT_TRUE(once) << each.operation << " stands twice";
  }
  return out;
}

// What one of the two has and the other has not, or has otherwise.
std::set<std::string> differences(const std::map<std::string, Roles>& a,
                                  const std::map<std::string, Roles>& b) {
  std::set<std::string> out;
  for (const auto& [act, roles] : a) {
    const auto there = b.find(act);
    if (there == b.end() || there->second != roles) out.insert(act);
  }
  for (const auto& [act, roles] : b)
    if (a.find(act) == a.end()) out.insert(act);
  return out;
}

class Permissions : public DeskNode {
 protected:
  void add_all_routes(api::Router& router) {
    api::add_desk_routes(router, *desk_);
    api::add_port_routes(router, console_);
  }
  SomePort console_;
};

TEST_F(Permissions, EveryRouteHasItsRowAndEveryRowItsRoute) {
  api::Router router([](std::string_view, const Caller&) { return Status{}; });
  add_all_routes(router);
  std::map<std::string, Roles> routes;
  const auto rows = table();
  for (const auto& entry : router.entries()) {
    const auto row = rows.find(act_word(entry.name));
    EXPECT_NE(row, rows.end()) << "node/desk/permissions.cc has no row for " << entry.name;
    routes[act_word(entry.name)] = row == rows.end() ? Roles{0} : row->second;
  }
  // Nothing asks about roles there: whoever is a person has a session.
  for (const auto& route : api::port_routes()) routes[act_word(route.entry.name)] = kEveryRole;
  for (const std::string& act : differences(rows, routes))
    ADD_FAILURE() << act << ": the table of permissions and the routes differ";
}

// While the node may not sign one may look, and do what ends that state; nothing else.
TEST_F(Permissions, LookingGoesOnWhileNothingMayBeSignedAndHardlyAnyActDoes) {
  api::Router router([](std::string_view, const Caller&) { return Status{}; });
  add_all_routes(router);
  std::set<std::string> acts;
  for (const auto& entry : router.entries()) {
    if (entry.method == "GET") {
      EXPECT_TRUE(goes_on_unsigned(entry.name)) << entry.name;
    } else if (goes_on_unsigned(entry.name)) {
      acts.insert(entry.name);
    }
  }
  EXPECT_EQ(acts, (std::set<std::string>{"backup_make", "card_apply", "card_cancel", "card_prepare",
                                         "console_link", "draft_drop", "draft_save", "find",
                                         "ledger_find", "preferences_set", "record_check",
                                         "start_override", "suggest"}));
  EXPECT_FALSE(goes_on_unsigned(""));
}

TEST(PermissionTable, IsTheOneInTheDocument) {
  const auto document = test::permission_document();
  ASSERT_GE(document.size(), 40u);
  for (const std::string& act : differences(table(), document))
    ADD_FAILURE() << act << ": docs/operations.md, \"Who may do what\", and "
                  << "node/desk/permissions.cc differ";
}

TEST(PermissionTable, TheComparisonSeesAPlantedDefect) {
  const auto rows = table();
  auto changed = rows;
  changed["trace.open"] = static_cast<Roles>(Role::kAuditor);
  changed.erase("find");
  changed["trace.burn"] = kEveryRole;
  EXPECT_EQ(differences(rows, changed),
            (std::set<std::string>{"find", "trace.burn", "trace.open"}));
  const auto read = test::read_permission_table("### Who may do what\n\n| act | OFFICER | AUDITOR |\n|---|---|---|\n"
                                  "| `a.b`, `c` | yes | |\n| `d` | | yes |\n## next\n| `e` | yes | |\n");
  EXPECT_EQ(read.size(), 3u);
  EXPECT_EQ(read.at("c"), static_cast<Roles>(Role::kOfficer));
  EXPECT_EQ(read.at("d"), static_cast<Roles>(Role::kAuditor));
}

TEST(PermissionTable, WhatStandsInItNowhereNobodyMay) {
  for (const char* unknown : {"", "trace", "trace_opens", "TRACE_OPEN", "trace.open"}) {
    const auto role = may(kEveryRole, unknown);
    ASSERT_FALSE(role.has_value()) << unknown;
    EXPECT_EQ(role.error().code, ErrorCode::kPermission);
  }
  EXPECT_FALSE(may(0, "status").has_value());
}

TEST(PermissionTable, RefusalsNameWhoMay) {
  const auto refused = may(static_cast<Roles>(Role::kAuditor), "release_approve");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kPermission);
  EXPECT_NE(refused.error().message.find("release.approve"), std::string::npos);
  EXPECT_NE(refused.error().message.find("needs a supervisor"), std::string::npos);
  EXPECT_EQ(may(Role::kAuditor | Role::kSupervisor, "release_approve").value(), Role::kSupervisor);
}

// The rules that the issue of roles rests on, told apart from the table that could be edited.
TEST(PermissionTable, ContentIsForOfficersAndSupervisorsOnly) {
  for (const char* reads : {"trace_list", "trace_show", "trace_sheet", "inbox", "find",
                            "release_show", "outbox_show"})
    for (const Role role : {Role::kAuditor, Role::kCustodian, Role::kAdministrator})
      EXPECT_FALSE(may(static_cast<Roles>(role), reads).has_value())
          << role_name(role) << " reads by " << reads;
  for (const Permission& each : permissions()) {
    const std::string_view name = each.operation;
    const bool reads = name.find("list") != name.npos || name.find("show") != name.npos ||
                       name == "status" || name == "doctor" || name == "card_export" || name == "card_code" ||
                       name == "directory_compare" || name == "card_custody" ||
                       name.starts_with("ledger") || name == "openapi" ||
                       // Of the caller alone, and nothing of the ledger or of keys.
                       name == "preferences_set" || name.starts_with("session_") ||
                       name == "console_link" || name == "events" ||
                       name == "evidence_export";  // without content: EvidenceRights
    EXPECT_TRUE(reads || !has(each.roles, Role::kAuditor)) << name << " is no reading";
  }
  EXPECT_EQ(may(static_cast<Roles>(Role::kOfficer), "release_approve").has_value(), false);
}

TEST(PermissionTable, RolesHaveNames) {
  for (const Role role : kAllRoles) EXPECT_EQ(parse_role(role_name(role)), role);
  EXPECT_FALSE(parse_role("officer").has_value());
  EXPECT_EQ(roles_text(kEveryRole),
            "OFFICER, SUPERVISOR, AUDITOR, KEY_CUSTODIAN, ADMINISTRATOR");
}

}  // namespace
}  // namespace focal::desk
