// The part of verify that reads notes: the cards of peers and the own schedules
// are those their leaves name, and trust was logged.
#include <set>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/ledger/verify_parts.h"

namespace focal::ledger {
namespace {

using Part = VerifyPart;

constexpr char kCards[] =
    "SELECT c.idx,c.peer,c.note,l.bytes FROM card c LEFT JOIN leaf l ON l.idx=c.idx "
    "WHERE c.idx>$1 AND c.idx<$2 ORDER BY c.idx LIMIT $3";
constexpr char kSchedules[] =
    "SELECT o.idx,o.note,l.bytes FROM own_schedule o LEFT JOIN leaf l ON l.idx=o.idx "
    "WHERE o.idx>$1 AND o.idx<$2 ORDER BY o.idx LIMIT $3";
constexpr char kBeyond[] =
    "SELECT (SELECT COUNT(*) FROM card WHERE idx<0 OR idx>m.last)+"
    "(SELECT COUNT(*) FROM own_schedule WHERE idx<0 OR idx>m.last)+"
    "(SELECT COUNT(*) FROM own_card WHERE idx<0 OR idx>m.last)+"
    "(SELECT COUNT(*) FROM own_revocation WHERE idx<0 OR idx>m.last) "
    "FROM (SELECT COALESCE(MAX(idx),-1) AS last FROM leaf) m";
constexpr char kPeers[] =
    "SELECT p.id,p.level,p.verified_ms,EXISTS(SELECT 1 FROM card c WHERE c.peer=p.id) FROM peer p";
constexpr char kStrangers[] =
    "SELECT COUNT(*) FROM card c LEFT JOIN peer p ON p.id=c.peer WHERE p.id IS NULL";
constexpr char kVerifications[] =
    "SELECT l.bytes FROM detail d JOIN leaf l ON l.idx=d.idx WHERE d.peer=$1";
constexpr char kCardsOf[] = "SELECT note FROM card WHERE peer=$1";

// The hash a leaf names a card by: of its text without signatures. Whether a note
// is a card at all is VerifyOptions::read_card's to say.
Hash32 card_id(const std::string& stored) {
  const auto note = crypto::parse_note(stored);
  return crypto::sha256(std::string_view(note ? note->text : stored));
}

class NoteVerifier {
 public:
  explicit NoteVerifier(Scope& scope) : scope_(scope), db_(scope.db), found_(scope.found) {}

  Status run() {
    FOCAL_TRY(each_page(scope_, kCards, [this](const Query& q) { return card(q); }));
    FOCAL_TRY(each_page(scope_, kSchedules, [this](const Query& q) { return schedule(q); }));
    found_.check(Part::kNotes, cards_ + scope_.own_notes == leaves(store::LeafType::kPeerCard), {"the log"},
                 "has leaves of cards that are not here");
    found_.check(Part::kNotes, schedules_ == leaves(store::LeafType::kKeyEpoch), {"the log"},
                 "has leaves of own schedules that are not here");
    Query beyond(db_, kBeyond);
    FOCAL_TRY(one_row(beyond));
    found_.check(Part::kNotes, beyond.integer(0) == 0, {"a card or schedule"}, "has no leaf");
    Query strangers(db_, kStrangers);
    FOCAL_TRY(one_row(strangers));
    found_.check(Part::kNotes, strangers.integer(0) == 0, {"a card"},
                 "is of a party that is no peer");
    return check_trust();
  }

 private:
  std::uint64_t leaves(store::LeafType type) const {
    return scope_.leaves_of[static_cast<std::size_t>(type)];
  }

  // The leaf has this type and names this text.
  bool is_leaf_of(ByteView bytes, store::LeafType type, const Hash32& ref) const {
    const auto leaf = store::decode_leaf(bytes);
    return leaf && leaf->type == type && leaf->ref == ref;
  }

  Status card(const Query& query) {
    ++found_.report().notes;
    const Subject subject{"card at leaf", query.integer(0)};
    const std::string text = query.text(2);
    const Hash32 id = card_id(text);
    const bool named = is_leaf_of(query.blob(3), store::LeafType::kPeerCard, id);
    found_.check(Part::kNotes, named, subject, "is not the one of its leaf");
    if (!named) return {};
    ++cards_;
    if (!scope_.options.read_card) return {};
    const auto signer = scope_.options.read_card(text);
    const auto party = scope_.parties.find(query.integer(1));
    const bool right = signer && signer->card_id == id && party != scope_.parties.end() &&
                       signer->party == party->second;
    found_.check(Part::kNotes, right, subject, "is no card of its party");
    if (right) scope_.signers.emplace(id, *signer);
    return {};
  }

  Status schedule(const Query& query) {
    ++found_.report().notes;
    const bool named = is_leaf_of(query.blob(2), store::LeafType::kKeyEpoch,
                                  crypto::sha256(as_text(query.blob(1))));
    found_.check(Part::kNotes, named, {"own schedule at leaf", query.integer(0)},
                 "is not the one of its leaf");
    if (named) ++schedules_;
    return {};
  }

  // No level without a leaf that names a card of the party. Everything is read in
  // the transaction of the outer query: a node at work may verify a peer meanwhile.
  Status check_trust() {
    Query peer(db_, kPeers);
    for (;;) {
      FOCAL_ASSIGN(const bool row, peer.next());
      if (!row) return {};
      const auto name = scope_.parties.find(peer.integer(0));
      const std::string party =
          "peer " + (name == scope_.parties.end() ? std::string("without a name") : name->second);
      found_.check(Part::kNotes, peer.integer(3) != 0, {party}, "has no card");
      const auto verified_ms = peer.number<std::uint64_t>(2);
      if (peer.integer(1) == 0 && verified_ms == 0) continue;
      FOCAL_ASSIGN(const bool logged, was_verified(peer.integer(0), verified_ms));
      found_.check(Part::kNotes, logged, {party}, "is trusted without a leaf that says so");
    }
  }

  Result<bool> was_verified(std::int64_t peer, std::uint64_t verified_ms) {
    FOCAL_ASSIGN(const std::set<Hash32> cards, cards_of(peer));
    Query query(db_, kVerifications);
    query.bind(peer);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) return false;
      const auto leaf = store::decode_leaf(query.blob(0));
      if (leaf && leaf->type == store::LeafType::kPeerVerified && cards.contains(leaf->ref) &&
          (verified_ms == 0 || leaf->time_ms == verified_ms))
        return true;
    }
  }

  Result<std::set<Hash32>> cards_of(std::int64_t peer) {
    std::set<Hash32> out;
    Query query(db_, kCardsOf);
    query.bind(peer);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) return out;
      out.insert(card_id(query.text(0)));
    }
  }

  Scope& scope_;
  Driver& db_;
  Findings& found_;
  std::uint64_t cards_ = 0;
  std::uint64_t schedules_ = 0;
};

}  // namespace

Status verify_notes(Scope& scope) { return NoteVerifier(scope).run(); }

}  // namespace focal::ledger
