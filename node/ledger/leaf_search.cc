#include "node/ledger/leaf_search.h"

#include <algorithm>

#include "node/ledger/schema.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

constexpr std::int64_t kNoRow = -1;  // no party and no kind has this number

// 0 index, 1 bytes, 2 is it about the party $1, 3 is it of kind $2, 4 does it stand in case $3,
// 5 has it (or the batch of its record) words
constexpr char kLook[] =
    "SELECT l.idx,l.bytes,"
    "COALESCE(r.peer=$1,0) OR COALESCE(d.peer=$1,0) OR COALESCE(c.peer=$1,0) OR "
    "EXISTS(SELECT 1 FROM receipt_in i WHERE i.id=l.idx AND i.peer=$1) OR "
    "(COALESCE(r.dir=1,0) AND EXISTS(SELECT 1 FROM outbox o WHERE o.batch=r.batch AND o.peer=$1)),"
    "COALESCE(r.kind=$2,0),EXISTS(SELECT 1 FROM case_event e WHERE e.idx=l.idx AND e.case_id=$3),"
    "d.idx IS NOT NULL OR COALESCE(r.dir=1,0) FROM leaf l LEFT JOIN rec r ON r.idx=l.idx "
    "LEFT JOIN detail d ON d.idx=l.idx LEFT JOIN card c ON c.idx=l.idx "
    "WHERE l.idx<$4 ORDER BY l.idx DESC LIMIT $5";
constexpr char kSize[] = "SELECT COALESCE(MAX(idx),-1)+1 FROM leaf";
constexpr char kParty[] = "SELECT id FROM party WHERE name=$1";
constexpr char kKind[] = "SELECT id FROM kind WHERE name=$1";
constexpr char kAbout[] = "SELECT idx FROM leaf WHERE substr(bytes,11,32)=$1 ORDER BY idx LIMIT $2";

Result<std::int64_t> number_of(Driver& db, const char* sql, const std::string& name) {
  Query query(db, sql);
  FOCAL_ASSIGN(const bool row, query.bind(name).next());
  return row ? query.integer(0) : kNoRow;
}

Result<std::unique_ptr<Driver>> open_file(const std::filesystem::path& file) {
  FOCAL_ASSIGN(auto db, open_sqlite(file, SqliteMode::kReadOnly));
  FOCAL_ASSIGN(const Meta meta, read_meta(*db));
  static_cast<void>(meta);
  return db;
}

bool fits(const LeafFilter& filter, const store::Leaf& leaf, const Query& row) {
  return (filter.party.empty() || row.integer(2) != 0) &&
         (filter.kind.empty() || row.integer(3) != 0) && (!filter.case_id || row.integer(4) != 0) &&
         (!filter.with_detail || row.integer(5) != 0) &&
         (!filter.type || *filter.type == leaf.type) && leaf.time_ms >= filter.from_ms &&
         leaf.time_ms < filter.until_ms;
}

}  // namespace

Result<LeafPage> search_leaves(const std::filesystem::path& ledger_file, const LeafFilter& filter,
                               std::uint64_t before, std::size_t most) {
  FOCAL_ASSIGN(auto db, open_file(ledger_file));
  FOCAL_ASSIGN(const std::int64_t party, number_of(*db, kParty, filter.party));
  FOCAL_ASSIGN(const std::int64_t kind, number_of(*db, kKind, filter.kind));
  std::int64_t end = 0;
  {
    Query size(*db, kSize);
    FOCAL_ASSIGN(const bool row, size.next());
    if (row) end = size.integer(0);
  }
  if (before != 0 && before < static_cast<std::uint64_t>(end))
    end = static_cast<std::int64_t>(before);
  LeafPage out;
  Query query(*db, kLook);
  query.bind(party, kind, filter.case_id.value_or(kNoRow), end, kLeavesAtOneLook);
  std::uint64_t last = 0;
  while (out.found.size() < most) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) break;
    ++out.looked_at;
    last = query.number<std::uint64_t>(0);
    const auto leaf = store::decode_leaf(query.blob(1));
    if (leaf && fits(filter, *leaf, query)) out.found.push_back(query.integer(0));
  }
  out.next = last;  // leaf 0 has nothing before it
  return out;
}

Result<std::vector<store::LeafIndex>> leaves_about(const std::filesystem::path& ledger_file,
                                                   const Hash32& ref, std::size_t most) {
  FOCAL_ASSIGN(auto db, open_file(ledger_file));
  std::vector<store::LeafIndex> out;
  Query query(*db, kAbout);
  query.bind(ref, most);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) return out;
    out.push_back(query.integer(0));
  }
}

}  // namespace focal::ledger
