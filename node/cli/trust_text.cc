#include "node/cli/trust_text.h"

#include <algorithm>

#include "node/cli/peer_text.h"
#include "node/cli/width.h"
#include "node/cli/command.h"
#include "proto/trust.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr std::size_t kKeyShown = 12;  // characters of a key in a table
constexpr char kRule[] = "----------------------------------------------------------------";

std::string joined_lines(const google::protobuf::RepeatedPtrField<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    if (!out.empty()) out += "\n";
    out += line;
  }
  return out;
}

Style style_of_result(const std::string& result) {
  if (result == "TAKEN" || result == "KNOWN") return Style::kPlain;
  return result == "HELD" || result == "AWAITS_RELEASE" ? Style::kWarn : Style::kBad;
}

std::string short_key(const std::string& key) {
  return key.size() <= kKeyShown ? key : key.substr(0, kKeyShown) + "…";
}

std::string paragraph(std::string_view text, const Look& look, std::size_t indent) {
  const std::string margin(indent, ' ');
  const std::size_t columns = look.width == 0 ? 88 : look.width;
  return margin + wrap(clean(text), columns > indent + 20 ? columns - indent : 20, margin) + "\n";
}

}  // namespace

std::string trust_list_text(const v1::PeersResponse& answer, const Look& look) {
  std::string out;
  for (const v1::PeerTrust& trust : answer.trust()) {
    out += "\n" + paint(clean(trust.party()), Style::kBold, look) + "\n";
    out += paragraph(trust.words() + " " + trust.passes(), look, 2);
    if (!trust.command().empty())
      out += "  next: " + paint(clean(trust.command()), Style::kBold, look) + "\n";
  }
  return out;
}

std::string trust_text(const v1::PeerTrust& trust, const Look& look) {
  std::string out = labelled({{"standing", trust.words()},
                              {"what passes", trust.passes()},
                              {"next", trust.next()},
                              {"command", {trust.command(), Style::kBold}}},
                             look);
  for (const v1::HeldCard& held : trust.held_cards()) {
    out += "\n" + paint("Card on hold", Style::kWarn, look) + "\n" + held_text(held, look) +
           labelled({{"to decide", joined_lines(held.commands())}}, look);
  }
  return out;
}

std::string held_text(const v1::HeldCard& held, const Look& look) {
  std::string out =
      labelled({{"card", held.card_id()},
                {"serial", std::to_string(held.serial())},
                {"since", past_time(held.since_at(), look)},
                {"until", held.until_at().empty() ? std::string("an officer here decides")
                                                  : due_time(held.until_at(), look)},
                {"root key now", held.old_root_key()},
                {"root key on this card", held.new_root() ? Cell{held.new_root_key(), Style::kWarn}
                                                          : Cell{"the same"}}},
               look);
  if (!held.safety_number().empty())
    out += "\nSafety number with the new root key\n" + number_text(held.safety_number());
  return out;
}

std::string proof_text(const v1::PeerDetailsResponse& answer, const Look& look) {
  std::string out;
  if (answer.acts_size() > 0) {
    Table table({"<LEAF", "WHEN (UTC)", "ENTRY", "~WHO, WHAT, WHY"});
    for (const v1::PeerAct& act : answer.acts())
      table.add({std::to_string(act.leaf_index()), short_time(act.at()), act.leaf(),
                 act.text().empty() ? "cannot be read any more" : act.text()});
    out += "\n" + paint("In the ledger", Style::kBold, look) + "\n" + table.text(look, 2);
  }
  for (const v1::TrustProof& proof : answer.proofs()) {
    out += "\n" + paint(clean(proof.title()), Style::kBold, look);
    if (!proof.at().empty()) out += ", here since " + past_time(proof.at(), look);
    out.append("\n").append(kRule).append("\n");
    out.append(clean_lines(proof.note())).append(kRule).append("\n");
  }
  return out;
}

namespace {

// A root that waits on hold: its number is compared before anything else.
std::string held_root_text(const std::string& party, const v1::HeldCard& held, const Look& look) {
  return paragraph(party + " has a new root key, on a card that is on hold. Call " + party + " on a "
                   "number you know; with that key the safety number is", look, 0) +
         "\n" + number_text(held.safety_number()) + "\n" +
         paragraph("If " + party + " reads the same digits and says that it has changed its root:",
                   look, 0) +
         "     focal peer confirm " + party + " --how phone\n" +
         paragraph("If it knows nothing of it:", look, 0) + "     focal peer reject " + party +
         " --reason TEXT\n";
}

}  // namespace

std::string compare_text(const v1::PeerDetailsResponse& answer, const Look& look) {
  const std::string party = clean(answer.peer().party());
  const std::string ours = clean(answer.our_party());
  const std::string& first = ours < party ? ours : party;
  const std::string& second = ours < party ? party : ours;
  for (const v1::HeldCard& held : answer.trust().held_cards())
    if (held.new_root() && held.why() != "BEHIND")
      return held_root_text(party, held, look);
  return "The safety number of " + ours + " and " + party + ". Both sides see the same digits:\n\n" +
         number_text(answer.safety_number()) + "\n" +
         paragraph("1. Call " + party + " on a number from an official source, or meet. Speak to "
                   "somebody you know.", look, 0) +
         paragraph("2. " + first + " reads the first six groups aloud, " + second + " the last "
                   "six. Each side follows on its own screen.", look, 0) +
         paragraph("3. If every digit agrees, both sides type all sixty:", look, 0) +
         "     focal peer verify " + party + " --how phone        (or in-person, note-verbale)\n" +
         paragraph("If one digit differs, stop: one of the two files was exchanged on its way. Get "
                   "it again by another path.", look, 0);
}

std::string notes_text(const v1::NotesAddResponse& answer, const Look& look) {
  if (answer.notes_size() == 0) return "The file holds no notes.\n";
  std::string out;
  for (const v1::NoteResult& note : answer.notes()) {
    std::string what = clean(note.what());
    if (!note.party().empty()) what += " of " + clean(note.party());
    if (note.serial() != 0) what += ", serial " + std::to_string(note.serial());
    out += paint(clean(note.result()), style_of_result(note.result()), look) + "  " + what + "\n" +
           paragraph(note.text(), look, 2);
    if (!note.hint().empty()) out += paragraph("hint: " + note.hint(), look, 2);
  }
  return out;
}

int notes_exit_code(const v1::NotesAddResponse& answer) {
  int out = kExitOk;
  for (const v1::NoteResult& note : answer.notes()) {
    if (note.result() == "REFUSED" || note.result() == "FORK") return kExitFailed;
    if (note.result() == "AWAITS_RELEASE") out = kExitAwaits;
  }
  return out;
}

std::string directories_text(const v1::DirectoryListResponse& answer, const Look& look) {
  std::string out = answer.policy().empty()
                        ? "Nobody introduces: 'introduce' is not set in focal.toml.\n"
                        : "Introduced is whom " + clean(answer.policy()) + " list.\n";
  Table table({"INTRODUCER", "<SERIAL", "<PARTIES", "HERE SINCE (UTC)", "<LEAF", "~COUNTS"});
  for (const v1::DirectoryInfo& d : answer.directories())
    table.add({d.introducer(), std::to_string(d.serial()), std::to_string(d.entries()),
               short_time(d.at()), std::to_string(d.leaf_index()),
               d.counts() ? Cell{"yes"} : Cell{"no: " + d.text(), Style::kWarn}});
  if (!table.empty()) out += "\n" + table.text(look);
  for (const std::string& missing : answer.missing())
    out += paint("no directory of " + clean(missing) + " is here", Style::kWarn, look) +
           ": ask for it, then `focal directory import FILE`\n";
  return out;
}

std::string directory_text(const v1::DirectoryShowResponse& answer, const Look& look) {
  const v1::DirectoryInfo& d = answer.directory();
  std::string out = paint(clean(d.introducer()), Style::kBold, look) + "  directory " +
                    std::to_string(d.serial()) + ", here since " + past_time(d.at(), look) +
                    ", leaf " + std::to_string(d.leaf_index()) + "\n";
  if (!d.counts()) out += "It does not count: " + clean(d.text()) + "\n";
  Table table({"PARTY", "ROOT KEY", "<CARD", "~HERE"});
  for (const v1::DirectoryEntry& e : answer.entries())
    table.add({e.party(), short_key(e.root_key()), std::to_string(e.card_serial()),
               {e.text(), e.known() == "OTHER_KEY" || e.known() == "SELF_OTHER_KEY"
                              ? Style::kBad
                              : Style::kPlain}});
  return out + "\n" + table.text(look) + "\n" + clean_lines(answer.note());
}

std::string comparison_text(const v1::DirectoryCompareResponse& answer, const Look& look) {
  if (answer.introducers_size() == 0)
    return "No directory is here; see `focal directory import --help`.\n";
  const bool alone = answer.introducers_size() == 1;
  std::vector<std::string> titles{"PARTY"};
  for (const std::string& introducer : answer.introducers()) titles.push_back(clean(introducer));
  titles.emplace_back("~WHAT IT MEANS");
  Table table(std::move(titles));
  for (const v1::ComparedParty& party : answer.parties()) {
    const Style style = party.differs() ? Style::kBad : Style::kPlain;
    std::vector<Cell> row{{party.party(), style}};
    for (const v1::DirectoryEntry& e : party.listed())
      row.emplace_back(e.party().empty() ? "-" : short_key(e.root_key()), style);
    row.emplace_back(party.text(), style);
    table.add(std::move(row));
  }
  std::string out = table.text(look) + "\n";
  if (answer.differences() != 0)
    out += count(answer.differences(), "party is", "parties are") +
           (alone ? " listed with another key than is here: call them and the introducer.\n"
                  : " listed with different keys: call them and the introducers.\n");
  else if (!alone)
    out += "The directories agree.\n";
  if (alone)
    out += "Only the directory of " + clean(answer.introducers(0)) +
           " is here: there is no other to compare it with. Ask a second introducer for its "
           "directory, then `focal directory import FILE`.\n";
  return out;
}

}  // namespace focal::cli
