#include "node/ledger/dictionary.h"

namespace focal::ledger {
namespace {

constexpr char kPartyByName[] = "SELECT id FROM party WHERE name=$1";
constexpr char kPartyByNumber[] = "SELECT name FROM party WHERE id=$1";
constexpr char kPartyInsert[] =
    "INSERT INTO party(id,name) SELECT COALESCE(MAX(id),0)+1, $1 FROM party RETURNING id";
constexpr char kKindByName[] = "SELECT id FROM kind WHERE name=$1";
constexpr char kKindByNumber[] = "SELECT name FROM kind WHERE id=$1";
constexpr char kKindInsert[] =
    "INSERT INTO kind(id,name) SELECT COALESCE(MAX(id),0)+1, $1 FROM kind RETURNING id";

}  // namespace

Dictionary::Dictionary(Driver& db, Table table)
    : db_(db),
      by_name_(table == Table::kParty ? kPartyByName : kKindByName),
      by_number_(table == Table::kParty ? kPartyByNumber : kKindByNumber),
      insert_(table == Table::kParty ? kPartyInsert : kKindInsert) {}

Result<std::int64_t> Dictionary::add(std::string_view name) {
  if (const auto known = find(name)) return *known;
  Query query(db_, insert_);
  FOCAL_ASSIGN(const bool row, query.bind(name).next());
  FOCAL_CHECK(row);
  const std::int64_t number = query.integer(0);
  FOCAL_ASSIGN(const bool more, query.next());
  FOCAL_CHECK(!more);
  remember(number, name);
  return number;
}

std::optional<std::int64_t> Dictionary::find(std::string_view name) {
  if (const auto known = numbers_.find(std::string(name)); known != numbers_.end())
    return known->second;
  Query query(db_, by_name_);
  if (!query.bind(name).row()) return std::nullopt;
  const std::int64_t number = query.integer(0);
  remember(number, name);
  return number;
}

std::string Dictionary::name(std::int64_t number) {
  if (const auto known = names_.find(number); known != names_.end()) return known->second;
  Query query(db_, by_number_);
  if (!query.bind(number).row()) return {};
  std::string found = query.text(0);
  remember(number, found);
  return found;
}

void Dictionary::forget() {
  numbers_.clear();
  names_.clear();
}

void Dictionary::remember(std::int64_t number, std::string_view name) {
  if (names_.size() >= kMaxRemembered) forget();
  names_.emplace(number, name);
  numbers_.emplace(name, number);
}

}  // namespace focal::ledger
