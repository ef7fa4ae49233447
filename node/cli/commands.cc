// The table of commands: words, help, options, function. What `focal --help` teaches
// stands here, for the acts of a case in act_table.cc, and nowhere else.
#include "node/cli/common_options.h"
#include "node/cli/families.h"

namespace focal::cli {
namespace {

using Kind = Option::Kind;

const Option kOnlyParty{"--party", Kind::kText, "PARTY", "Only this party's"};
const Option kLimit{"--limit", Kind::kNumber, "N", "At most so many (default 100, at most 1000)"};
const Option kAfter{"--after", Kind::kText, "PLACE", "Go on behind a page: what it says at its end"};
const Option kPassphraseFd{"--passphrase-fd", Kind::kNumber, "N",
                           "Read the node's passphrase from this file descriptor"};

std::vector<Command> node_table() {
  return {
      {"status", "How the node is: card, peers, queues, ledger, refusals",
       "Shows the node at a glance: its card and when that expires, each peer with trust level, "
       "link, last contact and, if it is not connected, why; what waits to be sent; the ledger "
       "and its last checkpoint; what was refused on the way in, and at which step.",
       "focal status", {}, run_status},
      {"init", "Make the keys and the first card of a new node",
       "Makes a new node in the folder (-C): its working keys in a keystore, a configuration, and "
       "its first card. The root key and its successor go to --root-folder, which is meant for a "
       "medium that is kept offline; the node never needs it again until the card is renewed. Two "
       "passphrases are asked for, one for the node's keystore and one for the roots. Where the roots "
       "were made elsewhere (`focal root make`), --root-plan takes their plan, and where the node of a "
       "card is lost, --after takes that card: then no root is made, and --request names the file that "
       "goes to the root machine. Existing files are never overwritten. Works without a running node.",
       "focal -C /var/lib/focal init XA --root-folder /media/stick/XA \\\n"
       "    --listen tcp://0.0.0.0:7117 --endpoint tcp://198.51.100.7:7117 \\\n"
       "    --authority 'Federal Office of Police'\n"
       "focal -C /var/lib/focal init XA --root-plan XA.plan --request XA-1.request \\\n"
       "    --authority 'Federal Office of Police'",
       {{"PARTY", Kind::kPositional, "", "Our party code, e.g. XA or XA-ITI", true},
        {"--root-folder", Kind::kText, "DIR", "Where the root keys go: an offline medium"},
        {"--root-plan", Kind::kText, "FILE", "Instead: the plan of roots that were made elsewhere"},
        {"--after", Kind::kText, "FILE", "Instead: our newest card, whose node is lost"},
        {"--request", Kind::kText, "FILE", "With one of these: write the request for the root there"},
        {"--listen", Kind::kText, "ADDRESS", "Address the node listens on, tcp://HOST:PORT"},
        {"--endpoint", Kind::kList, "ADDRESS", "Address others reach it at (up to 4 times)"},
        {"--authority", Kind::kList, "TEXT", "A line about the authority, shown on the card"},
        {"--expires", Kind::kDate, "DATE", "Last day of the card"},
        kPassphraseFd,
        {"--root-passphrase-fd", Kind::kNumber, "N", "The same for the passphrase of the roots"}},
       run_init},
  };
}

std::vector<Command> trace_table() {
  return {
      {"trace list",
       "Tracing cases",
       "Lists tracing cases of both directions: overdue ones first, then by the next target.",
       "focal trace list --open",
       {kOnlyParty,
        {"--state", Kind::kText, "STATE", "Only in this state, e.g. ACKNOWLEDGED"},
        {"--role",
         Kind::kText,
         "ROLE",
         "requester or responder",
         false,
         {"requester", "responder"}},
        {"--open", Kind::kFlag, "", "Only cases that are not finished"},
        kLimit,
        kAfter},
       run_trace_list},
      {"trace show",
       "One case: items, timeline, what can be done next",
       "Shows a case as it stands: both references, due times, each item with its result, every "
       "record with what it did and whether the other end has it, and the acts now possible.",
       "focal trace show T-12",
       {kCase,
        {"--records", Kind::kFlag, "", "Also every record as JSON"},
        {"--all", Kind::kFlag, "", "Also links that were found to be about another weapon"}},
       run_trace_show},
      {"trace sheet",
       "One case on paper: text or an HTML page, in six languages",
       "Writes everything about a case for the paper file: parties, handling, legal part, items, "
       "results, restrictions, timeline and record ids, with the label on every page. Personal data "
       "are left out unless asked for. --html makes one page that a browser prints. A file is made "
       "for its owner alone and never overwritten.",
       "focal trace sheet T-12 --html --lang fr --out T-12.html",
       {kCase,
        {"--html", Kind::kFlag, "", "One HTML page instead of text"},
        {"--lang",
         Kind::kText,
         "LANG",
         "Language of labels and codes (default en)",
         false,
         {"en", "fr", "es", "ru", "zh", "ar"}},
        {"--with-personal-data", Kind::kFlag, "", "Also names and other personal data"},
        {"--out", Kind::kText, "FILE", "Write it there instead of printing it"}},
       run_trace_sheet},
  };
}

std::vector<Command> find_table() {
  return {
      {"find", "A weapon by its serial number, however it was written",
       "Looks among all weapons of all requests of this node, both directions, for those that can "
       "bear this number: equal, with letters that look alike, with ? and * for what cannot be "
       "read, without the letters between the digits, or with one character more, less or other. "
       "The score also says whether maker, model, calibre and type agree. Every line is a lead: a "
       "person compares all the data, nothing here is proof of identity.\n\nAn argument can be "
       "seen by other users of this machine while the command runs; with - the number is read from "
       "standard input.",
       "focal find 'A?12*4'\n"
       "focal find DA017342 --make 'Arsenal Delta' --calibre 9x19\n"
       "focal find -",
       {{"SERIAL", Kind::kPositional, "",
         "The number as read; ? one unreadable character, * several; - standard input", true},
        {"--or", Kind::kList, "SERIAL", "Another reading of it; may be repeated"},
        {"--make", Kind::kText, "NAME", "Maker, in any writing"},
        {"--model", Kind::kText, "NAME", "Model"},
        {"--calibre", Kind::kText, "CALIBRE", "Calibre, in any writing: 9x19, 7,62x39, .38"},
        {"--type", Kind::kText, "TYPE", "Type of weapon, e.g. SA_PISTOL"},
        {"--limit", Kind::kNumber, "N", "At most so many (default 20, at most 200)"},
        {"--skip", Kind::kNumber, "N", "Pass over so many of the best, to see what follows"}},
       run_find},
  };
}

std::vector<Command> box_table() {
  return {
      {"inbox", "What needs attention, overdue first",
       "Lists the open cases by target: overdue first, then the one that ends next. Targets are the "
       "parties' own wishes, not law; none runs while information is awaited (paused). A mark shows "
       "where it is our turn; REJECTED beside a state says that our request was refused on its way.",
       "focal inbox --needs-action",
       {{"--needs-action", Kind::kFlag, "", "Only where it is our turn"},
        {"--waiting", Kind::kFlag, "", "Only where it is not our turn"},
        {"--overdue", Kind::kFlag, "", "Only what is overdue"},
        kOnlyParty,
        {"--state", Kind::kText, "STATE", "Only in this state, e.g. RECEIVED"},
        {"--role", Kind::kText, "ROLE", "requester or responder", false, {"requester", "responder"}},
        {"--priority", Kind::kText, "PRIORITY", "routine, urgent or flash", false, {"routine", "urgent", "flash"}},
        {"--text", Kind::kText, "WORDS", "Only with these words in number, subject or party"},
        kLimit,
        kAfter},
       run_inbox},
      {"outbox", "What is on its way, and how every sending ended",
       "Lists what has not been accepted by the other end yet, why, and when it is tried next. "
       "--all also lists what has ended: accepted, rejected with a reason, expired or cancelled; "
       "it looks through the newest 10 000 sendings.",
       "focal outbox --all --party XB",
       {{"--all", Kind::kFlag, "", "Also what has ended"},
        kOnlyParty,
        {"--state", Kind::kText, "STATE", "Only in this state, e.g. HELD or REJECTED"},
        kLimit,
        kAfter},
       run_outbox},
      {"outbox retry", "Try one sending again now",
       "Makes a sending that waits or is held ready at once. What has ended cannot be tried again.",
       "focal outbox retry 17-XB", {{"ID", Kind::kPositional, "", "As `outbox` shows it", true}},
       run_outbox_retry},
      {"outbox cancel", "Give up one sending, with a reason",
       "Ends a sending that has not been accepted. The reason is kept in the ledger. If the other "
       "end has already stored it, its receipt overrides the cancellation.",
       "focal outbox cancel 17-XB --reason 'sent to the wrong party'",
       {{"ID", Kind::kPositional, "", "As `outbox` shows it", true},
        {"--reason", Kind::kText, "TEXT", "Why", true},
        {"--yes", Kind::kFlag, "", "Do not ask"}},
       run_outbox_cancel},
  };
}

}  // namespace

const std::vector<Group>& groups() {
  static const std::vector<Group> table{
      {"trace", "Tracing requests: open, list, show, and every act of a case",
       "Tracing requests and their answers under the International Tracing Instrument. `focal "
       "trace show CASE` lists what is possible in a case now, as commands ready to type."},
      {"outbox", "What is on its way, and how every sending ended",
       "What is on its way to other parties, and how every sending ended."},
      {"peer", "Other parties: add, list, show, verify, meet, suspend, confirm, ping",
       "Other parties: who they are, how far they are trusted and why, whether they can be "
       "reached. `focal peer list` says it in words and names the next step."},
      {"directory", "What introducers list: import, list, show, compare",
       "Directories of introducers: which root keys they list for which parties. A party that "
       "enough introducers list is introduced; only the safety number verifies it."},
      {"notes", "Signed notes from a file: add",
       "Cards, schedules, revocations and directories that came as a file."},
      {"clock", "Which time the node goes by, and confirming it",
       "Which time the node goes by for what cannot be taken back, and confirming it."},
      {"witness", "Who vouches for our log: show, set, auto",
       "Other parties that cosign the checkpoints of our ledger, and the logs that we cosign."},
      {"keys", "Our sealing keys: show, replace", "Our sealing keys, week by week."},
      {"console", "The console in a browser: a link to it, password",
       "The console: everything that focal does, on a screen, for people of this node."},
      {"backup", "Copies of the node: make, show",
       "Copies of the node, made by hand or every day, and their rehearsal."},
      {"retention", "How long content is kept: show, run",
       "How long content is kept, what is due, and the night's run that destroys it."},
      {"start", "Whether this copy of the node may sign: show, override",
       "Whether the node is sure to be the newest copy of itself, and what it waits for."},
      {"people", "Persons of this node: list, show, add, role, remove, key, passphrase, revoke-key",
       "Who may do what at this node, and the keys with which supervisors release. A person is a "
       "unix user with a name and roles:\n\n"
       "  officer         the casework: opens, answers, looks for weapons; first contact\n"
       "  supervisor      reads cases, releases what needs a second officer\n"
       "  auditor         reads the ledger, never changes anything, reads no case\n"
       "  key-custodian   our card and sealing keys, lost officers' keys; reads no case\n"
       "  administrator   runs the node, imports directories, names persons; reads no case\n\n"
       "As long as nobody is named, the owner of the node's folder may do everything alone. To "
       "begin: name an officer and two supervisors, let each supervisor make a key with `focal "
       "people key`, and read \"People and roles\" in docs/operations.md. `focal people show NAME` "
       "lists what a person may do."},
      {"release", "Release by a second officer: list, show, approve, reject",
       "Acts that a second officer has to release before anything leaves this node."},
      {"card", "Our card: show, export, renew, change, apply, revoke",
       "Our card: who we are to others, and what its custodian does at the node. The ceremonies stand "
       "in docs/operations.md."},
      {"root", "The offline root: make, show, sign, rotate, recover, revoke, directory",
       "The root of a party, on a machine without a network: needs nothing but the folder of the root "
       "keys. Every act is explained before it is taken and leaves a page for the safe."},
      {"evidence", "Records for who has no node: export, demand",
       "Files that prove what they hold to somebody without a node, and proofs that other parties are "
       "asked for."},
      {"draft", "Your own drafts: list, show, save, drop",
       "What you have begun and not sent, here or in the console. Nobody else reads it."},
      {"record", "A record before it is sent: check",
       "A record asked against the rules of its kind, without a case and without sending it."},
      {"preferences", "Your own settings of the console: show, set",
       "What the console keeps for you. Nobody else reads it."},
      {"ledger", "The ledger: verify, log, show, find, export, tail",
       "The append-only record of everything that was sent, received and decided."},
  };
  return table;
}

const std::vector<Command>& commands() {
  static const std::vector<Command> table = [] {
    std::vector<Command> out;
    for (auto* part : {&box_table, &find_table, &open_table, &trace_table, &act_table, &peer_table,
                       &people_table, &release_table, &pair_table, &node_table, &doctor_table,
                       &ledger_table, &clock_table, &witness_table, &backup_table, &card_table,
                       &root_table, &retention_table, &evidence_table, &console_table,
                       &draft_table, &form_table})
      for (Command& command : part()) out.push_back(std::move(command));
    return out;
  }();
  return table;
}

}  // namespace focal::cli
