// Commands about other parties: words, help, options, function.
#include "node/cli/common_options.h"
#include "node/cli/families.h"

namespace focal::cli {
namespace {

using Kind = Option::Kind;

const Option kParty{"PARTY", Kind::kPositional, "", "The other party, e.g. XB", true};
const Option kCard{"--card", Kind::kText, "ID",
                   "Which card, by the first characters of its id; needed if several are on hold"};

Option how(bool required) {
  return {"--how",  Kind::kText, "HOW", "phone, in-person or note-verbale",
          required, {"phone", "in-person", "note-verbale"}};
}
Option reason(bool required) {
  return {"--reason", Kind::kText, "TEXT", "Why; it is kept in the ledger", required};
}

std::vector<Command> meeting_table() {
  return {
      {"peer add", "Store another party's card",
       "Reads what the other side printed with `focal card export` and stores it at trust level "
       "NONE: nothing but cards passes until you compare the safety number (`focal peer verify`). "
       "Of a party that is here already, a newer card by the same root takes the place of the old one. "
       "If enough introducers list the card's root key, the party is introduced at once.",
       "focal peer add XB.card",
       {{"FILE", Kind::kPositional, "", "Its card and schedule; - is standard input", true},
        {"--party", Kind::kText, "PARTY", "Refuse the file if it is not this party's"},
        kYes},
       run_peer_add},
      {"peer list", "The parties we know, and how far they are trusted",
       "Lists every party we have met: link, last contact, queue; and in words how far it is "
       "trusted, by whom and why, what passes, and the next step.",
       "focal peer list", {}, run_peer_list},
      {"peer show", "One party: trust, safety number, link, card",
       "Shows one party in full: how it is trusted and why, cards on hold and what to do about "
       "them, link, card, sealing keys, and the safety number. --proof prints what proves it: who "
       "decided what, and the cards, revocations and fork proofs as they were signed.",
       "focal peer show XB\n"
       "focal peer show XB --proof",
       {kParty, {"--proof", Kind::kFlag, "", "Also who decided what, and the signed notes"}},
       run_peer_show},
      {"peer verify", "Confirm that a card is really that party's",
       "Alone it shows the safety number, twelve groups of five digits that are the same on both "
       "sides, and says how two people compare it. With --how it raises the party to VERIFIED, "
       "and only if the sixty digits are right; without --number it asks for them. How it was "
       "compared, when and by whom goes into the ledger. A terminal also shows our key as a QR "
       "code, for somebody who sits beside you or for a letter; what a program reads from the "
       "other side's is given with --code. There is no way around the number or the code.",
       "focal peer verify XB\n"
       "focal peer verify XB --how phone\n"
       "focal peer verify XB --how note-verbale --number '12345 67890 …'\n"
       "focal peer verify XB --how in-person --code 'FOCAL:1:…'",
       {kParty, how(false),
        {"--number", Kind::kText, "DIGITS", "The sixty digits the other side gave you"},
        {"--code", Kind::kText, "TEXT", "Instead: what the QR code on the other side's screen or "
                                        "letter says; not with --how phone"}},
       run_peer_verify},
      {"peer ping", "Send a signed test record and wait for its receipt",
       "Sends a test record that belongs to no case, signed and sealed like any other, and waits "
       "for the other side's signed receipt. It proves the whole way, not just the connection.",
       "focal peer ping XB --wait 30",
       {kParty, {"--wait", Kind::kNumber, "SECONDS", "How long to wait (default 10)"}},
       run_peer_ping},
  };
}

std::vector<Command> decision_table() {
  return {
      {"peer suspend", "Stop the exchange with a party, for now",
       "Nothing more is sent to the party and its records wait here unread, until `focal peer "
       "resume`. Receipts still count, and nothing is lost. Who did it and why is kept in the "
       "ledger; the other side is not told.",
       "focal peer suspend XB --reason 'their server was stolen, says their ministry'",
       {kParty, reason(true), kYes}, run_peer_suspend},
      {"peer resume", "Take the exchange with a suspended party up again",
       "Ends a suspension, after showing why it stands: what waits in both directions goes on. If "
       "the party was suspended because two cards with one serial number exist, a reason has to be "
       "given. A recovery is ended by `focal peer confirm` or `reject` instead.",
       "focal peer resume XB --reason 'new server, called Ms Okafor'",
       {kParty, reason(false), kYes}, run_peer_resume},
      {"peer confirm", "Take a card on hold, after speaking to the party",
       "A card that did not come from its party itself, or that only the announced next root key "
       "has signed, is on hold (`focal peer show`). Call the party on a number you know. If the "
       "card is theirs, this command takes it. It shows the old and the new root key; if they "
       "differ, the safety number has changed, and they have to read you the new one.",
       "focal peer confirm XB --how phone\n"
       "focal peer confirm XB --how phone --number '12345 67890 …' --yes",
       {kParty, how(true),
        {"--number", Kind::kText, "DIGITS", "The sixty digits of the new safety number"}, kCard,
        kYes},
       run_peer_confirm},
      {"peer reject", "Refuse a card on hold",
       "Refuses a card that the party says is not theirs. It is kept as evidence, shown by `focal "
       "peer show --proof`, and refused again if it comes again.",
       "focal peer reject XB --reason 'Ms Okafor: not ours'",
       {kParty, reason(true), kCard, kYes}, run_peer_reject},
      {"peer seen", "Say that you have looked at a new card of a party",
       "A card that its party brought itself, that its old and its new root key have signed, or that "
       "nobody here decided on for 72 hours, takes effect without an officer. `focal status` warns of "
       "it until somebody has looked. This command shows what took effect and says that you have seen "
       "it; who and when is kept in the ledger. Did you not expect it, call the party first.",
       "focal peer seen XB",
       {kParty, kYes}, run_peer_seen},
      {"notes add", "Take signed notes from a file",
       "Reads any number of cards, schedules, revocations and directories from one file and says "
       "of each what happened. What an officer adds counts as brought by its party: a revocation "
       "takes effect at once, and a new card by the same root takes the place of the old one. Add "
       "only what the party itself gave you. Exit code 1 if one was refused.",
       "focal notes add XB-revocation.txt\n"
       "focal notes add XB-3.focalcard --yes",
       {{"FILE", Kind::kPositional, "", "The notes; - is standard input", true}, kYes},
       run_notes_add},
  };
}

std::vector<Command> directory_table() {
  return {
      {"directory import", "Take an introducer's directory from a file",
       "Reads a directory that an introducer has signed. The introducer's card has to be here "
       "(`focal peer add`). Parties that enough introducers list become INTRODUCED; nobody's card "
       "is replaced. Introducers are named in focal.toml: introduce = \"2 of UNODA, OSCE\".",
       "focal directory import UNODA-9.txt",
       {{"FILE", Kind::kPositional, "", "The directory; - is standard input", true}},
       run_directory_import},
      {"directory list", "The introducers, and the newest directory of each",
       "Lists the newest directory of each introducer, whether it counts, and whose is missing.",
       "focal directory list", {}, run_directory_list},
      {"directory show", "One introducer's directory",
       "Shows which root key the introducer lists for which party, whether it is the key we have, "
       "and the signed directory itself.",
       "focal directory show UNODA", {{"INTRODUCER", Kind::kPositional, "", "E.g. UNODA", true}},
       run_directory_show},
      {"directory compare", "Where introducers disagree",
       "Lists every party in a directory with the key that each introducer gives for it. Different "
       "keys for one party mean that somebody is wrong or lies: call them.",
       "focal directory compare", {}, run_directory_compare},
  };
}

}  // namespace

std::vector<Command> peer_table() {
  std::vector<Command> out;
  for (auto* part : {&meeting_table, &decision_table, &directory_table})
    for (Command& command : part()) out.push_back(std::move(command));
  return out;
}

}  // namespace focal::cli
