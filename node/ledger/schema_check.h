// Is the schema of a file the one create_tables makes? Asked before a statement is
// compiled: a missing table would otherwise look like a mistake of the program.
#pragma once

#include <string>
#include <vector>

#include "node/ledger/driver.h"

namespace focal::ledger {

// In words, "table seen is missing"; empty where nothing differs.
struct SchemaDifferences {
  bool meta = false;                // the one table that is the same in every version
  std::vector<std::string> tables;  // with any of these the file cannot be read
  std::vector<std::string> others;  // indexes, guards, and what does not belong
};

// By the texts SQLite keeps of every definition.
Result<SchemaDifferences> compare_schema(Driver& db, std::int64_t version);

}  // namespace focal::ledger
