#include "node/desk/notes_file.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/names.h"
#include "node/desk/peer_decisions.h"
#include "node/desk/peer_trust.h"
#include "node/desk/release.h"
#include "node/desk/views.h"
#include "proto/trust.pb.h"

namespace focal::desk {
namespace {

using exchange::NoteTaken;

constexpr std::string_view kSignatureStart = "\xe2\x80\x94 ";  // em dash, space
constexpr char kFresh[] = "Copy the file again as it is, without opening it in an editor.";

struct Kind {
  std::string_view first_line;
  const char* code;
  int rank;  // what is taken away first, then who vouches, then cards, then their schedules
};
constexpr std::array<Kind, 4> kKinds = {{{"focal-revoke/v1\n", "REVOCATION", 0},
                                         {"focal-directory/v1\n", "DIRECTORY", 1},
                                         {"focal-card/v1\n", "CARD", 2},
                                         {"focal-seal/v1\n", "SCHEDULE", 3}}};

const Kind* kind_of(std::string_view note) {
  for (const Kind& kind : kKinds)
    if (note.starts_with(kind.first_line)) return &kind;
  return nullptr;
}

// Where the first note ends: after the signature lines that follow its first empty line.
std::size_t end_of_note(std::string_view file) {
  std::size_t at = file.find("\n\n");
  if (at == std::string_view::npos) return at;
  at += 2;
  if (file.substr(at, kSignatureStart.size()) != kSignatureStart) return std::string_view::npos;
  while (file.substr(at, kSignatureStart.size()) == kSignatureStart) {
    at = file.find('\n', at);
    if (at == std::string_view::npos) return at;
    ++at;
  }
  return at;
}

// What a note says of itself, before anything is checked: shown, never used to decide.
struct Named {
  std::string party;
  std::uint64_t serial = 0;
};
Named name_of(std::string_view note) {
  Named out;
  const auto value = [&](std::string_view key) {
    const std::size_t at = note.find("\n" + std::string(key) + " ");
    if (at == std::string_view::npos) return std::string();
    const std::size_t begin = at + key.size() + 2;
    return std::string(note.substr(begin, note.find('\n', begin) - begin));
  };
  out.party = value(note.starts_with("focal-directory/v1\n") ? "introducer" : "party");
  if (out.party.size() > kMaxPartySize) out.party.clear();
  const std::string serial = value("serial");
  if (!serial.empty() && serial.size() <= 18 &&
      serial.find_first_not_of("0123456789") == std::string::npos)
    out.serial = std::stoull(serial);
  return out;
}

// Cards of one party build on each other; of a party that is not here the newest counts.
std::vector<std::size_t> order_of(node::Node& node, const std::vector<std::string>& notes) {
  struct Place {
    int rank;
    std::int64_t serial;
    std::size_t at;
  };
  std::vector<Place> places;
  places.reserve(notes.size());
  for (std::size_t i = 0; i < notes.size(); ++i) {
    const Kind* kind = kind_of(notes[i]);
    const Named named = name_of(notes[i]);
    const auto serial = static_cast<std::int64_t>(named.serial);
    const bool stranger = node.core().peers().find(named.party) == nullptr;
    places.push_back({kind == nullptr ? 4 : kind->rank, stranger ? -serial : serial, i});
  }
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.serial < b.serial;
  });
  std::vector<std::size_t> out;
  out.reserve(places.size());
  for (const Place& place : places) out.push_back(place.at);
  return out;
}

std::string title(const v1::NoteResult& note) {
  if (note.what() == "CARD") return "Card " + std::to_string(note.serial()) + " of " + note.party();
  if (note.what() == "DIRECTORY")
    return "Directory " + std::to_string(note.serial()) + " of " + note.party();
  if (note.what() == "REVOCATION") return "The revocation of a card of " + note.party();
  return "The schedule of " + note.party();
}

// What the party is like after the note, against what it was before.
void say_stored(const TrustFacts& facts, v1::NoteResult* out) {
  const bool card = out->what() == "CARD";
  if (out->what() == "REVOCATION" && facts.revoked) {
    out->set_result("REVOKED");
    out->set_text(trust_words(facts));
    out->set_hint(next_step(facts).text());
    return;
  }
  out->set_result("TAKEN");
  out->set_text(title(*out) + (card ? " is the card in use now." : " was taken."));
  if (out->what() == "REVOCATION" && !facts.keys_revoked.empty()) {
    out->set_text(out->text() + " " + trust_words(facts) + " " + passes_words(facts));
    out->set_hint(next_step(facts).text());
  }
  if (card && facts.level == store::PeerLevel::kIntroduced)
    out->set_text(out->text() + " " + trust_words(facts));
}

void say_held(const TrustFacts& facts, v1::NoteResult* out) {
  out->set_result(facts.suspended == store::Suspension::kRecovery ? "SUSPENDED" : "HELD");
  out->set_text(title(*out) + " is on hold. " + trust_words(facts));
  out->set_hint(next_step(facts).text());
}

void say_refused(const Error& error, bool now_two_cards, v1::NoteResult* out) {
  out->set_result(now_two_cards ? "FORK" : "REFUSED");
  out->set_text(error.message);
  out->set_hint(error.hint);
}

void take_one(node::Node& node, const std::string& note, const std::string& who, const Now& now,
              v1::NoteResult* out) {
  exchange::TrustBook& book = book_of(node);
  const auto is_forked = [&] {
    const exchange::Peer* peer = book.find(out->party());
    return peer != nullptr && peer->row.suspended == store::Suspension::kTwoCards;
  };
  const bool was_forked = is_forked();
  const auto taken = book.take(note, {{}, who}, book_time(node, now));
  if (!taken) return say_refused(taken.error(), !was_forked && is_forked(), out);
  const exchange::Peer* peer = book.find(out->party());
  if (*taken == NoteTaken::kNothing || peer == nullptr) {
    out->set_result("KNOWN");
    out->set_text(title(*out) + " changes nothing: it is known, or older than what is here.");
    return;
  }
  const TrustFacts facts = facts_of(node, *peer, now);
  if (*taken == NoteTaken::kHeld) return say_held(facts, out);
  if (*taken == NoteTaken::kAskChain) {
    out->set_result("REFUSED");
    out->set_text("the cards before " + title(*out) + " are missing");
    out->set_hint("Ask them for all their cards since the one that is here.");
    return;
  }
  say_stored(facts, out);
}

bool is_card(const std::string& note) {
  const Kind* kind = kind_of(note);
  return kind != nullptr && kind->code == std::string_view("CARD");
}

bool is_directory(const std::string& note) {
  const Kind* kind = kind_of(note);
  return kind != nullptr && kind->code == std::string_view("DIRECTORY");
}

// Who brings them, when, and may that person bring directories.
struct Taking {
  std::string who;
  Now now;
  bool directories;
};

// What of the file would come into force by a person's word alone and what builds on that; and
// which notes would be refused if that was in force.
struct ByHand {
  std::vector<By::Change> changes;
  std::set<std::size_t> notes;
  std::map<std::size_t, Error> refused;
  std::set<std::string> parties;  // of `changes`
};

// Takes the notes one by one in a book of which nothing is kept: each is judged against what those
// before it made.
ByHand changes_by_hand(node::Node& node, const std::vector<std::string>& notes,
                       const std::vector<std::size_t>& order, const Taking& taking) {
  ByHand out;
  exchange::TrustBook trial = book_of(node).trial();
  const exchange::BookTime time = book_time(node, taking.now);
  for (const std::size_t at : order) {
    if (is_directory(notes[at]) && !taking.directories) continue;
    std::optional<exchange::Card> card;
    if (is_card(notes[at]))
      if (auto parsed = exchange::parse_card(notes[at])) card = std::move(*parsed);
    const std::string party = card ? card->party : name_of(notes[at]).party;
    const exchange::Peer* known = trial.find(party);
    const bool by_hand = card && change_by_hand(trial, *card);
    const std::optional<exchange::Card> before =
        known == nullptr ? std::nullopt : std::optional(known->card);
    const auto taken = trial.take(notes[at], {{}, taking.who}, time);
    if (!taken) {
      out.refused.emplace(at, taken.error());
      continue;
    }
    const bool builds_on_it = out.parties.contains(party);
    if (!before || *taken != NoteTaken::kStored || !(by_hand || builds_on_it)) continue;
    out.notes.insert(at);
    if (!card || trial.find(party)->card.card_id != card->card_id) continue;
    out.changes.push_back(key_change(*before, *card));
    out.parties.insert(party);
  }
  return out;
}

// Those notes wait, or are refused if they cannot; the others of the file do not.
void keep_waiting(node::Node& node, const std::vector<std::string>& notes, const ByHand& by_hand,
                  By& by, const Status& why, const Now& now, v1::NotesAddResponse* out) {
  v1::NotesAddRequest waits;
  for (const std::size_t at : by_hand.notes) waits.mutable_text()->append(notes[at]).append("\n");
  const Status kept = conclude(node, by, waits, why, {}, now);
  const Error told = kept ? told_if_held(by).error() : kept.error();
  for (const std::size_t at : by_hand.notes) {
    auto* result = out->mutable_notes(static_cast<int>(at));
    if (!kept) {
      say_refused(told, false, result);
      continue;
    }
    result->set_result("AWAITS_RELEASE");
    result->set_text(title(*result) + " is not in use yet: " + told.message + ".");
    result->set_hint(told.hint);
  }
}

// With a Second, a file of which a note would be refused is not what that officer looked at.
Status all_fit(const ByHand& by_hand, const v1::NotesAddResponse& out) {
  if (by_hand.refused.empty()) return {};
  const auto& [at, error] = *by_hand.refused.begin();
  return fail(ErrorCode::kState,
              title(out.notes(static_cast<int>(at))) + " would be refused now: " + error.message,
              "Reject it, and let the file be added anew.");
}

// Why a note is refused before the book is asked; nothing: it is not. What would be a card by a
// person's word is none of those that wait; what only those that wait make wrong, they do.
std::optional<Error> refused_at_once(node::Node& node, const std::string& note, std::size_t at,
                                     const ByHand& by_hand, const By& by, const Taking& taking) {
  if (!taking.directories && is_directory(note))
    return fail(ErrorCode::kPermission, "directories are not for your role",
                "An administrator imports them; 'focal people list' shows who that is.");
  if (!by.asks(kKeyChangeRule) || !is_card(note)) return std::nullopt;
  const auto card = exchange::parse_card(note);
  if (!card) return std::nullopt;
  const auto refused = by_hand.refused.find(at);
  const bool is_by_hand = change_by_hand(book_of(node), *card).has_value();
  if (refused != by_hand.refused.end() && (is_by_hand || by_hand.parties.contains(card->party)))
    return refused->second;
  if (!is_by_hand) return std::nullopt;
  return fail(ErrorCode::kState, "the rest of the file changed what this card is",
              "Add it again, in a file of its own.");
}

}  // namespace

Result<std::vector<std::string>> split_notes(std::string_view file) {
  if (file.size() > kMaxNotesFile)
    return fail(ErrorCode::kLimit, "the file is larger than 1 MiB", "Split it.", "text");
  if (file.starts_with("\xef\xbb\xbf"))
    return fail(ErrorCode::kNote, "the file begins with a byte order mark", kFresh, "text");
  if (file.find('\r') != std::string_view::npos)
    return fail(ErrorCode::kNote, "the file has Windows line ends", kFresh, "text");
  std::vector<std::string> out;
  while (true) {
    while (!file.empty() && file.front() == '\n') file.remove_prefix(1);
    if (file.empty()) break;
    const std::size_t end = end_of_note(file);
    if (end == std::string_view::npos)
      return fail(ErrorCode::kNote,
                  "note " + std::to_string(out.size() + 1) + " of the file is not whole", kFresh,
                  "text");
    if (out.size() == kMaxNotesInFile)
      return fail(ErrorCode::kLimit, "the file holds more than 200 notes", "Split it.", "text");
    out.emplace_back(file.substr(0, end));
    file.remove_prefix(end);
  }
  if (out.empty())
    return fail(ErrorCode::kNote, "the file is empty", "Ask for the file again.", "text");
  return out;
}

Status add_notes(node::Node& node, const v1::NotesAddRequest& request, By& by, const Now& now,
                 bool directories, v1::NotesAddResponse* out) {
  FOCAL_ASSIGN(const auto notes, split_notes(request.text()));
  for (const std::string& note : notes) {
    auto* result = out->add_notes();
    const Kind* kind = kind_of(note);
    result->set_what(kind == nullptr ? "UNKNOWN" : kind->code);
    if (!request.only().empty() && request.only() != result->what())
      return fail(ErrorCode::kInvalid, "the file holds something else than a directory",
                  "'focal notes add FILE' takes cards, schedules and revocations.", "text");
    const Named named = name_of(note);
    if (is_party(named.party)) result->set_party(named.party);
    if (result->what() != "REVOCATION") result->set_serial(named.serial);
  }
  const std::vector<std::size_t> order = order_of(node, notes);
  const Taking taking{actor_text(by.actor), now, directories};
  ByHand by_hand;
  if (by.second || by.asks(kKeyChangeRule))
    by_hand = changes_by_hand(node, notes, order, taking);
  if (by.second) FOCAL_TRY(all_fit(by_hand, *out));
  Status allowed = by.may_change(kKeyChangeRule, by_hand.changes, now);
  if (!allowed && allowed.error().code != ErrorCode::kAwaitsRelease) return allowed;
  if (!allowed) keep_waiting(node, notes, by_hand, by, allowed, now, out);
  const exchange::TrustBook::Writing writing(book_of(node), leaf_text_of(by));
  for (const std::size_t at : order) {
    auto* result = out->mutable_notes(static_cast<int>(at));
    if (!allowed && by_hand.notes.contains(at)) continue;
    if (const auto refused = refused_at_once(node, notes[at], at, by_hand, by, taking))
      say_refused(*refused, false, result);
    else
      take_one(node, notes[at], taking.who, now, result);
  }
  return allowed ? conclude(node, by, request, allowed, {}, now) : Status{};
}

}  // namespace focal::desk
