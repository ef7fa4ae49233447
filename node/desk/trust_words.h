// Trust in plain words: what is known of a party, why, what follows, and what to do now.
// Pure: facts in, phrases out for the doctor, which speaks the reader's language, and English
// sentences for the rest (`focal peer list`, `peer show`, `status`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/desk/phrases.h"
#include "node/store/rows.h"

namespace focal::desk {

// A card that is known and not pinned yet.
struct HoldFacts {
  store::HoldWhy why = store::HoldWhy::kElsewhere;
  std::uint64_t serial = 0;
  std::uint64_t since_ms = 0;
  std::uint64_t until_ms = 0;       // 0: only a person decides
  std::string from;                 // the party whose link brought it; empty: an officer here
  bool new_root = false;
  std::string transport_owner;      // of kTransportKey: who has that key too
};

struct RevokedFacts {
  std::uint64_t serial = 0;         // of the card it names
  std::uint64_t since_ms = 0;       // as the note says
  std::uint64_t heard_ms = 0;
  bool by_next_root = false;
  std::string_view scope = "all";   // all, sign, transport, seal
  std::string reason;               // theirs
};

// A card that took effect without an officer here, and that none has looked at yet.
struct NewCardFacts {
  store::LeafIndex idx = 0;         // of its leaf
  std::uint64_t serial = 0;
  std::uint64_t at_ms = 0;
  bool after_hold = false;          // nobody decided for 72 hours
  std::string from;                 // the party whose link brought it; empty: a file added here
  bool new_root = false;
  bool both_roots = false;          // of new_root: the root before signed it too
};

// What is known of a party, free of notes and keys.
struct TrustFacts {
  std::string party;
  store::PeerLevel level = store::PeerLevel::kNone;
  store::Suspension suspended = store::Suspension::kNone;
  bool root_signed_by_both = false;       // of the change since root_changed_ms
  bool only_receipts = false;             // the configuration asks VERIFIED also for peer.*
  std::uint32_t introducers_needed = 0;   // by the configuration; 0: nobody introduces
  std::size_t introducers_named = 0;
  std::vector<std::string> introduced_by;
  std::uint64_t verified_ms = 0;
  std::string verified_how;               // PHONE, IN_PERSON, NOTE_VERBALE
  std::string verified_by;                // "jo (uid 1000)"; empty: not known any more
  std::uint64_t suspended_ms = 0;
  std::string suspended_by;
  std::string suspended_reason;
  std::optional<RevokedFacts> revoked;    // the pinned card, with scope all
  std::vector<RevokedFacts> keys_revoked; // keys of the pinned card, which stays
  std::vector<HoldFacts> held;
  std::vector<NewCardFacts> new_cards;    // newest first
  std::uint64_t root_changed_ms = 0;      // since the safety number was compared; 0: it has not
  std::size_t forks = 0;
  std::uint64_t card_expired_ms = 0;      // 0: it has not
  std::size_t sendings = 0;               // to it, that have not ended
  std::size_t waiting = 0;                // records from it that wait here
};

// How the party stands, since when, by whom and why: a sentence or two.
Phrases trust_phrases(const TrustFacts& facts);
// What follows: what passes, what waits here and there.
Phrases passes_phrases(const TrustFacts& facts);

// The same in English.
std::string trust_words(const TrustFacts& facts);
std::string passes_words(const TrustFacts& facts);
// What a card on hold is, where it came from, and until when it waits.
std::string hold_words(const TrustFacts& facts, const HoldFacts& held);

// How a card took effect while nobody here decided.
std::string new_card_words(const TrustFacts& facts, const NewCardFacts& card);

// The next step; both empty if there is none. command: complete but for words in capitals.
struct NextStep {
  Phrases phrases;
  std::string command;
  std::string text() const { return in_words(phrases, kEnglish); }
};
NextStep next_step(const TrustFacts& facts);

}  // namespace focal::desk
