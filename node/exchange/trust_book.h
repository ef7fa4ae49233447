// What this node holds of other parties, and every way in which it changes: a note that came,
// an officer's decision, time that passed (docs/protocol.md, "Rotation, revocation,
// recovery"). Judges by the table of card_rules.h and turns the result into writes of the
// group under way. Pure: time comes in, writes come out.
//
// Within a group it sees its own changes; Peers shows them only when they are committed.
// Nothing is ever pinned, raised or revoked without a leaf.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "node/exchange/card_rules.h"
#include "node/exchange/directory.h"
#include "node/exchange/fork_proof.h"
#include "node/exchange/identity.h"
#include "node/exchange/intro.h"
#include "node/exchange/peers.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxHeldCards = 12;       // of a party; a recovery always finds room …
inline constexpr std::size_t kMaxHeldInAll = 16;       // … up to here
inline constexpr std::size_t kMaxRevocations = 8;      // by one key, of cards that are not here
inline constexpr std::size_t kMaxForkProofs = 8;       // of a party, kind and key
inline constexpr std::uint32_t kRevocationsPerMinute = 4;  // by one key, over links; more come later
// Cards of a party that links bring: each takes effect at once while there is room, which comes
// back with (monotonic) time. Enough for who was away for months; more are held like others'.
inline constexpr std::uint64_t kCardsAtOnce = 32;
inline constexpr std::uint64_t kCardEveryMs = 6 * kHourMs;
inline constexpr std::size_t kMaxIntroducedParties = 240;  // beyond, only an officer adds one
inline constexpr std::size_t kMaxAlarms = 100;         // shown; the log has all
inline constexpr std::uint64_t kDirectoryEveryMs = 10 * kMinuteMs;  // a new one of an introducer

struct BookTime {
  Now now;
  std::uint64_t safe_ms = 0;    // SafeClock::at(now)
  std::uint64_t latest_ms = 0;  // SafeClock::latest(now): what ends by the safe time begins here
};

// Where a note came from.
struct NoteOrigin {
  std::string link_party;     // whose link brought it; empty: an officer here
  std::string actor;          // that officer
  bool by_officer() const { return link_party.empty(); }
  NoteSource source_of(const std::string& about) const {
    if (by_officer()) return NoteSource::kOfficer;
    return link_party == about ? NoteSource::kOwnLink : NoteSource::kElsewhere;
  }
};

// What became of a note. Refusals are errors: kCard, kNote, kSignature, kCardKey, kLimit
// (no valid note), kCardChain (the table), kNotFound (of nobody known here), kInvalid.
enum class NoteTaken : std::uint8_t {
  kNothing,    // known already, older, or of no concern here
  kStored,     // in the group under way
  kHeld,       // a card that is kept until it is decided
  kAskChain,   // the cards before it are needed first
};

struct Alarm {                // for the operator; also in the log
  std::uint64_t at_ms = 0;    // wall time of the last time
  std::string party;
  std::string words;
};

// What stands beside a leaf, made of the words about it.
using LeafText = std::function<std::string(const std::string& words)>;

class TrustBook {
 public:
  TrustBook(const Identity& self, Peers& peers, store::View& view)
      : self_(self), peers_(peers), view_(view) {}

  // Directories and proofs from the ledger. kCorrupt: one of them does not verify.
  Status load();
  void set_policy(IntroducerPolicy policy);
  const IntroducerPolicy& policy() const { return policy_; }

  // One note: card, schedule, revocation or directory.
  Result<NoteTaken> take(std::string_view note, const NoteOrigin& origin, const BookTime& time);
  // Notes that came together, in an order that lets them build on each other. What was refused
  // is said for the first of them; `taken` gets one entry for each, in the order given.
  Status take_all(std::span<const std::string> notes, const NoteOrigin& origin,
                  const BookTime& time, std::vector<NoteTaken>* taken = nullptr);
  // Checks a proof that somebody sent and stores it. False: known, or of nobody known here.
  Result<bool> take_fork_proof(const std::string& a, const std::string& b,
                               const NoteOrigin& origin, const BookTime& time);

  // While it lives, leaves carry what `text` makes of their words: whoever asks a person's
  // decision of the book puts before them who decides.
  class Writing {
   public:
    Writing(TrustBook& book, LeafText text) : book_(book) { book_.text_ = std::move(text); }
    ~Writing() { book_.text_ = nullptr; }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;

   private:
    TrustBook& book_;
  };

  // Decisions of officers. Those about a held card name it by its card_id.
  // A file from first contact: pins a stranger at NONE, else goes through the table.
  Result<NoteTaken> add(const Introduction& intro, const std::string& actor, const BookTime& time);
  // Pins a held card, with those it builds on. kNotFound; kCardChain: it no longer fits. If its
  // transport key is another party's, that party is suspended: the link is this one's now.
  Status confirm(const std::string& party, const Hash32& card_id, const std::string& actor,
                 const BookTime& time);
  // It is not pinned, and not taken again unless an officer adds it; a recovery that is refused
  // ends the suspension it made. kNotFound.
  Status refuse(const std::string& party, const Hash32& card_id, const std::string& actor,
                const BookTime& time);
  // Level and suspension. how: PHONE, … when it becomes VERIFIED; detail: who and why. kNotFound.
  struct Standing {
    store::PeerLevel level;
    store::Suspension suspended;
  };
  Status set_standing(const std::string& party, const Standing& standing, const std::string& how,
                      const std::string& detail, const BookTime& time);
  // Holds that ended, strangers that were introduced meanwhile.
  void tick(const BookTime& time);

  // The party as the group under way leaves it; nullptr: unknown.
  const Peer* find(const std::string& party) const;
  // Newest of each introducer, by a root that stands.
  const std::map<std::string, Directory>& directories() const { return directories_; }
  // Of introducers that count now; valid until the next change.
  Directories counted() const;
  // The keys of all parties and of this node, as the group under way leaves them.
  PinnedKeys pinned_keys() const;
  // A copy in which to see what notes would do: it logs nothing, and nothing of it is written.
  // Outlived by this one.
  TrustBook trial() const {
    TrustBook out(*this);
    out.is_trial_ = true;
    return out;
  }
  const std::deque<Alarm>& alarms() const { return alarms_; }  // oldest first
  std::uint64_t holds_judged() const { return holds_judged_; }  // by tick(): each costs signatures
  void raise_alarm(const std::string& party, const std::string& words, const BookTime& time);

  // The group.
  bool standing_changes() const;  // of any party: what comes next must meet the new one
  std::vector<store::Op> take_ops() { return std::exchange(ops_, {}); }
  // What changed of a party, for whoever acts on it after the commit.
  struct Changed {
    std::string party;
    bool standing = false;    // level, suspension, revocation, or which card is pinned
    bool schedule = false;
    bool transport = false;   // another transport key
    bool asks = false;        // nothing is known of its new sealing keys
  };
  // A note or proof that others should have at once.
  struct Forward {
    std::string note;         // a revocation
    std::optional<ForkProof> proof;
    std::string from;         // not back to this party
  };
  struct Effects {
    std::vector<Changed> changed;
    std::vector<Forward> forward;
  };
  Effects committed();        // Peers shows the changes now
  void abandon();             // the group was not stored

 private:
  struct Pending {
    Peer peer;
    Changed changed;
  };

  // trust_book.cc
  std::string leaf_text(const std::string& words) const { return text_ ? text_(words) : words; }
  Pending* change(const std::string& party);   // nullptr: unknown
  void put_row(Pending& pending, const std::string& detail);
  void set_trust(Pending& pending, store::PeerLevel level, store::Suspension suspended,
                 const std::string& how, const std::string& detail,
                 const BookTime& time, std::vector<std::string> introduced_by = {});
  void suspend(Pending& pending, store::Suspension why, const std::string& detail,
               const BookTime& time);
  void introduce_known(const BookTime& time);
  const Directory* held_directory(const std::string& introducer) const;
  bool is_round(const BookTime& time);

  // trust_book_cards.cc
  Result<NoteTaken> take_card(std::string_view note, const NoteOrigin& origin,
                              const BookTime& time);
  Result<NoteTaken> take_stranger(const Card& card, const NoteOrigin& origin,
                                  const BookTime& time);
  Result<NoteTaken> take_own_card(const Card& card, const BookTime& time);
  Result<NoteTaken> act(Pending& pending, const Card& card, Succession verdict,
                        const NoteOrigin& origin, const BookTime& time);
  Result<NoteTaken> hold(Pending& pending, const Card& card, store::HoldWhy why,
                         const NoteOrigin& origin, const BookTime& time);
  Result<NoteTaken> fork(Pending& pending, const Card& one, const Card& two,
                         const NoteOrigin& origin, const BookTime& time);
  void pin(const Card& card, store::PeerLevel level, const std::string& detail,
           const BookTime& time);
  void accept(Pending& pending, const Card& card, const std::string& detail,
              const BookTime& time);
  void accept_introduced(Pending& pending, const Card& card, const std::string& detail,
                         const Introduced& introduced, const BookTime& time);
  void judge_held_again(Pending& pending, const BookTime& time);
  void drop_held(Pending& pending, std::size_t place);
  void put_held(Pending& pending, std::size_t place);
  void keep_stronger(Pending& pending, std::size_t place, const Card& card, store::HoldWhy why,
                     const BookTime& time);
  void pin_without_link(const std::string& party, const std::string& owner, const BookTime& time);
  void end_recovery(Pending& pending, const std::string& detail, const BookTime& time);
  bool has_room_for_card(const std::string& party, const BookTime& time);
  bool is_due(const Peer& peer, std::size_t place, const PinnedKeys& pinned, const BookTime& time);
  void end_holds(const std::string& party, const BookTime& time);

  // trust_book_notes.cc
  Result<NoteTaken> take_schedule(std::string_view note, const NoteOrigin& origin,
                                  const BookTime& time);
  Result<NoteTaken> take_revocation(std::string_view note, const NoteOrigin& origin,
                                    const BookTime& time);
  Result<NoteTaken> take_directory(std::string_view note, const NoteOrigin& origin,
                                   const BookTime& time);
  Result<Directory> read_directory(std::string_view note, const Peer& introducer) const;
  bool comes_too_often(const Peer& peer, const Revocation& revocation, const NoteOrigin& origin,
                       const BookTime& time);
  bool store_proof(const ForkProof& proof, const NoteOrigin& origin, const BookTime& time);
  void suspend_for(const ForkProof& proof, const std::string& words, const BookTime& time);

  const Identity& self_;
  Peers& peers_;
  store::View& view_;
  IntroducerPolicy policy_;
  bool introduce_due_ = true;
  std::map<std::string, Directory> directories_;               // newest of each introducer
  std::map<std::string, std::uint64_t> directory_after_ms_;    // monotonic, by introducer
  std::map<std::string, std::uint64_t> cards_until_ms_;        // monotonic, by party: the room
  std::map<std::pair<std::string, Hash32>, std::uint32_t> revocations_in_;  // by party and key …
  std::uint64_t revocation_minute_ = 0;                                     // … in this minute
  using ForkKey = std::tuple<std::string, ForkKind, Hash32, std::uint64_t>;  // party, …, key, serial
  std::set<ForkKey> proofs_;
  std::set<ForkKey> unstored_proofs_;                          // that suspended without a place
  std::uint64_t next_round_ms_ = 0;                            // monotonic: of looking at holds
  std::uint64_t looked_safe_ms_ = 0;                           // safe time of the last tick
  std::uint64_t holds_judged_ = 0;
  std::deque<Alarm> alarms_;
  LeafText text_;   // of a Writing that lives
  bool is_trial_ = false;

  // The group under way.
  std::vector<store::Op> ops_;
  std::map<std::string, Pending> pending_;
  std::map<std::string, Directory> new_directories_;
  std::set<ForkKey> new_proofs_;
  std::vector<Forward> forward_;
};

// In an officer's words: who brought it.
std::string origin_words(const NoteOrigin& origin);
std::string joined(const std::vector<std::string>& parties);  // "UNODA, OSCE"

}  // namespace focal::exchange
