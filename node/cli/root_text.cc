#include "node/cli/root_text.h"

#include "base/check.h"
#include "node/cli/width.h"
#include "proto/custody.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr std::size_t kTextWidth = 88;

const std::vector<RootWords>& table() {
  static const std::vector<RootWords> words = {
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
        "root.focalkey is now the new root, next-root.focalkey the one after it, and the old one is "
        "named retired-root-N.focalkey.",
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
        "Revoke nothing: the keys of the server are still yours. Only if the server was taken too: focal "
        "card replace-keys, focal root sign, focal card apply, and then revoke the cards before.",
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
  return words;
}

std::string put_in(std::string_view text, const std::string& party, const std::string& file) {
  std::string out(text);
  const std::pair<std::string_view, const std::string&> places[] = {{"{party}", party},
                                                                    {"{file}", file}};
  for (const auto& [place, value] : places)
    for (auto at = out.find(place); at != std::string::npos; at = out.find(place, at + value.size()))
      out.replace(at, place.size(), value);
  return out;
}

void section(std::string& out, std::string_view title, const std::vector<std::string_view>& lines,
             const std::string& party, const Look& look) {
  if (lines.empty()) return;
  out.append("\n").append(paint(title, Style::kBold, look)).append("\n");
  for (const std::string_view line : lines)
    out.append("  - ").append(wrap(put_in(line, party, "FILE"), kTextWidth, "    ")).append("\n");
}

}  // namespace

std::vector<std::string_view> root_acts() {
  std::vector<std::string_view> out;
  out.reserve(table().size());
  for (const RootWords& words : table()) out.push_back(words.act);
  return out;
}

const RootWords& root_words(std::string_view act) {
  for (const RootWords& words : table())
    if (words.act == act) return words;
  FOCAL_CHECK(false);
}

std::vector<std::string> root_next_steps(const v1::RootAct& act, const std::string& file) {
  std::vector<std::string> out;
  for (const std::string_view step : root_words(act.act()).next)
    out.push_back(put_in(step, act.party(), file));
  return out;
}

std::string_view root_signer_text(const v1::RootAct& act) {
  if (act.signer().empty()) return "";
  return act.signer() == "NEXT_ROOT"
             ? "the next root: where the revoked card is in force, a party then takes only a recovery by it,\n"
               "no card of the root"
             : "the root";
}

std::string root_preview_text(const v1::RootAct& act, const Look& look) {
  const RootWords& words = root_words(act.act());
  const std::string party = clean(act.party());
  std::string out = paint(words.title, Style::kBold, look);
  out.append(act.serial() == 0 ? ", " : ": card " + std::to_string(act.serial()) + " of ");
  out.append(party).append("\n");
  section(out, "What it does", words.does, party, look);
  section(out, "What follows at the other parties", words.follows, party, look);
  section(out, "What cannot be undone", words.cannot_undo, party, look);
  if (act.changes_size() > 0) {
    out.append("\n").append(paint("What changes", Style::kBold, look)).append("\n");
    std::vector<std::pair<std::string, Cell>> lines;
    for (const v1::RootChange& change : act.changes()) {
      std::string both = change.before();
      if (!both.empty()) both.append("\nbecomes ");
      lines.emplace_back(change.what(), both.append(change.after()));
    }
    out.append(labelled(lines, look));
  }
  if (!act.scope().empty())
    out.append("\n").append(labelled(
        {{"scope", act.scope()}, {"since", act.since_at()}, {"reason", act.reason()},
         {"signed by", std::string(root_signer_text(act))}}, look));
  if (act.new_keys())
    out.append("\n").append(paint("The keys of the node are new ones.", Style::kWarn, look)).append(
        " Sign only if you know why.\n");
  if (!act.remembered() && act.serial() > 1)
    out.append("\n").append(paint("This medium does not know the card in force.", Style::kWarn, look))
        .append("\nIs it the newest copy? Make sure that no other copy has signed this serial.\n");
  if (!act.card_number().empty())
    out.append("\nNumber of the card  ").append(paint(act.card_number(), Style::kBold, look)).append("\n");
  return out.append("\n");
}

RoleWords root_role_words(std::string_view role) {
  if (role == "ROOT")
    return {"Root", "it signs the party's cards, today and until it is replaced"};
  if (role == "NEXT_ROOT")
    return {"Next root", "the present card announces it; it takes the root's place in a change or "
                         "when the root is lost. It lies in another safe than the root"};
  if (role == "PLANNED")
    return {"Planned root", "made for a change that is not signed yet; afterwards it is the next root"};
  return {"Retired root", "it was the root before the last change and signs nothing more. Destroy "
                          "it when every party has the new card"};
}

std::string root_keys_text(const v1::RootAct& act, const Look& look) {
  std::string out;
  for (const v1::RootKeyState& key : act.keys()) {
    const RoleWords words = root_role_words(key.role());
    out.append(paint(words.name, Style::kBold, look)).append("\n");
    out.append(labelled({{"what it is", wrap(words.meaning, kTextWidth - 20, "")},
                         {"file", key.file()},
                         {"party", key.party()},
                         {"key", key.root_key()},
                         {"fingerprint", key.fingerprint()},
                         {"last signed", key.signed_serial() == 0
                                             ? std::string("no card that this medium remembers")
                                             : "card " + std::to_string(key.signed_serial())}},
                        look));
  }
  return out;
}

}  // namespace focal::cli
