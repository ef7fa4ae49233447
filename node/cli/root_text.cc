#include "node/cli/root_text.h"

#include "node/cli/width.h"
#include "proto/custody.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr std::size_t kTextWidth = 88;

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
