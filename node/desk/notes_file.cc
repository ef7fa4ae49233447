#include "node/desk/notes_file.h"

#include <algorithm>
#include <array>

#include "base/names.h"
#include "node/desk/operators.h"
#include "node/desk/peer_decisions.h"
#include "node/desk/peer_trust.h"
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
    out->set_hint(next_step(facts).text);
    return;
  }
  out->set_result("TAKEN");
  out->set_text(title(*out) + (card ? " is the card in use now." : " was taken."));
  if (card && facts.level == store::PeerLevel::kIntroduced)
    out->set_text(out->text() + " " + trust_words(facts));
}

void say_held(const TrustFacts& facts, v1::NoteResult* out) {
  out->set_result(facts.suspended == store::Suspension::kRecovery ? "SUSPENDED" : "HELD");
  out->set_text(title(*out) + " is on hold. " + trust_words(facts));
  out->set_hint(next_step(facts).text);
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

Status add_notes(node::Node& node, const v1::NotesAddRequest& request, const Caller& caller,
                 const Now& now, v1::NotesAddResponse* out) {
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
  const std::string who = operator_name(caller);
  for (const std::size_t at : order_of(node, notes))
    take_one(node, notes[at], who, now, out->mutable_notes(static_cast<int>(at)));
  return {};
}

}  // namespace focal::desk
