#include "node/ledger/schema_check.h"

#include <map>

#include "node/ledger/schema.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

// Type, name, table and definition of each entry; indexes SQLite makes by itself
// have no definition.
constexpr char kEntries[] =
    "SELECT type,name,tbl_name,COALESCE(sql,'') FROM sqlite_schema ORDER BY name";

struct Entry {
  std::string type;
  std::string rest;
  bool operator==(const Entry&) const = default;
};

Result<std::map<std::string, Entry>> read_entries(Driver& db) {
  std::map<std::string, Entry> out;
  Query query(db, kEntries);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) return out;
    out[query.text(1)] = {query.text(0), query.text(2) + "\n" + query.text(3)};
  }
}

}  // namespace

Result<SchemaDifferences> compare_schema(Driver& db, std::int64_t version) {
  FOCAL_ASSIGN(const auto there, read_entries(db));
  FOCAL_ASSIGN(const auto model, open_memory());
  FOCAL_TRY(create_tables(*model, version));
  FOCAL_ASSIGN(const auto wanted, read_entries(*model));
  SchemaDifferences out;
  for (const auto& [name, entry] : wanted) {
    const auto found = there.find(name);
    if (found != there.end() && found->second == entry) continue;
    out.meta |= name == "meta";
    auto& list = entry.type == "table" ? out.tables : out.others;
    list.push_back(entry.type + " " + name +
                   (found == there.end() ? " is missing" : " is not as this program makes it"));
  }
  for (const auto& [name, entry] : there) {
    if (!wanted.contains(name))
      out.others.push_back(entry.type + " " + name + " does not belong to a ledger");
  }
  return out;
}

}  // namespace focal::ledger
