// What the desk keeps for itself, persons and acts that wait for a second officer: one sealed row
// each, the newest one counts, and every change is a leaf of the log.
#pragma once

#include <optional>
#include <vector>

#include "node/ledger/details.h"
#include "node/ledger/parts.h"

namespace focal::ledger {

// What a row is sealed under: its place, and the leaf it belongs to, so that neither another
// row nor an older one of the same id opens in its place.
Hash32 desk_row_ref(store::DeskTable table, std::int64_t id, store::LeafIndex idx);

class DeskRowStore {
 public:
  DeskRowStore(Parts& parts, DetailStore& details) : p_(parts), details_(details) {}

  // kState: an id below 1.
  Status put(const store::PutDesk& op, Group& group);
  // By id. kCorrupt: a row does not open, or is another one's.
  Result<std::vector<store::DeskRow>> all(store::DeskTable table, bool only_open);
  // The newest with a lower id than `before` (0 = any), at most `limit`; by id. kCorrupt.
  Result<std::vector<store::DeskRow>> newest(store::DeskTable table, std::int64_t before,
                                             std::size_t limit);
  // kNotFound, kCorrupt.
  Result<store::DeskRow> find(store::DeskTable table, std::int64_t id);
  std::int64_t next_id(store::DeskTable table);

 private:
  Result<std::vector<store::DeskRow>> read_all(store::DeskTable table, Query& query);
  Result<store::DeskRow> read(store::DeskTable table, const Query& query);

  Parts& p_;
  DetailStore& details_;
};

}  // namespace focal::ledger
