// When content goes by itself (docs/protocol.md, "At rest"): the date of each record, and what is
// due by the safe time. Pure over View: the loop writes what these return.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/retention.h"
#include "node/node/cases.h"
#include "node/node/indexing.h"
#include "node/record/record.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::node {

// Of the class of records of that kind.
const config::Period& period_of(const config::Retention& retention, std::string_view kind);

// Unix ms after which the content of a record is destroyed: the earlier of the end of its class's
// period, from created_ms on, and the end of the day (UTC) that its label names. record: none for
// one that cannot be read. 0 = never.
std::uint64_t del_after(const config::Retention& retention, std::string_view kind,
                        const record::CheckedRecord* record, std::uint64_t created_ms);

// Dates the records of one group before it is committed. A record that is sent has one item
// whoever gets it, and so one date.
void date_records(store::Txn& txn, const Group& group, const config::Retention& retention);

// The next slice of records that an older program left without a date; empty when all have one.
std::vector<store::Op> date_slice(store::View& view, const config::Retention& retention,
                                  const SliceLimits& limits = {});

struct DueRecord {
  store::RecordInfo info;
  bool case_is_open = false;  // stays until its case has ended
};
struct Due {
  std::vector<DueRecord> records;  // oldest date first
  bool more = false;               // there are others behind them
};
inline constexpr std::size_t kMaxDueShown = 200;
inline constexpr std::size_t kMaxDueLookedAt = 8192;  // with all that stay for their cases

// What is due by that safe time, at most `limit` of it.
Due due_records(store::View& view, std::uint64_t safe_ms, std::size_t limit);

// Destroys at most `limit` records that are due and whose cases have ended; empty: there are none.
// The detail of each leaf names the node and the date.
std::vector<store::Op> shred_slice(store::View& view, std::uint64_t safe_ms, std::size_t limit);

// Words of the detail under the leaf of an erasure by time.
std::string retention_detail(std::uint64_t del_after_ms);

}  // namespace focal::node
