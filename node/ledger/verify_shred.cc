// The part of verify that reads erasures: each record without content has the leaf that says so, and
// each such leaf its record; words beside a leaf are gone only with the batch they were about. And
// proofs that others' logs have a leaf about a record here.
#include "node/ledger/verify_parts.h"

namespace focal::ledger {
namespace {

using Part = VerifyPart;

constexpr char kLeft[] =
    "SELECT b.dir,(SELECT COUNT(*) FROM rec x WHERE x.idx>=b.first_idx AND x.idx<b.first_idx+b.n "
    "AND x.shred IS NULL) FROM batch b JOIN rec r ON r.batch=b.id WHERE r.idx=$1 AND b.first_idx=$1";
constexpr char kProofs[] =
    "SELECT p.idx,p.peer,p.leaf,p.proof,l.bytes,r.idx FROM proof p LEFT JOIN leaf l ON l.idx=p.idx "
    "LEFT JOIN rec r ON r.idx=p.idx ORDER BY p.idx,p.peer";
constexpr char kOthers[] =
    "SELECT (SELECT COUNT(*) FROM promise p LEFT JOIN rec r ON r.idx=p.idx WHERE r.idx IS NULL),"
    "(SELECT COUNT(*) FROM opened o LEFT JOIN rec r ON r.idx=o.idx WHERE r.idx IS NULL)";

class ShredVerifier {
 public:
  explicit ShredVerifier(Scope& scope) : scope_(scope), db_(scope.db), found_(scope.found) {}

  Status run() {
    FOCAL_TRY(erasures());
    FOCAL_TRY(details());
    FOCAL_TRY(proofs());
    Query others(db_, kOthers);
    FOCAL_TRY(one_row(others));
    found_.check(Part::kErasures, others.integer(0) == 0, {"table promise"},
                 "has promises about no record");
    found_.check(Part::kErasures, others.integer(1) == 0, {"table opened"},
                 "names leaves that are no record");
    return {};
  }

 private:
  Status erasures() {
    std::uint64_t right = 0;
    for (const auto& [record, shred] : scope_.shreds) {
      FOCAL_ASSIGN(const auto of_record, leaf_at(db_, record));
      FOCAL_ASSIGN(const auto of_shred, leaf_at(db_, shred));
      const bool named = of_record && of_shred && of_shred->type == store::LeafType::kShred &&
                         of_shred->ref == of_record->ref && shred > record;
      found_.check(Part::kErasures, named, {"leaf", record},
                   "has a record that was erased without a leaf that says so");
      if (named) ++right;
    }
    found_.report().erased = scope_.shreds.size();
    const auto logged = scope_.leaves_of[static_cast<std::size_t>(store::LeafType::kShred)];
    found_.check(Part::kErasures, right == logged, {"the log"},
                 "has leaves SHRED of records that are not erased");
    return {};
  }

  // Only the words of a release go, with the last record of their batch.
  Status details() {
    for (const std::int64_t idx : scope_.bare_details) {
      Query left(db_, kLeft);
      FOCAL_ASSIGN(const bool row, left.bind(idx).next());
      found_.check(Part::kErasures, row && left.integer(0) == 1 && left.integer(1) == 0,
                   {"leaf", idx}, "has lost its sealed detail");
    }
    return {};
  }

  Status proofs() {
    for (const auto& [card, signer] : scope_.signers)
      if (signer.log) logs_[signer.party].push_back(*signer.log);
    Query query(db_, kProofs);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) return {};
      check_proof(query);
    }
  }

  void check_proof(const Query& query) {
    const Subject subject{"the proof for leaf", query.integer(0)};
    const auto party = scope_.parties.find(query.integer(1));
    const auto theirs = store::decode_leaf(query.blob(2));
    const auto ours = query.is_null(4) ? std::nullopt : store::decode_leaf(query.blob(4));
    const bool about_it = party != scope_.parties.end() && !query.is_null(5) && theirs && ours &&
                          theirs->ref == ours->ref;
    found_.check(Part::kErasures, about_it, subject, "is about another record, or of nobody");
    if (!about_it || !scope_.options.check_proof) return;
    const Status holds = scope_.options.check_proof(
        {query.integer(0), party->second, to_bytes(query.blob(2)), query.text(3)},
        logs_[party->second]);
    if (!holds)
      found_.add(Part::kErasures, subject.text() + " does not verify: " + holds.error().message);
  }

  Scope& scope_;
  Driver& db_;
  Findings& found_;
  std::map<std::string, std::vector<LogSigner>> logs_;  // by party
};

}  // namespace

Status verify_shred(Scope& scope) { return ShredVerifier(scope).run(); }

}  // namespace focal::ledger
