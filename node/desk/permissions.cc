#include "node/desk/permissions.h"

#include <algorithm>

namespace focal::desk {
namespace {

constexpr Roles O = static_cast<Roles>(Role::kOfficer);
constexpr Roles S = static_cast<Roles>(Role::kSupervisor);
constexpr Roles A = static_cast<Roles>(Role::kAuditor);
constexpr Roles C = static_cast<Roles>(Role::kCustodian);
constexpr Roles M = static_cast<Roles>(Role::kAdministrator);

// clang-format off
constexpr Permission kTable[] = {
  {"openapi",           kEveryRole},
  {"status",            kEveryRole},
  {"doctor",            kEveryRole},
  {"card_show",         kEveryRole},
  {"card_export",       kEveryRole},
  {"peer_list",         kEveryRole},
  {"peer_show",         kEveryRole},
  {"peer_add",          O | S | C},
  {"peer_verify",       O | S | C},
  {"peer_ping",         O | S | C | M},
  {"peer_suspend",      O | S | C},
  {"peer_resume",       O | S | C},
  {"peer_confirm",      O | S | C},
  {"peer_reject",       O | S | C},
  {"peer_seen",         O | S | C},
  {"notes_add",         O | S | C | M},
  {"directory_import",  M},
  {"directory_list",    kEveryRole},
  {"directory_show",    kEveryRole},
  {"directory_compare", kEveryRole},
  {"clock_show",        kEveryRole},
  {"clock_confirm",     C | M},
  {"witness_show",      kEveryRole},
  {"witness_set",       C | M},
  {"keys_show",         kEveryRole},
  {"keys_replace",      C},
  {"card_custody",      kEveryRole},
  {"card_prepare",      C},
  {"card_cancel",       C},
  {"card_apply",        C},
  {"card_revoke",       C},
  {"card_code",         kEveryRole},
  {"pair_show",         kEveryRole},
  {"pair_begin",        O | S | C},
  {"pair_finish",       O | S | C},
  {"pair_stop",         O | S | C},
  {"pair_drop",         C},
  {"schema_show",       kEveryRole},
  {"codes_show",        kEveryRole},
  {"suggest",           O | S},
  {"record_check",      O | S},
  {"draft_list",        O | S},
  {"draft_show",        O | S},
  {"draft_save",        O | S},
  {"draft_drop",        O | S},
  {"preferences_show",  kEveryRole},
  {"preferences_set",   kEveryRole},
  {"trace_list",        O | S},
  {"trace_show",        O | S},
  {"trace_sheet",       O | S},
  {"inbox",             O | S},
  {"find",              O | S},
  {"trace_open",        O},
  {"trace_import",      O},
  {"trace_follow",      O},
  {"trace_link",        O},
  {"trace_ack",         O},
  {"trace_ask",         O},
  {"trace_supply",      O},
  {"trace_delay",       O},
  {"trace_interim",     O},
  {"trace_answer",      O},
  {"trace_refuse",      O},
  {"trace_clarify",     O},
  {"trace_reply",       O},
  {"trace_correct",     O},
  {"trace_withdraw",    O},
  {"trace_close",       O},
  {"trace_reopen",      O},
  {"outbox_list",       O | S},
  {"outbox_show",       O | S},
  {"outbox_retry",      O | S},
  {"outbox_cancel",     O | S},
  {"ledger_verify",     kEveryRole},
  {"ledger_tail",       S | A},
  {"ledger_job",        kEveryRole},
  {"ledger_log",        S | A},
  {"ledger_show",       S | A},
  {"ledger_find",       S | A},
  {"ledger_checkpoint", S | A},
  {"ledger_tiles",      S | A},
  {"ledger_entries",    S | A},
  {"evidence_export",   O | S | A},
  {"evidence_demand",   O | S},
  {"people_list",       kEveryRole},
  {"people_show",       kEveryRole},
  {"people_add",        M},
  {"people_role",       M},
  {"people_remove",     M},
  {"people_key",        S},
  {"people_passphrase", S},
  {"people_revoke_key", C | M},
  {"start_show",        kEveryRole},
  {"start_override",    C},
  {"backup_show",       kEveryRole},
  {"backup_make",       M},
  {"session_open",      kEveryRole},
  {"session_confirm",   kEveryRole},
  {"session_end",       kEveryRole},
  {"session_show",      kEveryRole},
  {"session_password",  kEveryRole},
  {"console_link",      kEveryRole},
  {"events",            kEveryRole},
  {"retention_show",    S | A | M},
  {"retention_run",     M},
  {"record_erase",      O | S},
  {"release_list",      O | S},
  {"release_show",      O | S},
  {"release_approve",   S},
  {"release_reject",    O | S},
};
// clang-format on

// Acts that move keys or persons, release or destroy: whoever asks by a session has shown just now
// who it is.
constexpr std::string_view kConfirmed[] = {
    "keys_replace",     "card_prepare",  "card_cancel",    "card_apply",     "card_revoke",
    "people_add",       "people_role",   "people_remove",  "people_key",     "people_passphrase",
    "people_revoke_key", "release_approve", "record_erase", "retention_run", "witness_set", "start_override",
    "pair_begin",       "pair_finish",   "pair_drop",      "peer_verify",    "peer_confirm",
    "session_password"};

std::string_view word_of(Role role) {
  switch (role) {
    case Role::kOfficer: return "an officer";
    case Role::kSupervisor: return "a supervisor";
    case Role::kAuditor: return "an auditor";
    case Role::kCustodian: return "a key custodian";
    case Role::kAdministrator: return "an administrator";
  }
  return "nobody";
}

}  // namespace

std::string_view role_name(Role role) {
  switch (role) {
    case Role::kOfficer: return "OFFICER";
    case Role::kSupervisor: return "SUPERVISOR";
    case Role::kAuditor: return "AUDITOR";
    case Role::kCustodian: return "KEY_CUSTODIAN";
    case Role::kAdministrator: return "ADMINISTRATOR";
  }
  return "UNKNOWN";
}

std::optional<Role> parse_role(std::string_view name) {
  for (const Role role : kAllRoles)
    if (role_name(role) == name) return role;
  return std::nullopt;
}

std::vector<std::string> role_names(Roles roles) {
  std::vector<std::string> out;
  for (const Role role : kAllRoles)
    if (has(roles, role)) out.emplace_back(role_name(role));
  return out;
}

std::string roles_text(Roles roles, std::string_view between) {
  std::string out;
  for (const std::string& name : role_names(roles)) {
    if (!out.empty()) out += between;
    out += name;
  }
  return out;
}

std::span<const Permission> permissions() { return kTable; }

Roles roles_for(std::string_view operation) {
  const auto* row = std::find_if(std::begin(kTable), std::end(kTable),
                                 [&](const Permission& p) { return p.operation == operation; });
  return row == std::end(kTable) ? Roles{0} : row->roles;
}

std::string roles_words(Roles roles) {
  std::string out;
  for (const Role role : kAllRoles)
    if (has(roles, role)) out.append(out.empty() ? "" : " or ").append(word_of(role));
  return out.empty() ? "nobody" : out;
}

Result<Role> may(Roles roles, std::string_view operation) {
  const Roles allowed = roles_for(operation);
  if (allowed == 0)
    return fail(ErrorCode::kPermission, "nobody may do " + act_word(operation),
                "This program has no permission for it; tell the maintainers.");
  for (const Role role : kAllRoles)
    if (has(roles, role) && has(allowed, role)) return role;
  return fail(ErrorCode::kPermission,
              act_word(operation) + " needs " + roles_words(allowed),
              "'focal people list' shows who that is.");
}

std::string act_word(std::string_view operation) {
  std::string out(operation);
  if (const auto at = out.find('_'); at != std::string::npos) out[at] = '.';
  return out;
}

std::span<const std::string_view> confirmed_operations() { return kConfirmed; }

bool asks_again(std::string_view operation) {
  return std::find(std::begin(kConfirmed), std::end(kConfirmed), operation) !=
         std::end(kConfirmed);
}

Status check_confirmed(std::string_view operation, const Caller& caller) {
  if (caller.confirmed() || !asks_again(operation)) return {};
  return fail(ErrorCode::kConfirm, "this needs to know again that it is you",
              "Confirm with your console password, or with a link of 'focal console'.");
}

}  // namespace focal::desk
