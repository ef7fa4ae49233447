// Inside verify: the checks and what they share. Every check looks at the leaves
// below Scope::size only, and at rows about them; a node at work appends others
// meanwhile. Long tables are read in pages, each a read transaction of its own,
// because a long one would hold up a running node's write-ahead log (SQLite's
// own check of the file is the exception). Two numbers that have to agree are
// asked for in one statement.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "node/ledger/driver.h"
#include "node/ledger/schema.h"
#include "node/ledger/verify.h"

namespace focal::ledger {

// What a problem is about: "leaf 7".
struct Subject {
  std::string_view noun;
  std::int64_t number = -1;  // none
  std::string text() const {
    return number < 0 ? std::string(noun) : std::string(noun) + " " + std::to_string(number);
  }
};

class Findings {
 public:
  explicit Findings(VerifyReport& report) : report_(report) {}
  void add(VerifyPart part, std::string problem) {
    ++report_.problems_in[static_cast<std::size_t>(part)];
    if (report_.problem_count++ < kMaxProblemsListed)
      report_.problems.push_back(std::move(problem));
  }
  void check(VerifyPart part, bool fine, const Subject& subject, std::string_view problem) {
    if (!fine) add(part, subject.text() + " " + std::string(problem));
  }
  VerifyReport& report() { return report_; }

 private:
  VerifyReport& report_;
};

// A card of this node and the log it names.
struct OwnCardAt {
  std::int64_t idx = 0;
  std::string origin;
  Hash32 id{};                  // of the note as it is stored
  std::optional<OwnCard> card;  // nothing: not asked for, or no card
};

struct Scope {
  Driver& db;
  const VerifyOptions& options;
  Findings& found;
  std::string party;  // whose ledger it is

  std::int64_t size = 0;  // leaves looked at: those below
  std::vector<OwnCardAt> own;   // filled by load_own_cards, oldest first
  std::uint64_t own_notes = 0;  // filled by verify_own: own cards and revocations at their leaves
  std::unordered_map<std::int64_t, std::string> parties;
  std::unordered_map<std::int64_t, bool> kinds;  // do records of this kind belong to a case
  // Filled by verify_leaves.
  std::array<std::uint64_t, 16> leaves_of{};  // by type
  std::uint64_t case_records = 0;             // that must stand in a case
  // Decisions about pairs of cases: verdict and leaf of the newest one.
  std::map<std::pair<std::int64_t, std::int64_t>, std::pair<std::int64_t, std::int64_t>> links;
  // Rows of the desk by (table, id): open, and leaf of the newest change.
  std::map<std::pair<std::int64_t, std::int64_t>, std::pair<std::int64_t, std::int64_t>> desk;
  std::vector<std::pair<std::int64_t, std::int64_t>> shreds;  // (record, leaf of its erasure)
  std::vector<std::int64_t> bare_details;     // leaves whose sealed words are gone
  // Filled by check_signed: the first bytes of each root.
  std::vector<std::uint64_t> signed_roots;
  // Filled by verify_notes.
  std::map<Hash32, Signer> signers;  // by card
};

// A whole verification on a connection of the caller.
Status verify_ledger(Driver& db, const Meta& meta, const VerifyOptions& options,
                     VerifyReport& report);

Status go_on(const Scope& scope);  // kUnavailable: VerifyOptions::stop

Status load_own_cards(Scope& scope);
Status verify_log(Scope& scope);      // leaves, tiles and checkpoints alone
Status verify_leaves(Scope& scope);   // they, and the rows beside a leaf
Status verify_own(Scope& scope);      // own cards, continuations of the log, own revocations
Status verify_notes(Scope& scope);    // cards, own schedules, trust
Status verify_batches(Scope& scope);  // batches of records and their outbox rows
Status verify_receipts(Scope& scope);
Status verify_signed(Scope& scope);  // no other roots than those of check_signed
Status verify_newest_statements(Scope& scope);  // what is shown to parties that signed it
Status verify_cases(Scope& scope);
Status verify_index(Scope& scope);
Status verify_desk(Scope& scope);
Status verify_witness(Scope& scope);  // lines, publications, policies; what is witnessed of others
Status verify_shred(Scope& scope);    // erasures, and proofs of others

// The name of the log, and the key of its checkpoints, when it had `size` leaves.
struct LogAt {
  std::string origin;
  std::optional<crypto::PublicKey> key;
};
LogAt log_at(const Scope& scope, std::int64_t size);

// Does a record of a case kind take part in its case: all sent ones, and received
// ones that were accepted and understood.
inline bool takes_part_in_a_case(bool sent, std::uint32_t status) {
  return sent || status == static_cast<std::uint32_t>(store::RecordStatus::kAccepted);
}

// A statement and its signature against the leaves it has to be about.
void check_statement(Scope& scope, VerifyPart part, const Subject& subject, std::uint32_t purpose,
                     const std::string& from, std::span<const Hash32> leaves, ByteView stmt,
                     ByteView sig);

// The root of a statement of this node stands in the table of those it signed.
Status check_signed(Scope& scope, VerifyPart part, const Subject& subject, const Hash32& root);

// A leaf of the log, if it is there and has a valid form.
Result<std::optional<store::Leaf>> leaf_at(Driver& db, std::int64_t idx);
// H(text) of a note as it is stored; of all of it, if it is none.
Hash32 note_id(const std::string& stored);

// The one row of a statement that always has one.
Status one_row(Query& query);

// A leaf with its record.
struct RecordLeaf {
  store::Leaf leaf;
  std::int64_t dir = 0;
  std::uint32_t status = 0;
  std::uint64_t created_ms = 0;
  std::int64_t batch = 0;
  std::size_t position = 0;
  std::int64_t peer = 0;
};
// Those of `n` leaves from `first` that have a record and a valid form.
Result<std::vector<RecordLeaf>> record_leaves(Driver& db, std::int64_t first, std::int64_t n);

// Visits the rows of a statement whose column 0 rises, kRows at a time: its $1 is
// the value the last page ended with, $2 the scope's size, $3 the rows of a page.
inline constexpr std::int64_t kPageRows = 2'000;
template <typename Visit>
Status each_page(Scope& scope, const char* sql, Visit visit) {
  std::int64_t last = -1;
  for (std::int64_t rows = kPageRows; rows == kPageRows;) {
    Query query(scope.db, sql);
    query.bind(last, scope.size, kPageRows);
    for (rows = 0;; ++rows) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) break;
      last = query.integer(0);
      FOCAL_TRY(visit(query));
    }
  }
  return {};
}

}  // namespace focal::ledger
