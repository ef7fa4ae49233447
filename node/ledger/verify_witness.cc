// The part of verify that reads witnessing, at both sides: what witnesses said of this log and when
// it was published, and what this node said of the logs of others (docs/protocol.md, "Witnesses").
#include <algorithm>
#include <limits>
#include <map>

#include "crypto/hash.h"
#include "node/ledger/verify_parts.h"
#include "node/store/checkpoint.h"

namespace focal::ledger {
namespace {

using Part = VerifyPart;

constexpr char kCosigs[] =
    "SELECT g.size,g.witness,g.at_s,g.line,c.note FROM cosig g "
    "LEFT JOIN checkpoint c ON c.size=g.size ORDER BY g.size,g.witness";
constexpr char kPublications[] =
    "SELECT p.size,EXISTS(SELECT 1 FROM checkpoint c WHERE c.size=p.size),p.at_ms FROM publication p "
    "ORDER BY p.size";
constexpr char kWitnessesOf[] = "SELECT witness FROM cosig WHERE size=$1";
constexpr char kPolicies[] =
    "SELECT idx,note FROM witness_policy WHERE idx>=0 AND idx<$1 ORDER BY idx";
constexpr char kWitnessed[] =
    "SELECT idx,origin,size,root FROM witnessed WHERE idx>=0 AND idx<$1 ORDER BY idx,origin";
constexpr char kBeyond[] =
    "SELECT (SELECT COUNT(*) FROM witnessed WHERE idx>(SELECT COALESCE(MAX(idx),-1) FROM leaf)),"
    "(SELECT COUNT(*) FROM witness_policy WHERE idx>(SELECT COALESCE(MAX(idx),-1) FROM leaf))";
constexpr char kStates[] =
    "SELECT origin,peer,size,root,note,line,at_s FROM witness_state ORDER BY origin";
constexpr char kSeen[] = "SELECT origin,size,peer,root,note FROM peer_checkpoint ORDER BY origin,size";
constexpr char kPeerPolicies[] = "SELECT peer,note,serial FROM peer_policy ORDER BY peer,serial";

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::string witness_name(const std::string& party) { return "focal/" + party + "/witness"; }

// The one signature line, if it is one and says that time.
std::optional<crypto::NoteSignature> read_line(const std::string& text, const std::string& line,
                                               const std::string& party, std::uint64_t at_s) {
  const auto note = crypto::parse_note(text + "\n" + line);
  if (!note || note->text != text || note->signatures.size() != 1) return std::nullopt;
  const crypto::NoteSignature& found = note->signatures.front();
  if (found.name != witness_name(party) || crypto::cosignature_time(found) != at_s)
    return std::nullopt;
  return found;
}

bool verifies(const std::string& text, const crypto::NoteSignature& line, const std::string& party,
              const crypto::PublicKey& key) {
  const crypto::Note note{text, {line}};
  return crypto::check_note(note, {{witness_name(party), key, crypto::NoteKeyType::kCosignature}})
      .has_value();
}

class WitnessVerifier {
 public:
  explicit WitnessVerifier(Scope& scope) : scope_(scope), db_(scope.db), found_(scope.found) {}

  Status run() {
    FOCAL_TRY(policies());
    FOCAL_TRY(cosignatures());
    FOCAL_TRY(publications());
    FOCAL_TRY(witnessed());
    FOCAL_TRY(states());
    FOCAL_TRY(shown_by_others());
    Query beyond(db_, kBeyond);
    FOCAL_TRY(one_row(beyond));
    found_.check(Part::kWitnesses, beyond.integer(0) == 0 && beyond.integer(1) == 0,
                 {"what is witnessed"}, "stands at leaves that are not there");
    return {};
  }

 private:
  struct Policy {
    std::int64_t idx = 0;
    std::optional<WitnessRule> rule;
    std::int64_t first_by_size = kNever;  // size of the checkpoint after which it counts
    std::int64_t first_by_time = kNever;
    std::int64_t continued = kNever;      // leaf of the card that made it count at once
  };

  std::string name(std::int64_t party) const {
    const auto found = scope_.parties.find(party);
    return found == scope_.parties.end() ? std::string() : found->second;
  }
  void check(bool fine, const Subject& subject, std::string_view problem) {
    found_.check(Part::kWitnesses, fine, subject, problem);
  }

  Status policies() {
    Query query(db_, kPolicies);
    query.bind(scope_.size);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) return {};
      ++found_.report().witness_rows;
      const Subject subject{"the policy at leaf", query.integer(0)};
      FOCAL_ASSIGN(const auto at, leaf_at(db_, query.integer(0)));
      check(at && at->type == store::LeafType::kAdmin && at->ref == note_id(query.text(1)), subject,
            "is not the one of its leaf");
      Policy policy;
      policy.idx = query.integer(0);
      if (scope_.options.read_policy) {
        auto rule = scope_.options.read_policy(query.text(1));
        const bool right = rule && rule->origin == log_at(scope_, policy.idx).origin;
        check(right, subject, "is no policy of this log");
        if (right) policy.rule = std::move(*rule);
      }
      policies_.push_back(std::move(policy));
    }
  }

  // A line by a party whose cards are not here cannot be judged; a key of any of its cards will do.
  bool by_a_key_of(const std::string& party, const std::string& text,
                   const crypto::NoteSignature& line) const {
    bool any_key = false;
    for (const auto& [id, signer] : scope_.signers) {
      if (signer.party != party || !signer.witness) continue;
      any_key = true;
      if (verifies(text, line, party, *signer.witness)) return true;
    }
    for (const OwnCardAt& own : scope_.own) {
      if (party != scope_.party || !own.card || !own.card->signer.witness) continue;
      any_key = true;
      if (verifies(text, line, party, *own.card->signer.witness)) return true;
    }
    return !any_key;
  }

  Status cosignatures() {
    Query query(db_, kCosigs);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) return {};
      ++found_.report().witness_rows;
      const Subject subject{"a cosignature of the checkpoint of leaves", query.integer(0)};
      check(!query.is_null(4), subject, "is of no checkpoint");
      if (query.is_null(4)) continue;
      const auto note = crypto::parse_note(query.text(4));
      const std::string party = name(query.integer(1));
      const std::string text = note ? note->text : std::string();
      const auto line = read_line(text, query.text(3), party, query.number<std::uint64_t>(2));
      check(line.has_value(), subject, "is not a line of that witness and time");
      if (line) check(by_a_key_of(party, text, *line), subject, "does not verify");
    }
  }

  // docs/protocol.md, "Witnesses": a change counts after the first published checkpoint that
  // contains it; a continuation makes it count at once. Nothing: no list counts, so nobody has to
  // cosign.
  const Policy* policy_for(std::int64_t size, std::int64_t Policy::*first) const {
    const Policy* counts = nullptr;
    for (const Policy& policy : policies_)
      if (policy.*first < size || policy.continued < size) counts = &policy;
    return counts;
  }

  // Which checkpoints make each policy count, in the order of size and in that of time.
  void find_firsts(const std::vector<std::pair<std::int64_t, std::int64_t>>& published) {
    for (Policy& policy : policies_) {
      std::int64_t when_first = 0;
      for (const auto& [when, size] : published) {
        if (size <= policy.idx) continue;
        policy.first_by_size = std::min(policy.first_by_size, size);
        if (policy.first_by_time != kNever && when >= when_first) continue;
        policy.first_by_time = size;
        when_first = when;
      }
      for (const std::int64_t leaf : continued_)
        if (leaf > policy.idx) policy.continued = std::min(policy.continued, leaf);
    }
  }

  // Own cards with which the log got another name.
  void read_continuations() {
    for (std::size_t i = 1; i < scope_.own.size(); ++i)
      if (scope_.own[i].origin != scope_.own[i - 1].origin) continued_.push_back(scope_.own[i].idx);
  }

  // What was published first is told by the clock, which may have been set: a quorum is right if it
  // is so in the order of time or of size.
  Status publications() {
    read_continuations();
    std::vector<std::pair<std::int64_t, std::int64_t>> all;  // (when, size), by size
    Query query(db_, kPublications);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) break;
      ++found_.report().witness_rows;
      check(query.integer(1) != 0, {"the published checkpoint of leaves", query.integer(0)},
            "is not there");
      all.emplace_back(query.integer(2), query.integer(0));
    }
    find_firsts(all);
    for (const auto& [when, size] : all) {
      FOCAL_ASSIGN(const bool by_size, has_quorum(policy_for(size, &Policy::first_by_size), size));
      FOCAL_ASSIGN(const bool by_time, has_quorum(policy_for(size, &Policy::first_by_time), size));
      check(by_size || by_time, {"the published checkpoint of leaves", size},
            "lacks lines of its quorum");
    }
    return {};
  }

  Result<bool> has_quorum(const Policy* policy, std::int64_t size) {
    if (policy == nullptr || !policy->rule) return true;
    const auto& listed = policy->rule->witnesses;
    std::uint32_t lines = 0;
    Query query(db_, kWitnessesOf);
    query.bind(size);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) return lines >= policy->rule->quorum;
      lines += std::count(listed.begin(), listed.end(), name(query.integer(0))) != 0 ? 1u : 0u;
    }
  }

  // Every leaf WITNESSED hashes the list as it was then.
  Status witnessed() {
    std::map<std::string, store::WitnessStateRow> list;
    std::uint64_t leaves = 0;
    std::int64_t at = -1;
    Query query(db_, kWitnessed);
    query.bind(scope_.size);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (at >= 0 && (!row || query.integer(0) != at)) {
        FOCAL_TRY(check_list(list, at));
        ++leaves;
      }
      if (!row) break;
      ++found_.report().witness_rows;
      at = query.integer(0);
      store::WitnessStateRow& entry = list[query.text(1)];
      const bool grows = entry.origin.empty() || query.number<std::uint64_t>(2) > entry.size;
      check(grows, {"the list at leaf WITNESSED", at}, "goes back");
      entry.origin = query.text(1);
      entry.size = query.number<std::uint64_t>(2);
      entry.root = query.hash(3);
    }
    const auto logged = scope_.leaves_of[static_cast<std::size_t>(store::LeafType::kWitnessed)];
    check(leaves == logged, {"the log"}, "has leaves WITNESSED whose lists are not here");
    logged_ = std::move(list);
    return {};
  }

  Status check_list(const std::map<std::string, store::WitnessStateRow>& list, std::int64_t idx) {
    std::vector<store::WitnessStateRow> rows;
    rows.reserve(list.size());
    for (const auto& [origin, row] : list) rows.push_back(row);
    FOCAL_ASSIGN(const auto leaf, leaf_at(db_, idx));
    const Hash32 ref = crypto::sha256(std::string_view(store::witnessed_list(rows)));
    check(leaf && leaf->type == store::LeafType::kWitnessed && leaf->ref == ref,
          {"the list at leaf WITNESSED", idx}, "is not the one of its leaf");
    return {};
  }

  // Does the note say that, and does its log's name fit the party?
  bool is_checkpoint(const std::string& note, const std::string& origin, const std::string& party,
                     std::uint64_t size, const Hash32& root) const {
    const auto read = store::parse_checkpoint(note);
    return read && read->origin == origin && read->size == size && read->root == root &&
           !party.empty() && origin.starts_with("focal/" + party + "/log/");
  }

  Status states() {
    Query query(db_, kStates);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) break;
      ++found_.report().witness_rows;
      const std::string origin = query.text(0);
      const Subject subject{"what is cosigned of a log"};
      const auto size = query.number<std::uint64_t>(2);
      const Hash32 root = query.hash(3);
      check(is_checkpoint(query.text(4), origin, name(query.integer(1)), size, root), subject,
            "is not what its checkpoint says");
      const std::string text = store::checkpoint_text(origin, size, root);
      const auto line =
          read_line(text, query.text(5), scope_.party, query.number<std::uint64_t>(6));
      check(line.has_value(), subject, "has no line of this node");
      if (line) check(by_a_key_of(scope_.party, text, *line), subject, "does not verify");
      const auto logged = logged_.find(origin);
      if (logged == logged_.end()) continue;
      check(logged->second.size < size || (logged->second.size == size && logged->second.root == root),
            subject, "went back behind what the log says");
      logged_.erase(logged);
    }
    check(logged_.empty(), {"table witness_state"}, "has lost a log that was witnessed");
    return {};
  }

  Status shown_by_others() {
    Query seen(db_, kSeen);
    for (;;) {
      FOCAL_ASSIGN(const bool row, seen.next());
      if (!row) break;
      ++found_.report().witness_rows;
      check(is_checkpoint(seen.text(4), seen.text(0), name(seen.integer(2)),
                          seen.number<std::uint64_t>(1), seen.hash(3)),
            {"a checkpoint of another party"}, "is not what its note says");
    }
    Query policy(db_, kPeerPolicies);
    for (;;) {
      FOCAL_ASSIGN(const bool row, policy.next());
      if (!row) return {};
      ++found_.report().witness_rows;
      std::string begin = "focal-witness/v1\nparty ";
      begin.append(name(policy.integer(0))).append("\n");
      std::string serial = "\nserial ";
      serial.append(std::to_string(policy.integer(2))).append("\n");
      const auto note = crypto::parse_note(policy.text(1));
      check(note && note->text.starts_with(begin) && note->text.find(serial) != std::string::npos,
            {"a policy of another party"}, "is another's, or of another serial");
    }
  }

  Scope& scope_;
  Driver& db_;
  Findings& found_;
  std::vector<Policy> policies_;          // oldest first
  std::vector<std::int64_t> continued_;   // leaves of own cards with which the log got another name
  std::map<std::string, store::WitnessStateRow> logged_;
};

}  // namespace

Status verify_witness(Scope& scope) { return WitnessVerifier(scope).run(); }

}  // namespace focal::ledger
