// The table of what an act of the root does, and what follows from it.
#include "base/check.h"
#include "node/cli/root_text.h"

namespace focal::cli {
namespace {

constexpr std::string_view kNamesAfterwards =
    "root.focalkey is now the new root, next-root.focalkey the one after it, and the old one "
    "is named retired-root-N.focalkey.";
constexpr std::string_view kServerTaken =
    "Revoke nothing: the keys of the server are still yours. Only if the server was taken "
    "too: focal card replace-keys, focal root sign, focal card apply, and then revoke the "
    "cards before.";

const std::vector<RootWords> kActs = {
  {"SHOW", "What is on the root medium", {"Reads the key files. Nothing is changed."}, {}, {}, {}},
  {"MAKE", "Make the two roots of a party",
   {"Draws two new keys, the root and the next root, and writes each into a file of its own under "
    "your passphrase.",
    "Writes a plan: their public part, which the node needs for its first card."},
   {"Nothing. No party knows these keys before a card names them."},
   {"Nothing is lost by it: unused roots can be destroyed."},
   {"Copy each key file to a second medium and try both copies: focal root show.",
    "Take {file} to the node: focal init {party} --root-plan {file} --request REQUEST.",
    "Sign the first card with both media in the machine: focal root sign REQUEST with both "
    "--root-folder. It fixes the next root, which has to be seen.",
    "Then put root and next root into two different safes, this sheet beside them."}},
  {"SIGN", "Sign the next card",
   {"Adds the root's signature to the card that the node asks for. The medium remembers it and will "
    "never sign another card with this serial.",
    "Compare the number of the card below with the one the node shows. If one digit differs, stop."},
   {"Parties that hold the card before it take the new one over by themselves, at once over the "
    "node's own link or when an officer there adds it, after 72 hours from anywhere else.",
    "Whoever holds the keys on this card speaks for {party} until it is revoked or expires."},
   {"A signature cannot be taken back. A wrong card can only be followed by another one, or revoked."},
   {"Take {file} back to the node: focal card apply {file}.",
    "Copy the key files to the second medium, which has to remember this card too.",
    "Put the medium and this sheet back into the safe."}},
  {"PLAN_ROTATE", "Plan the change to the announced next root",
   {"Draws the root after the next one and writes a plan: the public part of both. The node needs it "
    "to ask for the card.",
    "Nothing is signed for other parties yet."},
   {"Nothing, until a card is signed and applied."},
   {"Nothing is lost by it: a plan that is not carried out can be forgotten."},
   {"Take {file} to the node: focal card rotate --plan {file} --to REQUEST.",
    "Come back with the request: focal root rotate REQUEST --root-folder DIR --out FILE."}},
  {"PLAN_RECOVER", "Plan the recovery by the next root alone",
   {"Draws the root after the next one and writes a plan: the public part of both. The node needs it "
    "to ask for the card.",
    "Nothing is signed for other parties yet."},
   {"Nothing, until a card is signed and applied."},
   {"Nothing is lost by it: a plan that is not carried out can be forgotten."},
   {"Take {file} to the node: focal card recover --plan {file} --to REQUEST.",
    "Come back with the request: focal root recover REQUEST --root-folder DIR --out FILE."}},
  {"ROTATE", "Change to the announced next root, with both roots",
   {"Signs the card with the root in force and with the next root, which becomes the root. The one "
    "made by the plan becomes the next root.",
    "Compare the number of the card below with the one the node shows. If one digit differs, stop."},
   {"Parties take the new card over by themselves and tell their operators. The safety numbers "
    "change: they are made of the roots."},
   {"The old root signs no more cards. The card cannot be taken back."},
   {"Take {file} back to the node: focal card apply {file}.",
    kNamesAfterwards,
    "Put root and next root into different safes, each on two media, this sheet beside them.",
    "Replace every older copy of the media: their file names tell the old roles.",
    "When every party has the new card, destroy the retired root."}},
  {"RECOVER", "Recover the name with the next root alone",
   {"For a root that is stolen, lost or in doubt. Signs the card with the announced next root, which "
    "becomes the root. The one made by the plan becomes the next root.",
    "Compare the number of the card below with the one the node shows. If one digit differs, stop."},
   {"Every party suspends {party} at once: nothing is sent to it and its records wait, until an "
    "officer there has heard your voice and types 'focal peer confirm {party}', or introducers list "
    "the new root and 72 hours have passed.",
    "The safety numbers change: they are made of the roots."},
   {"The old root is worth nothing from now on. The card cannot be taken back."},
   {"Take {file} back to the node: focal card apply {file}.",
    "Call the focal point of every party; the list is in focal peer list.",
    kServerTaken,
    "Replace every older copy of the media: their file names tell the old roles.",
    "Put root and next root into different safes, each on two media, this sheet beside them."}},
  {"REVOKE", "Revoke a card",
   {"Signs a note that the card's keys are not to be believed any more, from the day given."},
   {"Parties stop sending at once and drop the link (scope all). What was signed with those keys "
    "after that day is not believed; older records stand where they can be proved to be older.",
    "It takes keys, whichever card names them: a later card with the same keys stops too. Replace the "
    "keys first (focal card replace-keys).",
    "They take the party back when they have its next card with new keys."},
   {"A revocation cannot be taken back. Only a following card restores the party."},
   {"Take {file} to the node: focal card revoke {file}. Without a node, send it to every party: they "
    "take it with 'focal notes add'.",
    "Put the medium and this sheet back into the safe."}},
  {"DIRECTORY", "Sign a directory as an introducer",
   {"Signs the list of parties and roots as this introducer's word that it has met them."},
   {"Nodes that name this introducer in their configuration count its word for a party they have "
    "not met. It never replaces a card they hold, and verifies nobody."},
   {"A directory cannot be taken back; the next one replaces it. Two with one serial prove a fraud."},
   {"Send {file} to the parties: focal directory import {file}.",
    "Put the medium and this sheet back into the safe."}},
};

}  // namespace

std::vector<std::string_view> root_acts() {
  std::vector<std::string_view> out;
  out.reserve(kActs.size());
  for (const RootWords& words : kActs) out.push_back(words.act);
  return out;
}

const RootWords& root_words(std::string_view act) {
  for (const RootWords& words : kActs)
    if (words.act == act) return words;
  FOCAL_CHECK(false);
}

}  // namespace focal::cli
