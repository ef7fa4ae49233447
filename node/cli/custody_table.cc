// The custodian's commands: `focal card` at the node, `focal root` on the offline machine.
#include "node/cli/common_options.h"
#include "node/cli/families.h"

namespace focal::cli {
namespace {

using Kind = Option::Kind;

const Option kTo{"--to", Kind::kText, "FILE", "Write the request for the root machine there", true};
const Option kExpires{"--expires", Kind::kDate, "DATE", "Last day of the card (default: thirteen months)"};
const Option kAuthority{"--authority", Kind::kList, "TEXT",
                        "A line about the authority, in place of those on the card"};
const Option kPlan{"--plan", Kind::kText, "FILE", "The plan that the root machine wrote", true};
const Option kFolders{"--root-folder", Kind::kList, "DIR",
                      "Folder of a root medium (again for a second medium)", true};
const Option kRootFd{"--root-passphrase-fd", Kind::kNumber, "N",
                     "Read the passphrase of the roots from this file descriptor"};
const Option kSheet{"--sheet", Kind::kText, "FILE",
                    "The page for the safe (default: the written file's name and -sheet.html)"};
const Option kOut{"--out", Kind::kText, "FILE", "Write the signed note there", true};
const Option kMaybeOut{"--out", Kind::kText, "FILE", "Write the signed card there"};
const Option kMakePlan{"--plan", Kind::kText, "FILE", "First half: write the plan there"};
const Option kRequest{"FILE", Kind::kPositional, "", "The node's request", true};
const Option kMaybeRequest{"FILE", Kind::kPositional, "", "Second half: the node's request"};

}  // namespace

std::vector<Command> card_table() {
  return {
      {"card show", "Our card and schedule",
       "Prints our card: the signed text that tells others who we are and which keys are ours; when it "
       "expires, what is under way and what its custodian has to do next. Without a running node it is "
       "read from the folder.",
       "focal card show", {}, run_card_show},
      {"card custody", "What the key custodian has to do",
       "Shows how long the card lasts, with warnings 90, 30 and 7 days before it ends, which card is "
       "under way, the cards before it, and the next steps.",
       "focal card custody --json", {}, run_card_custody},
      {"card export", "What the other focal point needs to add us",
       "Prints the card together with the schedule of sealing keys and addresses, as one text "
       "that the other side gives to `focal peer add`. It holds no secret; that it is really ours "
       "the other side learns by `focal peer verify`.",
       "focal card export --to XA.card",
       {{"--to", Kind::kText, "FILE", "Write it there instead of printing it; never over another file"}}, run_card_export},
      {"card renew", "Ask the root for the next card, with the same keys",
       "Writes a request for the root machine: the next card, with a new last day and, if wanted, other "
       "lines about the authority. Nothing changes for others until the signed card is applied. The same "
       "command again, with another --to, writes the same request.",
       "focal card renew --to XA-2.request", {kTo, kAuthority, kExpires}, run_card_renew},
      {"card replace-keys", "Ask the root for a card with new keys: the server was stolen",
       "Draws new keys for signing, log, witness and transport and writes a request for a card that names "
       "them. The log goes on as its next generation. The old keys serve until the card is applied; then "
       "they are destroyed, but for the old connection key, which is kept for ninety days only to reach "
       "parties that do not have the new card, and the sealing keys, which end at their time. With --after the card follows one that the root has signed and whose keys are "
       "lost.",
       "focal card replace-keys --to XA-2.request",
       {kTo, kAuthority, kExpires,
        {"--after", Kind::kText, "FILE", "A signed card of ours whose keys no node has"}},
       run_card_replace_keys},
      {"card rotate", "Ask for a card that changes the root, signed by both roots",
       "Writes a request for a card by the announced next root. The plan comes from the root machine: "
       "`focal root rotate --plan`.",
       "focal card rotate --plan XA.plan --to XA-2.request", {kPlan, kTo, kAuthority, kExpires},
       run_card_rotate},
      {"card recover", "Ask for a card by the next root alone: the root was stolen or lost",
       "As `card rotate`, but the next root signs alone. Every party suspends us until an officer there "
       "has heard our voice.",
       "focal card recover --plan XA.plan --to XA-2.request", {kPlan, kTo, kAuthority, kExpires},
       run_card_recover},
      {"card cancel", "Give up the card that is under way",
       "Forgets the request and the keys made for it. Only if the root has not signed it: a root never "
       "signs two cards with one serial.",
       "focal card cancel", {kYes}, run_card_cancel},
      {"card apply", "Put the card that the root signed in force",
       "Checks that the file is the card that was prepared here, writes it into the ledger, replaces the "
       "keys if it names new ones, and publishes it. A kill at any moment ends in the old card or the new "
       "one. A running node opens itself again; without one the passphrase of the keystore is asked for.",
       "focal card apply XA-2.focalcard",
       {{"FILE", Kind::kPositional, "", "What the root machine wrote", true},
        {"--passphrase-fd", Kind::kNumber, "N",
         "Read the node's passphrase from this file descriptor (only without a running node)"}},
       run_card_apply},
      {"card revoke", "Publish that a card of ours is void",
       "Takes the note that the root signed (`focal root revoke`), keeps it in the ledger and gives it to "
       "every party. Of an earlier card, after its keys were replaced, this costs nothing; the card in "
       "force is revoked only with --in-force: then nobody exchanges anything with us until the next card.",
       "focal card revoke XA-2.revocation",
       {{"FILE", Kind::kPositional, "", "What the root machine wrote", true},
        {"--in-force", Kind::kFlag, "", "Also if the card in force has these keys"}, kYes},
       run_card_revoke},
  };
}

std::vector<Command> root_table() {
  return {
      {"root make", "Make the root and the next root of a party",
       "Draws the two root keys on an offline machine, where `focal init` did not. Writes them into one "
       "folder, or into two, and a plan that the node takes: `focal init XA --root-plan FILE`.",
       "focal root make XA --root-folder /media/one --root-folder /media/two --plan XA.plan",
       {{"PARTY", Kind::kPositional, "", "Our party code, e.g. XA", true}, kFolders,
        {"--plan", Kind::kText, "FILE", "Write the public part for the node there", true}, kSheet, kRootFd,
        kYes},
       run_root_make},
      {"root show", "Which keys are on a medium, and what they signed last",
       "Shows each key: whether it is the root, the next root or a retired one, its fingerprint, and the "
       "newest card it signed. --card writes that card again, --plan the plan of 'focal root make'.",
       "focal root show --root-folder /media/one",
       {kFolders, {"--card", Kind::kText, "FILE", "Write the newest card known there"},
        {"--plan", Kind::kText, "FILE", "Write the plan of new roots again, before their first card"},
        {"--sheet", Kind::kText, "FILE", "Write the page for the safe there"}, kRootFd},
       run_root_show},
      {"root sign", "Sign the card that the node asks for",
       "Shows what the card changes, asks, signs, and remembers the card on the medium: one root never "
       "signs two cards with one number. Compare the number shown here with the node's before you agree.",
       "focal root sign XA-2.request --root-folder /media/one --out XA-2.focalcard",
       {kRequest, kFolders, kOut, kSheet, kRootFd, kYes}, run_root_sign},
      {"root rotate", "Change to the announced next root, with both roots",
       "In two halves. First --plan, for which the next root's medium is enough: it makes the root after "
       "the next and writes a plan for the node (`focal card rotate`). Then the node's request, with both "
       "media: both roots sign.",
       "focal root rotate --plan XA.plan --root-folder /media/one --root-folder /media/two\n"
       "focal root rotate XA-3.request --root-folder /media/one --root-folder /media/two \\\n"
       "    --out XA-3.focalcard",
       {kMaybeRequest, kFolders, kMakePlan, kMaybeOut, kSheet, kRootFd, kYes}, run_root_rotate},
      {"root recover", "Recover the name with the next root alone",
       "As `root rotate`, for a root that is stolen or lost: the next root signs alone. Every party "
       "suspends us until an officer there has heard our voice.",
       "focal root recover --plan XA.plan --root-folder /media/two\n"
       "focal root recover XA-3.request --root-folder /media/two --out XA-3.focalcard",
       {kMaybeRequest, kFolders, kMakePlan, kMaybeOut, kSheet, kRootFd, kYes}, run_root_recover},
      {"root revoke", "Declare a card void: its keys are in other hands",
       "Signs a note that the keys of a card are not to be believed any more from the given day. --serial "
       "or --card says which: after a theft of the server, the card before the one with the new keys, "
       "which is signed first. The root signs; where it is stolen or lost the next root does "
       "(--by-next-root), and from then on the parties take only a recovery.",
       "focal root revoke --root-folder /media/one --serial 2 --since 2027-03-01 \\\n"
       "    --reason 'server stolen' --out XA-2.revocation",
       {kFolders, kOut,
        {"--since", Kind::kText, "DATE", "From when on: 2027-03-01, or 2027-03-01T08:30:00Z", true},
        {"--reason", Kind::kText, "TEXT", "Why, in one line; everybody reads it", true},
        {"--scope", Kind::kText, "SCOPE", "all (default); sign: what it signed; transport: its connection; seal: its present sealing keys", false,
         {"all", "sign", "transport", "seal"}},
        {"--serial", Kind::kNumber, "N", "The card, if the medium remembers it"},
        {"--card", Kind::kText, "FILE", "The card, if the medium does not remember it"},
        {"--by-next-root", Kind::kFlag, "", "The next root signs: only if the root is stolen or lost"},
        kSheet, kRootFd, kYes},
       run_root_revoke},
      {"root directory", "As an introducer: sign a directory of parties",
       "Reads a list, one party a line: its code, its root key as on its card, the serial of its card. "
       "Signs it as this party's directory, with the next serial.",
       "focal root directory met.txt --root-folder /media/one --out UNODA-9.directory",
       {{"FILE", Kind::kPositional, "", "The list", true}, kFolders, kOut, kSheet, kRootFd, kYes},
       run_root_directory},
  };
}

}  // namespace focal::cli
