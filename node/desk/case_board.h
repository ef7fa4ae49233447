// All cases of this node in the order in which people look at them, in memory: so that a page of a
// list, its filters and its counts cost the same however many cases there are. Belongs to the
// loop's thread. Rows of the ledger are kept for every case (48 bytes each); what only the sealed
// records say (subject, priority, clocks, the last news) is kept for open cases, as it is shown.
//
// The board learns of a group from its operations, and reads a case again when it is asked or
// caught up next. Content is read in slices (board_job.h), or as a page needs it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "node/desk/case_query.h"
#include "node/node/node.h"
#include "node/store/txn.h"

namespace focal::desk {

struct CasePage {
  std::vector<store::CaseId> cases;
  std::uint32_t total = 0;           // that match
  std::string next;                  // for CaseQuery::after; empty: there are no more
};

class CaseBoard {
 public:
  // Open cases whose content is kept, at most: what is beyond is read each time it is shown, and
  // not found by its content.
  static constexpr std::size_t kMostContent = 250'000;
  // Cases that may move in front of a page between it and the next.
  static constexpr std::size_t kMostMoved = 1000;

  explicit CaseBoard(node::Node& node);

  // Of every group, after its commit.
  void committed(const store::Txn& txn);
  // Brings in what changed and the rows of up to that many cases that came, and reads the content of
  // up to that many. True: there is more to read.
  bool catch_up(std::size_t rows, std::size_t contents, const Now& now);
  static constexpr std::size_t kAll = ~std::size_t{0};

  // kInvalid (after): of a list before the node started; kState: too much has moved since.
  Result<CasePage> page(const CaseQuery& query, const Now& now);
  void count(const Now& now, v1::InboxCounts* out);
  std::size_t behind() const { return open_ - contents_; }   // open cases without their content
  std::vector<std::string> parties() const;                  // with open cases; sorted
  // As the inbox shows it. Reads the content if it is not here.
  void fill(store::CaseId id, const Now& now, v1::InboxEntry* out);
  std::size_t bytes() const;                                 // of all of it, nearly

 private:
  struct Entry {
    std::uint64_t due_ms = 0, updated_ms = 0;
    std::uint64_t moved = 0;        // version of the list that put it where it is
    std::uint32_t content = 0;      // place in store_, from 1; 0 = not here
    std::uint16_t peer = 0, state = 0;
    bool known = false, ours = false, closed = false, needs_action = false;
    bool dirty = false, queued = false, moving = false;
  };
  struct Content {
    std::string shown;              // an InboxEntry, but for what depends on the time
    std::string text;               // folded subject
    std::uint64_t since_ms = 0;     // of the target that runs
    std::uint64_t last_ms = 0;
    std::uint16_t priority = 0;
  };
  static CaseKey key_of(store::CaseId id, const Entry& entry);
  Entry& entry(store::CaseId id) { return cases_[static_cast<std::size_t>(id)]; }
  const Entry& entry(store::CaseId id) const { return cases_[static_cast<std::size_t>(id)]; }
  std::uint16_t name(const std::string& text);
  std::size_t find_name(const std::string& text) const;  // names_.size(): not there

  void mark(store::CaseId id);
  void mark_record(const store::RecordRef& ref);
  void mark_batch(store::BatchId batch);
  void read_row(store::CaseId id, const Now& now);
  void await_receipt(const store::CaseRow& row);
  void read_content(store::CaseId id, const Now& now);
  void drop_content(Entry& of);
  void tally(const Entry& of, int by);
  void place(store::CaseId id);
  void settle_order();
  struct Wanted;
  bool fits(store::CaseId id, const Wanted& wanted) const;
  static bool is_overdue(const Entry& of, const Now& now);
  void find_in_parties(Wanted& wanted);
  std::span<const std::uint32_t> matching(const CaseQuery& query, const Now& now);

  node::Node& node_;
  std::vector<Entry> cases_;                 // by id
  std::vector<std::uint32_t> order_;         // ids by key
  std::vector<std::uint32_t> moved_;         // ids that are to be put where they belong
  std::vector<store::CaseId> dirty_;
  std::vector<store::CaseId> queue_;         // open cases to be read
  std::vector<Content> store_;
  std::vector<std::uint32_t> free_;          // places of store_
  std::vector<std::string> names_;           // parties, states, priorities
  std::unordered_map<std::string, std::uint16_t> numbers_;
  std::unordered_map<std::uint16_t, std::string> party_texts_;  // folded names of parties
  std::unordered_map<store::BatchId, std::vector<store::CaseId>> awaited_;  // requests without receipt
  std::unordered_map<std::uint16_t, std::uint32_t> open_of_;    // open cases of each party
  struct Matched {
    std::string signature;                   // empty: nothing
    std::uint64_t changes = 0;               // `changes_` then
    std::vector<std::uint32_t> cases;
  };
  std::array<Matched, 4> matched_;           // the last questions
  Matched overdue_;                          // the last one of these: never found again
  std::size_t next_matched_ = 0;
  std::uint64_t changes_ = 0;                // of anything that a question asks about
  std::uint64_t first_version_, version_;
  std::size_t open_ = 0, needs_action_ = 0, contents_ = 0;
};

}  // namespace focal::desk
