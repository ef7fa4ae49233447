// The part of verify that reads notes: cards, revocations and directories of peers, fork
// proofs and the own schedules are those their leaves name, and trust was logged.
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
constexpr char kRevocations[] =
    "SELECT r.idx,r.peer,r.note,l.bytes,r.id,EXISTS(SELECT 1 FROM peer p WHERE p.id=r.peer) "
    "FROM revocation r LEFT JOIN leaf l ON l.idx=r.idx "
    "WHERE r.idx>$1 AND r.idx<$2 ORDER BY r.idx LIMIT $3";
constexpr char kDirectories[] =
    "SELECT d.idx,d.peer,d.note,l.bytes,d.id,EXISTS(SELECT 1 FROM peer p WHERE p.id=d.peer),"
    "d.serial FROM directory d LEFT JOIN leaf l ON l.idx=d.idx "
    "WHERE d.idx>$1 AND d.idx<$2 ORDER BY d.idx LIMIT $3";
constexpr char kForks[] =
    "SELECT f.idx,f.peer,f.a,l.bytes,f.id,f.b FROM fork_proof f LEFT JOIN leaf l ON l.idx=f.idx "
    "WHERE f.idx>$1 AND f.idx<$2 ORDER BY f.idx LIMIT $3";
constexpr char kActs[] =
    "SELECT a.idx,a.peer,l.bytes,d.peer FROM peer_act a LEFT JOIN leaf l ON l.idx=a.idx "
    "LEFT JOIN detail d ON d.idx=a.idx WHERE a.idx>$1 AND a.idx<$2 ORDER BY a.idx LIMIT $3";
constexpr char kDetails[] =
    "SELECT d.idx,d.peer,l.bytes,EXISTS(SELECT 1 FROM card c WHERE c.idx=d.idx AND c.peer=d.peer) "
    "OR EXISTS(SELECT 1 FROM revocation r WHERE r.idx=d.idx AND r.peer=d.peer) "
    "OR EXISTS(SELECT 1 FROM directory y WHERE y.idx=d.idx AND y.peer=d.peer) "
    "FROM detail d JOIN leaf l ON l.idx=d.idx "
    "WHERE d.idx>$1 AND d.idx<$2 ORDER BY d.idx LIMIT $3";
constexpr char kHeld[] =
    "SELECT h.peer,h.card_id,h.note,EXISTS(SELECT 1 FROM peer p WHERE p.id=h.peer) "
    "FROM held_card h";
constexpr char kBeyond[] =
    "SELECT (SELECT COUNT(*) FROM card WHERE idx<0 OR idx>m.last)+"
    "(SELECT COUNT(*) FROM own_schedule WHERE idx<0 OR idx>m.last)+"
    "(SELECT COUNT(*) FROM revocation WHERE idx<0 OR idx>m.last)+"
    "(SELECT COUNT(*) FROM directory WHERE idx<0 OR idx>m.last)+"
    "(SELECT COUNT(*) FROM peer_act WHERE idx<0 OR idx>m.last)+"
    "(SELECT COUNT(*) FROM fork_proof WHERE idx<0 OR idx>m.last)+"
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
    FOCAL_TRY(each_page(scope_, kRevocations, [this](const Query& q) { return revocation(q); }));
    FOCAL_TRY(each_page(scope_, kDirectories, [this](const Query& q) { return directory(q); }));
    FOCAL_TRY(each_page(scope_, kForks, [this](const Query& q) { return fork(q); }));
    FOCAL_TRY(held());
    FOCAL_TRY(acts());
    found_.check(Part::kNotes, cards_ + scope_.own_notes == leaves(store::LeafType::kPeerCard),
                 {"the log"}, "has leaves of cards, revocations or directories that are not here");
    found_.check(Part::kNotes, forks_ == leaves(store::LeafType::kForkProof), {"the log"},
                 "has leaves of fork proofs that are not here");
    found_.check(Part::kNotes, schedules_ == leaves(store::LeafType::kKeyEpoch), {"the log"},
                 "has leaves of own schedules that are not here");
    Query beyond(db_, kBeyond);
    FOCAL_TRY(one_row(beyond));
    found_.check(Part::kNotes, beyond.integer(0) == 0, {"a note"}, "has no leaf");
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

  // A note whose leaf names its text.
  bool note_of(const Query& query, const Subject& subject, store::LeafType type,
               const Hash32& id) {
    ++found_.report().notes;
    const bool named = is_leaf_of(query.blob(3), type, id) &&
                       (query.is_null(4) || equal(query.blob(4), id));
    found_.check(Part::kNotes, named, subject, "is not the one of its leaf");
    return named;
  }

  // Its text names the party of its row in this line.
  void says(const Query& query, const Subject& subject, std::string_view line,
            std::string_view value) {
    const std::string wanted = std::string("\n").append(line).append(" ").append(value).append("\n");
    found_.check(Part::kNotes, query.text(2).find(wanted) != std::string::npos, subject,
                 "is not the one of its row");
  }
  // It is a note of that kind: one of another kind does not hide in the table.
  void begins(const Query& query, const Subject& subject, std::string_view first_line) {
    found_.check(Part::kNotes, query.text(2).starts_with(first_line), subject,
                 "is no note of its table");
  }
  std::string party_of(const Query& query, int column) const {
    const auto name = scope_.parties.find(query.integer(column));
    return name == scope_.parties.end() ? std::string() : name->second;
  }

  Status revocation(const Query& query) {
    const Subject subject{"revocation at leaf", query.integer(0)};
    if (!note_of(query, subject, store::LeafType::kPeerCard, card_id(query.text(2)))) return {};
    ++cards_;
    begins(query, subject, "focal-revoke/v1\n");
    says(query, subject, "party", party_of(query, 1));
    found_.check(Part::kNotes, query.integer(5) != 0, subject, "is of a party that is no peer");
    return {};
  }

  Status directory(const Query& query) {
    const Subject subject{"directory at leaf", query.integer(0)};
    if (!note_of(query, subject, store::LeafType::kPeerCard, card_id(query.text(2)))) return {};
    ++cards_;
    begins(query, subject, "focal-directory/v1\n");
    says(query, subject, "introducer", party_of(query, 1));
    says(query, subject, "serial", std::to_string(query.integer(6)));
    found_.check(Part::kNotes, query.integer(5) != 0, subject, "is of a party that is no peer");
    return {};
  }

  Status fork(const Query& query) {
    const Subject subject{"fork proof at leaf", query.integer(0)};
    const Hash32 id = store::fork_proof_ref(card_id(query.text(2)), card_id(query.text(5)));
    if (!note_of(query, subject, store::LeafType::kForkProof, id)) return {};
    ++forks_;
    const std::string party = party_of(query, 1);
    // A line of a card and the like, or the name of the log of a checkpoint.
    const auto names_it = [&](const std::string& note) {
      return note.find(" " + party + "\n") != std::string::npos ||
             note.starts_with("focal/" + party + "/log/");
    };
    found_.check(Part::kNotes, names_it(query.text(2)) && names_it(query.text(5)), subject,
                 "is not the one of its row");
    return {};
  }

  Status held() {
    Query query(db_, kHeld);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) return {};
      const Subject subject{"a held card", -1};
      const Hash32 id = card_id(query.text(2));
      found_.check(Part::kNotes, equal(query.blob(1), id), subject, "is not the one of its row");
      says(query, subject, "party", party_of(query, 0));
      found_.check(Part::kNotes, query.integer(3) != 0, subject, "is of a party that is no peer");
    }
  }

  // Each act is the detail of a leaf about its party, and none is missing.
  Status acts() {
    std::uint64_t listed = 0;
    std::uint64_t written = 0;
    FOCAL_TRY(each_page(scope_, kActs, [&](const Query& q) -> Status {
      const auto leaf = store::decode_leaf(q.blob(2));
      const bool right = leaf && store::is_peer_act(leaf->type) && !q.is_null(3) &&
                         q.integer(3) == q.integer(1);
      found_.check(Part::kNotes, right, {"act at leaf", q.integer(0)}, "is not about its party");
      listed += right ? 1 : 0;
      return {};
    }));
    FOCAL_TRY(each_page(scope_, kDetails, [&](const Query& q) -> Status {
      const auto leaf = store::decode_leaf(q.blob(2));
      written += leaf && store::is_peer_act(leaf->type) && !q.is_null(1) ? 1 : 0;
      if (leaf && leaf->type == store::LeafType::kPeerCard && !q.is_null(1))
        found_.check(Part::kNotes, q.integer(3) != 0, {"note at leaf", q.integer(0)},
                     "is in no row of its party");
      return {};
    }));
    found_.check(Part::kNotes, listed == written, {"the log"},
                 "has decisions about parties that are not listed");
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
  std::uint64_t forks_ = 0;
};

}  // namespace

Status verify_notes(Scope& scope) { return NoteVerifier(scope).run(); }

}  // namespace focal::ledger
