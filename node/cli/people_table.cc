// Persons and the release by a second officer: as commands.
#include "node/cli/common_options.h"
#include "node/cli/families.h"

namespace focal::cli {
namespace {

using Kind = Option::Kind;

const Option kName{"NAME", Kind::kPositional, "", "The person, as `people list` shows it", true};
const Option kRelease{"ID", Kind::kPositional, "", "As `release list` shows it, e.g. R-3", true};
const Option kReason{"--reason", Kind::kText, "TEXT", "Why; kept in the ledger", true};
const Option kRole{"--role",
                   Kind::kList,
                   "ROLE",
                   "May be repeated: officer, supervisor, auditor, key-custodian, administrator",
                   true};
const Option kOfficerFd{"--officer-passphrase-fd", Kind::kNumber, "N",
                        "Read your own passphrase from this file descriptor"};

}  // namespace

std::vector<Command> people_table() {
  return {
      {"people list", "Who may do what at this node",
       "Lists the persons of this node: unix users with a name and roles. As long as nobody is "
       "named, the user who owns the node's folder is its only person and may do everything.",
       "focal people list",
       {{"--all", Kind::kFlag, "", "Also those who were removed"}}, run_people_list},
      {"people show", "One person: roles, key, and what the person may do",
       "Shows a person with every act it may do, and the certificate of its key.",
       "focal people show jo", {kName}, run_people_show},
      {"people add", "Name a unix user as a person of this node",
       "Gives a unix user a name and roles. Nobody else may use the node. When the first person is "
       "named, the owner of the node's folder keeps the role administrator and nothing more. A "
       "name stays with its user for ever: the ledger speaks of persons by it.\n\nOfficers do the "
       "casework. Supervisors read cases and release what needs a second officer. Auditors read "
       "the ledger. Key custodians and administrators run the node and read no case.",
       "focal people add jo --unix jferrer --role officer\n"
       "focal people add mia --unix msato --role supervisor --role auditor --personal-data",
       {{"NAME", Kind::kPositional, "", "2 to 32 of a-z, 0-9, '.', '_' and '-'", true},
        {"--unix", Kind::kText, "USER", "Name or number of the unix user", true},
        kRole,
        {"--personal-data", Kind::kFlag, "", "May see what identifies persons"}},
       run_people_add},
      {"people role", "Change what a person may do",
       "Sets the roles of a person: all it has from now on. It takes effect at once. The last "
       "administrator keeps that role.",
       "focal people role jo --role officer --role supervisor --reason 'stands in for Mia'",
       {kName,
        kRole,
        {"--personal-data", Kind::kText, "YES", "yes or no; left out: as it is", false,
         {"yes", "no"}},
        kReason},
       run_people_role},
      {"people remove", "A person leaves: no access any more, its key is revoked",
       "Ends what a person may do, at once, and revokes and removes its key. What the person did "
       "stays in the ledger under its name.",
       "focal people remove jo --reason 'left the office'", {kName, kReason, kYes},
       run_people_remove},
      {"people key", "Make the key you release with",
       "Makes your own signing key, under a passphrase that only you know: it is asked for twice, "
       "and again at every release. The node certifies the key for a year; --renew certifies the "
       "same key for another one. Whoever can act as your unix user still cannot release without "
       "the passphrase.",
       "focal people key\nfocal people key --renew",
       {{"--renew", Kind::kFlag, "", "The same key, for another year"}, kOfficerFd},
       run_people_key},
      {"people passphrase", "Another passphrase for your own key",
       "Asks for the passphrase of your key as it is, then twice for the new one. The key and its "
       "certificate stay. An old copy of the file in a backup still opens with the old passphrase: "
       "if somebody may know it, have the key revoked instead.",
       "focal people passphrase\n"
       "focal people passphrase --officer-passphrase-fd 3 --new-passphrase-fd 4",
       {kOfficerFd,
        {"--new-passphrase-fd", Kind::kNumber, "N", "Read the new one from this file descriptor"}},
       run_people_passphrase},
      {"people revoke-key", "A key is lost, or its passphrase forgotten",
       "Revokes the key of a person, who can then make a new one. Nothing that was released with "
       "it changes.",
       "focal people revoke-key mia --reason 'passphrase forgotten'", {kName, kReason, kYes},
       run_people_revoke_key},
  };
}

std::vector<Command> release_table() {
  return {
      {"release list", "What waits for a second officer",
       "Lists the acts that a second officer has to release: who asks, what it will do, until "
       "when. After 14 days they expire. --all also lists what was decided, the newest 50; older "
       "ones with --before.",
       "focal release list\n"
       "focal release list --all --before R-120",
       {{"--all", Kind::kFlag, "", "Also what has ended"},
        {"--limit", Kind::kNumber, "N", "With --all: so many (default 50, at most 200)"},
        {"--before", Kind::kText, "ID", "With --all: only those before this one"}},
       run_release_list},
      {"release show", "One act: what exactly will leave",
       "Shows an act that waits, field by field as it will leave, to whom, and who asks for it.",
       "focal release show R-3", {kRelease}, run_release_show},
      {"release approve", "Release an act of another officer",
       "Shows the act, asks, and asks for your passphrase. The act is checked again against what "
       "is true now; then it is done and signed with your key. Your own acts you cannot release.",
       "focal release approve R-3\n"
       "focal release approve R-3 --yes --officer-passphrase-fd 3",
       {kRelease, kOfficerFd, kYes}, run_release_approve},
      {"release reject", "Turn an act down, or take back your own",
       "Ends an act that waits; nothing leaves. A supervisor rejects, the officer who asked takes "
       "back.",
       "focal release reject R-3 --reason 'wrong addressee'", {kRelease, kReason},
       run_release_reject},
  };
}

}  // namespace focal::cli
