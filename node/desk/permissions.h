// Who may ask for what: one table, operation × role. What does not stand in it nobody may do. The
// router asks before an operation runs (node/api/routes.h); docs/operations.md, "Who may do what",
// has the same table for people, and a test compares the two.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/result.h"

namespace focal::desk {

enum class Role : std::uint8_t {
  kOfficer = 1,        // does the casework
  kSupervisor = 2,     // reads cases, releases what needs a second officer
  kAuditor = 4,        // reads the ledger, never changes anything
  kCustodian = 8,      // keys: the node's and those of peers; reads no case
  kAdministrator = 16  // runs the node, names persons; reads no case
};
using Roles = std::uint8_t;  // a set

inline constexpr std::array kAllRoles{Role::kOfficer, Role::kSupervisor, Role::kAuditor,
                                      Role::kCustodian, Role::kAdministrator};
constexpr Roles operator|(Role a, Role b) {
  return static_cast<Roles>(static_cast<Roles>(a) | static_cast<Roles>(b));
}
constexpr Roles operator|(Roles a, Role b) {
  return static_cast<Roles>(a | static_cast<Roles>(b));
}
constexpr bool has(Roles roles, Role role) { return (roles & static_cast<Roles>(role)) != 0; }
inline constexpr Roles kEveryRole =
    Role::kOfficer | Role::kSupervisor | Role::kAuditor | Role::kCustodian | Role::kAdministrator;

std::string_view role_name(Role role);  // "OFFICER", "KEY_CUSTODIAN", …
std::optional<Role> parse_role(std::string_view name);
std::string roles_text(Roles roles, std::string_view between = ", ");

std::vector<std::string> role_names(Roles roles);

struct Permission {
  std::string_view operation;  // name of a route: "trace_open"
  Roles roles;
};
std::span<const Permission> permissions();

// Who may do it; none: nobody.
Roles roles_for(std::string_view operation);
// "an officer or a supervisor"
std::string roles_words(Roles roles);

// Operations that move keys or persons, release or destroy: by a session of the console they need
// that who asks has shown just now who it is. kConfirm.
std::span<const std::string_view> confirmed_operations();
bool asks_again(std::string_view operation);
Status check_confirmed(std::string_view operation, const Caller& caller);

// The first of these roles that allows the operation. kPermission, with who may.
Result<Role> may(Roles roles, std::string_view operation);

// "trace.open" of "trace_open": how acts are called in the ledger, on the screen and in the
// configuration.
std::string act_word(std::string_view operation);

}  // namespace focal::desk
