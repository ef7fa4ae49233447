// Names kept once and used by number: parties and kinds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "node/ledger/driver.h"

namespace focal::ledger {

class Dictionary {
 public:
  enum class Table { kParty, kKind };
  Dictionary(Driver& db, Table table);

  Result<std::int64_t> add(std::string_view name);  // inside a transaction; the number, old or new
  std::optional<std::int64_t> find(std::string_view name);
  std::string name(std::int64_t number);  // empty for a number that is not there
  void forget();                          // after a rollback: numbers given in it are gone

 private:
  void remember(std::int64_t number, std::string_view name);

  // Kinds are chosen by peers, so what is held in memory has a bound.
  static constexpr std::size_t kMaxRemembered = 4096;

  Driver& db_;
  const char* by_name_;
  const char* by_number_;
  const char* insert_;
  std::unordered_map<std::string, std::int64_t> numbers_;
  std::unordered_map<std::int64_t, std::string> names_;
};

}  // namespace focal::ledger
