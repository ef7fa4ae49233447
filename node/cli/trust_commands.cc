// What an officer decides about another party: suspend, resume, take or refuse a card on hold,
// and bring in notes from a file.
#include <charconv>
#include <sstream>

#include "node/cli/families.h"
#include "node/cli/peer_text.h"
#include "node/cli/session.h"
#include "node/cli/trust_commands.h"
#include "node/cli/trust_text.h"
#include "node/cli/width.h"
#include "proto/trust.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

Status say_yes(Session& session, const Values& values, const std::string& question) {
  if (values.has("--yes")) return {};
  FOCAL_ASSIGN(const std::string said,
               session.ask(question + " Type yes: ", "use --yes in a script"));
  if (said != "yes") return fail(ErrorCode::kState, "nothing was changed");
  return {};
}

int print_trust(Session& session, const v1::PeerTrustResponse& answer) {
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  session.print(paint(clean(answer.trust().party()), Style::kBold, look) + "  " +
                clean(answer.trust().level()) + "\n" + trust_text(answer.trust(), look));
  return kExitOk;
}

// The card the officer means: the one named, or the only one that can be decided on now.
Result<const v1::HeldCard*> chosen_card(const v1::PeerTrust& trust, const std::string& card_id) {
  const v1::HeldCard* found = nullptr;
  std::size_t fit = 0;
  for (const v1::HeldCard& held : trust.held_cards()) {
    const bool named = card_id.empty() ? held.why() != "BEHIND" : held.card_id().starts_with(card_id);
    if (!named) continue;
    found = &held;
    ++fit;
  }
  if (fit == 1) return found;
  if (fit == 0)
    return fail(ErrorCode::kNotFound,
                card_id.empty() ? "no card of " + trust.party() + " waits for a decision"
                                : "no card of " + trust.party() + " on hold begins with " + card_id,
                "`focal peer show " + trust.party() + "` lists the cards on hold");
  return fail(ErrorCode::kUsage, "more than one card of " + trust.party() + " is on hold",
              "name one with --card and the first characters of its id");
}

Result<v1::PeerDetailsResponse> details_of(Session& session, const std::string& party) {
  v1::PeerDetailsResponse out;
  FOCAL_TRY(session.get(target_of({"v1", "peers", party}), out));
  return out;
}

// The digits of a new root key: typed by somebody who hears them, or given with --number.
Result<std::string> digits_for(Session& session, const Values& values, const v1::HeldCard& held) {
  if (!held.new_root() || values.has("--number")) return values.text("--number");
  return session.ask("The root key changes. Let them read the new safety number to you and type "
                     "the sixty digits: ",
                     "give the digits of the new safety number with --number");
}

// Cards in the text, as "party XB" and "serial 3" of each.
struct CardLines {
  std::string party;
  std::uint64_t serial = 0;
  std::string root;
};
std::vector<CardLines> cards_in(const std::string& text) {
  std::vector<CardLines> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line == "focal-card/v1") out.emplace_back();
    if (out.empty()) continue;
    const auto value = [&](std::string_view key) { return line.substr(key.size()); };
    if (line.starts_with("party ")) out.back().party = value("party ");
    if (line.starts_with("root ")) out.back().root = value("root ");
    if (line.starts_with("serial ") && out.back().serial == 0)
      std::from_chars(line.data() + 7, line.data() + line.size(), out.back().serial);
  }
  return out;
}

}  // namespace

Status confirm_new_cards(Session& session, const Values& values, const std::string& text) {
  if (values.has("--yes")) return {};
  for (const CardLines& card : cards_in(text)) {
    const auto shown = details_of(session, card.party);
    if (!shown) continue;  // not met, or the node says what is wrong
    const v1::CardInfo& pinned = shown->peer().card();
    if (card.root != pinned.root_key() || card.serial <= pinned.serial()) continue;
    FOCAL_TRY(say_yes(session, values,
                      "Card " + std::to_string(card.serial) + " of " + clean(card.party) +
                          " takes the place of card " + std::to_string(pinned.serial()) +
                          " at once. Did " + clean(card.party) + " itself give you this file?"));
  }
  return {};
}

Result<int> run_peer_suspend(Session& session, const Values& values) {
  v1::PeerSuspendRequest request;
  request.set_party(values.text("PARTY"));
  request.set_reason(values.text("--reason"));
  FOCAL_TRY(say_yes(session, values, "Nothing more is sent to " + clean(request.party()) +
                                         " and its records wait, until `focal peer resume`. "
                                         "Suspend it?"));
  v1::PeerTrustResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "peers", request.party(), "suspend"}), request, answer));
  return print_trust(session, answer);
}

Result<int> run_peer_resume(Session& session, const Values& values) {
  v1::PeerResumeRequest request;
  request.set_party(values.text("PARTY"));
  request.set_reason(values.text("--reason"));
  if (!values.has("--yes")) {
    FOCAL_ASSIGN(const auto shown, details_of(session, request.party()));
    session.io().err << trust_text(shown.trust(), session.look());
  }
  FOCAL_TRY(say_yes(session, values, "What waits in both directions goes on at once. End it?"));
  v1::PeerTrustResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "peers", request.party(), "resume"}), request, answer));
  return print_trust(session, answer);
}

Result<int> run_peer_confirm(Session& session, const Values& values) {
  FOCAL_ASSIGN(const auto shown, details_of(session, values.text("PARTY")));
  FOCAL_ASSIGN(const auto* held, chosen_card(shown.trust(), values.text("--card")));
  v1::PeerConfirmRequest request;
  request.set_party(values.text("PARTY"));
  request.set_card_id(held->card_id());
  request.set_how(how_code(values.text("--how")));
  const bool is_typed = held->new_root() && !values.has("--number");
  if (!values.has("--yes") || is_typed)
    session.io().err << clean(held->words()) << "\n" << held_text(*held, session.look()) << "\n";
  FOCAL_ASSIGN(*request.mutable_number(), digits_for(session, values, *held));
  FOCAL_TRY(say_yes(session, values, "Did " + clean(request.party()) +
                                         " itself say that this card is theirs? It takes the "
                                         "place of the pinned one."));
  v1::PeerTrustResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "peers", request.party(), "confirm"}), request, answer));
  return print_trust(session, answer);
}

Result<int> run_peer_seen(Session& session, const Values& values) {
  FOCAL_ASSIGN(const auto shown, details_of(session, values.text("PARTY")));
  const v1::PeerTrust& trust = shown.trust();
  v1::PeerSeenRequest request;
  request.set_party(values.text("PARTY"));
  if (trust.new_cards().empty())
    return fail(ErrorCode::kState, "nothing of " + request.party() + " waits to be looked at",
                "'focal peer show " + request.party() + "' says how it stands.");
  request.set_leaf_index(trust.new_cards(0).leaf_index());
  for (const v1::NewCard& card : trust.new_cards())
    session.io().err << clean(card.words()) << "\n";
  FOCAL_TRY(say_yes(session, values, "Did you expect this of " + clean(request.party()) +
                                         "? If not, answer no and call them."));
  v1::PeerTrustResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "peers", request.party(), "seen"}), request, answer));
  return print_trust(session, answer);
}

Result<int> run_peer_reject(Session& session, const Values& values) {
  FOCAL_ASSIGN(const auto shown, details_of(session, values.text("PARTY")));
  FOCAL_ASSIGN(const auto* held, chosen_card(shown.trust(), values.text("--card")));
  v1::PeerRejectRequest request;
  request.set_party(values.text("PARTY"));
  request.set_card_id(held->card_id());
  request.set_reason(values.text("--reason"));
  if (!values.has("--yes")) session.io().err << held_text(*held, session.look()) << "\n";
  FOCAL_TRY(say_yes(session, values, "The card is refused for good and kept as evidence. Refuse "
                                     "it?"));
  v1::PeerTrustResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "peers", request.party(), "reject"}), request, answer));
  return print_trust(session, answer);
}

Result<int> run_notes_add(Session& session, const Values& values) {
  v1::NotesAddRequest request;
  FOCAL_ASSIGN(*request.mutable_text(), session.read_file(values.text("FILE")));
  FOCAL_TRY(confirm_new_cards(session, values, request.text()));
  v1::NotesAddResponse answer;
  FOCAL_TRY(session.post("/v1/notes", request, answer));
  const int code = notes_exit_code(answer);
  if (!session.show_json()) session.print(notes_text(answer, session.look()));
  return code;
}

Result<int> run_directory_import(Session& session, const Values& values) {
  v1::NotesAddRequest request;
  FOCAL_ASSIGN(*request.mutable_text(), session.read_file(values.text("FILE")));
  request.set_only("DIRECTORY");
  v1::NotesAddResponse answer;
  FOCAL_TRY(session.post("/v1/directories", request, answer));
  const int code = notes_exit_code(answer);
  if (!session.show_json()) session.print(notes_text(answer, session.look()));
  return code;
}

Result<int> run_directory_list(Session& session, const Values&) {
  v1::DirectoryListResponse answer;
  FOCAL_TRY(session.get("/v1/directories", answer));
  if (!session.show_json()) session.print(directories_text(answer, session.look()));
  return kExitOk;
}

Result<int> run_directory_show(Session& session, const Values& values) {
  v1::DirectoryShowResponse answer;
  FOCAL_TRY(session.get(target_of({"v1", "directories", values.text("INTRODUCER")}), answer));
  if (!session.show_json()) session.print(directory_text(answer, session.look()));
  return kExitOk;
}

Result<int> run_directory_compare(Session& session, const Values&) {
  v1::DirectoryCompareResponse answer;
  FOCAL_TRY(session.get("/v1/introductions", answer));
  if (!session.show_json()) session.print(comparison_text(answer, session.look()));
  return kExitOk;
}

}  // namespace focal::cli
