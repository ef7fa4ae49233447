// Leaves of the ledger as a table, for every command that lists them.
#pragma once

#include <string>
#include <vector>

#include "node/cli/print.h"

namespace focal::api::v1 {
class LedgerView;
}

namespace focal::cli {

// A run of padding is one line. Empty for no leaves.
std::string leaves_table(const std::vector<const api::v1::LedgerView*>& leaves, const Look& look);

template <typename Answer>
std::string leaves_of(const Answer& answer, const Look& look) {
  std::vector<const api::v1::LedgerView*> out;
  out.reserve(static_cast<std::size_t>(answer.leaves_size()));
  for (const auto& leaf : answer.leaves()) out.push_back(&leaf);
  return leaves_table(out, look);
}

}  // namespace focal::cli
