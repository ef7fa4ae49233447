// The part of verify that reads the cards of this node: they are those their leaves
// name, a chain that ends with the card in force, and the log changes its name only
// where a CONTINUATION leaf says so.
#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/ledger/verify_parts.h"

namespace focal::ledger {
namespace {

using Part = VerifyPart;

constexpr char kCards[] =
    "SELECT idx,origin,note FROM own_card WHERE idx>=0 AND idx<$1 ORDER BY idx";
constexpr char kLeaf[] = "SELECT bytes FROM leaf WHERE idx=$1";
constexpr char kCheckpointBefore[] =
    "SELECT note FROM checkpoint WHERE size<=$1 ORDER BY size DESC LIMIT 1";
constexpr char kRevocations[] =
    "SELECT idx,note FROM own_revocation WHERE idx>=0 AND idx<$1 ORDER BY idx";

class OwnVerifier {
 public:
  explicit OwnVerifier(Scope& scope) : scope_(scope), db_(scope.db), found_(scope.found) {}

  Status run() {
    std::uint64_t continuations = 0;
    for (std::size_t i = 0; i < scope_.own.size(); ++i) {
      const OwnCardAt& own = scope_.own[i];
      const Subject subject{"own card at leaf", own.idx};
      FOCAL_TRY(check_leaf(subject, own.id));
      const OwnCardAt* before = i == 0 ? nullptr : &scope_.own[i - 1];
      check_card(subject, own, before);
      FOCAL_ASSIGN(const bool continues, check_continuation(subject, own, before));
      continuations += continues ? 1 : 0;
    }
    const auto logged =
        scope_.leaves_of[static_cast<std::size_t>(store::LeafType::kContinuation)];
    found_.check(Part::kCheckpoints, continuations == logged, {"the log"},
                 "has a continuation without an own card");
    check_newest();
    return revocations();
  }

 private:
  Status check_leaf(const Subject& subject, const Hash32& id) {
    ++found_.report().notes;
    FOCAL_ASSIGN(const auto at, leaf_at(db_, subject.number));
    const bool named = at && at->type == store::LeafType::kPeerCard && at->ref == id;
    found_.check(Part::kNotes, named, subject, "is not the one of its leaf");
    if (named) ++scope_.own_notes;
    return {};
  }

  void check_card(const Subject& subject, const OwnCardAt& own, const OwnCardAt* before) {
    if (!scope_.options.read_own_card) return;
    const bool right = own.card && own.card->signer.card_id == own.id &&
                       own.card->signer.party == scope_.party && own.card->origin == own.origin;
    found_.check(Part::kNotes, right, subject, "is no card of this node, or names another log");
    if (!right || before == nullptr) return;
    found_.check(Part::kNotes, own.card->prev == before->id, subject,
                 "does not follow from the one before it");
    if (!before->card || own.origin != before->origin) return;
    found_.check(Part::kNotes, own.card->log_key == before->card->log_key, subject,
                 "has another log key for the same log");
  }

  // Is there a CONTINUATION before this card? Then it names the newest checkpoint before it.
  Result<bool> check_continuation(const Subject& subject, const OwnCardAt& own,
                                  const OwnCardAt* before) {
    FOCAL_ASSIGN(const auto at, leaf_at(db_, own.idx - 1));
    const bool continues = at && at->type == store::LeafType::kContinuation;
    found_.check(Part::kCheckpoints,
                 before == nullptr || continues == (own.origin != before->origin), subject,
                 continues ? "has a continuation of the same log"
                           : "changes the log without a continuation");
    if (!continues) return false;
    Query query(db_, kCheckpointBefore);
    FOCAL_ASSIGN(const bool row, query.bind(own.idx - 1).next());
    const Hash32 last = row ? crypto::sha256(std::string_view(query.text(0))) : Hash32{};
    found_.check(Part::kCheckpoints, at->ref == last, {"the continuation at leaf", own.idx - 1},
                 "does not name the checkpoint before it");
    return true;
  }

  void check_newest() {
    if (scope_.own.empty()) return;
    const OwnCardAt& newest = scope_.own.back();
    found_.check(Part::kCheckpoints, newest.origin == found_.report().origin, {"the log"},
                 "has another name than its newest own card says");
    if (!scope_.options.own_card) return;
    found_.check(Part::kNotes, newest.id == *scope_.options.own_card, {"the newest own card"},
                 "is not the card in force");
  }

  Status revocations() {
    Query query(db_, kRevocations);
    query.bind(scope_.size);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) return {};
      const Subject subject{"own revocation at leaf", query.integer(0)};
      FOCAL_TRY(check_leaf(subject, note_id(query.text(1))));
      std::string begin = "focal-revoke/v1\nparty ";
      begin.append(scope_.party).append("\n");
      found_.check(Part::kNotes, query.text(1).starts_with(begin), subject,
                   "is no revocation of this node's card");
    }
  }

  Scope& scope_;
  Driver& db_;
  Findings& found_;
};

}  // namespace

Hash32 note_id(const std::string& stored) {
  const auto note = crypto::parse_note(stored);
  return crypto::sha256(std::string_view(note ? note->text : stored));
}

Result<std::optional<store::Leaf>> leaf_at(Driver& db, std::int64_t idx) {
  Query query(db, kLeaf);
  FOCAL_ASSIGN(const bool row, query.bind(idx).next());
  return row ? store::decode_leaf(query.blob(0)) : std::nullopt;
}

Status load_own_cards(Scope& scope) {
  Query query(scope.db, kCards);
  query.bind(scope.size);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) return {};
    OwnCardAt own{query.integer(0), query.text(1), note_id(query.text(2)), {}};
    if (scope.options.read_own_card)
      if (auto card = scope.options.read_own_card(query.text(2))) own.card = std::move(*card);
    scope.own.push_back(std::move(own));
  }
}

LogAt log_at(const Scope& scope, std::int64_t size) {
  const OwnCardAt* in_force = nullptr;
  for (const OwnCardAt& own : scope.own)
    if (own.idx < size) in_force = &own;
  if (in_force == nullptr) return {scope.found.report().origin, scope.options.log_key};
  if (in_force->card) return {in_force->origin, in_force->card->log_key};
  const bool is_last = in_force->origin == scope.found.report().origin;
  return {in_force->origin, is_last ? scope.options.log_key : std::nullopt};
}

Status verify_own(Scope& scope) { return OwnVerifier(scope).run(); }

}  // namespace focal::ledger
